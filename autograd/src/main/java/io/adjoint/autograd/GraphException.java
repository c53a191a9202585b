package io.adjoint.autograd;

/** A use of the recorded graph that has no answer. The message names the operation and the way out. */
public final class GraphException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** An error with the given message. */
    public GraphException(String message) {
        super(message);
    }
}
