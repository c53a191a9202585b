package io.adjoint.examples;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Loss and accuracy of a training, epoch by epoch. */
final class LearningCurves {
    /**
     * A model's performance on some samples.
     *
     * @param loss the mean loss
     * @param accuracy the fraction of right answers
     */
    record Score(double loss, double accuracy) {}

    private final List<Score> train = new ArrayList<>();
    private final List<Score> test = new ArrayList<>();

    /** Adds the scores of one more epoch. */
    void add(Score onTrain, Score onTest) {
        train.add(onTrain);
        test.add(onTest);
    }

    /** The scores on the samples of the training. */
    List<Score> train() {
        return train;
    }

    /** The scores on the samples held out. */
    List<Score> test() {
        return test;
    }

    /** The latest scores on the samples held out, in a few words. */
    String last() {
        Score score = test.get(test.size() - 1);
        return String.format(Locale.ROOT, "loss %.3f, accuracy %.1f %%", score.loss(), 100 * score.accuracy());
    }

    /** Draws the curves as a PNG picture; missing folders are made. */
    void save(Path file) {
        // Nothing is shown, and on a machine without a display this is the only way to draw.
        System.setProperty("java.awt.headless", "true");
        XYChart loss = chart("Loss", LegendPosition.InsideNE);
        XYChart accuracy = chart("Accuracy in %", LegendPosition.InsideSE);
        for (int set = 0; set < 2; set++) {
            List<Score> scores = set == 0 ? train : test;
            String name = set == 0 ? "training" : "held out";
            double[] epochs = new double[scores.size()];
            double[] losses = new double[scores.size()];
            double[] percents = new double[scores.size()];
            for (int k = 0; k < scores.size(); k++) {
                epochs[k] = k + 1;
                losses[k] = scores.get(k).loss();
                percents[k] = 100 * scores.get(k).accuracy();
            }
            loss.addSeries(name, epochs, losses).setMarker(SeriesMarkers.NONE);
            accuracy.addSeries(name, epochs, percents).setMarker(SeriesMarkers.NONE);
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (OutputStream out = Files.newOutputStream(file)) {
                BitmapEncoder.saveBitmap(List.of(loss, accuracy), 1, 2, out, BitmapFormat.PNG);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
