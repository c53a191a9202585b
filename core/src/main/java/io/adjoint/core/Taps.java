package io.adjoint.core;

import java.util.Arrays;

/**
 * Which elements of an axis each element of a new axis is made of, and by which weights: a pooling window, a part of an adaptive
 * pooling, the neighbours between which is interpolated. What operates on axis after axis needs no more.
 */
@Internal
public final class Taps {
    final int side;
    final int[][] at;
    final double[][] weights;

    /**
     * Taps of an axis.
     *
     * @param side the length of the axis that is read
     * @param at for each element of the new axis the indices that it is made of, ascending
     * @param weights the factor of each
     */
    public Taps(int side, int[][] at, double[][] weights) {
        this.side = side;
        this.at = at;
        this.weights = weights;
    }

    /**
     * What a window holds on one axis, without what is beside the axis.
     *
     * @param countPadding whether the weights are those of a mean in which the padding counts; else, of what is left of the window
     */
    public static Taps of(Sliding sliding, int axis, boolean countPadding) {
        int side = sliding.input[axis];
        int padding = sliding.padding[axis];
        int[][] at = new int[sliding.output[axis]][];
        double[][] weights = new double[at.length][];
        for (int place = 0; place < at.length; place++) {
            int first = sliding.firstInside(axis, place);
            // Of a window that is mostly beside the axis, only what is on it is looked at.
            at[place] = new int[Math.max(0, sliding.countBefore(axis, place, side) - first)];
            int from = (int) (sliding.start(axis, place) + (long) first * sliding.dilation[axis]);
            Arrays.setAll(at[place], k -> from + k * sliding.dilation[axis]);
            int counted = countPadding ? sliding.countBefore(axis, place, side + (long) padding) : at[place].length;
            weights[place] = new double[at[place].length];
            Arrays.fill(weights[place], 1.0 / counted);
        }
        return new Taps(side, at, weights);
    }

    /** {@code places} parts of an axis, as equal as whole elements allow: from ⌊i·side/places⌋ to ⌈(i+1)·side/places⌉. */
    public static Taps adaptive(int side, int places) {
        int[][] at = new int[places][];
        double[][] weights = new double[places][];
        for (int place = 0; place < places; place++) {
            int from = (int) ((long) place * side / places);
            int to = (int) (((place + 1L) * side + places - 1) / places);
            at[place] = new int[to - from];
            Arrays.setAll(at[place], k -> from + k);
            weights[place] = new double[to - from];
            Arrays.fill(weights[place], 1.0 / (to - from));
        }
        return new Taps(side, at, weights);
    }

    /** The length of the new axis. */
    public int places() {
        return at.length;
    }

    /** The adjoint: the new axis is read, and the axis that was read is new. */
    public Taps transposed() {
        int[] counts = new int[side];
        for (int[] indices : at) {
            for (int index : indices) {
                counts[index]++;
            }
        }
        int[][] back = new int[side][];
        Arrays.setAll(back, index -> new int[counts[index]]);
        double[][] same = new double[side][];
        Arrays.setAll(same, index -> new double[counts[index]]);
        Arrays.fill(counts, 0);
        for (int place = 0; place < at.length; place++) {
            for (int k = 0; k < at[place].length; k++) {
                int index = at[place][k];
                back[index][counts[index]] = place;
                same[index][counts[index]++] = weights[place][k];
            }
        }
        return new Taps(at.length, back, same);
    }
}
