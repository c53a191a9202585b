package io.adjoint.nn.parallel;

import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A worker's call of an operation of its {@link Collective}, as it is sent to the other workers.
 *
 * @param number the number of the call among all calls of the worker's collective, from 1 on
 * @param round the number of the exchange within the operation, from 0 on
 * @param dtype the dtype of the array that the worker passed
 * @param shape the shape of that array
 * @param setting the rank of the root or the number of shards, depending on the operation
 */
record Call(Operation operation, long number, int round, DType dtype, Shape shape, int setting) {
    /**
     * The operations of a {@link Collective}. If {@code isOfEqualArrays} is true, an operation fails unless all workers pass arrays of one
     * dtype and shape.
     */
    enum Operation {
        BROADCAST("broadcast", true, " of root "),
        GATHER("gather", false, " at root "),
        ALL_GATHER("allGather", false, ""),
        ALL_REDUCE("allReduce", true, ""),
        SHARD_SUM("sum", true, " over shards: "),
        BARRIER("barrier", true, "");

        private final String method;
        private final boolean isOfEqualArrays;
        private final String settingText;

        Operation(String method, boolean isOfEqualArrays, String settingText) {
            this.method = method;
            this.isOfEqualArrays = isOfEqualArrays;
            this.settingText = settingText;
        }

        @Override
        public String toString() {
            return method;
        }
    }

    /** The call for the next exchange of the same operation. */
    Call next() {
        return new Call(operation, number, round + 1, dtype, shape, setting);
    }

    /** The operation and its number, such as {@code allReduce 17}. */
    String name() {
        return operation + " " + number;
    }

    /** The reason why a peer's call doesn't match this call; null if it matches. */
    @Nullable
    String misfit(int rank, Call theirs, int peer) {
        boolean fits = operation == theirs.operation
                && number == theirs.number
                && round == theirs.round
                && setting == theirs.setting
                && (!operation.isOfEqualArrays || (dtype == theirs.dtype && shape.equals(theirs.shape)));
        return fits
                ? null
                : "rank " + peer + " calls " + theirs + ", rank " + rank + " " + this
                        + "; all workers must call the same operations in the same order"
                        + (operation.isOfEqualArrays ? ", with arrays of the same dtype and shape" : "");
    }

    /** Returns whether the worker may announce this number of elements: a gathered array is sent as a whole or not at all. */
    boolean mayHave(int elements) {
        return operation.isOfEqualArrays || elements == 0 || elements == shape.size();
    }

    /** The operation with the arguments that must be equal on all workers, such as {@code broadcast FLOAT32 [2, 3] of root 0}. */
    @Override
    public String toString() {
        return operation == Operation.BARRIER
                ? operation.method
                : operation + " " + dtype + " " + shape
                        + (operation.settingText.isEmpty() ? "" : operation.settingText + setting);
    }
}
