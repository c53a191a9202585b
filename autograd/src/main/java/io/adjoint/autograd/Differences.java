package io.adjoint.autograd;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Derivatives of a function along a direction, from its values alone: of the sum of its elements, each times that of an upstream
 * gradient.
 */
final class Differences {
    /** A derivative by differences. */
    record Estimate(double derivative, boolean agrees) {}

    private static final double[] STEPS = {1e-3, 1e-4, 1e-5};
    /** A five-point difference is off by at most 1.5 times the largest error of a value, over the step; that one is but estimated. */
    private static final double NOISE_FACTOR = 6;
    /** The mean distance of the values from which the noise is computed: even steps may fit the grid of an addend. */
    private static final double NOISE_STEP = 1e-4;

    /** The limit of noise in halves of an ulp of the values: more comes from the rounding of something larger than them. */
    private static final double LARGEST_NOISE = 8;

    private static final double GOLDEN = 0.618;
    private static final int NOISE_VALUES = 12;
    private static final int WINDOW = 7;
    /** Relative to value and derivative. More than this is no rounding, but a function that jumps or changes. */
    private static final double MOST_NOISE = 1e-7;

    private static final double HALF_ULP = 0x1p-53;

    private final Function<Tensor[], Tensor> function;
    private final Tensor[] leaves;
    private final Tensor[] direction;
    private final Tensor upstream;

    Differences(Function<Tensor[], Tensor> function, Tensor[] leaves, Tensor[] direction, Tensor upstream) {
        this.function = function;
        this.leaves = leaves;
        this.direction = direction;
        this.upstream = upstream;
    }

    /**
     * Checks that the rounding of values leaves something of their derivative to be seen.
     *
     * @param scale the sum of the absolute terms of the derivative
     * @throws IllegalArgumentException if it hides a derivative of that size, and one of 1 as well
     */
    static void requireVisible(Tensor values, Tensor upstream, double scale) {
        double magnitude = values.detach().mul(upstream).abs().sum().item();
        requireVisible(NOISE_FACTOR * HALF_ULP * magnitude, upstream, scale);
    }

    private static void requireVisible(double noise, Tensor upstream, double scale) {
        double hidden = noise / STEPS[0];
        double visible = Math.max(scale, upstream.detach().abs().sum().item());
        if (hidden > visible && !Double.isInfinite(hidden)) {
            throw new IllegalArgumentException(
                    "GradCheck: the function's values are too large for their derivative: their"
                            + " rounding changes it by up to " + hidden + " in differences, so that none up to "
                            + visible
                            + " can be checked; check without the large addend, or at smaller inputs");
        }
    }

    /**
     * The derivative by the first step that agrees, else by the largest. Where none does, the rounding of the function is allowed as
     * well: with the largest step, and with the next one if what it changes explains why the largest is off.
     *
     * @param scale the sum of the absolute terms of the derivative
     * @throws IllegalArgumentException if only a rounding that hides any derivative explains the difference
     */
    Estimate compareWith(double exact, double scale, double allowed) {
        double[] numeric = new double[STEPS.length];
        for (int s = 0; s < STEPS.length; s++) {
            numeric[s] = fivePoint(STEPS[s]);
            if (Math.abs(exact - numeric[s]) <= allowed) {
                return new Estimate(numeric[s], true);
            }
        }
        double magnitude = terms(0).abs().sum().item();
        double noise = NOISE_FACTOR * noise(exact, magnitude);
        double off = Math.abs(exact - numeric[0]) - allowed - noise / STEPS[0];
        boolean agrees = off <= 0
                || (off <= 2 * Math.abs(numeric[1] - numeric[0])
                        && Math.abs(exact - numeric[1]) <= allowed + noise / STEPS[1]);
        // What the size of the values explains was looked at before.
        if (agrees && noise > LARGEST_NOISE * NOISE_FACTOR * HALF_ULP * magnitude) {
            requireVisible(noise, upstream, scale);
        }
        return new Estimate(numeric[0], agrees);
    }

    private double fivePoint(double h) {
        return (value(-2 * h) - 8 * value(-h) + 8 * value(h) - value(2 * h)) / (12 * h);
    }

    /** The distance of the values from a smooth function's, but at least half an ulp of all that is added up. */
    private double noise(double derivative, double magnitude) {
        double[] at = new double[NOISE_VALUES];
        Arrays.setAll(at, k -> k - NOISE_VALUES / 2 + (k * GOLDEN) % 1 / 2);
        double[] values = Arrays.stream(at).map(t -> value(t * NOISE_STEP)).toArray();
        double measured = IntStream.rangeClosed(0, NOISE_VALUES - WINDOW)
                .mapToDouble(first -> roughness(at, values, first))
                .max()
                .orElseThrow();
        boolean isRounding = measured <= MOST_NOISE * (magnitude + Math.abs(derivative));
        return Math.max(HALF_ULP * magnitude, isRounding ? measured : 0);
    }

    /** The sixth divided difference of some values, which vanishes if they are smooth, over its deviation for errors of size 1. */
    private static double roughness(double[] at, double[] values, int first) {
        double difference = 0;
        double squares = 0;
        for (int k = first; k < first + WINDOW; k++) {
            double weight = 1;
            for (int other = first; other < first + WINDOW; other++) {
                weight /= other == k ? 1 : at[k] - at[other];
            }
            difference += weight * values[k];
            squares += weight * weight;
        }
        return Math.abs(difference) / Math.sqrt(squares);
    }

    private double value(double t) {
        return terms(t).sum().item();
    }

    private Tensor terms(double t) {
        return Autograd.noGrad(() -> {
            Tensor[] moved = new Tensor[leaves.length];
            Arrays.setAll(moved, k -> leaves[k].detach().add(direction[k].mul(t)));
            return function.apply(moved).detach().mul(upstream.detach());
        });
    }
}
