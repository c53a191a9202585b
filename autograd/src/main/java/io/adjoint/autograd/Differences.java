package io.adjoint.autograd;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Numeric derivatives by finite differences along a direction. The differentiated number is the sum of a function's elements, weighted by
 * an upstream gradient.
 */
final class Differences {
    /** A numeric derivative, and whether the exact derivative agrees with the numeric derivative. */
    record Estimate(double derivative, boolean agrees) {}

    private static final double[] WIDTHS = {1e-3, 1e-4, 1e-5};
    /**
     * Widths smaller than {@link #WIDTHS}, for a function that curves strongly, or whose domain ends, within the distance {@link #WIDTHS}
     * of the inputs.
     */
    private static final double[] FINER_WIDTHS = {1e-6, 1e-7, 1e-8};

    /** A point counts as a kink if the one-sided derivatives differ by more than this fraction of the sum of their absolute values. */
    private static final double KINK = 0.01;
    /**
     * An upper bound of e·h/ε, where ε is the error of the function's values, h is the width, and e is the resulting error of a five-point
     * difference. For a known ε the bound would be 1.5; this bound is larger because ε is only estimated.
     */
    private static final double NOISE_FACTOR = 6;
    /**
     * The mean distance between the points from whose values the noise is estimated. The distances are uneven: at equal distances, an
     * addend of the function might need no rounding at any of the points, and the noise that it has at other points would be missed.
     */
    private static final double NOISE_WIDTH = 1e-4;

    /**
     * The largest noise (the error of the function's values), in half ulps of the values, that rounding of the values explains. More noise
     * comes from the rounding of larger intermediate results.
     */
    private static final double LARGEST_NOISE = 8;

    private static final double GOLDEN = 0.618;
    private static final int NOISE_VALUES = 12;
    private static final int WINDOW = 7;
    /**
     * The largest noise (the error of the function's values) that counts as rounding, relative to the size of the values plus the size of
     * the derivative or, if larger, of the upstream gradient. With more noise the function jumps, or changes from call to call.
     */
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

    /** Thrown if the rounding of the function's values hides the function's derivative in differences of these values. */
    static final class HiddenException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        HiddenException(String message) {
            super(message);
        }
    }

    /**
     * Checks that rounding of the function's values does not hide the function's derivative in differences of these values.
     *
     * @param scale the sum of |gradient · direction| over all elements; the sum without the absolute values is the exact derivative
     * @throws IllegalArgumentException if the rounding error of a difference may exceed both {@code scale} and the sum of |upstream|
     */
    static void requireVisible(Tensor values, Tensor upstream, double scale) {
        double magnitude = values.detach().mul(upstream).abs().sum().item();
        requireVisible(NOISE_FACTOR * HALF_ULP * magnitude, upstream, scale);
    }

    private static void requireVisible(double noise, Tensor upstream, double scale) {
        double hidden = noise / WIDTHS[0];
        double visible = Math.max(scale, upstream.detach().abs().sum().item());
        if (hidden > visible && !Double.isInfinite(hidden)) {
            throw new HiddenException("GradCheck: the function's values are too large for their derivative: their"
                    + " rounding changes it by up to " + hidden + " in differences, so that none up to "
                    + visible
                    + " can be checked; check without the large addend, or at smaller inputs");
        }
    }

    /**
     * Compares the exact derivative with the differences for the three {@link #WIDTHS}, and returns the first difference that agrees within
     * {@code allowed}. If none agrees, the estimated rounding error is added to the tolerance, and the difference with the largest width is
     * compared again. If this difference misses the tolerance by at most twice its distance from the second difference, the second
     * difference is compared again, too. Differences that still change from width to width have not converged: then their extrapolated
     * limit is compared, and smaller widths are tried.
     *
     * @param scale the sum of |gradient · direction| over all elements; the sum without the absolute values is the exact derivative
     * @throws IllegalArgumentException if the derivatives agree only within a rounding error that is larger than both {@code scale} and the
     *     sum of |upstream|
     */
    Estimate compareWith(double exact, double scale, double allowed) {
        if (!Double.isFinite(exact)) { // a tolerance relative to an infinite derivative would be infinite
            double numeric = fivePoint(WIDTHS[0]);
            return new Estimate(numeric, exact == numeric);
        }
        double[] numeric = new double[WIDTHS.length];
        for (int s = 0; s < WIDTHS.length; s++) {
            numeric[s] = fivePoint(WIDTHS[s]);
            if (Math.abs(exact - numeric[s]) <= allowed) {
                return new Estimate(numeric[s], true);
            }
        }
        double magnitude = terms(0).abs().sum().item();
        double noise = NOISE_FACTOR * noise(exact, magnitude);
        double off = Math.abs(exact - numeric[0]) - allowed - noise / WIDTHS[0];
        boolean agrees = off <= 0
                || (off <= 2 * Math.abs(numeric[1] - numeric[0])
                        && Math.abs(exact - numeric[1]) <= allowed + noise / WIDTHS[1]);
        // The callers have already checked, by requireVisible(Tensor, Tensor, double), the noise that rounding of the
        // function's values explains; larger noise is checked here.
        if (agrees && noise > LARGEST_NOISE * NOISE_FACTOR * HALF_ULP * magnitude) {
            requireVisible(noise, upstream, scale);
        }
        boolean hasSettled = Math.abs(numeric[2] - numeric[1]) <= allowed + noise / WIDTHS[2];
        return agrees || hasSettled
                ? new Estimate(numeric[0], agrees)
                : compareFiner(exact, allowed, NOISE_FACTOR * HALF_ULP * magnitude, numeric);
    }

    /**
     * Compares the exact derivative with the extrapolated limit of three differences, then with differences for {@link #FINER_WIDTHS} until
     * the differences settle or are lost in rounding.
     */
    private Estimate compareFiner(double exact, double allowed, double noise, double... numeric) {
        double[] last = numeric;
        double best = Double.isFinite(numeric[0]) ? numeric[0] : numeric[2];
        boolean agrees = Math.abs(exact - limit(last)) <= allowed + noise / WIDTHS[2];
        for (int s = 0; s < FINER_WIDTHS.length && !agrees; s++) {
            last = new double[] {last[1], last[2], fivePoint(FINER_WIDTHS[s])};
            double rounding = allowed + noise / FINER_WIDTHS[s];
            agrees = Math.abs(exact - last[2]) <= rounding || Math.abs(exact - limit(last)) <= rounding;
            boolean hasSettled = Math.abs(last[2] - last[1]) <= rounding;
            best = agrees || hasSettled || !Double.isFinite(best) ? last[2] : best;
            if (hasSettled) {
                break;
            }
        }
        return new Estimate(best, agrees);
    }

    /**
     * The limit of a sequence whose distance from the limit shrinks by a constant factor, from three of its numbers, by Aitken's Δ²
     * (Abramowitz and Stegun, 3.9.7); NaN if the second change of the numbers is larger than half of the first.
     */
    private static double limit(double... sequence) {
        double first = sequence[1] - sequence[0];
        double second = sequence[2] - sequence[1];
        return Math.abs(second) <= Math.abs(first) / 2 ? sequence[2] - second * second / (second - first) : Double.NaN;
    }

    /**
     * The likely cause of a disagreement between the two derivatives, and the remedy, for a message; empty if the numbers show no cause.
     *
     * @param exact the derivative by the backward rules
     * @param numeric the derivative by differences
     * @param gradient the gradient of the whole input by the backward rules
     */
    String cause(double exact, double numeric, double... gradient) {
        double here = value(0);
        if (Double.compare(value(0), here) != 0) {
            return "changes: the function gives different values for equal inputs; does it keep a count or a state, or draw"
                    + " random numbers?";
        }
        if (!Double.isFinite(here)) {
            return (Double.isNaN(here) ? "NaN" : "infinity") + (Double.isFinite(exact) ? "" : " on both sides")
                    + ": the function itself is not finite at these inputs; leave them out by the domain or the sizes";
        }
        if (!Double.isFinite(numeric)) {
            return "range: the function is not finite beside its inputs; check it farther from the edge of its domain";
        }
        if (!Double.isFinite(exact)) {
            return Double.isNaN(exact)
                    ? "NaN: the backward rule divides 0 by 0 or multiplies it by infinity where the function is smooth"
                    : "infinity: the backward rule divides by 0 or overflows where the function is smooth";
        }
        double h = WIDTHS[2];
        double below = (here - value(-h)) / h;
        double above = (value(h) - here) / h;
        double rounding = 2 * NOISE_FACTOR * HALF_ULP * terms(0).abs().sum().item() / h;
        if (Math.abs(above - below) > KINK * (Math.abs(above) + Math.abs(below)) + rounding + h) {
            // Across a jump, the difference of the values stays the same as the width shrinks.
            double change = Math.abs(value(h) - value(-h));
            double closer = Math.abs(value(h / 100) - value(-h / 100));
            return closer > change / 2 && change > rounding * h
                    ? "jump: the function is not continuous at exactly this value; keep away from it (awayFrom)"
                    : "kink: at exactly this value the slope is " + below + " from below and " + above
                            + " from above; keep away from it (awayFrom), or leave out what lies beyond";
        }
        if (exact == 0) {
            return Arrays.stream(gradient).allMatch(v -> v == 0)
                    ? "constant: by the backward rules nothing depends on it; is it detached, computed from data(), or an edge"
                            + " missing?"
                    : "elsewhere: by the backward rules nothing depends on this element, but on others of the input; is the"
                            + " gradient put at wrong positions, or masked?";
        }
        if (value(h) == here && value(-h) == here) {
            return "flat: the function does not change with this input; if its backward rule is meant to be that of another"
                    + " function, as of a straight-through rounding, name that one as the surrogate";
        }
        return rounding > Math.abs(exact - numeric) / 10
                ? "rounding: the function's values are too large for so small a derivative"
                : "";
    }

    /** The five-point difference with the second of {@link #WIDTHS}, without a check that smaller widths give the same derivative. */
    double plain() {
        return fivePoint(WIDTHS[1]);
    }

    private double fivePoint(double h) {
        return (value(-2 * h) - 8 * value(-h) + 8 * value(h) - value(2 * h)) / (12 * h);
    }

    /**
     * The estimated error of the function's values: the deviation of the values from a smooth function, but at least half an ulp of {@code
     * magnitude}, the sum of |value · upstream| over all elements. A deviation that is too large for rounding counts as 0.
     */
    private double noise(double derivative, double magnitude) {
        double[] at = new double[NOISE_VALUES];
        Arrays.setAll(at, k -> k - NOISE_VALUES / 2 + (k * GOLDEN) % 1 / 2);
        double[] values = Arrays.stream(at).map(t -> value(t * NOISE_WIDTH)).toArray();
        double measured = IntStream.rangeClosed(0, NOISE_VALUES - WINDOW)
                .mapToDouble(first -> roughness(at, values, first))
                .max()
                .orElseThrow();
        double size =
                Math.max(Math.abs(derivative), upstream.detach().abs().sum().item());
        boolean isRounding = measured <= MOST_NOISE * (magnitude + size);
        return Math.max(HALF_ULP * magnitude, isRounding ? measured : 0);
    }

    /**
     * The estimated size of the errors of {@link #WINDOW} values, from the index {@code first} on: their sixth divided difference, which is
     * almost 0 for a smooth function, divided by the standard deviation of the sixth divided difference of independent errors of size 1.
     */
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
