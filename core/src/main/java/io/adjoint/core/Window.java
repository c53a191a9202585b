package io.adjoint.core;

import java.util.Arrays;

/**
 * A window that slides over the last axes of an array: the sides of its kernel, how far it steps, how many elements of padding stand
 * on both sides of the array, and how far the kernel's elements are apart. Each is one number for all axes, or one for each.
 *
 * <pre>{@code new Window(3).stride(2).padding(1)}</pre>
 *
 * <p>Settings are values: each method returns a changed copy.
 */
public final class Window {
    private static final int[] NONE = {};
    private static final int[] ZERO = {0};
    private static final int[] ONE = {1};

    private final int[] kernel;
    /** Empty while nothing was said. */
    private final int[] stride;

    private final int[] padding;
    private final int[] dilation;
    private final boolean ceilMode;

    /**
     * A window of the given sides, without padding, its elements next to each other.
     *
     * @throws IllegalArgumentException if a side is less than 1, or none is given
     */
    public Window(int... kernel) {
        this(checked("kernel", 1, kernel), NONE, ZERO, ONE, false);
    }

    private Window(int[] kernel, int[] stride, int[] padding, int[] dilation, boolean ceilMode) {
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
        this.dilation = dilation;
        this.ceilMode = ceilMode;
    }

    private static int[] checked(String what, int least, int... numbers) {
        if (numbers.length == 0 || Arrays.stream(numbers).anyMatch(number -> number < least)) {
            throw new IllegalArgumentException("window: " + what + " must be at least " + least
                    + ", one number for all axes or one for each, got " + Arrays.toString(numbers));
        }
        return numbers.clone();
    }

    /** With a kernel of other sides. */
    public Window kernel(int... sides) {
        return new Window(checked("kernel", 1, sides), stride, padding, dilation, ceilMode);
    }

    /** With steps of so many elements; if nothing is said, pooling steps by the kernel's side, and all else by 1. */
    public Window stride(int... steps) {
        return new Window(kernel, checked("stride", 1, steps), padding, dilation, ceilMode);
    }

    /** With so many elements of padding on both sides of an axis. */
    public Window padding(int... elements) {
        return new Window(kernel, stride, checked("padding", 0, elements), dilation, ceilMode);
    }

    /** With the elements of the kernel so far apart; 1 is next to each other. */
    public Window dilation(int... distances) {
        return new Window(kernel, stride, padding, checked("dilation", 1, distances), ceilMode);
    }

    /** With a last step that may lead beyond the padding, if it begins before it: the number of steps is rounded up. */
    public Window ceilMode() {
        return new Window(kernel, stride, padding, dilation, true);
    }

    /** How many axes this is for; 1 if it is the same for any number of them. */
    public int axes() {
        return Math.max(Math.max(kernel.length, stride.length), Math.max(padding.length, dilation.length));
    }

    /**
     * Where the window stands on the last axes of an array.
     *
     * @param op the operation that asks, for messages
     * @param axes the number of these axes
     * @param tiling whether steps are as long as the kernel if nothing was said
     * @throws ShapeException if this is for another number of axes, or the window is longer than an axis with its padding, by a step
     *     or more if the number of steps is rounded up
     */
    public Sliding over(String op, Shape shape, int axes, boolean tiling) {
        int[] sides = Sliding.lastSides(op, shape, axes);
        Sliding sliding = sliding(op, axes, tiling, sides, new int[axes]);
        for (int axis = 0; axis < axes; axis++) {
            long extent = sliding.extent(axis);
            long padded = sides[axis] + 2L * sliding.padding[axis];
            long beyond = ceilMode ? sliding.stride[axis] - 1 : 0;
            if (extent > padded + beyond || padded > Integer.MAX_VALUE) {
                throw new ShapeException(op + ": a window of " + Arrays.toString(sliding.kernel) + " with dilation "
                        + sliding.dilation[axis] + " and padding " + sliding.padding[axis] + " does not fit " + shape
                        + ": it spans " + extent + " on axis " + (axis - axes) + ", which has " + padded
                        + " with its padding; "
                        + (extent > padded ? "take a smaller kernel or more padding" : "take less padding"));
            }
            sliding.output[axis] = (int) places(sliding, axis, padded - extent, sides[axis]);
        }
        return sliding;
    }

    private long places(Sliding sliding, int axis, long room, int side) {
        int step = sliding.stride[axis];
        long places = (ceilMode ? (room + step - 1) / step : room / step) + 1;
        boolean beginsBeyond = (places - 1) * step >= (long) side + sliding.padding[axis];
        return ceilMode && places > 1 && beginsBeyond ? places - 1 : places;
    }

    /**
     * The opposite: on what the window stands at as many places as an array's last axes have elements.
     *
     * @param outputPadding how many elements longer that is than it need be; several lengths have the same number of places
     * @throws ShapeException if this is for another number of axes, or that would have no or too many elements
     */
    public Sliding under(String op, Shape shape, int axes, int... outputPadding) {
        int[] places = Sliding.lastSides(op, shape, axes);
        int[] extra = perAxis(op, "output padding", axes, outputPadding);
        Sliding sliding = sliding(op, axes, false, new int[axes], places);
        for (int axis = 0; axis < axes; axis++) {
            int step = sliding.stride[axis];
            if (extra[axis] >= Math.max(step, sliding.dilation[axis])) {
                throw new IllegalArgumentException(op + ": output padding " + extra[axis]
                        + " must be less than the stride " + step + " or the dilation " + sliding.dilation[axis]
                        + ", axis " + (axis - axes));
            }
            long side = (places[axis] - 1L) * step - 2L * sliding.padding[axis] + sliding.extent(axis) + extra[axis];
            if (places[axis] == 0 || side < 1 || side + 2L * sliding.padding[axis] > Integer.MAX_VALUE) {
                throw new ShapeException(op + ": " + shape + " with a window of " + Arrays.toString(sliding.kernel)
                        + " and padding " + sliding.padding[axis] + " makes a side of " + side + " of axis "
                        + (axis - axes) + ", which has " + places[axis]
                        + "; take less padding or a larger kernel, and an axis that is not empty");
            }
            sliding.input[axis] = (int) side;
        }
        return sliding;
    }

    private Sliding sliding(String op, int axes, boolean tiling, int[] input, int[] output) {
        int[] sides = perAxis(op, "kernel", axes, kernel);
        int[] steps = stride.length > 0 ? stride : tiling ? sides : ONE;
        return new Sliding(
                op,
                sides,
                perAxis(op, "stride", axes, steps),
                perAxis(op, "padding", axes, padding),
                perAxis(op, "dilation", axes, dilation),
                input,
                output);
    }

    private static int[] perAxis(String op, String what, int axes, int... numbers) {
        if (numbers.length != 1 && numbers.length != axes) {
            throw new IllegalArgumentException(op + ": " + what + " " + Arrays.toString(numbers) + " has "
                    + numbers.length + " numbers; expected one for all " + axes + " axes, or one for each");
        }
        int[] all = new int[axes];
        Arrays.setAll(all, axis -> numbers[numbers.length == 1 ? 0 : axis]);
        return all;
    }

    /** The settings, for messages. */
    @Override
    public String toString() {
        return "window of " + Arrays.toString(kernel) + ", stride "
                + (stride.length == 0 ? "unset" : Arrays.toString(stride)) + ", padding " + Arrays.toString(padding)
                + ", dilation " + Arrays.toString(dilation) + (ceilMode ? ", rounding up" : "");
    }
}
