package io.adjoint.io;

import io.adjoint.core.Messages;
import java.nio.file.Path;

/** Thrown if a file violates its format; the message names the file, the fault, and its position. Nothing was loaded. */
public final class MalformedFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** True if the file is a possibly intact file of another kind than expected, which must not be deleted. */
    private final boolean isAnother;

    MalformedFileException(Path file, String problem) {
        this(file, problem, false);
    }

    /** An exception for a file that may be of another kind than expected. */
    MalformedFileException(Path file, String problem, boolean isAnother) {
        super(file + ": " + Messages.problem(problem));
        this.isAnother = isAnother;
    }

    MalformedFileException(Path file, String problem, boolean isAnother, Throwable cause) {
        super(file + ": " + Messages.problem(problem), cause);
        this.isAnother = isAnother;
    }

    /** A copy of an exception with advice appended to the message. */
    MalformedFileException(MalformedFileException cause, String wayOut) {
        super(cause.getMessage() + wayOut, cause);
        this.isAnother = cause.isAnother;
    }

    /** Returns whether the file is of another kind than expected, so that it may still be needed. */
    boolean isAnother() {
        return isAnother;
    }
}
