package io.adjoint.distributions;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Triangle;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Kullback–Leibler divergences {@code KL(p‖q) = E[log p(x) − log q(x)]} over x from p, in nats. */
public final class KL {
    /** The formulas; a pair of distributions has the first one whose classes fit. */
    private static final List<Pair<?, ?>> PAIRS = List.of(
            pair(Normal.class, Normal.class, (p, q) -> normal(p.loc(), p.scale(), q.loc(), q.scale())),
            pair(
                    HalfNormal.class,
                    HalfNormal.class,
                    (p, q) -> excess(p.scale().div(q.scale()).square()).mul(0.5)),
            pair(LogNormal.class, LogNormal.class, (p, q) -> normal(p.loc(), p.scale(), q.loc(), q.scale())),
            pair(MultivariateNormal.class, MultivariateNormal.class, KL::multivariateNormal),
            pair(Uniform.class, Uniform.class, KL::uniform),
            pair(Laplace.class, Laplace.class, KL::laplace),
            pair(Cauchy.class, Cauchy.class, KL::cauchy),
            pair(HalfCauchy.class, HalfCauchy.class, (p, q) -> cauchy(centered(p), centered(q))),
            pair(Gumbel.class, Gumbel.class, KL::gumbel),
            pair(Weibull.class, Weibull.class, KL::weibull),
            pair(Beta.class, Beta.class, KL::beta),
            pair(Dirichlet.class, Dirichlet.class, KL::dirichlet),
            pair(VonMises.class, VonMises.class, KL::vonMises),
            pair(Bernoulli.class, Bernoulli.class, (p, q) -> odds(p.odds(), q.odds())),
            pair(
                    Geometric.class,
                    Geometric.class,
                    (p, q) -> odds(p.odds(), q.odds()).div(p.probs())),
            pair(Binomial.class, Binomial.class, KL::binomial),
            pair(NegativeBinomial.class, NegativeBinomial.class, KL::negativeBinomial),
            pair(Poisson.class, Poisson.class, KL::poisson),
            pair(Categorical.class, Categorical.class, (p, q) -> classes(p.probs(), p.logits(), q.logits())),
            pair(Multinomial.class, Multinomial.class, KL::multinomial),
            pair(Independent.class, Independent.class, KL::independent),
            pair(Transformed.class, Transformed.class, KL::transformed),
            pair(Distribution.class, Distribution.class, KL::gammas));

    private KL() {}

    private record Pair<P extends Distribution, Q extends Distribution>(
            Class<P> p, Class<Q> q, BiFunction<P, Q, @Nullable Tensor> formula) {
        @Nullable
        Tensor of(Distribution first, Distribution second) {
            try {
                return p.isInstance(first) && q.isInstance(second)
                        ? formula.apply(p.cast(first), q.cast(second))
                        : null;
            } catch (DTypeException e) {
                DTypeException named = new DTypeException(
                        "KL.divergence of " + name(first) + " and " + name(second) + ": " + e.getMessage());
                named.initCause(e);
                throw named;
            }
        }
    }

    private static <P extends Distribution, Q extends Distribution> Pair<P, Q> pair(
            Class<P> p, Class<Q> q, BiFunction<P, Q, @Nullable Tensor> formula) {
        return new Pair<>(p, q, formula);
    }

    /**
     * The divergence of two distributions by its formula, of their broadcast batch shape; infinite where p has values that q has not.
     *
     * @throws UnsupportedOperationException if there is no formula for the two families; {@link #estimate} needs none
     * @throws DTypeException if their parameters have different dtypes
     */
    public static Tensor divergence(Distribution p, Distribution q) {
        for (Pair<?, ?> pair : PAIRS) {
            Tensor divergence = pair.of(p, q);
            if (divergence != null) {
                return divergence;
            }
        }
        throw new UnsupportedOperationException("KL.divergence: there is no formula for " + name(p) + " and " + name(q)
                + "; estimate it by samples of the first: KL.estimate(p, q, p.rsample(generator, 10_000)), or p.sample where"
                + " there is no rsample");
    }

    private static String name(Distribution family) {
        return family.getClass().getSimpleName();
    }

    /**
     * The divergence estimated by samples of p: the mean of {@code log p(x) − log q(x)} over their first axis. With samples of {@link
     * Distribution#rsample} its gradient in the parameters of p is an estimate, too; with {@link Distribution#sample} it is not.
     *
     * @param samples {@code [N, batch…, event…]}, drawn from p
     * @throws ShapeException if the samples lack the axis of their number
     */
    public static Tensor estimate(Distribution p, Distribution q, Tensor samples) {
        Tensor logs = p.logProb(samples).sub(q.logProb(samples));
        int batch =
                Shape.broadcast("KL.estimate", p.batchShape(), q.batchShape()).rank();
        if (logs.shape().rank() <= batch) {
            throw new ShapeException("KL.estimate: the samples have the shape " + samples.shape()
                    + "; expected [N, batch…, event…], as of p.rsample(generator, N)");
        }
        return logs.mean(0);
    }

    /** {@code (x − 1 − log x)}, which is 0 at x = 1. */
    private static Tensor excess(Tensor x) {
        return x.sub(1).sub(x.log());
    }

    private static Tensor normal(Tensor loc, Tensor scale, Tensor otherLoc, Tensor otherScale) {
        Tensor apart = loc.sub(otherLoc).div(otherScale).square();
        return excess(scale.div(otherScale).square()).add(apart).mul(0.5);
    }

    /** {@code (‖Lq⁻¹Lp‖² + |Lq⁻¹(μp − μq)|² − D)/2 + log det Lq − log det Lp}. */
    private static Tensor multivariateNormal(MultivariateNormal p, MultivariateNormal q) {
        Tensor ratio = q.scaleTril().solveTriangular(p.scaleTril(), Triangle.LOWER);
        Tensor apart = q.solve(p.loc().sub(q.loc()));
        Tensor squares = ratio.square().sum(-1, -2).add(apart.square().sum(-1));
        int d = p.loc().shape().dim(-1);
        return squares.sub(d).mul(0.5).add(q.logDet()).sub(p.logDet());
    }

    private static Tensor uniform(Uniform p, Uniform q) {
        Tensor inside = q.low().le(p.low()).and(p.high().le(q.high()));
        Tensor log = q.high().sub(q.low()).div(p.high().sub(p.low())).log();
        return Tensor.where(inside, log, Double.POSITIVE_INFINITY);
    }

    private static Tensor laplace(Laplace p, Laplace q) {
        Tensor apart = p.loc().sub(q.loc()).abs();
        Tensor ratio = p.scale().div(q.scale());
        Tensor near = ratio.mul(apart.div(p.scale()).neg().exp());
        return near.add(apart.div(q.scale())).sub(1).sub(ratio.log());
    }

    /** F. Chyzak and F. Nielsen, "A closed-form formula for the Kullback–Leibler divergence between Cauchy distributions", 2019. */
    private static Tensor cauchy(Cauchy p, Cauchy q) {
        Tensor squares =
                p.scale().add(q.scale()).square().add(p.loc().sub(q.loc()).square());
        return squares.div(p.scale().mul(q.scale()).mul(4)).log();
    }

    private static Cauchy centered(HalfCauchy half) {
        return new Cauchy(Tensor.zerosLike(half.scale()), half.scale());
    }

    private static Tensor gumbel(Gumbel p, Gumbel q) {
        Tensor ratio = p.scale().div(q.scale());
        Tensor apart = p.loc().sub(q.loc()).div(q.scale());
        Tensor last = ratio.add(1).lgamma().sub(apart).exp();
        return ratio.mul(Terms.EULER).sub(ratio.log()).add(apart).add(last).sub(1 + Terms.EULER);
    }

    /** C. Bauckhage, "Computing the Kullback–Leibler divergence between two Weibull distributions", 2013. */
    private static Tensor weibull(Weibull p, Weibull q) {
        Tensor k = p.concentration();
        Tensor ratio = q.concentration().div(k);
        Tensor scales = p.scale().div(q.scale()).log().mul(q.concentration());
        Tensor last = scales.add(ratio.add(1).lgamma()).exp();
        return ratio.log()
                .neg()
                .sub(scales)
                .add(ratio.sub(1).mul(Terms.EULER))
                .add(last)
                .sub(1);
    }

    /** Of the families that are gamma distributions. */
    private static @Nullable Tensor gammas(Distribution first, Distribution second) {
        Gamma p = gamma(first);
        Gamma q = gamma(second);
        if (p == null || q == null) {
            return null;
        }
        Tensor a = p.concentration();
        Tensor b = q.concentration();
        Tensor ratio = q.rate().div(p.rate());
        // At the same rate: log Γ(b) − log Γ(a) + (a − b)·ψ(a), by gamma densities at y = a.
        Tensor y = a.detach();
        Tensor shapes = Terms.logGamma(a, y)
                .sub(Terms.logGamma(b, y))
                .add(b.sub(a).mul(y.log().sub(a.log()).add(Terms.logMinusDigamma(a))));
        return shapes.add(a.mul(ratio.sub(1))).sub(b.mul(ratio.log()));
    }

    private static @Nullable Gamma gamma(Distribution family) {
        if (family instanceof Exponential e) {
            return new Gamma(Tensor.onesLike(e.rate()), e.rate());
        }
        if (family instanceof Chi2 c) {
            return new Gamma(c.df().mul(0.5), Tensor.fullLike(c.df(), 0.5));
        }
        return family instanceof Gamma g ? g : null;
    }

    /** {@code log B(q) − log B(p) + Σ(αp − αq)·(ψ(αp) − ψ(Σαp))}, by the densities at the mean of p. */
    private static Tensor beta(Beta p, Beta q) {
        Tensor a = p.concentration1();
        Tensor b = p.concentration0();
        Tensor mean = p.mean().detach();
        Tensor all = a.add(b).digamma();
        Tensor densities =
                Beta.logDensity(a, b, mean).sub(Beta.logDensity(q.concentration1(), q.concentration0(), mean));
        Tensor first = a.sub(q.concentration1()).mul(a.digamma().sub(all).sub(mean.log()));
        Tensor second = b.sub(q.concentration0())
                .mul(b.digamma().sub(all).sub(mean.rsub(1).log()));
        return densities.add(first).add(second);
    }

    private static Tensor dirichlet(Dirichlet p, Dirichlet q) {
        Tensor a = p.concentration();
        Tensor mean = p.mean().detach();
        Tensor densities = p.logDensity(mean).sub(q.logDensity(mean));
        Tensor spread = a.digamma().sub(a.sum(-1).digamma().unsqueeze(-1)).sub(mean.log());
        return densities.add(a.sub(q.concentration()).mul(spread).sum(-1));
    }

    private static Tensor vonMises(VonMises p, VonMises q) {
        // E[log p − log q] = log p(μp) − log q(μp) − (κp − κq·cos(μp − μq))·(1 − E[cos])
        Tensor turned = q.concentration().mul(p.loc().sub(q.loc()).cos());
        Tensor fall = p.concentration().sub(turned).mul(p.variance());
        return p.logProb(p.loc()).sub(q.logProb(p.loc())).sub(fall);
    }

    /** {@code p·log(p/q) + (1 − p)·log((1 − p)/(1 − q))}. */
    private static Tensor odds(Odds p, Odds q) {
        Tensor other = q.timesLog(p.probs()).add(q.timesLogOther(p.others()));
        return p.entropy().add(other).neg();
    }

    private static Tensor binomial(Binomial p, Binomial q) {
        requireSame("Binomial", p.totalCount(), q.totalCount());
        return p.totalCount().mul(odds(p.odds(), q.odds()));
    }

    private static Tensor negativeBinomial(NegativeBinomial p, NegativeBinomial q) {
        requireSame("NegativeBinomial", p.totalCount(), q.totalCount());
        return p.totalCount().mul(odds(p.odds(), q.odds())).div(p.odds().others());
    }

    private static void requireSame(String family, Tensor count, Tensor other) {
        if (count.eq(other).all().item() == 0) {
            throw new UnsupportedOperationException("KL.divergence: there is no formula for two " + family
                    + " distributions of different total counts; estimate it by samples of the first:"
                    + " KL.estimate(p, q, p.sample(generator, 10_000))");
        }
    }

    private static Tensor poisson(Poisson p, Poisson q) {
        Tensor a = p.rate();
        Tensor b = q.rate();
        Tensor isFar = a.mul(2).le(b);
        Tensor far = Terms.xlogy(a, a).sub(Terms.xlogy(a, b)).sub(a).add(b);
        // There, terms of nearly equal rates would cancel.
        Tensor near = Tensor.where(isFar, 1, a);
        Tensor apart = Tensor.where(isFar, 1, b).sub(near).div(near);
        return Tensor.where(isFar, far, near.mul(Terms.logExcess(apart)));
    }

    private static Tensor multinomial(Multinomial p, Multinomial q) {
        Tensor n = Terms.constant(p.probs().dtype(), p.totalCount());
        requireSame("Multinomial", n, Terms.constant(p.probs().dtype(), q.totalCount()));
        return classes(p.probs(), p.logits(), q.logits()).mul(n);
    }

    private static Tensor classes(Tensor probs, Tensor logits, Tensor others) {
        return Terms.times(probs, logits).sub(Terms.times(probs, others)).sum(-1);
    }

    private static Tensor independent(Independent p, Independent q) {
        if (p.axes() != q.axes()) {
            throw new UnsupportedOperationException("KL.divergence: Independent of " + p.axes() + " axes and of "
                    + q.axes() + " have no formula; give both the same number of axes");
        }
        return Terms.sumLast(divergence(p.base(), q.base()), p.axes());
    }

    /** A bijection changes both densities alike. */
    private static @Nullable Tensor transformed(Transformed p, Transformed q) {
        if (!p.bijection().equals(q.bijection())) {
            return null;
        }
        Tensor base = divergence(p.base(), q.base());
        Shape batch = p.batchShape();
        return Terms.sumLast(base, p.base().batchShape().rank() - batch.rank());
    }
}
