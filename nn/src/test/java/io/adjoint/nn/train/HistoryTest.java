package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.nn.optim.Goal;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final History history = new History();

    {
        history.add("loss", 0.5);
        history.add("loss", 0.25);
        history.add("accuracy", 0.75);
        history.add("accuracy", Double.NaN);
    }

    @Test
    void printsATable() {
        assertThat(history.toString().lines().toList())
                .containsExactly(
                        "epoch          loss      accuracy",
                        "    1      0.500000      0.750000",
                        "    2      0.250000           NaN");
    }

    @Test
    void aColumnIsAsWideAsItsNameAndItsNumbers() {
        History wide = new History();
        wide.add("validation loss", 0.5);
        wide.add("rate", -1e-300);

        assertThat(wide.toString().lines().toList())
                .containsExactly("epoch  validation loss           rate", "    1         0.500000  -1.00000e-300");
    }

    @Test
    void drawsAChart() {
        assertThat(history.mermaid("loss", "accuracy").lines().toList())
                .containsExactly(
                        "xychart-beta",
                        "    title \"loss, accuracy\"",
                        "    x-axis \"epoch\" 1 --> 2",
                        "    line [0.500000, 0.250000]",
                        "    line [0.750000, 0.750000]");
    }

    @Test
    void drawsNoNumberThatIsNotThere() {
        History diverged = new History();
        diverged.add("loss", Double.NaN);

        refused(() -> diverged.mermaid("loss")).withMessage("History.mermaid: no value of 'loss' is finite: [NaN]");
        assertThat(diverged.toString()).endsWith("no value of 'loss' is finite; Doctor.watch(model) tells the cause");
    }

    @Test
    void aNameIsShownInOneLine() {
        History lines = new History();
        lines.add("a\nb", 1);
        assertThat(lines.toString().lines().findFirst()).contains("epoch           a b");
    }

    @Test
    void findsTheBestEpoch() {
        assertThat(history.best("loss", Goal.MIN)).isEqualTo(1);
        assertThat(history.best("loss", Goal.MAX)).isZero();
        assertThat(history.best("accuracy", Goal.MAX)).isZero();
    }

    @Test
    void namesWhatIsThereWhenAskedForSomethingElse() {
        refused(() -> history.values("f1"))
                .withMessage("History: nothing named 'f1' was tracked; there are [loss, accuracy]");
        refused(() -> history.mermaid()).withMessageContaining("name what to draw");
    }
}
