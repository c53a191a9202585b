package io.adjoint.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Turns what goes wrong while a file is read into the exceptions that callers see. */
final class Reading {
    /** Reads something. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException;
    }

    private Reading() {}

    /**
     * The result of an action that reads a file.
     *
     * @param format what messages about the system begin with
     * @throws MalformedFileException if the action finds a {@link Problem}, or the end of the file
     * @throws UncheckedIOException if the file cannot be read
     */
    static <T> T read(String format, Path path, Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw failure(format, path, e);
        }
    }

    private static RuntimeException failure(String format, Path path, IOException cause) {
        if (Files.isDirectory(path)) {
            return new UncheckedIOException(format + ": cannot read " + path + ": it is a folder", cause);
        }
        if (cause instanceof Problem) {
            // Said here, so that all formats say it.
            String problem = OtherFiles.about(format, path).orElseGet(() -> String.valueOf(cause.getMessage()));
            return new MalformedFileException(path, problem, cause);
        }
        if (cause instanceof EOFException) {
            return new MalformedFileException(path, "it is cut: more bytes should follow", cause);
        }
        if (cause instanceof NoSuchFileException) {
            return new UncheckedIOException(format + ": there is no file " + path.toAbsolutePath(), cause);
        }
        return new UncheckedIOException(format + ": cannot read " + path + ": " + cause, cause);
    }
}
