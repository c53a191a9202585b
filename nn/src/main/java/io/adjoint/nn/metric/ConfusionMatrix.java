package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.StateFields;
import io.adjoint.nn.TextTable;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The number of targets of each class that were predicted as each class. Predictions are as for {@link Accuracy}, whose value it has. */
public final class ConfusionMatrix extends ClassMetric<ConfusionMatrix> {
    private final int classes;
    private long[] counts;

    /**
     * A matrix of the given number of classes; for scores of one class the threshold is ½, for probabilities.
     *
     * @throws IllegalArgumentException if there are fewer than 2 or more than 10,000
     */
    public ConfusionMatrix(int classes) {
        if (classes < 2 || classes > 10_000) {
            throw new IllegalArgumentException("ConfusionMatrix: expected 2 to 10000 classes, got " + classes);
        }
        this.classes = classes;
        counts = new long[classes * classes];
    }

    @Override
    long samples() {
        return total();
    }

    @Override
    public void update(Tensor prediction, Tensor target) {
        ClassPredictions batch = ClassPredictions.of(
                "ConfusionMatrix", prediction, target, threshold(), "a matrix for each, of select(1, label)");
        ClassPredictions.requireBelow("ConfusionMatrix", classes, batch.largest());
        for (int k = 0; k < batch.size(); k++) {
            counts[batch.actual(k) * classes + batch.predicted(k)]++;
        }
    }

    /**
     * The number of targets of one class that were predicted as another, or as the same.
     *
     * @throws IllegalArgumentException if there is no such class
     */
    public long count(int actual, int predicted) {
        if (actual < 0 || predicted < 0) {
            throw new IllegalArgumentException(
                    "ConfusionMatrix: class " + Math.min(actual, predicted) + " is negative");
        }
        ClassPredictions.requireBelow("ConfusionMatrix", classes, actual, predicted);
        return counts[actual * classes + predicted];
    }

    /** All counts as FLOAT64 {@code [classes, classes]}, a row for each class of targets. */
    public NdArray counts() {
        return NdArray.generate(DType.FLOAT64, Shape.of(classes, classes), k -> counts[k]);
    }

    /** The number of targets. */
    public long total() {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    /** The number of targets that were predicted right. */
    public long correct() {
        long sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += count(c, c);
        }
        return sum;
    }

    /** The fraction of right predictions: the accuracy. */
    @Override
    public double value() {
        return (double) correct() / total();
    }

    @Override
    public void reset() {
        counts = new long[classes * classes];
    }

    @Override
    public void declareState(StateFields fields) {
        long[] loaded = fields.longCounts("counts", counts, values -> counts = values);
        fields.require(
                loaded.length == classes * classes,
                "'counts' must have " + classes * classes + " numbers, one for each two of " + classes
                        + " classes, but has " + loaded.length);
    }

    /** A row for each actual class, a column for each predicted one; a dot for none. */
    @Override
    public String toString() {
        int width = 4;
        for (long count : counts) {
            width = Math.max(width, Long.toString(count).length() + 1);
        }
        TextTable table = new TextTable(
                TextTable.right().exactly(6), TextTable.right().exactly(width).gap(0));
        table.row(cells("", Integer::toString));
        for (int actual = 0; actual < classes; actual++) {
            int row = actual;
            table.row(cells(Integer.toString(row), predicted -> {
                long count = count(row, predicted);
                return count == 0 ? "." : Long.toString(count);
            }));
        }
        return "actual \\ predicted\n" + table;
    }

    private String[] cells(String first, IntFunction<String> others) {
        return Stream.concat(Stream.of(first), IntStream.range(0, classes).mapToObj(others))
                .toArray(String[]::new);
    }
}
