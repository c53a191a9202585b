package io.adjoint.io;

import io.adjoint.core.MalformedDataException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Thrown by this package if a file violates its format; users catch the base class, which other readers throw as well. */
final class MalformedFileException extends MalformedDataException {
    private static final long serialVersionUID = 1;

    /** True if the file is a possibly intact file of another kind than expected, which must not be deleted. */
    private final boolean isAnother;

    MalformedFileException(Path file, String problem) {
        this(file, problem, false);
    }

    /** An exception for a file that may be of another kind than expected. */
    MalformedFileException(Path file, String problem, boolean isAnother) {
        this(file, problem, isAnother, null);
    }

    MalformedFileException(Path file, String problem, boolean isAnother, @Nullable Throwable cause) {
        super(file + ": ", problem, cause);
        this.isAnother = isAnother;
    }

    /** A copy of an exception with advice appended to the message. */
    MalformedFileException(MalformedFileException cause, String wayOut) {
        super(cause.getMessage() + wayOut, "", cause);
        this.isAnother = cause.isAnother;
    }

    /** Returns whether the file is of another kind than expected, so that it may still be needed. */
    boolean isAnother() {
        return isAnother;
    }
}
