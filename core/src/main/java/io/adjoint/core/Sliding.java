package io.adjoint.core;

import java.util.Arrays;

/** The places at which a {@link Window} stands on axes of given sides, one set of numbers for each of these axes. */
@Internal
public final class Sliding {
    /** The operation that asked for it, for messages. */
    private final String op;

    final int[] kernel;
    final int[] stride;
    final int[] padding;
    final int[] dilation;
    /** The sides that the window slides over. */
    final int[] input;
    /** At how many places it stands. */
    final int[] output;

    Sliding(String op, int[] kernel, int[] stride, int[] padding, int[] dilation, int[] input, int[] output) {
        this.op = op;
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
        this.dilation = dilation;
        this.input = input;
        this.output = output;
    }

    static int[] lastSides(String op, Shape shape, int axes) {
        if (axes < 0 || shape.rank() < axes) {
            throw new ShapeException(
                    op + ": expected " + axes + " axes to slide over, but " + shape + " has " + shape.rank());
        }
        return Arrays.copyOfRange(shape.dims(), shape.rank() - axes, shape.rank());
    }

    /** The number of axes. */
    public int axes() {
        return kernel.length;
    }

    /** The number of elements in the window. */
    public int elements() {
        return Shape.of(op, kernel).size();
    }

    /** The number of places. */
    public int places() {
        return Shape.of(op, output).size();
    }

    /** An array's shape with its last axes replaced by the sides that the window slides over, as {@code [leading..., sides...]}. */
    public Shape inputShape(int... leading) {
        return Shape.of(op, leading).append(op, input);
    }

    /** A shape whose last axes have an element for each place. */
    public Shape outputShape(int... leading) {
        return Shape.of(op, leading).append(op, output);
    }

    /** A shape whose last axes have an element for each element of the window. */
    public Shape kernelShape(int... leading) {
        return Shape.of(op, leading).append(op, kernel);
    }

    /** The number of elements that the window slides over. */
    int plane() {
        return Shape.of(op, input).size();
    }

    /** The same over three axes, with axes of side 1 in front, so that loops can be nested and need not recurse. */
    Sliding overThree() {
        if (axes() > 3) {
            throw new ShapeException(op + ": a window slides over at most 3 axes, not " + axes());
        }
        return new Sliding(
                op,
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

    /** The first of the window's elements at an output position that is not in front of the axis. */
    int firstInside(int axis, int position) {
        long start = start(axis, position);
        return start >= 0 ? 0 : (int) Math.min(kernel[axis], ceilDiv(-start, dilation[axis]));
    }

    /** The number of the window's elements at an output position that are in front of an index along the axis. */
    int countBefore(int axis, int position, long index) {
        long room = index - start(axis, position);
        return room <= 0 ? 0 : (int) Math.min(kernel[axis], ceilDiv(room, dilation[axis]));
    }

    /** The index along an axis of the window's first element at an output position; negative in the padding. */
    long start(int axis, int position) {
        return (long) position * stride[axis] - padding[axis];
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }

    /** The first output position along an axis at which the window holds padding alone; −1 if there is none. */
    public int emptyPosition(int axis) {
        for (int position = 0; position < output[axis]; position++) {
            if (firstInside(axis, position) >= countBefore(axis, position, input[axis])) {
                return position;
            }
        }
        return -1;
    }

    /** How many elements the window spans along an axis, those between its own included. */
    long extent(int axis) {
        return (kernel[axis] - 1L) * dilation[axis] + 1;
    }

    /** Whether at every place the window holds one element, the one at that place. */
    boolean isIdentity() {
        return elements() == 1
                && Arrays.equals(input, output)
                && Arrays.stream(padding).allMatch(p -> p == 0)
                && Arrays.stream(stride).allMatch(s -> s == 1);
    }
}
