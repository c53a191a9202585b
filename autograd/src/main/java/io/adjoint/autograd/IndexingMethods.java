package io.adjoint.autograd;

/** Elements picked by index: the rules are in {@link Indexing}. */
sealed interface IndexingMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code out[i][j] = this[index[i][j]][j]} for axis 0 and likewise for others; the INT32 index has this tensor's rank. */
    default Tensor gather(int axis, Tensor index) {
        return Indexing.gather(self(), axis, index);
    }
}
