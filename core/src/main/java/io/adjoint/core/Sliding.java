package io.adjoint.core;

import java.util.Arrays;

/** The places at which a {@link Window} stands on axes of given sides, one set of numbers for each of these axes. */
public final class Sliding {
    final int[] kernel;
    final int[] stride;
    final int[] padding;
    final int[] dilation;
    /** The sides that the window slides over. */
    final int[] input;
    /** At how many places it stands. */
    final int[] output;

    Sliding(int[] kernel, int[] stride, int[] padding, int[] dilation, int[] input, int[] output) {
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
        this.dilation = dilation;
        this.input = input;
        this.output = output;
    }

    static int[] lastSides(String op, Shape shape, int axes) {
        if (shape.rank() < axes) {
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
        return Shape.of(kernel).size();
    }

    /** The number of places. */
    public int places() {
        return Shape.of(output).size();
    }

    /** An array's shape with its last axes replaced by the sides that the window slides over, as {@code [leading..., sides...]}. */
    public Shape inputShape(int... leading) {
        return Shape.of(leading).append(input);
    }

    /** A shape whose last axes have an element for each place. */
    public Shape outputShape(int... leading) {
        return Shape.of(leading).append(output);
    }

    /** A shape whose last axes have an element for each element of the window. */
    public Shape kernelShape(int... leading) {
        return Shape.of(leading).append(kernel);
    }

    /** The number of elements that the window slides over. */
    int plane() {
        return Shape.of(input).size();
    }

    /** The same over three axes, with axes of side 1 in front, so that loops can be nested and need not recurse. */
    Sliding overThree(String op) {
        if (axes() > 3) {
            throw new ShapeException(op + ": a window slides over at most 3 axes, not " + axes());
        }
        return new Sliding(
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
