package io.adjoint.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;

/**
 * Computes the shapes of reshaped, expanded and repeated arrays, and checks the arguments.
 *
 * @hidden
 */
@Internal
public final class Sizes {
    /**
     * The intermediate shapes of tiling: each axis becomes two axes, one for the copies and one for the axis's own entries, and the axis
     * for the copies is broadcast.
     *
     * @param once the shape with an axis of size 1 inserted for the copies before each axis
     * @param often the shape in which these axes are broadcast to the numbers of copies
     * @param tiled the shape of the result, in which each pair of axes is merged again
     * @hidden
     */
    public record Tiling(Shape once, Shape often, Shape tiled) {}

    private Sizes() {}

    /** The sizes of a shape as longs, so that other sizes can be computed from them without overflow. */
    public static long[] of(Shape shape) {
        return Arrays.stream(shape.dims()).asLongStream().toArray();
    }

    /** The shape with the sizes of {@code count} axes, from axis {@code first} on, replaced by the sizes {@code by}. */
    @CanIgnoreReturnValue
    public static Shape replaced(String op, Shape shape, int first, int count, long... by) {
        long[] dims = of(shape);
        long[] target = Arrays.copyOf(dims, dims.length - count + by.length);
        System.arraycopy(by, 0, target, first, by.length);
        System.arraycopy(dims, first + count, target, first + by.length, dims.length - first - count);
        return Shape.of(op, shape, target);
    }

    /**
     * The shape of the result of {@code expand}.
     *
     * @param dims a size for each axis, including new leading axes; −1 keeps an axis's size
     * @throws ShapeException if a size other than 1 would change, or there are fewer sizes than axes
     */
    public static Shape expanded(Shape from, int... dims) {
        int added = dims.length - from.rank();
        if (added < 0) {
            throw new ShapeException("expand: " + Arrays.toString(dims) + " has fewer sizes than " + from
                    + ", of which each must be named; -1 keeps one");
        }
        long[] target = new long[dims.length];
        for (int axis = 0; axis < dims.length; axis++) {
            boolean kept = dims[axis] == -1 && axis >= added;
            if (dims[axis] < 0 && !kept) {
                throw new ShapeException("expand: the size " + dims[axis] + " of axis " + axis + " in "
                        + Arrays.toString(dims) + " is negative; only -1 may be, which keeps a size of " + from);
            }
            int own = axis < added ? 1 : from.dim(axis - added);
            if (!kept && own != 1 && own != dims[axis]) {
                throw new ShapeException("expand: axis " + (axis - added) + " of " + from + " has size " + own
                        + ", which cannot become " + dims[axis] + "; only a size of 1 is repeated, and -1 keeps one");
            }
            target[axis] = kept ? own : dims[axis];
        }
        return Shape.of("expand", from, target);
    }

    /**
     * The {@link Tiling} of the operation tile, whose arguments are the numbers of copies along the last axes.
     *
     * @throws IllegalArgumentException if a number of copies is negative
     */
    public static Tiling tiled(Shape shape, int... repeats) {
        return tiled("tile", shape, repeats);
    }

    /**
     * The {@link Tiling} of the operation repeat, whose arguments are the numbers of copies along all axes.
     *
     * @throws ShapeException if there are fewer numbers of copies than axes
     * @throws IllegalArgumentException if a number of copies is negative
     */
    public static Tiling repeated(Shape shape, int... repeats) {
        if (repeats.length < shape.rank()) {
            throw new ShapeException("repeat: " + Arrays.toString(repeats) + " has fewer numbers than " + shape
                    + " has axes; name each axis, or use tile, which repeats the last ones");
        }
        return tiled("repeat", shape, repeats);
    }

    private static Tiling tiled(String op, Shape shape, int... repeats) {
        int rank = Math.max(shape.rank(), repeats.length);
        int[] once = new int[2 * rank];
        int[] often = new int[2 * rank];
        long[] target = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            int own = axis - (rank - shape.rank());
            int named = axis - (rank - repeats.length);
            int count = named < 0 ? 1 : requireCopies(op, repeats[named], repeats);
            once[2 * axis] = 1;
            often[2 * axis] = count;
            once[2 * axis + 1] = own < 0 ? 1 : shape.dim(own);
            often[2 * axis + 1] = once[2 * axis + 1];
            target[axis] = (long) count * once[2 * axis + 1];
        }
        Shape tiled = Shape.of(op, shape, target);
        return new Tiling(Shape.of(once), Shape.of(often), tiled);
    }

    /**
     * Throws if a number of copies is negative.
     *
     * @param all all numbers of copies, for the message
     */
    @CanIgnoreReturnValue
    public static int requireCopies(String op, int count, int... all) {
        if (count < 0) {
            throw new IllegalArgumentException(
                    op + ": " + count + " in " + Arrays.toString(all) + " is negative; expected 0 or more copies");
        }
        return count;
    }
}
