package io.adjoint.nn.metric;

/** The fraction of a class's targets that are predicted right. See {@link ClassScore}. */
public final class Recall extends ClassScore {
    /** The recall averaged over classes; for scores of one class the threshold is ½, that of probabilities. */
    public Recall(Average average) {
        this(average, 0.5);
    }

    /** The recall with another threshold for scores of one class: 0 for logits. */
    public Recall(Average average, double threshold) {
        this(average, threshold, false);
    }

    private Recall(Average average, double threshold, boolean multiLabel) {
        super(average, threshold, multiLabel);
    }

    /**
     * The recall of samples with several labels each; for scores the threshold is ½, that of probabilities.
     *
     * @throws IllegalArgumentException if the average is BINARY
     */
    public static Recall multiLabel(Average average) {
        return multiLabel(average, 0.5);
    }

    /**
     * The recall of samples with several labels each, with another threshold for scores: 0 for logits.
     *
     * @throws IllegalArgumentException if the average is BINARY
     */
    public static Recall multiLabel(Average average, double threshold) {
        return new Recall(average, threshold, true);
    }

    @Override
    double score(double right, double predicted, double actual) {
        return ratio(right, actual);
    }
}
