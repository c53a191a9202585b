package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.optim.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a checkpoint that is torn, changed, swapped or none at all is refused, and that the one before is named. */
class DamagedCheckpointsTest {
    @TempDir
    Path folder;

    private Path file(long step) {
        return CheckpointFile.path(folder, step);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.write(to, Files.readAllBytes(from));
    }

    @Test
    void aDamagedNewestIsNamedWithTheWayOut() throws IOException {
        KeptNumbers.save(folder, 3);
        byte[] bytes = Files.readAllBytes(file(3));
        Files.write(file(3), Arrays.copyOf(bytes, bytes.length - 5));
        KeptNumbers numbers = new KeptNumbers(0);

        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> numbers.in(folder).resume())
                .withMessageContaining(file(3) + ": ")
                .withMessageContaining("the file is cut")
                .withMessageContaining("delete it to go on from " + file(2));
        Files.write(file(2), Arrays.copyOf(bytes, bytes.length / 2));
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> numbers.in(folder).resume())
                .withMessageContaining("These can't be loaded either: " + file(2)
                        + ". Nothing was loaded; delete them to go on from " + file(1));
        assertThat(numbers.values.item()).isZero();
        Files.delete(file(3));
        Files.delete(file(2));
        assertThat(numbers.in(folder).resume()).isEqualTo(1);
        assertThat(numbers.values.item()).isEqualTo(1);
        Files.write(file(1), new byte[0]);
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> numbers.in(folder).resume())
                .withMessageContaining("delete it to begin anew");
    }

    @Test
    void damagedOnesAreSkippedOnRequestAndSetAsideByTheNextSave() throws IOException {
        KeptNumbers.save(folder, 3);
        byte[] torn = Arrays.copyOf(Files.readAllBytes(file(3)), 100);
        Files.write(file(3), torn);
        Files.write(file(2), torn);
        KeptNumbers numbers = new KeptNumbers(0);
        List<String> warnings = new ArrayList<>();
        Checkpoints checkpoints = numbers.in(folder).skipDamaged(warnings::add);

        assertThat(checkpoints.resume()).isEqualTo(1);
        assertThat(numbers.values.item()).isEqualTo(1);
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0))
                .contains(file(3) + ": ", file(2).toString(), "Went on from " + file(1) + ", which is whole");
        assertThat(file(3)).hasBinaryContent(torn);
        numbers.values = NdArray.of(Shape.of(1), 7);
        checkpoints.save(2);

        assertThat(checkpoints.newest()).contains(file(2));
        assertThat(folder.resolve(file(3).getFileName() + ".damaged")).hasBinaryContent(torn);
        assertThat(folder.resolve(file(2).getFileName() + ".damaged")).hasBinaryContent(torn);
        KeptNumbers next = new KeptNumbers(0);
        assertThat(next.in(folder).resume()).isEqualTo(2);
        assertThat(next.values.item()).isEqualTo(7);
        assertThat(warnings).hasSize(1);
    }

    // ---- the best ----

    /** The checkpoints of steps 1, 3 and 4; that of step 1 is the best, then that of step 3. */
    private Checkpoints withBest1() {
        Checkpoints checkpoints = new KeptNumbers(1).in(folder).keepLast(2).keepBest("loss", Goal.MIN);
        for (int step = 1; step <= 4; step++) {
            checkpoints.save(step, Map.of("loss", step == 1 ? 0.1 : 4.0 - step + 1));
        }
        return checkpoints;
    }

    /** Flips a bit of a file; returns its bytes then. */
    @CanIgnoreReturnValue
    private byte[] flip(long step, int fromEnd) throws IOException {
        byte[] bytes = Files.readAllBytes(file(step));
        bytes[Math.floorMod(-fromEnd, bytes.length)] ^= 4;
        Files.write(file(step), bytes);
        return bytes;
    }

    /** The index from the end of a byte in the data of an array, before the seal. */
    private static final int DATA = 32 + 8 - 1;

    @Test
    void theDamagedBestIsNotReplacedByTheNextWithoutAWord() throws IOException {
        Checkpoints checkpoints = withBest1();
        byte[] damaged = flip(1, DATA);

        for (int step = 5; step <= 6; step++) {
            Path next = file(step == 5 ? 4 : 5);
            assertThatExceptionOfType(MalformedFileException.class)
                    .isThrownBy(checkpoints::best)
                    .withMessageStartingWith(file(1) + ": it is damaged")
                    .withMessageEndingWith(
                            ". The best checkpoint can't be told, as it could be it; the best whole one is " + next
                                    + ", which skipDamaged(warning) goes on with");
            checkpoints.save(step, Map.of("loss", 1.0 / step));
            assertThat(file(1)).hasBinaryContent(damaged);
        }
    }

    @Test
    void theDamagedBestIsSkippedOnRequestAndSetAsideByASave() throws IOException {
        Checkpoints checkpoints = withBest1();
        List<String> warnings = new ArrayList<>();
        checkpoints.skipDamaged(warnings::add);
        byte[] damaged = flip(1, DATA);

        assertThat(checkpoints.best()).contains(file(4));
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0))
                .startsWith(file(1) + ": it is damaged")
                .endsWith(". The best whole checkpoint is " + file(4));
        checkpoints.save(5, Map.of("loss", 3.0));

        assertThat(file(1)).doesNotExist();
        assertThat(folder.resolve(file(1).getFileName() + ".damaged")).hasBinaryContent(damaged);
        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(1)).startsWith(file(1) + " is damaged, and was renamed");
        assertThat(checkpoints.best()).contains(file(4));
        assertThat(warnings).hasSize(2);
    }

    @Test
    void aDamagedCheckpointWhoseValueCannotBeReadMayBeTheBest() throws IOException {
        Checkpoints checkpoints = withBest1();
        byte[] damaged = flip(1, -8);

        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(checkpoints::best)
                .withMessageStartingWith(file(1) + ": ")
                .withMessageContaining("the best whole one is " + file(4));
        checkpoints.save(5, Map.of("loss", 3.0));
        assertThat(file(1)).hasBinaryContent(damaged);
    }

    @Test
    void anOldDamagedCheckpointThatIsNotTheBestIsNotDeletedEither() throws IOException {
        Checkpoints checkpoints = withBest1();
        byte[] damaged = flip(3, DATA);
        checkpoints.save(5, Map.of("loss", 3.0));

        assertThat(file(3)).hasBinaryContent(damaged);
        assertThat(checkpoints.best()).contains(file(1));
    }

    @Test
    void withoutAWholeOneThereIsNoBest() throws IOException {
        Checkpoints checkpoints = withBest1().skipDamaged(warning -> {});
        flip(1, DATA);
        flip(3, DATA);
        flip(4, DATA);

        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(checkpoints::best)
                .withMessageContaining("These can't be loaded either: " + file(4) + ", " + file(3))
                .withMessageEndingWith("as they could be it, and no other one with the value is whole");
    }

    // ---- damaged checkpoints that are skipped ----

    @Test
    void onlyTheFirstSaveSetsSkippedFilesAside() throws IOException {
        KeptNumbers.save(folder, 2);
        byte[] torn = Arrays.copyOf(Files.readAllBytes(file(2)), 100);
        Files.write(file(2), torn);
        Checkpoints checkpoints = new KeptNumbers(0).in(folder).skipDamaged(warning -> {});
        checkpoints.resume();
        checkpoints.save(2);
        Files.write(file(2), torn);

        checkpoints.save(3);
        assertThat(file(2)).hasBinaryContent(torn);
    }

    @Test
    void aSkippedCheckpointThatAnotherTrainingReplacedMeanwhileIsNotSetAside() throws IOException {
        KeptNumbers.save(folder, 2);
        byte[] whole = Files.readAllBytes(file(2));
        Files.write(file(2), Arrays.copyOf(whole, 100));
        Checkpoints checkpoints = new KeptNumbers(0).in(folder).skipDamaged(warning -> {});
        checkpoints.resume();
        Files.write(file(2), whole);

        assertThatIllegalStateException().isThrownBy(() -> checkpoints.save(3)).withMessageContaining("is newer than");
        assertThat(file(2)).hasBinaryContent(whole);
    }

    @Test
    void onlyDamageIsSkipped() throws IOException {
        KeptNumbers.save(folder, 2);
        Safetensors.save(file(2), Map.of());
        Checkpoints checkpoints = new KeptNumbers(0).in(folder).skipDamaged(warning -> {});

        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(checkpoints::resume)
                .withMessageContaining("no checkpoint")
                .withMessageEndingWith("move it to another folder to go on from " + file(1) + ", which is whole");
        Files.write(file(2), new byte[0]);
        Files.write(file(1), new byte[0]);
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(checkpoints::resume)
                .withMessageContaining(file(1).toString())
                .withMessageEndingWith("no older one is whole; delete them to begin anew");
    }

    @Test
    void aFormatThatIsNoNumberIsNoReasonToUpgrade() throws IOException {
        KeptNumbers.save(folder, 2);
        Safetensors.save(file(2), Map.of(), new SafetensorsOptions().metadata(Map.of("adjoint.checkpoint", "x")));

        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> new KeptNumbers(0).in(folder).resume())
                .withMessageContaining(
                        "no checkpoint of Adjoint: the 'adjoint.checkpoint' of its metadata is 'x', where the number")
                .withMessageNotContaining("pgrade");
    }

    @Test
    void everyPrefixIsRefused() throws IOException {
        KeptNumbers.save(folder, 2);
        byte[] bytes = Files.readAllBytes(file(2));
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file(2), Arrays.copyOf(bytes, length));
            requireRefused("of " + length + " bytes");
        }
        Files.write(file(2), Arrays.copyOf(bytes, bytes.length + 1));
        requireRefused("with one byte more");
    }

    /** Flips every ninth bit in turn; in the profile {@code thorough} every bit. */
    @Test
    void everyFlippedBitIsFound() throws IOException {
        KeptNumbers.save(folder, 2);
        byte[] bytes = Files.readAllBytes(file(2));
        int next = Integer.getInteger("adjoint.tries", 100) > 1000 ? 1 : 9;
        for (int k = 0; k < 8 * bytes.length; k += next) {
            bytes[k / 8] ^= (byte) (1 << k % 8);
            Files.write(file(2), bytes);
            requireRefused("with bit " + k % 8 + " of byte " + k / 8 + " flipped");
            bytes[k / 8] ^= (byte) (1 << k % 8);
        }
        Files.write(file(2), bytes);
        assertThat(new KeptNumbers(0).in(folder).resume()).isEqualTo(2);
    }

    private void requireRefused(String what) {
        KeptNumbers numbers = new KeptNumbers(0);
        assertThatExceptionOfType(MalformedFileException.class)
                .as(what)
                .isThrownBy(() -> numbers.in(folder).resume())
                .withMessageStartingWith(file(2) + ": ")
                .withMessageEndingWith(
                        "delete it to go on from " + file(1) + ", which is whole; or let skipDamaged(warning) do so");
        assertThat(numbers.values.item()).as(what).isZero();
    }

    @Test
    void aForeignFileAndOneOfAnotherNameAreRefused() throws IOException {
        KeptNumbers.save(folder, 2);
        copy(file(2), folder.resolve("moved"));
        copy(file(1), file(2));
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> new KeptNumbers(0).in(folder).resume())
                .withMessageContaining("the name of another: it was saved after step 1, and would be"
                        + " checkpoint-000000001.safetensors. Nothing was loaded; move it to another folder to go on from "
                        + file(1) + ", which is whole");
        Safetensors.save(file(2), Map.of("numbers/values", NdArray.of(Shape.of(1), 7.0)));
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> new KeptNumbers(0).in(folder).resume())
                .withMessageContaining(
                        "no checkpoint: its metadata has no 'adjoint.checkpoint'. Nothing was loaded; move it");
        Safetensors.save(
                file(2),
                Map.of(),
                new SafetensorsOptions().metadata(Map.of("adjoint.checkpoint", "2", "adjoint.version", "9.0")));
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> new KeptNumbers(0).in(folder).resume())
                .withMessageContaining("of the format 2, of Adjoint 9.0; this is ")
                .withMessageContaining(
                        "upgrade Adjoint to go on from it. Nothing was loaded; move it to another folder")
                .withMessageNotContaining("elete");
        Safetensors.save(file(2), Map.of(), new SafetensorsOptions().metadata(Map.of("adjoint.checkpoint", "1")));
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> new KeptNumbers(0).in(folder).resume())
                .withMessageContaining("no number where one should be");
        // A file name that the user has chosen says nothing about the step.
        assertThat(new KeptNumbers(0).in(folder).load(folder.resolve("moved"))).isEqualTo(2);
    }
}
