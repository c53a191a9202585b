package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Triangle;
import java.util.random.RandomGenerator;

/**
 * The normal distribution of vectors of D numbers, of density {@code e^(−|z|²/2)/(√(2π)^D·det L)} for {@code z = L⁻¹·(x − μ)}, where
 * {@code L·Lᵀ} is the covariance.
 *
 * @param loc the means μ, {@code [..., D]}
 * @param scaleTril the lower triangular matrix L, {@code [..., D, D]}, the Cholesky factor of the covariance
 */
@CheckReturnValue
public record MultivariateNormal(Tensor loc, Tensor scaleTril) implements Distribution {
    /**
     * The normal distributions of the parameters, which broadcast.
     *
     * @throws IllegalArgumentException if a mean is not finite, or a matrix is not lower triangular with a positive diagonal
     */
    public MultivariateNormal {
        Params params = new Params(MultivariateNormal.class)
                .with("loc", loc, Constraint.REAL_VECTOR)
                .with("scaleTril", scaleTril, Constraint.LOWER_CHOLESKY);
        int d = loc.shape().dim(-1);
        if (scaleTril.shape().dim(-1) != d || scaleTril.shape().dim(-2) != d) {
            throw new ShapeException("MultivariateNormal: vectors of " + d
                    + " numbers need matrices of as many rows and columns; loc is " + loc.shape() + ", and scaleTril "
                    + scaleTril.shape());
        }
        loc = loc.broadcastTo(params.shape().append("MultivariateNormal", d));
        scaleTril = scaleTril.broadcastTo(params.shape().append("MultivariateNormal", d, d));
    }

    /**
     * The normal distributions of the covariances.
     *
     * @param covariance symmetric positive-definite matrices, {@code [..., D, D]}
     * @throws IllegalArgumentException if a mean is not finite, or a matrix is not positive-definite
     */
    public static MultivariateNormal ofCovariance(Tensor loc, Tensor covariance) {
        Tensor checked = Params.checked(MultivariateNormal.class, "covariance", covariance, Bijections.SQUARE);
        return new MultivariateNormal(loc, checked.cholesky());
    }

    /** The covariance {@code L·Lᵀ}, {@code [..., D, D]}. */
    public Tensor covariance() {
        return scaleTril.matmul(scaleTril.transpose(-2, -1));
    }

    private int size() {
        return loc.shape().dim(-1);
    }

    @Override
    public Shape batchShape() {
        return Terms.batch(loc.shape(), 1);
    }

    @Override
    public Shape eventShape() {
        return Shape.of(size());
    }

    @Override
    public Constraint support() {
        return Constraint.REAL_VECTOR;
    }

    @Override
    public Tensor logProb(Tensor value) {
        Terms.requireSupported(this, loc.dtype(), value);
        Tensor z = solve(value.sub(loc));
        return z.square().sum(-1).mul(-0.5).sub(logDet()).sub(size() * Terms.HALF_LOG_2PI);
    }

    /** {@code L⁻¹·x} of vectors x, by one system of many right-hand sides if there is one matrix. */
    Tensor solve(Tensor x) {
        if (scaleTril.shape().rank() > 2) {
            return scaleTril.solveTriangular(x.unsqueeze(-1), Triangle.LOWER).squeeze(-1);
        }
        Tensor columns = x.reshape(-1, size()).transpose();
        return scaleTril.solveTriangular(columns, Triangle.LOWER).transpose().reshape(x.shape());
    }

    private Tensor diagonal() {
        return scaleTril.diagonal(-2, -1, 0);
    }

    /** {@code log det L}. */
    Tensor logDet() {
        return diagonal().log().sum(-1);
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        Tensor z = Tensor.randn(loc.dtype(), Terms.shape(this, generator, sizes), generator);
        Tensor turned = scaleTril.shape().rank() > 2
                ? scaleTril.matmul(z.unsqueeze(-1)).squeeze(-1)
                : z.matmul(scaleTril.transpose());
        return loc.add(turned);
    }

    @Override
    public Tensor mean() {
        return loc;
    }

    @Override
    public Tensor variance() {
        return scaleTril.square().sum(-1);
    }

    @Override
    public Tensor mode() {
        return loc;
    }

    @Override
    public Tensor entropy() {
        return logDet().add(size() * (0.5 + Terms.HALF_LOG_2PI));
    }
}
