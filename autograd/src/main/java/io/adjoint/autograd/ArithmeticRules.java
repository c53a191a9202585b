package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;
import static io.adjoint.autograd.LibraryOps.plain;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.FloatSeries;
import io.adjoint.core.math.Remainders;

/**
 * Operations of two tensors, or of a tensor and a number. The engine sums gradients over the axes that broadcasting repeated, so no
 * backward rule handles broadcasting.
 */
final class ArithmeticRules {
    private static final double LN_2 = FloatSeries.LN2;

    private ArithmeticRules() {}

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
                edge(b, (g, y) -> g.neg().mul(y.div(b))));
    }

    static Tensor add(Tensor a, double c) {
        return op("add", () -> with("number", c), a.data().add(c), edge(a, g -> g));
    }

    static Tensor sub(Tensor a, double c) {
        return op("sub", () -> with("number", c), a.data().sub(c), edge(a, g -> g));
    }

    static Tensor mul(Tensor a, double c) {
        return op("mul", () -> with("number", c), a.data().mul(c), edge(a, g -> g.mul(c)));
    }

    static Tensor div(Tensor a, double c) {
        return op("div", () -> with("number", c), a.data().div(c), edge(a, g -> g.div(c)));
    }

    static Tensor rsub(Tensor a, double c) {
        return op("rsub", () -> with("number", c), a.data().rsub(c), edge(a, Tensor::neg));
    }

    static Tensor rdiv(Tensor a, double c) {
        return op(
                "rdiv",
                () -> with("number", c),
                a.data().rdiv(c),
                edge(a, (g, y) -> g.neg().mul(y.div(a))));
    }

    static Tensor lerp(Tensor a, Tensor b, double weight) {
        NdArray value = a.data().lerp(b.data(), weight);
        return op(
                "lerp",
                () -> with("weight", weight),
                value,
                edge(a, g -> g.mul(1 - weight)),
                edge(b, g -> g.mul(weight)));
    }

    static Tensor lerp(Tensor a, Tensor b, Tensor weight) {
        DTypeException.requireSameFloating("lerp", a.dtype(), b.dtype());
        requireFitting("lerp", a, b, weight);
        return a.mul(weight.rsub(1)).add(b.mul(weight));
    }

    // ---- quotients and remainders ----

    static Tensor remainder(Tensor a, Tensor b) {
        return op(
                "remainder",
                a.data().remainder(b.data()),
                edge(a, g -> SelectionRules.weighted(g, a, b, (x, y) -> oneOrNaN(Remainders.remainder(x, y)))),
                edge(
                        b,
                        g -> SelectionRules.weighted(
                                g,
                                a,
                                b,
                                (x, y) -> oneOrNaN(Remainders.remainder(x, y)) * -Remainders.floorDivide(x, y))));
    }

    static Tensor fmod(Tensor a, Tensor b) {
        return op(
                "fmod",
                a.data().fmod(b.data()),
                edge(a, g -> SelectionRules.weighted(g, a, b, (x, y) -> oneOrNaN(x % y))),
                edge(b, g -> SelectionRules.weighted(g, a, b, (x, y) -> -Math.rint((x - x % y) / y))));
    }

    static Tensor fmod(Tensor a, double c) {
        a.dtype().requireFloating("fmod");
        return fmod(a, constant("fmod", a, c));
    }

    static Tensor floorDivide(Tensor a, Tensor b) {
        NdArray value = a.data().floorDivide(b.data());
        return op(
                "floorDivide",
                value,
                edge(a, g -> SelectionRules.weighted(g, a, b, (x, y) -> 0 * Remainders.floorDivide(x, y))),
                edge(b, g -> SelectionRules.weighted(g, a, b, (x, y) -> 0 * Remainders.floorDivide(x, y))));
    }

    /**
     * The derivative of a remainder with respect to the dividend: 1, but NaN where the value is NaN, since an undefined value has no finite
     * derivative.
     */
    private static double oneOrNaN(double value) {
        return Double.isNaN(value) ? value : 1;
    }

    // ---- functions of two numbers ----

    static Tensor atan2(Tensor y, Tensor x) {
        return op(
                "atan2",
                y.data().atan2(x.data()),
                edge(y, g -> g.mul(overSquare(x, y.hypot(x)))),
                edge(x, g -> g.mul(overSquare(y.neg(), y.hypot(x)))));
    }

    /** {@code a/h²}, in two divisions because h² may overflow. */
    private static Tensor overSquare(Tensor a, Tensor h) {
        return a.div(h).div(h);
    }

    static Tensor hypot(Tensor a, Tensor b) {
        return op(
                "hypot",
                a.data().hypot(b.data()),
                edge(a, (g, h) -> g.mul(a.div(h))),
                edge(b, (g, h) -> g.mul(b.div(h))));
    }

    static Tensor logAddExp(Tensor a, Tensor b) {
        return logAddExp("logAddExp", 1, a.data().logAddExp(b.data()), a, b);
    }

    static Tensor logAddExp2(Tensor a, Tensor b) {
        return logAddExp("logAddExp2", LN_2, a.data().logAddExp2(b.data()), a, b);
    }

    /** Records the logarithm of {@code baseᵃ + baseᵇ}, to the same base; {@code logBase} is the natural logarithm of the base. */
    private static Tensor logAddExp(String name, double logBase, NdArray value, Tensor a, Tensor b) {
        return op(name, value, edge(a, g -> g.mul(share(logBase, a, b))), edge(b, g -> g.mul(share(logBase, b, a))));
    }

    /**
     * The derivative of {@link #logAddExp} with respect to the operand {@code own}: {@code base^own / (base^own + base^other)}, the share
     * of one power in the sum of both.
     */
    private static Tensor share(double logBase, Tensor own, Tensor other) {
        NdArray value = own.data().zip("share", other.data(), (x, y) -> share(logBase, x, y));
        return op(
                "share",
                value,
                edge(own, g -> g.mul(shareRule(logBase, own, other))),
                edge(other, g -> g.mul(shareRule(logBase, own, other).neg())));
    }

    /**
     * The derivative {@code s·(1 − s)·logBase} of the {@link #share} s with respect to {@code own}, without cancellation where s is almost
     * 1.
     */
    private static Tensor shareRule(double logBase, Tensor own, Tensor other) {
        return share(logBase, own, other).mul(share(logBase, other, own)).mul(logBase);
    }

    /** {@code base^x / (base^x + base^y)}; 0 if x and y are both −∞. */
    private static double share(double logBase, double x, double y) {
        return x == y
                ? (x == Double.NEGATIVE_INFINITY ? 0 : 0.5)
                : 1 / (1 + ElementaryFunctions.exp((y - x) * logBase));
    }

    static Tensor xlogy(Tensor a, Tensor b) {
        return op(
                "xlogy",
                a.data().xlogy(b.data()),
                edge(a, g -> {
                    // 0·log b is 0 for every b, even if b has no logarithm.
                    Tensor flat = a.eq(0).and(b.le(0));
                    return g.mul(SelectionRules.where(flat, 1, b).log());
                }),
                edge(b, g -> g.mul(a.div(whereDefined(a, b)))));
    }

    static Tensor xlog1py(Tensor a, Tensor b) {
        return op(
                "xlog1py",
                a.data().xlog1py(b.data()),
                edge(a, g -> {
                    Tensor flat = a.eq(0).and(b.le(-1));
                    return g.mul(SelectionRules.where(flat, 0, b).log1p());
                }),
                edge(b, g -> g.mul(a.div(whereDefined(a, b.add(1))))));
    }

    /** b, but NaN where {@code a·log b} is undefined, so that the derivative {@code a/b} is NaN, too. */
    private static Tensor whereDefined(Tensor a, Tensor b) {
        NdArray value = b.data().zip("xlogy", a.data(), (y, x) -> y < 0 && x != 0 ? Double.NaN : y);
        return op("whereDefined", value, edge(b, g -> g));
    }

    // ---- operands ----

    /** A constant in the dtype of a numeric tensor; an error if that dtype cannot represent the value. */
    static Tensor constant(String op, Tensor like, double value) {
        like.dtype().requireNumbers(op);
        return element(op, like, value);
    }

    /** A constant in the dtype of a tensor, BOOL included; an error if that dtype cannot represent the value. */
    static Tensor element(String op, Tensor like, double value) {
        like.dtype().requireHolds(op, value);
        return Tensor.of(NdArray.scalar(like.dtype(), value));
    }

    /**
     * Checks that the operands of an operation that is composed of other operations have one numeric dtype, and shapes that broadcast.
     * Without this check, the error message would name one of these other operations instead of {@code op}.
     */
    static void requireFitting(String op, Tensor first, Tensor... others) {
        first.dtype().requireNumbers(op);
        Shape shape = first.shape();
        for (Tensor other : others) {
            DTypeException.requireSame(op, first.dtype(), other.dtype());
            shape = Shape.broadcast(op, shape, other.shape());
        }
    }

    /** Converts the elements of x to another dtype. */
    static Tensor to(Tensor x, DType target) {
        DType own = x.dtype();
        if (target == own) {
            return x;
        }
        NdArray converted = x.data().to(target);
        Attributes attributes = () -> with("dtype", target);
        return target.isFloating()
                ? op("to", attributes, converted, edge(x, g -> g.to(own)))
                : plain("to", attributes, converted, x);
    }
}
