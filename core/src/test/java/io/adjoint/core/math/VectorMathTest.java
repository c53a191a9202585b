package io.adjoint.core.math;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.loops.Kernel;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the library's exponentials with decimals of 60 digits. */
class VectorMathTest {
    private static final MathContext DIGITS = new MathContext(60);
    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal LN2 =
            new BigDecimal("0.693147180559945309417232121458176568075500134360255254120680009493393621969694716");
    private static final double INF = Double.POSITIVE_INFINITY;

    private static BigDecimal exp(BigDecimal x) {
        int k = x.divide(LN2, DIGITS).intValue();
        BigDecimal r = x.subtract(LN2.multiply(BigDecimal.valueOf(k)));
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal term = BigDecimal.ONE;
        for (int i = 1; term.signum() != 0 && term.precision() - term.scale() > -60; i++) {
            term = term.multiply(r, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        BigDecimal power = TWO.pow(Math.abs(k), DIGITS);
        return k < 0 ? sum.divide(power, DIGITS) : sum.multiply(power, DIGITS);
    }

    private static BigDecimal sigmoid(BigDecimal x) {
        BigDecimal e = exp(x);
        return e.divide(e.add(BigDecimal.ONE), DIGITS);
    }

    private static BigDecimal tanh(BigDecimal x) {
        if (x.abs().compareTo(new BigDecimal("1e-7")) < 0) {
            // x − x³/3 + 2x⁵/15: the next term, 17x⁷/315, is below 10⁻⁴³ x.
            BigDecimal square = x.multiply(x, DIGITS);
            BigDecimal third = square.divide(BigDecimal.valueOf(3), DIGITS);
            BigDecimal fifth = square.multiply(square, DIGITS).multiply(TWO).divide(BigDecimal.valueOf(15), DIGITS);
            return x.multiply(BigDecimal.ONE.subtract(third).add(fifth), DIGITS);
        }
        BigDecimal e = exp(x.multiply(TWO));
        return e.subtract(BigDecimal.ONE).divide(e.add(BigDecimal.ONE), DIGITS);
    }

    /** Arguments everywhere, close to 0, around the ends of the reduced interval, and where results overflow, vanish or saturate. */
    private static double[] hardArguments() {
        Random random = new Random(11);
        double ln2 = Math.log(2);
        DoubleStream reduction = random.ints(1500, -1080, 1040)
                .mapToDouble(k -> (k + 0.5) * ln2 * (1 + (random.nextInt(9) - 4) * 0x1p-52));
        DoubleStream multiples = random.ints(500, -1080, 1040).mapToDouble(k -> k * ln2);
        DoubleStream small = random.ints(1000, -1074, 3)
                .mapToDouble(k -> Math.scalb(1 + random.nextDouble(), k) * (random.nextBoolean() ? 1 : -1));
        DoubleStream limits = DoubleStream.of(
                        709.782712893384,
                        708.3964185322641,
                        745.1332191019411,
                        745.2,
                        746,
                        707.0133,
                        710,
                        37,
                        40,
                        20,
                        19.1,
                        18.8,
                        0.5,
                        1,
                        22,
                        44,
                        350,
                        // Arguments at which tanh was once off by 2.6 ulp.
                        0.03066405173522857,
                        0.03106218641343394)
                .flatMap(v -> DoubleStream.iterate(-3, k -> k <= 3, k -> k + 1).map(k -> v + k * Math.ulp(v)))
                .flatMap(v -> DoubleStream.of(v, -v));
        return Stream.of(
                        random.doubles(3000, -750, 712),
                        random.doubles(3000, -2, 2),
                        random.doubles(3000, -0.4, 0.4),
                        random.doubles(2000, -45, 45),
                        reduction,
                        multiples,
                        small,
                        limits)
                .flatMapToDouble(s -> s)
                .toArray();
    }

    private static double[] apply(Kernel kernel, double... x) {
        double[] y = new double[x.length];
        kernel.apply(x, 0, y, 0, x.length);
        return y;
    }

    private static void assertWithin(double ulps, Kernel kernel, UnaryOperator<BigDecimal> reference) {
        double[] x = hardArguments();
        double[] y = apply(kernel, x);
        for (int e = 0; e < x.length; e++) {
            BigDecimal exact = reference.apply(new BigDecimal(x[e]));
            double nearest = exact.doubleValue();
            if (y[e] == nearest) {
                continue;
            }
            double error = exact.subtract(new BigDecimal(y[e]), DIGITS).abs().doubleValue() / Math.ulp(nearest);
            assertThat(error)
                    .as("ulps of %s at %s, which should be %s", y[e], x[e], nearest)
                    .isLessThanOrEqualTo(ulps);
        }
    }

    @Test
    void expIsWithinOneUlp() {
        assertWithin(1, VectorMath::exp, VectorMathTest::exp);
    }

    @Test
    void sigmoidIsWithinTwoUlps() {
        assertWithin(2, VectorMath::sigmoid, VectorMathTest::sigmoid);
    }

    @Test
    void siluIsWithinTwoUlps() {
        assertWithin(2, VectorMath::silu, x -> x.multiply(sigmoid(x), DIGITS));
    }

    @Test
    void tanhIsWithinTwoUlps() {
        assertWithin(2, VectorMath::tanh, VectorMathTest::tanh);
    }

    @Test
    void theReferenceItselfIsRight() {
        assertThat(exp(BigDecimal.ONE).toPlainString())
                .startsWith("2.71828182845904523536028747135266249775724709369995");
        assertThat(exp(BigDecimal.TEN.negate()).toPlainString())
                .startsWith("0.0000453999297624848515355915155605506102379");
        for (double x : new double[] {-30, -1, -1e-5, 1e-9, 0.3, 2, 15}) {
            assertThat(tanh(new BigDecimal(x)).doubleValue()).isEqualTo(StrictMath.tanh(x));
        }
    }

    @Test
    void limitsAndSpecialArguments() {
        double[] x = {0.0, -0.0, INF, -INF, Double.NaN, 1000, -1000, Double.MAX_VALUE, -Double.MAX_VALUE};

        assertThat(apply(VectorMath::exp, x)).containsExactly(1, 1, INF, 0, Double.NaN, INF, 0, INF, 0);
        assertThat(apply(VectorMath::sigmoid, x)).containsExactly(0.5, 0.5, 1, 0, Double.NaN, 1, 0, 1, 0);
        assertThat(apply(VectorMath::silu, x))
                .containsExactly(0.0, 0.0, INF, Double.NaN, Double.NaN, 1000, -0.0, Double.MAX_VALUE, -0.0);
        assertThat(apply(VectorMath::tanh, x)).containsExactly(0.0, -0.0, 1, -1, Double.NaN, 1, -1, 1, -1);
        assertThat(apply(VectorMath::exp, Double.MIN_VALUE, -Double.MIN_VALUE, 1e-310))
                .containsOnly(1);
        assertThat(apply(VectorMath::tanh, Double.MIN_VALUE, -1e-310)).containsExactly(Double.MIN_VALUE, -1e-310);
    }

    @Test
    void theSimpleKernels() {
        double[] x = {0.0, -0.0, 2, -2, INF, -INF, Double.NaN};
        assertThat(apply(DoubleSimpleFunctions::neg, x)).containsExactly(-0.0, 0.0, -2, 2, -INF, INF, Double.NaN);
        assertThat(apply(DoubleSimpleFunctions::square, x)).containsExactly(0, 0, 4, 4, INF, INF, Double.NaN);
        assertThat(apply(DoubleSimpleFunctions::reciprocal, x))
                .containsExactly(INF, -INF, 0.5, -0.5, 0, -0.0, Double.NaN);
        assertThat(apply(DoubleSimpleFunctions::relu, x)).containsExactly(0, 0, 2, 0, INF, 0, Double.NaN);
    }

    @Test
    void theFusedDerivatives() {
        double[] g = {3, 3, INF, INF, 3};
        double[] y = {0, 2, 0, 2, Double.NaN};
        assertThat(apply((x, i, z, j, n) -> DoubleSimpleFunctions.reluGradient(g, i, x, i, z, j, n), y))
                .containsExactly(0, 3, 0, INF, Double.NaN);
        double[] s = {0.25, 0.5, 1, 0, Double.NaN};
        double[] one = {1, 1, 1, 1, 1};
        assertThat(apply((x, i, z, j, n) -> DoubleSimpleFunctions.sigmoidGradient(one, i, x, i, z, j, n), s))
                .containsExactly(0.1875, 0.25, 0, 0, Double.NaN);
        assertThat(apply((x, i, z, j, n) -> DoubleSimpleFunctions.tanhGradient(one, i, x, i, z, j, n), s))
                .containsExactly(0.9375, 0.75, 0, 1, Double.NaN);
    }

    /** The vectorised loop, the loop over its remainder, and loops over any chunk give the same bits, in place or not. */
    @Test
    void anElementIsComputedToTheSameBitsWhereverItStands() {
        double[] x = hardArguments();
        for (Kernel kernel : new Kernel[] {VectorMath::exp, VectorMath::sigmoid, VectorMath::silu, VectorMath::tanh}) {
            double[] whole = apply(kernel, x);
            for (int warm = 0; warm < 20; warm++) {
                assertThat(apply(kernel, x)).isEqualTo(whole);
            }
            Random random = new Random(5);
            for (int round = 0; round < 300; round++) {
                int from = random.nextInt(x.length);
                int n = Math.min(random.nextInt(round < 200 ? 20 : 1500), x.length - from);
                int to = random.nextInt(5);
                double[] y = new double[n + 10];
                Arrays.fill(y, 77);
                kernel.apply(x, from, y, to, n);
                double[] inPlace = Arrays.copyOfRange(x, from, from + n);
                kernel.apply(inPlace, 0, inPlace, 0, n);

                double[] expected = Arrays.copyOfRange(whole, from, from + n);
                assertThat(Arrays.copyOfRange(y, to, to + n)).isEqualTo(expected);
                assertThat(inPlace).isEqualTo(expected);
                assertThat(Arrays.stream(y).filter(v -> v == 77).count()).isGreaterThanOrEqualTo(10);
            }
        }
    }
}
