package io.adjoint.autograd;

/**
 * Functions of each element.
 *
 * <p>FLOAT64 values are within 2 units in the last place, except where a method says otherwise; FLOAT32 ones are computed in double
 * and rounded once. NaN gives NaN with a gradient of NaN. All are differentiable as often as is wanted.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface PointwiseMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@link PointwiseRules#ABS}. */
    default Tensor abs() {
        return PointwiseRules.ABS.of(self());
    }

    /** {@link PointwiseRules#ACOS}. */
    default Tensor acos() {
        return PointwiseRules.ACOS.of(self());
    }

    /** {@link PointwiseRules#ACOSH}. */
    default Tensor acosh() {
        return PointwiseRules.ACOSH.of(self());
    }

    /** {@link PointwiseRules#ASIN}. */
    default Tensor asin() {
        return PointwiseRules.ASIN.of(self());
    }

    /** {@link PointwiseRules#ASINH}. */
    default Tensor asinh() {
        return PointwiseRules.ASINH.of(self());
    }

    /** {@link PointwiseRules#ATAN}. */
    default Tensor atan() {
        return PointwiseRules.ATAN.of(self());
    }

    /** {@link PointwiseRules#ATANH}. */
    default Tensor atanh() {
        return PointwiseRules.ATANH.of(self());
    }

    /** {@link PointwiseRules#CEIL}. */
    default Tensor ceil() {
        return PointwiseRules.CEIL.of(self());
    }

    /** {@link #celu(double)} with α = 1. */
    default Tensor celu() {
        return celu(1);
    }

    /**
     * {@code x} for positive x, else {@code α·(exp(x/α) − 1)}; at the kink 0 the gradient is 1 and the second derivative 0.
     *
     * @throws IllegalArgumentException if α is not a positive number
     */
    default Tensor celu(double alpha) {
        return ActivationRules.celu(self(), alpha);
    }

    /** {@link PointwiseRules#COS}. */
    default Tensor cos() {
        return PointwiseRules.COS.of(self());
    }

    /** {@link PointwiseRules#COSH}. */
    default Tensor cosh() {
        return PointwiseRules.COSH.of(self());
    }

    /** {@link PointwiseRules#DEG2RAD}. */
    default Tensor deg2rad() {
        return PointwiseRules.DEG2RAD.of(self());
    }

    /** {@link PointwiseRules#DIGAMMA}. */
    default Tensor digamma() {
        return PointwiseRules.DIGAMMA.of(self());
    }

    /** {@link #elu(double)} with α = 1. */
    default Tensor elu() {
        return elu(1);
    }

    /**
     * {@code x} for positive x, else {@code α·(eˣ − 1)}; at the kink 0 the gradient is α and the second derivative 0.
     *
     * @throws IllegalArgumentException if α is not a finite number
     */
    default Tensor elu(double alpha) {
        return ActivationRules.elu(self(), alpha);
    }

    /** {@link PointwiseRules#ENTR}. */
    default Tensor entr() {
        return PointwiseRules.ENTR.of(self());
    }

    /** {@link PointwiseRules#ERF}. */
    default Tensor erf() {
        return PointwiseRules.ERF.of(self());
    }

    /** {@link PointwiseRules#ERFC}. */
    default Tensor erfc() {
        return PointwiseRules.ERFC.of(self());
    }

    /** {@link PointwiseRules#ERFINV}. */
    default Tensor erfinv() {
        return PointwiseRules.ERFINV.of(self());
    }

    /** {@link PointwiseRules#EXP}. */
    default Tensor exp() {
        return PointwiseRules.EXP.of(self());
    }

    /** {@link PointwiseRules#EXP2}. */
    default Tensor exp2() {
        return PointwiseRules.EXP2.of(self());
    }

    /** {@link PointwiseRules#EXPM1}. */
    default Tensor expm1() {
        return PointwiseRules.EXPM1.of(self());
    }

    /** {@link PointwiseRules#FLOOR}. */
    default Tensor floor() {
        return PointwiseRules.FLOOR.of(self());
    }

    /** {@link PointwiseRules#FRAC}. */
    default Tensor frac() {
        return PointwiseRules.FRAC.of(self());
    }

    /** {@link PointwiseRules#GELU}. */
    default Tensor gelu() {
        return PointwiseRules.GELU.of(self());
    }

    /** {@link PointwiseRules#GELU_TANH}. */
    default Tensor geluTanh() {
        return PointwiseRules.GELU_TANH.of(self());
    }

    /** {@link PointwiseRules#HARDSIGMOID}. */
    default Tensor hardsigmoid() {
        return PointwiseRules.HARDSIGMOID.of(self());
    }

    /** {@code x·hardsigmoid(x)}; at the kink −3 the gradient is 0, at 3 it is 1, the second derivative is 0 at both. */
    default Tensor hardswish() {
        return ActivationRules.hardswish(self());
    }

    /** {@link #hardtanh(double, double)} between −1 and 1. */
    default Tensor hardtanh() {
        return hardtanh(-1, 1);
    }

    /**
     * x between the bounds, else the nearer bound; at the kinks, the bounds, the gradient is 0.
     *
     * @throws IllegalArgumentException unless min &lt; max
     */
    default Tensor hardtanh(double min, double max) {
        return ActivationRules.hardtanh(self(), min, max);
    }

    /** {@link #leakyRelu(double)} with slope 0.01. */
    default Tensor leakyRelu() {
        return leakyRelu(0.01);
    }

    /**
     * {@code x} for positive x, else {@code slope·x}; at the kink 0 the gradient is the slope.
     *
     * @throws IllegalArgumentException if the slope is not a finite number
     */
    default Tensor leakyRelu(double slope) {
        return ActivationRules.leakyRelu(self(), slope);
    }

    /** {@link PointwiseRules#LGAMMA}. */
    default Tensor lgamma() {
        return PointwiseRules.LGAMMA.of(self());
    }

    /** {@link PointwiseRules#LOG}. */
    default Tensor log() {
        return PointwiseRules.LOG.of(self());
    }

    /** {@link PointwiseRules#LOG10}. */
    default Tensor log10() {
        return PointwiseRules.LOG10.of(self());
    }

    /** {@link PointwiseRules#LOG1P}. */
    default Tensor log1p() {
        return PointwiseRules.LOG1P.of(self());
    }

    /** {@link PointwiseRules#LOG2}. */
    default Tensor log2() {
        return PointwiseRules.LOG2.of(self());
    }

    /** {@link PointwiseRules#LOG_SIGMOID}. */
    default Tensor logSigmoid() {
        return PointwiseRules.LOG_SIGMOID.of(self());
    }

    /** {@link PointwiseRules#MISH}. */
    default Tensor mish() {
        return PointwiseRules.MISH.of(self());
    }

    /** {@link PointwiseRules#NEG}. */
    default Tensor neg() {
        return PointwiseRules.NEG.of(self());
    }

    /**
     * The derivative of {@link #digamma} of the given order, digamma itself for order 0. At the poles 0, −1, … +∞ for odd orders and NaN
     * for even ones, but at ±0 the infinity of that side. For accuracy see {@link io.adjoint.core.math.GammaFunctions#polygamma}.
     *
     * @throws IllegalArgumentException if the order is negative, or above 100
     */
    default Tensor polygamma(int order) {
        return ActivationRules.polygamma(self(), order);
    }

    /** {@link PointwiseRules#RAD2DEG}. */
    default Tensor rad2deg() {
        return PointwiseRules.RAD2DEG.of(self());
    }

    /** {@link PointwiseRules#RECIPROCAL}. */
    default Tensor reciprocal() {
        return PointwiseRules.RECIPROCAL.of(self());
    }

    /** {@link PointwiseRules#RELU}. */
    default Tensor relu() {
        return PointwiseRules.RELU.of(self());
    }

    /** {@code min(max(x, 0), 6)}; at the kinks 0 and 6 the gradient is 0. */
    default Tensor relu6() {
        return ActivationRules.hardtanh("relu6", self(), 0, 6);
    }

    /** {@link PointwiseRules#ROUND}. */
    default Tensor round() {
        return PointwiseRules.ROUND.of(self());
    }

    /** {@link PointwiseRules#RSQRT}. */
    default Tensor rsqrt() {
        return PointwiseRules.RSQRT.of(self());
    }

    /**
     * {@code s·x} for positive x, else {@code s·α·(eˣ − 1)} with s = 1.0507009873554805 and α = 1.6732632423543772, which keep mean and
     * variance of a deep network's layers near 0 and 1; at the kink 0 the gradient is sα and the second derivative 0.
     */
    default Tensor selu() {
        return ActivationRules.selu(self());
    }

    /** {@link PointwiseRules#SIGMOID}. */
    default Tensor sigmoid() {
        return PointwiseRules.SIGMOID.of(self());
    }

    /** {@link PointwiseRules#SIGN}. */
    default Tensor sign() {
        return PointwiseRules.SIGN.of(self());
    }

    /** {@link PointwiseRules#SILU}. */
    default Tensor silu() {
        return PointwiseRules.SILU.of(self());
    }

    /** {@link PointwiseRules#SIN}. */
    default Tensor sin() {
        return PointwiseRules.SIN.of(self());
    }

    /** {@code sin(πx)/(πx)}, 1 at 0. */
    default Tensor sinc() {
        return ActivationRules.sinc(self());
    }

    /** {@link PointwiseRules#SINH}. */
    default Tensor sinh() {
        return PointwiseRules.SINH.of(self());
    }

    /** {@link #softplus(double, double)} with β = 1 and threshold 20. */
    default Tensor softplus() {
        return softplus(1, 20);
    }

    /**
     * {@code log(1 + exp(βx))/β}, a smooth relu; x itself where {@code βx} exceeds the threshold, with gradient 1.
     *
     * @throws IllegalArgumentException if β is not a positive number, or the threshold is NaN
     */
    default Tensor softplus(double beta, double threshold) {
        return ActivationRules.softplus(self(), beta, threshold);
    }

    /** {@link PointwiseRules#SOFTSIGN}. */
    default Tensor softsign() {
        return PointwiseRules.SOFTSIGN.of(self());
    }

    /** {@link PointwiseRules#SQRT}. */
    default Tensor sqrt() {
        return PointwiseRules.SQRT.of(self());
    }

    /** {@link PointwiseRules#SQUARE}. */
    default Tensor square() {
        return PointwiseRules.SQUARE.of(self());
    }

    /** {@link PointwiseRules#TAN}. */
    default Tensor tan() {
        return PointwiseRules.TAN.of(self());
    }

    /** {@link PointwiseRules#TANH}. */
    default Tensor tanh() {
        return PointwiseRules.TANH.of(self());
    }

    /** {@link PointwiseRules#TRUNC}. */
    default Tensor trunc() {
        return PointwiseRules.TRUNC.of(self());
    }
}
