package io.adjoint.proof;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.distributions.Bernoulli;
import io.adjoint.distributions.Beta;
import io.adjoint.distributions.Binomial;
import io.adjoint.distributions.Cauchy;
import io.adjoint.distributions.Dirichlet;
import io.adjoint.distributions.Distribution;
import io.adjoint.distributions.Gamma;
import io.adjoint.distributions.Geometric;
import io.adjoint.distributions.Gumbel;
import io.adjoint.distributions.HalfCauchy;
import io.adjoint.distributions.HalfNormal;
import io.adjoint.distributions.Laplace;
import io.adjoint.distributions.LogNormal;
import io.adjoint.distributions.Multinomial;
import io.adjoint.distributions.MultivariateNormal;
import io.adjoint.distributions.NegativeBinomial;
import io.adjoint.distributions.Normal;
import io.adjoint.distributions.Poisson;
import io.adjoint.distributions.StudentT;
import io.adjoint.distributions.Uniform;
import io.adjoint.distributions.VonMises;
import io.adjoint.distributions.Weibull;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Draws numbers of all families of distributions, and computes digests of them, their log densities and the gradients of both. */
final class ShortDraws {
    private static final int DRAWS = 200;

    private static final List<Function<Tensor, Distribution>> FAMILIES = List.of(
            p -> new Normal(p, p),
            p -> new LogNormal(p, p),
            HalfNormal::new,
            HalfCauchy::new,
            p -> new Uniform(p.neg(), p),
            p -> new Laplace(p, p),
            p -> new Cauchy(p, p),
            p -> new Gumbel(p, p),
            p -> new Weibull(p, p),
            p -> new Gamma(p, p),
            p -> new Beta(p, p),
            p -> new StudentT(p, p, p),
            p -> new VonMises(p, p),
            p -> new Poisson(p.mul(20)),
            p -> Bernoulli.ofLogits(p),
            p -> Geometric.ofLogits(p),
            p -> Binomial.ofLogits(50, p),
            p -> NegativeBinomial.ofLogits(p, p),
            p -> Multinomial.ofLogits(30, p),
            p -> new Dirichlet(p),
            p -> new MultivariateNormal(p, Tensor.eye(p.shape().dim(-1)).mul(p)));

    private ShortDraws() {}

    /** The digests by name. */
    static Map<String, String> digests() {
        Map<String, String> digests = new TreeMap<>();
        for (Function<Tensor, Distribution> family : FAMILIES) {
            Tensor p = Tensor.of(0.2, 1, 3.7).requiresGrad(true);
            Distribution distribution = family.apply(p);
            Tensor drawn = draw(distribution);
            Tensor densities = distribution.logProb(drawn);
            digests.put(
                    distribution.getClass().getSimpleName(),
                    new Digest()
                            .add(drawn)
                            .add(densities)
                            .add(Autograd.grad(densities.sum(), p))
                            .text());
        }
        return digests;
    }

    private static Tensor draw(Distribution distribution) {
        Generator generator = new Generator(46);
        try {
            return distribution.rsample(generator, DRAWS);
        } catch (UnsupportedOperationException e) {
            return distribution.sample(generator, DRAWS);
        }
    }
}
