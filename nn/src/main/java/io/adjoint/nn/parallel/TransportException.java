package io.adjoint.nn.parallel;

import org.jspecify.annotations.Nullable;

/**
 * Says why the exchange of arrays between workers has failed. The message is sent to the other workers unchanged, so it names ranks instead
 * of "this worker".
 */
final class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TransportException(String reason) {
        this(reason, null);
    }

    TransportException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
