package io.adjoint.nn;

import io.adjoint.core.Shape;
import java.util.Arrays;

/**
 * The shape {@code [..., L, S]} of an attention's scores. There may be more scores than an array can hold: attention computes them in
 * blocks, and needs an array of all scores only if it is composed of tensor operations or a bias is trained.
 *
 * @param leading the sizes of the axes before L and S
 * @param queries the number of queries, L
 * @param keys the number of keys, S
 */
record ScoreShape(Shape leading, int queries, int keys) {
    int rank() {
        return leading.rank() + 2;
    }

    /** Returns whether an array of a shape broadcasts to the scores. */
    boolean accepts(Shape shape) {
        int rank = shape.rank();
        int[] dims = shape.toArray();
        return fits(rank < 1 ? 1 : dims[rank - 1], keys)
                && fits(rank < 2 ? 1 : dims[rank - 2], queries)
                && Shape.of(Arrays.copyOf(dims, Math.max(0, rank - 2))).broadcastsTo(leading);
    }

    private static boolean fits(int size, int scores) {
        return size == 1 || size == scores;
    }

    /**
     * The shape of an array of all scores.
     *
     * @throws io.adjoint.core.ShapeException if there are too many scores for an array
     */
    Shape ofArray(String op) {
        return Shape.of(op, dims());
    }

    private int[] dims() {
        int[] dims = Arrays.copyOf(leading.toArray(), rank());
        dims[rank() - 2] = queries;
        dims[rank() - 1] = keys;
        return dims;
    }

    @Override
    public String toString() {
        return Arrays.toString(dims());
    }
}
