package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.train.Every;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.util.Collections;
import java.util.Locale;

/**
 * Solves u″ = −u with u(0) = 0 and u′(0) = 1 by a network for u, without samples of the solution: the loss measures how much the network
 * violates the equation, so it contains second derivatives of the network.
 */
public final class Oscillator extends Training {
    private static final double END = 2 * Math.PI;
    private static final int POINTS = 64;
    private static final int STEPS_OF_AN_EPOCH = 100;
    private static final double LEARNING_RATE = 1e-2;

    private final Layer model;
    private final Parts<Tensor> parts;

    Oscillator(ExampleOptions arguments) {
        super(arguments, 120);
        Init init = new Init(rng);
        model = new Sequential(
                new Dense(1, 32, init), new Tanh(), new Dense(32, 32, init), new Tanh(), new Dense(32, 1, init));
        // The times at which the equation has to hold, [POINTS, 1]. Each step uses all of them.
        Tensor times = Tensor.linspace(0, END, POINTS).unsqueeze(1);
        Adam optimizer = new Adam(model.parameters(), LEARNING_RATE);
        Trainer<Tensor> trainer = Trainer.of(model, optimizer, this::outcome)
                .schedule(new CosineAnnealing(LEARNING_RATE, epochs), Every.EPOCH);
        parts = new Parts<>(model, optimizer, Collections.nCopies(STEPS_OF_AN_EPOCH, times), trainer);
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run(
                "Solves a differential equation with a network.", new ExampleOptions(), Oscillator::new, args);
    }

    /** The network's value of u at each time; the times are scaled to [−1, 1] for the network. */
    Tensor u(Tensor t) {
        return model.forward(t.mul(2 / END).sub(1));
    }

    /**
     * The derivative of u at each time. Each u depends on its own time only, so the gradient of the sum of all u consists of these
     * derivatives.
     */
    private Tensor slope(Tensor t) {
        return Transforms.grad(s -> u(s).sum(), t);
    }

    private Tensor curvature(Tensor t) {
        return Transforms.grad(s -> slope(s).sum(), t);
    }

    private Outcome outcome(Tensor times) {
        Tensor start = times.slice(0, 0, 1);
        Tensor equation = curvature(times).add(u(times)).square().mean();
        Tensor conditions = u(start).square().add(slope(start).sub(1).square()).sum();
        return new Outcome(equation.add(conditions.mul(10)));
    }

    /** The largest error of u at 1,001 times; the true solution is the sine. */
    private double error() {
        Tensor all = Tensor.linspace(0, END, 1001).unsqueeze(1);
        return u(all).sub(all.sin()).abs().amax().item();
    }

    /** The largest error of Euler's method with steps between the times of the training. */
    private static double errorOfEuler() {
        double step = END / (POINTS - 1);
        double u = 0;
        double slope = 1;
        double worst = 0;
        for (int k = 1; k < POINTS; k++) {
            double before = u;
            u += step * slope;
            slope -= step * before;
            worst = Math.max(worst, Math.abs(u - Math.sin(k * step)));
        }
        return worst;
    }

    @Override
    String baseline() {
        return String.format(
                Locale.ROOT,
                "Baseline: Euler's method with %d points has a maximum error of %.2g",
                POINTS,
                errorOfEuler());
    }

    @Override
    Figure test() {
        double error = error();
        return new Figure("maximum error on [0, 2π]", error, String.format(Locale.ROOT, "%.1e", error));
    }

    @Override
    Parts<Tensor> parts() {
        return parts;
    }
}
