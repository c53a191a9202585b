package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.UnaryFunction;
import io.adjoint.core.loops.Kernel;
import io.adjoint.core.math.ActivationTerms;
import io.adjoint.core.math.ElementaryFunctions;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;

/** Elementwise functions with settings, such as a slope or a threshold, or with backward rules longer than a line: mostly activations. */
final class ActivationRules {
    static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

    private ActivationRules() {}

    // ---- helpers for backward rules ----

    /**
     * The gradient {@code g·slope(x)} of a piecewise linear function with the given slope. Where the slope is 0 the product is 0, not NaN,
     * even if g is infinite. The operation is linear in g.
     */
    static Tensor slope(Tensor g, Tensor x, DoubleUnaryOperator slope) {
        return op(
                "slope",
                g.data().zip(x.data(), (upstream, v) -> {
                    double factor = slope.applyAsDouble(v);
                    return factor == 0 ? 0 : upstream * factor;
                }),
                edge(g, h -> slope(h, x, slope)));
    }

    /**
     * The n-th derivative of a function at x; {@code derivatives} maps each order to the kernel that computes the derivative of this order.
     */
    static Tensor derivative(String name, int n, Attributes attributes, Tensor x, IntFunction<Kernel> derivatives) {
        return op(
                name,
                attributes,
                x.data().map(name, derivatives.apply(n)),
                edge(x, g -> g.mul(derivative(name, n + 1, attributes, x, derivatives))));
    }

    static void require(boolean condition, String op, String expected) {
        if (!condition) {
            throw new IllegalArgumentException(op + ": expected " + expected);
        }
    }

    // ---- piecewise linear ----

    static Tensor leakyRelu(Tensor x, double slope) {
        require(Double.isFinite(slope), "leakyRelu", "a finite slope such as 0.01, got " + slope);
        return op(
                "leakyRelu",
                () -> with("slope", slope),
                x.data().map("leakyRelu", Kernel.each(v -> v > 0 ? v : slope * v)),
                edge(x, g -> slope(g, x, v -> v > 0 ? 1 : v <= 0 ? slope : v)));
    }

    static Tensor hardtanh(Tensor x, double min, double max) {
        require(min < max, "hardtanh", "min < max, got " + min + " and " + max);
        return hardtanh("hardtanh", x, min, max);
    }

    static Tensor hardtanh(String name, Tensor x, double min, double max) {
        return op(
                name,
                () -> with("min", min, "max", max),
                x.data().map(name, Kernel.each(v -> Math.min(Math.max(v, min), max))),
                edge(x, g -> slope(g, x, v -> v > min && v < max ? 1 : Double.isNaN(v) ? v : 0)));
    }

    static Tensor hardshrink(Tensor x, double lambda) {
        requireGap("hardshrink", lambda);
        return op(
                "hardshrink",
                () -> with("lambda", lambda),
                x.data().map("hardshrink", Kernel.each(v -> Math.abs(v) <= lambda ? 0 : v)),
                edge(x, g -> outside(g, x, lambda)));
    }

    static Tensor softshrink(Tensor x, double lambda) {
        requireGap("softshrink", lambda);
        return op(
                "softshrink",
                () -> with("lambda", lambda),
                x.data().map("softshrink", Kernel.each(v -> Math.abs(v) <= lambda ? 0 : v - Math.copySign(lambda, v))),
                edge(x, g -> outside(g, x, lambda)));
    }

    private static void requireGap(String name, double lambda) {
        require(lambda >= 0 && Double.isFinite(lambda), name, "a lambda from 0 on such as 0.5, got " + lambda);
    }

    private static Tensor outside(Tensor g, Tensor x, double lambda) {
        return slope(g, x, v -> Math.abs(v) > lambda ? 1 : Double.isNaN(v) ? v : 0);
    }

    static Tensor threshold(Tensor x, double threshold, double value) {
        require(!Double.isNaN(threshold), "threshold", "a threshold such as 0, got NaN");
        return op(
                "threshold",
                () -> with("threshold", threshold, "value", value),
                x.data().map("threshold", Kernel.each(v -> v <= threshold ? value : v)),
                edge(x, g -> slope(g, x, v -> v > threshold ? 1 : Double.isNaN(v) ? v : 0)));
    }

    // ---- with a learned slope ----

    static Tensor prelu(Tensor x, Tensor weight) {
        DTypeException.requireSameFloating("prelu", x.dtype(), weight.dtype());
        int slopes = weight.shape().size();
        int rank = x.shape().rank();
        boolean perChannel =
                weight.shape().rank() == 1 && rank >= 2 && slopes == x.shape().dim(1);
        if (!perChannel && (slopes != 1 || weight.shape().rank() > 1)) {
            throw new ShapeException("prelu: expected a weight [1], or "
                    + (rank < 2
                            ? "[C] for an input [N, C, ...]"
                            : "[" + x.shape().dim(1) + "]") + ", got "
                    + weight.shape() + "; the input is " + x.shape());
        }
        if (!perChannel) {
            return sloped(x, weight.reshape(Shape.scalar()));
        }
        int[] dims = new int[rank - 1];
        Arrays.fill(dims, 1);
        dims[0] = slopes;
        return sloped(x, weight.reshape(Shape.of(dims)));
    }

    /** PReLU with a weight that broadcasts to x. */
    private static Tensor sloped(Tensor x, Tensor weight) {
        return op(
                "prelu",
                x.data().zip(weight.data(), BinaryFunction.PRELU),
                edge(x, g -> g.mul(slopes(x, weight))),
                edge(weight, g -> g.mul(x.clampMax(0))));
    }

    /** The slope of PReLU at each element: 1 where x is positive, the weight elsewhere. */
    private static Tensor slopes(Tensor x, Tensor weight) {
        return op(
                "slopes",
                x.data().zip(weight.data(), BinaryFunction.PRELU_SLOPE),
                edge(weight, g -> slope(g, x, v -> v > 0 ? 0 : v <= 0 ? 1 : v)));
    }

    static Tensor hardswish(Tensor x) {
        return derivative(
                "hardswish",
                0,
                Attributes.NONE,
                x,
                n -> Kernel.each(v -> {
                    double outside = n == 0 ? Math.max(v, 0) : n == 1 && v > 0 ? 1 : 0;
                    double inside = n == 0 ? v * (v + 3) : n == 1 ? 2 * v + 3 : n == 2 ? 2 : 0;
                    return Math.abs(v) >= 3 ? outside : Double.isNaN(v) ? v : inside / 6;
                }));
    }

    // ---- exponential below 0 ----

    static Tensor elu(Tensor x, double alpha) {
        require(Double.isFinite(alpha), "elu", "a finite alpha such as 1, got " + alpha);
        Kernel kernel =
                alpha == 1 ? UnaryFunction.ELU : Kernel.each(v -> v > 0 ? v : alpha * ElementaryFunctions.expm1(v));
        return derivative("elu", 0, () -> with("alpha", alpha), x, exponentialBelow(kernel, 1, alpha, 1));
    }

    static Tensor selu(Tensor x) {
        double scale = ElementaryFunctions.SELU_SCALE;
        return derivative(
                "selu",
                0,
                Attributes.NONE,
                x,
                exponentialBelow(UnaryFunction.SELU, scale, ElementaryFunctions.SELU_SCALE_ALPHA, 1));
    }

    static Tensor celu(Tensor x, double alpha) {
        require(alpha > 0 && Double.isFinite(alpha), "celu", "a positive alpha such as 1, got " + alpha);
        Kernel kernel = alpha == 1
                ? UnaryFunction.ELU
                : Kernel.each(v -> v > 0 ? v : alpha * ElementaryFunctions.expm1(v / alpha));
        return derivative("celu", 0, () -> with("alpha", alpha), x, exponentialBelow(kernel, 1, alpha, alpha));
    }

    /**
     * The kernels, by their order n, of the derivatives of a function that is {@code slope·x} above 0 and {@code factor·(exp(x/width) − 1)}
     * below. At x = 0 the first derivative is the derivative from below; higher derivatives are 0.
     */
    private static IntFunction<Kernel> exponentialBelow(Kernel value, double slope, double factor, double width) {
        return n -> {
            double above = n == 1 ? slope : 0;
            double below = factor / StrictMath.pow(width, n);
            return n == 0
                    ? value
                    : Kernel.each(
                            v -> v > 0 ? above : v == 0 && n > 1 ? 0 : below * ElementaryFunctions.exp(v / width));
        };
    }

    // ---- smooth ----

    static Tensor softplus(Tensor x, double beta, double threshold) {
        require(beta > 0 && Double.isFinite(beta), "softplus", "a positive beta such as 1, got " + beta);
        require(!Double.isNaN(threshold), "softplus", "a threshold such as 20, got NaN");
        Kernel kernel = beta == 1 && threshold == 20
                ? UnaryFunction.SOFTPLUS
                : Kernel.each(v -> ElementaryFunctions.softplus(v, beta, threshold));
        return op(
                "softplus",
                () -> with("beta", beta, "threshold", threshold),
                x.data().map("softplus", kernel),
                edge(x, g -> g.mul(scaledBelow(x, beta, threshold).sigmoid())));
    }

    /**
     * The argument of the sigmoid in softplus's derivative: {@code βx}, but infinite above the threshold, where softplus is linear: the
     * sigmoid is then 1, and its derivatives are 0.
     */
    private static Tensor scaledBelow(Tensor x, double beta, double threshold) {
        return op(
                "scaledBelow",
                x.data().map(v -> v * beta > threshold ? Double.POSITIVE_INFINITY : v * beta),
                edge(x, g -> g.mul(beta)));
    }

    static Tensor siluRule(Tensor g, Tensor x) {
        Tensor s = x.sigmoid();
        return g.mul(s.add(x.mul(s).mul(s.rsub(1))));
    }

    static Tensor mishRule(Tensor g, Tensor x) {
        Tensor t = x.softplus().tanh();
        return g.mul(t.add(x.mul(x.sigmoid()).mul(t.square().rsub(1))));
    }

    static Tensor geluRule(Tensor g, Tensor x) {
        return g.mul(x.ndtr().add(x.mul(normalDensity(x))));
    }

    static Tensor normalDensity(Tensor x) {
        return bell(x, -0.5).mul(ActivationTerms.DENSITY_AT_0);
    }

    /** {@code e^(c·x²)} for a negative c, whose derivatives are 0 at ±∞; beyond ±50 they are 0 to the last digit. */
    static Tensor bell(Tensor x, double c) {
        return op(
                "bell",
                () -> with("c", c),
                x.data().square().mul(c).exp(),
                edge(x, (g, y) -> g.mul(y).mul(c).mul(x.clamp(-50, 50).mul(2))));
    }

    static Tensor geluTanhRule(Tensor g, Tensor x) {
        // Beyond ±50, GELU equals 0 or x to the last digit, so the derivative at ±50 holds there, too; powers of a
        // larger x could overflow.
        Tensor near = hardtanh("near", x, -50, 50);
        double scale = Math.sqrt(8 / Math.PI);
        Tensor square = near.square();
        Tensor s = near.mul(square.mul(0.044715 * scale).add(scale)).sigmoid();
        Tensor inner = square.mul(3 * 0.044715 * scale).add(scale);
        return g.mul(s.add(near.mul(s).mul(s.rsub(1)).mul(inner)));
    }

    // ---- special ----

    static Tensor sinc(Tensor x) {
        return derivative("sinc", 0, Attributes.NONE, x, n -> Kernel.each(v -> ElementaryFunctions.sinc(n, v)));
    }

    static Tensor polygamma(Tensor x, int order) {
        return op(
                "polygamma",
                () -> with("order", order),
                x.data().polygamma(order),
                edge(x, g -> g.mul(polygamma(x, order + 1))));
    }
}
