package io.adjoint.nn.metric;

/**
 * The mean squared difference of probabilities and outcomes: {@code Σ (p − y)² / n} of probabilities p of class 1 and y that is 1 for
 * targets of it, else 0; of probabilities of each class the sum of the squares over the classes, {@code Σ Σ (p − y)² / n}, from 0 to 2
 * (Brier 1950). See {@link ProbabilityMetric}.
 */
public final class BrierScore extends ProbabilityMetric {
    /** A mean of nothing yet. */
    public BrierScore() {}

    @Override
    void add(double[] p, int from, int classes, int actual, double eps) {
        double squares = 0;
        for (int c = 0; c < classes; c++) {
            double difference = p[from + c] - ((classes > 1 ? c : 1) == actual ? 1 : 0);
            squares += difference * difference;
        }
        add(squares, 1);
    }
}
