package io.adjoint.core;

/**
 * A read of an array whose step has ended. Layers and backward passes put their place before the message.
 *
 * @hidden
 */
@Internal
public final class EndedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** An error with the given message. */
    public EndedException(String message) {
        super(message);
    }

    /** A copy of this error with a place before its message. */
    public EndedException at(String place) {
        EndedException copy = new EndedException(place + ": " + getMessage());
        copy.setStackTrace(getStackTrace());
        for (Throwable suppressed : getSuppressed()) {
            copy.addSuppressed(suppressed);
        }
        return copy;
    }
}
