package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ReplacingFileTest {
    @TempDir
    Path folder;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFileKeepsItsPermissions() throws IOException {
        Path file = folder.resolve("secret.npy");
        Npy.save(file, NdArray.scalar(DType.INT32, 1));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        Npy.save(file, NdArray.scalar(DType.INT32, 2));

        assertThat(Npy.load(file).item()).isEqualTo(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aNameMayBeAsLongAsTheSystemAllows() {
        Path file = folder.resolve("x".repeat(200) + ".npy");
        Npy.save(file, NdArray.scalar(DType.INT32, 1));
        assertThat(Npy.load(file).item()).isOne();
        Path longest = folder.resolve("x".repeat(251) + ".npy");
        Npy.save(longest, NdArray.scalar(DType.INT32, 1));
        assertThat(Npy.load(longest).item()).isOne();
    }
}
