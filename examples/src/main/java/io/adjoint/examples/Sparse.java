package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.Penalty;
import io.adjoint.nn.optim.Proximal;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.train.Evaluator;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Fits a linear function most of whose weights are 0, with several kinds of penalties; L1 finds the zeros. */
public final class Sparse extends Training {
    private static final int FEATURES = 40;
    private static final int NOT_ZERO = 8;
    private static final int SAMPLES = 400;
    private static final double NOISE = 0.5;
    private static final double LEARNING_RATE = 0.1;
    private static final MSE MSE_HALVED = new MSE().halved();

    /** A kind of penalty: λ₁·Σ|w| + λ₂/2·Σw². */
    private record Kind(String title, double l1, double l2) {
        static final Kind L1 = new Kind("L1", 0.15, 0);
        static final List<Kind> ALL =
                List.of(new Kind("none", 0, 0), L1, new Kind("L2", 0, 0.15), new Kind("elastic net", 0.15, 0.05));
    }

    /** The model: a linear function for each kind of penalty. */
    static final class Functions extends Block {
        private final Map<Kind, Dense> each = new HashMap<>();

        Functions(Init init) {
            for (Kind kind : Kind.ALL) {
                each.put(kind, child(kind.title(), Dense.withoutBias(FEATURES, 1, init)));
            }
        }
    }

    private final Tensor truth;
    private final Batch train;
    private final Batch test;
    private final Functions model;
    private final Parts<Batch> parts;

    Sparse(ExampleOptions arguments) {
        super(arguments, 300);
        Tensor sizes = Tensor.uniform(1, 3, rng, 1, NOT_ZERO);
        Tensor signs = Tensor.normal(0, 1, rng, 1, NOT_ZERO).sign();
        truth = sizes.mul(signs).pad(0, FEATURES - NOT_ZERO);
        train = draw();
        test = draw();
        model = new Functions(new Init(rng));
        SGD optimizer = new SGD(model.parameters(), LEARNING_RATE);
        Trainer<Batch> trainer = Trainer.of(model, optimizer, this::outcome).onStep(this::threshold);
        parts = new Parts<>(model, optimizer, List.of(train), trainer);
    }

    /** The sum of the losses of all functions. Each function has parameters of its own, so it gets the gradient of its own loss only. */
    private Outcome outcome(Batch batch) {
        Tensor total = Tensor.zeros();
        for (Kind kind : Kind.ALL) {
            Dense function = function(kind);
            Tensor error = MSE_HALVED.forward(function.forward(batch.x()), batch.y());
            total = total.add(error.add(Penalty.l2(function.parameters(), kind.l2())));
        }
        return new Outcome(total);
    }

    /**
     * Applies the L1 penalty by soft thresholding, which sets small weights to 0; the penalty's gradient would make them oscillate around
     * 0.
     */
    private void threshold() {
        for (Kind kind : Kind.ALL) {
            Proximal.softThreshold(function(kind).parameters(), LEARNING_RATE * kind.l1());
        }
    }

    /** Draws normally distributed inputs, and computes their targets by the true function plus noise. */
    private Batch draw() {
        Tensor x = Tensor.normal(0, 1, rng, SAMPLES, FEATURES);
        return new Batch(x, x.matmul(truth.transpose()).add(Tensor.normal(0, NOISE, rng, SAMPLES, 1)));
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run(
                "Finds the weights that are 0 with L1, L2 and elastic-net penalties.",
                new ExampleOptions(),
                Sparse::new,
                args);
    }

    /**
     * The number of a function's weights that are 0. It counts weights whose true value is 0 if {@code right}, otherwise weights whose true
     * value isn't.
     */
    private int zeros(Kind kind, boolean right) {
        Tensor weight = function(kind).weight();
        Tensor zero = weight.eq(0).and(right ? truth.eq(0) : truth.ne(0));
        return (int) zero.sum().item();
    }

    private Dense function(Kind kind) {
        return Objects.requireNonNull(model.each.get(kind));
    }

    @Override
    String baseline() {
        return String.format(
                Locale.ROOT,
                "Baseline: least squares finds none of the %d weights that are 0; the noise alone has a mean squared error of %.3f",
                FEATURES - NOT_ZERO,
                NOISE * NOISE);
    }

    @Override
    Figure test() {
        System.out.printf(
                "%-12s %10s %12s %12s %12s%n", "penalty", "test error", "weight error", "zeros found", "false zeros");
        for (Kind kind : Kind.ALL) {
            Dense function = function(kind);
            double error =
                    Evaluator.of(function, new MSE()).evaluate(List.of(test)).loss();
            double off =
                    function.weight().detach().sub(truth).square().sum().sqrt().item();
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %10.3f %12.3f %12d %12d%n",
                    kind.title(),
                    error,
                    off,
                    zeros(kind, true),
                    zeros(kind, false));
        }
        int found = zeros(Kind.L1, true);
        int wrong = zeros(Kind.L1, false);
        String text = found + " of " + (FEATURES - NOT_ZERO) + ", with " + wrong + " false zeros";
        return new Figure("zeros found by L1", (double) (found - wrong) / (FEATURES - NOT_ZERO), text);
    }

    @Override
    Parts<Batch> parts() {
        return parts;
    }
}
