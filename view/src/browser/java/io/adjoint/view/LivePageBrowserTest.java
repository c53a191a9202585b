package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.train.Moment;
import io.adjoint.view.ReportTest.Training;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

class LivePageBrowserTest extends Browser {
    private final Training training = new Training();
    private final Report report = new Report("Live").layersEvery(2);

    /** A program whose training ends only with its process. */
    static final class Endless {
        private Endless() {}

        /** Prints the address of its page. */
        public static void main(String[] args) {
            Training training = new Training();
            LivePage page = LivePage.of(new Report("Endless"));
            System.out.println(page.address());
            training.trainer.log(page).onBatch(loss -> LockSupport.parkNanos(10_000_000));
            training.trainer.fit(training.batches, 1_000_000);
        }
    }

    private static String state() {
        return find("header [role=status]").getText();
    }

    @Test
    void aPageFollowsTheTrainingToItsEnd() {
        LivePage page = LivePage.of(report);
        try {
            open(page.address().toString(), Look.WIDE);
            training.trainer.log(page).fit(training.batches, 3);
            await(() -> find("header p").getText().startsWith("Ended: epoch 3, step 30"));
            // The sections arrive one after the other.
            await(() -> !driver().findElements(By.id("curves-epoch-0")).isEmpty());
            assertThat(find("#curves-epoch-0 strong").getText()).isEqualTo("loss");
            assertSound("live");
            page.update(report -> report.confusions(new ConfusionMatrix(3)));
        } finally {
            page.close(LivePageTest.MILLIS);
        }
        await(() -> !driver().findElements(By.id("classes")).isEmpty());
        assertThat(find("#classes h2").getText()).isEqualTo("Classes");
        assertThat(find("#curves-epoch-0 strong").getText()).isEqualTo("loss");
        assertThat(state()).isEmpty();
    }

    @Test
    void aChartThatIsUsedGoesOnAndKeepsItsViewAndFocus() {
        try (LivePage page = LivePage.of(report)) {
            for (int step = 1; step <= 10; step++) {
                int at = step;
                page.update(report -> report.numbers(Moment.now(at, 0), Map.of("loss", 1.0 / at)));
            }
            open(page.address().toString(), Look.WIDE);
            WebElement chart = find("#curves-step-0");
            WebElement log = chart.findElement(By.cssSelector("button[aria-label^='Log axis']"));
            log.click();
            chart.findElement(By.cssSelector("button[aria-label^='Enlarge']")).click();
            find("#curves summary").click();
            WebElement line = chart.findElement(By.cssSelector(".plot .line"));
            String before = line.getAttribute("d");
            log.sendKeys(Keys.TAB);
            log.click();
            log.click();
            page.update(report -> report.numbers(Moment.now(11, 0), Map.of("loss", 0.5)));
            await(() -> find("#curves tbody").getText().contains("11 0.5"));
            assertThat(driver().switchTo().activeElement()).isEqualTo(log);
            assertThat(log.getAttribute("aria-pressed")).isEqualTo("true");
            assertThat(line.getAttribute("d")).as("the part that was enlarged").isEqualTo(before);
            assertThat(find("#curves details").getAttribute("open")).isNotNull();
            chart.findElement(By.cssSelector("button[aria-label^='Show all']")).click();
            assertThat(line.getAttribute("d")).isNotEqualTo(before).contains("L3400,");
            page.update(report -> report.numbers(Moment.now(12, 0), Map.of("loss", 0.25)));
            await(() -> find("#curves tbody").getText().contains("12 0.25"));
            assertThat(Objects.requireNonNull(line.getAttribute("d")).split("L"))
                    .as("all points")
                    .hasSize(12);
        }
        await(() -> find("header p").getText().startsWith("Ended"));
    }

    @Test
    void aPageTooManySaysSo() throws Exception {
        List<Socket> readers = new ArrayList<>();
        try (LivePage page = LivePage.of(report)) {
            for (int k = 0; k < 32; k++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), page.address().getPort());
                readers.add(socket);
                socket.getOutputStream()
                        .write(("GET " + page.address().getPath() + "events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
            open(page.address().toString(), Look.WIDE);
            await(() -> state().startsWith("✗ 32 pages of this training are open"));
        } finally {
            for (Socket socket : readers) {
                socket.close();
            }
        }
    }

    @Test
    void aPageSaysThatItsTrainingWasKilledAndKeepsTheCurves() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Endless.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            open(Objects.requireNonNull(lines.readLine()), Look.WIDE);
            await(() -> !driver().findElements(By.id("curves-epoch-0")).isEmpty());
            assertThat(state()).isEmpty();
        } finally {
            process.destroyForcibly().waitFor();
        }
        await(() -> state().startsWith("✗ The training no longer answers"));

        assertThat(find("header p").getText()).startsWith("No longer running: epoch ");
        assertThat(find("#curves-step-0 .line").getAttribute("d")).matches("M\\d+,\\d+l0,0 .*");
        assertThat(find("#curves-step-0 .readout").getText()).matches("step \\d+: batch loss .+");
        find("#curves-step-0 button[aria-label^='Read the point before']").click();
        assertThat(driver().manage().logs().get(LogType.BROWSER).getAll())
                .as("what the browser says of the connection")
                .extracting(LogEntry::getMessage)
                .allMatch(message -> message.contains("net::ERR_"));
        assertSound("live-killed");
    }

    @Test
    void aPageSaysWhichExceptionEndedItsTraining() {
        try (LivePage page = LivePage.of(report)) {
            open(page.address().toString(), Look.WIDE);
            training.trainer.log(page).onBatch(loss -> {
                if (training.trainer.steps() == 12) {
                    throw new IllegalStateException("no <more> data");
                }
            });
            assertThatIllegalStateException().isThrownBy(() -> training.trainer.fit(training.batches, 3));
            await(() -> find("#result")
                    .getText()
                    .contains("✗ The training was ended by java.lang.IllegalStateException: no <more> data"));
            assertThat(find("header p").getText()).startsWith("Ended: epoch 1, step 12");
        }
        assertThat(state()).isEmpty();
        assertSound("live-failed");
    }

    @Test
    void aPageSaysThatItHasNoNews() {
        try (LivePage page = LivePage.of(report)) {
            open(page.address().toString(), Look.WIDE);
            await(() -> driver().getTitle().equals("Live"));
            await(() -> {
                // The clock is moved repeatedly, since news may still have been on its way.
                script("const now = Date.now; Date.now = () => now() + 60000");
                return state().startsWith("✗ No news of the training");
            });
            page.update(report -> report.setting("seed", 1));
            await(() -> state().isEmpty());
        }
    }
}
