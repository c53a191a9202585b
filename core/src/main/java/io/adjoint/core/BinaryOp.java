package io.adjoint.core;

import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/**
 * The arithmetic of two arrays that has dedicated loops: one shared lambda loop becomes megamorphic and 13 times as slow.
 *
 * @hidden
 */
@Internal
public enum BinaryOp {
    ADD(Double::sum),
    SUB((x, y) -> x - y),
    MUL((x, y) -> x * y),
    DIV((x, y) -> x / y),
    MAXIMUM(Math::max),
    MINIMUM(Math::min);

    /** Of two numbers, where there are no dedicated loops: of INT32. */
    final DoubleBinaryOperator function;

    private final String label = name().toLowerCase(Locale.ROOT);

    BinaryOp(DoubleBinaryOperator function) {
        this.function = function;
    }

    /** As the user calls it: {@code add}. */
    String label() {
        return label;
    }
}
