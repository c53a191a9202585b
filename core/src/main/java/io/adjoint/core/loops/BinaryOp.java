package io.adjoint.core.loops;

import io.adjoint.core.Internal;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/**
 * The binary arithmetic operations that have dedicated loops: a single loop that calls a different lambda for each operation would become
 * megamorphic and 13 times as slow.
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

    /** The operation on two numbers, used for INT32, which has no loops of its own. */
    public final DoubleBinaryOperator function;

    private final String label = name().toLowerCase(Locale.ROOT);

    BinaryOp(DoubleBinaryOperator function) {
        this.function = function;
    }

    /** The operation's name in messages, such as {@code add}. */
    public String label() {
        return label;
    }
}
