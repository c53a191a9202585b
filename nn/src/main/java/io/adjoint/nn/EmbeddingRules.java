package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;

/** Looks up rows of a table, with messages that name the position of a wrong index. */
final class EmbeddingRules {
    private EmbeddingRules() {}

    /** The rows {@code [..., features]} of a table at indices {@code [...]}; the row {@code padding}, if there is one, gets no gradient. */
    static Tensor rows(String name, Tensor index, Tensor table, int padding) {
        requireTable(name, table);
        index.dtype().requireIndex(name);
        requireRange(name, index.shape(), table.shape().dim(0), index.data().toIntArray());
        return padding < 0 ? table.embedding(index) : table.embedding(index, padding);
    }

    static void requireTable(String name, Tensor table) {
        if (table.shape().rank() != 2) {
            throw new ShapeException(name + ": expected weights [count, features], got " + table.shape());
        }
        table.dtype().requireFloating(name);
    }

    private static void requireRange(String name, Shape shape, int count, int... at) {
        for (int k = 0; k < at.length; k++) {
            if (at[k] < 0 || at[k] >= count) {
                throw new ShapeException(name + ": index " + at[k] + " at position "
                        + Arrays.toString(shape.unravelIndex(k))
                        + " is out of range for a table of " + count + " rows; expected 0 to " + (count - 1));
            }
        }
    }
}
