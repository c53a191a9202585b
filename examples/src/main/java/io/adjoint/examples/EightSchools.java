package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.distributions.Bijection;
import io.adjoint.distributions.Cauchy;
import io.adjoint.distributions.Constraint;
import io.adjoint.distributions.Normal;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The effects of coaching in eight schools (Rubin 1981), each of which is estimated with a large error: θ = μ + τ·η, where μ and τ describe
 * all schools, and η each one. {@link Nuts} draws from the posterior. Beside its means stand the reference of posteriordb.
 */
public final class EightSchools {
    /** The estimated effect of each school, and its standard error. */
    private static final Tensor ESTIMATES = Tensor.of(28, 8, -3, 7, -1, 1, 18, 12.0);

    private static final Tensor ERRORS = Tensor.of(15, 10, 16, 11, 9, 11, 10, 18.0);
    private static final int SCHOOLS = 8;
    private static final Normal PRIOR_OF_MU = new Normal(0, 5);
    private static final Cauchy PRIOR_OF_TAU = new Cauchy(0, 5);
    private static final Normal PRIOR_OF_ETA = new Normal(0, 1);
    private static final Bijection TO_POSITIVE = Constraint.POSITIVE.bijection();

    /** Means of 10,000 draws by Stan: posteriordb, eight_schools-eight_schools_noncentered. */
    static final double[] REFERENCE = {4.4105, 3.6021, 6.1505, 4.9396, 3.9059, 4.7960, 3.6144, 4.0511, 6.3172, 4.8840};

    private EightSchools() {}

    /** The logarithm of the posterior's density, up to a constant, of μ, log τ and η, {@code [10]}. */
    static Tensor logDensity(Tensor parameters) {
        Tensor mu = parameters.select(0, 0);
        Tensor logTau = parameters.select(0, 1);
        Tensor tau = TO_POSITIVE.forward(logTau);
        Tensor eta = parameters.slice(0, 2, 2 + SCHOOLS);
        return PRIOR_OF_MU
                .logProb(mu)
                .add(PRIOR_OF_TAU.logProb(tau))
                .add(TO_POSITIVE.logDetJacobian(logTau))
                .add(PRIOR_OF_ETA.logProb(eta).sum())
                .add(new Normal(mu.add(tau.mul(eta)), ERRORS).logProb(ESTIMATES).sum());
    }

    /** Four chains from random starts, {@code [draws, 10]} each. */
    static List<Nuts.Chain> chains(Nuts sampler, long seed) {
        return IntStream.range(0, 4)
                .parallel()
                .mapToObj(chain -> {
                    Generator rng = new Generator(4 * seed + chain);
                    return sampler.sample(Tensor.uniform(-2, 2, rng, 2 + SCHOOLS), rng);
                })
                .toList();
    }

    /** The draws of μ, τ and the effects θ of the schools, each {@code [chains, draws]}. */
    static List<Tensor> quantities(List<Nuts.Chain> chains) {
        Tensor draws = Tensor.stack(0, chains.stream().map(Nuts.Chain::values).toList());
        Tensor mu = draws.slice(2, 0, 1);
        Tensor tau = TO_POSITIVE.forward(draws.slice(2, 1, 2));
        Tensor effects = mu.add(tau.mul(draws.slice(2, 2, 2 + SCHOOLS)));
        return Tensor.concat(2, mu, tau, effects).unbind(2);
    }

    /** Prints a table of the posterior. */
    public static void main(String[] args) {
        long start = System.nanoTime();
        LongAdder gradients = new LongAdder();
        Function<Tensor, Tensor> counted = parameters -> {
            gradients.increment();
            return logDensity(parameters);
        };
        List<Nuts.Chain> chains = chains(new Nuts(counted, 1000, 1000), 1);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println("            mean   error  reference    std   R-hat  effective size");
        List<Tensor> quantities = quantities(chains);
        for (int k = 0; k < quantities.size(); k++) {
            Tensor draws = quantities.get(k);
            Convergence convergence = Convergence.of(draws);
            System.out.printf(
                    Locale.ROOT,
                    "%-9s %6.2f  %6.2f  %9.2f %6.2f  %6.3f  %14.0f%n",
                    k == 0 ? "mu" : k == 1 ? "tau" : "school " + "ABCDEFGH".charAt(k - 2),
                    draws.mean().item(),
                    convergence.error(),
                    REFERENCE[k],
                    draws.std().item(),
                    convergence.rHat(),
                    convergence.bulk());
        }
        int divergent = chains.stream().mapToInt(Nuts.Chain::divergent).sum();
        System.out.printf(
                Locale.ROOT,
                "%d divergent trajectories; %,d gradients in %.1f s, %,.0f per second%n",
                divergent,
                gradients.sum(),
                seconds,
                gradients.sum() / seconds);
    }
}
