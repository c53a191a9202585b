package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Stateful;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.AdamW;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.train.Epoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// Long because it tests all that is promised of checkpoints.
class CheckpointsTest {
    @TempDir
    Path folder;

    private Path file(long step) {
        return CheckpointFile.path(folder, step);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    // ---- what is in a file ----

    @Test
    void aFolderWithoutCheckpointsBeginsAtStep0AndIsMadeBySaving() {
        Path inner = folder.resolve("a/b");
        KeptNumbers numbers = new KeptNumbers(1);
        Checkpoints checkpoints = numbers.in(inner);

        assertThat(checkpoints.resume()).isZero();
        assertThat(checkpoints.newest()).isEmpty();
        assertThat(inner).doesNotExist();
        checkpoints.save(0);

        assertThat(checkpoints.newest()).contains(CheckpointFile.path(inner, 0));
    }

    @Test
    void aCheckpointIsASafetensorsFileWithThePartsInItsNamesAndADigestOfAllBytesBefore() throws Exception {
        Generator rng = new Generator(3);
        Checkpoints checkpoints = new KeptNumbers(1, 2).in(folder).part("rng", rng);
        checkpoints.save(12, Map.of("loss", 0.5));

        byte[] bytes = Files.readAllBytes(file(12));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(bytes, bytes.length - 32));
        assertThat(Arrays.copyOfRange(bytes, bytes.length - 32, bytes.length)).isEqualTo(digest);
        try (Safetensors opened = Safetensors.open(file(12))) {
            assertThat(opened.tensors().keySet()).containsExactly("numbers/values", "rng/state", "sha256");
            assertThat(opened.read("numbers/values")).isEqualTo(NdArray.of(Shape.of(2), 1, 2));
            assertThat(opened.metadata())
                    .containsEntry("adjoint.checkpoint", "1")
                    .containsEntry("step", "12")
                    .containsEntry("parts", "numbers/rng")
                    .containsEntry("value.loss", "0.5");
            assertThat(opened.metadata().get("adjoint.version")).matches("\\d+\\.\\d+\\..*");
        }
        assertThat(Checkpoints.read(file(12), "rng")).isEqualTo(rng.state());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checkpoints.read(file(12), "model"))
                .withMessageContaining("no part 'model'; it has [numbers, rng]");
    }

    @Test
    void theSameStatesGiveTheSameBytes() throws IOException {
        KeptNumbers.save(folder, 1);
        byte[] first = Files.readAllBytes(file(1));
        Files.delete(file(1));
        KeptNumbers.save(folder, 1);

        assertThat(Files.readAllBytes(file(1))).isEqualTo(first);
    }

    @Test
    void aSaveCopiesNoLargeArray() {
        NdArray large = NdArray.zeros(DType.FLOAT64, Shape.of(1 << 20));
        Checkpoints checkpoints = new Checkpoints(folder).part("large", fields -> fields.array("x", large));
        checkpoints.save(1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        checkpoints.save(2);

        // The short-lived blocks of the writer come to the 8 MB of the array; a copy would be as much again.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(12 << 20);
    }

    @Test
    void aPartWithoutArraysIsAPart() {
        Stateful nothing = fields -> {};
        new KeptNumbers(1).in(folder).part("nothing", nothing).save(1);

        assertThat(new KeptNumbers(1).in(folder).part("nothing", nothing).resume())
                .isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeptNumbers(1).in(folder).resume())
                .withMessageContaining("missing [], unexpected [nothing]");
    }

    @Test
    void everyTypeAndNameComesBack() {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("a/b", NdArray.of(Shape.of(3), new boolean[] {true, false, true}));
        arrays.put("", NdArray.of(Shape.of(0), new int[0]));
        arrays.put("sha256", NdArray.scalar(DType.FLOAT32, -0.0));
        arrays.put("history.Größe", NdArray.of(Shape.of(2), Double.NaN, Double.NEGATIVE_INFINITY));
        new CheckpointFile(1, List.of("p"), Map.of()).write(file(1), Map.of("p", arrays));

        assertThat(Checkpoints.read(file(1), "p")).isEqualTo(arrays);
    }

    // ---- which are kept ----

    @Test
    void anEpochWithoutTheValueIsNoCandidateForTheBest() {
        KeptNumbers numbers = new KeptNumbers(0);
        Checkpoints checkpoints = numbers.in(folder).keepLast(1).keepBest("val loss", Goal.MIN);
        Epoch without = new Epoch(1, 20, Map.of("loss", 0.1), Set.of("val loss"));

        checkpoints.save(without);
        assertThat(checkpoints.best()).isEmpty();
        checkpoints.save(30, Map.of("val loss", 0.5));
        checkpoints.save(new Epoch(2, 40, Map.of("loss", 0.05), Set.of("val loss")));

        assertThat(checkpoints.best()).contains(file(30));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> checkpoints.save(new Epoch(3, 60, Map.of("loss", 0.1), Set.of("other"))))
                .withMessageContaining("val loss");
    }

    @Test
    void theLastOnesAndTheBestAreKeptAlsoByTheNextProcess() throws IOException {
        double[] losses = {5, 2, 3, Double.NaN, 2, 4, 6};
        KeptNumbers numbers = new KeptNumbers(0);
        for (int step = 1; step <= losses.length; step++) {
            Checkpoints next = numbers.in(folder).keepLast(2).keepBest("loss", Goal.MIN);
            next.resume();
            next.save(new Epoch(step, step, Map.of("loss", losses[step - 1])));
            assertThat(next.best()).contains(file(step == 1 ? 1 : 2));
        }

        assertThat(names())
                .containsExactly(
                        ".lock",
                        "checkpoint-000000002.safetensors",
                        "checkpoint-000000006.safetensors",
                        "checkpoint-000000007.safetensors");
        assertThat(numbers.in(folder).keepBest("loss", Goal.MAX).best()).contains(file(7));
        assertThat(numbers.in(folder).keepBest("accuracy", Goal.MAX).best()).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> numbers.in(folder).best())
                .withMessageContaining("keepBest");
    }

    @Test
    void theBestWholeCheckpointIsKeptBesideADamagedOne() throws IOException {
        Checkpoints checkpoints = new KeptNumbers(1).in(folder).keepLast(1).keepBest("loss", Goal.MIN);
        checkpoints.save(1, Map.of("loss", 0.5));
        checkpoints.save(2, Map.of("loss", 0.7));
        String damaged = Files.readString(file(2), StandardCharsets.ISO_8859_1).replace("0.7", "0.1");
        Files.writeString(file(2), damaged, StandardCharsets.ISO_8859_1);

        checkpoints.save(3, Map.of("loss", 0.9));

        assertThat(file(2)).exists();
        assertThat(checkpoints.skipDamaged(warning -> {}).best()).contains(file(1));
    }

    @Test
    void aValueOrAnArrayThatIsNullIsRefusedBeforeAnythingIsWritten() {
        Checkpoints checkpoints = new KeptNumbers(1).in(folder);
        Map<String, Double> values = new HashMap<>();
        values.put("loss", null);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> checkpoints.save(1, values))
                .withMessageContaining("a value or its name is null: {loss=null}");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aCheckpointOfAnotherFolderIsAStartWithStepsOfItsOwn() {
        Path other = folder.resolve("other");
        new KeptNumbers(1).in(other).save(1000);
        Checkpoints fresh = new KeptNumbers(2).in(folder.resolve("new"));
        fresh.load(CheckpointFile.path(other, 1000));
        fresh.save(1);
        assertThat(fresh.newest()).isPresent();

        Checkpoints mistaken = new KeptNumbers(3).in(folder.resolve("new"));
        mistaken.load(CheckpointFile.path(other, 1000));
        assertThatIllegalStateException().isThrownBy(() -> mistaken.save(1001)).withMessageContaining("resume()");
    }

    @Test
    void onlyWhatIsACheckpointIsDeleted() throws IOException {
        KeptNumbers.save(folder, 4);
        Files.writeString(file(1), "mine");
        Files.writeString(folder.resolve("checkpoint-2.safetensors"), "mine");
        Files.writeString(folder.resolve("notes"), "mine");
        Checkpoints checkpoints = new KeptNumbers(0).in(folder).keepLast(1);
        checkpoints.resume();
        checkpoints.save(5);

        assertThat(names())
                .containsExactly(
                        ".lock",
                        "checkpoint-000000001.safetensors",
                        "checkpoint-000000005.safetensors",
                        "checkpoint-2.safetensors",
                        "notes");
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndNothingElse() throws IOException {
        String id = "0b1f7d0e-0000-4000-8000-00000000000";
        Path old = Files.writeString(folder.resolve(".checkpoint-000000007.safetensors." + id + "1.partial"), "torn");
        Path foreign = Files.writeString(folder.resolve(".model.safetensors." + id + "2.partial"), "torn");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(60)));
        Files.setLastModifiedTime(foreign, FileTime.from(Instant.now().minusSeconds(60)));
        Checkpoints checkpoints = new KeptNumbers(0).in(folder);
        // This file is from a clock that was ahead. It is removed too, since no other training writes while this one
        // saves.
        Path young = Files.writeString(folder.resolve(".checkpoint-000000007.safetensors." + id + "3.partial"), "torn");
        Files.setLastModifiedTime(young, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(checkpoints.resume()).isZero();
        checkpoints.save(1);

        assertThat(old).doesNotExist();
        assertThat(foreign).exists();
        assertThat(young).doesNotExist();
    }

    @Test
    void aCheckpointThatAKillLeftTooManyIsDeletedByTheNextSave() throws IOException {
        KeptNumbers.save(folder, 4);
        // The folder is as if the process had been killed after it wrote the fifth checkpoint, before it deleted the
        // second.
        Checkpoints more = new KeptNumbers(0).in(folder).keepLast(5);
        more.resume();
        more.save(5);
        Checkpoints checkpoints = new KeptNumbers(0).in(folder);
        checkpoints.resume();
        checkpoints.save(6);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("checkpoint")))
                    .containsExactlyInAnyOrder(
                            "checkpoint-000000004.safetensors",
                            "checkpoint-000000005.safetensors",
                            "checkpoint-000000006.safetensors");
        }
    }

    // ---- what is refused ----

    @Test
    void aTrainingThatDidNotResumeLeavesTheCheckpointsOfTheOneBefore() throws IOException {
        KeptNumbers.save(folder, 3);
        Checkpoints anew = new KeptNumbers(0).in(folder).keepLast(1);

        assertThatIllegalStateException()
                .isThrownBy(() -> anew.save(5))
                .withMessageContaining("checkpoint-000000003")
                .withMessageContaining("resume()");
        assertThat(names()).hasSize(1 + 3);
    }

    @Test
    void aSecondProcessInTheFolderIsNoticed() {
        Checkpoints first = new KeptNumbers(0).in(folder);
        Checkpoints second = new KeptNumbers(0).in(folder);
        first.save(1);
        second.resume();
        second.save(2);

        assertThatIllegalStateException().isThrownBy(() -> first.save(3)).withMessageContaining("another process");
    }

    @Test
    void whoGoesBackDeletesWhatIsNewer() throws IOException {
        KeptNumbers.save(folder, 3);
        KeptNumbers numbers = new KeptNumbers(0);
        Checkpoints checkpoints = numbers.in(folder);

        assertThat(checkpoints.load(file(2))).isEqualTo(2);
        assertThat(numbers.values.item()).isEqualTo(2);
        assertThatIllegalStateException().isThrownBy(() -> checkpoints.save(3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> checkpoints.save(1))
                .withMessageContaining("the one before is of step 2. If a Trainer counts the steps, it must be a part");
        Files.delete(file(3));
        checkpoints.save(3);

        assertThat(checkpoints.resume()).isEqualTo(3);
        assertThat(numbers.values.item()).isEqualTo(2);
    }

    @Test
    void theCheckpointOfAStepIsReplacedAsByAListenerOfTheEpoch() {
        Checkpoints checkpoints = new KeptNumbers(0).in(folder).keepBest("loss", Goal.MIN);
        checkpoints.save(1);
        assertThat(checkpoints.best()).isEmpty();
        checkpoints.save(1, Map.of("loss", 1.0));

        assertThat(checkpoints.best()).contains(file(1));
    }

    @Test
    void aCheckpointThatIsReplacedWithoutValuesKeepsItsOwn() {
        KeptNumbers numbers = new KeptNumbers(1);
        Checkpoints checkpoints = numbers.in(folder).keepLast(1).keepBest("loss", Goal.MIN);
        checkpoints.save(2, Map.of("loss", 1.0));
        numbers.values = NdArray.of(Shape.of(1), 3);
        checkpoints.save(2);
        checkpoints.save(3);

        assertThat(checkpoints.best()).contains(file(2));
        assertThat(Checkpoints.read(file(2), "numbers")).isEqualTo(numbers.state());
    }

    @Test
    void aPartThatComesTooLateToBeLoadedIsRefused() {
        KeptNumbers numbers = new KeptNumbers(1);
        Checkpoints first = numbers.in(folder);
        Checkpoints saved = numbers.in(folder);
        Checkpoints loaded = numbers.in(folder);
        first.resume();
        saved.save(1);
        loaded.load(file(1));

        for (Checkpoints late : List.of(first, saved, loaded)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> late.part("late", numbers))
                    .withMessageContaining("'late' comes too late to be loaded; add all parts before resume()");
        }
    }

    @Test
    void aCheckpointThatDoesNotFitLoadsNothing() {
        KeptNumbers first = new KeptNumbers(1);
        Generator rng = new Generator(1);
        first.in(folder).part("rng", rng).part("second", new KeptNumbers(2)).save(1);
        KeptNumbers mine = new KeptNumbers(5);
        Generator other = new Generator(2);
        Map<String, NdArray> before = other.state();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> mine.in(folder)
                        .part("rng", other)
                        .part("second", new KeptNumbers(2, 3))
                        .resume())
                .withMessage(file(1)
                        + ": nothing was loaded, as its part 'second' does not fit: KeptNumbers: 'values' is"
                        + " FLOAT64 [1] instead of FLOAT64 [2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mine.in(folder)
                        .part("rng", other)
                        .part("third", new KeptNumbers(2))
                        .resume())
                .withMessageContaining("missing [third], unexpected [second]");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        mine.in(folder).part("rng", other).part("second", other).resume())
                .withMessageContaining("its part 'second' does not fit: Generator: ")
                .withMessageContaining("missing 'state' INT32 [8]");
        assertThat(mine.values.item()).isEqualTo(5);
        assertThat(other.state()).isEqualTo(before);
    }

    @Test
    void whatDoesNotFitIsSaidOnce() {
        new Checkpoints(folder).part("model", new ReLU()).save(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Checkpoints(folder)
                        .part("model", new Dense(1, 1, new Generator(1)))
                        .resume())
                .withMessage(file(1) + ": nothing was loaded, as its part 'model' does not fit: Dense: missing 'weight'"
                        + " FLOAT64 [1, 1]; missing 'bias' FLOAT64 [1]");
    }

    @Test
    void theStateOfAnotherOptimizerIsRefusedThoughItsArraysFit() {
        List<Tensor> weights = List.of(Tensor.of(1).requiresGrad(true));
        Adam adam = new Adam(weights);
        AdamW other = new AdamW(weights, 0.5);
        new Checkpoints(folder).part("optimizer", adam).save(1);

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Checkpoints(folder).part("optimizer", other).resume())
                .withMessage(file(1) + ": nothing was loaded, as its part 'optimizer' does not fit: AdamW: missing"
                        + " 'AdamW.learningRate' FLOAT64 []; unexpected 'Adam.learningRate'");
        assertThat(other.learningRate()).isEqualTo(0.5);
    }

    @Test
    void wrongSettingsAreRefused() {
        KeptNumbers numbers = new KeptNumbers(1);
        Checkpoints checkpoints = numbers.in(folder).keepBest("loss", Goal.MIN);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> checkpoints.part("numbers", numbers))
                .withMessageContaining("two parts 'numbers'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> checkpoints.part("a/b", numbers))
                .withMessageContaining("got 'a/b'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> checkpoints.keepLast(0))
                .withMessageContaining("got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> checkpoints.save(-1))
                .withMessageContaining("step -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> checkpoints.save(1, Map.of("error", 1.0)))
                .withMessageContaining("found by 'loss', but the values are those of [error]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Checkpoints(folder).save(1))
                .withMessageContaining("no parts");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aStateThatCannotBeReadIsFoundBeforeTheTraining() {
        Stateful unreadable = fields -> {
            throw new IllegalStateException("the state of a Random cannot be read");
        };

        assertThatIllegalStateException()
                .isThrownBy(
                        () -> new Checkpoints(folder).part("random", unreadable).resume())
                .withMessageContaining("Random");
    }

    @Test
    void aFolderThatIsAFileIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> new KeptNumbers(1).in(file).resume())
                .withMessageContaining("cannot list the folder " + file);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> new KeptNumbers(1).in(file.resolve("inner")).save(1))
                .withMessageContaining("cannot write to the folder " + file.resolve("inner"))
                .withMessageEndingWith("FileAlreadyExistsException: " + file);
    }
}
