package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Tests that the build's temporary files are in its own folders. */
class TemporaryFilesTest {
    @Test
    void temporaryFilesLieInTheBuildFolder() throws IOException {
        Path file = Files.createTempFile("temporary", "");
        try {
            assertThat(file.toRealPath())
                    .startsWith(DocumentationTest.ROOT.resolve("proof/target").toRealPath());
        } finally {
            Files.delete(file);
        }
    }
}
