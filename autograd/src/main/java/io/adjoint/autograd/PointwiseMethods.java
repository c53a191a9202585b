package io.adjoint.autograd;

/**
 * Elementary and special functions of each element.
 *
 * <p>FLOAT64 values are within 2 units in the last place, except where a method says otherwise; FLOAT32 ones are within 1, most of
 * them the nearest float. NaN gives NaN with a gradient of NaN. All are differentiable as often as is wanted. Examples are rounded to
 * four decimals.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface PointwiseMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * The absolute value, {@code |x|}, of INT32 too; at the kink 0 the gradient is 0.
     *
     * <p>{@code Tensor.of(-2, 0, 3).abs() // [2, 0, 3]}
     */
    default Tensor abs() {
        return PointwiseRules.ABS.of(self());
    }

    /**
     * The inverse of cos, {@code arccos(x)}, from 0 to π; infinite gradient at ±1, NaN beyond.
     *
     * <p>{@code Tensor.of(-1, 0, 1).acos() // [3.1416, 1.5708, 0]}
     */
    default Tensor acos() {
        return PointwiseRules.ACOS.of(self());
    }

    /**
     * The inverse of cosh, {@code arcosh(x)}, for x ≥ 1; infinite gradient at 1, NaN below.
     *
     * <p>{@code Tensor.of(1, 2, 0).acosh() // [0, 1.317, nan]}
     */
    default Tensor acosh() {
        return PointwiseRules.ACOSH.of(self());
    }

    /**
     * The inverse of sin, {@code arcsin(x)}, from −π/2 to π/2; infinite gradient at ±1, NaN beyond.
     *
     * <p>{@code Tensor.of(-1, 0, 1).asin() // [-1.5708, 0, 1.5708]}
     */
    default Tensor asin() {
        return PointwiseRules.ASIN.of(self());
    }

    /**
     * The inverse of sinh, {@code arsinh(x)}, of any number.
     *
     * <p>{@code Tensor.of(-1, 0, 1).asinh() // [-0.8814, 0, 0.8814]}
     */
    default Tensor asinh() {
        return PointwiseRules.ASINH.of(self());
    }

    /**
     * The inverse of tan, {@code arctan(x)}, from −π/2 to π/2.
     *
     * <p>{@code Tensor.of(-1, 0, 1).atan() // [-0.7854, 0, 0.7854]}
     */
    default Tensor atan() {
        return PointwiseRules.ATAN.of(self());
    }

    /**
     * The inverse of tanh, {@code artanh(x)}; value and gradient are infinite at ±1, NaN beyond.
     *
     * <p>{@code Tensor.of(0, 0.5, 1).atanh() // [0, 0.5493, inf]}
     */
    default Tensor atanh() {
        return PointwiseRules.ATANH.of(self());
    }

    /**
     * Rounds up, to the smallest integer that is not below x; the gradient is 0 everywhere, but NaN for NaN.
     *
     * <p>{@code Tensor.of(-1.5, 0.2, 2).ceil() // [-1, 1, 2]}
     */
    default Tensor ceil() {
        return PointwiseRules.CEIL.of(self());
    }

    /**
     * The cosine of radians, {@code cos(x)}; NaN at ±∞.
     *
     * <p>{@code Tensor.of(0, 1, 2).cos() // [1, 0.5403, -0.4161]}
     */
    default Tensor cos() {
        return PointwiseRules.COS.of(self());
    }

    /**
     * The hyperbolic cosine, {@code cosh(x) = (eˣ + e⁻ˣ)/2}.
     *
     * <p>{@code Tensor.of(-1, 0, 1).cosh() // [1.5431, 1, 1.5431]}
     */
    default Tensor cosh() {
        return PointwiseRules.COSH.of(self());
    }

    /**
     * Degrees in radians, {@code x · π/180}.
     *
     * <p>{@code Tensor.of(0, 90, 180).deg2rad() // [0, 1.5708, 3.1416]}
     */
    default Tensor deg2rad() {
        return PointwiseRules.DEG2RAD.of(self());
    }

    /**
     * The logarithmic derivative of Γ, {@code ψ(x) = Γ′(x) / Γ(x)}; NaN at the poles −1, −2, …, the one-sided limit at ±0.
     * Absolute error below 2⁻⁵⁸ next to the zeros left of 0.
     *
     * <p>{@code Tensor.of(1, 2, 0.5).digamma() // [-0.5772, 0.4228, -1.9635]}
     */
    default Tensor digamma() {
        return PointwiseRules.DIGAMMA.of(self());
    }

    /**
     * The summand of an entropy, {@code −x · log(x)}; 0 at 0 with infinite gradient, −∞ below with gradient NaN.
     *
     * <p>{@code Tensor.of(0, 0.5, -1).entr() // [0, 0.3466, -inf]}
     */
    default Tensor entr() {
        return PointwiseRules.ENTR.of(self());
    }

    /**
     * The error function, {@code 2/√π·∫₀ˣ exp(−t²) dt}, from −1 to 1.
     *
     * <p>{@code Tensor.of(-1, 0, 1).erf() // [-0.8427, 0, 0.8427]}
     */
    default Tensor erf() {
        return PointwiseRules.ERF.of(self());
    }

    /**
     * The complementary error function, {@code 1 − erf(x)}, with all digits where erf is nearly 1.
     *
     * <p>{@code Tensor.of(-1, 0, 1).erfc() // [1.8427, 1, 0.1573]}
     */
    default Tensor erfc() {
        return PointwiseRules.ERFC.of(self());
    }

    /**
     * The inverse of erf, the y of which x is the erf; value and gradient are infinite at ±1, NaN beyond.
     *
     * <p>{@code Tensor.of(-0.5, 0, 1).erfinv() // [-0.4769, 0, inf]}
     */
    default Tensor erfinv() {
        return PointwiseRules.ERFINV.of(self());
    }

    /**
     * The exponential, {@code exp(x)}; infinite where it overflows, above 709.78 in FLOAT64.
     *
     * <p>{@code Tensor.of(-1, 0, 1).exp() // [0.3679, 1, 2.7183]}
     */
    default Tensor exp() {
        return PointwiseRules.EXP.of(self());
    }

    /**
     * The power of 2, {@code 2^x}.
     *
     * <p>{@code Tensor.of(-1, 0, 3).exp2() // [0.5, 1, 8]}
     */
    default Tensor exp2() {
        return PointwiseRules.EXP2.of(self());
    }

    /**
     * The exponential less 1, {@code exp(x) − 1}, with all digits near 0.
     *
     * <p>{@code Tensor.of(-1, 0, 1).expm1() // [-0.6321, 0, 1.7183]}
     */
    default Tensor expm1() {
        return PointwiseRules.EXPM1.of(self());
    }

    /**
     * Rounds down, to the largest integer that is not above x; the gradient is 0 everywhere, but NaN for NaN.
     *
     * <p>{@code Tensor.of(-1.5, 0.2, 2).floor() // [-2, 0, 2]}
     */
    default Tensor floor() {
        return PointwiseRules.FLOOR.of(self());
    }

    /**
     * The fraction, {@code x − trunc(x)}, with the sign of x; the gradient is 1, at the jumps too.
     *
     * <p>{@code Tensor.of(-1.5, 0.25, 2).frac() // [-0.5, 0.25, 0]}
     */
    default Tensor frac() {
        return PointwiseRules.FRAC.of(self());
    }

    /**
     * The logarithm of the Γ function, {@code log(|Γ(x)|)}; ∞ at the poles 0, −1, …, with gradient NaN, at ±0 the one-sided limit.
     * Absolute error below 2⁻⁵⁸ next to the zeros left of 0.
     *
     * <p>{@code Tensor.of(0.5, 1, 4).lgamma() // [0.5724, 0, 1.7918]}
     */
    default Tensor lgamma() {
        return PointwiseRules.LGAMMA.of(self());
    }

    /**
     * The natural logarithm, {@code log(x)}; −∞ at 0 with infinite gradient, NaN below, as is its gradient.
     *
     * <p>{@code Tensor.of(0, 1, 2).log() // [-inf, 0, 0.6931]}
     */
    default Tensor log() {
        return PointwiseRules.LOG.of(self());
    }

    /**
     * The logarithm to base 10, {@code log₁₀(x)}; −∞ at 0 with infinite gradient, NaN below, as is its gradient.
     *
     * <p>{@code Tensor.of(0, 1, 1000).log10() // [-inf, 0, 3]}
     */
    default Tensor log10() {
        return PointwiseRules.LOG10.of(self());
    }

    /**
     * The logarithm of 1 + x, {@code log(1 + x)}, with all digits near 0; −∞ at −1, NaN below, as is its gradient.
     *
     * <p>{@code Tensor.of(-1, 0, 1).log1p() // [-inf, 0, 0.6931]}
     */
    default Tensor log1p() {
        return PointwiseRules.LOG1P.of(self());
    }

    /**
     * The logarithm to base 2, {@code log₂(x)}; −∞ at 0 with infinite gradient, NaN below, as is its gradient.
     *
     * <p>{@code Tensor.of(0, 1, 8).log2() // [-inf, 0, 3]}
     */
    default Tensor log2() {
        return PointwiseRules.LOG2.of(self());
    }

    /**
     * The opposite number, {@code −x}, of INT32 too.
     *
     * <p>{@code Tensor.of(-1, 0, 2).neg() // [1, 0, -2]}
     */
    default Tensor neg() {
        return PointwiseRules.NEG.of(self());
    }

    /**
     * The derivative of {@link #digamma} of the given order n, {@code ψ⁽ⁿ⁾(x)}, digamma itself for order 0. At the poles 0, −1, …
     * ∞ for odd orders and NaN for even ones, but at ±0 the one-sided limit. For even orders less accurate next to the zeros
     * left of 0.
     *
     * <p>{@code Tensor.of(1, 2, 0.5).polygamma(1) // [1.6449, 0.6449, 4.9348]}
     *
     * @throws IllegalArgumentException if the order is negative, or above 100
     */
    default Tensor polygamma(int order) {
        return ActivationRules.polygamma(self(), order);
    }

    /**
     * Radians in degrees, {@code x · 180/π}.
     *
     * <p>{@code Tensor.of(0, 1, 3).rad2deg() // [0, 57.2958, 171.8873]}
     */
    default Tensor rad2deg() {
        return PointwiseRules.RAD2DEG.of(self());
    }

    /**
     * The reciprocal, {@code 1 / x}; infinite at ±0, with a gradient of −∞.
     *
     * <p>{@code Tensor.of(-2, 0, 4).reciprocal() // [-0.5, inf, 0.25]}
     */
    default Tensor reciprocal() {
        return PointwiseRules.RECIPROCAL.of(self());
    }

    /**
     * Rounds: the nearest integer, halves to even; the gradient is 0 everywhere, but NaN for NaN.
     *
     * <p>{@code Tensor.of(0.5, 1.5, -2.7).round() // [0, 2, -3]}
     */
    default Tensor round() {
        return PointwiseRules.ROUND.of(self());
    }

    /**
     * The reciprocal of the square root, {@code 1 / √x}; infinite at 0, as its gradient is, NaN below.
     *
     * <p>{@code Tensor.of(0, 1, 4).rsqrt() // [inf, 1, 0.5]}
     */
    default Tensor rsqrt() {
        return PointwiseRules.RSQRT.of(self());
    }

    /**
     * The sign, −1, 0 or 1; the gradient is 0 everywhere, but NaN for NaN.
     *
     * <p>{@code Tensor.of(-2, 0, 3).sign() // [-1, 0, 1]}
     */
    default Tensor sign() {
        return PointwiseRules.SIGN.of(self());
    }

    /**
     * The sine of radians, {@code sin(x)}; NaN at ±∞.
     *
     * <p>{@code Tensor.of(0, 1, 2).sin() // [0, 0.8415, 0.9093]}
     */
    default Tensor sin() {
        return PointwiseRules.SIN.of(self());
    }

    /**
     * The normalised cardinal sine, {@code sin(π·x) / (π·x)}; 1 at 0, with gradient 0.
     *
     * <p>{@code Tensor.of(0, 0.5, 1).sinc() // [1, 0.6366, 0]}
     */
    default Tensor sinc() {
        return ActivationRules.sinc(self());
    }

    /**
     * The hyperbolic sine, {@code sinh(x) = (eˣ − e⁻ˣ)/2}.
     *
     * <p>{@code Tensor.of(-1, 0, 1).sinh() // [-1.1752, 0, 1.1752]}
     */
    default Tensor sinh() {
        return PointwiseRules.SINH.of(self());
    }

    /**
     * The square root, {@code √x}; infinite gradient at 0, NaN below.
     *
     * <p>{@code Tensor.of(0, 2, 4).sqrt() // [0, 1.4142, 2]}
     */
    default Tensor sqrt() {
        return PointwiseRules.SQRT.of(self());
    }

    /**
     * The square, {@code x²}.
     *
     * <p>{@code Tensor.of(-2, 0, 3).square() // [4, 0, 9]}
     */
    default Tensor square() {
        return PointwiseRules.SQUARE.of(self());
    }

    /**
     * The tangent of radians, {@code tan(x)}; NaN at ±∞.
     *
     * <p>{@code Tensor.of(-1, 0, 1).tan() // [-1.5574, 0, 1.5574]}
     */
    default Tensor tan() {
        return PointwiseRules.TAN.of(self());
    }

    /**
     * The hyperbolic tangent, {@code tanh(x)}, from −1 to 1.
     *
     * <p>{@code Tensor.of(-1, 0, 1).tanh() // [-0.7616, 0, 0.7616]}
     */
    default Tensor tanh() {
        return PointwiseRules.TANH.of(self());
    }

    /**
     * Rounds towards 0: x without its fraction; the gradient is 0 everywhere, but NaN for NaN.
     *
     * <p>{@code Tensor.of(-1.5, 0.2, 2).trunc() // [-1, 0, 2]}
     */
    default Tensor trunc() {
        return PointwiseRules.TRUNC.of(self());
    }
}
