package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.core.DType.INT32;

import io.adjoint.core.NdArray;
import java.util.function.DoubleBinaryOperator;

/** Operations of two tensors, or of one and a number. Broadcasting is the engine's business: no rule mentions it. */
final class Arithmetic {
    private Arithmetic() {}

    static Tensor add(Tensor a, Tensor b) {
        return op("add", a.data().add(b.data()), edge(a, g -> g), edge(b, g -> g));
    }

    static Tensor sub(Tensor a, Tensor b) {
        return op("sub", a.data().sub(b.data()), edge(a, g -> g), edge(b, Tensor::neg));
    }

    static Tensor mul(Tensor a, Tensor b) {
        return op("mul", a.data().mul(b.data()), edge(a, g -> g.mul(b)), edge(b, g -> g.mul(a)));
    }

    static Tensor div(Tensor a, Tensor b) {
        return op(
                "div",
                a.data().div(b.data()),
                edge(a, g -> g.div(b)),
                edge(b, g -> g.neg().mul(a.div(b).div(b))));
    }

    static Tensor add(Tensor a, double c) {
        return op("add", a.data().add(constant(a, c)), edge(a, g -> g));
    }

    static Tensor mul(Tensor a, double c) {
        return op("mul", a.data().mul(constant(a, c)), edge(a, g -> g.mul(c)));
    }

    static Tensor div(Tensor a, double c) {
        return op("div", a.data().div(constant(a, c)), edge(a, g -> g.div(c)));
    }

    static Tensor pow(Tensor a, double exponent) {
        NdArray value = a.data().map(x -> Math.pow(x, exponent));
        // x⁰ is 1 everywhere, at 0 too, where 0·0⁻¹ would be NaN.
        return op(
                "pow",
                value,
                edge(
                        a,
                        g -> exponent == 0
                                ? g.mul(0)
                                : g.mul(a.pow(exponent - 1).mul(exponent))));
    }

    static Tensor pow(Tensor a, Tensor b) {
        NdArray value = a.data().zip(b.data(), Arithmetic::power);
        Tensor zero = Tensor.of(constant(a, 0));
        return op("pow", value, edge(a, g -> g.mul(where(b.eq(zero), zero, b.mul(a.pow(b.add(-1)))))), edge(b, g -> {
            // 0ᵇ is constantly 0 for b > 0; at a = b = 0 the gradient is 0 by convention.
            Tensor flat = Tensor.of(a.data().zip(b.data(), (x, y) -> x == 0 && y >= 0 ? 1 : 0))
                    .to(INT32);
            return g.mul(where(flat, zero, a.pow(b).mul(a.log())));
        }));
    }

    /** As C's pow, which unlike Java's knows that 1 to any power, NaN too, is 1. */
    private static double power(double x, double y) {
        return x == 1 ? 1 : Math.pow(x, y);
    }

    static Tensor maximum(Tensor a, Tensor b) {
        NdArray value = a.data().maximum(b.data());
        return op(
                "maximum",
                value,
                edge(a, g -> g.mul(share(a, b, (x, y) -> x > y ? 1 : 0))),
                edge(b, g -> g.mul(share(b, a, (x, y) -> x > y ? 1 : 0))));
    }

    static Tensor minimum(Tensor a, Tensor b) {
        NdArray value = a.data().minimum(b.data());
        return op(
                "minimum",
                value,
                edge(a, g -> g.mul(share(a, b, (x, y) -> x < y ? 1 : 0))),
                edge(b, g -> g.mul(share(b, a, (x, y) -> x < y ? 1 : 0))));
    }

    /** 1 where {@code own} wins, ½ in a tie (the subgradient of least norm), NaN where one is NaN. */
    private static Tensor share(Tensor own, Tensor other, DoubleBinaryOperator wins) {
        return Tensor.of(own.data()
                .zip(
                        other.data(),
                        (x, y) -> x == y
                                ? 0.5
                                : Double.isNaN(x) || Double.isNaN(y) ? Double.NaN : wins.applyAsDouble(x, y)));
    }

    static Tensor where(Tensor mask, Tensor a, Tensor b) {
        Tensor zero = Tensor.of(constant(a, 0));
        return op(
                "where",
                NdArray.where(mask.data(), a.data(), b.data()),
                edge(a, g -> where(mask, g, zero)),
                edge(b, g -> where(mask, zero, g)));
    }

    private static NdArray constant(Tensor like, double value) {
        return NdArray.scalar(like.dtype(), value);
    }
}
