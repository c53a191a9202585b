package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;

/**
 * Numbers that tell if chains have converged, by Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021).
 *
 * @param rHat the larger one of the rank-normalized split R̂ of the draws and of their distances from the median: the spread of all draws
 *     in proportion to that within half a chain; at most 1.01 in chains that have converged
 * @param bulk the effective sample size of the rank-normalized draws: independent draws that would tell as much; at least 400
 * @param error the Monte Carlo standard error of the mean
 */
record Convergence(double rHat, double bulk, double error) {
    /** Of the draws of one parameter, {@code [chains, draws]}. */
    static Convergence of(Tensor draws) {
        Tensor halves = halves(draws);
        Tensor ranks = rankNormalized(halves);
        Tensor distances = rankNormalized(halves.sub(halves.quantile(0.5)).abs());
        return new Convergence(
                Math.max(rHat(ranks), rHat(distances)),
                effectiveSize(ranks),
                halves.std().item() / StrictMath.sqrt(effectiveSize(halves)));
    }

    /** Each chain as two chains. */
    private static Tensor halves(Tensor draws) {
        int half = draws.shape().dim(1) / 2;
        return Tensor.concat(0, draws.slice(1, 0, half), draws.slice(1, half, 2 * half));
    }

    /** Normal quantiles of the ranks among all draws. */
    private static Tensor rankNormalized(Tensor draws) {
        Tensor ranks = draws.flatten().sort(0).indices().sort(0).indices();
        Tensor probabilities =
                ranks.to(DType.FLOAT64).add(1 - 3.0 / 8).div(draws.shape().size() + 1.0 / 4);
        return probabilities.ndtri().reshape(draws.shape());
    }

    private static double within(Tensor chains) {
        return chains.var(1).mean().item();
    }

    private static double variance(Tensor chains) {
        int length = chains.shape().dim(1);
        return within(chains) * (length - 1) / length + chains.mean(1).var().item();
    }

    private static double rHat(Tensor chains) {
        return StrictMath.sqrt(variance(chains) / within(chains));
    }

    /** By Geyer's initial monotone sequence: pairs of autocorrelations as long as they are positive, none above the one before. */
    private static double effectiveSize(Tensor chains) {
        Tensor centered = chains.sub(chains.mean(1).unsqueeze(1));
        double within = within(chains);
        double variance = variance(chains);
        double sum = 0;
        double before = Double.POSITIVE_INFINITY;
        for (int lag = 0; lag + 1 < chains.shape().dim(1); lag += 2) {
            double covariances = covariance(centered, lag) + covariance(centered, lag + 1);
            double pair = 2 - (2 * within - covariances) / variance;
            if (!(pair > 0)) {
                break;
            }
            before = Math.min(before, pair);
            sum += before;
        }
        return chains.shape().size() / (2 * sum - 1);
    }

    private static double covariance(Tensor centered, int lag) {
        int length = centered.shape().dim(1);
        Tensor products = centered.slice(1, lag, length).mul(centered.slice(1, 0, length - lag));
        return products.sum().item()
                / (centered.shape().size() - centered.shape().dim(0));
    }
}
