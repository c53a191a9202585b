package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessagesTest {
    @Test
    void whatMovesACursorIsEscaped() {
        assertThat(Messages.printable("a\u001b[31m\n\r\t\u0007ä日😀"))
                .isEqualTo("a\\u001b[31m\\u000a\\u000d\\u0009\\u0007ä日😀");
        // A mark of the writing direction, a line separator, half of a surrogate pair, and a control character of eight
        // bits.
        assertThat(Messages.printable("\u202e\u2028\ud83d\u009b")).isEqualTo("\\u202e\\u2028\\ud83d\\u009b");
    }

    @Test
    void longTextsAreShortened() {
        assertThat(Messages.quoted("a".repeat(100))).isEqualTo("'" + "a".repeat(100) + "'");
        assertThat(Messages.quoted("a".repeat(101))).isEqualTo("'" + "a".repeat(100) + "…' (101 characters)");
        assertThat(Messages.quoted("a".repeat(99) + "😀😀")).isEqualTo("'" + "a".repeat(99) + "…' (103 characters)");
        assertThat(Messages.problem("a".repeat(2001))).hasSize(2000 + "… (2001 characters)".length());
    }

    @Test
    void ofManyNamesThereAreTheFirst() {
        assertThat(Messages.list(List.of())).isEqualTo("[]");
        assertThat(Messages.list(List.of("a", "b\n"))).isEqualTo("[a, b\\u000a]");
        assertThat(Messages.list(Collections.nCopies(11, "a")))
                .isEqualTo("[a, a, a, a, a, a, a, a, a, a, … 11 in all]");
    }
}
