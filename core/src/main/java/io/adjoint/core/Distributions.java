package io.adjoint.core;

import io.adjoint.core.math.Logarithms;
import io.adjoint.core.math.NormalQuantile;
import java.util.random.RandomGenerator;

/**
 * Numbers of a distribution, each made of one {@link RandomGenerator#nextLong() nextLong}, by algorithms of our own: how the other
 * methods of a {@code RandomGenerator} make theirs is for the JDK to change. A generator has advanced by as many steps as numbers were
 * drawn.
 *
 * @hidden
 */
@Internal
public final class Distributions {
    private Distributions() {}

    /** A number drawn evenly from {@code [0, 1)}: the 53 high-order bits. */
    public static double uniform(RandomGenerator random) {
        return (random.nextLong() >>> 11) * 0x1p-53;
    }

    /** A number drawn evenly from {@code (0, 1)}: the middles of 2⁵³ parts. */
    public static double openUniform(RandomGenerator random) {
        return ((random.nextLong() >>> 11) + 0.5) * 0x1p-53;
    }

    /**
     * A standard normal number, by inversion: 63 bits give its distance from the median in probability, one of 2⁶³ numbers between 0 and
     * ½, and the lowest bit its sign. The largest magnitude is 9.16.
     */
    public static double normal(RandomGenerator random) {
        long bits = random.nextLong();
        long n = bits >>> 1;
        double size = NormalQuantile.above((n + 0.5) * 0x1p-64, ((Long.MAX_VALUE - n) + 0.5) * 0x1p-64);
        return (bits & 1) == 0 ? size : -size;
    }

    /** An exponential number of mean 1, by inversion: from 0 to 44.4. */
    public static double exponential(RandomGenerator random) {
        return Math.abs(Logarithms.log(((random.nextLong() >>> 1) + 0.5) * 0x1p-63));
    }

    /**
     * A whole number drawn from {@code [low, high)}: {@code ⌊u·n⌋} of n numbers, with u in [0, 1) of 63 bits. Of 2³² numbers or fewer each
     * has its probability within a relative error of 2⁻³¹.
     */
    public static int integer(RandomGenerator random, int low, int high) {
        long n = (long) high - low;
        return (int) (low + Math.multiplyHigh(random.nextLong() >>> 1, 2 * n));
    }
}
