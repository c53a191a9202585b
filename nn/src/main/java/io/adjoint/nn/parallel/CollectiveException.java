package io.adjoint.nn.parallel;

import org.jspecify.annotations.Nullable;

/**
 * An operation of workers that failed, at all of them: one has ended or failed, sent nothing within the time-out, called another
 * operation, or was interrupted. The message names the operation, its number and the rank at fault as far as they are known. The
 * {@link Collective} has ended with it: each further call throws this exception, too.
 */
public final class CollectiveException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    CollectiveException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
