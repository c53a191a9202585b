package io.adjoint.core;

/**
 * The Java array with an array's elements in row-major order, for kernels that are beside their layers in other modules: with the loops of
 * its dtype, it is all that they need of an array's layout.
 *
 * @param array the Java array
 * @param offset the index of the first element
 * @hidden
 */
@Internal
public record ArrayElements(Object array, int offset) {
    /** The elements in row-major order: the array's own, or copies if they lie in another order. */
    public static ArrayElements of(NdArray x) {
        NdArray dense = x.contiguous();
        return new ArrayElements(dense.elements(), dense.offset);
    }

    /** An array over a fresh Java array to which no other code has a reference. */
    public static NdArray adopt(DType dtype, Shape shape, Object array) {
        return NdArray.adopt(dtype, shape, array);
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
