package io.adjoint.view;

import io.adjoint.core.NdArray;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * A histogram of numbers in bins of equal width.
 *
 * @param least the lower edge of the first bin
 * @param most the upper edge of the last bin
 * @param counts the count of each bin
 * @param others the count of numbers that aren't finite
 */
@SuppressWarnings("ArrayRecordComponent") // histograms are never compared
record Bins(double least, double most, long[] counts, long others) {
    private static final int COUNT = 30;
    private static final int WIDTH = 400;
    private static final int HEIGHT = 120;

    /** Makes the histogram of an array of any shape. */
    static Bins of(NdArray values) {
        double[] numbers = values.toDoubleArray();
        DoubleSummaryStatistics finite =
                Arrays.stream(numbers).filter(Double::isFinite).summaryStatistics();
        double least = finite.getMin();
        double most = finite.getMax();
        long[] counts = new long[least < most ? COUNT : 1];
        for (double number : numbers) {
            if (Double.isFinite(number)) {
                // The operands are halved first, since the difference of two large finite numbers may overflow.
                double place = (number / 2 - least / 2) / (most / 2 - least / 2);
                counts[least < most ? (int) Math.min(COUNT - 1, COUNT * place) : 0]++;
            }
        }
        return new Bins(least, most, counts, numbers.length - finite.getCount());
    }

    /** The lower edge of a bin. */
    double edge(int bin) {
        return least + (most / counts.length - least / counts.length) * bin;
    }

    void write(Markup markup, String id, String title) {
        long largest = Math.max(1, Arrays.stream(counts).max().orElse(0));
        markup.open("figure", "class=bars", "id=" + id).open("figcaption").element("strong", title);
        if (others > 0) {
            markup.text(" (" + others + " that aren't finite are left out)");
        }
        markup.close();
        if (least > most) {
            markup.element("p", "No number is finite.").close();
            return;
        }
        markup.open("svg", "viewBox=0 0 " + WIDTH + " " + (HEIGHT + 20), "role=img", "aria-labelledby=" + id + "-what");
        markup.element(
                "title",
                title + ", distribution from " + NumberText.text(least) + " to " + NumberText.text(most),
                "id=" + id + "-what");
        double width = (double) WIDTH / counts.length;
        for (int k = 0; k < counts.length; k++) {
            double height = (double) HEIGHT * counts[k] / largest;
            markup.empty(
                    "rect",
                    "class=bar",
                    "x=" + NumberText.text(k * width),
                    "y=" + NumberText.text(HEIGHT - height),
                    "width=" + NumberText.text(width * 0.9),
                    "height=" + NumberText.text(height));
        }
        markup.open("g", "class=marks");
        markup.element("text", NumberText.text(least), "x=0", "y=" + (HEIGHT + 15));
        markup.element("text", NumberText.text(most), "x=" + WIDTH, "y=" + (HEIGHT + 15), "text-anchor=end");
        markup.close().close();
        markup.open("details")
                .element("summary", "Numbers")
                .open("div", "class=wide")
                .open("table");
        markup.head(List.of("from", "count"));
        for (int k = 0; k < counts.length; k++) {
            markup.open("tr").element("td", NumberText.text(edge(k)));
            markup.element("td", Long.toString(counts[k])).close();
        }
        markup.close().close().close().close().close();
    }
}
