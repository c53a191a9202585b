package io.adjoint.view;

import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A confusion matrix: the counts of actual and predicted classes.
 *
 * @param counts the count of samples for each pair of classes, {@code [actual][predicted]}
 * @param names the names of the classes
 */
@SuppressWarnings("ArrayRecordComponent") // confusion matrices are never compared
record Confusions(double[][] counts, List<String> names) {
    /** The largest number of classes for which the whole matrix is shown; for more classes only the worst confusions are shown. */
    private static final int MOST_CLASSES = 40;

    private static final int WORST = 10;
    private static final int SHADES = 5;

    /** Takes the counts from a matrix {@code [C, C]}; without names the classes are numbered. */
    static Confusions of(NdArray matrix, List<String> names) {
        int classes = matrix.shape().dim(0);
        if (!names.isEmpty() && names.size() != classes) {
            throw new IllegalArgumentException(
                    "Report: got " + names.size() + " names for the " + classes + " classes of the matrix: " + names);
        }
        double[] flat = matrix.toDoubleArray();
        double[][] counts = new double[classes][classes];
        for (int k = 0; k < flat.length; k++) {
            counts[k / classes][k % classes] = flat[k];
        }
        return new Confusions(
                counts,
                names.isEmpty()
                        ? IntStream.range(0, classes)
                                .mapToObj(Integer::toString)
                                .toList()
                        : List.copyOf(names));
    }

    /** The number of samples of one class that were predicted as another class, and the number of all samples of the actual class. */
    private record Worst(int actual, int predicted, double count, double all) {}

    private List<Worst> worst() {
        List<Worst> all = new ArrayList<>();
        for (int actual = 0; actual < counts.length; actual++) {
            double sum = Arrays.stream(counts[actual]).sum();
            for (int predicted = 0; predicted < counts.length; predicted++) {
                if (predicted != actual && counts[actual][predicted] > 0) {
                    all.add(new Worst(actual, predicted, counts[actual][predicted], sum));
                }
            }
        }
        all.sort(Comparator.comparingDouble(Worst::count).reversed());
        return all.subList(0, Math.min(WORST, all.size()));
    }

    /** Writes the worst confusions and the matrix, as two HTML elements. */
    void write(Markup markup) {
        markup.open("div");
        writeWorst(markup);
        markup.close().open("div");
        writeMatrix(markup);
        markup.close();
    }

    private void writeWorst(Markup markup) {
        List<Worst> worst = worst();
        markup.element("h3", "Worst confusions");
        if (worst.isEmpty()) {
            markup.element("p", "No sample was taken for one of another class.");
        } else {
            markup.open("ol");
            for (Worst one : worst) {
                markup.element(
                        "li",
                        String.format(
                                Locale.ROOT,
                                "%s taken for %s: %s of %s (%.1f %%)",
                                names.get(one.actual()),
                                names.get(one.predicted()),
                                NumberText.text(one.count(), 12),
                                NumberText.text(one.all(), 12),
                                100 * one.count() / one.all()));
            }
            markup.close();
        }
    }

    private void writeMatrix(Markup markup) {
        markup.element("h3", "Confusion matrix");
        if (counts.length > MOST_CLASSES) {
            markup.element("p", "The matrix of " + counts.length + " classes is too large to be shown.");
            return;
        }
        markup.open("div", "class=wide", "tabindex=0", "role=region", "aria-label=Confusion matrix");
        markup.open("table", "class=matrix").element("caption", "Rows: actual classes. Columns: predicted classes.");
        markup.open("thead").open("tr").open("td").close();
        names.forEach(name -> markup.element("th", name, "scope=col"));
        markup.close().close().open("tbody");
        double most =
                Arrays.stream(counts).flatMapToDouble(Arrays::stream).max().orElse(0);
        for (int actual = 0; actual < counts.length; actual++) {
            markup.open("tr").element("th", names.get(actual), "scope=row");
            for (int predicted = 0; predicted < counts.length; predicted++) {
                double count = counts[actual][predicted];
                int shade = count == 0 ? 0 : (int) Math.ceil(SHADES * count / most);
                String kind = actual == predicted ? "right" : "wrong";
                markup.element(
                        "td",
                        count == 0 ? "·" : NumberText.text(count, 12),
                        "class=" + (shade == 0 ? "none" : kind + shade));
            }
            markup.close();
        }
        markup.close().close().close();
    }
}
