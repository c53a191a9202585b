package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.optim.SGD;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static String shown(Function<PrintStream, Progress> progress, Iterable<Tensor> batches) {
        Dense model = new Dense(1, 1, new Generator(1));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Trainer.<Tensor>of(
                        model,
                        new SGD(model.parameters(), 0),
                        x -> new Outcome(model.forward(x).mul(0).sum().add(0.5)))
                .track("a long name of a value that is tracked", () -> 0.25)
                .log(progress.apply(new PrintStream(bytes, true, StandardCharsets.UTF_8)))
                .fit(batches, 3);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static List<Tensor> batches() {
        return List.of(Tensor.ones(1, 1), Tensor.ones(1, 1));
    }

    @Test
    void elsewhereThanOnATerminalItIsALineForEachEpoch() {
        // Surefire runs the tests without a terminal.
        assertThat(Progress.isTerminal()).isFalse();
        assertThat(shown(Progress::on, batches()).lines())
                .containsExactly(
                        "epoch 1: loss 0.5000, a long name of a value that is tracked 0.2500",
                        "epoch 2: loss 0.5000, a long name of a value that is tracked 0.2500",
                        "epoch 3: loss 0.5000, a long name of a value that is tracked 0.2500");
    }

    @Test
    void aBarIsDrawnOverItselfAndTakesOneLineOfATerminal() {
        String shown = shown(out -> Progress.bar(out, "80"), batches());

        assertThat(shown)
                .endsWith(System.lineSeparator())
                .startsWith("\repoch 1/3 [=>        ]  17 % 0:00 loss 0.5000");
        List<String> drawn = List.of(shown.strip().split("\r"));
        assertThat(drawn).hasSizeGreaterThanOrEqualTo(4);
        assertThat(drawn).allSatisfy(line -> assertThat(line.length()).isLessThan(80));
        assertThat(drawn.get(drawn.size() - 1))
                .matches("epoch 3/3 \\[={10}] 100 % \\d+:\\d\\d of \\d+:\\d\\d loss 0.5000, a long name of a value t");
        assertThat(shown.split("\n")).hasSize(1);
    }

    @Test
    void aBarFitsANarrowerTerminalWhoseWidthIsKnown() {
        assertThat(List.of(
                        shown(out -> Progress.bar(out, "40"), batches()).strip().split("\r")))
                .allSatisfy(line -> assertThat(line.length()).isLessThan(40));
        for (String unknown : new String[] {null, "", "0", "-1", "wide", "300"}) {
            assertThat(shown(out -> Progress.bar(out, unknown), batches()).strip())
                    .endsWith("a value t");
        }
    }

    @Test
    void aNameWithALineBreakStaysInItsLine() {
        Epoch epoch = new Epoch(1, 2, Map.of("a\nb\r\nc\u2028d", 1.0));

        assertThat(epoch.toString()).isEqualTo("epoch 1: a b c d 1.000");
    }

    @Test
    void aStreamThatIsNullIsRefusedAtOnce() {
        thrown(NullPointerException.class, () -> Progress.bar(missing())).withMessageContaining("Progress");
        thrown(NullPointerException.class, () -> Progress.lines(missing())).withMessageContaining("Progress");
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // code without null checks may return null
    private static <T> T missing() {
        return null;
    }

    @Test
    void whereNobodyKnowsTheNumberOfBatchesTheBarMovesWithTheEpochs() {
        assertThat(shown(out -> Progress.bar(out, "80"), () -> batches().iterator()))
                .startsWith("\repoch 1/3 [>         ]   0 % 0:00 loss");
    }

    private static String ofALoop(Consumer<Progress> loop) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Progress progress = Progress.bar(new PrintStream(bytes, true, StandardCharsets.UTF_8), "80");
        loop.accept(progress);
        progress.end(Moment.now(0, 2));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLoopWhoseLengthNobodyKnowsHasNoPercentage() {
        TrainingRun run = TrainingRun.of(new Dense(1, 1, new Generator(1)), Map.of());
        assertThat(ofALoop(progress -> {
                    progress.start(run);
                    progress.epoch(Moment.now(0, 1), Map.of("loss", 0.5));
                }))
                .isEqualTo("\repoch 1 0:00 loss 0.5000" + System.lineSeparator());
        assertThat(ofALoop(progress -> {
                    progress.start(run);
                    progress.step(new Step(Moment.now(1, 0), 0.25, 0.1, OptionalDouble.empty(), Double.NaN));
                }))
                .isEqualTo("\repoch 1 0:00 loss 0.2500" + System.lineSeparator());
    }

    @Test
    void aLoopWithoutStepsIsShownByItsEpochs() {
        Dense model = new Dense(1, 1, new Generator(1));
        assertThat(ofALoop(progress -> {
                    progress.start(new TrainingRun(Moment.now(0, 0), model, Map.of(), Length.epochs(4)));
                    progress.epoch(Moment.now(0, 1), Map.of("loss", 0.5));
                    progress.start(TrainingRun.of(model, Map.of()));
                    progress.epoch(Moment.now(0, 1), Map.of("loss", 0.25));
                }))
                .startsWith("\repoch 1/4 [==>       ]  25 % 0:00 of 0:00 loss 0.5000\repoch 1 0:00 loss 0.2500 ");
    }
}
