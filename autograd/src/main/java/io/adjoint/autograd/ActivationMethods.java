package io.adjoint.autograd;

/**
 * Activation functions, of each element; {@link PointwiseMethods#tanh} is among the elementary functions.
 *
 * <p>FLOAT64 values are within 2 units in the last place, except where a method says otherwise; FLOAT32 ones are within 1, most of
 * them the nearest float. NaN gives NaN with a gradient of NaN. All are differentiable as often as is wanted. Examples are rounded to
 * four decimals.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface ActivationMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * The exponential linear unit with α = 1, as {@link #elu()}: {@code x above 0, eˣ − 1 below}.
     *
     * <p>{@code Tensor.of(-1, 0, 1).celu() // [-0.6321, 0, 1]}
     */
    default Tensor celu() {
        return celu(1);
    }

    /**
     * The continuously differentiable exponential linear unit, {@code x above 0, α·(exp(x/α) − 1) below}, from −α; at 0 the
     * gradient is 1 and the second derivative 0.
     *
     * <p>{@code Tensor.of(-1, 0, 1).celu(2) // [-0.7869, 0, 1]}
     *
     * @throws IllegalArgumentException if α is not a positive number
     */
    default Tensor celu(double alpha) {
        return ActivationRules.celu(self(), alpha);
    }

    /**
     * The exponential linear unit, {@link #elu(double)} with α = 1: {@code x above 0, eˣ − 1 below}.
     *
     * <p>{@code Tensor.of(-1, 0, 1).elu() // [-0.6321, 0, 1]}
     */
    default Tensor elu() {
        return elu(1);
    }

    /**
     * The exponential linear unit, {@code x above 0, α·(eˣ − 1) below}, from −α; at the kink 0 the gradient is α and
     * the second derivative 0.
     *
     * <p>{@code Tensor.of(-1, 0, 1).elu(2) // [-1.2642, 0, 1]}
     *
     * @throws IllegalArgumentException if α is not a finite number
     */
    default Tensor elu(double alpha) {
        return ActivationRules.elu(self(), alpha);
    }

    /**
     * The Gaussian error linear unit, {@code x · Φ(x)} with Φ the standard normal distribution function; NaN at −∞.
     *
     * <p>{@code Tensor.of(-1, 0, 1).gelu() // [-0.1587, 0, 0.8413]}
     */
    default Tensor gelu() {
        return PointwiseRules.GELU.of(self());
    }

    /**
     * An approximation of {@link #gelu} by tanh, {@code x/2·(1 + tanh u), u = √(2/π)·(x + 0.044715·x³)}; NaN at −∞.
     *
     * <p>{@code Tensor.of(-1, 0, 1).geluTanh() // [-0.1588, 0, 0.8412]}
     */
    default Tensor geluTanh() {
        return PointwiseRules.GELU_TANH.of(self());
    }

    /**
     * Elements with a gap around 0, {@code x where |x| > λ, else 0}; at ±λ the gradient is 0.
     *
     * <p>{@code Tensor.of(-1, 0.5, 2).hardshrink(0.5) // [-1, 0, 2]}
     *
     * @throws IllegalArgumentException if λ is not a finite number from 0 on
     */
    default Tensor hardshrink(double lambda) {
        return ActivationRules.hardshrink(self(), lambda);
    }

    /**
     * The sigmoid of straight pieces, {@code (x + 3)/6 between 0 and 1}; at the kinks ±3 the gradient is 0.
     *
     * <p>{@code Tensor.of(-4, 0, 1).hardsigmoid() // [0, 0.5, 0.6667]}
     */
    default Tensor hardsigmoid() {
        return PointwiseRules.HARDSIGMOID.of(self());
    }

    /**
     * The silu of straight pieces, {@code x · hardsigmoid(x)}; gradient 0 at the kink −3, 1 at 3, second derivative 0 at both.
     *
     * <p>{@code Tensor.of(-4, -1, 1).hardswish() // [0, -0.3333, 0.6667]}
     */
    default Tensor hardswish() {
        return ActivationRules.hardswish(self());
    }

    /**
     * The tanh of straight pieces, {@link #hardtanh(double, double)}: {@code x between −1 and 1}.
     *
     * <p>{@code Tensor.of(-3, 0.5, 2).hardtanh() // [-1, 0.5, 1]}
     */
    default Tensor hardtanh() {
        return hardtanh(-1, 1);
    }

    /**
     * The tanh of straight pieces, {@code x between the bounds}, beyond them the nearer bound; at the bounds the gradient is 0.
     *
     * <p>{@code Tensor.of(-3, 0.5, 3).hardtanh(0, 2) // [0, 0.5, 2]}
     *
     * @throws IllegalArgumentException unless min &lt; max
     */
    default Tensor hardtanh(double min, double max) {
        return ActivationRules.hardtanh(self(), min, max);
    }

    /**
     * The leaky rectifier, {@link #leakyRelu(double)} with slope 0.01: {@code x above 0, x/100 below}.
     *
     * <p>{@code Tensor.of(-1, 0, 2).leakyRelu() // [-0.01, 0, 2]}
     */
    default Tensor leakyRelu() {
        return leakyRelu(0.01);
    }

    /**
     * The leaky rectifier, {@code x above 0, slope·x below}; at the kink 0 the gradient is the slope.
     *
     * <p>{@code Tensor.of(-1, 0, 2).leakyRelu(0.2) // [-0.2, 0, 2]}
     *
     * @throws IllegalArgumentException if the slope is not a finite number
     */
    default Tensor leakyRelu(double slope) {
        return ActivationRules.leakyRelu(self(), slope);
    }

    /**
     * The logarithm of the sigmoid, {@code log(sigmoid(x))} = −log(1 + e⁻ˣ), at most 0, without overflow.
     *
     * <p>{@code Tensor.of(-1, 0, 1).logSigmoid() // [-1.3133, -0.6931, -0.3133]}
     */
    default Tensor logSigmoid() {
        return PointwiseRules.LOG_SIGMOID.of(self());
    }

    /**
     * The self-gated unit mish, {@code x · tanh(log(1 + exp(x)))}; NaN at −∞.
     *
     * <p>{@code Tensor.of(-1, 0, 1).mish() // [-0.3034, 0, 0.8651]}
     */
    default Tensor mish() {
        return PointwiseRules.MISH.of(self());
    }

    /**
     * The leaky rectifier whose slopes are learned (He et al., 2015), {@code x above 0, weight·x below}; at the kink 0 the gradient of x
     * is the weight.
     *
     * <p>{@code Tensor.of(-1, 0, 2).prelu(Tensor.of(0.25)) // [-0.25, 0, 2]}
     *
     * @param weight a slope for all elements, {@code []} or {@code [1]}, or one for each channel: {@code [C]}, if this tensor is
     *     {@code [N, C, ...]}
     * @throws io.adjoint.core.ShapeException if it is of another shape
     * @throws io.adjoint.core.DTypeException if the types differ or are not floating
     */
    default Tensor prelu(Tensor weight) {
        return ActivationRules.prelu(self(), weight);
    }

    /**
     * The rectifier, {@code max(x, 0)}; at the kink 0 the gradient is 0, NaN gives NaN.
     *
     * <p>{@code Tensor.of(-1, 0, 2).relu() // [0, 0, 2]}
     */
    default Tensor relu() {
        return PointwiseRules.RELU.of(self());
    }

    /**
     * The rectifier that ends at 6, {@code x between 0 and 6}; at the kinks 0 and 6 the gradient is 0.
     *
     * <p>{@code Tensor.of(-1, 3, 8).relu6() // [0, 3, 6]}
     */
    default Tensor relu6() {
        return ActivationRules.hardtanh("relu6", self(), 0, 6);
    }

    /**
     * The scaled exponential linear unit, {@code s·x above 0, s·α·(eˣ − 1) below; s ≈ 1.05, α ≈ 1.67}: s = 1.0507009873554805 and
     * α = 1.6732632423543772 keep mean and variance of deep layers near 0 and 1. At the kink 0 the gradient is sα and the
     * second derivative 0.
     *
     * <p>{@code Tensor.of(-1, 0, 1).selu() // [-1.1113, 0, 1.0507]}
     */
    default Tensor selu() {
        return ActivationRules.selu(self());
    }

    /**
     * The logistic function, {@code σ(x) = 1 / (1 + exp(−x))}, from 0 to 1.
     *
     * <p>{@code Tensor.of(-1, 0, 1).sigmoid() // [0.2689, 0.5, 0.7311]}
     */
    default Tensor sigmoid() {
        return PointwiseRules.SIGMOID.of(self());
    }

    /**
     * The sigmoid linear unit, also known as swish, {@code x · sigmoid(x)}; NaN at −∞.
     *
     * <p>{@code Tensor.of(-1, 0, 1).silu() // [-0.2689, 0, 0.7311]}
     */
    default Tensor silu() {
        return PointwiseRules.SILU.of(self());
    }

    /**
     * The smooth rectifier, {@link #softplus(double, double)} with β = 1 and threshold 20: {@code log(1 + eˣ), x itself above 20}.
     *
     * <p>{@code Tensor.of(-1, 0, 1).softplus() // [0.3133, 0.6931, 1.3133]}
     */
    default Tensor softplus() {
        return softplus(1, 20);
    }

    /**
     * The smooth rectifier, {@code log(1 + exp(βx)) / β, x itself where βx is above the threshold}, with gradient 1 there.
     *
     * <p>{@code Tensor.of(-1, 0, 1).softplus(2, 20) // [0.0635, 0.3466, 1.0635]}
     *
     * @throws IllegalArgumentException if β is not a positive number, or the threshold is NaN
     */
    default Tensor softplus(double beta, double threshold) {
        return ActivationRules.softplus(self(), beta, threshold);
    }

    /**
     * Elements pulled towards 0, {@code x − λ above λ, x + λ below −λ, else 0}; at ±λ the gradient is 0.
     *
     * <p>{@code Tensor.of(-1, 0.5, 2).softshrink(0.5) // [-0.5, 0, 1.5]}
     *
     * @throws IllegalArgumentException if λ is not a finite number from 0 on
     */
    default Tensor softshrink(double lambda) {
        return ActivationRules.softshrink(self(), lambda);
    }

    /**
     * The sign of a soft step, {@code x / (1 + |x|)}, from −1 to 1; at 0 the second derivative is 0.
     *
     * <p>{@code Tensor.of(-1, 0, 3).softsign() // [-0.5, 0, 0.75]}
     */
    default Tensor softsign() {
        return PointwiseRules.SOFTSIGN.of(self());
    }

    /**
     * Elements above a threshold, {@code x above the threshold, else the value}; at the threshold the gradient is 0.
     *
     * <p>{@code Tensor.of(-1, 0.5, 2).threshold(0.5, 7) // [7, 7, 2]}
     *
     * @throws IllegalArgumentException if the threshold is NaN
     */
    default Tensor threshold(double threshold, double value) {
        return ActivationRules.threshold(self(), threshold, value);
    }
}
