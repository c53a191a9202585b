package io.adjoint.io;

import java.nio.file.Path;

/** A file that is not what its format asks for; the message names the file, what is wrong, and where. Nothing was loaded. */
public final class MalformedFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    MalformedFileException(Path file, String problem) {
        super(file + ": " + problem);
    }

    MalformedFileException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }

    /** The same with a way out. */
    MalformedFileException(MalformedFileException cause, String wayOut) {
        super(cause.getMessage() + wayOut, cause);
    }
}
