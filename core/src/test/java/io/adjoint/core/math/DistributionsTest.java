package io.adjoint.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.Generator;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistributionsTest {
    private static final int MANY = 200_000;

    private static double[] draw(long seed, int n, ToDoubleFunction<RandomGenerator> distribution) {
        Generator generator = new Generator(seed);
        return DoubleStream.generate(() -> distribution.applyAsDouble(generator))
                .limit(n)
                .toArray();
    }

    @Test
    void normalNumbersOfASeedNeverChange() {
        assertThat(draw(0, 5, Distributions::normal))
                .containsExactly(
                        -0.41871458941922207,
                        -0.49902651689229705,
                        0.46716365824447775,
                        0.01435784458880127,
                        0.6670660708733867);
        assertThat(draw(1, 5, Distributions::normal))
                .containsExactly(
                        -1.3153632773431607,
                        -1.1433452275829936,
                        0.12585197783305058,
                        1.1412085927712474,
                        0.23356664125086038);
    }

    /**
     * The cases are the smallest and the largest magnitude, both sides of the borders between the formulas of the quantile, and the
     * quartile.
     */
    @ParameterizedTest
    @CsvSource({
        "0x0000000000000000, 6.794229552421308E-20",
        "0x0000000000000001, -6.794229552421308E-20",
        "0x4000000000000000, 0.31863936396437514",
        "0x7ffffffffffffffe, 0.6744897501960817",
        "0xd999999999999998, 1.4395314709384557",
        "0xd9999999999999a0, 1.4395314709384557",
        "0xfffffffffe000000, 7.047700260812618",
        "0xfffffffffffffffe, 9.155293772686074",
        "0xffffffffffffffff, -9.155293772686074"
    })
    void normalNumbersOfALongNeverChange(String bits, double expected) {
        assertThat(Distributions.normal(() -> Long.parseUnsignedLong(bits.substring(2), 16)))
                .isEqualTo(expected);
    }

    @Test
    void exponentialAndWholeNumbersOfASeedNeverChange() {
        assertThat(draw(1, 4, Distributions::exponential))
                .containsExactly(0.20873268977024168, 0.2915499214005513, 2.3010771951058757, 0.2927390097441254);
        assertThat(draw(1, 8, random -> Distributions.integer(random, -5, 100)))
                .containsExactly(80, 73, 5, 73, 14, 57, 98, 49);
    }

    /** Compares with the distribution function, which is computed in another way, within the relative error that it has in the tails. */
    @Test
    void normalNumbersAreTheQuantilesOfTheirBits() {
        Generator generator = new Generator(2);
        for (int k = 0; k < 20_000; k++) {
            long bits = generator.nextLong() | -1L << (k % 64);
            double drawn = Distributions.normal(() -> bits & ~1L);
            double tail = ((Long.MAX_VALUE - (bits >>> 1)) + 0.5) * 0x1p-64;
            assertThat(ErrorFunctions.normalCdf(-drawn)).isCloseTo(tail, within(tail * 4e-14));
            assertThat(Distributions.normal(() -> bits | 1)).isEqualTo(-drawn);
        }
    }

    @Test
    void oneLongMakesANumberSoThatTheStateIsKnown() {
        Generator generator = new Generator(3);
        Generator counting = new Generator(3);
        for (int k = 0; k < 100; k++) {
            assertThat(Distributions.normal(generator)).isBetween(-9.2, 9.2);
            assertThat(Distributions.exponential(generator)).isBetween(0.0, 44.4);
            assertThat(Distributions.uniform(generator)).isBetween(0.0, 1.0);
            assertThat(Distributions.integer(generator, 0, 1_000_000_007)).isBetween(0, 1_000_000_006);
            for (int e = 0; e < 4; e++) {
                long unused = counting.nextLong();
            }
        }
        assertThat(generator.state()).isEqualTo(counting.state());
    }

    @Test
    void normalNumbersHaveTheirMoments() {
        double[] x = draw(4, MANY, Distributions::normal);
        double[] expected = {0, 1, 0, 3, 0, 15};
        double[] variance = {1, 2, 15, 96, 945, 10170};
        for (int power = 1; power <= 6; power++) {
            int p = power;
            double moment = DoubleStream.of(x).map(v -> StrictMath.pow(v, p)).sum() / MANY;
            assertThat(moment)
                    .as("moment %d", p)
                    .isCloseTo(expected[p - 1], within(4 * Math.sqrt(variance[p - 1] / MANY)));
        }
    }

    @Test
    void tailsAreAsLongAsTheyShouldBe() {
        double[] x = draw(5, 2_000_000, Distributions::normal);
        for (double bound : new double[] {2, 3, 4}) {
            double expected = 2 * ErrorFunctions.normalCdf(-bound) * x.length;
            assertThat((double)
                            DoubleStream.of(x).filter(v -> Math.abs(v) > bound).count())
                    .isCloseTo(expected, within(4 * Math.sqrt(expected)));
        }
    }

    @Test
    void distributionsPassKolmogorovAndSmirnov() {
        // One sample in ten thousand exceeds this limit.
        double limit = 2.23 / Math.sqrt(MANY);
        for (long seed = 10; seed < 14; seed++) {
            assertThat(distance(draw(seed, MANY, Distributions::normal), ErrorFunctions::normalCdf))
                    .isLessThan(limit);
            assertThat(distance(draw(seed, MANY, Distributions::exponential), v -> 1 - StrictMath.exp(-v)))
                    .isLessThan(limit);
            assertThat(distance(draw(seed, MANY, Distributions::uniform), v -> v))
                    .isLessThan(limit);
        }
    }

    private static double distance(double[] sample, DoubleUnaryOperator distribution) {
        double[] sorted = sample.clone();
        Arrays.sort(sorted);
        return IntStream.range(0, sorted.length)
                .mapToDouble(k -> {
                    double below = distribution.applyAsDouble(sorted[k]) * sorted.length;
                    return Math.max(below - k, k + 1 - below) / sorted.length;
                })
                .max()
                .orElseThrow();
    }

    @Test
    void normalNumbersPassAndersonAndDarling() {
        double[] x = draw(6, MANY, Distributions::normal);
        Arrays.sort(x);
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            double logs = StrictMath.log(ErrorFunctions.normalCdf(x[k]))
                    + StrictMath.log(ErrorFunctions.normalCdf(-x[x.length - 1 - k]));
            sum += (2 * k + 1) * logs / x.length;
        }
        // The value that one sample in a thousand exceeds is 6.
        assertThat(-x.length - sum).isBetween(0.1, 6.0);
    }

    @Test
    void neighboursAreIndependent() {
        double[] x = draw(7, MANY, Distributions::normal);
        double sum = 0;
        for (int k = 1; k < x.length; k++) {
            sum += x[k] * x[k - 1];
        }
        assertThat(sum / x.length).isCloseTo(0, within(4 / Math.sqrt(MANY)));
    }

    @Test
    void wholeNumbersAreEquallyLikely() {
        int[] counts = new int[7];
        for (double value : draw(8, 70_000, random -> Distributions.integer(random, -3, 4))) {
            counts[(int) value + 3]++;
        }
        double squares = IntStream.of(counts)
                .mapToDouble(count -> (count - 10_000.0) * (count - 10_000.0) / 10_000)
                .sum();
        // Chi-squared with 6 degrees of freedom exceeds 22.5 one time in a thousand.
        assertThat(squares).isLessThan(22.5);
    }

    @Test
    void wholeNumbersReachBothBoundsOfTheWidestRange() {
        assertThat(Distributions.integer(() -> 0, Integer.MIN_VALUE, Integer.MAX_VALUE))
                .isEqualTo(Integer.MIN_VALUE);
        assertThat(Distributions.integer(() -> -1, Integer.MIN_VALUE, Integer.MAX_VALUE))
                .isEqualTo(Integer.MAX_VALUE - 1);
        assertThat(Distributions.integer(() -> -1, 5, 6)).isEqualTo(5);
    }
}
