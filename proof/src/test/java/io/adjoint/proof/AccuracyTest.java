package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import ch.obermuhlner.math.big.BigDecimalMath;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.math.GammaFunctions;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests that elementwise functions are within 2 ulp of the exact value, near zeros, poles and saturation and in between. */
@Tag("slow")
class AccuracyTest {
    private static final double ULPS = 2;
    private static final int RANDOM = 80;
    private static final MathContext DIGITS = new MathContext(60);
    private static final MathContext MORE = new MathContext(90);
    /** The largest error of each function. */
    private static final Map<String, Double> LARGEST = new TreeMap<>();

    private static final BigDecimal THREE = BigDecimal.valueOf(3);
    private static final BigDecimal SIX = BigDecimal.valueOf(6);
    private static final BigDecimal SELU_SCALE = new BigDecimal("1.0507009873554804934193349852946");
    private static final BigDecimal SELU_ALPHA = new BigDecimal("1.6732632423543772848170429916717");
    private static final BigDecimal STEEP = new BigDecimal("3.25");

    /** The default slope of leakyRelu: the exact value of the double nearest to 0.01. */
    private static final BigDecimal SLOPE = new BigDecimal(Double.parseDouble("0.01"));

    /** Functions not tested here: their results are exact, or are computed by one rounded operation. */
    private static final Set<String> EXACT = Set.of(
            "abs",
            "ceil",
            "floor",
            "frac",
            "hardshrink",
            "hardtanh",
            "neg",
            "prelu",
            "relu",
            "relu6",
            "round",
            "sign",
            "softshrink",
            "threshold",
            "trunc");

    private record Row(
            String name, UnaryOperator<Tensor> function, DoubleStream arguments, UnaryOperator<BigDecimal> exact) {}

    private static Stream<Row> rows() {
        return Stream.of(
                new Row("acos", Tensor::acos, unit(), x -> BigDecimalMath.acos(x, DIGITS)),
                new Row("acosh", Tensor::acosh, positive(1.0000001, 1e9), x -> BigDecimalMath.acosh(x, DIGITS)),
                new Row("asin", Tensor::asin, unit(), x -> BigDecimalMath.asin(x, DIGITS)),
                new Row("asinh", Tensor::asinh, around(-1e9, 1e9), x -> BigDecimalMath.asinh(x, DIGITS)),
                new Row("atan", Tensor::atan, around(-1e9, 1e9), x -> BigDecimalMath.atan(x, DIGITS)),
                new Row("atanh", Tensor::atanh, unit(), x -> BigDecimalMath.atanh(x, DIGITS)),
                new Row("cos", Tensor::cos, angles(), x -> BigDecimalMath.cos(x, DIGITS)),
                new Row("cosh", Tensor::cosh, around(-700, 700), x -> BigDecimalMath.cosh(x, DIGITS)),
                new Row(
                        "deg2rad",
                        Tensor::deg2rad,
                        around(-400, 400),
                        x -> x.multiply(BigDecimalMath.pi(DIGITS)).divide(BigDecimal.valueOf(180), DIGITS)),
                new Row(
                        "digamma",
                        Tensor::digamma,
                        with(realLine(), 1.4616321449683622, 1.4616321449683625, 1.46163, 1.37, 1.55),
                        x -> ManyDigits.polygamma(0, x)),
                new Row(
                        "entr",
                        Tensor::entr,
                        positive(1e-300, 9),
                        x -> x.multiply(BigDecimalMath.log(x, DIGITS)).negate()),
                new Row("erf", Tensor::erf, around(-6, 6), ManyDigits::erf),
                new Row("erfc", Tensor::erfc, around(-6, 26), ManyDigits::erfc),
                new Row("erfinv", Tensor::erfinv, unit(), ManyDigits::erfinv),
                new Row("exp", Tensor::exp, around(-740, 709), x -> BigDecimalMath.exp(x, DIGITS)),
                new Row("exp2", Tensor::exp2, around(-1020, 1020), x -> BigDecimalMath.pow(ManyDigits.TWO, x, DIGITS)),
                new Row("expm1", Tensor::expm1, around(-40, 700), ManyDigits::expm1),
                new Row(
                        "lgamma",
                        Tensor::lgamma,
                        with(realLine(), 0.999, 1.0000000000000002, 1.9999999999999998, 2.0000001, 1.4999, 2.5001),
                        ManyDigits::lgamma),
                new Row(
                        "log",
                        Tensor::log,
                        with(positive(1e-300, 1e300), 0.9999999999999999, 1.0000000000000002),
                        x -> BigDecimalMath.log(x, DIGITS)),
                new Row(
                        "log10",
                        Tensor::log10,
                        with(positive(1e-300, 1e300), 0.9999999999999999, 1.0000000000000002),
                        x -> BigDecimalMath.log10(x, DIGITS)),
                new Row(
                        "log1p",
                        Tensor::log1p,
                        with(around(-0.9999, 1e9), -0.9999999999999999),
                        x -> BigDecimalMath.log(x.add(BigDecimal.ONE), DIGITS)),
                new Row(
                        "log2",
                        Tensor::log2,
                        with(positive(1e-300, 1e300), 0.9999999999999999, 1.0000000000000002),
                        x -> BigDecimalMath.log2(x, DIGITS)),
                new Row(
                        "rad2deg",
                        Tensor::rad2deg,
                        around(-7, 7),
                        x -> x.multiply(BigDecimal.valueOf(180)).divide(BigDecimalMath.pi(DIGITS), DIGITS)),
                new Row("reciprocal", Tensor::reciprocal, around(-9, 9), x -> BigDecimal.ONE.divide(x, DIGITS)),
                new Row(
                        "rsqrt",
                        Tensor::rsqrt,
                        positive(1e-300, 1e300),
                        x -> BigDecimal.ONE.divide(BigDecimalMath.sqrt(x, DIGITS), DIGITS)),
                new Row("sin", Tensor::sin, angles(), x -> BigDecimalMath.sin(x, DIGITS)),
                new Row(
                        "sinc",
                        Tensor::sinc,
                        with(around(-9, 9), 1.0000000000000002, 2.9999999999999996, 4.5),
                        ManyDigits::sinc),
                new Row("sinh", Tensor::sinh, around(-700, 700), x -> BigDecimalMath.sinh(x, DIGITS)),
                new Row("sqrt", Tensor::sqrt, positive(1e-300, 1e300), x -> BigDecimalMath.sqrt(x, DIGITS)),
                new Row("square", Tensor::square, around(-9, 9), x -> x.multiply(x)),
                new Row("tan", Tensor::tan, angles(), x -> BigDecimalMath.tan(x, DIGITS)),
                new Row("celu", Tensor::celu, around(-40, 9), x -> x.signum() > 0 ? x : ManyDigits.expm1(x)),
                new Row("elu", Tensor::elu, around(-40, 9), x -> x.signum() > 0 ? x : ManyDigits.expm1(x)),
                new Row("gelu", Tensor::gelu, around(-36, 9), ManyDigits::gelu),
                new Row("geluTanh", Tensor::geluTanh, around(-21, 9), ManyDigits::geluTanh),
                new Row(
                        "hardsigmoid",
                        Tensor::hardsigmoid,
                        around(-3, 3),
                        x -> x.add(THREE).divide(SIX, DIGITS)),
                new Row(
                        "hardswish",
                        Tensor::hardswish,
                        around(-3, 3),
                        x -> x.multiply(x.add(THREE)).divide(SIX, DIGITS)),
                new Row("leakyRelu", Tensor::leakyRelu, around(-9, 9), x -> x.signum() > 0 ? x : x.multiply(SLOPE)),
                new Row(
                        "logSigmoid",
                        Tensor::logSigmoid,
                        around(-700, 700),
                        x -> ManyDigits.softplus(x.negate()).negate()),
                new Row("mish", Tensor::mish, around(-700, 40), ManyDigits::mish),
                new Row(
                        "selu",
                        Tensor::selu,
                        around(-40, 9),
                        x -> SELU_SCALE.multiply(x.signum() > 0 ? x : SELU_ALPHA.multiply(ManyDigits.expm1(x)))),
                new Row("sigmoid", Tensor::sigmoid, around(-700, 40), ManyDigits::sigmoid),
                new Row("silu", Tensor::silu, around(-700, 40), x -> x.multiply(ManyDigits.sigmoid(x))),
                new Row("softplus", Tensor::softplus, around(-700, 20), ManyDigits::softplus),
                new Row(
                        "softsign",
                        Tensor::softsign,
                        around(-1e9, 1e9),
                        x -> x.divide(x.abs().add(BigDecimal.ONE), DIGITS)),
                new Row("tanh", Tensor::tanh, around(-20, 20), x -> BigDecimalMath.tanh(x, DIGITS)),
                new Row(
                        "softplus(3.25)",
                        x -> x.softplus(3.25, 1e9),
                        around(-200, 200),
                        x -> ManyDigits.softplus(x.multiply(STEEP)).divide(STEEP, DIGITS)),
                new Row(
                        "celu(3.25)",
                        x -> x.celu(3.25),
                        around(-40, 9),
                        x -> x.signum() > 0 ? x : STEEP.multiply(ManyDigits.expm1(x.divide(STEEP, MORE)))),
                new Row("polygamma(1)", x -> x.polygamma(1), realLine(), x -> ManyDigits.polygamma(1, x)),
                new Row("polygamma(4)", x -> x.polygamma(4), realLine(), x -> ManyDigits.polygamma(4, x)));
    }

    private static DoubleStream with(DoubleStream more, double... arguments) {
        return DoubleStream.concat(more, DoubleStream.of(arguments));
    }

    /** Draws numbers of both signs between the bounds: uniformly, uniformly from −4 to 4, and with absolute values from 10⁻²⁰ to 5. */
    private static DoubleStream around(double min, double max) {
        Random random = new Random(7);
        DoubleStream small =
                random.doubles(RANDOM, -20, 0.7).map(power -> Math.pow(10, power) * (random.nextBoolean() ? 1 : -1));
        return Stream.of(
                        random.doubles(RANDOM, min, max),
                        random.doubles(RANDOM, Math.max(min, -4), Math.min(max, 4)),
                        small)
                .flatMapToDouble(s -> s)
                .filter(x -> x > min && x < max);
    }

    /** Draws positive numbers between the bounds: of all orders of magnitude, and uniformly from 0 to 4. */
    private static DoubleStream positive(double min, double max) {
        Random random = new Random(8);
        return DoubleStream.concat(
                        random.doubles(RANDOM, Math.log10(min), Math.log10(max)).map(power -> Math.pow(10, power)),
                        random.doubles(RANDOM, 0, 4))
                .filter(x -> x > min && x < max);
    }

    /** Draws arguments of the gamma functions: positive numbers of all orders of magnitude, and numbers between the poles left of 0. */
    private static DoubleStream realLine() {
        return DoubleStream.concat(positive(1e-10, 1e9), new Random(10).doubles(RANDOM, -80, 0));
    }

    /** Draws numbers between −1 and 1, many of them close to −1 or 1. */
    private static DoubleStream unit() {
        Random random = new Random(9);
        return DoubleStream.concat(
                around(-1, 1),
                random.doubles(RANDOM, -15.5, -1)
                        .map(power -> (1 - Math.pow(10, power)) * (random.nextBoolean() ? 1 : -1)));
    }

    /** Draws angles, and adds the multiples of π/2, next to the zeros and poles of the trigonometric functions. */
    private static DoubleStream angles() {
        return DoubleStream.concat(
                around(-1e6, 1e6),
                IntStream.rangeClosed(-60, 60).filter(k -> k != 0).mapToDouble(k -> k * Math.PI / 2));
    }

    @TestFactory
    Stream<DynamicTest> withinTwoUlps() {
        Stream<DynamicTest> functions = rows().map(row -> DynamicTest.dynamicTest(row.name(), () -> {
            double[] x = row.arguments().toArray();
            double[] y = row.function().apply(vector(x)).data().toDoubleArray();
            for (int e = 0; e < x.length; e++) {
                BigDecimal exact = row.exact().apply(new BigDecimal(x[e]));
                double ulps = error(y[e], exact) / Math.ulp(exact.doubleValue());
                LARGEST.merge(row.name(), ulps, Math::max);
                assertThat(ulps)
                        .as("ulps of %s at %s, which should be %s", y[e], x[e], exact.doubleValue())
                        .isLessThanOrEqualTo(ULPS);
            }
        }));
        // In a test, whose output a report of Surefire has.
        return Stream.concat(
                functions, Stream.of(DynamicTest.dynamicTest("the largest error", AccuracyTest::printTheLargestError)));
    }

    private static void printTheLargestError() {
        assertThat(LARGEST).isNotEmpty();
        LARGEST.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .ifPresent(largest -> System.out.printf(
                        Locale.ROOT,
                        "FLOAT64: %d functions are within %.2f ulp of the exact value; the largest error is that of %s%n",
                        LARGEST.size(),
                        largest.getValue(),
                        largest.getKey()));
    }

    private static Tensor vector(double... x) {
        return Tensor.of(NdArray.of(Shape.of(x.length), x));
    }

    private static double error(double actual, BigDecimal exact) {
        return exact.subtract(new BigDecimal(actual)).abs().doubleValue();
    }

    @Test
    void polygammaIsWithinTwoUlpsForEveryOrder() {
        double[] x = new Random(11).doubles(60, -60, 60).toArray();
        for (int order = 1; order <= GammaFunctions.HIGHEST_ORDER; order += order < 10 ? 1 : 9) {
            for (double at : x) {
                BigDecimal exact = ManyDigits.polygamma(order, new BigDecimal(at));
                assertThat(error(GammaFunctions.polygamma(order, at), exact) / Math.ulp(exact.doubleValue()))
                        .as("ulps of polygamma(%s, %s)", order, at)
                        .isLessThanOrEqualTo(ULPS);
            }
        }
    }

    /**
     * Left of 0, these functions have zeros between their poles. Next to a zero the value is about as small as the rounding error of x, so
     * the absolute error is tested, not the error in ulp.
     */
    @Test
    void nextToZerosOfTheGammaFunctionsTheErrorIsAsDocumented() {
        for (int pole = -1; pole > -60; pole--) {
            double x = zero(GammaFunctions::digamma, pole - 1, pole);
            assertThat(error(GammaFunctions.digamma(x), ManyDigits.polygamma(0, new BigDecimal(x))))
                    .as("digamma(%s)", x)
                    .isLessThanOrEqualTo(0x1p-58);
            double inflection = zero(at -> GammaFunctions.polygamma(2, at), pole - 1, pole);
            assertThat(error(
                            GammaFunctions.polygamma(2, inflection),
                            ManyDigits.polygamma(2, new BigDecimal(inflection))))
                    .as("polygamma(2, %s)", inflection)
                    .isLessThanOrEqualTo(0x1p-58);
        }
        // Between the poles near 0, lgamma has no zero, and farther left no double is near its zeros.
        for (int pole = -2; pole > -15; pole--) {
            double extremum = zero(GammaFunctions::digamma, pole - 1, pole);
            for (double x : new double[] {
                zero(GammaFunctions::lgamma, pole - 1, extremum), zero(GammaFunctions::lgamma, extremum, pole)
            }) {
                assertThat(error(GammaFunctions.lgamma(x), ManyDigits.lgamma(new BigDecimal(x))))
                        .as("lgamma(%s)", x)
                        .isLessThanOrEqualTo(0x1p-58);
            }
        }
    }

    /**
     * Returns a double next to the zero of a function between a and b, found by bisection; the function has different signs at a and b.
     */
    private static double zero(DoubleUnaryOperator function, double a, double b) {
        double left = Math.nextUp(a);
        double right = Math.nextDown(b);
        boolean positive = function.applyAsDouble(left) > 0;
        for (double middle = (left + right) / 2; left < middle && middle < right; middle = (left + right) / 2) {
            if (function.applyAsDouble(middle) > 0 == positive) {
                left = middle;
            } else {
                right = middle;
            }
        }
        return left;
    }

    @Test
    void noFunctionIsForgotten() {
        Set<String> measured = rows().map(Row::name).collect(Collectors.toCollection(TreeSet::new));
        measured.addAll(EXACT);

        assertThat(measured)
                .containsAll(Stream.of(new ElementaryFamily(), new ActivationFamily())
                        .flatMap(family -> family.entries().stream())
                        .map(Entry::name)
                        .filter(name -> !name.contains("(") && !name.equals("polygamma"))
                        .toList());
    }

    @Test
    void theReferenceItselfIsRight() {
        assertThat(ManyDigits.erf(BigDecimal.ONE).toPlainString())
                .startsWith("0.84270079294971486934122063508260925929606699796630");
        assertThat(ManyDigits.erfc(BigDecimal.TEN).toString())
                .startsWith("2.0884875837625447570007862949577886115608181193211");
        assertThat(ManyDigits.lgamma(new BigDecimal("0.5")).toPlainString())
                .startsWith("0.572364942924700087071713675676529355823647");
        assertThat(ManyDigits.polygamma(0, BigDecimal.ONE).toPlainString())
                .startsWith("-0.57721566490153286060651209008240243104215");
        assertThat(ManyDigits.polygamma(1, BigDecimal.ONE).toPlainString())
                .startsWith("1.64493406684822643647241516664602518921894");
        assertThat(ManyDigits.polygamma(2, BigDecimal.ONE).toPlainString())
                .startsWith("-2.4041138063191885707994763230228999815299");
    }
}
