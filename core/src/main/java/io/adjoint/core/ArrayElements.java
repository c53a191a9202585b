package io.adjoint.core;

import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Clock;

/**
 * The Java array that holds the elements of an {@link NdArray}. Kernels in other modules read arrays through this record: most of them in
 * row-major order, so that they need not handle strides.
 *
 * @param array the Java array
 * @param offset the index of the first element
 * @hidden
 */
@Internal
public record ArrayElements(Object array, int offset) {
    /**
     * The elements of x in row-major order: the Java array of x itself, or a copy if the elements of x lie in another order. A kernel
     * writes to this Java array only if x is a new result of the kernel.
     */
    public static ArrayElements of(NdArray x) {
        NdArray dense = x.contiguous();
        return new ArrayElements(dense.elements(), dense.offset);
    }

    /** The Java array of x itself, without a copy; {@link #strides} tells where in this array the elements of x lie. */
    public static ArrayElements inPlace(NdArray x) {
        return new ArrayElements(x.elements(), x.offset);
    }

    /** A copy of the strides of x: for each axis, the distance between neighbouring elements in the Java array. */
    public static int[] strides(NdArray x) {
        return x.strides.clone();
    }

    /** The number of the last change in place to the elements of x ({@link Clock}), 0 if there was none; views share it. */
    public static long modified(NdArray x) {
        return x.modified();
    }

    /** A Java array of n undefined elements, for a result of which a kernel writes every element. */
    public static Object empty(DType dtype, int n) {
        Object array = GradientPool.allocate(dtype, n, false);
        GradientPool.check(array);
        return array;
    }

    /** A Java array of n zeros, for a result to which a kernel adds. */
    public static Object zeros(DType dtype, int n) {
        return GradientPool.allocate(dtype, n, true);
    }

    /** An array of undefined elements, for a result of which a kernel writes every element. */
    public static NdArray empty(DType dtype, Shape shape) {
        return NdArray.empty(dtype, shape);
    }

    /** Makes an array of the elements of a Java array without copying them; no other code may have a reference to the Java array. */
    public static NdArray adopt(DType dtype, Shape shape, Object array) {
        return NdArray.adopt(dtype, shape, array);
    }

    /**
     * A kernel's result of a floating dtype, from elements that the kernel computed in double; no other code may have a reference to the
     * Java array.
     */
    public static NdArray ofDoubles(DType dtype, Shape shape, double... elements) {
        return adopt(DType.FLOAT64, shape, elements).to(dtype);
    }

    /** A copy of x in row-major order, as a kernel's result. */
    public static NdArray copy(NdArray x) {
        return CopyKernels.copy(x);
    }

    /** The loops that allocate and move elements of a dtype. */
    public static Storage<Object> storage(DType dtype) {
        return dtype.storage();
    }

    /** The loops of a floating dtype; an error for other dtypes, with the operation's name in the message. */
    public static Loops<Object> loops(DType dtype, String op) {
        return dtype.loops(op);
    }
}
