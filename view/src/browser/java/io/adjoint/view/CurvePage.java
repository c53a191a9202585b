package io.adjoint.view;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** A page with charts of functions, in the look of a report's charts. */
public final class CurvePage {
    private final String axis;
    private final double end;
    private final int points;
    private final Map<String, List<LineChart.Line>> charts = new LinkedHashMap<>();

    /**
     * An empty page.
     *
     * @param axis the name of the horizontal axis, from 0 to {@code end}
     * @param points the number of points of each curve
     */
    public CurvePage(String axis, double end, int points) {
        this.axis = axis;
        this.end = end;
        this.points = points;
    }

    /** Adds a curve to a chart. */
    @CanIgnoreReturnValue
    public CurvePage curve(String chart, String name, DoubleUnaryOperator function) {
        Series series = new Series();
        for (int k = 0; k < points; k++) {
            double x = end * k / (points - 1);
            series.add(x, function.applyAsDouble(x));
        }
        charts.computeIfAbsent(chart, c -> new ArrayList<>()).add(new LineChart.Line(name, series));
        return this;
    }

    /** Writes the page, with the charts in an element of the class {@code charts}. */
    public void write(Path file) {
        List<LineChart.Line> all =
                charts.values().stream().flatMap(List::stream).toList();
        ChartGrid grid = new ChartGrid();
        grid.add(new NumberTable("curves", "Numbers", axis, all), charts, LineChart.MOST_LINES, null);
        new Page(
                        "Curves",
                        "",
                        List.of(Section.of("charts", "Charts", grid::write)),
                        List.of("charts.js"),
                        List.of(),
                        false)
                .write(file);
    }
}
