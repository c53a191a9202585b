package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.loops.Kernel;
import io.adjoint.core.math.BesselFunctions;
import io.adjoint.core.math.ErrorFunctions;
import io.adjoint.core.math.GammaFunctions;
import io.adjoint.core.math.IncompleteBeta;
import io.adjoint.core.math.IncompleteGamma;

/**
 * The special functions of statistics. A distribution function has derivatives of all orders in its argument, which are its density times
 * polynomials, and of the first and second order in its parameters, by kernels; derivatives of the third order in the parameters are
 * refused. A quantile function is differentiated by the implicit function theorem.
 */
final class SpecialRules {
    private static final double ROOT_2 = Math.sqrt(2);
    private static final double LOG_PI = StrictMath.log(Math.PI);

    private SpecialRules() {}

    // ---- Bessel functions ----

    /** {@code Iₙ(x)/xⁿ}, whose derivative is {@code Iₙ₊₁(x)/xⁿ}. */
    private static Tensor besselRatio(Tensor x, int n) {
        return op(
                "besselRatio",
                x.data().map(v -> BesselFunctions.ratio(n, v)),
                edge(x, g -> g.mul(x.mul(besselRatio(x, n + 1)))));
    }

    private static Tensor scaledBesselRatio(Tensor x, int n) {
        return op(
                "scaledBesselRatio",
                x.data().map(v -> BesselFunctions.scaledRatio(n, v)),
                edge(
                        x,
                        (g, y) -> g.mul(
                                x.mul(scaledBesselRatio(x, n + 1)).sub(x.sign().mul(y)))));
    }

    /** {@code e^(−|x|)·(I₀(x) − I₁(|x|))}. */
    private static Tensor besselGap(Tensor x) {
        return op(
                "besselGap",
                x.data().map(BesselFunctions::gap),
                edge(x, (g, y) -> g.mul(x.sign().mul(scaledBesselRatio(x, 1).sub(y.mul(2))))));
    }

    static Tensor i1Rule(Tensor g, Tensor x) {
        return g.mul(x.i0().sub(besselRatio(x, 1)));
    }

    static Tensor i0eRule(Tensor g, Tensor x) {
        return g.mul(x.sign().mul(besselGap(x)).neg());
    }

    static Tensor i1eRule(Tensor g, Tensor x) {
        return g.mul(besselGap(x).sub(scaledBesselRatio(x, 1)));
    }

    // ---- the normal distribution ----

    /** The derivative {@code h = φ(x)/Φ(x)} of the logarithm of Φ. */
    static Tensor normalHazard(Tensor x) {
        return op(
                "normalHazard",
                x.data().map(ErrorFunctions::normalHazard),
                edge(x, (g, h) -> g.neg().mul(h.mul(normalExcess(x)))));
    }

    /** {@code x + φ(x)/Φ(x)}, without cancellation. */
    private static Tensor normalExcess(Tensor x) {
        return op(
                "normalExcess",
                x.data().map(ErrorFunctions::normalExcess),
                edge(x, (g, y) -> g.mul(normalHazard(x).mul(y).rsub(1))));
    }

    /** The rule of erfcx: {@code 2x·erfcx(x) − 2/√π}, without cancellation. */
    static Tensor erfcxRule(Tensor g, Tensor x) {
        return g.mul(x.erfcx().mul(normalExcess(x.mul(-ROOT_2))).mul(-ROOT_2));
    }

    // ---- relatives of the gamma function ----

    static Tensor multigammaln(Tensor a, int p) {
        ActivationRules.require(p >= 1, "multigammaln", "a dimension p from 1 on, got " + p);
        return ActivationRules.derivative(
                "multigammaln", 0, () -> with("p", p), a, n -> Kernel.each(v -> multigammaln(n, v, p)));
    }

    private static double multigammaln(int n, double a, int p) {
        if (!(a > (p - 1) / 2.0)) {
            return Double.NaN;
        }
        double sum = n == 0 ? p * (p - 1) / 4.0 * LOG_PI : 0;
        for (int j = 0; j < p; j++) {
            double at = a - j / 2.0;
            sum += n == 0 ? GammaFunctions.lgamma(at) : GammaFunctions.polygamma(n - 1, at);
        }
        return sum;
    }

    static Tensor zeta(Tensor s, Tensor q) {
        return op(
                "zeta",
                s.data().zeta(q.data()),
                edge(s, g -> {
                    throw new GraphException("zeta: there is no derivative in s, only in q; call s.detach().zeta(q)");
                }),
                edge(q, g -> g.mul(s.neg().mul(zeta(s.add(1), q)))));
    }

    // ---- incomplete gamma functions ----

    static Tensor igamma(Tensor a, Tensor x) {
        return op(
                "igamma",
                a.data().igamma(x.data()),
                edge(a, g -> g.mul(igammaByA("igamma", 1, a, x))),
                edge(x, g -> g.mul(gammaDensity(a, x))));
    }

    static Tensor igammac(Tensor a, Tensor x) {
        return op(
                "igammac",
                a.data().igammac(x.data()),
                edge(a, g -> g.neg().mul(igammaByA("igammac", 1, a, x))),
                edge(x, g -> g.neg().mul(gammaDensity(a, x))));
    }

    static Tensor igammaInv(Tensor a, Tensor p) {
        return op(
                "igammaInv",
                a.data().igammaInv(p.data()),
                edge(a, (g, x) -> g.neg().mul(igammaByA("igammaInv", 1, a, x).div(gammaDensity(a, x)))),
                edge(p, (g, x) -> g.div(gammaDensity(a, x))));
    }

    static Tensor igammacInv(Tensor a, Tensor q) {
        return op(
                "igammacInv",
                a.data().igammacInv(q.data()),
                edge(a, (g, x) -> g.neg().mul(igammaByA("igammacInv", 1, a, x).div(gammaDensity(a, x)))),
                edge(q, (g, x) -> g.neg().div(gammaDensity(a, x))));
    }

    /** The n-th derivative of P in a, for the operation {@code name}. */
    private static Tensor igammaByA(String name, int n, Tensor a, Tensor x) {
        return op(
                "igammaByA",
                a.data().zip(name, x.data(), (u, v) -> IncompleteGamma.lower(n, u, v)),
                edge(a, g -> g.mul(igammaByA(name, next(name, "a", n), a, x))),
                edge(x, g -> {
                    Tensor score = gammaScore(a, x);
                    Tensor factor = n == 1 ? score : score.square().sub(a.polygamma(1));
                    return g.mul(gammaDensity(a, x).mul(factor));
                }));
    }

    /** The derivative of P in x, {@code x^(a−1)e^(−x)/Γ(a)}. */
    private static Tensor gammaDensity(Tensor a, Tensor x) {
        return op(
                "gammaDensity",
                a.data().zip(x.data(), IncompleteGamma::density),
                edge(a, (g, y) -> g.mul(y.mul(gammaScore(a, x)))),
                edge(x, (g, y) -> g.mul(y.mul(a.sub(1).div(x).sub(1)))));
    }

    /** The derivative of the logarithm of the density in a. */
    private static Tensor gammaScore(Tensor a, Tensor x) {
        return x.log().sub(a.digamma());
    }

    private static int next(String name, String parameters, int order) {
        if (order == 2) {
            throw new GraphException(name + ": there are derivatives of first and second order in " + parameters
                    + ", but none of third order; detach() a tensor in which you need no derivative");
        }
        return order + 1;
    }

    // ---- the incomplete beta function ----

    static Tensor betainc(Tensor a, Tensor b, Tensor x) {
        ArithmeticRules.requireFitting("betainc", a, b, x);
        return new Beta("betainc", a, b, x).value(0, 0);
    }

    static Tensor betaincInv(Tensor a, Tensor b, Tensor p) {
        ArithmeticRules.requireFitting("betaincInv", a, b, p);
        return op(
                "betaincInv",
                each("betaincInv", a, b, p, IncompleteBeta::inverse),
                edge(a, (g, x) -> new Beta("betaincInv", a, b, x).implicit(g, 1, 0)),
                edge(b, (g, x) -> new Beta("betaincInv", a, b, x).implicit(g, 0, 1)),
                edge(p, (g, x) -> g.div(new Beta("betaincInv", a, b, x).density())));
    }

    /** The distribution function of a beta distribution, for the operation {@code name}. */
    private record Beta(String name, Tensor a, Tensor b, Tensor x) {
        /** The i-th derivative in a and j-th derivative in b. */
        Tensor value(int i, int j) {
            return op(
                    i + j == 0 ? name : "betaincBy",
                    each(name, a, b, x, (u, v, w) -> IncompleteBeta.betainc(i, j, u, v, w)),
                    edge(a, g -> g.mul(value(next(name, "a and b", i + j) - j, j))),
                    edge(b, g -> g.mul(value(i, next(name, "a and b", i + j) - i))),
                    edge(x, g -> g.mul(i + j == 0 ? density() : density().mul(factor(i, j)))));
        }

        Tensor implicit(Tensor g, int i, int j) {
            return g.neg().mul(value(i, j).div(density()));
        }

        private Tensor density() {
            return op(
                    "betaDensity",
                    each(name, a, b, x, IncompleteBeta::density),
                    edge(a, (g, y) -> g.mul(y.mul(scoreA()))),
                    edge(b, (g, y) -> g.mul(y.mul(scoreB()))),
                    edge(x, (g, y) -> g.mul(y.mul(a.sub(1).div(x).sub(b.sub(1).div(x.rsub(1)))))));
        }

        /** The derivative of the density in a i times and in b j times, divided by the density; i + j is 1 or 2. */
        private Tensor factor(int i, int j) {
            Tensor first = i > 0 ? scoreA() : scoreB();
            if (i + j == 1) {
                return first;
            }
            Tensor bend = a.add(b).polygamma(1);
            return first.mul(j > 0 ? scoreB() : first).add(i == 1 ? bend : bend.sub((i == 2 ? a : b).polygamma(1)));
        }

        /** The derivative of the logarithm of the density in a. */
        private Tensor scoreA() {
            return x.log().add(a.add(b).digamma().sub(a.digamma()));
        }

        private Tensor scoreB() {
            return x.neg().log1p().add(a.add(b).digamma().sub(b.digamma()));
        }
    }

    @FunctionalInterface
    private interface Ternary {
        double apply(double a, double b, double c);
    }

    /** A function of three numbers, computed in double. */
    private static NdArray each(String name, Tensor a, Tensor b, Tensor c, Ternary function) {
        DType type = a.dtype();
        type.requireFloating(name);
        Shape shape = Shape.broadcast(name, Shape.broadcast(name, a.shape(), b.shape()), c.shape());
        double[] first = a.data().broadcastTo(shape).toDoubleArray();
        double[] second = b.data().broadcastTo(shape).toDoubleArray();
        double[] third = c.data().broadcastTo(shape).toDoubleArray();
        return NdArray.arange(DType.FLOAT64, first.length)
                .map(Kernel.each(k -> function.apply(first[(int) k], second[(int) k], third[(int) k])))
                .reshape(shape)
                .to(type);
    }
}
