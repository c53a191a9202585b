package io.adjoint.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * The settings of a convolution beside its weight, whose last axes are the kernel: by default stride 1, no padding, dilation 1 and one
 * group. Stride, padding, dilation and output padding are one number for all axes, or one for each.
 *
 * <pre>{@code x.conv2d(weight, bias, new ConvOptions().stride(2).padding(1))}</pre>
 *
 * <p>Padding adds zeros, or what {@link #paddingMode} says; a transposed convolution leaves out as many elements of its output. Options
 * are values: each method returns a changed copy.
 */
@CheckReturnValue
public final class ConvOptions extends SlidingOptions<ConvOptions> {
    final int groups;
    final int[] outputPadding;
    final PadMode paddingMode;

    /** Stride 1, no padding, dilation 1, one group. */
    public ConvOptions() {
        this(ONE, ZERO, ONE, 1, ZERO, PadMode.ZEROS);
    }

    private ConvOptions(
            int[] stride, int[] padding, int[] dilation, int groups, int[] outputPadding, PadMode paddingMode) {
        super(stride, padding, dilation);
        if (padding == SAME && Arrays.stream(stride).anyMatch(step -> step != 1)) {
            throw new IllegalArgumentException("ConvOptions: padding that keeps the sizes needs stride 1, got stride "
                    + Arrays.toString(stride) + "; set the padding in numbers");
        }
        this.groups = groups;
        this.outputPadding = outputPadding;
        this.paddingMode = paddingMode;
    }

    @Override
    ConvOptions with(int[] newStride, int[] newPadding, int[] newDilation) {
        return new ConvOptions(newStride, newPadding, newDilation, groups, outputPadding, paddingMode);
    }

    /**
     * Pads each axis by as many elements as keep its size, dilation · (kernel − 1): half of them in front, and an odd one behind. It
     * replaces the padding in numbers.
     *
     * @throws IllegalArgumentException if the stride isn't 1
     */
    public ConvOptions samePadding() {
        return new ConvOptions(stride, SAME, dilation, groups, outputPadding, paddingMode);
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
        return new ConvOptions(stride, padding, dilation, number, outputPadding, paddingMode);
    }

    /**
     * Makes the output of a transposed convolution longer at the end of an axis. With a stride, inputs of several sizes have outputs of
     * one; this says which of them comes back.
     *
     * @throws IllegalArgumentException if one is negative, or none is given
     */
    public ConvOptions outputPadding(int... elements) {
        return new ConvOptions(
                stride, padding, dilation, groups, checked(getClass(), "outputPadding", 0, elements), paddingMode);
    }

    /**
     * Pads with other elements than zeros, the default. The input must have as many as the mode needs; a transposed convolution takes
     * zeros only.
     */
    public ConvOptions paddingMode(PadMode mode) {
        if (mode == null) {
            throw new IllegalArgumentException("ConvOptions.paddingMode: the mode is null");
        }
        return new ConvOptions(stride, padding, dilation, groups, outputPadding, mode);
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
