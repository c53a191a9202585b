package io.adjoint.view;

import io.adjoint.nn.train.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A line chart of curves over one axis. The page's script reads the values of the curves from the page's {@link NumberTable}, for its
 * read-out, for zooming and for the other scale.
 *
 * @param id the id of its HTML element
 * @param title the title
 * @param table the table with the curves' values, possibly with further curves
 * @param lines the curves, all of them in the table
 * @param group the curves with which these have one scale: themselves, and the curves of further charts of the same value
 * @param best the curve whose best point is marked, in this chart or another; null for none
 */
record LineChart(
        String id,
        String title,
        NumberTable table,
        List<Line> lines,
        List<Line> group,
        TrainingRun.@Nullable Monitored best) {
    /** The number of colours, each of which has its dashes. */
    private static final int COLOURS = 8;

    /** The largest number of curves that look different: each colour in three widths. */
    static final int MOST_LINES = 3 * COLOURS;

    private static final int WIDTH = 400;
    private static final int HEIGHT = 230;
    private static final int LEFT = 52;
    private static final int RIGHT = 8;
    private static final int TOP = 8;
    private static final int BOTTOM = 26;
    private static final int PLOT_WIDTH = WIDTH - LEFT - RIGHT;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
    private static final int X_MARKS = 6;
    /** The width of a digit of a tick mark's text. */
    private static final double DIGIT = 6.8;
    /** The length of a text that fits between the edge and the axis. */
    private static final int LONGEST = 6;

    /**
     * A curve.
     *
     * @param name the name in legend and table
     * @param points the values
     */
    record Line(String name, Series points) {}

    void write(Markup markup) {
        Scale scale = Scale.of(group);
        int marked = marked();
        int bestPoint =
                marked < 0 || best == null ? -1 : lines.get(marked).points().best(best.goal());
        String bestPlace =
                bestPoint < 0 ? "" : NumberText.text(lines.get(marked).points().x(bestPoint), 12);
        Scale.Extent extent = Scale.Extent.of(group);
        // All charts of a group keep the scale of the group; another chart takes the scale of the values that it shows.
        String shown =
                group.size() == lines.size() ? "" : extent.least() + " " + extent.leastPositive() + " " + extent.most();
        markup.open(
                "figure",
                "class=chart",
                "id=" + id,
                "data-table=" + table.id(),
                "data-columns=" + columns(),
                "data-log=" + scale.isLog(),
                "data-extent=" + shown,
                "data-best=" + (bestPoint < 0 ? "" : marked + " " + bestPlace));
        markup.open("figcaption").element("strong", title);
        if (lines.size() > 1 || !lines.get(0).name().equals(title)) {
            legend(markup);
        }
        if (bestPoint >= 0) {
            markup.element("span", "○ best at " + table.axis() + " " + bestPlace);
        }
        markup.close();
        drawing(markup, scale, marked, bestPoint);
        markup.close();
    }

    /** The index of the curve of which the best point is marked; -1 if it is none of these. */
    private int marked() {
        for (int k = 0; k < lines.size(); k++) {
            if (best != null && lines.get(k).name().equals(best.name())) {
                return k;
            }
        }
        return -1;
    }

    /** The column numbers of the curves in the table, for the script. */
    private String columns() {
        return lines.stream()
                .map(line -> Integer.toString(table.lines().indexOf(line) + 1))
                .collect(Collectors.joining(" "));
    }

    /** The class of a curve's elements: its colour and its width. */
    private static String look(int line) {
        return "s" + line % COLOURS + " w" + line / COLOURS % (MOST_LINES / COLOURS);
    }

    private void legend(Markup markup) {
        markup.open("ul", "class=legend");
        for (int k = 0; k < lines.size(); k++) {
            markup.open("li");
            markup.open("svg", "viewBox=0 0 24 8", "class=key " + look(k), "aria-hidden=true");
            markup.empty("path", "class=line", "d=M1,4H23");
            markup.close().text(lines.get(k).name()).close();
        }
        markup.close();
    }

    private void drawing(Markup markup, Scale scale, int marked, int bestPoint) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Line line : lines) {
            if (line.points().size() > 0) {
                least = Math.min(least, line.points().x(0));
                most = Math.max(most, line.points().x(line.points().size() - 1));
            }
        }
        double begin = least < most ? least : least > most ? 0 : least - 1;
        double end = least < most ? most : least > most ? 1 : least + 1;
        markup.open("svg", "viewBox=0 0 " + WIDTH + " " + HEIGHT, "role=img", "aria-labelledby=" + id + "-what");
        markup.element("title", what(scale), "id=" + id + "-what");
        markup.open("g", "class=marks");
        for (int k = 0; k < scale.ticks().count(); k++) {
            double at = TOP + PLOT_HEIGHT * (1 - (double) k / (scale.ticks().count() - 1));
            markup.empty("path", "d=M" + LEFT + "," + short1(at) + "h" + PLOT_WIDTH);
            yText(markup, scale.text(k), at + 4);
        }
        int room = (int) (PLOT_WIDTH / (1.5 * DIGIT * NumberText.text(end, 12).length()));
        Ticks xMarks = Ticks.within(begin, end, Math.min(X_MARKS, room));
        for (int k = 0; k < xMarks.count(); k++) {
            double at = LEFT + PLOT_WIDTH * (xMarks.at(k) - begin) / (end - begin);
            markup.empty("path", "d=M" + short1(at) + "," + (TOP + PLOT_HEIGHT) + "v4");
            String text = xMarks.text(k);
            boolean sticksOut = at + text.length() * DIGIT / 2 > WIDTH;
            markup.element(
                    "text",
                    text,
                    "x=" + (sticksOut ? "" + WIDTH : short1(at)),
                    "y=" + (TOP + PLOT_HEIGHT + 16),
                    "text-anchor=" + (sticksOut ? "end" : "middle"));
        }
        markup.element("text", table.axis(), "x=0", "y=" + (TOP + PLOT_HEIGHT + 16));
        markup.close();
        Plot plot = new Plot(PLOT_WIDTH, PLOT_HEIGHT, scale, begin, end);
        markup.open(
                "svg",
                "class=plot",
                "x=" + LEFT,
                "y=" + TOP,
                "width=" + PLOT_WIDTH,
                "height=" + PLOT_HEIGHT,
                "viewBox=0 0 " + PLOT_WIDTH * Plot.FINE + " " + PLOT_HEIGHT * Plot.FINE,
                "preserveAspectRatio=none");
        for (int k = 0; k < lines.size(); k++) {
            markup.open("g", "class=" + look(k));
            plot.write(markup, lines.get(k).points(), k == marked ? bestPoint : -1);
            markup.close();
        }
        markup.close().close();
    }

    /** Writes the text of a tick mark, narrower if it is too long for its place. */
    private static void yText(Markup markup, String text, double y) {
        List<String> attributes = new ArrayList<>(List.of("x=" + (LEFT - 5), "y=" + short1(y), "text-anchor=end"));
        if (text.length() > LONGEST) {
            attributes.addAll(List.of("textLength=" + (LEFT - 6), "lengthAdjust=spacingAndGlyphs"));
        }
        markup.element("text", text, attributes.toArray(String[]::new));
    }

    /** The chart in words, for screen readers. */
    private String what(Scale scale) {
        StringBuilder text = new StringBuilder(title).append(" over ").append(table.axis());
        text.append(scale.isLog() ? ", on a log axis" : "");
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

    private static String short1(double value) {
        return NumberText.text(Math.round(value * 10) / 10.0, 6);
    }
}
