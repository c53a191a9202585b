package io.adjoint.benchmarks;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.distributions.Bernoulli;
import io.adjoint.distributions.Beta;
import io.adjoint.distributions.Binomial;
import io.adjoint.distributions.Cauchy;
import io.adjoint.distributions.Distribution;
import io.adjoint.distributions.Exponential;
import io.adjoint.distributions.Gamma;
import io.adjoint.distributions.Gumbel;
import io.adjoint.distributions.Laplace;
import io.adjoint.distributions.LogNormal;
import io.adjoint.distributions.NegativeBinomial;
import io.adjoint.distributions.Normal;
import io.adjoint.distributions.Poisson;
import io.adjoint.distributions.StudentT;
import io.adjoint.distributions.Uniform;
import io.adjoint.distributions.VonMises;
import io.adjoint.distributions.Weibull;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Prints the times of a sample and of a log density of 1 number and of 1,000,000 numbers, as in {@code docs/internals/performance.md};
 * {@code benchmarks/pytorch/distributions.py} measures the same.
 *
 * <pre>{@code
 * java --add-modules jdk.incubator.vector -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.DistributionSpeed
 * }</pre>
 */
public final class DistributionSpeed {
    private static final double SECONDS = 0.4;

    /** The last result, stored so that the JIT doesn't eliminate a run. */
    @SuppressWarnings("UnusedVariable")
    private static volatile Tensor last = Tensor.of();

    private DistributionSpeed() {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        List<Distribution> families = List.of(
                new Normal(0.5, 2),
                new LogNormal(0.5, 0.7),
                new Uniform(-1, 3),
                new Laplace(0.5, 2),
                new Cauchy(0.5, 2),
                new Gumbel(0.5, 2),
                new Exponential(1.5),
                new Weibull(2, 1.5),
                new Gamma(2.5, 1.5),
                new Beta(2.5, 1.5),
                new StudentT(4, 0.5, 2),
                new VonMises(0.5, 2),
                Bernoulli.ofProbs(0.3),
                new Poisson(12.5),
                Binomial.ofProbs(40, 0.3),
                NegativeBinomial.ofProbs(5.5, 0.3));
        System.out.println("family | sample 1 | 1,000,000 | logProb 1 | 1,000,000 (µs)");
        Generator generator = new Generator(1);
        for (Distribution family : families) {
            StringBuilder line = new StringBuilder(family.getClass().getSimpleName());
            for (int size : new int[] {1, 1_000_000}) {
                line.append(time(() -> family.sample(generator, size)));
            }
            for (int size : new int[] {1, 1_000_000}) {
                Tensor values = family.sample(generator, size);
                line.append(time(() -> family.logProb(values)));
            }
            System.out.println(line);
        }
    }

    /** The median time after as long a warm-up. */
    private static String time(Supplier<Tensor> run) {
        long[] times = new long[1 << 20];
        int runs = 0;
        for (int phase = 0; phase < 2; phase++) {
            runs = 0;
            for (long begin = System.nanoTime();
                    runs < 5 || (System.nanoTime() - begin < SECONDS * 1e9 && runs < times.length);
                    runs++) {
                long before = System.nanoTime();
                last = run.get();
                times[runs] = System.nanoTime() - before;
            }
        }
        Arrays.sort(times, 0, runs);
        return String.format(Locale.ROOT, " | %.1f", times[runs / 2] / 1e3);
    }
}
