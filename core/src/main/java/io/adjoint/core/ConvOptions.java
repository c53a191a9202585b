package io.adjoint.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * The settings of a convolution: by default stride 1, no padding, dilation 1 and one group. The sizes of the kernel are the last sizes of
 * the weight, and no setting. Stride, padding, dilation and output padding are one number for all axes, or one for each.
 *
 * <pre>{@code x.conv2d(weight, bias, new ConvOptions().stride(2).padding(1))}</pre>
 *
 * <p>Padding adds zeros, or other elements by {@link #paddingMode}; a transposed convolution leaves out the padding's number of elements at
 * each end of its output. Options are values: each method returns a changed copy.
 */
@CheckReturnValue
public final class ConvOptions extends SlidingOptions<ConvOptions> {
    int groups = 1;
    int[] outputPadding = ZERO;
    PadMode paddingMode = PadMode.ZEROS;

    /** Stride 1, no padding, dilation 1, one group. */
    public ConvOptions() {
        super(ONE);
    }

    @Override
    void requireFit() {
        if (padding == SAME && Arrays.stream(stride).anyMatch(s -> s != 1)) {
            throw new IllegalArgumentException("ConvOptions: padding that keeps the sizes needs stride 1, got stride "
                    + Arrays.toString(stride) + "; set the padding in numbers");
        }
    }

    /**
     * Pads each axis so that the convolution keeps its size: by dilation · (kernel − 1) elements, half of them before the axis and half
     * behind; an odd number has one more behind. This setting replaces a padding set by numbers.
     *
     * @throws IllegalArgumentException if the stride isn't 1
     */
    public ConvOptions samePadding() {
        return with(copy -> {
            copy.padding = SAME;
            copy.requireFit();
        });
    }

    /** Returns whether the padding keeps the sizes: {@link #samePadding}. */
    public boolean isSamePadding() {
        return padding == SAME;
    }

    /**
     * Splits the channels into groups of equal size, each with weights of its own; with as many groups as channels the convolution is
     * depthwise.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    public ConvOptions groups(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("ConvOptions.groups: must be at least 1, got " + number);
        }
        return with(copy -> copy.groups = number);
    }

    /**
     * Makes the output of a transposed convolution longer at the end of an axis. If the stride is above 1, a convolution maps inputs of
     * several sizes to outputs of one size; the output padding selects the input size that the transposed convolution restores.
     *
     * @throws IllegalArgumentException if a number is negative, or no number is given
     */
    public ConvOptions outputPadding(int... elements) {
        return with(copy -> copy.outputPadding = checked(getClass(), "outputPadding", 0, elements));
    }

    /**
     * Sets the elements that padding adds; the default is zeros. The input must have the number of elements that the mode needs. A
     * transposed convolution allows zeros only.
     */
    public ConvOptions paddingMode(PadMode mode) {
        if (mode == null) {
            throw new IllegalArgumentException("ConvOptions.paddingMode: the mode is null");
        }
        return with(copy -> copy.paddingMode = mode);
    }

    /** The kind of elements that padding adds. */
    public PadMode paddingMode() {
        return paddingMode;
    }

    @Override
    void addOthers(StringJoiner all) {
        if (paddingMode != PadMode.ZEROS) {
            all.add("padding mode " + paddingMode.name().toLowerCase(Locale.ROOT));
        }
        if (groups != 1) {
            all.add(groups + " groups");
        }
        add(all, "output padding", outputPadding, 0);
    }

    /** The number of groups. */
    public int groupCount() {
        return groups;
    }
}
