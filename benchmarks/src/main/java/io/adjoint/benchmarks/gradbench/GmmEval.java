package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;

/**
 * {@code gmm}: the log posterior of a mixture of K Gaussians for N points of D numbers, with a Wishart prior on their precision matrices,
 * and its gradient. The precision of a Gaussian is QᵀQ, Q having exp q on its diagonal and the numbers l, column by column, below it.
 */
final class GmmEval {
    private GmmEval() {}

    private record Input(
            int d, int k, int n, Tensor x, int m, double gamma, Tensor alpha, Tensor mu, Tensor q, Tensor l) {
        Mixture mixture() {
            return new Mixture(alpha, mu, q, l);
        }
    }

    private record Mixture(Tensor alpha, Tensor mu, Tensor q, Tensor l) {}

    static Eval<Input> eval() {
        return Eval.of(Input.class)
                .function("objective", in -> logPosterior(in, in.mixture()))
                .function(
                        "jacobian",
                        in -> Transforms.grad((Mixture mixture) -> logPosterior(in, mixture), in.mixture()));
    }

    private static Tensor logPosterior(Input in, Mixture at) {
        Tensor lower = lower(in, at);
        Tensor logDet = at.q().sum(1);
        // Q·(x − μ) is the product of (Q, −Q·μ) and (x, 1); the points are the last axis, since it is the longest: [K,
        // D, N].
        Tensor left = Tensor.concat(2, lower, lower.matmul(at.mu().unsqueeze(2)).neg());
        Tensor right = Tensor.concat(0, in.x().transpose(), Tensor.ones(1, in.n()));
        Tensor distances = left.reshape(-1, in.d() + 1).matmul(right).reshape(in.k(), in.d(), in.n());
        Tensor beta =
                distances.square().sum(1).mul(-0.5).add(at.alpha().add(logDet).unsqueeze(1));
        Tensor likelihood = beta.logSumExp(0).sum().sub(at.alpha().logSumExp().mul(in.n()));
        Tensor prior = logDet.sum().mul(in.m()).sub(lower.square().sum().mul(in.gamma() * in.gamma() / 2));
        return likelihood.add(prior).add(constant(in));
    }

    /** Q of all Gaussians, [K, D, D]. */
    private static Tensor lower(Input in, Mixture at) {
        int d = in.d();
        int[] from = new int[d * d];
        int next = d + 1;
        for (int column = 0; column < d; column++) {
            from[column * d + column] = 1 + column;
            for (int row = column + 1; row < d; row++) {
                from[row * d + column] = next++;
            }
        }
        return Tensor.concat(1, Tensor.zeros(in.k(), 1), at.q().exp(), at.l())
                .indexSelect(1, from)
                .reshape(in.k(), d, d);
    }

    private static double constant(Input in) {
        int d = in.d();
        double degrees = d + in.m() + 1;
        double logGamma = d * (d - 1) / 4.0 * StrictMath.log(Math.PI)
                + Tensor.arange(d).mul(-0.5).add(degrees / 2).lgamma().sum().item();
        return in.k() * (degrees * d * StrictMath.log(in.gamma() / Math.sqrt(2)) - logGamma)
                - in.n() * d / 2.0 * StrictMath.log(2 * Math.PI);
    }
}
