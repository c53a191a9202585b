package io.adjoint.core;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of an array's axes, outermost first; immutable. The empty shape {@code []} is the shape of a scalar. Sizes may be 0. Wherever
 * an argument names an axis, −1 is the last axis.
 */
@CheckReturnValue
public final class Shape {
    private static final Shape SCALAR = new Shape(new int[0], 1);
    private static final String TOO_MANY = "more than 2147483647 elements, the most that a Java array holds";

    private final int[] dims;
    private final int size;
    private final int[] strides;

    private Shape(int[] dims, int size) {
        this.dims = dims;
        this.size = size;
        this.strides = rowMajor(dims);
    }

    /** The shape of a scalar: no axes, one element. */
    public static Shape scalar() {
        return SCALAR;
    }

    /**
     * The shape with the given sizes.
     *
     * @throws ShapeException if a size is negative or there are more than 2³¹−1 elements
     */
    public static Shape of(int... dims) {
        return of("Shape.of", dims);
    }

    /**
     * As {@link #of(int...)}, for an operation that takes these sizes.
     *
     * @param op the operation's name, for the message
     */
    public static Shape of(String op, int... dims) {
        return dims.length == 0 ? SCALAR : adopt(op, dims.clone());
    }

    /** Like {@link #of(String, int...)}, for a Java array that no other code changes, and that is therefore not copied. */
    static Shape adopt(String op, int[] dims) {
        for (int dim : dims) {
            if (dim < 0) {
                throw new ShapeException(op + ": " + Arrays.toString(dims) + " has a negative size: " + dim);
            }
        }
        long size = product(dims);
        if (size > Integer.MAX_VALUE) {
            throw new ShapeException(op + ": " + Arrays.toString(dims) + " has " + TOO_MANY);
        }
        return new Shape(dims, (int) size);
    }

    /**
     * Like {@link #adopt(String, int[])}, for an operation that computes the sizes from one shape or two shapes, which the message then
     * names.
     */
    static Shape adopt(String op, Shape a, @Nullable Shape b, int[] dims) {
        long size = product(dims);
        if (size > Integer.MAX_VALUE) {
            throw new ShapeException(op + ": " + a + (b == null ? "" : " with " + b) + " would become "
                    + Arrays.toString(dims) + ", which has " + TOO_MANY);
        }
        return new Shape(dims, (int) size);
    }

    /** The product of the sizes, or 2³¹ if the product is larger; with a size of 0 the product is always 0. */
    private static long product(int[] dims) {
        long product = 1;
        for (int dim : dims) {
            product = Math.min(product * dim, 1L << 31);
        }
        return product;
    }

    /**
     * The shape with the given sizes, for an operation that computed them from another shape and its arguments.
     *
     * @throws ShapeException if there are more than 2³¹−1 elements
     */
    public static Shape of(String op, Shape from, long... dims) {
        boolean empty = Arrays.stream(dims).anyMatch(length -> length == 0);
        long size = 1;
        for (long length : dims) {
            size = empty ? 0 : Math.min(size * Math.min(length, 1L << 31), 1L << 31);
            if (length > Integer.MAX_VALUE || size > Integer.MAX_VALUE) {
                throw new ShapeException(
                        op + ": " + from + " would become " + Arrays.toString(dims) + ", which has " + TOO_MANY);
            }
        }
        return adopt(op, Arrays.stream(dims).mapToInt(length -> (int) length).toArray());
    }

    private static int[] rowMajor(int[] dims) {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(dims[axis], 1);
        }
        return strides;
    }

    /** The number of axes. */
    public int rank() {
        return dims.length;
    }

    /** The number of elements: the product of the sizes. */
    public int size() {
        return size;
    }

    /** The size of one axis; −1 is the last. */
    public int dim(int axis) {
        return dims[axis("dim", axis)];
    }

    /** A copy of the sizes. */
    public int[] toArray() {
        return dims.clone();
    }

    /**
     * The index along each axis of the element at a position in row-major order, as NumPy's {@code unravel_index}.
     *
     * @throws ShapeException if there is no such element
     */
    public int[] unravelIndex(int position) {
        if (position < 0 || position >= size) {
            throw new ShapeException("unravelIndex: position " + position + " is out of range for shape " + this
                    + (size == 0 ? ", which has no elements" : "; expected 0 to " + (size - 1)));
        }
        int[] index = new int[dims.length];
        for (int axis = dims.length - 1, rest = position; axis >= 0; axis--) {
            index[axis] = rest % dims[axis];
            rest /= dims[axis];
        }
        return index;
    }

    /** The sizes themselves, for reading only. */
    int[] dims() {
        return dims;
    }

    /** The strides of a dense row-major array of this shape, for reading only. */
    int[] strides() {
        return strides;
    }

    /**
     * The axis counted from the front.
     *
     * @param op the operation that asks, for the message
     * @throws ShapeException if it is outside {@code [-rank, rank)}
     */
    public int axis(String op, int axis) {
        if (axis < -dims.length || axis >= dims.length) {
            throw new ShapeException(op + ": axis " + axis + " is out of range for shape " + this
                    + (dims.length == 0
                            ? ", which has no axes"
                            : "; expected " + -dims.length + " to " + (dims.length - 1)));
        }
        return axis < 0 ? axis + dims.length : axis;
    }

    /**
     * The given axes, or all axes if none is given, counted from the front and in ascending order. A caller that only wants the check may
     * ignore the result.
     *
     * @throws ShapeException if an axis is out of range or given twice
     */
    @CanIgnoreReturnValue
    public int[] axes(String op, int... axes) {
        boolean[] named = new boolean[dims.length];
        for (int axis : axes) {
            int a = axis(op, axis);
            if (named[a]) {
                throw new ShapeException(op + ": axis " + axis + " is named twice in " + Arrays.toString(axes));
            }
            named[a] = true;
        }
        int[] sorted = new int[axes.length == 0 ? dims.length : axes.length];
        int count = 0;
        for (int a = 0; a < dims.length; a++) {
            if (axes.length == 0 || named[a]) {
                sorted[count++] = a;
            }
        }
        return sorted;
    }

    /** This shape without the given axes or, with {@link Dims#KEEP}, with their sizes set to 1; all axes if none is given. */
    public Shape reduce(String op, Dims choice, int... axes) {
        int[] reduced = axes(op, axes);
        boolean keep = requireNonNull(choice, "dims") == Dims.KEEP;
        int[] kept = new int[keep ? dims.length : dims.length - reduced.length];
        for (int a = 0, next = 0, k = 0; a < dims.length; a++) {
            boolean gone = next < reduced.length && reduced[next] == a;
            if (gone) {
                next++;
            }
            if (keep || !gone) {
                kept[k++] = gone ? 1 : dims[a];
            }
        }
        return adopt(op, this, null, kept);
    }

    /** This shape with further sizes appended, for an operation of the given name. */
    public Shape append(String op, int... sizes) {
        int[] all = Arrays.copyOf(dims, dims.length + sizes.length);
        System.arraycopy(sizes, 0, all, dims.length, sizes.length);
        return adopt(op, all);
    }

    /**
     * The shape to which two shapes broadcast: the shapes are aligned at their last axes, and the sizes of each pair of axes are equal or
     * one of them is 1.
     *
     * @throws ShapeException if a pair of sizes differs and neither is 1, or there are more than 2³¹−1 elements
     */
    public static Shape broadcast(String op, Shape a, Shape b) {
        // Mostly one shape broadcasts to the other (equal shapes, a number, a bias), and is the result.
        if (b.broadcastsTo(a)) {
            return a;
        }
        if (a.broadcastsTo(b)) {
            return b;
        }
        int rank = Math.max(a.rank(), b.rank());
        int[] dims = new int[rank];
        for (int back = 1; back <= rank; back++) {
            int m = back <= a.rank() ? a.dims[a.rank() - back] : 1;
            int n = back <= b.rank() ? b.dims[b.rank() - back] : 1;
            if (m != n && m != 1 && n != 1) {
                throw new ShapeException(
                        op + ": cannot broadcast " + a + " with " + b + ": axis " + -back + " has " + m + " vs " + n);
            }
            dims[rank - back] = m == 1 ? n : m;
        }
        return adopt(op, a, b, dims);
    }

    /** Returns whether the last axes have the given sizes. */
    boolean endsWith(Shape sizes) {
        int lead = rank() - sizes.rank();
        return lead >= 0 && Arrays.equals(dims, lead, rank(), sizes.dims, 0, sizes.rank());
    }

    /** Returns whether an array of this shape broadcasts to {@code target} without changing {@code target}. */
    public boolean broadcastsTo(Shape target) {
        if (rank() > target.rank()) {
            return false;
        }
        for (int back = 1; back <= rank(); back++) {
            int m = dims[rank() - back];
            if (m != 1 && m != target.dims[target.rank() - back]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The given sizes, with one −1 replaced by the size that makes the number of elements equal to this shape's.
     *
     * @throws ShapeException if the sizes differ or −1 cannot be inferred
     */
    public Shape reshaped(int... dims) {
        return reshaped("reshape", dims);
    }

    /** As {@link #reshaped(int...)}, with another operation's name in messages. */
    public Shape reshaped(String op, int... dims) {
        int[] target = dims.clone();
        int unknown = -1;
        long known = 1;
        for (int i = 0; i < target.length; i++) {
            if (target[i] == -1 && unknown >= 0) {
                throw new ShapeException(
                        op + ": only one size can be inferred, but " + Arrays.toString(dims) + " has two of -1");
            } else if (target[i] == -1) {
                unknown = i;
            } else if (target[i] < 0) {
                throw new ShapeException(op + ": " + Arrays.toString(dims) + " has a negative size: " + target[i]
                        + "; only -1 stands for a size, the one to be inferred");
            } else {
                // The product is limited to 2³¹, which divides the size of no array; a later size of 0 still makes the
                // product 0.
                known = Math.min(known * target[i], 1L << 31);
            }
        }
        if (unknown >= 0) {
            if (known == 0 && size == 0) {
                throw new ShapeException(op + ": -1 in " + Arrays.toString(dims) + " is ambiguous for " + this
                        + ", which has no elements");
            }
            target[unknown] = known == 0 ? 0 : (int) (size / known);
        }
        Shape shape = adopt(op, target);
        if (shape.size != size) {
            throw new ShapeException(op + ": cannot make " + Arrays.toString(dims) + " of " + this + ": it has " + size
                    + " elements, not " + (unknown >= 0 ? "a multiple of " + known : shape.size));
        }
        return shape;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Shape shape && Arrays.equals(dims, shape.dims));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** The sizes as {@code [2, 3]}. */
    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
