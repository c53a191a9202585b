package io.adjoint.autograd;

/** Functions of each element: formula, kinks and rule of each are in {@link Pointwise}. */
sealed interface PointwiseMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@link Pointwise#ABS}. */
    default Tensor abs() {
        return Pointwise.ABS.of(self());
    }

    /** {@link Pointwise#EXP}. */
    default Tensor exp() {
        return Pointwise.EXP.of(self());
    }

    /** {@link Pointwise#LOG}. */
    default Tensor log() {
        return Pointwise.LOG.of(self());
    }

    /** {@link Pointwise#NEG}. */
    default Tensor neg() {
        return Pointwise.NEG.of(self());
    }

    /** {@link Pointwise#RECIPROCAL}. */
    default Tensor reciprocal() {
        return Pointwise.RECIPROCAL.of(self());
    }

    /** {@link Pointwise#RELU}. */
    default Tensor relu() {
        return Pointwise.RELU.of(self());
    }

    /** {@link Pointwise#SIGMOID}. */
    default Tensor sigmoid() {
        return Pointwise.SIGMOID.of(self());
    }

    /** {@link Pointwise#SIGN}. */
    default Tensor sign() {
        return Pointwise.SIGN.of(self());
    }

    /** {@link Pointwise#SQRT}. */
    default Tensor sqrt() {
        return Pointwise.SQRT.of(self());
    }

    /** {@link Pointwise#SQUARE}. */
    default Tensor square() {
        return Pointwise.SQUARE.of(self());
    }

    /** {@link Pointwise#TANH}. */
    default Tensor tanh() {
        return Pointwise.TANH.of(self());
    }
}
