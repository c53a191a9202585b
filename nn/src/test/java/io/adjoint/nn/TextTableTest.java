package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void columnsAreAsWideAsTheirLongestCell() {
        TextTable table = new TextTable(TextTable.left(), TextTable.right())
                .row("name", "count", "x")
                .row("a longer name", "1", "2.5")
                .row("ξένος", "100000", "3");

        assertThat(table.toString().split("\n"))
                .containsExactly(
                        "name            count    x", "a longer name       1  2.5", "ξένος          100000    3");
    }

    @Test
    void widthsAndGapsMayBeGiven() {
        TextTable table = new TextTable(
                        TextTable.right().atLeast(3),
                        TextTable.right().exactly(4).gap(1),
                        TextTable.right().exactly(2).gap(0))
                .row("a", "b", "c", "d")
                .row()
                .row("1234", "12345", "1");

        assertThat(table.toString().split("\n")).containsExactly("   a    b c d", "", "1234 12345 1");
        assertThat(new TextTable(TextTable.right()).toString()).isEmpty();
    }
}
