package io.adjoint.examples;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.OdeOptions;
import io.adjoint.autograd.equations.OdeSolution;
import io.adjoint.autograd.equations.Odes;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.L1;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.train.Every;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Learns a differential equation from its solution: a network is the right-hand side, and its solution over short pieces is compared with
 * the spiral of dy/dt = A·y³.
 */
public final class Spiral extends Training {
    private static final double END = 25;
    private static final int POINTS = 1001;
    private static final double INTERVAL = END / (POINTS - 1);
    /** The number of points that the network's solution is compared at, from one start. */
    private static final int PIECE = 10;

    private static final int BATCH = 33;
    private static final double LEARNING_RATE = 1e-2;
    private static final Tensor MATRIX = Tensor.of(new double[][] {{-0.1, 2}, {-2, -0.1}});
    private static final Tensor START = Tensor.of(new double[][] {{2, 0}});
    private static final L1 ABSOLUTE = new L1();

    private final Layer model;
    private final Tensor truth;
    private final Parts<Batch> parts;

    Spiral(ExampleOptions arguments) {
        super(arguments, 30);
        Tensor times = Tensor.linspace(0, END, POINTS);
        truth = Odes.solve((t, y) -> y.pow(3).matmul(MATRIX), START, 0, END, sharp())
                .at(times)
                .squeeze(1);
        int starts = POINTS - PIECE;
        List<Tensor> ahead = new ArrayList<>();
        for (int k = 1; k <= PIECE; k++) {
            ahead.add(truth.slice(0, k, k + starts));
        }
        DataLoader<Batch> batches =
                new DataLoader<>(Dataset.of(truth.slice(0, 0, starts), Tensor.stack(1, ahead)), BATCH).shuffle(rng);
        model = new Sequential(new Dense(2, 50, rng), new Tanh(), new Dense(50, 2, rng));
        Adam optimizer = new Adam(model.parameters(), LEARNING_RATE);
        Trainer<Batch> trainer = Trainer.of(model, optimizer, this::outcome)
                .schedule(new CosineAnnealing(LEARNING_RATE, epochs), Every.EPOCH);
        parts = new Parts<>(model, optimizer, batches, trainer);
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run(
                "Learns a differential equation from its solution.", new ExampleOptions(), Spiral::new, args);
    }

    private static OdeOptions sharp() {
        return new OdeOptions().tolerances(1e-8, 1e-8);
    }

    private Tensor slope(Tensor y) {
        return model.forward(y.pow(3));
    }

    private Outcome outcome(Batch batch) {
        OdeSolution<Tensor> piece =
                Odes.solve((t, y) -> slope(y), batch.x(), 0, PIECE * INTERVAL, new OdeOptions().batch());
        Tensor times = Tensor.linspace(INTERVAL, PIECE * INTERVAL, PIECE);
        return Outcome.of(ABSOLUTE, piece.at(times).transpose(0, 1), batch.y());
    }

    /** The mean distance from the true spiral, of the solution of a right-hand side from the spiral's start. */
    private double distance(UnaryOperator<Tensor> slope) {
        Tensor times = Tensor.linspace(0, END, POINTS);
        Tensor path = Odes.solve((t, y) -> slope.apply(y), START, 0, END, sharp())
                .at(times)
                .squeeze(1);
        return path.sub(truth).vectorNorm(2, -1).mean().item();
    }

    @Override
    String baseline() {
        // The best linear right-hand side for the differences between neighbouring points.
        Tensor linear = truth.slice(0, 0, POINTS - 1).lstsq(truth.diff(0, 1).div(INTERVAL));
        return String.format(
                Locale.ROOT,
                "Baseline: a linear equation, by least squares, has a mean distance of %.3f",
                distance(y -> y.matmul(linear)));
    }

    @Override
    Figure test() {
        double distance = Autograd.noGrad(() -> distance(this::slope));
        return new Figure("mean distance from the spiral", distance, String.format(Locale.ROOT, "%.4f", distance));
    }

    @Override
    Parts<Batch> parts() {
        return parts;
    }
}
