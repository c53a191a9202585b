package io.adjoint.core;

import java.util.Arrays;

/**
 * Resampling weights of one axis: per output index, the input indices and their weights. They describe pooling windows, the parts
 * of adaptive pooling, and the neighbours between which is interpolated; several axes are resampled one after the other.
 *
 * @hidden
 */
@Internal
public final class Taps {
    final int size;
    final int[][] at;
    final double[][] weights;

    /**
     * Taps of an axis.
     *
     * @param size the length of the axis that is read
     * @param at for each element of the new axis the indices that it is made of, ascending
     * @param weights the factor of each
     */
    public Taps(int size, int[][] at, double[][] weights) {
        this.size = size;
        this.at = at;
        this.weights = weights;
    }

    /**
     * The taps of a window on one axis, without the padding.
     *
     * @param countPadding whether the weights are those of a mean in which the padding counts; else, of what is left of the window
     */
    public static Taps of(Sliding sliding, int axis, boolean countPadding) {
        int size = sliding.input[axis];
        int padding = sliding.padding[axis];
        int[][] at = new int[sliding.output[axis]][];
        double[][] weights = new double[at.length][];
        for (int position = 0; position < at.length; position++) {
            int first = sliding.firstInside(axis, position);
            // Of a window that is mostly beside the axis, only what is on it is looked at.
            at[position] = new int[Math.max(0, sliding.countBefore(axis, position, size) - first)];
            int from = (int) (sliding.start(axis, position) + (long) first * sliding.dilation[axis]);
            Arrays.setAll(at[position], k -> from + k * sliding.dilation[axis]);
            int counted =
                    countPadding ? sliding.countBefore(axis, position, size + (long) padding) : at[position].length;
            weights[position] = new double[at[position].length];
            Arrays.fill(weights[position], 1.0 / counted);
        }
        return new Taps(size, at, weights);
    }

    /** {@code positions} parts of an axis, as equal as whole elements allow: from ⌊i·size/positions⌋ to ⌈(i+1)·size/positions⌉. */
    public static Taps adaptive(int size, int positions) {
        int[][] at = new int[positions][];
        double[][] weights = new double[positions][];
        for (int position = 0; position < positions; position++) {
            int from = (int) ((long) position * size / positions);
            int to = (int) (((position + 1L) * size + positions - 1) / positions);
            at[position] = new int[to - from];
            Arrays.setAll(at[position], k -> from + k);
            weights[position] = new double[to - from];
            Arrays.fill(weights[position], 1.0 / (to - from));
        }
        return new Taps(size, at, weights);
    }

    /** The length of the new axis. */
    public int positions() {
        return at.length;
    }

    /** Returns whether each window begins behind the end of the one before, so that none has an index of another. */
    boolean areApart() {
        int end = -1;
        for (int[] indices : at) {
            if (indices.length > 0) {
                if (indices[0] <= end) {
                    return false;
                }
                end = indices[indices.length - 1];
            }
        }
        return true;
    }

    /**
     * The indices by their number among those of an element of the new axis; where there are fewer, the last one is repeated. None if
     * a window has more indices than there are windows.
     */
    int[][] tapByTap() {
        int longest = Arrays.stream(at).mapToInt(one -> one.length).max().orElse(0);
        if (longest > positions()) {
            return new int[0][];
        }
        int[][] taps = new int[longest][positions()];
        for (int k = 0; k < taps.length; k++) {
            for (int position = 0; position < at.length; position++) {
                taps[k][position] = at[position][Math.min(k, at[position].length - 1)];
            }
        }
        return taps;
    }

    /** The adjoint: the new axis is read, and the axis that was read is new. */
    public Taps transposed() {
        int[] counts = new int[size];
        for (int[] indices : at) {
            for (int index : indices) {
                counts[index]++;
            }
        }
        int[][] back = new int[size][];
        Arrays.setAll(back, index -> new int[counts[index]]);
        double[][] same = new double[size][];
        Arrays.setAll(same, index -> new double[counts[index]]);
        Arrays.fill(counts, 0);
        for (int position = 0; position < at.length; position++) {
            for (int k = 0; k < at[position].length; k++) {
                int index = at[position][k];
                back[index][counts[index]] = position;
                same[index][counts[index]++] = weights[position][k];
            }
        }
        return new Taps(at.length, back, same);
    }
}
