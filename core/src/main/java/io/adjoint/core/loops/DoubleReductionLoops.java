package io.adjoint.core.loops;

import io.adjoint.core.Internal;
import java.util.Arrays;

/**
 * {@link ReductionLoops} in {@code double[]}. The float version is generated from this file; the float version accumulates in double, so
 * that a sum of 2²⁴ floats is right to a float's last digit.
 *
 * @hidden
 */
@Internal
// Long because each reduction has loops for short rows, long rows and columns, and indices have one for each of them.
public class DoubleReductionLoops implements ReductionLoops<double[]> {
    /** The number of elements from which on a call for each row costs nothing beside the row. */
    private static final int SHORT = 4 * LANES;

    @Override
    public /*wide*/ double block(ReduceOp op, double[] x, int from, int n, /*wide*/ double centre) {
        return switch (op) {
            case SUM -> sum(x, from, n);
            case PROD -> prod(x, from, n);
            case AMAX -> max(x, from, n);
            case AMIN -> min(x, from, n);
            case DEVIATIONS -> deviations(x, from, n, centre);
            case SQUARES -> squares(x, from, n, centre);
        };
    }

    @Override
    public void rowByRow(ReduceOp op, double[] x, int from, int n, int count, /*wide*/ double[] total) {
        if (n < LANES && op == ReduceOp.SUM) {
            columnsOfMany(x, from, n, 1, n, count, total);
        } else if (n < LANES && (op == ReduceOp.AMAX || op == ReduceOp.AMIN)) {
            for (int r = 0, at = from; r < count; r++, at += n) {
                total[r] = x[at];
            }
            for (int e = from + 1; e < from + n; e++) {
                extremes(op, x, e, n, count, total);
            }
        } else if (n < SHORT && op == ReduceOp.SUM) {
            for (int r = 0; r < count; r++) {
                total[r] = sum(x, from + r * n, n);
            }
        } else if (n < SHORT && op == ReduceOp.AMAX) {
            for (int r = 0; r < count; r++) {
                total[r] = max(x, from + r * n, n);
            }
        } else if (n < SHORT && op == ReduceOp.AMIN) {
            for (int r = 0; r < count; r++) {
                total[r] = min(x, from + r * n, n);
            }
        } else {
            ReductionLoops.super.rowByRow(op, x, from, n, count, total);
        }
    }

    private static void extremes(ReduceOp op, double[] x, int from, int apart, int count, /*wide*/ double[] total) {
        if (op == ReduceOp.AMAX) {
            for (int r = 0, at = from; r < count; r++, at += apart) {
                total[r] = Math.max(total[r], x[at]);
            }
        } else {
            for (int r = 0, at = from; r < count; r++, at += apart) {
                total[r] = Math.min(total[r], x[at]);
            }
        }
    }

    @Override
    public void indices(
            ReduceOp op, double[] x, int from, int n, int stride, int apart, int width, int[] index, int at) {
        boolean areLongRows = stride == 1 && n >= SHORT;
        if (areLongRows || width < LANES) {
            for (int c = 0, e = from; c < width; c++, e += apart) {
                index[at + c] = areLongRows ? indexInRow(op, x, e, n) : firstOf(op, x, e, n, stride);
            }
            return;
        }
        /*wide*/ double[] values = new /*wide*/ double[width];
        if (apart == n) {
            rowByRow(op, x, from, n, width, values);
        } else {
            columns(op, x, from, n, stride, width, values, values);
        }
        Arrays.fill(index, at, at + width, 0);
        find(x, from, n, stride, apart, width, values, index, at);
        for (int c = 0; c < width; c++) {
            if (Double.isNaN((double) values[c])) {
                index[at + c] = firstOf(op, x, from + c * apart, n, stride);
            }
        }
    }

    /**
     * Finds the first element of each column that equals the column's value. The loop goes from the last row to the first and writes the
     * index of each equal element, so the first one's remains, and a processor needn't guess where it is.
     */
    protected void find(
            double[] x,
            int from,
            int n,
            int stride,
            int apart,
            int width,
            /*wide*/ double[] values,
            int[] index,
            int at) {
        for (int r = n - 1; r >= 0; r--) {
            for (int c = 0, e = from + r * stride; c < width; c++, e += apart) {
                index[at + c] = x[e] == values[c] ? r : index[at + c];
            }
        }
    }

    /** Finds the block with the first extreme by the blocks' extremes, and then the element in this block. */
    private int indexInRow(ReduceOp op, double[] x, int from, int n) {
        int first = 0;
        double extreme = x[from];
        for (int r = 0; r < n; r += BLOCK) {
            double next = (double) block(op, x, from + r, Math.min(n - r, BLOCK), 0);
            if (isBeyond(op, next, extreme)) {
                extreme = next;
                first = r;
            }
        }
        while (x[from + first] != extreme && !(Double.isNaN(extreme) && Double.isNaN(x[from + first]))) {
            first++;
        }
        return first;
    }

    private static int firstOf(ReduceOp op, double[] x, int from, int n, int stride) {
        int first = 0;
        double extreme = x[from];
        for (int r = 1, e = from + stride; r < n; r++, e += stride) {
            if (isBeyond(op, x[e], extreme)) {
                extreme = x[e];
                first = r;
            }
        }
        return first;
    }

    private static boolean isBeyond(ReduceOp op, double x, double extreme) {
        return (op == ReduceOp.AMAX ? x > extreme : x < extreme) || (Double.isNaN(x) && !Double.isNaN(extreme));
    }

    @Override
    public void rowsOfMany(double[] x, int from, int n, int width, int apart, int count, /*wide*/ double[] total) {
        // A loop over few elements takes longer to begin than to run, so the innermost loop is the one over the
        // matrices.
        for (int r = 0; r < n; r++) {
            for (int c = 0; c < width; c++) {
                for (int m = 0, e = from + r * width + c, k = c; m < count; m++, e += apart, k += width) {
                    total[k] += x[e];
                }
            }
        }
    }

    // Running sums are separate variables, since the JIT keeps no array elements in registers. Where 16 registers are
    // too few for all running sums, a loop computes half of the sums at a time.

    private static /*wide*/ double sum(double[] x, int from, int n) {
        /*wide*/ double s0 = 0;
        /*wide*/ double s1 = 0;
        /*wide*/ double s2 = 0;
        /*wide*/ double s3 = 0;
        /*wide*/ double s4 = 0;
        /*wide*/ double s5 = 0;
        /*wide*/ double s6 = 0;
        /*wide*/ double s7 = 0;
        int e = from;
        for (int end = from + (n & -LANES); e < end; e += LANES) {
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
        int end = from + (n & -LANES);
        /*wide*/ double total = 0;
        for (int half = from; half < from + LANES; half += LANES / 2) {
            /*wide*/ double s0 = 0;
            /*wide*/ double s1 = 0;
            /*wide*/ double s2 = 0;
            /*wide*/ double s3 = 0;
            for (int e = half; e < end; e += LANES) {
                s0 += x[e] - centre;
                s1 += x[e + 1] - centre;
                s2 += x[e + 2] - centre;
                s3 += x[e + 3] - centre;
            }
            total += (s0 + s1) + (s2 + s3);
        }
        /*wide*/ double rest = 0;
        for (int e = end; e < from + n; e++) {
            rest += x[e] - centre;
        }
        return total + rest;
    }

    private static /*wide*/ double squares(double[] x, int from, int n, /*wide*/ double centre) {
        int end = from + (n & -LANES);
        /*wide*/ double total = 0;
        for (int half = from; half < from + LANES; half += LANES / 2) {
            /*wide*/ double s0 = 0;
            /*wide*/ double s1 = 0;
            /*wide*/ double s2 = 0;
            /*wide*/ double s3 = 0;
            for (int e = half; e < end; e += LANES) {
                /*wide*/ double d0 = x[e] - centre;
                /*wide*/ double d1 = x[e + 1] - centre;
                /*wide*/ double d2 = x[e + 2] - centre;
                /*wide*/ double d3 = x[e + 3] - centre;
                s0 += d0 * d0;
                s1 += d1 * d1;
                s2 += d2 * d2;
                s3 += d3 * d3;
            }
            total += (s0 + s1) + (s2 + s3);
        }
        /*wide*/ double rest = 0;
        for (int e = end; e < from + n; e++) {
            /*wide*/ double d = x[e] - centre;
            rest += d * d;
        }
        return total + rest;
    }

    @Override
    public void moments(double[] x, int i, /*wide*/ double centre, int n, /*wide*/ double[] sums) {
        for (int from = i; from < i + n; from += BLOCK) {
            int count = Math.min(i + n - from, BLOCK);
            int end = from + (count & -LANES);
            /*wide*/ double first = 0;
            /*wide*/ double second = 0;
            for (int half = from; half < from + LANES; half += LANES / 2) {
                /*wide*/ double a0 = 0;
                /*wide*/ double a1 = 0;
                /*wide*/ double a2 = 0;
                /*wide*/ double a3 = 0;
                /*wide*/ double b0 = 0;
                /*wide*/ double b1 = 0;
                /*wide*/ double b2 = 0;
                /*wide*/ double b3 = 0;
                for (int e = half; e < end; e += LANES) {
                    /*wide*/ double d0 = x[e] - centre;
                    /*wide*/ double d1 = x[e + 1] - centre;
                    /*wide*/ double d2 = x[e + 2] - centre;
                    /*wide*/ double d3 = x[e + 3] - centre;
                    a0 += d0;
                    a1 += d1;
                    a2 += d2;
                    a3 += d3;
                    b0 += d0 * d0;
                    b1 += d1 * d1;
                    b2 += d2 * d2;
                    b3 += d3 * d3;
                }
                first += (a0 + a1) + (a2 + a3);
                second += (b0 + b1) + (b2 + b3);
            }
            /*wide*/ double a = 0;
            /*wide*/ double b = 0;
            for (int e = end; e < from + count; e++) {
                /*wide*/ double d = x[e] - centre;
                a += d;
                b += d * d;
            }
            sums[0] += first + a;
            sums[1] += second + b;
        }
    }

    @Override
    public void products(double[] x, int i, double[] y, int j, int n, /*wide*/ double[] sums) {
        for (int done = 0; done < n; done += BLOCK) {
            int from = i + done;
            int to = j + done;
            int count = Math.min(n - done, BLOCK);
            int whole = count & -4 * LANES;
            /*wide*/ double first = 0;
            /*wide*/ double second = 0;
            for (int half = 0; half < LANES; half += LANES / 2) {
                /*wide*/ double a0 = 0;
                /*wide*/ double a1 = 0;
                /*wide*/ double a2 = 0;
                /*wide*/ double a3 = 0;
                /*wide*/ double b0 = 0;
                /*wide*/ double b1 = 0;
                /*wide*/ double b2 = 0;
                /*wide*/ double b3 = 0;
                for (int e = half; e < whole; e += 4 * LANES) {
                    int p = from + e;
                    int q = to + e;
                    a0 += (x[p] + x[p + 8]) + (x[p + 16] + x[p + 24]);
                    b0 += (x[p] * y[q] + x[p + 8] * y[q + 8]) + (x[p + 16] * y[q + 16] + x[p + 24] * y[q + 24]);
                    a1 += (x[p + 1] + x[p + 9]) + (x[p + 17] + x[p + 25]);
                    b1 += (x[p + 1] * y[q + 1] + x[p + 9] * y[q + 9]) + (x[p + 17] * y[q + 17] + x[p + 25] * y[q + 25]);
                    a2 += (x[p + 2] + x[p + 10]) + (x[p + 18] + x[p + 26]);
                    b2 += (x[p + 2] * y[q + 2] + x[p + 10] * y[q + 10])
                            + (x[p + 18] * y[q + 18] + x[p + 26] * y[q + 26]);
                    a3 += (x[p + 3] + x[p + 11]) + (x[p + 19] + x[p + 27]);
                    b3 += (x[p + 3] * y[q + 3] + x[p + 11] * y[q + 11])
                            + (x[p + 19] * y[q + 19] + x[p + 27] * y[q + 27]);
                }
                first += (a0 + a1) + (a2 + a3);
                second += (b0 + b1) + (b2 + b3);
            }
            /*wide*/ double a = 0;
            /*wide*/ double b = 0;
            for (int e = whole; e < count; e++) {
                a += x[from + e];
                b += x[from + e] * y[to + e];
            }
            sums[0] += first + a;
            sums[1] += second + b;
        }
    }

    private static /*wide*/ double prod(double[] x, int from, int n) {
        /*wide*/ double product = 1;
        for (int e = from; e < from + n; e++) {
            product *= x[e];
        }
        return product;
    }

    private static /*wide*/ double max(double[] x, int from, int n) {
        // Four independent running maxima: with only one, each comparison would wait for the comparison before.
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
    public void rows(
            ReduceOp op,
            double[] x,
            int from,
            int n,
            int stride,
            int width,
            /*wide*/ double[] centre,
            /*wide*/ double[] total) {
        for (int r = 0; r < n; r++) {
            if (op.isSum()) {
                addRow(op, x, from + r * stride, width, centre, total);
            } else {
                foldRow(op, x, from + r * stride, width, total);
            }
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
            case SUM -> {
                for (int c = 0; c < width; c++) {
                    total[c] += x[row + c];
                }
            }
            case PROD, AMAX, AMIN -> throw new IllegalStateException(op + " is no sum");
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
            case PROD -> {
                for (int c = 0; c < width; c++) {
                    total[c] *= x[row + c];
                }
            }
            case SUM, DEVIATIONS, SQUARES -> throw new IllegalStateException(op + " is a sum");
        }
    }
}
