package io.adjoint.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Arrays;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Stride, padding and dilation: the settings that {@link Window} and {@link ConvOptions} share. Each is one number for all axes, or one
 * for each.
 *
 * <p>Options are values: each method returns a changed copy.
 *
 * @param <S> the subclass, which all methods that change a setting return
 */
@CheckReturnValue
public abstract sealed class SlidingOptions<S extends SlidingOptions<S>> extends Options<S>
        permits Window, ConvOptions {
    static final int[] NONE = {};
    /** Stands for the padding that keeps the sizes of a convolution's input; recognised by identity, since it is empty. */
    static final int[] SAME = {};

    static final int[] ZERO = {0};
    static final int[] ONE = {1};

    int[] stride;
    int[] padding = ZERO;
    int[] dilation = ONE;

    SlidingOptions(int[] stride) {
        this.stride = stride;
    }

    /**
     * Sets the stride, the distance between neighbouring positions of the kernel.
     *
     * @throws IllegalArgumentException if a number is less than 1, or no number is given
     */
    public final S stride(int... stride) {
        return with(copy -> {
            copy.stride = checked(getClass(), "stride", 1, stride);
            copy.requireFit();
        });
    }

    /** Refuses settings that exclude each other. */
    void requireFit() {}

    /**
     * Sets the padding, the number of elements added at both ends of an axis.
     *
     * @throws IllegalArgumentException if a number is negative, or no number is given
     */
    public final S padding(int... padding) {
        return with(copy -> copy.padding = checked(getClass(), "padding", 0, padding));
    }

    /**
     * Sets the dilation, the distance between neighbouring elements of the kernel; 1, the default, leaves no gaps.
     *
     * @throws IllegalArgumentException if a number is less than 1, or no number is given
     */
    public final S dilation(int... dilation) {
        return with(copy -> copy.dilation = checked(getClass(), "dilation", 1, dilation));
    }

    static int[] checked(Class<?> options, String setting, int smallest, int... numbers) {
        if (numbers.length == 0 || Arrays.stream(numbers).anyMatch(number -> number < smallest)) {
            throw new IllegalArgumentException(options.getSimpleName() + "." + setting + ": must be at least "
                    + smallest + ", one number for all axes or one for each, got " + Arrays.toString(numbers));
        }
        return numbers.clone();
    }

    // ---- description ----

    /**
     * The kernel, if there is one, and the settings that are not the defaults: {@code stride 2, padding 1×0}; empty if all settings are
     * defaults.
     */
    public final String describe() {
        StringJoiner all = new StringJoiner(", ");
        addKernel(all);
        // A window's default stride is the kernel's size, for which the stride array is empty.
        add(all, "stride", stride, this instanceof Window ? 0 : 1);
        if (padding == SAME) {
            all.add("same padding");
        } else {
            add(all, "padding", padding, 0);
        }
        add(all, "dilation", dilation, 1);
        addOthers(all);
        return all.toString();
    }

    /** Adds the sizes of the kernel to the description, if these options have a kernel. */
    void addKernel(StringJoiner all) {}

    /** Adds the settings that only the subclass has to the description. */
    abstract void addOthers(StringJoiner all);

    static void add(StringJoiner all, String setting, int[] numbers, int usual) {
        if (Arrays.stream(numbers).anyMatch(number -> number != usual)) {
            all.add(setting + " " + sizes(numbers));
        }
    }

    static String sizes(int... numbers) {
        return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining("×"));
    }

    /** The type and its description: {@code ConvOptions(stride 2)}. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "(" + describe() + ")";
    }
}
