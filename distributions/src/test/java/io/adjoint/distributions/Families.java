package io.adjoint.distributions;

import io.adjoint.autograd.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The families whose values are numbers, made of their parameters. */
final class Families {
    static final Map<String, Function<Tensor[], Distribution>> BY_NAME = Map.ofEntries(
            Map.entry("Normal", p -> new Normal(p[0], p[1])),
            Map.entry("LogNormal", p -> new LogNormal(p[0], p[1])),
            Map.entry("HalfNormal", p -> new HalfNormal(p[0])),
            Map.entry("HalfCauchy", p -> new HalfCauchy(p[0])),
            Map.entry("Uniform", p -> new Uniform(p[0], p[1])),
            Map.entry("Laplace", p -> new Laplace(p[0], p[1])),
            Map.entry("Cauchy", p -> new Cauchy(p[0], p[1])),
            Map.entry("Gumbel", p -> new Gumbel(p[0], p[1])),
            Map.entry("Exponential", p -> new Exponential(p[0])),
            Map.entry("Weibull", p -> new Weibull(p[0], p[1])),
            Map.entry("Gamma", p -> new Gamma(p[0], p[1])),
            Map.entry("Chi2", p -> new Chi2(p[0])),
            Map.entry("Beta", p -> new Beta(p[0], p[1])),
            Map.entry("StudentT", p -> new StudentT(p[0], p[1], p[2])),
            Map.entry("VonMises", p -> new VonMises(p[0], p[1])),
            Map.entry("Poisson", p -> new Poisson(p[0])),
            Map.entry("Bernoulli", p -> Bernoulli.ofProbs(p[0])),
            Map.entry("BernoulliLogits", p -> Bernoulli.ofLogits(p[0])),
            Map.entry("Geometric", p -> Geometric.ofProbs(p[0])),
            Map.entry("Binomial", p -> Binomial.ofProbs(p[0], p[1])),
            Map.entry("BinomialLogits", p -> Binomial.ofLogits(p[0], p[1])),
            Map.entry("NegativeBinomial", p -> NegativeBinomial.ofProbs(p[0], p[1])),
            Map.entry("NegativeBinomialLogits", p -> NegativeBinomial.ofLogits(p[0], p[1])));

    private Families() {}

    static Distribution of(String name, Tensor... parameters) {
        return Objects.requireNonNull(BY_NAME.get(name)).apply(parameters);
    }
}
