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

    /** {@link Pointwise#ABS}. */
    default Tensor abs() {
        return Pointwise.ABS.of(self());
    }

    /** {@link Pointwise#ACOS}. */
    default Tensor acos() {
        return Pointwise.ACOS.of(self());
    }

    /** {@link Pointwise#ACOSH}. */
    default Tensor acosh() {
        return Pointwise.ACOSH.of(self());
    }

    /** {@link Pointwise#ASIN}. */
    default Tensor asin() {
        return Pointwise.ASIN.of(self());
    }

    /** {@link Pointwise#ASINH}. */
    default Tensor asinh() {
        return Pointwise.ASINH.of(self());
    }

    /** {@link Pointwise#ATAN}. */
    default Tensor atan() {
        return Pointwise.ATAN.of(self());
    }

    /** {@link Pointwise#ATANH}. */
    default Tensor atanh() {
        return Pointwise.ATANH.of(self());
    }

    /** {@link Pointwise#CEIL}. */
    default Tensor ceil() {
        return Pointwise.CEIL.of(self());
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
        return Activations.celu(self(), alpha);
    }

    /** {@link Pointwise#COS}. */
    default Tensor cos() {
        return Pointwise.COS.of(self());
    }

    /** {@link Pointwise#COSH}. */
    default Tensor cosh() {
        return Pointwise.COSH.of(self());
    }

    /** {@link Pointwise#DEG2RAD}. */
    default Tensor deg2rad() {
        return Pointwise.DEG2RAD.of(self());
    }

    /** {@link Pointwise#DIGAMMA}. */
    default Tensor digamma() {
        return Pointwise.DIGAMMA.of(self());
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
        return Activations.elu(self(), alpha);
    }

    /** {@link Pointwise#ENTR}. */
    default Tensor entr() {
        return Pointwise.ENTR.of(self());
    }

    /** {@link Pointwise#ERF}. */
    default Tensor erf() {
        return Pointwise.ERF.of(self());
    }

    /** {@link Pointwise#ERFC}. */
    default Tensor erfc() {
        return Pointwise.ERFC.of(self());
    }

    /** {@link Pointwise#ERFINV}. */
    default Tensor erfinv() {
        return Pointwise.ERFINV.of(self());
    }

    /** {@link Pointwise#EXP}. */
    default Tensor exp() {
        return Pointwise.EXP.of(self());
    }

    /** {@link Pointwise#EXP2}. */
    default Tensor exp2() {
        return Pointwise.EXP2.of(self());
    }

    /** {@link Pointwise#EXPM1}. */
    default Tensor expm1() {
        return Pointwise.EXPM1.of(self());
    }

    /** {@link Pointwise#FLOOR}. */
    default Tensor floor() {
        return Pointwise.FLOOR.of(self());
    }

    /** {@link Pointwise#FRAC}. */
    default Tensor frac() {
        return Pointwise.FRAC.of(self());
    }

    /** {@link Pointwise#GELU}. */
    default Tensor gelu() {
        return Pointwise.GELU.of(self());
    }

    /** {@link Pointwise#GELU_TANH}. */
    default Tensor geluTanh() {
        return Pointwise.GELU_TANH.of(self());
    }

    /** {@link Pointwise#HARDSIGMOID}. */
    default Tensor hardsigmoid() {
        return Pointwise.HARDSIGMOID.of(self());
    }

    /** {@code x·hardsigmoid(x)}; at the kink −3 the gradient is 0, at 3 it is 1, the second derivative is 0 at both. */
    default Tensor hardswish() {
        return Activations.hardswish(self());
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
        return Activations.hardtanh(self(), min, max);
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
        return Activations.leakyRelu(self(), slope);
    }

    /** {@link Pointwise#LGAMMA}. */
    default Tensor lgamma() {
        return Pointwise.LGAMMA.of(self());
    }

    /** {@link Pointwise#LOG}. */
    default Tensor log() {
        return Pointwise.LOG.of(self());
    }

    /** {@link Pointwise#LOG10}. */
    default Tensor log10() {
        return Pointwise.LOG10.of(self());
    }

    /** {@link Pointwise#LOG1P}. */
    default Tensor log1p() {
        return Pointwise.LOG1P.of(self());
    }

    /** {@link Pointwise#LOG2}. */
    default Tensor log2() {
        return Pointwise.LOG2.of(self());
    }

    /** {@link Pointwise#LOG_SIGMOID}. */
    default Tensor logSigmoid() {
        return Pointwise.LOG_SIGMOID.of(self());
    }

    /** {@link Pointwise#MISH}. */
    default Tensor mish() {
        return Pointwise.MISH.of(self());
    }

    /** {@link Pointwise#NEG}. */
    default Tensor neg() {
        return Pointwise.NEG.of(self());
    }

    /**
     * The derivative of {@link #digamma} of the given order, digamma itself for order 0. At the poles 0, −1, … +∞ for odd orders and NaN
     * for even ones, but at ±0 the infinity of that side. For accuracy see {@link io.adjoint.core.GammaFunctions#polygamma}.
     *
     * @throws IllegalArgumentException if the order is negative, or above 100
     */
    default Tensor polygamma(int order) {
        return Activations.polygamma(self(), order);
    }

    /** {@link Pointwise#RAD2DEG}. */
    default Tensor rad2deg() {
        return Pointwise.RAD2DEG.of(self());
    }

    /** {@link Pointwise#RECIPROCAL}. */
    default Tensor reciprocal() {
        return Pointwise.RECIPROCAL.of(self());
    }

    /** {@link Pointwise#RELU}. */
    default Tensor relu() {
        return Pointwise.RELU.of(self());
    }

    /** {@code min(max(x, 0), 6)}; at the kinks 0 and 6 the gradient is 0. */
    default Tensor relu6() {
        return Activations.hardtanh("relu6", self(), 0, 6);
    }

    /** {@link Pointwise#ROUND}. */
    default Tensor round() {
        return Pointwise.ROUND.of(self());
    }

    /** {@link Pointwise#RSQRT}. */
    default Tensor rsqrt() {
        return Pointwise.RSQRT.of(self());
    }

    /**
     * {@code s·x} for positive x, else {@code s·α·(eˣ − 1)} with s = 1.0507009873554805 and α = 1.6732632423543772, which keep mean and
     * variance of a deep network's layers near 0 and 1; at the kink 0 the gradient is sα and the second derivative 0.
     */
    default Tensor selu() {
        return Activations.selu(self());
    }

    /** {@link Pointwise#SIGMOID}. */
    default Tensor sigmoid() {
        return Pointwise.SIGMOID.of(self());
    }

    /** {@link Pointwise#SIGN}. */
    default Tensor sign() {
        return Pointwise.SIGN.of(self());
    }

    /** {@link Pointwise#SILU}. */
    default Tensor silu() {
        return Pointwise.SILU.of(self());
    }

    /** {@link Pointwise#SIN}. */
    default Tensor sin() {
        return Pointwise.SIN.of(self());
    }

    /** {@code sin(πx)/(πx)}, 1 at 0. */
    default Tensor sinc() {
        return Activations.sinc(self());
    }

    /** {@link Pointwise#SINH}. */
    default Tensor sinh() {
        return Pointwise.SINH.of(self());
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
        return Activations.softplus(self(), beta, threshold);
    }

    /** {@link Pointwise#SOFTSIGN}. */
    default Tensor softsign() {
        return Pointwise.SOFTSIGN.of(self());
    }

    /** {@link Pointwise#SQRT}. */
    default Tensor sqrt() {
        return Pointwise.SQRT.of(self());
    }

    /** {@link Pointwise#SQUARE}. */
    default Tensor square() {
        return Pointwise.SQUARE.of(self());
    }

    /** {@link Pointwise#TAN}. */
    default Tensor tan() {
        return Pointwise.TAN.of(self());
    }

    /** {@link Pointwise#TANH}. */
    default Tensor tanh() {
        return Pointwise.TANH.of(self());
    }

    /** {@link Pointwise#TRUNC}. */
    default Tensor trunc() {
        return Pointwise.TRUNC.of(self());
    }
}
