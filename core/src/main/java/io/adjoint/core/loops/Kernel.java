package io.adjoint.core.loops;

import io.adjoint.core.math.Buffers;
import java.util.function.DoubleUnaryOperator;

/**
 * A function of one number as a loop over consecutive numbers. One kernel serves both floating types: unless it has a loop of its own for
 * FLOAT32, FLOAT32 results are computed in double and rounded once.
 */
@FunctionalInterface
public interface Kernel {
    /** {@code y[j + e] = f(x[i + e])} for {@code 0 ≤ e < n}; {@code x} and {@code y} may be the same array at the same position. */
    void apply(double[] x, int i, double[] y, int j, int n);

    /**
     * {@code y[j + e] = f(x[i + e])} for floats and {@code 0 ≤ e < n}; {@code x} and {@code y} may be the same array at the same position.
     */
    default void apply(float[] x, int i, float[] y, int j, int n) {
        double[] run = new double[Math.min(n, Buffers.RUN)];
        for (int done = 0; done < n; done += run.length) {
            int m = Math.min(n - done, run.length);
            for (int e = 0; e < m; e++) {
                run[e] = x[i + done + e];
            }
            apply(run, 0, run, 0, m);
            for (int e = 0; e < m; e++) {
                y[j + done + e] = (float) run[e];
            }
        }
    }

    /** The kernel that calls a function element by element: short to write, and fast enough where the function itself is slow. */
    static Kernel each(DoubleUnaryOperator function) {
        return (x, i, y, j, n) -> {
            for (int e = 0; e < n; e++) {
                y[j + e] = function.applyAsDouble(x[i + e]);
            }
        };
    }
}
