package io.adjoint.core;

import java.util.function.DoubleUnaryOperator;

/**
 * A function of one number as a loop over consecutive numbers. Every floating type is computed through it in double and rounded
 * once, so one kernel serves both.
 */
@FunctionalInterface
public interface Kernel {
    /** {@code y[j + e] = f(x[i + e])} for {@code 0 ≤ e < n}; {@code x} and {@code y} may be the same array at the same position. */
    void apply(double[] x, int i, double[] y, int j, int n);

    /** The kernel that calls a function element by element: short to write, and fast enough where the function itself is slow. */
    static Kernel each(DoubleUnaryOperator function) {
        return (x, i, y, j, n) -> {
            for (int e = 0; e < n; e++) {
                y[j + e] = function.applyAsDouble(x[i + e]);
            }
        };
    }
}
