package io.adjoint.examples;

import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Trainer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Loss and accuracy of a training, epoch by epoch. */
final class LearningCurves {
    /** The accuracy on the samples of the training. */
    static final String TRAINING_ACCURACY = "Accuracy";
    /** The accuracy on the samples held out. */
    static final String ACCURACY = "validation Accuracy";

    private LearningCurves() {}

    /** Draws the curves as a PNG picture; missing folders are made. */
    static void save(History history, Path file) {
        // Nothing is shown, and on a machine without a display this is the only way to draw.
        System.setProperty("java.awt.headless", "true");
        XYChart loss = chart("Loss", LegendPosition.InsideNE);
        XYChart accuracy = chart("Accuracy in %", LegendPosition.InsideSE);
        draw(loss, "training", history.values(Trainer.LOSS), 1);
        draw(loss, "held out", history.values(Trainer.VALIDATION_LOSS), 1);
        draw(accuracy, "training", history.values(TRAINING_ACCURACY), 100);
        draw(accuracy, "held out", history.values(ACCURACY), 100);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (OutputStream out = Files.newOutputStream(file)) {
                BitmapEncoder.saveBitmap(List.of(loss, accuracy), 1, 2, out, BitmapFormat.PNG);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void draw(XYChart chart, String name, List<Double> values, double unit) {
        double[] epochs =
                IntStream.rangeClosed(1, values.size()).asDoubleStream().toArray();
        double[] scaled = values.stream().mapToDouble(value -> unit * value).toArray();
        chart.addSeries(name, epochs, scaled).setMarker(SeriesMarkers.NONE);
    }

    private static XYChart chart(String title, LegendPosition legend) {
        XYChart chart = new XYChartBuilder()
                .width(600)
                .height(400)
                .title(title)
                .xAxisTitle("epoch")
                .build();
        chart.getStyler().setXAxisMaxLabelCount(9).setLegendPosition(legend);
        return chart;
    }
}
