package io.adjoint.view;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A line chart of curves over one axis. The page's script reads the values of the curves from the page's {@link NumberTable}, for its
 * read-out and for zooming.
 *
 * @param id the id of its HTML element
 * @param title the title
 * @param table the table with the curves' values, possibly with further curves
 * @param lines the curves, all of them in the table
 */
record LineChart(String id, String title, NumberTable table, List<Line> lines) {
    /** The largest number of curves in a chart, for which there are different colours and dashes. */
    static final int MOST_LINES = 8;

    private static final int WIDTH = 400;
    private static final int HEIGHT = 230;
    private static final int LEFT = 52;
    private static final int RIGHT = 8;
    private static final int TOP = 8;
    private static final int BOTTOM = 26;
    /**
     * The number of units of a curve's coordinates in one unit of the chart's other coordinates. The units are this small so that a curve's
     * coordinates can be integers.
     */
    private static final int FINE = 10;

    private static final int PLOT_WIDTH = WIDTH - LEFT - RIGHT;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
    /**
     * Numbers of this absolute value and larger are not drawn, since the length of their range could overflow. If all absolute values are
     * smaller than the inverse 1e-300, the numbers are drawn as if they were 0.
     */
    private static final double LARGEST = 1e300;

    private static final int X_MARKS = 6;
    private static final int Y_MARKS = 5;

    /**
     * A curve.
     *
     * @param name the name in legend and table
     * @param points the values
     */
    record Line(String name, Series points) {}

    /** A range of numbers with a positive length. */
    private record Range(double least, double most) {
        static Range of(Iterable<Double> values) {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (double value : values) {
                if (Math.abs(value) < LARGEST) {
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
            if (least > most) {
                return new Range(0, 1);
            }
            double size = Math.max(Math.abs(least), Math.abs(most));
            if (size < 1 / LARGEST) {
                return new Range(0, 1);
            }
            // The range of numbers that are almost equal is widened, so that these numbers lie in the middle.
            return most - least > 1e-6 * size ? new Range(least, most) : new Range(least - size / 2, most + size / 2);
        }
    }

    void write(Markup markup) {
        markup.open("figure", "class", "chart", "id", id, "data-table", table.id(), "data-columns", columns());
        markup.open("figcaption").element("strong", title);
        if (lines.size() > 1 || !lines.get(0).name().equals(title)) {
            legend(markup);
        }
        markup.close();
        drawing(markup);
        markup.close();
    }

    /** The column numbers of the curves in the table, for the script. */
    private String columns() {
        return lines.stream()
                .map(line -> Integer.toString(table.lines().indexOf(line) + 1))
                .collect(Collectors.joining(" "));
    }

    private void legend(Markup markup) {
        markup.open("ul", "class", "legend");
        for (int k = 0; k < lines.size(); k++) {
            markup.open("li");
            markup.open("svg", "viewBox", "0 0 24 8", "class", "key", "aria-hidden", "true");
            markup.empty("path", "class", "line s" + k, "d", "M1,4H23");
            markup.close().text(lines.get(k).name()).close();
        }
        markup.close();
    }

    private void drawing(Markup markup) {
        List<Double> xs = new ArrayList<>();
        List<Double> ys = new ArrayList<>();
        lines.forEach(line -> {
            for (int k = 0; k < line.points().size(); k++) {
                xs.add(line.points().x(k));
                ys.add(line.points().y(k));
            }
        });
        Range x = Range.of(xs);
        Range values = Range.of(ys);
        Ticks yMarks = Ticks.around(values.least(), values.most(), Y_MARKS);
        Range y = new Range(yMarks.at(0), yMarks.at(yMarks.count() - 1));
        markup.open("svg", "viewBox", "0 0 " + WIDTH + " " + HEIGHT, "role", "img", "aria-labelledby", id + "-what");
        markup.element("title", what(), "id", id + "-what");
        markup.open("g", "class", "marks");
        for (int k = 0; k < yMarks.count(); k++) {
            double at = TOP + PLOT_HEIGHT * (y.most() - yMarks.at(k)) / (y.most() - y.least());
            markup.empty("path", "d", "M" + LEFT + "," + short1(at) + "h" + PLOT_WIDTH);
            markup.element("text", yMarks.text(k), "x", "" + (LEFT - 5), "y", short1(at + 4), "text-anchor", "end");
        }
        Ticks xMarks = Ticks.within(x.least(), x.most(), X_MARKS);
        for (int k = 0; k < xMarks.count(); k++) {
            double at = LEFT + PLOT_WIDTH * (xMarks.at(k) - x.least()) / (x.most() - x.least());
            markup.empty("path", "d", "M" + short1(at) + "," + (TOP + PLOT_HEIGHT) + "v4");
            markup.element(
                    "text",
                    xMarks.text(k),
                    "x",
                    short1(at),
                    "y",
                    "" + (TOP + PLOT_HEIGHT + 16),
                    "text-anchor",
                    "middle");
        }
        markup.element("text", table.axis(), "x", "0", "y", "" + (TOP + PLOT_HEIGHT + 16));
        markup.close();
        markup.open(
                "svg",
                "class",
                "plot",
                "x",
                "" + LEFT,
                "y",
                "" + TOP,
                "width",
                "" + PLOT_WIDTH,
                "height",
                "" + PLOT_HEIGHT,
                "viewBox",
                "0 0 " + PLOT_WIDTH * FINE + " " + PLOT_HEIGHT * FINE,
                "preserveAspectRatio",
                "none");
        for (int k = 0; k < lines.size(); k++) {
            markup.empty(
                    "path",
                    "class",
                    "line s" + k,
                    "vector-effect",
                    "non-scaling-stroke",
                    "d",
                    path(lines.get(k).points(), x, y));
        }
        markup.close().close();
    }

    /** The chart in words, for screen readers. */
    private String what() {
        StringBuilder text = new StringBuilder(title).append(" over ").append(table.axis());
        for (Line line : lines) {
            Series points = line.points();
            if (points.size() > 0) {
                text.append("; ")
                        .append(line.name())
                        .append(" from ")
                        .append(NumberText.text(points.y(0)))
                        .append(" to ")
                        .append(NumberText.text(points.y(points.size() - 1)));
            }
        }
        return text.toString();
    }

    /**
     * The SVG path of a curve in relative coordinates, which are finer than the chart's other coordinates by the factor {@link #FINE}.
     * Numbers that aren't drawn, such as NaN, interrupt the path; a single point between two of these numbers is a dot.
     */
    private static String path(Series points, Range x, Range y) {
        StringBuilder path = new StringBuilder();
        long beforeX = 0;
        long beforeY = 0;
        boolean isDrawing = false;
        for (int k = 0; k < points.size(); k++) {
            if (!(Math.abs(points.y(k)) < LARGEST)) {
                isDrawing = false;
                continue;
            }
            long atX = Math.round(PLOT_WIDTH * FINE * ((points.x(k) - x.least()) / (x.most() - x.least())));
            long atY = Math.round(PLOT_HEIGHT * FINE * ((y.most() - points.y(k)) / (y.most() - y.least())));
            if (isDrawing) {
                path.append(' ').append(atX - beforeX).append(',').append(atY - beforeY);
            } else {
                path.append('M').append(atX).append(',').append(atY).append("l0,0");
            }
            isDrawing = true;
            beforeX = atX;
            beforeY = atY;
        }
        return path.length() == 0 ? "M0,0" : path.toString();
    }

    private static String short1(double value) {
        return NumberText.text(Math.round(value * 10) / 10.0, 6);
    }
}
