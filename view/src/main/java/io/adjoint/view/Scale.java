package io.adjoint.view;

import java.util.List;

/**
 * The vertical axis of a chart. Its length from the first to the last tick mark is 1. The page's script computes it in the same way.
 *
 * @param isLog true for a log axis, whose tick marks are multiples of the logarithms' steps
 * @param ticks the tick marks, of the values or of their logarithms to base 10
 */
record Scale(boolean isLog, Ticks ticks) {
    /** The factor from the smallest to the largest value above which an axis is a log axis. */
    private static final double LOG_FROM = 1000;

    private static final int MARKS = 5;
    /** The exponents of ten up to which a tick mark is written as a plain number. */
    private static final int PLAIN = 4;

    /** The axis on which all finite values of some curves lie. */
    static Scale of(List<LineChart.Line> lines) {
        Extent all = Extent.of(lines);
        boolean isLog = all.least() >= 0 && all.most() / all.leastPositive() > LOG_FROM;
        return new Scale(
                isLog,
                isLog
                        ? Ticks.around(StrictMath.log10(all.leastPositive()), StrictMath.log10(all.most()), MARKS, 1)
                        : Ticks.around(all.least(), all.most(), MARKS, 0));
    }

    /**
     * The extent of the finite values of some curves; without such values from 0 to 1.
     *
     * @param least the smallest value
     * @param leastPositive the smallest positive value; infinity if there is none
     * @param most the largest value
     */
    record Extent(double least, double leastPositive, double most) {
        static Extent of(List<LineChart.Line> lines) {
            double least = Double.POSITIVE_INFINITY;
            double leastPositive = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (LineChart.Line line : lines) {
                for (int k = 0; k < line.points().size(); k++) {
                    double value = line.points().y(k);
                    if (Double.isFinite(value)) {
                        least = Math.min(least, value);
                        leastPositive = value > 0 ? Math.min(leastPositive, value) : leastPositive;
                        most = Math.max(most, value);
                    }
                }
            }
            return least > most ? new Extent(0, 1, 1) : new Extent(least, leastPositive, most);
        }
    }

    /** Returns whether a value has a position: it is finite, and positive on a log axis. */
    boolean has(double value) {
        return Double.isFinite(value) && !(isLog && value <= 0);
    }

    /** The position of a value: 0 at the first tick mark, 1 at the last. */
    double at(double value) {
        return ticks.share(isLog ? StrictMath.log10(value) : value);
    }

    /** The text of a tick mark. */
    String text(int mark) {
        if (!isLog) {
            return ticks.text(mark);
        }
        int exponent = (int) ticks.at(mark);
        String power = "1e" + exponent;
        return Math.abs(exponent) <= PLAIN ? NumberText.text(Double.parseDouble(power)) : power;
    }
}
