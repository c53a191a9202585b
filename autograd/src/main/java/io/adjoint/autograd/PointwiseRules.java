package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.core.BinaryKernel;
import io.adjoint.core.Kernel;
import io.adjoint.core.NdArray;
import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.ErrorFunctions;
import io.adjoint.core.math.GammaFunctions;
import io.adjoint.core.math.VectorMath;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The functions of one number, each with its kernel and its rule. The rule takes the gradient g and the function's output y or its
 * input x; a third entry is the same rule as one loop, used while nothing records.
 */
public enum PointwiseRules {
    /** {@code |x|}; at the kink 0 the gradient is 0. */
    ABS(each(Math::abs), input((g, x) -> g.mul(x.sign()))),
    /** The inverse of cos, from 0 to π; at ±1 the gradient is infinite, beyond both are NaN. */
    ACOS(each(Math::acos), input((g, x) -> g.neg().mul(oneMinusSquare(x).rsqrt()))),
    /** The inverse of cosh; at 1 the gradient is infinite, below both are NaN. */
    ACOSH(
            each(ElementaryFunctions::acosh),
            input((g, x) -> g.mul(x.add(-1).rsqrt()).mul(x.add(1).rsqrt()))),
    /** The inverse of sin, from −π/2 to π/2; at ±1 the gradient is infinite, beyond both are NaN. */
    ASIN(each(Math::asin), input((g, x) -> g.mul(oneMinusSquare(x).rsqrt()))),
    /** The inverse of sinh. */
    ASINH(
            each(ElementaryFunctions::asinh),
            input((g, x) -> g.mul(x.square().add(1).rsqrt()))),
    /** The inverse of tan, from −π/2 to π/2. */
    ATAN(each(Math::atan), input((g, x) -> g.mul(x.square().add(1).reciprocal()))),
    /** The inverse of tanh; at ±1 value and gradient are infinite, beyond both are NaN. */
    ATANH(each(ElementaryFunctions::atanh), input((g, x) -> g.div(positive(oneMinusSquare(x))))),
    /** The least integer not below x; the gradient is 0 everywhere, but NaN for NaN. */
    CEIL(each(Math::ceil), output(PointwiseRules::flat)),
    /** The cosine of x radians. */
    COS(each(Math::cos), input((g, x) -> g.neg().mul(x.sin()))),
    /** The hyperbolic cosine. */
    COSH(each(Math::cosh), input((g, x) -> g.mul(x.sinh()))),
    /** Degrees in radians. */
    DEG2RAD(each(x -> x * (Math.PI / 180)), output((g, y) -> g.mul(Math.PI / 180))),
    /** {@code Γ′(x)/Γ(x)}; NaN at the poles −1, −2, …, at ±0 infinite. For accuracy see {@link GammaFunctions#digamma}. */
    DIGAMMA(each(GammaFunctions::digamma), input((g, x) -> g.mul(x.polygamma(1)))),
    /** {@code −x·log x}, of which an entropy is the sum; 0 at 0, where the gradient is infinite; −∞ below, where the gradient is NaN. */
    ENTR(each(ElementaryFunctions::entr), input((g, x) -> g.mul(x.log().add(1).neg()))),
    /** {@code 2/√π·∫₀ˣ exp(−t²) dt}. */
    ERF(
            each(ErrorFunctions::erf),
            input((g, x) -> g.mul(x.square().neg().exp().mul(ActivationRules.TWO_OVER_ROOT_PI)))),
    /** {@code 1 − erf x}, with all digits where erf is nearly 1. */
    ERFC(
            each(ErrorFunctions::erfc),
            input((g, x) -> g.mul(x.square().neg().exp().mul(-ActivationRules.TWO_OVER_ROOT_PI)))),
    /** The inverse of erf; at ±1 value and gradient are infinite, beyond both are NaN. */
    ERFINV(
            each(ErrorFunctions::erfinv),
            output((g, y) -> g.mul(y.square().exp().div(ActivationRules.TWO_OVER_ROOT_PI)))),
    /** {@code eˣ}. */
    EXP(VectorMath::exp, output(Tensor::mul)),
    /** {@code 2ˣ}. */
    EXP2(each(x -> Math.pow(2, x)), output((g, y) -> g.mul(y.mul(Math.log(2))))),
    /** {@code eˣ − 1}, with all digits near 0. */
    EXPM1(each(Math::expm1), input((g, x) -> g.mul(x.exp()))),
    /** The greatest integer not above x; the gradient is 0 everywhere, but NaN for NaN. */
    FLOOR(each(Math::floor), output(PointwiseRules::flat)),
    /** What {@link #TRUNC} leaves, with the sign of x; the gradient is 1, at the jumps too. */
    FRAC(
            each(x -> x - trunc(x)),
            input((g, x) -> ActivationRules.slope(g, x, v -> Double.isFinite(v) ? 1 : Double.NaN))),
    /** {@code x·Φ(x)} with Φ the standard normal distribution function; NaN at −∞. */
    GELU(each(ErrorFunctions::gelu), input(ActivationRules::geluRule, each(ActivationRules::geluSlope))),
    /** {@code x/2·(1 + tanh(√(2/π)·(x + 0.044715x³)))}, an approximation of {@link #GELU}; NaN at −∞. */
    GELU_TANH(each(ErrorFunctions::geluTanh), input(ActivationRules::geluTanhRule)),
    /** {@code (x + 3)/6} between 0 and 1; at the kinks ±3 the gradient is 0. */
    HARDSIGMOID(
            each(x -> Math.min(Math.max(x + 3, 0), 6) / 6),
            input((g, x) -> ActivationRules.slope(g, x, v -> Math.abs(v) < 3 ? 1.0 / 6 : Double.isNaN(v) ? v : 0))),
    /** {@code log |Γ(x)|}; infinite at the poles 0, −1, −2, …, where the gradient is that of {@link #DIGAMMA}. For accuracy see {@link GammaFunctions#lgamma}. */
    LGAMMA(each(GammaFunctions::lgamma), input((g, x) -> g.mul(x.digamma()))),
    /** The natural logarithm; NaN below 0, and so is its gradient. */
    LOG(each(Math::log), input((g, x) -> g.div(positive(x)))),
    /** The logarithm to base 10; NaN below 0, and so is its gradient. */
    LOG10(each(Math::log10), input((g, x) -> g.div(positive(x).mul(Math.log(10))))),
    /** {@code log(1 + x)}, with all digits near 0; NaN below −1, and so is its gradient. */
    LOG1P(each(Math::log1p), input((g, x) -> g.div(positive(x.add(1))))),
    /** The logarithm to base 2, exact for powers of 2; NaN below 0, and so is its gradient. */
    LOG2(each(ElementaryFunctions::log2), input((g, x) -> g.div(positive(x).mul(Math.log(2))))),
    /** {@code −log(1 + e⁻ˣ)}, without overflow. */
    LOG_SIGMOID(
            each(ElementaryFunctions::logSigmoid), input((g, x) -> g.mul(x.neg().sigmoid()))),
    /** {@code x·tanh(log(1 + eˣ))}; NaN at −∞. */
    MISH(each(ElementaryFunctions::mish), input(ActivationRules::mishRule)),
    /** {@code −x}. */
    NEG(VectorMath::neg, output((g, y) -> g.neg())),
    /** Radians in degrees. */
    RAD2DEG(each(x -> x * (180 / Math.PI)), output((g, y) -> g.mul(180 / Math.PI))),
    /** {@code 1/x}. */
    RECIPROCAL(VectorMath::reciprocal, output((g, y) -> g.neg().mul(y.mul(y)))),
    /** {@code max(x, 0)}; at the kink 0 the gradient is 0, for NaN it is NaN. */
    RELU(VectorMath::relu, output(PointwiseRules::reluRule)),
    /** The nearest integer, halves to the even one; the gradient is 0 everywhere, but NaN for NaN. */
    ROUND(each(Math::rint), output(PointwiseRules::flat)),
    /** {@code 1/√x}; at 0 value and gradient are infinite, below both are NaN. */
    RSQRT(each(x -> 1 / Math.sqrt(x)), output((g, y) -> g.mul(y.mul(y).mul(y).mul(-0.5)))),
    /** {@code 1 / (1 + e⁻ˣ)}. */
    SIGMOID(VectorMath::sigmoid, output((g, y) -> g.mul(y.mul(y.rsub(1))), VectorMath::sigmoidGradient)),
    /** −1, 0 or 1; its gradient is 0 everywhere, but NaN for NaN. */
    SIGN(each(Math::signum), output(PointwiseRules::flat)),
    /** {@code x / (1 + e⁻ˣ)}, also known as swish; NaN at −∞. */
    SILU(VectorMath::silu, input(ActivationRules::siluRule, VectorMath::siluGradient)),
    /** The sine of x radians. */
    SIN(each(Math::sin), input((g, x) -> g.mul(x.cos()))),
    /** The hyperbolic sine. */
    SINH(each(Math::sinh), input((g, x) -> g.mul(x.cosh()))),
    /** {@code x/(1 + |x|)}; at 0 the second derivative is 0. */
    SOFTSIGN(
            each(x -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x))),
            input((g, x) -> g.mul(x.abs().add(1).reciprocal().square()))),
    /** The square root; at 0 the gradient is infinite. */
    SQRT(each(Math::sqrt), output((g, y) -> g.div(y.mul(2)))),
    /** {@code x²}. */
    SQUARE(VectorMath::square, input((g, x) -> g.mul(x.mul(2)))),
    /** The tangent of x radians. */
    TAN(each(Math::tan), output((g, y) -> g.mul(y.square().add(1)))),
    /** The hyperbolic tangent. */
    TANH(VectorMath::tanh, output((g, y) -> g.mul(y.square().rsub(1)), VectorMath::tanhGradient)),
    /** x without its fraction; the gradient is 0 everywhere, but NaN for NaN. */
    TRUNC(each(PointwiseRules::trunc), output(PointwiseRules::flat));

    private final Kernel kernel;
    private final Rule rule;
    private final String label = camelCase(name().toLowerCase(Locale.ROOT));

    PointwiseRules(Kernel kernel, Rule rule) {
        this.kernel = kernel;
        this.rule = rule;
    }

    /** The function of each element of x. */
    public Tensor of(Tensor x) {
        return rule.readsOutput()
                ? op(label, value(x.data()), edge(x, rule::apply))
                : op(label, value(x.data()), edge(x, g -> rule.apply(g, x)));
    }

    /** Two of these make integers of integers; the others that would, such as floor, have no use for them. */
    private NdArray value(NdArray x) {
        return this == ABS || this == NEG ? x.mapExact(label, kernel) : x.map(label, kernel);
    }

    private static String camelCase(String constant) {
        StringBuilder label = new StringBuilder();
        for (String word : constant.split("_", -1)) {
            label.append(label.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)))
                    .append(word.substring(1));
        }
        return label.toString();
    }

    private record Rule(
            boolean readsOutput,
            BinaryOperator<Tensor> composed,
            @Nullable BinaryKernel fused) {
        Tensor apply(Tensor g, Tensor read) {
            return fused == null || Autograd.isRecording()
                    ? composed.apply(g, read)
                    : Tensor.of(g.data().zip(read.data(), fused));
        }
    }

    private static Rule output(BinaryOperator<Tensor> rule) {
        return new Rule(true, rule, null);
    }

    private static Rule output(BinaryOperator<Tensor> rule, BinaryKernel fused) {
        return new Rule(true, rule, fused);
    }

    private static Rule input(BinaryOperator<Tensor> rule) {
        return new Rule(false, rule, null);
    }

    private static Rule input(BinaryOperator<Tensor> rule, BinaryKernel fused) {
        return new Rule(false, rule, fused);
    }

    /** Picks a constructor of {@link Kernel} in front of the enum's own scope. */
    private static Kernel each(DoubleUnaryOperator function) {
        return Kernel.each(function);
    }

    private static BinaryKernel each(DoubleBinaryOperator function) {
        return BinaryKernel.each(function);
    }

    private static double trunc(double x) {
        return x < 0 ? Math.ceil(x) : Math.floor(x);
    }

    /** The rule of steps, from their output: 0, but NaN for NaN. */
    private static Tensor flat(Tensor g, Tensor y) {
        return ActivationRules.slope(g, y, v -> Double.isNaN(v) ? v : 0);
    }

    /** {@code 1 − x²}, with all digits near ±1. */
    private static Tensor oneMinusSquare(Tensor x) {
        return op("oneMinusSquare", x.data().map(v -> (1 - v) * (1 + v)), edge(x, g -> g.mul(x.mul(-2))));
    }

    /** x itself, but NaN where it is negative, so that what is undefined there has no finite derivative. */
    private static Tensor positive(Tensor x) {
        return op("positive", x.data().map(v -> v < 0 ? Double.NaN : v), edge(x, g -> g));
    }

    /** Selects rather than multiplies, so an infinite gradient at a negative input is 0 and not NaN; linear in g. */
    private static Tensor reluRule(Tensor g, Tensor y) {
        return op("reluGradient", g.data().zip(y.data(), VectorMath::reluGradient), edge(g, h -> reluRule(h, y)));
    }
}
