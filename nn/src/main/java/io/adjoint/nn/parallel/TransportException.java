package io.adjoint.nn.parallel;

import org.jspecify.annotations.Nullable;

/** A reason why workers can exchange nothing any more, in words that are true for all of them: it is passed on as it is. */
final class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TransportException(String reason) {
        this(reason, null);
    }

    TransportException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
