package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Dims;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * The Dirichlet distribution of vectors x of K probabilities along the last axis, of density {@code Γ(Σα)/∏Γ(α)·∏x^(α − 1)}.
 *
 * @param concentration the shapes α, K of them along the last axis
 */
@CheckReturnValue
public record Dirichlet(Tensor concentration) implements Distribution {
    private static final Constraint POSITIVE = Constraints.independent(Constraint.POSITIVE, 1);

    /**
     * The Dirichlet distributions of the vectors of shapes.
     *
     * @throws IllegalArgumentException if a shape is not positive and finite, or the tensor is a scalar
     */
    public Dirichlet {
        concentration = Params.checked(Dirichlet.class, "concentration", concentration, POSITIVE);
    }

    @Override
    public Shape batchShape() {
        return Terms.batch(concentration.shape(), 1);
    }

    @Override
    public Constraint support() {
        return Constraint.SIMPLEX;
    }

    @Override
    public Tensor logProb(Tensor value) {
        Terms.requireSupported(this, concentration.dtype(), value);
        return logDensity(value);
    }

    /** {@link #logProb} of a value that is known to be in the support. */
    Tensor logDensity(Tensor value) {
        // As Beta: at any s, the logarithm is the sum of terms that each lose no digits where the shapes are large.
        Tensor a = concentration;
        int k = a.shape().dim(-1);
        Tensor s = total().detach().sub(k).clampMin(1);
        Tensor scaled = s.unsqueeze(-1);
        Tensor parts = Terms.logGamma(a, scaled.mul(value)).sum(-1);
        // The terms contain s·(1 − Σx), which is 0; this makes its gradient 0, too.
        Tensor rest = value.sub(value.detach()).mul(scaled).sum(-1);
        return parts.add(rest).sub(Terms.logGamma(total(), s)).add(s.log().mul(k - 1));
    }

    @Override
    public Shape eventShape() {
        return Shape.of(concentration.shape().dim(-1));
    }

    private Tensor total() {
        return concentration.sum(-1);
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        return ImplicitSamples.logGamma(concentration, Terms.shape(this, generator, sizes), generator)
                .softmax(-1)
                .clampMin(Draws.least(concentration.dtype()));
    }

    @Override
    public Tensor mean() {
        return concentration.div(total().unsqueeze(-1));
    }

    @Override
    public Tensor variance() {
        Tensor all = total().unsqueeze(-1);
        Tensor mean = concentration.div(all);
        return mean.mul(mean.rsub(1)).div(all.add(1));
    }

    @Override
    public Tensor mode() {
        Tensor less = total().sub(concentration.shape().dim(-1)).unsqueeze(-1);
        Tensor inside = concentration.gt(1).all(Dims.KEEP, -1);
        return Tensor.where(inside, concentration.sub(1).div(less), Double.NaN);
    }

    @Override
    public Tensor entropy() {
        // −log f(m) + Σ(α − 1)·(log m − E[log x]) at the mean m
        Tensor a = concentration;
        Tensor spread =
                Terms.logMinusDigamma(a).sub(Terms.logMinusDigamma(total()).unsqueeze(-1));
        return a.sub(1).mul(spread).sum(-1).sub(logDensity(mean()));
    }
}
