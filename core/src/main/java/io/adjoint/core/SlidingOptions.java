package io.adjoint.core;

import java.util.Arrays;

/**
 * Stride, padding and dilation: the settings that {@link Window} and {@link ConvOptions} share. Each is one number for all axes, or one
 * for each.
 *
 * <p>Options are values: each method returns a changed copy.
 *
 * @param <S> the options themselves
 */
public abstract sealed class SlidingOptions<S extends SlidingOptions<S>> permits Window, ConvOptions {
    static final int[] NONE = {};
    /** The padding of a convolution that keeps the sizes. */
    static final int[] SAME = {};

    static final int[] ZERO = {0};
    static final int[] ONE = {1};

    final int[] stride;
    final int[] padding;
    final int[] dilation;

    SlidingOptions(int[] stride, int[] padding, int[] dilation) {
        this.stride = stride;
        this.padding = padding;
        this.dilation = dilation;
    }

    abstract S with(int[] newStride, int[] newPadding, int[] newDilation);

    /**
     * Sets the stride, the distance between neighbouring positions of the kernel.
     *
     * @throws IllegalArgumentException if one is less than 1, or none is given
     */
    public final S stride(int... stride) {
        return with(checked(getClass(), "stride", 1, stride), padding, dilation);
    }

    /**
     * Sets the padding, the number of elements added at both ends of an axis.
     *
     * @throws IllegalArgumentException if one is negative, or none is given
     */
    public final S padding(int... padding) {
        return with(stride, checked(getClass(), "padding", 0, padding), dilation);
    }

    /**
     * Sets the dilation, the distance between neighbouring elements of the kernel; 1 is next to each other.
     *
     * @throws IllegalArgumentException if one is less than 1, or none is given
     */
    public final S dilation(int... dilation) {
        return with(stride, padding, checked(getClass(), "dilation", 1, dilation));
    }

    static int[] checked(Class<?> options, String setting, int smallest, int... numbers) {
        if (numbers.length == 0 || Arrays.stream(numbers).anyMatch(number -> number < smallest)) {
            throw new IllegalArgumentException(options.getSimpleName() + "." + setting + ": must be at least "
                    + smallest + ", one number for all axes or one for each, got " + Arrays.toString(numbers));
        }
        return numbers.clone();
    }

    /** The settings, for messages. */
    @Override
    public String toString() {
        return "stride " + (stride.length == 0 ? "unset" : Arrays.toString(stride)) + ", padding "
                + (padding == SAME ? "same" : Arrays.toString(padding)) + ", dilation " + Arrays.toString(dilation);
    }
}
