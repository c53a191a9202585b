package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.TrainingRun;
import io.adjoint.view.ReportTest.Training;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

class ReportBrowserTest extends Browser {
    @TempDir
    private Path folder = Path.of("");

    private final Training training = new Training();
    private final Report report =
            new Report("A report & <title>").setting("seed <1>", 1).layersEvery(2);

    private Path page() {
        History history = training.trainer.log(report).fit(training.batches, 5);
        report.histogram(
                Moment.now(50, 5), "weight", training.model.parameters().get(0).data());
        report.picture(Moment.now(50, 5), "picture", NdArray.of(Shape.of(2, 2), 0, 1, 1, 0));
        report.text(Moment.now(50, 5), "note", "a <note>");
        report.confusions(new ConfusionMatrix(3), "cat", "dog", "<b>")
                .run("first", history)
                .run("second", history);
        Path file = folder.resolve("report.html");
        report.write(file);
        return file;
    }

    @ParameterizedTest
    @EnumSource(Look.class)
    void aReportIsSound(Look look) {
        open(page(), look);
        assertSound("report-" + look);
    }

    @Test
    void aReportIsValid() {
        assertValid(page());
    }

    @Test
    void theReadOutHasTheNumbersOfTheTraining() {
        open(page(), Look.WIDE);
        WebElement chart = find("#curves-epoch-0");
        WebElement drawing = chart.findElement(By.cssSelector(":scope > svg"));
        assertThat(readout(chart)).startsWith("epoch 5: loss " + text("loss", 4));
        drawing.sendKeys(Keys.HOME);
        String first = readout(chart);
        assertThat(first)
                .isEqualTo("epoch 1: loss " + text("loss", 0) + ", validation loss " + text("validation loss", 0));
        drawing.sendKeys(Keys.ARROW_RIGHT);
        assertThat(readout(chart)).startsWith("epoch 2: loss " + text("loss", 1));
        drawing.sendKeys(Keys.ARROW_LEFT);
        assertThat(readout(chart)).isEqualTo(first);
        chart.findElement(By.cssSelector("button[aria-label^='Read the next']")).click();
        assertThat(readout(chart)).startsWith("epoch 2: ");
        new Actions(driver()).moveToElement(drawing, 0, 0).perform();
        assertThat(readout(chart)).startsWith("epoch 3: ");
    }

    private String text(String name, int epoch) {
        return NumberText.text(training.trainer.history().values(name).get(epoch));
    }

    private static String readout(WebElement chart) {
        return chart.findElement(By.className("readout")).getText();
    }

    @Test
    void aPartThatWasEnlargedIsShownAsAWholeAgain() {
        open(page(), Look.WIDE);
        WebElement chart = find("#curves-step-0");
        WebElement line = chart.findElement(By.cssSelector(".plot .line"));
        WebElement drawing = chart.findElement(By.cssSelector(":scope > svg"));
        String whole = line.getAttribute("d");
        String marks = chart.findElement(By.className("marks")).getText();
        drawing.sendKeys("+");
        assertThat(line.getAttribute("d")).isNotEqualTo(whole);
        drawing.sendKeys(Keys.ESCAPE);
        assertThat(line.getAttribute("d")).isEqualTo(whole);
        assertThat(chart.findElement(By.className("marks")).getText()).isEqualTo(marks);
        chart.findElement(By.cssSelector("button[aria-label^='Enlarge']")).click();
        chart.findElement(By.cssSelector("button[aria-label^='Show more']")).click();
        assertThat(line.getAttribute("d")).isEqualTo(whole);
    }

    @Test
    void oneKeyPressChangesToALogAxisAndBack() {
        open(page(), Look.WIDE);
        WebElement chart = find("#curves-step-0");
        WebElement line = chart.findElement(By.cssSelector(".plot .line"));
        WebElement log = chart.findElement(By.cssSelector("button[aria-label^='Log axis']"));
        String before = line.getAttribute("d");
        String marks = chart.findElement(By.className("marks")).getText();
        boolean isLog = "true".equals(log.getAttribute("aria-pressed"));
        log.sendKeys(Keys.ENTER);
        assertThat(log.getAttribute("aria-pressed")).isEqualTo(String.valueOf(!isLog));
        assertThat(line.getAttribute("d")).isNotEqualTo(before).doesNotContain("NaN");
        assertThat(chart.findElement(By.className("marks")).getText()).isNotEqualTo(marks);
        log.sendKeys(Keys.ENTER);
        assertThat(line.getAttribute("d")).isEqualTo(before);
        assertThat(chart.findElement(By.className("marks")).getText()).isEqualTo(marks);
    }

    /** The script's drawing of a whole chart has the marks and the points of the page's. */
    @Test
    void theScriptDrawsAsThePageDoes() {
        double[][] curves = {
            {1, 1e-5, Double.NaN, 0, Double.POSITIVE_INFINITY, 2},
            {1, -3, Double.NaN, Double.NEGATIVE_INFINITY, 1.7e308, -1e308},
            {1e-310, 2e-310, 0, Double.NaN, 1e-310, 0},
            {5, 5, 5, 5, 5, 5},
            {0.5, 0.25, 0.75, Double.NaN, 0.5, Double.NaN},
        };
        Report every = new Report("Odd");
        for (int epoch = 1; epoch <= 6; epoch++) {
            for (int k = 0; k < curves.length; k++) {
                every.epoch(Moment.now(epoch, epoch), Map.of("value " + k, curves[k][epoch - 1]));
            }
        }
        every.recorded.monitored = new TrainingRun.Monitored("value 4", Goal.MAX);
        Path file = folder.resolve("odd.html");
        every.write(file);
        assertValid(file);
        open(file, Look.WIDE);
        for (int k = 0; k < curves.length; k++) {
            WebElement chart = find("#curves-epoch-" + k);
            String marks = chart.findElement(By.className("marks")).getText();
            String points = points(k);
            WebElement log = chart.findElement(By.cssSelector("button[aria-label^='Log axis']"));
            // The page's axis is drawn by the script once the page is told to have the other one.
            script("arguments[0].dataset.log = arguments[0].dataset.log === 'true' ? 'false' : 'true'", chart);
            log.click();
            log.click();
            log.click();
            assertThat(chart.findElement(By.className("marks")).getText())
                    .as("marks of %d", k)
                    .isEqualTo(marks);
            assertThat(points(k)).as("points of %d", k).isEqualTo(points);
        }
        assertSound("report-odd");
    }

    /** The paths of a chart in absolute coordinates, to a tenth of a pixel. */
    private static String points(int chart) {
        return String.valueOf(script("""
                return [...document.querySelectorAll("#curves-epoch-" + arguments[0] + " .plot g path")].map(path => {
                  const box = path.getBBox();
                  return [path.getAttribute("class"), path.getTotalLength(), box.x, box.y, box.width, box.height]
                    .map(value => value.toFixed ? value.toFixed(0) : value).join(" ");
                }).join("; ")\
                """, chart));
    }
}
