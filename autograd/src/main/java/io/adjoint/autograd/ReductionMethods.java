package io.adjoint.autograd;

/** What becomes of many elements along axes: the rules are in {@link Reductions}. */
sealed interface ReductionMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** The sum over axes; an empty sum is 0. */
    default Tensor sum(int... axes) {
        return sum(false, axes);
    }

    /** The sum over axes, which stay with side 1 if {@code keepDims}. */
    default Tensor sum(boolean keepDims, int... axes) {
        return Reductions.sum(self(), keepDims, axes);
    }

    /** The mean over axes; NaN of nothing. */
    default Tensor mean(int... axes) {
        return mean(false, axes);
    }

    /** The mean over axes, which stay with side 1 if {@code keepDims}. */
    default Tensor mean(boolean keepDims, int... axes) {
        return Reductions.mean(self(), keepDims, axes);
    }

    /** The greatest element over axes; ties share the gradient evenly. */
    default Tensor amax(int... axes) {
        return amax(false, axes);
    }

    /** The greatest element over axes, which stay with side 1 if {@code keepDims}. */
    default Tensor amax(boolean keepDims, int... axes) {
        return Reductions.amax(self(), keepDims, axes);
    }

    /** The least element over axes; ties share the gradient evenly. */
    default Tensor amin(int... axes) {
        return amin(false, axes);
    }

    /** The least element over axes, which stay with side 1 if {@code keepDims}. */
    default Tensor amin(boolean keepDims, int... axes) {
        return Reductions.amin(self(), keepDims, axes);
    }

    /** The INT32 index of the first greatest element along an axis, without gradient. */
    default Tensor argMax(int axis) {
        return Tensor.of(self().data().argMax(axis));
    }

    /** {@code log Σ exp x} over axes without overflow. */
    default Tensor logSumExp(int... axes) {
        return logSumExp(false, axes);
    }

    /** {@code log Σ exp x} over axes, which stay with side 1 if {@code keepDims}. */
    default Tensor logSumExp(boolean keepDims, int... axes) {
        return Reductions.logSumExp(self(), keepDims, axes);
    }

    /** {@code exp xᵢ / Σ exp xⱼ} along an axis, without overflow. */
    default Tensor softmax(int axis) {
        return Reductions.softmax(self(), axis);
    }

    /** {@code xᵢ − log Σ exp xⱼ} along an axis, without overflow. */
    default Tensor logSoftmax(int axis) {
        return Reductions.logSoftmax(self(), axis);
    }
}
