package io.adjoint.core.math;

import io.adjoint.core.Internal;
import java.util.random.RandomGenerator;

/**
 * Random numbers of several distributions. Each number takes exactly one call of {@link RandomGenerator#nextLong() nextLong}, by algorithms
 * of this library: the JDK may change the algorithms of the other methods of {@code RandomGenerator}.
 *
 * @hidden
 */
@Internal
public final class Distributions {
    private Distributions() {}

    /** A uniform number in {@code [0, 1)}, from the 53 high-order bits of a random long. */
    public static double uniform(RandomGenerator random) {
        return (random.nextLong() >>> 11) * 0x1p-53;
    }

    /** A uniform number in {@code (0, 1)}: the midpoint of one of 2⁵³ equal intervals. */
    public static double openUniform(RandomGenerator random) {
        return ((random.nextLong() >>> 11) + 0.5) * 0x1p-53;
    }

    /**
     * A standard normal number, the quantile of a random probability: 63 bits give the distance of the probability from ½, one of 2⁶³
     * numbers between 0 and ½, and the lowest bit gives the sign of the normal number, whose largest magnitude is 9.16.
     */
    public static double normal(RandomGenerator random) {
        long bits = random.nextLong();
        long n = bits >>> 1;
        double size = NormalQuantile.above((n + 0.5) * 0x1p-64, ((Long.MAX_VALUE - n) + 0.5) * 0x1p-64);
        // The random bit becomes the sign without a branch, which no processor could predict.
        return Double.longBitsToDouble(Double.doubleToRawLongBits(size) ^ (bits << 63));
    }

    /** An exponential number of mean 1, the negative logarithm of a uniform number; it is between 0 and 44.4. */
    public static double exponential(RandomGenerator random) {
        return Math.abs(Logarithms.log(((random.nextLong() >>> 1) + 0.5) * 0x1p-63));
    }

    /**
     * A uniform integer in {@code [low, high)}: {@code low + ⌊u·n⌋}, where n = high − low and u is a uniform number of 63 bits in [0, 1).
     * For n up to 2³², the relative error of each integer's probability is at most 2⁻³¹.
     */
    public static int integer(RandomGenerator random, int low, int high) {
        long n = (long) high - low;
        return (int) (low + Math.multiplyHigh(random.nextLong() >>> 1, 2 * n));
    }
}
