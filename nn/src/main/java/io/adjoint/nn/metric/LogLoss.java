package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Settings;
import java.util.Map;

/**
 * The mean of −log p over all targets, with the probability p that was predicted for the target's class: the cross entropy of
 * probabilities, in nats, as scikit-learn's {@code log_loss}. Predictions are probabilities {@code [N, C, d…]} of each class for INT32
 * targets {@code [N, d…]}, or of the targets' shape those of class 1, for INT32 or BOOL ones; each element counts, a label, too. They are
 * kept ε from 0 and 1, the machine epsilon of their dtype: 2⁻⁵², or 2⁻²³ of FLOAT32. Of logits there is {@link Perplexity#nats()}.
 */
public final class LogLoss implements Metric {
    private double sum;
    private long count;

    private final MetricState state = new MetricState(LogLoss.class)
            .number("sum", () -> sum, value -> sum = value)
            .count("count", () -> count, value -> count = value);

    /** A mean of nothing yet. */
    public LogLoss() {}

    @Override
    public void update(Tensor prediction, Tensor target) {
        int[] actual = ClassPredictions.classes("LogLoss", target);
        boolean binary = prediction.shape().equals(target.shape());
        if (binary) {
            prediction.dtype().requireFloating("LogLoss");
        } else {
            ClassPredictions.requireScores("LogLoss", prediction, target);
        }
        int classes = binary ? 2 : prediction.shape().dim(1);
        ClassPredictions.requireBelow("LogLoss", classes, actual);
        double[] p = (binary ? prediction.data() : ClassPredictions.classesLast(prediction)).toDoubleArray();
        double eps = prediction.dtype().eps();
        requireProbabilities(p, binary ? 1 : classes, eps);
        double added = 0;
        for (int k = 0; k < actual.length; k++) {
            double own = binary ? (actual[k] == 1 ? p[k] : 1 - p[k]) : p[k * classes + actual[k]];
            added -= StrictMath.log(Math.max(eps, Math.min(1 - eps, own)));
        }
        sum += added;
        count += actual.length;
    }

    private static void requireProbabilities(double[] p, int columns, double eps) {
        for (int k = 0; k < p.length; k++) {
            if (!(p[k] >= 0 && p[k] <= 1)) {
                throw new IllegalArgumentException("LogLoss: expected probabilities, from 0 to 1, got " + p[k]
                        + "; those of logits are softmax(1), or sigmoid() of class 1 alone");
            }
        }
        for (int from = 0; columns > 1 && from < p.length; from += columns) {
            double total = 0;
            for (int k = from; k < from + columns; k++) {
                total += p[k];
            }
            if (Math.abs(total - 1) > Math.sqrt(eps)) {
                throw new IllegalArgumentException("LogLoss: the probabilities of a sample's classes add up to " + total
                        + ", expected 1; those of logits are softmax(1)");
            }
        }
    }

    @Override
    public double value() {
        return sum / count;
    }

    @Override
    public void reset() {
        sum = 0;
        count = 0;
    }

    @Override
    public Map<String, NdArray> state() {
        return state.state();
    }

    @Override
    public void load(Map<String, NdArray> saved) {
        state.load(saved);
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return Settings.described(LogLoss.class);
    }
}
