package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
                .withMessageContaining("delete it to go on from " + file(1));
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
                .withMessageEndingWith("delete it to go on from " + file(1) + ", which is whole");
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
