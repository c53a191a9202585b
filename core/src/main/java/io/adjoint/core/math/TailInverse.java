package io.adjoint.core.math;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleFunction;

/**
 * Finds the argument at which a tail of a distribution has a given probability: by Newton's iteration for the logarithm of the tail as a
 * function of u, the logarithm of the argument or of its odds. For the distributions here that function is concave, so that the iteration
 * converges from any start; where values round to 0 or 1, bisection takes over.
 */
final class TailInverse {
    private static final int ITERATIONS = 100;
    /** The relative error of a tail below which one more step, whose error is its square, is the last. */
    private static final double CLOSE = 1e-8;

    /** The smallest u at which a tail is evaluated: below it {@code eᵘ} is subnormal, and the start of the iteration is precise already. */
    static final double LOWEST = -708;

    private TailInverse() {}

    /**
     * A tail's probability.
     *
     * @param slope the magnitude of its derivative in u
     */
    record Tail(double value, double slope) {}

    /**
     * The argument whose tail has the given probability.
     *
     * @param u the start
     * @param sign 1 if the tail falls as u grows, −1 if it rises
     * @param at the tail at u
     * @param argument the argument that belongs to u plus a small last step
     */
    static double solve(
            double u, double probability, int sign, DoubleFunction<Tail> at, DoubleBinaryOperator argument) {
        double below = Double.NEGATIVE_INFINITY;
        double above = Double.POSITIVE_INFINITY;
        double width = 1;
        for (int k = 0; k < ITERATIONS; k++) {
            Tail tail = at.apply(u);
            double excess = sign * Logarithms.log(tail.value / probability);
            double step = excess * (tail.value / tail.slope);
            if (Math.abs(excess) < CLOSE) {
                return argument.applyAsDouble(u, Double.isFinite(step) ? step : 0);
            }
            if (excess > 0) {
                below = u;
            } else {
                above = u;
            }
            double next = u + step;
            if (!(next > below && next < above)) {
                boolean bounded = above - below < Double.POSITIVE_INFINITY;
                next = bounded ? below + (above - below) / 2 : u + Math.copySign(width, excess);
                width *= 2;
            }
            if (next == u || above - below < 1e-16 * Math.abs(u)) {
                break;
            }
            u = next;
        }
        return argument.applyAsDouble(u, 0);
    }
}
