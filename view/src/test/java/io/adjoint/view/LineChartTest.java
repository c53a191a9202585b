package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LineChartTest {
    private static String chart(double... values) {
        Report report = new Report("Chart");
        for (int k = 0; k < values.length; k++) {
            report.epoch(Moment.now(k, k + 1), Map.of("value", values[k]));
        }
        return report.html();
    }

    private static List<String> all(String pattern, String html) {
        return Pattern.compile(pattern)
                .matcher(html)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** The path of a kind: line, dots, odd or best. */
    private static String path(String kind, String html) {
        return all("<path class=\"" + kind + "\" vector-effect=\"non-scaling-stroke\" d=\"([^\"]*)\"", html)
                .get(0);
    }

    /** The texts at the axis of values, from below. */
    private static List<String> marks(String html) {
        return all("text-anchor=\"end\"[^>]*>([^<]*)</text>", html);
    }

    @Test
    void aCurveThatSpansMoreThanThreePowersOfTenHasALogAxis() {
        String wide = chart(1000, 1, 0.1);
        assertThat(wide).contains("data-log=\"true\"", "value over epoch, on a log axis");
        assertThat(marks(wide)).containsExactly("0.1", "1", "10", "100", "1000");
        assertThat(path("line", wide)).isEqualTo("M0,0l0,0 1700,1470 1700,490");
        assertThat(marks(chart(1e-9, 1))).containsExactly("1e-10", "1e-8", "1e-6", "0.0001", "0.01", "1");
        assertThat(chart(1000, 1, 1)).contains("data-log=\"false\"");
        assertThat(chart(1000, -1, 0.1)).contains("data-log=\"false\"");
    }

    @Test
    void aValueWithoutAPositionIsMarkedWhereItBegins() {
        double none = Double.NaN;
        String html = chart(0, 1, none, none, Double.POSITIVE_INFINITY, 1, Double.NEGATIVE_INFINITY);
        assertThat(path("line", html)).isEqualTo("M0,1960l0,0 567,-1960M2833,0l0,0");
        assertThat(path("odd", html))
                .isEqualTo("M1088,0l90,90m0,-90l-90,90M2222,100l45,-80l45,80zM3310,1860l45,80l45,-80z");
        assertThat(path("odd", chart(1, 1e-9, 0))).as("zero on a log axis").matches("M\\d+,1860l45,80l45,-80z");
        assertThat(path("odd", chart(1, 2))).isEqualTo("M0,0");
    }

    @Test
    void numbersOfAnySizeAreDrawn() {
        assertThat(path("line", chart(-1.7e308, 1.7e308))).isEqualTo("M0,1813l0,0 3400,-1666");
        assertThat(path("line", chart(1e305, 3e305))).isEqualTo("M0,1960l0,0 3400,-1960");
        assertThat(path("line", chart(1e-310, 3e-310))).isEqualTo("M0,1960l0,0 3400,-1960");
        assertThat(path("line", chart(Double.MAX_VALUE, Double.MAX_VALUE))).matches("M0,\\d+l0,0 3400,0");
        assertThat(path("line", chart(Double.MIN_VALUE, 1e-200, Double.MAX_VALUE)))
                .doesNotContain("NaN");
        assertThat(marks(chart(Double.MIN_VALUE, Double.MAX_VALUE))).allMatch(text -> text.matches("1e-?\\d+|1"));
    }

    @Test
    void aSinglePointIsADot() {
        assertThat(path("dots", chart(3))).isEqualTo("M1700,980l0,0");
        assertThat(path("dots", chart(3, Double.NaN, 4, 5, Double.NaN, 3))).isEqualTo("M0,1960l0,0M3400,1960l0,0");
        assertThat(path("dots", chart(3, 4))).isEqualTo("M0,0");
    }

    @Test
    void theBestEpochIsMarked() {
        Report report = new Report("Best");
        double[] losses = {3, 1, 2};
        for (int epoch = 1; epoch <= 3; epoch++) {
            report.epoch(
                    Moment.now(epoch, epoch), Map.of("validation loss", losses[epoch - 1], "F1", losses[epoch - 1]));
        }
        String html = report.html();
        assertThat(html)
                .contains("<span>○ best at epoch 2</span>", "<dt>best validation loss</dt><dd>1 at epoch 2</dd>")
                .containsOnlyOnce("class=\"best\"");
        assertThat(path("best", html)).startsWith("M1650,1960a");

        report.setting("monitor", "nothing, MAX");
        report.recorded.monitored = new TrainingRun.Monitored("F1", Goal.MAX);
        assertThat(report.html())
                .contains("<span>○ best at epoch 1</span>", "<dt>best F1</dt><dd>3 at epoch 1</dd>")
                .doesNotContain("<dt>best validation loss</dt>");
    }

    @Test
    void chartsOfOneValueHaveOneScale() {
        Report report = new Report("Vanishing");
        for (int layer = 0; layer < 20; layer++) {
            for (int step = 1; step <= 2; step++) {
                report.recorded.gradients.add(Curves.STEP, "layer " + layer, step, Math.pow(10, -layer) * step);
            }
        }
        String html = report.html();
        List<String> figures = all("(?s)<figure (.*?)</figure>", html);
        assertThat(figures).hasSize(3);
        List<List<String>> marks = new ArrayList<>();
        figures.forEach(figure -> marks.add(marks(figure)));
        assertThat(marks.get(0)).isEqualTo(marks.get(1)).isEqualTo(marks.get(2));
        assertThat(figures).allMatch(figure -> figure.contains("data-extent=\"1.0E-19 1.0E-19 2.0\""));
    }

    @Test
    void curvesOfVeryDifferentSizesHaveALogAxis() {
        Report report = new Report("Vanishing");
        report.recorded.gradients.add(Curves.STEP, "first", 1, 1e-9);
        report.recorded.gradients.add(Curves.STEP, "last", 1, 1);
        assertThat(report.html()).contains("data-log=\"true\"");
    }

    @Test
    void twentyFourRunsAreOneChartOfDifferentLooks() {
        Report report = new Report("Runs");
        History history = new History();
        history.add("loss", 1);
        for (int run = 0; run < 24; run++) {
            report.run("run " + run, history);
        }
        String html = report.html();
        assertThat(all("<figure (.)", html)).hasSize(1);
        assertThat(all("<g class=\"(s\\d w\\d)\">", html)).hasSize(24).doesNotHaveDuplicates();
    }

    @Test
    void noTextOfAMarkSticksOut() {
        Report report = new Report("Long");
        for (long step = 0; step <= 1_000_000; step += 200_000) {
            report.numbers(Moment.now(step, 0), Map.of("value", step * -1.25e-308));
        }
        List<MatchResult> texts = Pattern.compile(
                        "<text x=\"([\\d.]+)\" y=\"220\" text-anchor=\"(\\w+)\">(\\d+)</text>")
                .matcher(report.html())
                .results()
                .toList();
        assertThat(texts).hasSize(3);
        double end = 0;
        for (MatchResult text : texts) {
            double half = 3.5 * text.group(3).length();
            double middle = Double.parseDouble(text.group(1)) - (text.group(2).equals("end") ? half : 0);
            assertThat(middle - half)
                    .as("%s after the one before", text.group(3))
                    .isGreaterThan(end);
            end = middle + half;
            assertThat(end).isLessThanOrEqualTo(400);
        }
        assertThat(report.html()).contains("textLength=\"46\"");
    }
}
