package io.adjoint.distributions;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;
import static java.util.Objects.requireNonNull;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.UnaryFunction;
import io.adjoint.core.math.Buffers;
import io.adjoint.core.math.LogDensities;
import io.adjoint.core.math.Logarithms;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Errors, shapes and operations that several families use. */
final class Terms {
    /** {@code log 2π/2}. */
    static final double HALF_LOG_2PI = 0.9189385332046728;

    static final double LOG_2 = 0.6931471805599453;

    static final double LOG_PI = 1.1447298858494002;

    /** Euler's constant γ. */
    static final double EULER = 0.5772156649015329;

    static final String BY_SAMPLES = "estimate it by sample(generator, 10_000), and .mean(0) or .var(0) of the samples";

    /** The number of values from which on a fused function takes less time. */
    private static final int MANY = 10_000;

    private Terms() {}

    static UnsupportedOperationException refused(Distribution family, String method, String advice) {
        return new UnsupportedOperationException(
                family.getClass().getSimpleName() + ": no " + method + " is implemented; " + advice);
    }

    /** The shape of the samples: the given sizes, the batch, the event. */
    static Shape shape(Distribution family, @Nullable RandomGenerator generator, int @Nullable ... sizes) {
        String name = family.getClass().getSimpleName();
        if (generator == null || sizes == null) {
            throw new IllegalArgumentException(
                    name + ": the " + (sizes == null ? "sizes are" : "generator is") + " null");
        }
        return Shape.of(name, sizes)
                .append(name, family.batchShape().toArray())
                .append(name, family.eventShape().toArray());
    }

    /** Checks that values have the parameters' dtype, and that their shape broadcasts with the family's. */
    static void requireFitting(Distribution family, DType dtype, String what, @Nullable Tensor value) {
        String name = family.getClass().getSimpleName();
        if (value == null) {
            throw new IllegalArgumentException(name + ": " + what + " is null");
        }
        if (value.dtype() != dtype) {
            throw new DTypeException(name + ": " + what + " is " + value.dtype() + ", but must be " + dtype
                    + (dtype.isFloating() ? ", as the parameters" : "") + "; convert it with to(" + dtype + ")");
        }
        Shape whole = family.batchShape().append(name, family.eventShape().toArray());
        int rank = family.eventShape().rank();
        if (value.shape().rank() < rank || !event(value.shape(), rank).equals(family.eventShape())) {
            throw new ShapeException(name + ": " + what + " has the shape " + value.shape()
                    + ", but must end in the event's " + family.eventShape());
        }
        requireNonNull(Shape.broadcast(name, value.shape(), whole));
    }

    /** As {@link #requireFitting}, and that values are in the support. */
    static void requireSupported(Distribution family, DType dtype, Tensor value) {
        requireFitting(family, dtype, "the value", value);
        family.support().require(family.getClass().getSimpleName(), "the value", value);
    }

    /**
     * The logarithm of a density by a formula of each value, all of which must be in the support; of many values as one operation, so that
     * intermediate results stay in the cache.
     */
    static Tensor logDensity(Distribution family, DType dtype, Tensor value, UnaryOperator<Tensor> formula) {
        requireSupported(family, dtype, value);
        return value.shape().size() < MANY ? formula.apply(value) : Transforms.fused(formula, value);
    }

    static void requireProbability(Distribution family, DType dtype, Tensor probability) {
        requireFitting(family, dtype, "the probability", probability);
        Constraint.UNIT_INTERVAL.require(family.getClass().getSimpleName(), "the probability", probability);
    }

    /** The last axes, as many as an event has, added up. */
    static Tensor sumLast(Tensor x, int axes) {
        return axes == 0 ? x : x.sum(lastAxes(axes));
    }

    /** A shape without the axes of an event. */
    static Shape batch(Shape whole, int eventRank) {
        return Shape.of(Arrays.copyOf(whole.toArray(), whole.rank() - eventRank));
    }

    /** The axes of an event, the last ones of a shape. */
    static Shape event(Shape whole, int eventRank) {
        return Shape.of(Arrays.copyOfRange(whole.toArray(), whole.rank() - eventRank, whole.rank()));
    }

    static int[] lastAxes(int count) {
        int[] axes = new int[count];
        for (int k = 0; k < count; k++) {
            axes[k] = -1 - k;
        }
        return axes;
    }

    /** A distribution function, but 0 or 1 on both sides of an inner number where it is flat; also without NaN as gradient there. */
    static Tensor flat(Tensor value, Tensor isFlat, Tensor inner, UnaryOperator<Tensor> cdf) {
        Tensor inside = cdf.apply(Tensor.where(isFlat, inner, value));
        return Tensor.where(isFlat, value.gt(inner).to(value.dtype()), inside);
    }

    /** A distribution function of the positive numbers. */
    static Tensor aboveZero(Tensor value, UnaryOperator<Tensor> cdf) {
        Tensor isFlat = value.le(0).or(value.eq(Double.POSITIVE_INFINITY));
        return flat(value, isFlat, constant(value.dtype(), 1), cdf);
    }

    /** {@code z = (value − loc)/scale}, for a distribution function, whose slope in z is 0 at infinity. */
    static Tensor standard(Tensor value, Tensor loc, Tensor scale) {
        return quotient(value.sub(loc), scale);
    }

    static Tensor constant(DType dtype, double value) {
        return Tensor.full(dtype, Shape.scalar(), value);
    }

    // ---- operations ----

    /** {@code log x}, whose gradient is 0 where its upstream gradient is 0, even at x = 0. */
    static Tensor log(Tensor x) {
        return op("log", x.data().log(), edge(x, g -> g.div(orOne(x, g))));
    }

    /** {@code log(1 − x)}, whose gradient is 0 where its upstream gradient is 0, even at x = 1. */
    static Tensor log1pMinus(Tensor x) {
        return op(
                "log1p",
                x.data().neg().log1p(),
                edge(x, g -> g.div(orOne(x.rsub(1), g)).neg()));
    }

    private static Tensor orOne(Tensor x, Tensor g) {
        return Tensor.where(g.eq(0).and(x.eq(0)), 1, x);
    }

    /** {@code a·log x}, where {@code 0·log 0} is 0, and so is its derivative in x. */
    static Tensor xlogy(Tensor a, Tensor x) {
        return op(
                "xlogy",
                a.data().xlogy(x.data()),
                edge(a, g -> g.mul(log(orOne(x, g)))),
                edge(x, g -> g.mul(a.div(orOne(x, g.mul(a))))));
    }

    /** {@code a·log(1 − x)}, where {@code 0·log 0} is 0, and so is its derivative in x. */
    static Tensor xlog1pMinus(Tensor a, Tensor x) {
        return op(
                "xlog1py",
                a.data().xlog1py(x.data().neg()),
                edge(a, g -> g.mul(log1pMinus(Tensor.where(g.eq(0).and(x.eq(1)), 0, x)))),
                edge(x, g -> g.mul(a.neg().div(orOne(x.rsub(1), g.mul(a))))));
    }

    /** {@code a·b}, where {@code 0·∞} is 0. */
    static Tensor times(Tensor a, Tensor b) {
        return a.mul(Tensor.where(a.eq(0).and(b.isInf()), 0, b));
    }

    /** {@code a·b}, whose gradients are 0 where their upstream gradient is 0, even at infinity. */
    static Tensor product(Tensor a, Tensor b) {
        return op("mul", a.data().mul(b.data()), edge(a, g -> times(g, b)), edge(b, g -> times(g, a)));
    }

    /** {@code a/b}, whose gradients are 0 where their upstream gradient is 0, even at infinity. */
    static Tensor quotient(Tensor a, Tensor b) {
        return op(
                "div",
                a.data().div(b.data()),
                edge(a, g -> g.div(b)),
                edge(b, (g, y) -> times(g.neg(), quotient(y, b))));
    }

    /** {@code t − log(1 + t)} for t ≥ −1. */
    static Tensor logExcess(Tensor t) {
        return op("logExcess", t.data().map(LogDensities::logExcess), edge(t, g -> g.mul(t.div(t.add(1)))));
    }

    /** {@code log(1 + x²)}, also where x² overflows. */
    static Tensor log1pSquare(Tensor x) {
        return op("log1pSquare", x.data().map("log1pSquare", Terms::log1pSquare), edge(x, g -> {
            Tensor h = x.hypot(constant(x.dtype(), 1));
            return g.mul(x.div(h).div(h).mul(2));
        }));
    }

    private static void log1pSquare(double[] x, int i, double[] y, int j, int n) {
        double[] log = new double[Math.min(n, Buffers.RUN)];
        for (int done = 0; done < n; done += log.length) {
            int m = Math.min(n - done, log.length);
            UnaryFunction.SQUARE.apply(x, i + done, log, 0, m);
            UnaryFunction.LOG1P.apply(log, 0, log, 0, m);
            for (int e = 0; e < m; e++) {
                boolean overflows = log[e] == Double.POSITIVE_INFINITY;
                y[j + done + e] = overflows ? 2 * Logarithms.log(Math.abs(x[i + done + e])) : log[e];
            }
        }
    }

    /**
     * {@code (α − 1)·log y − y − log Γ(α)}, the logarithm of the gamma density of scale 1 ({@link LogDensities}). Its gradients, too, are 0
     * where the upstream gradient is 0: in a mixture, a component may have the density 0 at y = 0.
     */
    static Tensor logGamma(Tensor alpha, Tensor y) {
        return op(
                "logGammaDensity",
                logGamma(alpha.data(), y.data(), LogDensities::gammaRest),
                edge(alpha, g -> g.mul(logRatio(orOne(y, g), alpha).add(logMinusDigamma(alpha)))),
                edge(y, g -> g.mul(slope(alpha, orOne(y, g)))));
    }

    private static Tensor logRatio(Tensor y, Tensor alpha) {
        return op(
                "logRatio",
                y.data().zip("logRatio", alpha.data(), LogDensities::logRatio),
                edge(y, g -> g.div(orOne(y, g))),
                edge(alpha, g -> g.div(alpha).neg()));
    }

    private static NdArray logGamma(NdArray alpha, NdArray y, DoubleBinaryOperator rest) {
        return alpha.map(LogDensities::gammaFactor).add(alpha.zip("logGammaDensity", y, rest));
    }

    /** {@code (α − 1)/y − 1}, which is −1 for α = 1, even at y = 0. */
    private static Tensor slope(Tensor alpha, Tensor y) {
        Tensor corner = alpha.eq(1).and(y.eq(0));
        Tensor slope = alpha.sub(1).sub(y).div(Tensor.where(corner, 1, y));
        return Tensor.where(corner, -1, slope);
    }

    /** {@link #logGamma} at {@code y = eˡ}. */
    static Tensor logGammaAtExp(Tensor alpha, Tensor l) {
        return op(
                "logGammaDensity",
                logGamma(alpha.data(), l.data(), LogDensities::gammaRestAtExp),
                edge(alpha, g -> g.mul(l.sub(alpha.log()).add(logMinusDigamma(alpha)))),
                edge(l, g -> g.mul(alpha.sub(1).sub(l.exp()))));
    }

    /** {@code log α − ψ(α)}, about {@code 1/(2α)} for large α. */
    static Tensor logMinusDigamma(Tensor alpha) {
        return op(
                "logMinusDigamma",
                alpha.data().map(LogDensities::logMinusDigamma),
                edge(alpha, g -> g.mul(alpha.reciprocal().sub(alpha.polygamma(1)))));
    }
}
