package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.OdeOptions;
import io.adjoint.autograd.equations.OdeSolution;
import io.adjoint.autograd.equations.Odes;
import io.adjoint.nn.Block;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.util.List;
import java.util.Locale;

/**
 * Fits the equations of Lotka and Volterra to noisy counts of prey x and predators y: dx/dt = αx − βxy, dy/dt = δxy − γy. The four rates
 * and the two numbers at the start are the parameters.
 */
public final class PredatorPrey extends Training {
    static final double END = 10;
    private static final int COUNTS = 41;
    private static final double NOISE = 0.05;
    private static final int ITERATIONS_OF_AN_EPOCH = 3;
    /** α, β, γ, δ, and the numbers at the start. */
    static final Tensor TRUTH = Tensor.of(1.5, 1, 3, 1, 4, 2);

    static final Tensor GUESS = Tensor.of(1, 1, 2, 1.5, 3, 3);

    /** The parameters as logarithms, so that all stay positive. */
    private static final class Rates extends Block {
        private final Tensor logs = parameter("logs", GUESS.log().requiresGrad(true));
    }

    private final Rates model = new Rates();
    private final Parts<Tensor> parts;

    PredatorPrey(ExampleOptions arguments) {
        super(arguments, 20);
        Tensor noise = Tensor.normal(0, NOISE, rng, COUNTS, 2).exp();
        Tensor counted = counts(TRUTH).mul(noise);
        LBFGS optimizer = new LBFGS(model.parameters()).strongWolfe().maxIterations(ITERATIONS_OF_AN_EPOCH);
        parts = new Parts<>(model, optimizer, List.of(counted), Trainer.of(model, optimizer, this::outcome));
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run(
                "Fits the rates of a differential equation to noisy counts.",
                new ExampleOptions(),
                PredatorPrey::new,
                args);
    }

    /** The numbers of prey and predators at the times of the counts, [COUNTS, 2]. */
    private static Tensor counts(Tensor parameters) {
        return solution(parameters).at(Tensor.linspace(0, END, COUNTS));
    }

    static OdeSolution<Tensor> solution(Tensor parameters) {
        Tensor growth = parameters.indexSelect(0, 0, 2).mul(Tensor.of(1, -1));
        Tensor meeting = parameters.indexSelect(0, 1, 3).mul(Tensor.of(-1, 1));
        return Odes.solve(
                (t, y) -> y.mul(growth).add(y.prod().mul(meeting)),
                parameters.slice(0, 4, 6),
                0,
                END,
                new OdeOptions().tolerances(1e-6, 1e-8));
    }

    Tensor fitted() {
        return model.logs.exp();
    }

    /** The noise is a part of each number, so the logarithms are compared. */
    private Outcome outcome(Tensor counted) {
        return new Outcome(counts(fitted()).log().sub(counted.log()).square().mean());
    }

    private static double error(Tensor parameters) {
        return parameters.div(TRUTH).sub(1).abs().max().item();
    }

    @Override
    String baseline() {
        return String.format(Locale.ROOT, "Baseline: the first guess is wrong by up to %.0f %%", 100 * error(GUESS));
    }

    @Override
    Figure test() {
        System.out.println("Fitted: " + fitted() + ", true: " + TRUTH);
        return Figure.percent("largest error of a parameter", error(fitted()));
    }

    @Override
    Parts<Tensor> parts() {
        return parts;
    }
}
