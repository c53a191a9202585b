package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;

/**
 * A differentiable function with an inverse, and the logarithm of the determinant of its Jacobian. It makes a {@link Transformed}
 * distribution of another one, and a parameter of unconstrained numbers ({@link Constraint#bijection()}).
 */
@CheckReturnValue
public interface Bijection {
    /** The function. */
    Tensor forward(Tensor x);

    /** The inverse function: {@code inverse(forward(x))} is x. */
    Tensor inverse(Tensor y);

    /** {@code log |det ∂forward(x)/∂x|}, a number for each event of the {@link #domain()}. */
    Tensor logDetJacobian(Tensor x);

    /** The values of x. */
    Constraint domain();

    /** The values of {@code forward(x)}. */
    Constraint codomain();

    /** The shape of {@code forward(x)}; that of x by default. */
    default Shape forwardShape(Shape shape) {
        return shape;
    }

    /** The shape of {@code inverse(y)}; that of y by default. */
    default Shape inverseShape(Shape shape) {
        return shape;
    }

    /** The inverse as a bijection of its own. */
    default Bijection inverted() {
        return new Bijections.Inverted(this);
    }

    /** This function, and then another one of its results. */
    default Bijection andThen(Bijection next) {
        return new Bijections.Composed(this, next);
    }

    /** This function with the last axes, as many as given, as part of the event: their Jacobians are multiplied. */
    default Bijection independent(int axes) {
        return axes == 0 ? this : new Bijections.IndependentAxes(this, axes);
    }

    /** {@code y = x}. */
    static Bijection identity() {
        return Bijections.IDENTITY;
    }

    /** {@code y = eˣ}, from the real numbers to the positive ones. */
    static Bijection exp() {
        return Bijections.EXP;
    }

    /** {@code y = 1/(1 + e⁻ˣ)}, from the real numbers to those between 0 and 1. */
    static Bijection sigmoid() {
        return Bijections.SIGMOID;
    }

    /** {@code y = tanh x}, from the real numbers to those between −1 and 1. */
    static Bijection tanh() {
        return Bijections.TANH;
    }

    /** {@code y = log(1 + eˣ)}, from the real numbers to the positive ones. */
    static Bijection softplus() {
        return Bijections.SOFTPLUS;
    }

    /**
     * {@code y = loc + scale·x}.
     *
     * @param scale not 0
     * @throws IllegalArgumentException if a number is not finite, or a scale is 0
     */
    static Bijection affine(Tensor loc, Tensor scale) {
        return new Bijections.Affine(loc, scale);
    }

    /** As {@link #affine(Tensor, Tensor)}, with numbers, in the dtype of x. */
    static Bijection affine(double loc, double scale) {
        return Bijections.affine(loc, scale);
    }

    /**
     * Vectors of K − 1 real numbers as vectors of K probabilities: the k-th number x gives its probability the share {@code
     * sigmoid(x − log(K − k))} of the remainder after the k − 1 before it, so zeros give equal probabilities.
     */
    static Bijection stickBreaking() {
        return Bijections.STICK_BREAKING;
    }

    /**
     * Square matrices of real numbers as lower triangular matrices: the numbers on the diagonal are exponentiated, the numbers above it are
     * dropped. The determinant is of the triangle alone.
     */
    static Bijection lowerCholesky() {
        return Bijections.LOWER_CHOLESKY;
    }
}
