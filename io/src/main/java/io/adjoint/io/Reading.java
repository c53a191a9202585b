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

/** Turns exceptions thrown while a file is read into the exceptions that callers see. */
final class Reading {
    /** An action that reads a file. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException;
    }

    private Reading() {}

    /**
     * Runs an action that reads a file, and returns its result.
     *
     * @param format the beginning of messages about I/O errors
     * @throws io.adjoint.core.MalformedDataException if the action finds a {@link Problem}, or the file ends too early
     * @throws IllegalArgumentException if the action finds an array that is {@link TooLarge}
     * @throws UncheckedIOException if the file cannot be read, or takes more memory than is free
     */
    static <T> T read(String format, Path path, Action<T> action) {
        try {
            return named(format, path, action);
        } catch (OutOfMemoryError e) {
            // The OutOfMemoryError doesn't name the file, so an exception with the file's name replaces the error.
            // ElementReader itself replaces the error of an array's allocation, so the failed allocation was for a
            // header, or for recognizing the file's format.
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
     * Runs an action that opens and reads a file, as {@link #read} does.
     *
     * @throws UncheckedIOException also if the path leads to something other than a file or a folder: opening a pipe may block for ever,
     *     and a device may have no end
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

    /** Returns whether the path, after following links, leads to something that is neither a file nor a folder. */
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
            // Files of another format than the reader's are recognized in this method, since the readers of all formats
            // call it.
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
