package io.adjoint.simd;

import io.adjoint.core.loops.DoubleReductionLoops;
import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.loops.ReductionLoops;
import java.util.Arrays;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link ReductionLoops} in {@code double[]} by vectors. The float version is generated from this file.
 *
 * <p>A block of elements is summed in {@code LANES} running sums. If two vectors can't hold all running sums, the loop passes over the
 * block once for each {@linkplain Wide#APART pair of vectors}; from the second time on, the loop reads the block from the first-level
 * cache. The loop of {@link #products} has enough independent operations with one vector of each sum.
 */
final class DoubleReductions extends DoubleReductionLoops {
    /**
     * The number of elements below which the default loops run. The system property {@code adjoint.simd.minWork} lowers this limit, for
     * tests that need vectors for few elements.
     */
    private static final int MIN_WORK = Vectors.from(128);

    @Override
    public /*wide*/ double block(ReduceOp op, double[] x, int from, int n, /*wide*/ double centre) {
        if (n < MIN_WORK || n < 2 * LANES) {
            return super.block(op, x, from, n, centre);
        }
        return switch (op) {
            case SUM -> sum(x, from, n);
            case AMAX -> max(x, from, n);
            case AMIN -> min(x, from, n);
            case DEVIATIONS -> deviations(x, from, n, centre);
            case SQUARES -> squares(x, from, n, centre);
            case PROD -> super.block(op, x, from, n, centre);
        };
    }

    private static /*wide*/ double sum(double[] x, int from, int n) {
        int end = from + (n & -LANES);
        /*wide*/ double[] sums = new /*wide*/ double[LANES];
        for (int lane = 0; lane < LANES; lane += Wide.AT_ONCE) {
            var sum0 = Wide.all(0);
            var sum1 = Wide.all(0);
            for (int e = from + lane; e < end; e += LANES) {
                sum0 = Wide.load(x, e).add(sum0);
                sum1 = Wide.load(x, e + Wide.APART).add(sum1);
            }
            sum0.intoArray(sums, lane);
            sum1.intoArray(sums, lane + Wide.APART);
        }
        /*wide*/ double rest = 0;
        for (int e = end; e < from + n; e++) {
            rest += x[e];
        }
        return ReductionLoops.total(sums) + rest;
    }

    private static /*wide*/ double deviations(double[] x, int from, int n, /*wide*/ double centre) {
        int end = from + (n & -LANES);
        /*wide*/ double[] sums = new /*wide*/ double[LANES];
        var centres = Wide.all(centre);
        for (int lane = 0; lane < LANES; lane += Wide.AT_ONCE) {
            var sum0 = Wide.all(0);
            var sum1 = Wide.all(0);
            for (int e = from + lane; e < end; e += LANES) {
                sum0 = Wide.load(x, e).sub(centres).add(sum0);
                sum1 = Wide.load(x, e + Wide.APART).sub(centres).add(sum1);
            }
            sum0.intoArray(sums, lane);
            sum1.intoArray(sums, lane + Wide.APART);
        }
        /*wide*/ double rest = 0;
        for (int e = end; e < from + n; e++) {
            rest += x[e] - centre;
        }
        return ReductionLoops.total(sums) + rest;
    }

    private static /*wide*/ double squares(double[] x, int from, int n, /*wide*/ double centre) {
        int end = from + (n & -LANES);
        /*wide*/ double[] sums = new /*wide*/ double[LANES];
        var centres = Wide.all(centre);
        for (int lane = 0; lane < LANES; lane += Wide.AT_ONCE) {
            var sum0 = Wide.all(0);
            var sum1 = Wide.all(0);
            for (int e = from + lane; e < end; e += LANES) {
                var d0 = Wide.load(x, e).sub(centres);
                var d1 = Wide.load(x, e + Wide.APART).sub(centres);
                sum0 = d0.mul(d0).add(sum0);
                sum1 = d1.mul(d1).add(sum1);
            }
            sum0.intoArray(sums, lane);
            sum1.intoArray(sums, lane + Wide.APART);
        }
        /*wide*/ double rest = 0;
        for (int e = end; e < from + n; e++) {
            /*wide*/ double d = x[e] - centre;
            rest += d * d;
        }
        return ReductionLoops.total(sums) + rest;
    }

    private static /*wide*/ double max(double[] x, int from, int n) {
        // Two independent maxima: with a single maximum, each comparison, of several instructions, would wait for
        // the comparison before. Both maxima start with the last elements, so that no element is left over.
        int end = from + n - 2 * Wide.LANES;
        var m0 = Wide.narrow(x, end);
        var m1 = Wide.narrow(x, end + Wide.LANES);
        for (int e = from; e < end; e += 2 * Wide.LANES) {
            m0 = Wide.narrow(x, e).max(m0);
            m1 = Wide.narrow(x, e + Wide.LANES).max(m1);
        }
        double[] maxima = new double[Wide.LANES];
        m0.max(m1).intoArray(maxima, 0);
        double max = maxima[0];
        for (int lane = 1; lane < Wide.LANES; lane++) {
            max = Math.max(max, maxima[lane]);
        }
        return max;
    }

    private static /*wide*/ double min(double[] x, int from, int n) {
        int end = from + n - 2 * Wide.LANES;
        var m0 = Wide.narrow(x, end);
        var m1 = Wide.narrow(x, end + Wide.LANES);
        for (int e = from; e < end; e += 2 * Wide.LANES) {
            m0 = Wide.narrow(x, e).min(m0);
            m1 = Wide.narrow(x, e + Wide.LANES).min(m1);
        }
        double[] minima = new double[Wide.LANES];
        m0.min(m1).intoArray(minima, 0);
        double min = minima[0];
        for (int lane = 1; lane < Wide.LANES; lane++) {
            min = Math.min(min, minima[lane]);
        }
        return min;
    }

    @Override
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
        int whole = apart == 1 ? width - width % Wide.LANES : 0;
        if ((long) n * width < MIN_WORK || whole == 0) {
            super.find(x, from, n, stride, apart, width, values, index, at);
            return;
        }
        /*wide*/ double[] found = new /*wide*/ double[whole];
        for (int r = n - 1; r >= 0; r--) {
            var row = Wide.all(r);
            for (int c = 0, e = from + r * stride; c < whole; c += Wide.LANES, e += Wide.LANES) {
                var isEqual = Wide.load(x, e).compare(VectorOperators.EQ, Wide.load(values, c));
                Wide.load(found, c).blend(row, isEqual).intoArray(found, c);
            }
        }
        for (int c = 0; c < whole; c++) {
            index[at + c] = (int) found[c];
        }
        if (whole < width) {
            /*wide*/ double[] rest = Arrays.copyOfRange(values, whole, width);
            super.find(x, from + whole, n, stride, 1, rest.length, rest, index, at + whole);
        }
    }

    @Override
    public void moments(double[] x, int i, /*wide*/ double centre, int n, /*wide*/ double[] sums) {
        if (n < MIN_WORK) {
            super.moments(x, i, centre, n, sums);
            return;
        }
        /*wide*/ double[] as = new /*wide*/ double[LANES];
        /*wide*/ double[] bs = new /*wide*/ double[LANES];
        for (int from = i; from < i + n; from += BLOCK) {
            int count = Math.min(i + n - from, BLOCK);
            int end = from + (count & -LANES);
            var centres = Wide.all(centre);
            for (int lane = 0; lane < LANES; lane += Wide.AT_ONCE) {
                var a0 = Wide.all(0);
                var a1 = Wide.all(0);
                var b0 = Wide.all(0);
                var b1 = Wide.all(0);
                for (int e = from + lane; e < end; e += LANES) {
                    var d0 = Wide.load(x, e).sub(centres);
                    var d1 = Wide.load(x, e + Wide.APART).sub(centres);
                    a0 = d0.add(a0);
                    a1 = d1.add(a1);
                    b0 = d0.mul(d0).add(b0);
                    b1 = d1.mul(d1).add(b1);
                }
                a0.intoArray(as, lane);
                a1.intoArray(as, lane + Wide.APART);
                b0.intoArray(bs, lane);
                b1.intoArray(bs, lane + Wide.APART);
            }
            /*wide*/ double a = 0;
            /*wide*/ double b = 0;
            for (int e = end; e < from + count; e++) {
                /*wide*/ double d = x[e] - centre;
                a += d;
                b += d * d;
            }
            sums[0] += ReductionLoops.total(as) + a;
            sums[1] += ReductionLoops.total(bs) + b;
        }
    }

    @Override
    public void products(double[] x, int i, double[] y, int j, int n, /*wide*/ double[] sums) {
        if (n < MIN_WORK) {
            super.products(x, i, y, j, n, sums);
            return;
        }
        /*wide*/ double[] as = new /*wide*/ double[LANES];
        /*wide*/ double[] bs = new /*wide*/ double[LANES];
        for (int done = 0; done < n; done += BLOCK) {
            int from = i + done;
            int to = j + done;
            int count = Math.min(n - done, BLOCK);
            int whole = count & -4 * LANES;
            for (int lane = 0; lane < LANES; lane += Wide.LANES) {
                var a = Wide.all(0);
                var b = Wide.all(0);
                for (int e = lane; e < whole; e += 4 * LANES) {
                    var x0 = Wide.narrow(x, from + e);
                    var x1 = Wide.narrow(x, from + e + LANES);
                    var x2 = Wide.narrow(x, from + e + 2 * LANES);
                    var x3 = Wide.narrow(x, from + e + 3 * LANES);
                    var y0 = Wide.narrow(y, to + e);
                    var y1 = Wide.narrow(y, to + e + LANES);
                    var y2 = Wide.narrow(y, to + e + 2 * LANES);
                    var y3 = Wide.narrow(y, to + e + 3 * LANES);
                    a = Wide.widened(x0.add(x1).add(x2.add(x3))).add(a);
                    b = Wide.widened(x0.mul(y0).add(x1.mul(y1)).add(x2.mul(y2).add(x3.mul(y3))))
                            .add(b);
                }
                a.intoArray(as, lane);
                b.intoArray(bs, lane);
            }
            /*wide*/ double a = 0;
            /*wide*/ double b = 0;
            for (int e = whole; e < count; e++) {
                a += x[from + e];
                b += x[from + e] * y[to + e];
            }
            sums[0] += ReductionLoops.total(as) + a;
            sums[1] += ReductionLoops.total(bs) + b;
        }
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
        int whole = width - width % Wide.LANES;
        if ((long) n * width < MIN_WORK || whole == 0 || op == ReduceOp.PROD) {
            super.rows(op, x, from, n, stride, width, centre, total);
            return;
        }
        int r = 0;
        for (; r + 2 <= n; r += 2) {
            joinTwo(op, x, from + r * stride, stride, whole, centre, total);
        }
        super.rows(op, x, from + r * stride, n - r, stride, whole, centre, total);
        if (whole < width) {
            /*wide*/ double[] centres = Arrays.copyOfRange(centre, whole, width);
            /*wide*/ double[] totals = Arrays.copyOfRange(total, whole, width);
            super.rows(op, x, from + whole, n, stride, width - whole, centres, totals);
            System.arraycopy(totals, 0, total, whole, width - whole);
        }
    }

    /**
     * Adds two rows to the totals, or takes the maximum or minimum of the totals and the rows, so that each total is loaded and stored once
     * for both rows. With more rows the JIT would not inline all calls.
     */
    private static void joinTwo(
            ReduceOp op,
            double[] x,
            int from,
            int stride,
            int width,
            /*wide*/ double[] centre,
            /*wide*/ double[] total) {
        int second = from + stride;
        switch (op) {
            case SUM -> {
                for (int c = 0; c < width; c += Wide.LANES) {
                    Wide.load(total, c)
                            .add(Wide.load(x, from + c))
                            .add(Wide.load(x, second + c))
                            .intoArray(total, c);
                }
            }
            case AMAX -> {
                for (int c = 0; c < width; c += Wide.LANES) {
                    Wide.load(total, c)
                            .max(Wide.load(x, from + c).max(Wide.load(x, second + c)))
                            .intoArray(total, c);
                }
            }
            case AMIN -> {
                for (int c = 0; c < width; c += Wide.LANES) {
                    Wide.load(total, c)
                            .min(Wide.load(x, from + c).min(Wide.load(x, second + c)))
                            .intoArray(total, c);
                }
            }
            case DEVIATIONS -> {
                for (int c = 0; c < width; c += Wide.LANES) {
                    var centres = Wide.load(centre, c);
                    Wide.load(total, c)
                            .add(Wide.load(x, from + c).sub(centres))
                            .add(Wide.load(x, second + c).sub(centres))
                            .intoArray(total, c);
                }
            }
            case SQUARES -> {
                for (int c = 0; c < width; c += Wide.LANES) {
                    var centres = Wide.load(centre, c);
                    var d0 = Wide.load(x, from + c).sub(centres);
                    var d1 = Wide.load(x, second + c).sub(centres);
                    Wide.load(total, c).add(d0.mul(d0)).add(d1.mul(d1)).intoArray(total, c);
                }
            }
            case PROD -> throw new AssertionError(op);
        }
    }
}
