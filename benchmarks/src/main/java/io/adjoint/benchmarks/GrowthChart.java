package io.adjoint.benchmarks;

import static java.util.Objects.requireNonNull;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * Draws the results of {@link GrowthBenchmark}, JMH's files of the format CSV, as one picture with a panel for each workload. A file's
 * name says which run it is.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.GrowthChart docs/growth.png default.csv simd.csv
 * }</pre>
 */
public final class GrowthChart {
    private GrowthChart() {}

    /** Takes the picture's name and the names of JMH's files. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            throw new IllegalArgumentException("expected the picture's name and at least one file of JMH's results");
        }
        System.setProperty("java.awt.headless", "true");
        Map<Growth, XYChart> panels = new TreeMap<>();
        for (Growth workload : Growth.values()) {
            panels.put(workload, panel(workload.name(), workload.axis, "µs a step"));
        }
        for (String file : List.of(args).subList(1, args.length)) {
            String run = Path.of(file).getFileName().toString().replaceFirst("\\.csv$", "");
            curves(Path.of(file))
                    .forEach((curve, points) -> requireNonNull(panels.get(curve.workload()))
                            .addSeries(
                                    curve.dtype() + ", " + run,
                                    new ArrayList<>(points.keySet()),
                                    new ArrayList<>(points.values())));
        }
        BitmapEncoder.saveBitmap(
                new ArrayList<>(panels.values()),
                1,
                panels.size(),
                args[0].replaceFirst("\\.png$", ""),
                BitmapFormat.PNG);
    }

    private record Curve(Growth workload, String dtype) implements Comparable<Curve> {
        @Override
        public int compareTo(Curve other) {
            int byWorkload = workload.compareTo(other.workload);
            return byWorkload != 0 ? byWorkload : dtype.compareTo(other.dtype);
        }
    }

    /** Reads the times of each curve, by size. */
    private static Map<Curve, Map<Integer, Double>> curves(Path file) throws IOException {
        Map<Curve, Map<Integer, Double>> curves = new TreeMap<>();
        try (Stream<NamedCsvRecord> lines = CsvReader.builder().ofNamedCsvRecord(file).stream()) {
            lines.forEach(line -> {
                String[] words = line.getField("Param: point").split(" ", -1);
                Curve curve = new Curve(Growth.valueOf(words[0]), line.getField("Param: dtype"));
                curves.computeIfAbsent(curve, none -> new TreeMap<>())
                        .put(Integer.valueOf(words[1]), Double.valueOf(line.getField("Score")));
            });
        }
        return curves;
    }

    /** A panel with logarithmic axes. */
    static XYChart panel(String title, String xAxis, String yAxis) {
        XYChart panel = new XYChartBuilder()
                .width(420)
                .height(420)
                .title(title)
                .xAxisTitle(xAxis)
                .yAxisTitle(yAxis)
                .build();
        panel.getStyler()
                .setXAxisLogarithmic(true)
                .setYAxisLogarithmic(true)
                .setLegendPosition(LegendPosition.InsideNW);
        return panel;
    }
}
