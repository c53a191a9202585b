package io.adjoint.autograd;

import io.adjoint.core.Comparison;
import io.adjoint.core.NdArray;

/** Operations of this tensor and another, or a number: the rules are in {@link Arithmetic}. */
sealed interface ArithmeticMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code this + other}. */
    default Tensor add(Tensor other) {
        return Arithmetic.add(self(), other);
    }

    /** {@code this + c}. */
    default Tensor add(double c) {
        return Arithmetic.add(self(), c);
    }

    /** {@code this − other}. */
    default Tensor sub(Tensor other) {
        return Arithmetic.sub(self(), other);
    }

    /** {@code this − c}. */
    default Tensor sub(double c) {
        return Arithmetic.add(self(), -c);
    }

    /** {@code this · other}, element by element. */
    default Tensor mul(Tensor other) {
        return Arithmetic.mul(self(), other);
    }

    /** {@code c · this}. */
    default Tensor mul(double c) {
        return Arithmetic.mul(self(), c);
    }

    /** {@code this / other}, element by element. */
    default Tensor div(Tensor other) {
        return Arithmetic.div(self(), other);
    }

    /** {@code this / c}. */
    default Tensor div(double c) {
        return Arithmetic.div(self(), c);
    }

    /** {@code this} to the power c; the gradient of {@code x⁰} is 0 everywhere. */
    default Tensor pow(double c) {
        return Arithmetic.pow(self(), c);
    }

    /** {@code this} to the power {@code other}, element by element; the gradient to the exponent is 0 where the base is 0. */
    default Tensor pow(Tensor other) {
        return Arithmetic.pow(self(), other);
    }

    /** The greater of each pair; a tie gives each half of the gradient, a NaN gives NaN. */
    default Tensor maximum(Tensor other) {
        return Arithmetic.maximum(self(), other);
    }

    /** The lesser of each pair; a tie gives each half of the gradient, a NaN gives NaN. */
    default Tensor minimum(Tensor other) {
        return Arithmetic.minimum(self(), other);
    }

    /** 1 where {@code this == other}. */
    default Tensor eq(Tensor other) {
        return Tensor.of(self().data().compare(Comparison.EQ, other.data()));
    }

    /** 1 where {@code this < c}. */
    default Tensor lt(double c) {
        return Tensor.of(self().data().compare(Comparison.LT, NdArray.scalar(self().dtype(), c)));
    }

    /** 1 where {@code this > c}. */
    default Tensor gt(double c) {
        return Tensor.of(self().data().compare(Comparison.GT, NdArray.scalar(self().dtype(), c)));
    }
}
