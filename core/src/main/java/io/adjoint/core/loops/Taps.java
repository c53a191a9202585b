package io.adjoint.core.loops;

import io.adjoint.core.Internal;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The weights with which one axis is resampled: for each output index, the input indices that contribute to it (its taps) and the weights
 * of their elements. Taps describe pooling windows, the parts into which adaptive pooling divides an axis, and the neighbours of an
 * interpolation; several axes are resampled one after the other.
 *
 * <p>The input indices of an output index are a fixed distance (the dilation) apart, so the input indices of a window take as much memory
 * as a single index, however long the window is.
 *
 * @hidden
 */
@Internal
public final class Taps {
    /** The length of the input axis. */
    public final int size;

    /**
     * For each output index, the first of its input indices ({@code first}), the number of its input indices ({@code count}), and the last
     * input index ({@code last}).
     */
    public final int[] first;

    public final int[] count;
    public final int[] last;
    /** The distance between neighbouring input indices that contribute to one output index. */
    public final int dilation;

    /** The weights: {@code weights[weightAt[p] + k * weightStride]} is the weight of the k-th input index of output index p. */
    public final double[] weights;

    public final int[] weightAt;
    public final int weightStride;

    private final int longest;
    /** The taps of which these taps are the adjoint; null if {@link #transposed} did not make these taps. */
    private final @Nullable Taps origin;

    private Taps(
            int size,
            int[] first,
            int[] count,
            int dilation,
            double[] weights,
            int[] weightAt,
            int weightStride,
            @Nullable Taps origin) {
        this.size = size;
        this.first = first;
        this.count = count;
        this.dilation = dilation;
        this.weights = weights;
        this.weightAt = weightAt;
        this.weightStride = weightStride;
        this.origin = origin;
        last = new int[first.length];
        Arrays.setAll(last, position -> first[position] + (count[position] - 1) * dilation);
        longest = Arrays.stream(count).max().orElse(0);
    }

    /** The taps of windows in which all elements have the same weight; {@code weights} has one weight for each window. */
    public static Taps windows(int size, int[] first, int[] count, int dilation, double[] weights) {
        return new Taps(
                size,
                first,
                count,
                dilation,
                weights,
                IntStream.range(0, first.length).toArray(),
                0,
                null);
    }

    /**
     * The taps of the parts into which adaptive pooling divides an axis, with the weights of the parts' means. The {@code positions} parts
     * are as equal as whole elements allow and may overlap: part i reaches from ⌊i·size/positions⌋ to ⌈(i+1)·size/positions⌉ (exclusive).
     */
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
     * The taps of a linear interpolation: each output element is {@code 1 − w} times an input element plus {@code w} times the next input
     * element. Where w is 0 the next element is left out, since it may be infinite, and 0 times infinity is not 0.
     *
     * @param size the length of the input axis
     * @param index for each output index the input index of its first neighbour
     * @param next for each output index the weight w of its second neighbour, the element after the first
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

    /** The length of the output axis. */
    public int positions() {
        return first.length;
    }

    /** The largest number of input indices that contribute to one output index. */
    public int longest() {
        return longest;
    }

    /** Returns whether each window begins behind the end of the previous window, so that windows share no index. */
    public boolean areApart() {
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
     * The taps of the adjoint operation, whose input and output axes are exchanged. The output indices to which one input index contributes
     * are a fixed distance apart, too: for windows with stride s and dilation d, the distance is d/gcd(s, d).
     */
    public Taps transposed() {
        if (origin != null) {
            return origin;
        }
        int[] from = new int[size];
        int[] counts = new int[size];
        int distance = 1;
        for (int position = 0; position < first.length; position++) {
            for (int k = 0, index = first[position]; k < count[position]; k++, index += dilation) {
                if (counts[index] == 0) {
                    from[index] = position;
                } else if (counts[index] == 1) {
                    distance = position - from[index];
                }
                counts[index]++;
            }
        }
        // If the stride of the weights is 0, all taps of a window have one weight, whose index is the window's
        // position.
        // Otherwise the weights are copied in the order of the input indices.
        return weightStride == 0
                ? new Taps(first.length, from, counts, distance, weights, from, distance, this)
                : new Taps(first.length, from, counts, distance, byIndex(counts), starts(counts), 1, this);
    }

    private double[] byIndex(int[] counts) {
        int[] next = starts(counts);
        double[] ordered = new double[Arrays.stream(counts).sum()];
        for (int position = 0; position < first.length; position++) {
            for (int k = 0; k < count[position]; k++) {
                ordered[next[first[position] + k * dilation]++] = weights[weightAt[position] + k * weightStride];
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
