package io.adjoint.core;

import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/** The comparisons of two arrays; each is false if one of the two numbers is NaN, but for {@link #NE}. */
public enum Comparison {
    /** Equal. */
    EQ((a, b) -> a == b ? 1 : 0),
    /** Not equal. */
    NE((a, b) -> a != b ? 1 : 0),
    /** Less. */
    LT((a, b) -> a < b ? 1 : 0),
    /** Less or equal. */
    LE((a, b) -> a <= b ? 1 : 0),
    /** Greater. */
    GT((a, b) -> a > b ? 1 : 0),
    /** Greater or equal. */
    GE((a, b) -> a >= b ? 1 : 0);

    private final BinaryKernel kernel;

    Comparison(DoubleBinaryOperator indicator) {
        this.kernel = BinaryKernel.each(indicator);
    }

    BinaryKernel kernel() {
        return kernel;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
