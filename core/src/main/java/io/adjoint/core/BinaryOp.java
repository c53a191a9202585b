package io.adjoint.core;

import java.util.Locale;

/** The arithmetic of two arrays that has dedicated loops: one shared lambda loop becomes megamorphic and 13 times as slow. */
enum BinaryOp {
    ADD,
    SUB,
    MUL,
    DIV,
    MAXIMUM,
    MINIMUM;

    /** As the user calls it: {@code add}. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
