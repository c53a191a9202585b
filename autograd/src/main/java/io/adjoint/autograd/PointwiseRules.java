package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.BinaryKernel;
import io.adjoint.core.KeepsNoGradients;
import io.adjoint.core.Kernel;
import io.adjoint.core.NdArray;
import io.adjoint.core.UnaryFunction;
import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.ErrorFunctions;
import io.adjoint.core.math.FloatSeries;
import io.adjoint.core.math.GammaFunctions;
import io.adjoint.core.math.Powers;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The functions of one number, each with its kernel and its backward rule; {@link PointwiseMethods} and {@link ActivationMethods} say
 * what they are. The rule takes the upstream gradient g and the function's output y or its input x; a third entry is the same rule as
 * one loop, used while nothing records.
 */
@KeepsNoGradients
enum PointwiseRules {
    ABS(each(Math::abs), input((g, x) -> g.mul(x.sign()))),
    ACOS(each(StrictMath::acos), input((g, x) -> g.neg().mul(oneMinusSquare(x).rsqrt()))),
    ACOSH(
            each(ElementaryFunctions::acosh),
            input((g, x) -> g.mul(x.add(-1).rsqrt()).mul(x.add(1).rsqrt()))),
    ASIN(each(StrictMath::asin), input((g, x) -> g.mul(oneMinusSquare(x).rsqrt()))),
    ASINH(
            each(ElementaryFunctions::asinh),
            input((g, x) -> g.mul(x.square().add(1).rsqrt()))),
    ATAN(each(StrictMath::atan), input((g, x) -> g.mul(x.square().add(1).reciprocal()))),
    ATANH(each(ElementaryFunctions::atanh), input((g, x) -> g.div(positive(oneMinusSquare(x))))),
    CEIL(each(Math::ceil), output(PointwiseRules::flat)),
    COS(each(StrictMath::cos), input((g, x) -> g.neg().mul(x.sin()))),
    COSH(each(StrictMath::cosh), input((g, x) -> g.mul(x.sinh()))),
    DEG2RAD(each(x -> x * (Math.PI / 180)), output((g, y) -> g.mul(Math.PI / 180))),
    DIGAMMA(each(GammaFunctions::digamma), input((g, x) -> g.mul(x.polygamma(1)))),
    ENTR(each(ElementaryFunctions::entr), input((g, x) -> g.mul(x.log().add(1).neg()))),
    ERF(UnaryFunction.ERF, input((g, x) -> g.mul(x.square().neg().exp().mul(ActivationRules.TWO_OVER_ROOT_PI)))),
    ERFC(
            each(ErrorFunctions::erfc),
            input((g, x) -> g.mul(x.square().neg().exp().mul(-ActivationRules.TWO_OVER_ROOT_PI)))),
    ERFINV(
            each(ErrorFunctions::erfinv),
            output((g, y) -> g.mul(y.square().exp().div(ActivationRules.TWO_OVER_ROOT_PI)))),
    EXP(UnaryFunction.EXP, output(Tensor::mul)),
    EXP2(each(Powers::exp2), output((g, y) -> g.mul(y.mul(FloatSeries.LN2)))),
    EXPM1(UnaryFunction.EXPM1, input((g, x) -> g.mul(x.exp()))),
    FLOOR(each(Math::floor), output(PointwiseRules::flat)),
    FRAC(
            each(x -> x - trunc(x)),
            input((g, x) -> ActivationRules.slope(g, x, v -> Double.isFinite(v) ? 1 : Double.NaN))),
    GELU(UnaryFunction.GELU, input(ActivationRules::geluRule, BinaryFunction.GELU_GRADIENT)),
    GELU_TANH(UnaryFunction.GELU_TANH, input(ActivationRules::geluTanhRule, BinaryFunction.GELU_TANH_GRADIENT)),
    HARDSIGMOID(
            each(x -> Math.min(Math.max(x + 3, 0), 6) / 6),
            input((g, x) -> ActivationRules.slope(g, x, v -> Math.abs(v) < 3 ? 1.0 / 6 : Double.isNaN(v) ? v : 0))),
    LGAMMA(each(GammaFunctions::lgamma), input((g, x) -> g.mul(x.digamma()))),
    LOG(UnaryFunction.LOG, input((g, x) -> g.div(positive(x)))),
    LOG10(each(StrictMath::log10), input((g, x) -> g.div(positive(x).mul(StrictMath.log(10))))),
    LOG1P(UnaryFunction.LOG1P, input((g, x) -> g.div(positive(x.add(1))))),
    LOG2(each(ElementaryFunctions::log2), input((g, x) -> g.div(positive(x).mul(FloatSeries.LN2)))),
    LOG_SIGMOID(UnaryFunction.LOG_SIGMOID, input((g, x) -> g.mul(x.neg().sigmoid()))),
    MISH(UnaryFunction.MISH, input(ActivationRules::mishRule, BinaryFunction.MISH_GRADIENT)),
    NEG(UnaryFunction.NEG, output((g, y) -> g.neg())),
    RAD2DEG(each(x -> x * (180 / Math.PI)), output((g, y) -> g.mul(180 / Math.PI))),
    RECIPROCAL(UnaryFunction.RECIPROCAL, output((g, y) -> g.neg().mul(y.mul(y)))),
    RELU(UnaryFunction.RELU, output(PointwiseRules::reluRule)),
    ROUND(each(Math::rint), output(PointwiseRules::flat)),
    RSQRT(each(x -> 1 / Math.sqrt(x)), output((g, y) -> g.mul(y.mul(y).mul(y).mul(-0.5)))),
    SIGMOID(UnaryFunction.SIGMOID, output((g, y) -> g.mul(y.mul(y.rsub(1))), BinaryFunction.SIGMOID_GRADIENT)),
    SIGN(each(Math::signum), output(PointwiseRules::flat)),
    SILU(UnaryFunction.SILU, input(ActivationRules::siluRule, BinaryFunction.SILU_GRADIENT)),
    SIN(each(StrictMath::sin), input((g, x) -> g.mul(x.cos()))),
    SINH(each(StrictMath::sinh), input((g, x) -> g.mul(x.cosh()))),
    SOFTSIGN(
            each(x -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x))),
            input((g, x) -> g.mul(x.abs().add(1).reciprocal().square()))),
    SQRT(each(Math::sqrt), output((g, y) -> g.div(y.mul(2)))),
    SQUARE(UnaryFunction.SQUARE, input((g, x) -> g.mul(x.mul(2)))),
    TAN(each(StrictMath::tan), output((g, y) -> g.mul(y.square().add(1)))),
    TANH(UnaryFunction.TANH, output((g, y) -> g.mul(y.square().rsub(1)), BinaryFunction.TANH_GRADIENT)),
    TRUNC(each(PointwiseRules::trunc), output(PointwiseRules::flat));

    private final Kernel kernel;
    private final Rule rule;
    private final String label = camelCase(name().toLowerCase(Locale.ROOT));

    PointwiseRules(Kernel kernel, Rule rule) {
        this.kernel = kernel;
        this.rule = rule;
    }

    /** The function of each element of x. */
    Tensor of(Tensor x) {
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
        return op("reluGradient", g.data().zip(y.data(), BinaryFunction.RELU_GRADIENT), edge(g, h -> reluRule(h, y)));
    }
}
