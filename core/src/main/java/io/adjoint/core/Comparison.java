package io.adjoint.core;

import io.adjoint.core.loops.BinaryKernel;
import java.util.function.DoubleBinaryOperator;

/**
 * The comparisons of two arrays, each false if one of the two numbers is NaN, but for {@link #NE}; and the connectives of two masks.
 */
public enum Comparison {
    /** Equal. */
    EQ("eq", (a, b) -> a == b ? 1 : 0),
    /** Not equal. */
    NE("ne", (a, b) -> a != b ? 1 : 0),
    /** Less. */
    LT("lt", (a, b) -> a < b ? 1 : 0),
    /** Less or equal. */
    LE("le", (a, b) -> a <= b ? 1 : 0),
    /** Greater. */
    GT("gt", (a, b) -> a > b ? 1 : 0),
    /** Greater or equal. */
    GE("ge", (a, b) -> a >= b ? 1 : 0),
    /** Both true. */
    AND("and", (a, b) -> a != 0 && b != 0 ? 1 : 0),
    /** At least one true. */
    OR("or", (a, b) -> a != 0 || b != 0 ? 1 : 0),
    /** Exactly one true. */
    XOR("xor", (a, b) -> (a != 0) != (b != 0) ? 1 : 0);

    private final String label;
    private final BinaryKernel kernel;

    Comparison(String label, DoubleBinaryOperator indicator) {
        this.label = label;
        this.kernel = BinaryKernel.each(indicator);
    }

    /** Returns whether this comparison is an order, which BOOL elements don't have. */
    public boolean isOrder() {
        return this == LT || this == LE || this == GT || this == GE;
    }

    boolean isConnective() {
        return this == AND || this == OR || this == XOR;
    }

    BinaryKernel kernel() {
        return kernel;
    }

    /** The comparison's name in messages: {@code lt}. */
    public String label() {
        return label;
    }
}
