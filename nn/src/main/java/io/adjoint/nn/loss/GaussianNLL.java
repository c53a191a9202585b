package io.adjoint.nn.loss;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;
import java.util.Arrays;

/**
 * The negative log-likelihood of targets t that follow a normal distribution of predicted mean x and variance v: {@code (log v + (x −
 * t)²/v)/2}, with v at least ε (Nix and Weigend, 1994). The gradient of v is computed at the bounded variance, so a predicted variance
 * below ε still gets a gradient.
 *
 * @param isFull true if the constant {@code log(2π)/2} is added
 * @param eps the smallest variance ε, 1e-6 by default
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record GaussianNLL(boolean isFull, double eps, Reduction reduction) {
    /**
     * A loss.
     *
     * @throws IllegalArgumentException if ε is not positive and finite
     */
    public GaussianNLL {
        Settings.requirePositive(GaussianNLL.class, "eps", eps);
    }

    /** The mean, without the constant. */
    public GaussianNLL() {
        this(false, 1e-6, Reduction.MEAN);
    }

    /** With the constant {@code log(2π)/2}. */
    public GaussianNLL full() {
        return new GaussianNLL(true, eps, reduction);
    }

    /** With another smallest variance. */
    public GaussianNLL eps(double eps) {
        return new GaussianNLL(isFull, eps, reduction);
    }

    /** With another reduction. */
    public GaussianNLL reduction(Reduction reduction) {
        return new GaussianNLL(isFull, eps, reduction);
    }

    /**
     * The loss of predicted means {@code [..., D]} and variances; of the means' shape unless it is reduced.
     *
     * @param variance of the prediction's shape, or one for all elements of the last axis: {@code [..., 1]} or {@code [...]}
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the dtypes differ or are not floating
     * @throws IllegalArgumentException if a variance is negative
     */
    public Tensor forward(Tensor prediction, Tensor target, Tensor variance) {
        ElementwiseLoss.requireAlike("GaussianNLL", prediction, target);
        Tensor v = fitting(variance, prediction.shape());
        DTypeException.requireSameFloating("GaussianNLL", prediction.dtype(), v.dtype());
        LossRules.requireAll(
                "GaussianNLL", "variance", v, x -> !(x < 0), "not negative", "; of a logarithm, pass exp()");
        Tensor bounded = op("atLeast", v.data().map(x -> Math.max(x, eps)), edge(v, g -> g));
        Tensor losses =
                prediction.sub(target).square().div(bounded).add(bounded.log()).div(2);
        return reduction.of(isFull ? losses.add(0.5 * StrictMath.log(2 * Math.PI)) : losses);
    }

    private static Tensor fitting(Tensor variance, Shape shape) {
        if (variance.shape().equals(shape)) {
            return variance;
        }
        if (shape.rank() > 0) {
            int[] dims = shape.toArray();
            int last = dims.length - 1;
            if (variance.shape().equals(Shape.of(Arrays.copyOf(dims, last)))) {
                return variance.unsqueeze(-1);
            }
            dims[last] = 1;
            if (variance.shape().equals(Shape.of(dims))) {
                return variance;
            }
        }
        throw new ShapeException("GaussianNLL: the variance of a prediction " + shape
                + " has its shape, or 1 as the last size, or no last axis; got " + variance.shape());
    }
}
