package io.adjoint.core;

import io.adjoint.core.loops.Taps;
import java.util.Arrays;

/**
 * The geometry of a kernel that slides over the last axes of an array: the sizes of input, kernel and output, stride, padding and dilation,
 * with one number for each of these axes. This is the only place where {@link Window} and {@link ConvOptions} are combined with a shape.
 *
 * @hidden
 */
@Internal
// Long because windows, convolutions and transposed convolutions share it, each with its checks.
public final class Sliding {
    /** The operation's name, for messages. */
    final String op;

    /** The number of groups of channels of a convolution; 1 for pooling. */
    final int groups;

    final int[] kernel;
    final int[] stride;
    final int[] padding;
    final int[] dilation;
    /** The sizes of the input along the axes over which the kernel slides. */
    final int[] input;
    /** The sizes of the output, which are the numbers of window positions along each axis. */
    final int[] output;

    private Sliding(
            String op,
            int groups,
            int[] kernel,
            int[] stride,
            int[] padding,
            int[] dilation,
            int[] input,
            int[] output) {
        this.op = op;
        this.groups = groups;
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
        this.dilation = dilation;
        this.input = input;
        this.output = output;
    }

    private static Sliding of(
            String op, int axes, int groups, int[] kernel, SlidingOptions<?> options, int[] input, int[] output) {
        int[] sizes = perAxis(op, "kernel", axes, kernel);
        int[] dilation = perAxis(op, "dilation", axes, options.dilation);
        return new Sliding(
                op,
                groups,
                sizes,
                options.stride.length == 0 ? sizes : perAxis(op, "stride", axes, options.stride),
                options.padding == SlidingOptions.SAME
                        ? halves(sizes, dilation)
                        : perAxis(op, "padding", axes, options.padding),
                dilation,
                input,
                output);
    }

    /** The padding before each axis for "same" padding: half of the axis's padding, rounded down; the other half is behind the axis. */
    private static int[] halves(int[] kernel, int[] dilation) {
        int[] halves = new int[kernel.length];
        Arrays.setAll(halves, axis -> (int) Math.min(Integer.MAX_VALUE, (kernel[axis] - 1L) * dilation[axis] / 2));
        return halves;
    }

    /**
     * The window of a pooling over the last axes of a shape; if no stride is set, the stride is the kernel's size.
     *
     * @param op the operation's name, for messages
     * @param axes the number of axes over which the window slides
     * @throws ShapeException if the shape has too few axes, or if the window is longer than a padded axis (if the output size is rounded
     *     up: longer by a stride or more)
     * @throws IllegalArgumentException if the window is for another number of axes
     */
    public static Sliding pooling(String op, Shape shape, int axes, Window window) {
        int[] input = lastSizes(op, shape, axes);
        return of(op, axes, 1, window.kernel, window, input, new int[axes]).over(shape, window.ceilMode, false);
    }

    /** The window of an unfolding over the last axes of a shape: like {@link #pooling}, but the stride is 1 if none is set. */
    public static Sliding unfolding(String op, Shape shape, int axes, Window window) {
        return pooling(op, shape, axes, window.stride.length == 0 ? window.stride(1) : window);
    }

    /**
     * The window of a convolution over the last axes of a shape.
     *
     * @param kernel the kernel's size along each of these axes
     * @throws ShapeException if the shape has too few axes, or if the kernel with its dilation is longer than a padded axis
     * @throws IllegalArgumentException if the options are for another number of axes, or an output padding is set
     */
    public static Sliding convolution(String op, Shape shape, ConvOptions options, int... kernel) {
        if (Arrays.stream(options.outputPadding).anyMatch(extra -> extra != 0)) {
            throw new IllegalArgumentException(op + ": output padding " + Arrays.toString(options.outputPadding)
                    + " is for a transposed convolution; use padding");
        }
        int axes = kernel.length;
        int[] input = lastSizes(op, shape, axes);
        return of(op, axes, options.groups, kernel, options, input, new int[axes])
                .over(shape, false, options.isSamePadding());
    }

    /**
     * The window of a transposed convolution of an array, which is the window of the convolution that it transposes: this convolution's
     * output sizes are the last sizes of the array's shape, and its input sizes are the sizes of the transposed convolution's result.
     *
     * @throws ShapeException if the shape has too few axes, or an axis of the array or of the result would be empty or too long
     * @throws IllegalArgumentException if the options are for another number of axes, have "same" padding or another padding mode than
     *     zeros, or have an output padding that is less than neither the stride nor the dilation
     */
    public static Sliding transposed(String op, Shape shape, ConvOptions options, int... kernel) {
        if (options.isSamePadding()) {
            throw new IllegalArgumentException(
                    op + ": padding that keeps the sizes is for a convolution; set the padding in numbers");
        }
        requireZeros(op, options);
        int axes = kernel.length;
        int[] output = lastSizes(op, shape, axes);
        return of(op, axes, options.groups, kernel, options, new int[axes], output)
                .under(shape, perAxis(op, "output padding", axes, options.outputPadding));
    }

    /**
     * Throws if the padding mode isn't zeros: a transposed convolution crops instead of padding, so it has no use for another mode.
     *
     * @throws IllegalArgumentException if the mode isn't zeros
     */
    public static void requireZeros(String op, ConvOptions options) {
        if (options.paddingMode != PadMode.ZEROS) {
            throw new IllegalArgumentException(op + ": the padding mode " + options.paddingMode
                    + " is for a convolution; a transposed one leaves elements out, and has ZEROS only");
        }
    }

    /**
     * The sizes along the last axes that an unpooling gives an array of the given shape, which are the input sizes of the pooling that it
     * inverts: {@code sizes} if set, otherwise the sizes that the windows cover exactly.
     *
     * @param sizes no size, one for all axes, or one for each axis
     * @throws ShapeException if the shape has too few axes, or a given size differs by a stride or more from the size that the windows
     *     cover exactly
     * @throws IllegalArgumentException if the window or the sizes are for another number of axes
     */
    public static int[] unpooled(String op, Shape shape, int axes, Window window, int... sizes) {
        int[] output = lastSizes(op, shape, axes);
        Sliding sliding = of(op, axes, 1, window.kernel, window, new int[axes], output);
        int[] wanted = sizes.length == 0 ? sizes : perAxis(op, "output sizes", axes, sizes);
        int[] unpooled = new int[axes];
        for (int axis = 0; axis < axes; axis++) {
            int s = sliding.stride[axis];
            long usual = (output[axis] - 1L) * s - 2L * sliding.padding[axis] + sliding.extent(axis);
            long size = wanted.length == 0 ? usual : wanted[axis];
            if (size < 1 || size > Integer.MAX_VALUE || Math.abs(size - usual) >= s) {
                throw new ShapeException(
                        op + ": " + window + " doesn't pool " + size + " elements to the " + output[axis]
                                + " of axis " + (axis - axes) + " of " + shape + "; expected an output size from "
                                + Math.max(1, usual - s + 1) + " to " + (usual + s - 1));
            }
            unpooled[axis] = (int) size;
        }
        return unpooled;
    }

    /**
     * Throws if the options are for a number of axes other than {@code axes}.
     *
     * @throws IllegalArgumentException if a setting is neither one number nor one for each of the axes
     */
    public static void requireAxes(String op, int axes, SlidingOptions<?> options) {
        if (options instanceof Window window) {
            requireOneOrEach(op, "kernel", axes, window.kernel);
        }
        if (options.stride.length != 0) {
            requireOneOrEach(op, "stride", axes, options.stride);
        }
        if (options.padding != SlidingOptions.SAME) {
            requireOneOrEach(op, "padding", axes, options.padding);
        }
        requireOneOrEach(op, "dilation", axes, options.dilation);
        if (options instanceof ConvOptions convolution) {
            requireOneOrEach(op, "output padding", axes, convolution.outputPadding);
        }
    }

    private static int[] lastSizes(String op, Shape shape, int axes) {
        if (axes < 0 || shape.rank() < axes) {
            throw new ShapeException(
                    op + ": expected " + axes + " axes to slide over, but " + shape + " has " + shape.rank());
        }
        return Arrays.copyOfRange(shape.dims(), shape.rank() - axes, shape.rank());
    }

    private static void requireOneOrEach(String op, String what, int axes, int... numbers) {
        if (numbers.length != 1 && numbers.length != axes) {
            throw new IllegalArgumentException(op + ": " + what + " " + Arrays.toString(numbers) + " has "
                    + numbers.length + " numbers; expected one for all " + axes + " axes, or one for each");
        }
    }

    private static int[] perAxis(String op, String what, int axes, int... numbers) {
        requireOneOrEach(op, what, axes, numbers);
        int[] all = new int[axes];
        Arrays.setAll(all, axis -> numbers[numbers.length == 1 ? 0 : axis]);
        return all;
    }

    /** Sets the output sizes, which follow from the input sizes, and returns this window. */
    private Sliding over(Shape shape, boolean ceilMode, boolean keepsSizes) {
        for (int axis = 0; axis < axes(); axis++) {
            long extent = extent(axis);
            long padded = input[axis] + (keepsSizes ? extent - 1 : 2L * padding[axis]);
            long beyond = ceilMode ? stride[axis] - 1 : 0;
            if (extent > padded + beyond || padded > Integer.MAX_VALUE) {
                throw new ShapeException(op + ": a window of " + Arrays.toString(kernel) + " with dilation "
                        + dilation[axis] + " and padding " + padding[axis] + " does not fit " + shape + ": it spans "
                        + extent + " on axis " + (axis - axes()) + ", which has " + padded + " with its padding; "
                        + (extent > padded ? "take a smaller kernel or more padding" : "take less padding"));
            }
            output[axis] = (int) outputSize(axis, padded - extent, ceilMode);
        }
        return this;
    }

    private long outputSize(int axis, long room, boolean ceilMode) {
        int s = stride[axis];
        long size = (ceilMode ? (room + s - 1) / s : room / s) + 1;
        boolean beginsBeyond = (size - 1) * s >= (long) input[axis] + padding[axis];
        return ceilMode && size > 1 && beginsBeyond ? size - 1 : size;
    }

    /**
     * Sets the input sizes, which follow from the output sizes, and returns this window. With a stride above 1, several input sizes have
     * the same output size. The input size is the smallest of them plus {@code extra}, the output padding of the transposed convolution.
     */
    private Sliding under(Shape shape, int[] extra) {
        for (int axis = 0; axis < axes(); axis++) {
            int s = stride[axis];
            if (extra[axis] >= Math.max(s, dilation[axis])) {
                throw new IllegalArgumentException(
                        op + ": output padding " + extra[axis] + " must be less than the stride " + s
                                + " or the dilation " + dilation[axis] + ", axis " + (axis - axes()));
            }
            long size = (output[axis] - 1L) * s - 2L * padding[axis] + extent(axis) + extra[axis];
            if (output[axis] == 0 || size < 1 || size + 2L * padding[axis] > Integer.MAX_VALUE) {
                throw new ShapeException(op + ": " + shape + " with a kernel of " + Arrays.toString(kernel)
                        + " and padding " + padding[axis] + " makes a size of " + size + " of axis "
                        + (axis - axes()) + ", which has " + output[axis]
                        + "; take less padding or a larger kernel, and an axis that is not empty");
            }
            input[axis] = (int) size;
        }
        return this;
    }

    /** The padding as pairs (before, behind), from the last axis to the first. */
    public int[] paddingPairs(ConvOptions options) {
        int[] pairs = new int[2 * axes()];
        for (int axis = 0; axis < axes(); axis++) {
            int at = 2 * (axes() - 1 - axis);
            pairs[at] = padding[axis];
            pairs[at + 1] = options.isSamePadding() ? (int) (extent(axis) - 1 - padding[axis]) : padding[axis];
        }
        return pairs;
    }

    /** The size of the kernel along each axis. */
    public int[] kernel() {
        return kernel.clone();
    }

    /** The stride along each axis. */
    public int[] stride() {
        return stride.clone();
    }

    /** The padding before each axis. */
    public int[] padding() {
        return padding.clone();
    }

    /** The dilation along each axis: the distance between neighbouring elements of the window. */
    public int[] dilation() {
        return dilation.clone();
    }

    /** The number of axes over which the window slides. */
    public int axes() {
        return kernel.length;
    }

    /** The number of elements of the window. */
    public int elements() {
        return Shape.of(op, kernel).size();
    }

    /** The number of window positions over all axes. */
    public int positions() {
        return Shape.of(op, output).size();
    }

    /** The shape {@code [leading..., sizes...]} with the input sizes as its last axes. */
    public Shape inputShape(int... leading) {
        return Shape.of(op, leading).append(op, input);
    }

    /** The shape {@code [leading..., sizes...]} with the output sizes as its last axes. */
    public Shape outputShape(int... leading) {
        return Shape.of(op, leading).append(op, output);
    }

    /** The shape {@code [leading..., sizes...]} with the kernel's sizes as its last axes. */
    public Shape kernelShape(int... leading) {
        return Shape.of(op, leading).append(op, kernel);
    }

    /** The number of elements of an input plane, over which the window slides. */
    int plane() {
        return Shape.of(op, input).size();
    }

    /**
     * Returns a copy of this window with three axes, in which the added leading axes have size 1, so that kernels need just one form, three
     * nested loops.
     */
    Sliding overThree() {
        if (axes() > 3) {
            throw new ShapeException(op + ": a window slides over at most 3 axes, not " + axes());
        }
        return new Sliding(
                op,
                groups,
                three(kernel, 1),
                three(stride, 1),
                three(padding, 0),
                three(dilation, 1),
                three(input, 1),
                three(output, 1));
    }

    private static int[] three(int[] numbers, int inFront) {
        int[] three = {inFront, inFront, inFront};
        System.arraycopy(numbers, 0, three, three.length - numbers.length, numbers.length);
        return three;
    }

    /**
     * The taps of a window along one axis, without taps in the padding. The weight of a tap is the weight of an element in the window's
     * mean.
     */
    public Taps taps(int axis, Padding counting) {
        int size = input[axis];
        long padded = size + (long) padding[axis];
        int[] first = new int[output[axis]];
        int[] count = new int[first.length];
        double[] weights = new double[first.length];
        for (int position = 0; position < first.length; position++) {
            int inside = firstInside(axis, position);
            first[position] = (int) (start(axis, position) + (long) inside * dilation[axis]);
            // Only indices inside the axis count as taps: most of a window may lie outside.
            count[position] = Math.max(0, countBefore(axis, position, size) - inside);
            int counted = counting == Padding.COUNTED ? countBefore(axis, position, padded) : count[position];
            weights[position] = 1.0 / counted;
        }
        return Taps.windows(size, first, count, dilation[axis], weights);
    }

    /** The index, within the window at an output position, of the first element that is not in the padding before the axis. */
    int firstInside(int axis, int position) {
        long start = start(axis, position);
        return start >= 0 ? 0 : (int) Math.min(kernel[axis], ceilDiv(-start, dilation[axis]));
    }

    /** The number of elements of the window at an output position whose index along the axis is below the given index. */
    int countBefore(int axis, int position, long index) {
        long room = index - start(axis, position);
        return room <= 0 ? 0 : (int) Math.min(kernel[axis], ceilDiv(room, dilation[axis]));
    }

    /** The index along an axis of the first element of the window at an output position; negative if the element is in the padding. */
    long start(int axis, int position) {
        return (long) position * stride[axis] - padding[axis];
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }

    /** The first output position along an axis at which the window contains only padding; −1 if there is no such position. */
    public int emptyPosition(int axis) {
        for (int position = 0; position < output[axis]; position++) {
            if (firstInside(axis, position) >= countBefore(axis, position, input[axis])) {
                return position;
            }
        }
        return -1;
    }

    /** The number of elements that the window spans along an axis, including the elements that the dilation skips. */
    long extent(int axis) {
        return (kernel[axis] - 1L) * dilation[axis] + 1;
    }
}
