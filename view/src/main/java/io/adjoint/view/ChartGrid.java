package io.adjoint.view;

import io.adjoint.nn.train.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Charts side by side, followed by the tables of their numbers. */
final class ChartGrid {
    private final List<LineChart> charts = new ArrayList<>();
    private final List<NumberTable> tables = new ArrayList<>();

    /**
     * Adds a chart for each group of a table's curves. A group with more curves than {@code most} gets several charts, of one scale.
     *
     * @param best the curve whose best point is marked; null for none
     */
    void add(
            NumberTable table,
            Map<String, List<LineChart.Line>> groups,
            int most,
            TrainingRun.@Nullable Monitored best) {
        int number = 0;
        for (Map.Entry<String, List<LineChart.Line>> group : groups.entrySet()) {
            List<LineChart.Line> all = group.getValue();
            for (int first = 0; first < all.size(); first += most) {
                List<LineChart.Line> some = all.subList(first, Math.min(all.size(), first + most));
                charts.add(new LineChart(table.id() + "-" + number++, group.getKey(), table, some, all, best));
            }
        }
        tables.add(table);
    }

    void write(Markup markup) {
        markup.open("div", "class=charts");
        charts.forEach(chart -> chart.write(markup));
        markup.close();
        tables.forEach(table -> table.write(markup));
    }
}
