package io.adjoint.core;

import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.ErrorFunctions;
import io.adjoint.core.math.GammaFunctions;
import io.adjoint.core.math.Powers;
import io.adjoint.core.math.Remainders;
import java.util.function.DoubleUnaryOperator;

/**
 * Functions of each element of a floating array: the values of the functions of tensors that have the same names, which say more of them.
 *
 * <p>To be used through {@link NdArray}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface ArrayFunctions permits NdArray {
    private NdArray self() {
        return (NdArray) this;
    }

    private NdArray each(String op, DoubleUnaryOperator function) {
        return self().map(op, Kernel.each(function));
    }

    /** The absolute value, {@code |x|}; also for INT32. */
    default NdArray abs() {
        return self().mapExact("abs", Kernel.each(Math::abs));
    }

    /** The inverse of cos, from 0 to π; NaN beyond ±1. */
    default NdArray acos() {
        return each("acos", StrictMath::acos);
    }

    /** The inverse of cosh, for x ≥ 1; NaN below. */
    default NdArray acosh() {
        return each("acosh", ElementaryFunctions::acosh);
    }

    /** The inverse of sin, from −π/2 to π/2; NaN beyond ±1. */
    default NdArray asin() {
        return each("asin", StrictMath::asin);
    }

    /** The inverse of sinh. */
    default NdArray asinh() {
        return each("asinh", ElementaryFunctions::asinh);
    }

    /** The inverse of tan, from −π/2 to π/2. */
    default NdArray atan() {
        return each("atan", StrictMath::atan);
    }

    /** The inverse of tanh; infinite at ±1, NaN beyond. */
    default NdArray atanh() {
        return each("atanh", ElementaryFunctions::atanh);
    }

    /** The smallest integer that is not below x. */
    default NdArray ceil() {
        return each("ceil", Math::ceil);
    }

    /** The cosine of radians. */
    default NdArray cos() {
        return each("cos", StrictMath::cos);
    }

    /** The hyperbolic cosine, {@code (eˣ + e⁻ˣ)/2}. */
    default NdArray cosh() {
        return each("cosh", StrictMath::cosh);
    }

    /** Degrees in radians. */
    default NdArray deg2rad() {
        return each("deg2rad", x -> x * (Math.PI / 180));
    }

    /** The logarithmic derivative of Γ, {@code ψ(x) = Γ′(x) / Γ(x)}. */
    default NdArray digamma() {
        return each("digamma", GammaFunctions::digamma);
    }

    /** The summand of an entropy, {@code −x · log(x)}; 0 at 0, −∞ below. */
    default NdArray entr() {
        return each("entr", ElementaryFunctions::entr);
    }

    /** The error function, {@code 2/√π·∫₀ˣ exp(−t²) dt}. */
    default NdArray erf() {
        return self().map("erf", UnaryFunction.ERF);
    }

    /** The complementary error function, {@code 1 − erf(x)}. */
    default NdArray erfc() {
        return each("erfc", ErrorFunctions::erfc);
    }

    /** The inverse of erf; infinite at ±1, NaN beyond. */
    default NdArray erfinv() {
        return each("erfinv", ErrorFunctions::erfinv);
    }

    /** The exponential, {@code eˣ}. */
    default NdArray exp() {
        return self().map("exp", UnaryFunction.EXP);
    }

    /** The power of 2, {@code 2ˣ}. */
    default NdArray exp2() {
        return each("exp2", Powers::exp2);
    }

    /** The exponential less 1, {@code eˣ − 1}, with all digits near 0. */
    default NdArray expm1() {
        return self().map("expm1", UnaryFunction.EXPM1);
    }

    /** The largest integer that is not above x. */
    default NdArray floor() {
        return each("floor", Math::floor);
    }

    /** The fraction, {@code x − trunc(x)}, with the sign of x. */
    default NdArray frac() {
        return each("frac", x -> x - Remainders.trunc(x));
    }

    /** The Gaussian error linear unit, {@code x·Φ(x)}. */
    default NdArray gelu() {
        return self().map("gelu", UnaryFunction.GELU);
    }

    /** The approximation of {@link #gelu} by tanh. */
    default NdArray geluTanh() {
        return self().map("geluTanh", UnaryFunction.GELU_TANH);
    }

    /** The piecewise linear approximation of {@link #sigmoid}, {@code min(max(x + 3, 0), 6) / 6}. */
    default NdArray hardsigmoid() {
        return each("hardsigmoid", x -> Math.min(Math.max(x + 3, 0), 6) / 6);
    }

    /** The logarithm of the Γ function, {@code log |Γ(x)|}. */
    default NdArray lgamma() {
        return each("lgamma", GammaFunctions::lgamma);
    }

    /** The natural logarithm; −∞ at 0, NaN below. */
    default NdArray log() {
        return self().map("log", UnaryFunction.LOG);
    }

    /** The logarithm to base 10; −∞ at 0, NaN below. */
    default NdArray log10() {
        return each("log10", StrictMath::log10);
    }

    /** The logarithm of 1 + x, with all digits near 0; −∞ at −1, NaN below. */
    default NdArray log1p() {
        return self().map("log1p", UnaryFunction.LOG1P);
    }

    /** The logarithm to base 2; −∞ at 0, NaN below. */
    default NdArray log2() {
        return each("log2", ElementaryFunctions::log2);
    }

    /** The logarithm of {@link #sigmoid}, without underflow. */
    default NdArray logSigmoid() {
        return self().map("logSigmoid", UnaryFunction.LOG_SIGMOID);
    }

    /** {@code x·tanh(log(1 + eˣ))}. */
    default NdArray mish() {
        return self().map("mish", UnaryFunction.MISH);
    }

    /** The negative, {@code −x}; also for INT32. */
    default NdArray neg() {
        return self().mapExact("neg", UnaryFunction.NEG);
    }

    /**
     * The derivative of {@link #digamma} of the given order.
     *
     * @throws IllegalArgumentException if the order is negative, or above 100
     */
    default NdArray polygamma(int order) {
        if (order < 0 || order > GammaFunctions.HIGHEST_ORDER) {
            throw new IllegalArgumentException(
                    "polygamma: expected an order from 0 to " + GammaFunctions.HIGHEST_ORDER + ", got " + order);
        }
        return each("polygamma", order == 0 ? GammaFunctions::digamma : x -> GammaFunctions.polygamma(order, x));
    }

    /** Radians in degrees. */
    default NdArray rad2deg() {
        return each("rad2deg", x -> x * (180 / Math.PI));
    }

    /** The reciprocal, {@code 1 / x}; infinite at ±0. */
    default NdArray reciprocal() {
        return self().map("reciprocal", UnaryFunction.RECIPROCAL);
    }

    /** The rectified linear unit, {@code max(x, 0)}. */
    default NdArray relu() {
        return self().map("relu", UnaryFunction.RELU);
    }

    /** The nearest integer, halves to even. */
    default NdArray round() {
        return each("round", Math::rint);
    }

    /** The reciprocal of the square root, {@code 1 / √x}; infinite at 0, NaN below. */
    default NdArray rsqrt() {
        return each("rsqrt", x -> 1 / Math.sqrt(x));
    }

    /** The logistic function, {@code 1 / (1 + e⁻ˣ)}. */
    default NdArray sigmoid() {
        return self().map("sigmoid", UnaryFunction.SIGMOID);
    }

    /** The sign, −1, 0 or 1. */
    default NdArray sign() {
        return each("sign", Math::signum);
    }

    /** The sigmoid linear unit, {@code x·sigmoid(x)}. */
    default NdArray silu() {
        return self().map("silu", UnaryFunction.SILU);
    }

    /** The sine of radians. */
    default NdArray sin() {
        return each("sin", StrictMath::sin);
    }

    /** The normalised cardinal sine, {@code sin(π·x) / (π·x)}; 1 at 0. */
    default NdArray sinc() {
        return each("sinc", x -> ElementaryFunctions.sinc(0, x));
    }

    /** The hyperbolic sine, {@code (eˣ − e⁻ˣ)/2}. */
    default NdArray sinh() {
        return each("sinh", StrictMath::sinh);
    }

    /** The smooth rectifier, {@code log(1 + eˣ)}; x itself above 20. */
    default NdArray softplus() {
        return self().map("softplus", UnaryFunction.SOFTPLUS);
    }

    /** {@code x / (1 + |x|)}. */
    default NdArray softsign() {
        return each("softsign", x -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x)));
    }

    /** The square root; NaN below 0. */
    default NdArray sqrt() {
        return each("sqrt", Math::sqrt);
    }

    /** The square, {@code x²}. */
    default NdArray square() {
        return self().map("square", UnaryFunction.SQUARE);
    }

    /** The tangent of radians. */
    default NdArray tan() {
        return each("tan", StrictMath::tan);
    }

    /** The hyperbolic tangent, from −1 to 1. */
    default NdArray tanh() {
        return self().map("tanh", UnaryFunction.TANH);
    }

    /** x without its fraction. */
    default NdArray trunc() {
        return each("trunc", Remainders::trunc);
    }
}
