package io.adjoint.nn.data;

import io.adjoint.core.Messages;

/** Thrown if a file violates its format; the message names the file and the position of the fault in it. */
public final class MalformedDataException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    MalformedDataException(String message) {
        super(Messages.problem(message));
    }

    MalformedDataException(String message, Throwable cause) {
        super(Messages.problem(message), cause);
    }
}
