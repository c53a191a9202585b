package io.adjoint.nn.metric;

/** The fraction of a class's predictions that are right. See {@link ClassScore}. */
public final class Precision extends ClassScore {
    /** The precision averaged over classes; for scores of one class the threshold is ½, that of probabilities. */
    public Precision(Average average) {
        this(average, 0.5);
    }

    /** The precision with another threshold for scores of one class: 0 for logits. */
    public Precision(Average average, double threshold) {
        this(average, threshold, false);
    }

    private Precision(Average average, double threshold, boolean multiLabel) {
        super(average, threshold, multiLabel);
    }

    /**
     * The precision of samples with several labels each; for scores the threshold is ½, that of probabilities.
     *
     * @throws IllegalArgumentException if the average is BINARY
     */
    public static Precision multiLabel(Average average) {
        return multiLabel(average, 0.5);
    }

    /**
     * The precision of samples with several labels each, with another threshold for scores: 0 for logits.
     *
     * @throws IllegalArgumentException if the average is BINARY
     */
    public static Precision multiLabel(Average average, double threshold) {
        return new Precision(average, threshold, true);
    }

    @Override
    double score(double right, double predicted, double actual) {
        return ratio(right, predicted);
    }
}
