package io.adjoint.core;

import java.util.Arrays;

/**
 * {@link Reduction} in {@code double[]}. The float twin is generated from this file; it accumulates in double, so that a sum of
 * 2²⁴ floats is right to the last place that a float has.
 */
final class DoubleReduction implements Reduction<double[]> {
    /** Elements that are summed straight on: eight running sums of 16 each keep rounding as small as a deeper pairwise tree would. */
    private static final int ROW_BLOCK = 128;

    private static final int COLUMN_BLOCK = 16;

    @Override
    public /*wide*/ double row(ReduceOp op, double[] x, int from, int n) {
        return switch (op) {
            case SUM -> sum(x, from, n);
            case PROD -> prod(x, from, n);
            case AMAX -> max(x, from, n);
            case AMIN -> min(x, from, n);
        };
    }

    private static /*wide*/ double sum(double[] x, int from, int n) {
        if (n > ROW_BLOCK) {
            int half = n / 2 & -8;
            return sum(x, from, half) + sum(x, from + half, n - half);
        }
        /*wide*/ double s0 = 0;
        /*wide*/ double s1 = 0;
        /*wide*/ double s2 = 0;
        /*wide*/ double s3 = 0;
        /*wide*/ double s4 = 0;
        /*wide*/ double s5 = 0;
        /*wide*/ double s6 = 0;
        /*wide*/ double s7 = 0;
        int e = from;
        for (int end = from + (n & -8); e < end; e += 8) {
            s0 += x[e];
            s1 += x[e + 1];
            s2 += x[e + 2];
            s3 += x[e + 3];
            s4 += x[e + 4];
            s5 += x[e + 5];
            s6 += x[e + 6];
            s7 += x[e + 7];
        }
        /*wide*/ double rest = 0;
        for (; e < from + n; e++) {
            rest += x[e];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)) + rest;
    }

    private static /*wide*/ double prod(double[] x, int from, int n) {
        /*wide*/ double product = 1;
        for (int e = from; e < from + n; e++) {
            product *= x[e];
        }
        return product;
    }

    private static /*wide*/ double max(double[] x, int from, int n) {
        double greatest = x[from];
        for (int e = from + 1; e < from + n; e++) {
            greatest = Math.max(greatest, x[e]);
        }
        return greatest;
    }

    private static /*wide*/ double min(double[] x, int from, int n) {
        double least = x[from];
        for (int e = from + 1; e < from + n; e++) {
            least = Math.min(least, x[e]);
        }
        return least;
    }

    @Override
    public void columns(ReduceOp op, double[] x, int from, int n, int stride, int width, double[] out, int o) {
        /*wide*/ double[] total = new /*wide*/ double[width];
        if (op == ReduceOp.SUM) {
            sumColumns(x, from, n, stride, total);
        } else {
            Arrays.fill(total, op.identity);
            for (int r = 0; r < n; r++) {
                foldRow(op, x, from + r * stride, total);
            }
        }
        for (int c = 0; c < width; c++) {
            out[o + c] = (double) total[c];
        }
    }

    private static void sumColumns(double[] x, int from, int n, int stride, /*wide*/ double[] total) {
        if (n <= COLUMN_BLOCK) {
            for (int r = 0; r < n; r++) {
                int row = from + r * stride;
                for (int c = 0; c < total.length; c++) {
                    total[c] += x[row + c];
                }
            }
            return;
        }
        int half = n / 2;
        sumColumns(x, from, half, stride, total);
        /*wide*/ double[] rest = new /*wide*/ double[total.length];
        sumColumns(x, from + half * stride, n - half, stride, rest);
        for (int c = 0; c < total.length; c++) {
            total[c] += rest[c];
        }
    }

    private static void foldRow(ReduceOp op, double[] x, int row, /*wide*/ double[] total) {
        for (int c = 0; c < total.length; c++) {
            /*wide*/ double v = x[row + c];
            total[c] = switch (op) {
                case PROD -> total[c] * v;
                case AMAX -> Math.max(total[c], v);
                default -> Math.min(total[c], v);
            };
        }
    }
}
