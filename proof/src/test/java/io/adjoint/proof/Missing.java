package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** Comparisons of long lists of names, whose failure shows the names that differ and what to do, not both lists. */
final class Missing {
    private Missing() {}

    /** Fails with the names that are required and not there. */
    static void none(String toDo, Collection<String> required, Collection<String> present) {
        Set<String> missing = new TreeSet<>(required);
        missing.removeAll(present);
        assertThat(missing).as(toDo).isEmpty();
    }

    /** Fails with the things that have no row, or with the rows that stand for nothing. */
    static void none(String things, String catalogue, Collection<String> required, Collection<String> rows) {
        none(things + " without a row: add one to " + catalogue, required, rows);
        none("rows of " + catalogue + " that stand for no such class or method", rows, required);
    }
}
