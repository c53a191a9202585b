package io.adjoint.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
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
        } catch (Problem e) {
            // Said here, so that all formats say it.
            String problem = PickleFiles.isPickle(path) ? PickleFiles.REFUSAL : String.valueOf(e.getMessage());
            throw new MalformedFileException(path, problem, e);
        } catch (EOFException e) {
            throw new MalformedFileException(path, "it is cut: more bytes should follow", e);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(format + ": there is no file " + path.toAbsolutePath(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(format + ": cannot read " + path + ": " + e, e);
        }
    }
}
