package io.adjoint.core;

/**
 * An exception for an element type that an operation does not take, or for two types in one operation. Types are never promoted: the
 * message names the types and the call that converts.
 */
public final class DTypeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** An error with the given message. */
    public DTypeException(String message) {
        super(message);
    }

    /**
     * Checks that the two operands of an operation have the same type.
     *
     * @throws DTypeException if the types differ
     */
    public static void requireSame(String op, DType a, DType b) {
        if (a != b) {
            throw new DTypeException(op + ": cannot mix " + a + " with " + b + "; convert "
                    + (a.isFloating() && b.isFloating()
                            ? "one with to(" + a + ") or to(" + b + ")"
                            : a.compareTo(b) < 0 ? toOther(b, a) : toOther(a, b)));
        }
    }

    /** The advice to convert the first type to the second; the opposite conversion would lose fractions, or numbers other than 0 and 1. */
    private static String toOther(DType from, DType to) {
        return "the " + from + " operand with to(" + to + ")";
    }

    /**
     * Checks that the two operands of an operation have the same floating type.
     *
     * @throws DTypeException if the types differ, or are not floating
     */
    public static void requireSameFloating(String op, DType a, DType b) {
        if (!b.isFloating()) {
            a.requireFloating(op);
        }
        requireSame(op, a, b);
    }
}
