package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LibraryVersionTest {
    @Test
    void aProgramThatWasPackedWithoutTheVersionHasAnUnknownOne() {
        assertThat(LibraryVersion.read(null)).isEqualTo("unknown");
        assertThat(LibraryVersion.TEXT).matches("\\d+\\.\\d+\\..*");
    }
}
