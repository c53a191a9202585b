package io.adjoint.core;

/**
 * An exception for shapes, axes or lengths that do not fit the operation. The message names the operation, every shape involved, the wrong
 * axis and, if there is one, a remedy.
 */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** An error with the given message. */
    public ShapeException(String message) {
        super(message);
    }
}
