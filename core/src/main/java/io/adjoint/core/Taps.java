package io.adjoint.core;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Resampling weights of one axis: per output index, the input indices and their weights. They describe pooling windows, the parts
 * of adaptive pooling, and the neighbours between which is interpolated; several axes are resampled one after the other.
 *
 * <p>The indices of an output index are a fixed step apart, so that a window takes as much memory as a single one, however long it is.
 *
 * @hidden
 */
@Internal
public final class Taps {
    /** The length of the axis that is read. */
    final int size;

    /** For each element of the new axis, the first of the indices that it is made of, their number, and the last. */
    final int[] first;

    final int[] count;
    final int[] last;
    /** The distance between two of them. */
    final int step;

    /** The k-th index of a position has the weight {@code weights[weightAt[position] + k * weightStep]}. */
    final double[] weights;

    final int[] weightAt;
    final int weightStep;

    private final int longest;
    /** The taps of which these are the adjoint; null if they were not made so. */
    private final @Nullable Taps origin;

    private Taps(
            int size,
            int[] first,
            int[] count,
            int step,
            double[] weights,
            int[] weightAt,
            int weightStep,
            @Nullable Taps origin) {
        this.size = size;
        this.first = first;
        this.count = count;
        this.step = step;
        this.weights = weights;
        this.weightAt = weightAt;
        this.weightStep = weightStep;
        this.origin = origin;
        last = new int[first.length];
        Arrays.setAll(last, position -> first[position] + (count[position] - 1) * step);
        longest = Arrays.stream(count).max().orElse(0);
    }

    /** Windows whose elements all have one weight. */
    private static Taps windows(int size, int[] first, int[] count, int step, double[] weights) {
        return new Taps(
                size,
                first,
                count,
                step,
                weights,
                IntStream.range(0, first.length).toArray(),
                0,
                null);
    }

    /**
     * The taps of a window on one axis, without the padding.
     *
     * @param countPadding whether the weights are those of a mean in which the padding counts; else, of what is left of the window
     */
    public static Taps of(Sliding sliding, int axis, boolean countPadding) {
        int size = sliding.input[axis];
        int padding = sliding.padding[axis];
        int[] first = new int[sliding.output[axis]];
        int[] count = new int[first.length];
        double[] weights = new double[first.length];
        for (int position = 0; position < first.length; position++) {
            int inside = sliding.firstInside(axis, position);
            first[position] = (int) (sliding.start(axis, position) + (long) inside * sliding.dilation[axis]);
            // Of a window that is mostly beside the axis, only what is on it is looked at.
            count[position] = Math.max(0, sliding.countBefore(axis, position, size) - inside);
            int counted = countPadding ? sliding.countBefore(axis, position, size + (long) padding) : count[position];
            weights[position] = 1.0 / counted;
        }
        return windows(size, first, count, sliding.dilation[axis], weights);
    }

    /** {@code positions} parts of an axis, as equal as whole elements allow: from ⌊i·size/positions⌋ to ⌈(i+1)·size/positions⌉. */
    public static Taps adaptive(int size, int positions) {
        int[] first = new int[positions];
        int[] count = new int[positions];
        double[] weights = new double[positions];
        for (int position = 0; position < positions; position++) {
            first[position] = (int) ((long) position * size / positions);
            int to = (int) (((position + 1L) * size + positions - 1) / positions);
            count[position] = to - first[position];
            weights[position] = 1.0 / count[position];
        }
        return windows(size, first, count, 1, weights);
    }

    /**
     * Points between neighbours: each element is {@code 1 − w} times the one at its index and {@code w} times the next. The next has no
     * part in it where w is 0, since 0 times infinity is not 0.
     *
     * @param size the length of the axis that is read
     * @param index for each element of the new axis the index of its first neighbour
     * @param next the weight w of the second
     */
    public static Taps between(int size, int[] index, double[] next) {
        int[] count = new int[index.length];
        Arrays.setAll(count, position -> next[position] == 0 ? 1 : 2);
        double[] weights = new double[2 * index.length];
        Arrays.setAll(weights, k -> k % 2 == 0 ? 1 - next[k / 2] : next[k / 2]);
        int[] weightAt = new int[index.length];
        Arrays.setAll(weightAt, position -> 2 * position);
        return new Taps(size, index.clone(), count, 1, weights, weightAt, 1, null);
    }

    /** The length of the new axis. */
    public int positions() {
        return first.length;
    }

    /** The most indices that an element of the new axis is made of. */
    int longest() {
        return longest;
    }

    /** Returns whether each window begins behind the end of the one before, so that none has an index of another. */
    boolean areApart() {
        int end = -1;
        for (int position = 0; position < first.length; position++) {
            if (count[position] > 0) {
                if (first[position] <= end) {
                    return false;
                }
                end = last[position];
            }
        }
        return true;
    }

    /**
     * The adjoint: the new axis is read, and the axis that was read is new. The positions that an index belongs to are a fixed step apart,
     * too: for windows with stride s and dilation d, d/gcd(s, d).
     */
    public Taps transposed() {
        if (origin != null) {
            return origin;
        }
        int[] from = new int[size];
        int[] counts = new int[size];
        int distance = 1;
        for (int position = 0; position < first.length; position++) {
            for (int k = 0, index = first[position]; k < count[position]; k++, index += step) {
                if (counts[index] == 0) {
                    from[index] = position;
                } else if (counts[index] == 1) {
                    distance = position - from[index];
                }
                counts[index]++;
            }
        }
        // Weights of whole windows are found by their position, others are put in the order of the indices.
        return weightStep == 0
                ? new Taps(first.length, from, counts, distance, weights, from, distance, this)
                : new Taps(first.length, from, counts, distance, byIndex(counts), starts(counts), 1, this);
    }

    private double[] byIndex(int[] counts) {
        int[] next = starts(counts);
        double[] ordered = new double[Arrays.stream(counts).sum()];
        for (int position = 0; position < first.length; position++) {
            for (int k = 0; k < count[position]; k++) {
                ordered[next[first[position] + k * step]++] = weights[weightAt[position] + k * weightStep];
            }
        }
        return ordered;
    }

    private static int[] starts(int[] counts) {
        int[] starts = new int[counts.length];
        for (int k = 1; k < starts.length; k++) {
            starts[k] = starts[k - 1] + counts[k - 1];
        }
        return starts;
    }
}
