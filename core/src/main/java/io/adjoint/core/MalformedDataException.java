package io.adjoint.core;

import org.jspecify.annotations.Nullable;

/** Thrown if a file or text violates its format; the message names the file, the fault, and its position. Nothing was read from it. */
public class MalformedDataException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** An exception with a message, which may contain text of the file: it is shortened and made printable. */
    public MalformedDataException(String message) {
        this("", message, null);
    }

    /** An exception with a message, which may contain text of the file, and a cause. */
    public MalformedDataException(String message, Throwable cause) {
        this("", message, cause);
    }

    /**
     * An exception of another reader.
     *
     * @param file the beginning of the message
     * @param problem the rest of the message, which may contain text of the file: it is shortened and made printable
     */
    protected MalformedDataException(String file, String problem, @Nullable Throwable cause) {
        super(file + Messages.problem(problem), cause);
    }
}
