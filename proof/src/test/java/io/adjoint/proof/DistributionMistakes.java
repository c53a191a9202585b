package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.distributions.Categorical;
import io.adjoint.distributions.Constraint;
import io.adjoint.distributions.KL;
import io.adjoint.distributions.Laplace;
import io.adjoint.distributions.Mixture;
import io.adjoint.distributions.Normal;
import io.adjoint.distributions.Poisson;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Wrong calls of distributions: docs/errors.md quotes their messages. */
final class DistributionMistakes {
    private static final Normal NORMAL = new Normal(0, 1);

    static final List<ThrowingCallable> ALL = List.of(
            () -> new Normal(Tensor.of(0, 1.0), Tensor.of(1, -0.5)),
            () -> new Poisson(2).logProb(Tensor.of(0.5)),
            () -> NORMAL.logProb(Tensor.of(1.0).to(DType.FLOAT32)),
            () -> new Poisson(2).rsample(new Generator(1)),
            () -> KL.divergence(NORMAL, new Laplace(0, 1)),
            () -> Constraint.COUNT.bijection(),
            () -> new Mixture(Categorical.ofProbs(Tensor.of(0.3, 0.7)), NORMAL));

    private DistributionMistakes() {}
}
