package io.adjoint.autograd;

/**
 * The names by which Kotlin finds {@code +}, {@code -}, {@code *} and unary {@code -}, and Groovy the first two; both find {@code /} in
 * {@link Tensor#div(Tensor)}. In Java {@code add}, {@code sub}, {@code mul} and {@code neg} are the same operations.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface OperatorMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@link Tensor#add(Tensor)}. */
    default Tensor plus(Tensor other) {
        return self().add(other);
    }

    /** {@link Tensor#add(double)}. */
    default Tensor plus(double c) {
        return self().add(c);
    }

    /** {@link Tensor#sub(Tensor)}. */
    default Tensor minus(Tensor other) {
        return self().sub(other);
    }

    /** {@link Tensor#sub(double)}. */
    default Tensor minus(double c) {
        return self().sub(c);
    }

    /** {@link Tensor#mul(Tensor)}. */
    default Tensor times(Tensor other) {
        return self().mul(other);
    }

    /** {@link Tensor#mul(double)}. */
    default Tensor times(double c) {
        return self().mul(c);
    }

    /** {@link Tensor#neg()}. */
    default Tensor unaryMinus() {
        return self().neg();
    }
}
