package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;
import static io.adjoint.autograd.ReductionRules.kept;

import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.math.Powers;

/** Vector norms, and normalization of vectors to norm 1. */
final class NormRules {
    private NormRules() {}

    static Tensor vectorNorm(Tensor x, double p, Dims dims, int... axes) {
        Shape whole = x.shape();
        int[] reduced = whole.axes("vectorNorm", axes);
        NdArray value = x.data().vectorNorm(p, dims, reduced);
        Attributes attributes = () -> with("p", p, "dims", dims, "axes", reduced);
        if (Double.isInfinite(p)) {
            return op("vectorNorm", attributes, value, edge(x, g -> {
                NdArray share = ExtremeRules.share(x.data().map(Math::abs), value, reduced);
                return kept(g, whole, reduced).mul(Tensor.of(share.mul(x.data().map(Math::signum))));
            }));
        }
        if (p == 0) {
            return op("vectorNorm", attributes, value, edge(x, g -> Tensor.of(NdArray.zeros(g.dtype(), whole))));
        }
        return op("vectorNorm", attributes, value, edge(x, (g, y) -> {
            Tensor slope = p == 1
                    ? x.sign()
                    : ReductionRules.unlessZero(kept(y, whole, reduced), x, (v, norm) -> slope(v, norm, p - 1));
            return kept(g, whole, reduced).mul(slope);
        }));
    }

    /**
     * {@code sign(x)·(|x|/norm)^q} for q = p − 1, the derivative of the norm of order p with respect to x. Unless q is 1, this is a single
     * operation rather than a quotient and an {@link #oddPower}. For q between 0 and 1 and at x = 0, the chain rule would compute the
     * derivative of that composition with respect to the norm as 0·∞ = NaN, and the norm's gradient would spread the NaN to all other
     * elements. The rule of the single operation computes the derivative as −q/norm times the value, which is 0.
     */
    private static Tensor slope(Tensor x, Tensor norm, double q) {
        if (q == 1) {
            return x.div(norm);
        }
        return op(
                "slope",
                oddPower(x.detach().div(norm.detach()), q).data(),
                edge(x, g -> g.mul(evenPower(x.div(norm), q - 1)).mul(q).div(norm)),
                edge(norm, (g, y) -> g.mul(y).mul(-q).div(norm)));
    }

    /** {@code sign(x)·|x|^q}; 0 at x = 0, even for negative q. */
    private static Tensor oddPower(Tensor x, double q) {
        return q == 1
                ? x
                : op(
                        "oddPower",
                        x.data().map(v -> v == 0 ? 0 : Math.signum(v) * Powers.pow(Math.abs(v), q)),
                        edge(x, g -> g.mul(evenPower(x, q - 1)).mul(q)));
    }

    /**
     * {@code |x|^q}: up to a factor, the derivative of {@link #oddPower} with the exponent q + 1. At x = 0, it is infinite for −1 ≤ q < 0,
     * but 0 for q < −1: then q + 1 is negative, so {@code oddPower} is defined as 0 there, and its derivative is 0, too.
     */
    private static Tensor evenPower(Tensor x, double q) {
        return op(
                "evenPower",
                x.data().map(v -> v == 0 && q < -1 ? 0 : Powers.pow(Math.abs(v), q)),
                edge(x, g -> q == 0 ? g.mul(0) : g.mul(oddPower(x, q - 1)).mul(q)));
    }

    static Tensor normalize(Tensor x, int axis, double p, double eps) {
        x.dtype().requireFloating("normalize");
        int a = x.shape().axis("normalize", axis);
        if (Double.isNaN(p)) {
            throw new IllegalArgumentException("normalize: the order p is NaN; pass a number, or an infinity");
        }
        if (!(eps > 0)) {
            throw new IllegalArgumentException(
                    "normalize: eps is " + eps + ", but must be positive; a vector of norm 0 is divided by it");
        }
        if (x.shape().size() == 0) {
            return x;
        }
        Tensor norm = vectorNorm(x, p, Dims.KEEP, a);
        Tensor length = norm.maximum(ArithmeticRules.constant("normalize", x, eps));
        Tensor isNot0 = norm.ne(0);
        // A zero vector has no direction, so its gradient is defined as 0; the formula would give the huge gradient
        // 1/eps.
        return (ReductionRules.isAllTrue(isNot0.data()) ? x : Tensor.where(isNot0, x, x.detach())).div(length);
    }
}
