package io.adjoint.core;

import java.util.function.DoubleBinaryOperator;

/** A function of two numbers as a loop over consecutive numbers; see {@link Kernel}. */
@FunctionalInterface
public interface BinaryKernel {
    /** {@code z[k + e] = f(x[i + e], y[j + e])} for {@code 0 ≤ e < n}. */
    void apply(double[] x, int i, double[] y, int j, double[] z, int k, int n);

    /** The kernel that calls a function element by element. */
    static BinaryKernel each(DoubleBinaryOperator function) {
        return (x, i, y, j, z, k, n) -> {
            for (int e = 0; e < n; e++) {
                z[k + e] = function.applyAsDouble(x[i + e], y[j + e]);
            }
        };
    }
}
