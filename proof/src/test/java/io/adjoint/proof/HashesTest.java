package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Tests that the library computes the bits of the committed hashes on every JDK and machine: for all operations of the catalogue and
 * their gradients, random programs, random numbers, distributions, schedules, short trainings, fits and files. {@code mvn verify
 * -Dadjoint.hashes=write} writes the hashes anew. A changed line is a change of bits that users notice, which belongs in CHANGELOG.md.
 */
class HashesTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "io", "adjoint", "proof");

    @Test
    void operationsHaveTheirBits() throws IOException {
        compare(Hashes.OPERATIONS);
    }

    @Test
    void everythingElseHasItsBits() throws IOException {
        compare(Hashes.REST);
    }

    private static void compare(Hashes hashes) throws IOException {
        if ("write".equals(System.getProperty("adjoint.hashes"))) {
            Files.write(FOLDER.resolve(hashes.file()), hashes.computed().get());
            return;
        }
        assertThat(hashes.differences())
                .as(
                        "lines that only %s has (-), or only Java %s computes (+). A new line is written by -Dadjoint.hashes=write; a changed one is a fault, unless the bits were meant to change",
                        hashes.file(), Runtime.version())
                .isEmpty();
    }
}
