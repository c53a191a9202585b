package io.adjoint.io;

import io.adjoint.core.HeapException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

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
     * @throws IllegalArgumentException if it finds an array that is {@link TooLarge}
     * @throws UncheckedIOException if the file cannot be read, or takes more memory than is free
     */
    static <T> T read(String format, Path path, Action<T> action) {
        try {
            return named(format, path, action);
        } catch (OutOfMemoryError e) {
            // Of a header, or of what tells other kinds of files; the error itself names no file.
            throw failure(format, path, new HeapException("its content of " + size(path) + " bytes", e));
        }
    }

    private static <T> T named(String format, Path path, Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw failure(format, path, e);
        }
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * As {@link #read}, of an action that opens the file.
     *
     * @throws UncheckedIOException also if it is there and neither a file nor a folder: a pipe would be waited for, and a device has no end
     */
    static <T> T open(String format, Path path, Action<T> action) {
        if (isOther(path)) {
            IOException cause = new IOException("it is no regular file");
            throw new UncheckedIOException(
                    format + ": cannot read " + path
                            + ": it is no regular file, but a pipe, a socket or a device; copy what"
                            + " comes from it to a file",
                    cause);
        }
        return read(format, path, action);
    }

    /** Returns whether there is something, here or where a link leads, that is neither a file nor a folder. */
    static boolean isOther(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).isOther();
        } catch (IOException e) {
            return false;
        }
    }

    private static RuntimeException failure(String format, Path path, IOException cause) {
        if (Files.isDirectory(path)) {
            return new UncheckedIOException(format + ": cannot read " + path + ": it is a folder", cause);
        }
        if (cause instanceof Problem) {
            // Said here, so that all formats say it.
            Optional<String> other = OtherFiles.about(format, path);
            String problem = other.orElseGet(() -> String.valueOf(cause.getMessage()));
            return new MalformedFileException(path, problem, other.isPresent(), cause);
        }
        if (cause instanceof TooLarge) {
            return new IllegalArgumentException(path + ": " + cause.getMessage(), cause);
        }
        if (cause instanceof HeapException) {
            return new UncheckedIOException(format + ": cannot read " + path + ": " + cause.getMessage(), cause);
        }
        if (cause instanceof EOFException) {
            return new MalformedFileException(path, "it is cut: more bytes should follow", false, cause);
        }
        if (cause instanceof NoSuchFileException) {
            return new UncheckedIOException(format + ": there is no file " + path.toAbsolutePath(), cause);
        }
        return new UncheckedIOException(format + ": cannot read " + path + ": " + cause, cause);
    }
}
