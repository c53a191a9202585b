package io.adjoint.nn.data;

/** A file that is not what its format asks for; the message names the file and the place in it. */
public final class MalformedDataException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    MalformedDataException(String message) {
        super(message);
    }

    MalformedDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
