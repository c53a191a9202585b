package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.NdArray;
import io.adjoint.core.math.Logarithms;
import io.adjoint.core.math.Powers;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;

/** Powers. Their derivatives are right also at base 0, where a product 0·∞ would give NaN although a limit exists. */
final class PowerRules {
    private PowerRules() {}

    static Tensor pow(Tensor a, double exponent) {
        NdArray value = a.data().pow(exponent);
        // x⁰ is 1 everywhere, so the derivative of x⁰ is 0; at x = 0 the formula's 0·0⁻¹ would be NaN.
        return op(
                "pow",
                () -> with("exponent", exponent),
                value,
                edge(
                        a,
                        g -> exponent == 0
                                ? g.mul(0)
                                : g.mul(a.pow(exponent - 1).mul(exponent))));
    }

    static Tensor pow(Tensor a, Tensor b) {
        return op(
                "pow",
                a.data().pow(b.data()),
                edge(a, g -> g.mul(derivative(a, b, (x, y) -> y * Powers.power(x, y - 1), (x, y) -> toBase(x, y, 0)))),
                edge(b, g -> g.mul(derivative(a, b, (x, y) -> logPower(x, y, 1), (x, y) -> logPower(x, y, 1)))));
    }

    static Tensor pow(double base, Tensor exponent) {
        exponent.dtype().requireFloating("pow");
        return pow(ArithmeticRules.constant("pow", exponent, base), exponent);
    }

    /**
     * A derivative of {@code aᵇ}: computed in one loop, by {@code fused}, while recording is off, else by the recorded operations of {@code
     * composed}. The derivative is 0, to all orders, where a and b are both 0: at this point aᵇ jumps between 1 and 0, and counts as
     * constant.
     */
    private static Tensor derivative(Tensor a, Tensor b, DoubleBinaryOperator fused, BinaryOperator<Tensor> composed) {
        if (!Autograd.isRecording()) {
            return Tensor.of(a.data().zip(b.data(), (x, y) -> x == 0 && y == 0 ? 0 : fused.applyAsDouble(x, y)));
        }
        Tensor corner = corner(a, b);
        return composed.apply(SelectionRules.where(corner, 1, a), SelectionRules.where(corner, 0, b));
    }

    private static Tensor corner(Tensor a, Tensor b) {
        return a.eq(0).and(b.eq(0));
    }

    /** {@code aᵇ·(log a)ᵏ}, the k-th derivative of {@code aᵇ} with respect to b. */
    private static Tensor logPower(Tensor a, Tensor b, int k) {
        return op(
                "logPower",
                a.data().zip("logPower", b.data(), (x, y) -> logPower(x, y, k)),
                edge(a, g -> g.mul(toBase(a, b, k))),
                edge(b, g -> g.mul(logPower(a, b, k + 1))));
    }

    /** The derivative of {@link #logPower(Tensor, Tensor, int)} with respect to a: {@code b·aᵇ⁻¹·(log a)ᵏ + k·aᵇ⁻¹·(log a)ᵏ⁻¹}. */
    private static Tensor toBase(Tensor a, Tensor b, int k) {
        Tensor lower = b.add(-1);
        // For b = 0 the first term is 0, even at a = 0.
        Tensor first = b.mul(logPower(SelectionRules.where(corner(a, b), 1, a), lower, k));
        return k == 0 ? first : first.add(logPower(a, lower, k - 1).mul(k));
    }

    private static double logPower(double x, double y, int k) {
        double power = Powers.power(x, y);
        double log = k == 0 ? 1 : Logarithms.log(x);
        // As x → 0, the power goes to 0 faster than the logarithm grows, so the product is 0 where the power is 0.
        double product = power;
        for (int factor = 0; factor < k && (power != 0 || Double.isNaN(log)); factor++) {
            product *= log;
        }
        return product;
    }
}
