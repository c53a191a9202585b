// Long because the events of all kinds and the file of a log are those of one training.
package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.metric.RootMeanSquaredError;
import io.adjoint.nn.optim.SGD;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events that logs get, and the file of a {@link CsvLog}. */
class LogTest {
    private static final Tensor X = Tensor.randn(new Generator(1), 8, 2);

    @TempDir
    private Path folder;

    /** A training of two steps an epoch, and its parts. */
    private static final class Training {
        final Layer model = new Dense(2, 1, new Generator(2));
        final SGD optimizer = new SGD(model.parameters(), 0.1);
        final DataLoader<Batch> loader = new DataLoader<>(Dataset.of(X, X.sum(1).unsqueeze(1)), 4);
        final Trainer<Batch> trainer = Trainer.of(model, optimizer, new MSE())
                .metrics(new RootMeanSquaredError())
                .validate(List.of(new Batch(X, X.sum(1).unsqueeze(1))), Every.steps(3));

        List<Map<String, NdArray>> states() {
            return List.of(model.state(), optimizer.state(), loader.state(), trainer.state());
        }

        void load(List<Map<String, NdArray>> states) {
            model.load(states.get(0));
            optimizer.load(states.get(1));
            loader.load(states.get(2));
            trainer.load(states.get(3));
        }
    }

    /** A log that notes each event in a line. */
    private static final class Notes implements Log {
        final List<String> lines = new ArrayList<>();
        private final String failing;

        Notes(String failing) {
            this.failing = failing;
        }

        private void note(String event, Moment at, Object more) {
            lines.add(event + " " + at.step() + " " + at.epoch() + " " + more);
            if (event.equals(failing)) {
                throw new IllegalStateException("no room");
            }
        }

        @Override
        public void start(TrainingRun run) {
            note("start", run.at(), run.length() + " " + run.settings().keySet());
        }

        @Override
        public void step(Step step) {
            note("step", step.at(), step.learningRate() + " " + step.values().keySet() + " " + step.done());
        }

        @Override
        public void numbers(Moment at, Map<String, Double> values) {
            note("numbers", at, values.keySet());
        }

        @Override
        public void epoch(Moment at, Map<String, Double> values) {
            note("epoch", at, values.keySet());
        }

        @Override
        public void text(Moment at, String name, String text) {
            note("text", at, name + " " + text);
        }

        @Override
        public void histogram(Moment at, String name, NdArray values) {
            note("histogram", at, name + " " + values.shape());
        }

        @Override
        public void picture(Moment at, String name, NdArray picture) {
            note("picture", at, name + " " + picture.shape());
        }

        @Override
        public void failure(Moment at, Throwable cause) {
            note("failure", at, String.valueOf(cause.getMessage()));
        }

        @Override
        public void end(Moment at) {
            note("end", at, "");
        }
    }

    @Test
    void aLogGetsTheEventsInTheirOrder() {
        Notes notes = new Notes("");
        new Training().trainer.log(notes).fit(new Training().loader, 2);

        assertThat(notes.lines)
                .containsExactly(
                        "start 0 0 2 epochs [optimizer, loss, length, values]",
                        "step 1 0 0.1 [batch loss, learning rate] 0.25",
                        "step 2 0 0.1 [batch loss, learning rate] 0.5",
                        "epoch 2 1 [loss, RootMeanSquaredError]",
                        "step 3 1 0.1 [batch loss, learning rate] 0.75",
                        "numbers 3 1 [validation loss, validation RootMeanSquaredError]",
                        "step 4 1 0.1 [batch loss, learning rate] 1.0",
                        "epoch 4 2 [loss, RootMeanSquaredError]",
                        "end 4 2 ");
    }

    @Test
    void aGradientNormThatIsNaNIsLoggedAsMeasured() throws IOException {
        Layer model = new Dense(2, 1, new Generator(1));
        Training data = new Training();
        CsvLog log = new CsvLog(folder).everySteps(1);
        Trainer<Batch> trainer = Trainer.of(model, new SGD(model.parameters(), 1e200), new MSE())
                .measureGradientNorm()
                .log(log);

        trainer.fit(data.loader, 3);

        assertThat(trainer.gradientNorm().orElseThrow()).isNaN();
        List<String> lines = Files.readAllLines(log.file());
        assertThat(lines.get(0)).endsWith("batch loss,learning rate,gradient norm,loss");
        assertThat(lines.get(7)).endsWith("NaN,1.0E200,NaN,");
    }

    @Test
    void aLogOfAStepSeesItsGradientsAndAListenerDoesNot() {
        Training training = new Training();
        List<Boolean> has = new ArrayList<>();
        training.trainer.log(new Log() {
            @Override
            public void step(Step step) {
                has.add(training.model.parameters().get(0).grad() != null);
            }
        });
        training.trainer.onStep(() -> has.add(training.model.parameters().get(0).grad() != null));

        training.trainer.fit(training.loader, Length.steps(2));

        assertThat(has).containsExactly(true, false, true, false);
    }

    @Test
    void severalLogsAsOneGetAllEvents() {
        Notes one = new Notes("");
        Notes two = new Notes("");
        Log all = Log.all(one, two);
        Moment at = new Moment(3, 1, Instant.EPOCH);
        all.start(TrainingRun.of(new Dense(2, 1, new Generator(1)), Map.of("seed", "1")));
        all.step(new Step(at, 1, 0.1, OptionalDouble.of(2), 0.5));
        all.numbers(at, Map.of("a", 1.0));
        all.epoch(at, Map.of("b", 1.0));
        all.text(at, "name", "text");
        all.histogram(at, "weight", X.data());
        all.picture(at, "image", X.data());
        all.failure(at, new IllegalStateException("why"));
        all.end(at);

        assertThat(one.lines)
                .containsExactly(
                        "start 0 0 null [seed]",
                        "step 3 1 0.1 [batch loss, learning rate, gradient norm] 0.5",
                        "numbers 3 1 [a]",
                        "epoch 3 1 [b]",
                        "text 3 1 name text",
                        "histogram 3 1 weight [8, 2]",
                        "picture 3 1 image [8, 2]",
                        "failure 3 1 why",
                        "end 3 1 ");
        assertThat(two.lines).isEqualTo(one.lines);
    }

    @Test
    void ofSeveralLogsAsOneEachThatBeganIsEnded() {
        Notes one = new Notes("end");
        Notes two = new Notes("");
        Log all = Log.all(one, two);
        TrainingRun run = TrainingRun.of(new Dense(2, 1, new Generator(1)), Map.of());
        all.start(run);

        thrown(IllegalStateException.class, () -> all.end(run.at())).withMessage("no room");
        assertThat(two.lines).hasSize(2).last().asString().startsWith("end");
        thrown(
                IllegalStateException.class,
                () -> Log.all(two, new Notes("start")).start(run));
        assertThat(two.lines).hasSize(4).last().asString().startsWith("end");
    }

    @Test
    void aRunTellsOfTheModelAndTheMachine() {
        TrainingRun run = TrainingRun.of(new Dense(2, 1, new Generator(1)), Map.of());

        assertThat(run.summary()).contains("weight  FLOAT64 [1, 2]").endsWith("3 elements in 2 parameters");
        assertThat(TrainingRun.environment()).containsKeys("java", "system", "processors", "heap", "backend");
    }

    @Test
    void normsOfGradientsAreMeasuredOnRequest() {
        List<Double> norms = new ArrayList<>();
        Training training = new Training();
        training.trainer.measureGradientNorm().log(new Log() {
            @Override
            public void step(Step step) {
                norms.add(step.gradientNorm().orElseThrow());
            }
        });
        training.trainer.onStep(
                () -> assertThat(training.trainer.gradientNorm().orElseThrow()).isPositive());
        training.trainer.fit(training.loader, 1);

        assertThat(norms).hasSize(2).allMatch(norm -> norm > 0);
    }

    @Test
    void aLogThatFailsLeavesTheTrainingAsWithoutIt() {
        Training plain = new Training();
        plain.trainer.fit(plain.loader, 2);
        for (String failing : List.of("step", "numbers", "epoch", "end")) {
            Training training = new Training();
            Notes notes = new Notes(failing);
            training.trainer.log(notes).fit(training.loader, 2);

            assertThat(training.states()).as(failing).isEqualTo(plain.states());
            int last = notes.lines.size() - 1;
            assertThat(notes.lines).filteredOn(line -> line.startsWith("end")).hasSize(1);
            assertThat(notes.lines.get(last)).startsWith("end");
            assertThat(notes.lines.get(failing.equals("end") ? last : last - 1)).startsWith(failing);
        }
    }

    @Test
    void aTrainingThatFailsTellsItsLogsWhyBeforeItEnds() {
        for (String failing : List.of("", "failure")) {
            Training training = new Training();
            Notes notes = new Notes(failing);
            training.trainer.log(notes).onStep(() -> {
                throw new IllegalStateException("no power");
            });

            thrown(IllegalStateException.class, () -> training.trainer.fit(training.loader, 2))
                    .withMessage("no power");
            assertThat(notes.lines.subList(1, notes.lines.size()))
                    .containsExactly(
                            "step 1 0 0.1 [batch loss, learning rate] 0.25", "failure 1 0 no power", "end 1 0 ");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // code without null checks may pass null
    void logsGetTheSettingsOfTheProgramToo() {
        List<Map<String, String>> settings = new ArrayList<>();
        Training training = new Training();
        training.trainer.setting("seed", 1).setting("seed", 2).setting("width", "3 of 4");
        training.trainer
                .log(new Log() {
                    @Override
                    public void start(TrainingRun run) {
                        settings.add(run.settings());
                    }
                })
                .fit(training.loader, 1);

        assertThat(settings.get(0)).containsEntry("seed", "2").containsEntry("width", "3 of 4");
        assertThatThrownBy(() -> training.trainer.setting("seed", null))
                .hasMessage("Trainer: the value of a setting is null");
    }

    @Test
    void aLogThatCannotBeginIsToldBeforeAnythingHasChanged() {
        Training training = new Training();
        List<Map<String, NdArray>> before = training.states();
        Notes other = new Notes("");
        training.trainer.log(other, new Notes("start"));

        thrown(IllegalStateException.class, () -> training.trainer.fit(training.loader, 2));

        assertThat(training.states()).isEqualTo(before);
        assertThat(training.trainer.history().names()).isEmpty();
        assertThat(other.lines).hasSize(2).last().asString().startsWith("end");
    }

    // ---- metrics.csv ----

    private CsvLog csv() {
        return new CsvLog(folder).everySteps(1);
    }

    /** The lines of the file, with each time replaced by T. */
    private List<String> lines() throws IOException {
        return Files.readAllLines(folder.resolve("metrics.csv")).stream()
                .map(line -> line.replaceAll("\\d{4}-[^,]*Z", "T"))
                .toList();
    }

    @Test
    void theFileHasARowForEachEpochAndEachEvaluationWithinOne() throws IOException {
        Training training = new Training();
        History history =
                training.trainer.log(new CsvLog(folder.resolve("runs/1"))).fit(training.loader, 2);

        assertThat(Files.readAllLines(folder.resolve("runs/1/metrics.csv")).stream()
                        .map(line -> line.replaceAll("\\d{4}-[^,]*Z", "T")))
                .containsExactly(
                        "step,epoch,time,loss,RootMeanSquaredError,validation loss,validation RootMeanSquaredError",
                        "2,1,T," + history.values("loss").get(0) + ","
                                + history.values("RootMeanSquaredError").get(0) + ",,",
                        "3,1,T,,," + history.last("validation loss") + ","
                                + history.last("validation RootMeanSquaredError"),
                        "4,2,T," + history.last("loss") + "," + history.last("RootMeanSquaredError") + ",,");
    }

    @Test
    void aTrainingThatWasKilledAnywhereAndContinuedHasTheFileOfOneThatWasNot() throws IOException {
        Training whole = new Training();
        List<List<Map<String, NdArray>>> cuts = new ArrayList<>();
        whole.trainer
                .log(csv())
                .onStep(() -> cuts.add(whole.states()))
                .onEpoch(epoch -> cuts.add(whole.states()))
                .fit(whole.loader, 3);
        List<String> expected = lines();
        assertThat(expected).hasSize(1 + 6 + 2 + 3);
        byte[] file = Files.readAllBytes(folder.resolve("metrics.csv"));
        for (List<Map<String, NdArray>> cut : cuts) {
            for (int lost : new int[] {0, 5}) {
                // The file has also the rows after the cut, as if the process had gone on; its last row may be
                // incomplete.
                boolean isLast = cut == cuts.get(cuts.size() - 1);
                Files.write(folder.resolve("metrics.csv"), Arrays.copyOf(file, file.length - (isLast ? 0 : lost)));
                Training continued = new Training();
                continued.load(cut);
                continued.trainer.log(csv()).fit(continued.loader, 3);

                assertThat(lines()).isEqualTo(expected);
            }
        }
    }

    @Test
    void anotherCallAppends() throws IOException {
        Training whole = new Training();
        whole.trainer.log(csv()).fit(whole.loader, 4);
        List<String> expected = lines();
        Files.delete(folder.resolve("metrics.csv"));
        Training parts = new Training();
        parts.trainer.log(csv());
        for (int step = 1; step <= 8; step++) {
            parts.trainer.fit(parts.loader, Length.steps(step));
        }

        assertThat(lines()).isEqualTo(expected);
    }

    @Test
    void aNewTrainingKeepsTheFilesOfOthers() throws IOException {
        for (int k = 0; k < 3; k++) {
            Training training = new Training();
            training.trainer.log(csv()).fit(training.loader, 1 + k);
        }

        assertThat(lines()).hasSize(1 + 6 + 2 + 3);
        assertThat(Files.readAllLines(folder.resolve("metrics.1.csv"))).hasSize(1 + 2 + 1);
        assertThat(Files.readAllLines(folder.resolve("metrics.2.csv"))).hasSize(1 + 4 + 1 + 2);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void aNameThatIsNewGetsAColumnAndTheFileStaysWhole() throws IOException {
        CsvLog log = csv();
        Moment at = new Moment(1, 0, Instant.EPOCH);
        log.start(TrainingRun.of(new Dense(2, 1, new Generator(1)), Map.of()));
        log.numbers(at, Map.of("a,\"b\"\n", 1.0));
        log.epoch(new Moment(2, 1, Instant.EPOCH), Map.of("c", Double.POSITIVE_INFINITY));
        log.text(at, "no", "numbers");
        log.end(at);
        log.end(at);

        assertThat(lines())
                .containsExactly("step,epoch,time,\"a,\"\"b\"\"\\u000A\",c", "1,0,T,1.0,", "2,1,T,,Infinity");
        assertThat(log.file()).isEqualTo(folder.resolve("metrics.csv"));
        thrown(IllegalStateException.class, () -> log.numbers(at, Map.of("d", 1.0)))
                .withMessageContaining("call start(run)");
    }

    @Test
    void halfOfASurrogatePairInANameIsEscaped() throws IOException {
        CsvLog log = csv();
        log.start(TrainingRun.of(new Dense(2, 1, new Generator(1)), Map.of()));
        log.numbers(new Moment(1, 0, Instant.EPOCH), Map.of("\uD83E\uDD16 \uD83E", 1.0));
        log.end(new Moment(1, 0, Instant.EPOCH));

        assertThat(lines()).containsExactly("step,epoch,time,\uD83E\uDD16 \\uD83E", "1,0,T,1.0");
    }

    @Test
    void aColumnForWhichThereIsNoRoomLeavesTheFileAndTheLogAsTheyWere() throws IOException {
        CsvLog log = csv();
        log.start(TrainingRun.of(new Dense(2, 1, new Generator(1)), Map.of()));
        log.numbers(new Moment(1, 0, Instant.EPOCH), Map.of("a", 1.0));
        Path inTheWay = Files.createDirectories(folder.resolve("metrics.csv.new"));

        thrown(UncheckedIOException.class, () -> log.numbers(new Moment(2, 0, Instant.EPOCH), Map.of("b", 2.0)))
                .withMessageContaining("cannot write");
        assertThat(inTheWay).doesNotExist();
        log.numbers(new Moment(3, 0, Instant.EPOCH), Map.of("a", 3.0));
        log.end(new Moment(3, 0, Instant.EPOCH));

        assertThat(lines()).containsExactly("step,epoch,time,a", "1,0,T,1.0", "3,0,T,3.0");
    }

    @Test
    void aFileThatIsNoTextIsRefusedAndStays() throws IOException {
        byte[] bytes = {(byte) 0xFF, (byte) 0xFE, 0, '\n'};
        Files.write(folder.resolve("metrics.csv"), bytes);

        refused(() -> csv().start(TrainingRun.of(new Dense(2, 1, new Generator(1)), Map.of())))
                .withMessageContaining("is no file of a CsvLog; move it");
        assertThat(folder.resolve("metrics.csv")).hasBinaryContent(bytes);
    }

    @Test
    void aValueMayBeNamedAsAColumnOfMoments() throws IOException {
        for (int k = 1; k <= 2; k++) {
            CsvLog log = csv();
            log.start(new TrainingRun(
                    new Moment(k, 0, Instant.EPOCH), new Dense(2, 1, new Generator(1)), Map.of(), null));
            log.numbers(new Moment(k, 0, Instant.EPOCH), Map.of("step", 0.5));
            log.end(new Moment(k, 0, Instant.EPOCH));
        }

        assertThat(lines()).containsExactly("step,epoch,time,step value", "1,0,T,0.5", "2,0,T,0.5");
    }

    @Test
    void aStepOfSeveralBatchesHasTheLossOfTheLast() {
        List<Double> batches = new ArrayList<>();
        List<Double> steps = new ArrayList<>();
        Training training = new Training();
        training.trainer
                .accumulate(3)
                .onBatch(loss -> batches.add(loss.item()))
                .log(new Log() {
                    @Override
                    public void step(Step step) {
                        steps.add(step.loss());
                    }
                })
                .fit(training.loader, 1);

        assertThat(batches).hasSize(2);
        assertThat(steps).containsExactly(batches.get(1));
    }

    @Test
    void aFileThatIsNoneOfALogIsLeftAlone() throws IOException {
        for (String text : List.of(
                "a,b\n1,2\n",
                "no line break",
                "step,epoch,time\nx,0,T\n",
                "step,epoch,time\n1\n",
                "step,epoch,time\n-1,0,T\n")) {
            Files.writeString(folder.resolve("metrics.csv"), text);

            refused(() -> csv().start(TrainingRun.of(new Dense(2, 1, new Generator(1)), Map.of())))
                    .withMessageContaining("is no file of a CsvLog; move it");
            assertThat(folder.resolve("metrics.csv")).hasContent(text);
        }
    }

    @Test
    void aFolderThatCannotBeMadeStopsTheTrainingAtOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Training training = new Training();

        thrown(
                        UncheckedIOException.class,
                        () -> training.trainer.log(new CsvLog(file)).fit(training.loader, 1))
                .withMessageContaining("CsvLog: cannot start");
        assertThat(training.trainer.steps()).isZero();
        refused(() -> csv().everySteps(0)).withMessage("CsvLog: the number of steps must be at least 1, got 0");
    }

    @Test
    void aLogThatFailsInAnEventOfTheProgramIsEndedAndTheTrainingGoesOn() {
        Training training = new Training();
        List<String> events = new ArrayList<>();
        training.trainer
                .log(new Log() {
                    @Override
                    public void text(Moment at, String name, String text) {
                        events.add(name);
                        throw new IllegalStateException("the disk is full");
                    }

                    @Override
                    public void end(Moment at) {
                        events.add("end");
                    }
                })
                .onEpoch(epoch -> training.trainer.tell(log -> log.text(training.trainer.moment(), "note", "a")));
        assertThat(training.trainer.fit(training.loader, 3).epochs()).isEqualTo(3);
        training.trainer.tell(log -> log.text(training.trainer.moment(), "late", "b"));
        assertThat(events).containsExactly("note", "end");
    }
}
