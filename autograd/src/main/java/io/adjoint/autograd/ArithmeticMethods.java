package io.adjoint.autograd;

/**
 * Operations of this tensor and another, or a number. Two tensors must have the same floating dtype and shapes that broadcast.
 * {@code add}, {@code sub}, {@code mul}, {@code floorDivide}, {@code remainder}, {@code maximum}, {@code minimum} and {@code clamp}
 * take INT32, too: exactly, or with an {@link ArithmeticException} where the result would be out of range. The number that an INT32
 * tensor is combined with is an integer.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface ArithmeticMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code this + other}. */
    default Tensor add(Tensor other) {
        return ArithmeticRules.add(self(), other);
    }

    /** {@code this + c}. */
    default Tensor add(double c) {
        return ArithmeticRules.add(self(), c);
    }

    /** {@code this − other}. */
    default Tensor sub(Tensor other) {
        return ArithmeticRules.sub(self(), other);
    }

    /** {@code this − c}. */
    default Tensor sub(double c) {
        return ArithmeticRules.sub(self(), c);
    }

    /** {@code this · other}, element by element. */
    default Tensor mul(Tensor other) {
        return ArithmeticRules.mul(self(), other);
    }

    /** {@code c · this}. */
    default Tensor mul(double c) {
        return ArithmeticRules.mul(self(), c);
    }

    /** {@code this / other}, element by element. */
    default Tensor div(Tensor other) {
        return ArithmeticRules.div(self(), other);
    }

    /** {@code this / c}. */
    default Tensor div(double c) {
        return ArithmeticRules.div(self(), c);
    }

    /** {@code c − this}: 1 − x is {@code x.rsub(1)}. */
    default Tensor rsub(double c) {
        return ArithmeticRules.rsub(self(), c);
    }

    /** {@code c / this}: 1 / x is {@code x.rdiv(1)}. */
    default Tensor rdiv(double c) {
        return ArithmeticRules.rdiv(self(), c);
    }

    /** {@code this} to the power c; the gradient {@code c·xᶜ⁻¹} of {@code x⁰} is 0 everywhere. */
    default Tensor pow(double c) {
        return PowerRules.pow(self(), c);
    }

    /**
     * {@code this} to the power {@code other}, element by element. The gradient to the exponent is {@code xʸ·log x}, the limit 0 where
     * the base is 0 and the exponent positive, and NaN where the base is negative; where both are 0, all derivatives are 0.
     */
    default Tensor pow(Tensor other) {
        return PowerRules.pow(self(), other);
    }

    /** {@code this·(1 − weight) + end·weight}, exact at both ends. */
    default Tensor lerp(Tensor end, double weight) {
        return ArithmeticRules.lerp(self(), end, weight);
    }

    /** {@code this·(1 − weight) + end·weight}, element by element, exact at both ends; all three broadcast. */
    default Tensor lerp(Tensor end, Tensor weight) {
        return ArithmeticRules.lerp(self(), end, weight);
    }

    /**
     * {@code this − other·⌊this/other⌋}, which has the sign of {@code other}, as Python's {@code %}; NaN where that is 0. The gradient
     * is 1 to this and {@code −⌊this/other⌋} to the other.
     */
    default Tensor remainder(Tensor other) {
        return ArithmeticRules.remainder(self(), other);
    }

    /** As {@link #remainder(Tensor)}, of a number. */
    default Tensor remainder(double c) {
        return ArithmeticRules.remainder(self(), ArithmeticRules.constant("remainder", self(), c));
    }

    /**
     * The remainder of division with the quotient truncated, {@code a − b·trunc(a/b)}, which has the sign of this, as Java's
     * {@code %}; NaN where {@code other} is 0. The gradient is 1 to this and minus the truncated quotient to the other.
     */
    default Tensor fmod(Tensor other) {
        return ArithmeticRules.fmod(self(), other);
    }

    /** As {@link #fmod(Tensor)}, of a number. */
    default Tensor fmod(double c) {
        return ArithmeticRules.fmod(self(), c);
    }

    /** {@code ⌊this/other⌋}, exactly: {@code x = y·x.floorDivide(y) + x.remainder(y)}; the gradient is 0. */
    default Tensor floorDivide(Tensor other) {
        return ArithmeticRules.floorDivide(self(), other);
    }

    /** As {@link #floorDivide(Tensor)}, by a number. */
    default Tensor floorDivide(double c) {
        return ArithmeticRules.floorDivide(self(), ArithmeticRules.constant("floorDivide", self(), c));
    }

    /**
     * The angle, from −π to π, of the point whose ordinate is this and whose abscissa is {@code x}; at the origin the gradient is
     * NaN.
     */
    default Tensor atan2(Tensor x) {
        return ArithmeticRules.atan2(self(), x);
    }

    /** {@code √(this² + other²)} without overflow; where both are 0 the gradient is NaN. */
    default Tensor hypot(Tensor other) {
        return ArithmeticRules.hypot(self(), other);
    }

    /** {@code log(eˣ + eʸ)} without overflow; of two −∞ it is −∞ and the gradient 0. */
    default Tensor logAddExp(Tensor other) {
        return ArithmeticRules.logAddExp(self(), other);
    }

    /** {@code log₂(2ˣ + 2ʸ)} without overflow; of two −∞ it is −∞ and the gradient 0. */
    default Tensor logAddExp2(Tensor other) {
        return ArithmeticRules.logAddExp2(self(), other);
    }

    /** {@code this·log(other)}, which is 0 where this is 0, for any other operand except NaN. */
    default Tensor xlogy(Tensor other) {
        return ArithmeticRules.xlogy(self(), other);
    }

    /** The greater of each pair; a tie gives each half of the gradient, a NaN gives NaN. */
    default Tensor maximum(Tensor other) {
        return SelectionRules.maximum(self(), other);
    }

    /** {@link #clampMin} under NumPy's name. */
    default Tensor maximum(double c) {
        return SelectionRules.clamp("maximum", self(), self().data().maximum(c), c, Double.POSITIVE_INFINITY);
    }

    /** The lesser of each pair; a tie gives each half of the gradient, a NaN gives NaN. */
    default Tensor minimum(Tensor other) {
        return SelectionRules.minimum(self(), other);
    }

    /** {@link #clampMax} under NumPy's name. */
    default Tensor minimum(double c) {
        return SelectionRules.clamp("minimum", self(), self().data().minimum(c), Double.NEGATIVE_INFINITY, c);
    }

    /** The larger of each pair, of a number and NaN the number; all of the gradient goes to the one taken, in a tie to this. */
    default Tensor fmax(Tensor other) {
        return SelectionRules.fmax(self(), other);
    }

    /** The smaller of each pair, of a number and NaN the number; all of the gradient goes to the one taken, in a tie to this. */
    default Tensor fmin(Tensor other) {
        return SelectionRules.fmin(self(), other);
    }

    /**
     * Each element, but not below {@code min} and not above {@code max}, which wins if it is the lesser. The gradient passes strictly
     * between the bounds and is 0 at them and beyond, NaN for NaN.
     *
     * @throws IllegalArgumentException if a bound is NaN
     */
    default Tensor clamp(double min, double max) {
        return SelectionRules.clamp("clamp", self(), self().data().clamp(min, max), min, max);
    }

    /**
     * As {@link #clamp(double, double)} with a bound for each element; in a tie, the element and the bound get half of the gradient each.
     */
    default Tensor clamp(Tensor min, Tensor max) {
        return SelectionRules.clamp(self(), min, max);
    }

    /** As {@link #clamp(double, double)}, with a bound below only. */
    default Tensor clampMin(double min) {
        return SelectionRules.clamp("clampMin", self(), self().data().clampMin(min), min, Double.POSITIVE_INFINITY);
    }

    /** As {@link #clamp(double, double)}, with a bound above only. */
    default Tensor clampMax(double max) {
        return SelectionRules.clamp("clampMax", self(), self().data().clampMax(max), Double.NEGATIVE_INFINITY, max);
    }

    /**
     * The value where the BOOL mask is true, elsewhere this; the gradient passes elsewhere only.
     *
     * @throws io.adjoint.core.ShapeException if the mask does not broadcast to this shape
     */
    default Tensor maskedFill(Tensor mask, double value) {
        return SelectionRules.maskedFill(self(), mask, value);
    }
}
