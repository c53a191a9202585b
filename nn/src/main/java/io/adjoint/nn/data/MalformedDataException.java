package io.adjoint.nn.data;

import io.adjoint.core.Messages;

/** A file that is not what its format asks for; the message names the file and the place in it. */
public final class MalformedDataException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    MalformedDataException(String message) {
        super(Messages.problem(message));
    }

    MalformedDataException(String message, Throwable cause) {
        super(Messages.problem(message), cause);
    }
}
