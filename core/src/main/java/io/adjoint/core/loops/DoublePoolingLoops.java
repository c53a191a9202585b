package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * {@link PoolingLoops} in {@code double[]}. The float version is generated from this file.
 *
 * @hidden
 */
@Internal
public final class DoublePoolingLoops implements PoolingLoops<double[]> {
    @Override
    public void largest(double[] x, int from, boolean hasNaN, int[] candidates, int inner, Taps windows, int[] found) {
        int positions = windows.positions();
        // On an axis of more than 2³⁰ entries, the sum of two indices in largestByTap would overflow an int.
        boolean byTap = windows.longest() <= positions && windows.size <= 1 << 30;
        for (int line = 0, to = 0; line < candidates.length; line += windows.size * inner, to += positions * inner) {
            if (inner > 1) {
                largestOfRows(x, from, hasNaN, candidates, line, inner, windows, found, to);
            } else if (byTap) {
                largestByTap(x, from, hasNaN, candidates, line, windows, found, to);
            } else {
                for (int p = 0; p < positions; p++) {
                    found[to + p] = largest(x, from, hasNaN, candidates, line, windows, p);
                }
            }
        }
    }

    @Override
    public void largestOfFour(
            double[] x, int from, int top, int bottom, int[] left, int[] right, double[] out, int[] found, int to) {
        for (int p = 0; p < left.length; p++) {
            int above = larger(x, from, false, top + left[p], top + right[p]);
            int below = larger(x, from, false, bottom + left[p], bottom + right[p]);
            int best = larger(x, from, false, above, below);
            found[to + p] = best;
            out[to + p] = x[from + best];
        }
    }

    /** Finds each window's largest element, in a loop over all windows for each tap (element of a window), which halves the time. */
    private static void largestByTap(
            double[] x, int from, boolean hasNaN, int[] candidates, int line, Taps windows, int[] found, int to) {
        int[] first = windows.first;
        int[] last = windows.last;
        int positions = first.length;
        int second = windows.longest() == 1 ? 0 : windows.dilation;
        for (int p = 0; p < positions; p++) {
            int a = candidates[line + first[p]];
            found[to + p] = larger(x, from, hasNaN, a, candidates[line + Math.min(first[p] + second, last[p])]);
        }
        for (int k = 2; k < windows.longest(); k++) {
            int tap = k * windows.dilation;
            for (int p = 0; p < positions; p++) {
                int candidate = candidates[line + Math.min(first[p] + tap, last[p])];
                found[to + p] = larger(x, from, hasNaN, found[to + p], candidate);
            }
        }
    }

    private static int largest(
            double[] x, int from, boolean hasNaN, int[] candidates, int line, Taps windows, int position) {
        int index = line + windows.first[position];
        int best = candidates[index];
        double top = x[from + best];
        for (int k = windows.count[position]; k > 1; k--) {
            index += windows.dilation;
            int candidate = candidates[index];
            double v = x[from + candidate];
            if (v > top || (hasNaN && Double.isNaN(v) && !Double.isNaN(top))) {
                best = candidate;
                top = v;
            }
        }
        return best;
    }

    /** Finds the largest elements of windows of rows: in each window, the largest element of each of the {@code inner} columns. */
    private static void largestOfRows(
            double[] x,
            int from,
            boolean hasNaN,
            int[] candidates,
            int line,
            int inner,
            Taps windows,
            int[] found,
            int to) {
        for (int p = 0; p < windows.positions(); p++) {
            int row = to + p * inner;
            int next = line + windows.first[p] * inner;
            System.arraycopy(candidates, next, found, row, inner);
            for (int k = 1; k < windows.count[p]; k++) {
                next += windows.dilation * inner;
                for (int i = 0; i < inner; i++) {
                    found[row + i] = larger(x, from, hasNaN, found[row + i], candidates[next + i]);
                }
            }
        }
    }

    private static int larger(double[] x, int from, boolean hasNaN, int best, int candidate) {
        if (hasNaN && Double.isNaN(x[from + best])) {
            return best;
        }
        if (hasNaN && Double.isNaN(x[from + candidate])) {
            return candidate;
        }
        return x[from + candidate] > x[from + best] ? candidate : best;
    }
}
