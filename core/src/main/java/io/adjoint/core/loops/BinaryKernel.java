package io.adjoint.core.loops;

import io.adjoint.core.math.Buffers;
import java.util.function.DoubleBinaryOperator;

/** A function of two numbers as a loop over consecutive numbers; see {@link Kernel}. */
@FunctionalInterface
public interface BinaryKernel {
    /**
     * {@code z[k + e] = f(x[i + e], y[j + e])} for {@code 0 ≤ e < n}; z may be the array of x or y at the same position.
     */
    void apply(double[] x, int i, double[] y, int j, double[] z, int k, int n);

    /** {@code z[k + e] = f(x[i + e], y[j + e])} for floats and {@code 0 ≤ e < n}; z may be the array of x or y at the same position. */
    default void apply(float[] x, int i, float[] y, int j, float[] z, int k, int n) {
        double[] left = new double[Math.min(n, Buffers.RUN)];
        double[] right = new double[left.length];
        for (int done = 0; done < n; done += left.length) {
            int m = Math.min(n - done, left.length);
            for (int e = 0; e < m; e++) {
                left[e] = x[i + done + e];
            }
            for (int e = 0; e < m; e++) {
                right[e] = y[j + done + e];
            }
            apply(left, 0, right, 0, left, 0, m);
            for (int e = 0; e < m; e++) {
                z[k + done + e] = (float) left[e];
            }
        }
    }

    /** The kernel that calls a function element by element. */
    static BinaryKernel each(DoubleBinaryOperator function) {
        return (x, i, y, j, z, k, n) -> {
            for (int e = 0; e < n; e++) {
                z[k + e] = function.applyAsDouble(x[i + e], y[j + e]);
            }
        };
    }
}
