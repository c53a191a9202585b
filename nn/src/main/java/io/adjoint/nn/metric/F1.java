package io.adjoint.nn.metric;

/** The harmonic mean of precision and recall of a class. See {@link ClassScore}. */
public final class F1 extends ClassScore {
    /** The F1 score averaged over classes; for scores of one class the threshold is ½, that of probabilities. */
    public F1(Average average) {
        this(average, 0.5);
    }

    /** The F1 score with another threshold for scores of one class: 0 for logits. */
    public F1(Average average, double threshold) {
        this(average, threshold, false);
    }

    private F1(Average average, double threshold, boolean multiLabel) {
        super(average, threshold, multiLabel);
    }

    /**
     * The F1 score of samples with several labels each; for scores the threshold is ½, that of probabilities.
     *
     * @throws IllegalArgumentException if the average is BINARY
     */
    public static F1 multiLabel(Average average) {
        return multiLabel(average, 0.5);
    }

    /**
     * The F1 score of samples with several labels each, with another threshold for scores: 0 for logits.
     *
     * @throws IllegalArgumentException if the average is BINARY
     */
    public static F1 multiLabel(Average average, double threshold) {
        return new F1(average, threshold, true);
    }

    @Override
    double score(double right, double predicted, double actual) {
        return ratio(2 * right, predicted + actual);
    }
}
