package io.adjoint.io;

import io.adjoint.core.Messages;
import java.nio.file.Path;

/** A file that is not what its format asks for; the message names the file, what is wrong, and where. Nothing was loaded. */
public final class MalformedFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** True if the file may be as it should, but is another one than was expected: not to be deleted. */
    private final boolean isAnother;

    MalformedFileException(Path file, String problem) {
        this(file, problem, false);
    }

    /** A file that is another one than was expected. */
    MalformedFileException(Path file, String problem, boolean isAnother) {
        super(file + ": " + Messages.problem(problem));
        this.isAnother = isAnother;
    }

    MalformedFileException(Path file, String problem, boolean isAnother, Throwable cause) {
        super(file + ": " + Messages.problem(problem), cause);
        this.isAnother = isAnother;
    }

    /** The same with a way out. */
    MalformedFileException(MalformedFileException cause, String wayOut) {
        super(cause.getMessage() + wayOut, cause);
        this.isAnother = cause.isAnother;
    }

    /** Returns whether the file is another one than was expected, which somebody may need. */
    boolean isAnother() {
        return isAnother;
    }
}
