package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * Integer quotients and their remainders, computed exactly.
 *
 * @hidden
 */
@Internal
public final class Remainders {
    private Remainders() {}

    /** x rounded towards 0. */
    public static double trunc(double x) {
        return x < 0 ? Math.ceil(x) : Math.floor(x);
    }

    /** The remainder of a division that rounds down, which has the sign of the divisor. */
    public static double remainder(double x, double y) {
        double truncated = x % y;
        return signsDiffer(truncated, y) ? truncated + y : truncated;
    }

    /**
     * The quotient rounded down. It is computed from the remainder, which is exact; the plain quotient could be rounded up to the next
     * integer.
     */
    public static double floorDivide(double x, double y) {
        double truncated = x % y;
        return y == 0 ? x / y : Math.rint((x - truncated) / y) - (signsDiffer(truncated, y) ? 1 : 0);
    }

    private static boolean signsDiffer(double remainder, double divisor) {
        return remainder != 0 && remainder < 0 != divisor < 0;
    }
}
