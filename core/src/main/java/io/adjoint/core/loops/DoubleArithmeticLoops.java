package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * {@link ArithmeticLoops} in {@code double[]}. The float version is generated from this file.
 *
 * @hidden
 */
@Internal
public class DoubleArithmeticLoops implements ArithmeticLoops<double[]> {
    @Override
    public void apply(BinaryOp op, double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int n) {
        switch (op) {
            case ADD -> add(a, i, di, b, j, dj, out, k, n);
            case SUB -> sub(a, i, di, b, j, dj, out, k, n);
            case MUL -> mul(a, i, di, b, j, dj, out, k, n);
            case DIV -> div(a, i, di, b, j, dj, out, k, n);
            case MAXIMUM -> maximum(a, i, di, b, j, dj, out, k, n);
            case MINIMUM -> minimum(a, i, di, b, j, dj, out, k, n);
        }
    }

    @Override
    public void accumulate(double[] source, int from, double[] target, int to, int n) {
        if (from == to) {
            // This loop has a single index, so the JIT sees that no iteration reads an element that another iteration
            // writes, and vectorises the loop.
            int end = from + n;
            for (int i = from; i < end; i++) {
                target[i] += source[i];
            }
            return;
        }
        for (int e = 0; e < n; e++) {
            target[to + e] += source[from + e];
        }
    }

    @Override
    public void total(double[] source, int from, /*wide*/ double[] totals, int to, int n) {
        for (int e = 0; e < n; e++) {
            totals[to + e] += source[from + e];
        }
    }

    // Each operation has a method with three loops, which the JIT vectorises: for a single number as left operand, for
    // a single number as right operand, and for two arrays.

    private static void add(double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int n) {
        if (di == 0) {
            double x = a[i];
            for (int e = 0; e < n; e++) {
                out[k + e] = x + b[j + e];
            }
        } else if (dj == 0) {
            double y = b[j];
            for (int e = 0; e < n; e++) {
                out[k + e] = a[i + e] + y;
            }
        } else {
            for (int e = 0; e < n; e++) {
                out[k + e] = a[i + e] + b[j + e];
            }
        }
    }

    private static void sub(double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int n) {
        if (di == 0) {
            double x = a[i];
            for (int e = 0; e < n; e++) {
                out[k + e] = x - b[j + e];
            }
        } else if (dj == 0) {
            double y = b[j];
            for (int e = 0; e < n; e++) {
                out[k + e] = a[i + e] - y;
            }
        } else {
            for (int e = 0; e < n; e++) {
                out[k + e] = a[i + e] - b[j + e];
            }
        }
    }

    private static void mul(double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int n) {
        if (di == 0) {
            double x = a[i];
            for (int e = 0; e < n; e++) {
                out[k + e] = x * b[j + e];
            }
        } else if (dj == 0) {
            double y = b[j];
            for (int e = 0; e < n; e++) {
                out[k + e] = a[i + e] * y;
            }
        } else {
            for (int e = 0; e < n; e++) {
                out[k + e] = a[i + e] * b[j + e];
            }
        }
    }

    private static void div(double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int n) {
        if (di == 0) {
            double x = a[i];
            for (int e = 0; e < n; e++) {
                out[k + e] = x / b[j + e];
            }
        } else if (dj == 0) {
            double y = b[j];
            for (int e = 0; e < n; e++) {
                out[k + e] = a[i + e] / y;
            }
        } else {
            for (int e = 0; e < n; e++) {
                out[k + e] = a[i + e] / b[j + e];
            }
        }
    }

    private static void maximum(double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int n) {
        if (di == 0) {
            double x = a[i];
            for (int e = 0; e < n; e++) {
                out[k + e] = Math.max(x, b[j + e]);
            }
        } else if (dj == 0) {
            double y = b[j];
            for (int e = 0; e < n; e++) {
                out[k + e] = Math.max(a[i + e], y);
            }
        } else {
            for (int e = 0; e < n; e++) {
                out[k + e] = Math.max(a[i + e], b[j + e]);
            }
        }
    }

    private static void minimum(double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int n) {
        if (di == 0) {
            double x = a[i];
            for (int e = 0; e < n; e++) {
                out[k + e] = Math.min(x, b[j + e]);
            }
        } else if (dj == 0) {
            double y = b[j];
            for (int e = 0; e < n; e++) {
                out[k + e] = Math.min(a[i + e], y);
            }
        } else {
            for (int e = 0; e < n; e++) {
                out[k + e] = Math.min(a[i + e], b[j + e]);
            }
        }
    }
}
