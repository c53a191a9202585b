package io.adjoint.nn.metric;

/**
 * The correlation coefficient of predicted and actual classes (phi coefficient), from −1 to 1; 0 for guesses, and where all predictions or
 * all targets are of one class. With the number n of samples, c of right ones, and p and t of predictions and targets of each class:
 * {@code (c·n − Σ p·t) / √((n² − Σ p²)·(n² − Σ t²))} (Gorodkin 2004). See {@link AgreementScore}.
 */
public final class MatthewsCorrelation extends AgreementScore<MatthewsCorrelation> {
    /** For scores of one class a threshold of ½, for probabilities. */
    public MatthewsCorrelation() {}

    @Override
    double score(ClassTable table) {
        double n = table.samples();
        double right = 0;
        double both = 0;
        double predicted = 0;
        double actual = 0;
        for (int c = 0; c < table.classes(); c++) {
            ClassCounts counts = table.counts(c);
            right += counts.truePositives();
            both += (double) counts.predicted() * counts.actual();
            predicted += (double) counts.predicted() * counts.predicted();
            actual += (double) counts.actual() * counts.actual();
        }
        return ClassCounts.ratio(right * n - both, Math.sqrt((n * n - actual) * (n * n - predicted)));
    }
}
