package io.adjoint.nn.data;

/**
 * Thrown if a sample, or a batch of samples, could not be made; the message begins with their numbers, the cause says why. Its batch counts
 * as taken: the same iterator goes on with the batch after it, and a new iteration is a whole epoch.
 */
public final class SampleException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SampleException(Class<?> owner, String which, RuntimeException cause) {
        super(
                owner.getSimpleName() + ": " + which + ": " + (cause.getMessage() == null ? cause : cause.getMessage()),
                cause);
    }
}
