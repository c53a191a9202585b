package io.adjoint.core;

/**
 * Shapes, axes or lengths that do not fit the operation. The message names the operation, every shape involved, the guilty axis
 * and, where there is one, the way out.
 */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** An error with the given message. */
    public ShapeException(String message) {
        super(message);
    }
}
