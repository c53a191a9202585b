package io.adjoint.core;

import java.util.Arrays;

/**
 * {@link ReductionLoops} in {@code double[]}. The float version is generated from this file; it accumulates in double, so that a
 * sum of 2²⁴ floats is right to a float's last digit.
 */
final class DoubleReductionLoops implements ReductionLoops<double[]> {
    /** Elements that are summed straight on: several running sums keep rounding as small as a deeper pairwise tree would. */
    private static final int ROW_BLOCK = 128;

    private static final int COLUMN_BLOCK = 16;

    @Override
    public /*wide*/ double row(ReduceOp op, double[] x, int from, int n, /*wide*/ double centre) {
        return switch (op) {
            case SUM -> sum(x, from, n);
            case PROD -> prod(x, from, n);
            case AMAX -> max(x, from, n);
            case AMIN -> min(x, from, n);
            case DEVIATIONS -> deviations(x, from, n, centre);
            case SQUARES -> squares(x, from, n, centre);
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

    private static /*wide*/ double deviations(double[] x, int from, int n, /*wide*/ double centre) {
        if (n > ROW_BLOCK) {
            int half = n / 2 & -4;
            return deviations(x, from, half, centre) + deviations(x, from + half, n - half, centre);
        }
        /*wide*/ double s0 = 0;
        /*wide*/ double s1 = 0;
        /*wide*/ double s2 = 0;
        /*wide*/ double s3 = 0;
        int e = from;
        for (int end = from + (n & -4); e < end; e += 4) {
            s0 += x[e] - centre;
            s1 += x[e + 1] - centre;
            s2 += x[e + 2] - centre;
            s3 += x[e + 3] - centre;
        }
        for (; e < from + n; e++) {
            s0 += x[e] - centre;
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static /*wide*/ double squares(double[] x, int from, int n, /*wide*/ double centre) {
        if (n > ROW_BLOCK) {
            int half = n / 2 & -4;
            return squares(x, from, half, centre) + squares(x, from + half, n - half, centre);
        }
        /*wide*/ double s0 = 0;
        /*wide*/ double s1 = 0;
        /*wide*/ double s2 = 0;
        /*wide*/ double s3 = 0;
        int e = from;
        for (int end = from + (n & -4); e < end; e += 4) {
            /*wide*/ double d0 = x[e] - centre;
            /*wide*/ double d1 = x[e + 1] - centre;
            /*wide*/ double d2 = x[e + 2] - centre;
            /*wide*/ double d3 = x[e + 3] - centre;
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        for (; e < from + n; e++) {
            /*wide*/ double d = x[e] - centre;
            s0 += d * d;
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static /*wide*/ double prod(double[] x, int from, int n) {
        /*wide*/ double product = 1;
        for (int e = from; e < from + n; e++) {
            product *= x[e];
        }
        return product;
    }

    private static /*wide*/ double max(double[] x, int from, int n) {
        // Four chains: each maximum waits for the one before it.
        double m0 = x[from];
        double m1 = m0;
        double m2 = m0;
        double m3 = m0;
        int e = from;
        for (int end = from + (n & -4); e < end; e += 4) {
            m0 = Math.max(m0, x[e]);
            m1 = Math.max(m1, x[e + 1]);
            m2 = Math.max(m2, x[e + 2]);
            m3 = Math.max(m3, x[e + 3]);
        }
        for (; e < from + n; e++) {
            m0 = Math.max(m0, x[e]);
        }
        return Math.max(Math.max(m0, m1), Math.max(m2, m3));
    }

    private static /*wide*/ double min(double[] x, int from, int n) {
        double m0 = x[from];
        double m1 = m0;
        double m2 = m0;
        double m3 = m0;
        int e = from;
        for (int end = from + (n & -4); e < end; e += 4) {
            m0 = Math.min(m0, x[e]);
            m1 = Math.min(m1, x[e + 1]);
            m2 = Math.min(m2, x[e + 2]);
            m3 = Math.min(m3, x[e + 3]);
        }
        for (; e < from + n; e++) {
            m0 = Math.min(m0, x[e]);
        }
        return Math.min(Math.min(m0, m1), Math.min(m2, m3));
    }

    @Override
    public void columns(
            ReduceOp op,
            double[] x,
            int from,
            int n,
            int stride,
            int width,
            /*wide*/ double[] centre,
            /*wide*/ double[] total) {
        Arrays.fill(total, 0, width, op.identity());
        if (op.ofParts() == ReduceOp.SUM) {
            sumColumns(op, x, from, n, stride, width, centre, total);
            return;
        }
        for (int r = 0; r < n; r++) {
            foldRow(op, x, from + r * stride, width, total);
        }
    }

    /** Adds the rows to the totals. */
    private static void sumColumns(
            ReduceOp op,
            double[] x,
            int from,
            int n,
            int stride,
            int width,
            /*wide*/ double[] centre,
            /*wide*/ double[] total) {
        if (n <= COLUMN_BLOCK) {
            for (int r = 0; r < n; r++) {
                addRow(op, x, from + r * stride, width, centre, total);
            }
            return;
        }
        int half = n / 2;
        sumColumns(op, x, from, half, stride, width, centre, total);
        /*wide*/ double[] rest = new /*wide*/ double[width];
        sumColumns(op, x, from + half * stride, n - half, stride, width, centre, rest);
        for (int c = 0; c < width; c++) {
            total[c] += rest[c];
        }
    }

    private static void addRow(
            ReduceOp op, double[] x, int row, int width, /*wide*/ double[] centre, /*wide*/ double[] total) {
        switch (op) {
            case DEVIATIONS -> {
                for (int c = 0; c < width; c++) {
                    total[c] += x[row + c] - centre[c];
                }
            }
            case SQUARES -> {
                for (int c = 0; c < width; c++) {
                    /*wide*/ double d = x[row + c] - centre[c];
                    total[c] += d * d;
                }
            }
            default -> {
                for (int c = 0; c < width; c++) {
                    total[c] += x[row + c];
                }
            }
        }
    }

    private static void foldRow(ReduceOp op, double[] x, int row, int width, /*wide*/ double[] total) {
        switch (op) {
            case AMAX -> {
                for (int c = 0; c < width; c++) {
                    total[c] = Math.max(total[c], x[row + c]);
                }
            }
            case AMIN -> {
                for (int c = 0; c < width; c++) {
                    total[c] = Math.min(total[c], x[row + c]);
                }
            }
            default -> {
                for (int c = 0; c < width; c++) {
                    total[c] *= x[row + c];
                }
            }
        }
    }
}
