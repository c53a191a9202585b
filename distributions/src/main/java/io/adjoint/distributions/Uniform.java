package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * The uniform distribution, of density {@code 1/(high − low)} between its bounds, which are in the support.
 *
 * @param low the lower bound
 * @param high the upper bound, above the lower one
 */
@CheckReturnValue
public record Uniform(Tensor low, Tensor high) implements Distribution {
    /**
     * The uniform distributions between the bounds, which broadcast.
     *
     * @throws IllegalArgumentException if a bound is not finite, or an upper bound is not above the lower one
     */
    public Uniform {
        Params params =
                new Params(Uniform.class).with("low", low, Constraint.REAL).with("high", high, Constraint.REAL);
        low = params.broadcast(low);
        high = params.broadcast(high);
        Constraints.requireAbove("Uniform", low, high);
    }

    /** A single distribution in FLOAT64. */
    public Uniform(double low, double high) {
        this(Tensor.scalar(low), Tensor.scalar(high));
    }

    @Override
    public Shape batchShape() {
        return low.shape();
    }

    @Override
    public Constraint support() {
        return Constraints.interval(low, high);
    }

    @Override
    public Tensor logProb(Tensor value) {
        Terms.requireSupported(this, low.dtype(), value);
        Shape shape = Shape.broadcast("Uniform", value.shape(), low.shape());
        return width().log().neg().broadcastTo(shape);
    }

    private Tensor width() {
        return high.sub(low);
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        Tensor u = Draws.uniform(low.dtype(), Terms.shape(this, generator, sizes), generator);
        return low.add(width().mul(u));
    }

    @Override
    public Tensor mean() {
        return low.add(high).mul(0.5);
    }

    @Override
    public Tensor variance() {
        return width().square().div(12);
    }

    @Override
    public Tensor mode() {
        return Tensor.fullLike(low, Double.NaN);
    }

    @Override
    public Tensor entropy() {
        return width().log();
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, low.dtype(), "the value", value);
        return Terms.standard(value, low, width()).clamp(0, 1);
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, low.dtype(), probability);
        return low.add(width().mul(probability));
    }
}
