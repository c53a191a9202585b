package io.adjoint.proof;

import static ch.obermuhlner.math.big.BigDecimalMath.bernoulli;
import static ch.obermuhlner.math.big.BigDecimalMath.exp;
import static ch.obermuhlner.math.big.BigDecimalMath.log;
import static ch.obermuhlner.math.big.BigDecimalMath.pi;
import static ch.obermuhlner.math.big.BigDecimalMath.sin;
import static ch.obermuhlner.math.big.BigDecimalMath.sqrt;
import static java.math.BigDecimal.ONE;

import io.adjoint.autograd.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;

/** Computes functions of decimals with 60 or more digits, so that more than 30 digits are right even after cancellation. */
final class ManyDigits {
    static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final MathContext DIGITS = new MathContext(60);
    /** The precision of sums of numbers near 1 and numbers down to 10⁻³²⁴. */
    private static final MathContext MORE = new MathContext(400);
    /** From this number on, the asymptotic series of the gamma functions are exact to 40 digits. */
    private static final int FAR = 50;

    private static final int TERMS = 25;

    private ManyDigits() {}

    static BigDecimal sigmoid(BigDecimal x) {
        return ONE.divide(exp(x.negate(), DIGITS).add(ONE), DIGITS);
    }

    static BigDecimal softplus(BigDecimal x) {
        return log(exp(x, DIGITS).add(ONE), MORE);
    }

    static BigDecimal expm1(BigDecimal x) {
        return exp(x, new MathContext(90)).subtract(ONE);
    }

    static BigDecimal mish(BigDecimal x) {
        BigDecimal e = exp(x, DIGITS);
        BigDecimal n = e.multiply(e.add(TWO), DIGITS);
        return x.multiply(n, DIGITS).divide(n.add(TWO), DIGITS);
    }

    /** {@code x·σ(√(8/π)·(x + 0.044715x³))}. */
    static BigDecimal geluTanh(BigDecimal x) {
        BigDecimal cube = x.pow(3).multiply(new BigDecimal("0.044715"));
        BigDecimal scale = sqrt(BigDecimal.valueOf(8).divide(pi(DIGITS), DIGITS), DIGITS);
        return x.multiply(sigmoid(x.add(cube).multiply(scale, DIGITS)), DIGITS);
    }

    static BigDecimal gelu(BigDecimal x) {
        return x.multiply(erfc(x.negate().divide(sqrt(TWO, MORE), MORE)), DIGITS)
                .divide(TWO);
    }

    static BigDecimal erf(BigDecimal x) {
        // 2/√π·e^(−x²)·Σ 2ⁿx^(2n+1)/(1·3·…·(2n+1))
        MathContext digits = x.abs().compareTo(BigDecimal.valueOf(5)) < 0 ? DIGITS : MORE;
        BigDecimal twice = x.multiply(x, digits).multiply(TWO);
        BigDecimal term = x;
        BigDecimal sum = BigDecimal.ZERO;
        for (int n = 1;
                term.signum() != 0
                        && sum.precision() - sum.scale() - term.precision() + term.scale() < digits.getPrecision();
                n++) {
            sum = sum.add(term, digits);
            term = term.multiply(twice, digits).divide(BigDecimal.valueOf(2 * n + 1), digits);
        }
        return slopeOfErf(x, digits).multiply(sum, digits);
    }

    private static BigDecimal slopeOfErf(BigDecimal x, MathContext digits) {
        return exp(x.multiply(x).negate(), digits).multiply(TWO).divide(sqrt(pi(digits), digits), digits);
    }

    static BigDecimal erfc(BigDecimal x) {
        return ONE.subtract(erf(x));
    }

    /** Computes the inverse of erf by one step of Newton's method, which doubles the number of right digits of the tested result. */
    static BigDecimal erfinv(BigDecimal y) {
        BigDecimal x = new BigDecimal(Tensor.scalar(y.doubleValue()).erfinv().item());
        return x.subtract(erf(x).subtract(y).divide(slopeOfErf(x, DIGITS), DIGITS));
    }

    static BigDecimal sinc(BigDecimal x) {
        BigDecimal z = x.multiply(pi(MORE));
        return sin(z, MORE).divide(z, DIGITS);
    }

    static BigDecimal lgamma(BigDecimal x) {
        BigDecimal product = ONE;
        BigDecimal at = x;
        for (; at.intValue() < FAR; at = at.add(ONE)) {
            product = product.multiply(at, DIGITS);
        }
        // (x − ½)·log x − x + ½·log 2π + Σ B₂ₖ/(2k(2k − 1)x^(2k−1))
        BigDecimal sum = at.subtract(new BigDecimal("0.5"))
                .multiply(log(at, DIGITS))
                .subtract(at)
                .add(log(pi(DIGITS).multiply(TWO), DIGITS).divide(TWO));
        for (int k = 1; k <= TERMS; k++) {
            sum = sum.add(bernoulli(2 * k, DIGITS)
                    .divide(BigDecimal.valueOf(2L * k * (2 * k - 1)), DIGITS)
                    .divide(at.pow(2 * k - 1, DIGITS), DIGITS));
        }
        return sum.subtract(log(product.abs(), DIGITS));
    }

    /** Computes polygamma by the recurrence {@code ψ⁽ⁿ⁾(x) = ψ⁽ⁿ⁾(x + 1) − (−1)ⁿn!/x^(n+1)} and, for large x, by the asymptotic series. */
    static BigDecimal polygamma(int n, BigDecimal x) {
        BigDecimal factorial = ONE;
        for (int k = 2; k <= n; k++) {
            factorial = factorial.multiply(BigDecimal.valueOf(k));
        }
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal at = x;
        for (; at.intValue() < FAR; at = at.add(ONE)) {
            sum = sum.add(factorial.divide(at.pow(n + 1, DIGITS), DIGITS));
        }
        sum = sum.add(
                n == 0
                        ? log(at, DIGITS).negate()
                        : factorial.divide(BigDecimal.valueOf(n)).divide(at.pow(n, DIGITS), DIGITS));
        sum = sum.add(factorial.divide(TWO).divide(at.pow(n + 1, DIGITS), DIGITS));
        // B₂ₖ·(2k + n − 1)!/(2k)!/x^(2k+n)
        for (int k = 1; k <= TERMS; k++) {
            BigDecimal ratio = ONE;
            for (int i = 2 * k + 1; i <= 2 * k + n - 1; i++) {
                ratio = ratio.multiply(BigDecimal.valueOf(i));
            }
            ratio = n == 0 ? ONE.divide(BigDecimal.valueOf(2L * k), DIGITS) : ratio;
            sum = sum.add(bernoulli(2 * k, DIGITS).multiply(ratio).divide(at.pow(2 * k + n, DIGITS), DIGITS));
        }
        return n % 2 == 0 ? sum.negate() : sum;
    }
}
