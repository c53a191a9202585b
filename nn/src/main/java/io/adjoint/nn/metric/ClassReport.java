package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import io.adjoint.core.StateFields;
import io.adjoint.nn.Settings;
import io.adjoint.nn.TextTable;
import io.adjoint.nn.TextTable.Column;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Precision, recall and F1 of each class, and their averages, as the text of scikit-learn's {@code classification_report}. Predictions are
 * as for {@link Accuracy}, or, after {@link #multiLabel()}, as for {@link ClassScore#multiLabel()}.
 *
 * <pre>{@code
 *               precision    recall  f1-score   support
 *
 *          cat       0.67      1.00      0.80         2
 *          dog       1.00      0.50      0.67         2
 *
 *     accuracy                           0.75         4
 *    macro avg       0.83      0.75      0.73         4
 * weighted avg       0.83      0.75      0.73         4
 * }</pre>
 *
 * <p>Without names the rows are the classes that occur among targets or predictions, or all labels; with names they are all classes that
 * have one, as with {@code labels=range(C), target_names=names}: if one of them doesn't occur, "micro avg" stands for "accuracy", as in
 * scikit-learn.
 */
public final class ClassReport extends ClassMetric<ClassReport> {
    private static final List<ToDoubleFunction<ClassCounts>> SCORES =
            List.of(ClassCounts::precision, ClassCounts::recall, counts -> counts.fBeta(1));
    private static final int NUMBER_WIDTH = 9;

    private final List<String> names;
    private final ClassTable table;
    private double[] sumsOfSamples = new double[SCORES.size()];
    private boolean multiLabel;

    /**
     * A report of classes with these names, from class 0 on, or with their indices if there are none; for scores of one class the threshold
     * is ½, for probabilities.
     */
    public ClassReport(String... names) {
        this.names = List.of(names);
        table = new ClassTable(names.length);
    }

    @Override
    long samples() {
        return table.samples();
    }

    /**
     * Takes samples with several labels each from here on; the report has an average over samples, and none for accuracy.
     *
     * @throws IllegalStateException after an update
     */
    @CanIgnoreReturnValue
    public ClassReport multiLabel() {
        requireNoUpdate("multiLabel()");
        multiLabel = true;
        return this;
    }

    @Override
    public void update(Tensor prediction, Tensor target) {
        if (multiLabel) {
            ClassPredictions batch = ClassPredictions.ofLabels("ClassReport", prediction, target, threshold());
            int labels = target.shape().dim(1);
            if (!names.isEmpty() && names.size() != labels) {
                throw new ShapeException("ClassReport: got targets " + target.shape() + " for " + names.size()
                        + " names of labels: " + names);
            }
            table.addLabels("ClassReport", batch, labels, sample -> {
                for (int k = 0; k < sumsOfSamples.length; k++) {
                    sumsOfSamples[k] += SCORES.get(k).applyAsDouble(sample);
                }
            });
            return;
        }
        ClassPredictions batch =
                ClassPredictions.of("ClassReport", prediction, target, threshold(), ClassPredictions.MULTI_LABEL);
        if (!names.isEmpty()) {
            ClassPredictions.requireBelow("ClassReport", names.size(), batch.largest());
        }
        table.add("ClassReport", batch);
    }

    /** The F1 score of all classes together: the accuracy, if each sample has one class. */
    @Override
    public double value() {
        return table.samples() == 0 ? Double.NaN : table.sum().fBeta(1);
    }

    /** The counts of each class, from 0 on, or of each label. */
    public List<ClassCounts> counts() {
        return IntStream.range(0, table.classes()).mapToObj(table::counts).toList();
    }

    @Override
    public void reset() {
        table.reset();
        Arrays.fill(sumsOfSamples, 0);
    }

    @Override
    public void declareState(StateFields fields) {
        int classes = table.declareState(fields);
        double[] sums = fields.numbers("sumsOfSamples", sumsOfSamples, values -> sumsOfSamples = values);
        fields.require(
                sums.length == SCORES.size() && (names.isEmpty() || classes == names.size()),
                "the report has " + SCORES.size() + " sums and the names " + names + ", but the state " + sums.length
                        + " sums and " + classes + " classes");
    }

    /** The text with two decimals. */
    @Override
    public String toString() {
        return table.samples() == 0
                ? Settings.described(
                        ClassReport.class,
                        "threshold",
                        threshold(),
                        OF_PROBABILITIES,
                        "names",
                        names,
                        List.of(),
                        "multiLabel",
                        multiLabel,
                        false)
                : text(2);
    }

    /**
     * The text of scikit-learn's {@code classification_report}, which ends with a line break, with as many decimals.
     *
     * @throws IllegalArgumentException if the number of decimals is not from 0 to 20
     * @throws IllegalStateException before the first prediction
     */
    public String text(int digits) {
        Settings.require(digits >= 0 && digits <= 20, ClassReport.class, "number of digits", "be from 0 to 20", digits);
        if (table.samples() == 0) {
            throw new IllegalStateException("ClassReport: there are no predictions to report on");
        }
        int[] classes =
                IntStream.range(0, table.classes()).filter(this::isListed).toArray();
        boolean hasAccuracy = !multiLabel && IntStream.of(classes).allMatch(table::occurs);
        int width = Math.max("weighted avg".length(), digits);
        for (int c : classes) {
            width = Math.max(width, name(c).codePointCount(0, name(c).length()));
        }
        // As in scikit-learn, numbers with many digits are wider than their columns.
        Column score = TextTable.right().exactly(NUMBER_WIDTH);
        Lines lines = new Lines(new TextTable(TextTable.right().exactly(width), score, score.gap(1)), digits);
        lines.table.row("", "precision", "recall", "f1-score", "support").row();
        for (int c : classes) {
            ClassCounts counts = table.counts(c);
            lines.add(name(c), counts.actual(), of -> of.applyAsDouble(counts));
        }
        lines.table.row();
        long support = table.sum().actual();
        if (hasAccuracy) {
            lines.table.row("accuracy", "", "", lines.number(value()), Long.toString(support));
        } else {
            lines.add("micro avg", support, of -> of.applyAsDouble(table.sum()));
        }
        lines.add("macro avg", support, of -> table.mean(of, c -> isListed(c) ? 1 : 0));
        lines.add("weighted avg", support, table::weightedMean);
        if (multiLabel) {
            lines.add("samples avg", support, of -> sumsOfSamples[SCORES.indexOf(of)] / table.samples());
        }
        return lines.table + "\n";
    }

    private boolean isListed(int c) {
        return multiLabel || !names.isEmpty() || table.occurs(c);
    }

    private String name(int c) {
        return names.isEmpty() ? Integer.toString(c) : names.get(c);
    }

    /** Adds lines to the table of a report, with numbers of {@code digits} decimals. */
    private record Lines(TextTable table, int digits) {
        void add(String name, long support, ToDoubleFunction<ToDoubleFunction<ClassCounts>> value) {
            List<String> cells = new ArrayList<>(List.of(name));
            SCORES.forEach(score -> cells.add(number(value.applyAsDouble(score))));
            cells.add(Long.toString(support));
            table.row(cells.toArray(String[]::new));
        }

        /** Rounds as Python does: the exact binary value, ties to the even digit. */
        String number(double value) {
            return new BigDecimal(value)
                    .setScale(digits, RoundingMode.HALF_EVEN)
                    .toPlainString();
        }
    }
}
