package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.PadMode;
import io.adjoint.nn.Layer;
import java.util.Arrays;
import java.util.Locale;

/** The layer that puts elements around the last axes, {@link Tensor#pad(PadMode, int...)}. */
public final class Pad extends Layer {
    private final PadMode mode;
    private final int[] lastAxesFirst;

    /** A layer that puts zeros around; see {@link #Pad(PadMode, int...)}. */
    public Pad(int... lastAxesFirst) {
        this(PadMode.ZEROS, lastAxesFirst);
    }

    /**
     * A layer that puts elements around: {@code new Pad(REFLECT, 1, 1, 2, 2)} one on the left and on the right, and two above and
     * below.
     *
     * @param lastAxesFirst a pair of numbers, before and after, for the last axis, then one for the axis before it, and so on; a
     *     negative number takes elements away
     * @throws IllegalArgumentException if it isn't an even number of numbers
     */
    public Pad(PadMode mode, int... lastAxesFirst) {
        if (lastAxesFirst.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "Pad: expected a pair of numbers for each axis, before and after, the last axis first, got "
                            + Arrays.toString(lastAxesFirst));
        }
        this.mode = mode;
        this.lastAxesFirst = lastAxesFirst.clone();
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.pad(mode, lastAxesFirst.clone());
    }

    /** The mode, which determines the values of the padding. */
    public PadMode mode() {
        return mode;
    }

    /** The numbers of entries before and after each axis, the last axis first. */
    public int[] lastAxesFirst() {
        return lastAxesFirst.clone();
    }

    @Override
    protected String describe() {
        return mode.name().toLowerCase(Locale.ROOT) + ", " + Arrays.toString(lastAxesFirst);
    }
}
