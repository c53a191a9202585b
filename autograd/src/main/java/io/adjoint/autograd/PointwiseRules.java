package io.adjoint.autograd;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.NdArray;
import io.adjoint.core.loops.BinaryKernel;
import io.adjoint.core.math.FloatSeries;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The functions of one number, each with its values and its backward rule; {@link Tensor} documents them. The backward rule takes the
 * upstream gradient g and the function's output y or its input x. The optional second argument of {@code input} and {@code output} is the
 * backward rule as one loop, used while recording is off.
 */
enum PointwiseRules {
    ABS(NdArray::abs, input((g, x) -> g.mul(x.sign()))),
    ACOS(NdArray::acos, input((g, x) -> g.neg().mul(oneMinusSquare(x).rsqrt()))),
    ACOSH(NdArray::acosh, input((g, x) -> g.mul(x.add(-1).rsqrt()).mul(x.add(1).rsqrt()))),
    ASIN(NdArray::asin, input((g, x) -> g.mul(oneMinusSquare(x).rsqrt()))),
    ASINH(NdArray::asinh, input((g, x) -> g.mul(x.square().add(1).rsqrt()))),
    ATAN(NdArray::atan, input((g, x) -> g.mul(x.square().add(1).reciprocal()))),
    ATANH(NdArray::atanh, input((g, x) -> g.div(positive(oneMinusSquare(x))))),
    CEIL(NdArray::ceil, output(PointwiseRules::flat)),
    COS(NdArray::cos, input((g, x) -> g.neg().mul(x.sin()))),
    COSH(NdArray::cosh, input((g, x) -> g.mul(x.sinh()))),
    DEG2RAD(NdArray::deg2rad, output((g, y) -> g.mul(Math.PI / 180))),
    DIGAMMA(NdArray::digamma, input((g, x) -> g.mul(x.polygamma(1)))),
    ENTR(NdArray::entr, input((g, x) -> g.mul(x.log().add(1).neg()))),
    ERF(NdArray::erf, input((g, x) -> g.mul(ActivationRules.bell(x, -1).mul(ActivationRules.TWO_OVER_ROOT_PI)))),
    ERFC(NdArray::erfc, input((g, x) -> g.mul(ActivationRules.bell(x, -1).mul(-ActivationRules.TWO_OVER_ROOT_PI)))),
    ERFCX(NdArray::erfcx, input(SpecialRules::erfcxRule)),
    ERFINV(NdArray::erfinv, output((g, y) -> g.mul(y.square().exp().div(ActivationRules.TWO_OVER_ROOT_PI)))),
    EXP(NdArray::exp, output(Tensor::mul)),
    EXP2(NdArray::exp2, output((g, y) -> g.mul(y.mul(FloatSeries.LN2)))),
    EXPM1(NdArray::expm1, input((g, x) -> g.mul(x.exp()))),
    FLOOR(NdArray::floor, output(PointwiseRules::flat)),
    FRAC(NdArray::frac, input((g, x) -> ActivationRules.slope(g, x, v -> Double.isFinite(v) ? 1 : Double.NaN))),
    GELU(NdArray::gelu, input(ActivationRules::geluRule, BinaryFunction.GELU_GRADIENT)),
    GELU_TANH(NdArray::geluTanh, input(ActivationRules::geluTanhRule, BinaryFunction.GELU_TANH_GRADIENT)),
    HARDSIGMOID(
            NdArray::hardsigmoid,
            input((g, x) -> ActivationRules.slope(g, x, v -> Math.abs(v) < 3 ? 1.0 / 6 : Double.isNaN(v) ? v : 0))),
    I0(NdArray::i0, input((g, x) -> g.mul(x.i1()))),
    I0E(NdArray::i0e, input(SpecialRules::i0eRule)),
    I1(NdArray::i1, input(SpecialRules::i1Rule)),
    I1E(NdArray::i1e, input(SpecialRules::i1eRule)),
    LGAMMA(NdArray::lgamma, input((g, x) -> g.mul(x.digamma()))),
    LOG(NdArray::log, input((g, x) -> g.div(positive(x)))),
    LOG10(NdArray::log10, input((g, x) -> g.div(positive(x).mul(StrictMath.log(10))))),
    LOG1P(NdArray::log1p, input((g, x) -> g.div(positive(x.add(1))))),
    LOG2(NdArray::log2, input((g, x) -> g.div(positive(x).mul(FloatSeries.LN2)))),
    LOG_NDTR(NdArray::logNdtr, input((g, x) -> g.mul(SpecialRules.normalHazard(x)))),
    LOG_SIGMOID(NdArray::logSigmoid, input((g, x) -> g.mul(x.neg().sigmoid()))),
    MISH(NdArray::mish, input(ActivationRules::mishRule, BinaryFunction.MISH_GRADIENT)),
    NDTR(NdArray::ndtr, input((g, x) -> g.mul(ActivationRules.normalDensity(x)))),
    NDTRI(NdArray::ndtri, output((g, y) -> g.div(ActivationRules.normalDensity(y)))),
    NEG(NdArray::neg, output((g, y) -> g.neg())),
    RAD2DEG(NdArray::rad2deg, output((g, y) -> g.mul(180 / Math.PI))),
    RECIPROCAL(NdArray::reciprocal, output((g, y) -> g.neg().mul(y.mul(y)))),
    RELU(NdArray::relu, output(PointwiseRules::reluRule)),
    ROUND(NdArray::round, output(PointwiseRules::flat)),
    RSQRT(NdArray::rsqrt, output((g, y) -> g.mul(y.mul(y).mul(y).mul(-0.5)))),
    SIGMOID(NdArray::sigmoid, output((g, y) -> g.mul(y.mul(y.rsub(1))), BinaryFunction.SIGMOID_GRADIENT)),
    SIGN(NdArray::sign, output(PointwiseRules::flat)),
    SILU(NdArray::silu, input(ActivationRules::siluRule, BinaryFunction.SILU_GRADIENT)),
    SIN(NdArray::sin, input((g, x) -> g.mul(x.cos()))),
    SINH(NdArray::sinh, input((g, x) -> g.mul(x.cosh()))),
    SOFTSIGN(
            NdArray::softsign, input((g, x) -> g.mul(x.abs().add(1).reciprocal().square()))),
    SQRT(NdArray::sqrt, output((g, y) -> g.div(y.mul(2)))),
    SQUARE(NdArray::square, input((g, x) -> g.mul(x.mul(2)))),
    TAN(NdArray::tan, output((g, y) -> g.mul(y.square().add(1)))),
    TANH(NdArray::tanh, output((g, y) -> g.mul(y.square().rsub(1)), BinaryFunction.TANH_GRADIENT)),
    TRUNC(NdArray::trunc, output(PointwiseRules::flat));

    private final UnaryOperator<NdArray> function;
    private final Vjp rule;
    private final String label = camelCase(name().toLowerCase(Locale.ROOT));

    PointwiseRules(UnaryOperator<NdArray> function, Vjp rule) {
        this.function = function;
        this.rule = rule;
    }

    /** Applies the function to each element of x. */
    Tensor of(Tensor x) {
        return rule.readsOutput()
                ? op(label, function.apply(x.data()), edge(x, rule::apply))
                : op(label, function.apply(x.data()), edge(x, g -> rule.apply(g, x)));
    }

    private static String camelCase(String constant) {
        StringBuilder label = new StringBuilder();
        for (String word : constant.split("_", -1)) {
            label.append(label.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)))
                    .append(word.substring(1));
        }
        return label.toString();
    }

    private record Vjp(
            boolean readsOutput,
            BinaryOperator<Tensor> composed,
            @Nullable BinaryKernel loop) {
        Tensor apply(Tensor g, Tensor read) {
            return loop == null || Autograd.isRecording()
                    ? composed.apply(g, read)
                    : Tensor.of(g.data().zip(read.data(), loop));
        }
    }

    private static Vjp output(BinaryOperator<Tensor> rule) {
        return new Vjp(true, rule, null);
    }

    private static Vjp output(BinaryOperator<Tensor> rule, BinaryKernel loop) {
        return new Vjp(true, rule, loop);
    }

    private static Vjp input(BinaryOperator<Tensor> rule) {
        return new Vjp(false, rule, null);
    }

    private static Vjp input(BinaryOperator<Tensor> rule, BinaryKernel loop) {
        return new Vjp(false, rule, loop);
    }

    /** The backward rule of step functions: 0, but NaN where the output is NaN. */
    private static Tensor flat(Tensor g, Tensor y) {
        return ActivationRules.slope(g, y, v -> Double.isNaN(v) ? v : 0);
    }

    /** {@code 1 − x²} as {@code (1 − x)·(1 + x)}, which is accurate near ±1. */
    private static Tensor oneMinusSquare(Tensor x) {
        return op("oneMinusSquare", x.data().map(v -> (1 - v) * (1 + v)), edge(x, g -> g.mul(x.mul(-2))));
    }

    /** x itself, but NaN where x is negative: an undefined value must have no finite derivative. */
    private static Tensor positive(Tensor x) {
        return op("positive", x.data().map(v -> v < 0 ? Double.NaN : v), edge(x, g -> g));
    }

    /**
     * The backward rule of ReLU, which selects g or 0 instead of multiplying g by 0 or 1, so an infinite gradient at a negative input gives
     * 0 and not NaN. The selection is linear in g.
     */
    private static Tensor reluRule(Tensor g, Tensor y) {
        return op("reluGradient", g.data().zip(y.data(), BinaryFunction.RELU_GRADIENT), edge(g, h -> reluRule(h, y)));
    }
}
