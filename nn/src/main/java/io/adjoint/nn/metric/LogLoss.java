package io.adjoint.nn.metric;

/**
 * The mean of −log p over all targets, with the probability p that was predicted for the target's class: the cross entropy of
 * probabilities, in nats, as scikit-learn's {@code log_loss}. Probabilities are kept ε from 0 and 1, the machine epsilon of their dtype:
 * 2⁻⁵², or 2⁻²³ of FLOAT32. See {@link ProbabilityMetric}; of logits there is {@link Perplexity#nats()}.
 */
public final class LogLoss extends ProbabilityMetric {
    /** A mean of nothing yet. */
    public LogLoss() {}

    @Override
    void add(double[] p, int from, int classes, int actual, double eps) {
        double own = classes > 1 ? p[from + actual] : actual == 1 ? p[from] : 1 - p[from];
        add(-StrictMath.log(Math.max(eps, Math.min(1 - eps, own))), 1);
    }
}
