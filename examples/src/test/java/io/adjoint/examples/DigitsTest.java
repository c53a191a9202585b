package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.train.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DigitsTest {
    private static final int[] IMAGES = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};

    private static int[] countByClass(Tensor labels) {
        int[] counts = new int[DigitsData.CLASSES];
        for (int label : labels.data().toIntArray()) {
            counts[label]++;
        }
        return counts;
    }

    private static History trained(String... args) throws IOException {
        Digits.Options options = new Digits.Options();
        new CommandLine(options).parseArgs(args);
        Digits digits = new Digits(options);
        digits.trainUntil(digits.epochs);
        return digits.parts().trainer().history();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3"})
    void atLeast97PercentOfTheHeldOutDigitsAreClassifiedCorrectly(String seed) throws IOException {
        History history = trained("--seed", seed);

        assertThat(history.epochs()).isEqualTo(40);
        assertThat(history.last("test Accuracy")).isGreaterThanOrEqualTo(0.97);
        assertThat(history.last("loss")).isLessThan(history.values("loss").get(0));
    }

    @Test
    void theSplitKeepsTheShareOfEachClassAndAllImages() throws IOException {
        DigitsData data = DigitsData.load();

        assertThat(data.train().x().shape().toArray()).containsExactly(1437, 64);
        assertThat(data.test().x().shape().toArray()).containsExactly(360, 64);
        int[] train = countByClass(data.train().y());
        int[] test = countByClass(data.test().y());
        for (int digit = 0; digit < IMAGES.length; digit++) {
            assertThat(train[digit] + test[digit]).isEqualTo(IMAGES[digit]);
            assertThat((double) test[digit]).isCloseTo(IMAGES[digit] / 5.0, within(1.0));
        }
    }

    @Test
    void heldOutRowsAreEveryFifthOfTheRowsLinedUpByClass() {
        int[] labels = {1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0};

        // The rows in the order of their classes: 1 3 4 6 8 10 | 0 2 5 7 9
        Set<Integer> held = DigitsData.heldOut(labels);
        assertThat(held).containsExactly(1, 9, 10);
    }

    @Test
    void noTrainingImageIsHeldOutAsWell() throws IOException {
        DigitsData data = DigitsData.load();

        List<String> train = images(data.train().x());
        assertThat(images(data.test().x())).doesNotContainAnyElementsOf(train);
    }

    private static List<String> images(Tensor x) {
        double[] pixels = x.data().toDoubleArray();
        return java.util.stream.IntStream.range(0, x.shape().dim(0))
                .mapToObj(k -> Arrays.toString(Arrays.copyOfRange(pixels, 64 * k, 64 * (k + 1))))
                .toList();
    }

    @Test
    void pixelsAreScaledToTheUnitInterval() throws IOException {
        Tensor x = DigitsData.load().train().x();

        assertThat(x.amin().item()).isZero();
        assertThat(x.amax().item()).isEqualTo(1);
    }

    @Test
    void theProgramPrintsItsResultsAndALineForEachEpochIntoAFileAndWritesItsReport(@TempDir Path folder)
            throws IOException {
        Path report = folder.resolve("new/digits.html");
        String text = Printed.by(() ->
                Digits.main(new String[] {"--seed", "4", "--epochs", "2", "--live", "--report", report.toString()}));

        assertThat(text)
                .startsWith("Baseline: ")
                .contains(
                        "epoch 2: loss ",
                        "of 360 images are classified correctly",
                        "Trained for 2 epochs in ",
                        "actual \\ predicted",
                        "Live page: http://",
                        report.toString())
                .containsPattern("\nTest accuracy: 9\\d\\.\\d %\\R$")
                .doesNotContain("\r", "\u001b");
        assertThat(report)
                .content()
                .contains(
                        "<h1>Digits</h1>",
                        "Worst confusions",
                        "<th scope=\"row\">seed</th><td>4</td>",
                        "batch loss",
                        "test Accuracy")
                .doesNotContain("validation");
    }

    @Test
    void wrongArgumentsAreExplained() {
        CommandLine command = ExampleProgram.command("", new Digits.Options(), Digits::new);
        java.io.StringWriter errors = new java.io.StringWriter();
        command.setErr(new java.io.PrintWriter(errors));

        assertThat(command.execute("--epochs", "0")).isEqualTo(2);
        assertThat(command.execute("--seed", "one")).isEqualTo(2);
        assertThat(errors.toString())
                .contains("option '--epochs': must be at least 1, got 0", "Invalid value for option '--seed'");
    }
}
