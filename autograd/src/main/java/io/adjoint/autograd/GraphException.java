package io.adjoint.autograd;

/**
 * An exception for a use of the recorded graph that is impossible, such as a second backward pass over a released graph. The message names
 * the operation and the way out.
 */
public final class GraphException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** An error with the given message. */
    public GraphException(String message) {
        super(message);
    }
}
