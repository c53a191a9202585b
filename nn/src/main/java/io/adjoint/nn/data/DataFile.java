package io.adjoint.nn.data;

import io.adjoint.core.HeapException;
import io.adjoint.core.MalformedDataException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens files, and decompresses them if they are gzip files. */
final class DataFile {
    /** Reads an open stream. */
    @FunctionalInterface
    interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    /**
     * An open file.
     *
     * @param format the name of its format, for messages
     * @param in its content, decompressed
     * @param isPacked true if the file is compressed by gzip
     */
    record Opened(String format, String name, InputStream in, boolean isPacked) implements AutoCloseable {
        /** Makes the exception for the caller from an exception that reading {@link #in} threw. */
        RuntimeException failed(IOException cause) {
            if (isPacked && cause instanceof EOFException) {
                return new MalformedDataException(format + ": " + name + ": is packed by gzip, but cut", cause);
            } else if (isPacked && cause instanceof ZipException) {
                return new MalformedDataException(
                        format + ": " + name + ": is packed by gzip, but damaged: " + cause.getMessage(), cause);
            }
            return DataFile.failed(format, name, cause);
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    private DataFile() {}

    static <T> T read(String format, Path file, Reader<T> reader) {
        try (Opened opened = open(format, file)) {
            return read(opened, reader);
        }
    }

    /** Reads a stream, decompressed if it begins with the magic number of gzip; the caller closes the stream. */
    static <T> T read(String format, InputStream in, String name, Reader<T> reader) {
        return read(open(format, in, name), reader);
    }

    private static <T> T read(Opened opened, Reader<T> reader) {
        try {
            return reader.read(opened.in());
        } catch (IOException e) {
            throw opened.failed(e);
        } catch (OutOfMemoryError e) {
            throw opened.failed(new HeapException("its content", e));
        }
    }

    /** Opens a file, which the caller closes. */
    static Opened open(String format, Path file) {
        String name = file.toString();
        if (isOther(file)) {
            throw failed(
                    format,
                    name,
                    new IOException(
                            "it is no regular file, but a pipe, a socket or a device; open it as a stream, which"
                                    + " read(InputStream, name) takes, or copy what comes from it to a file"));
        }
        try {
            InputStream in = Files.newInputStream(file);
            try {
                return open(format, in, name);
            } catch (RuntimeException | Error e) {
                in.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(format + ": there is no file " + file.toAbsolutePath(), e);
        } catch (IOException e) {
            throw failed(format, name, e);
        }
    }

    /**
     * Returns whether the path leads to neither a file nor a folder but, for example, to a pipe, which may block for ever when it is
     * opened, or to a device, which may have no end.
     */
    private static boolean isOther(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).isOther();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Opens the content of a stream, decompressed if it begins with the magic number of gzip; the caller closes the stream or the result.
     */
    static Opened open(String format, InputStream in, String name) {
        InputStream buffered = new BufferedInputStream(in);
        boolean isPacked = false;
        try {
            buffered.mark(2);
            isPacked = buffered.read() == 0x1f && buffered.read() == 0x8b;
            buffered.reset();
            return new Opened(format, name, isPacked ? new GZIPInputStream(buffered, 1 << 16) : buffered, isPacked);
        } catch (IOException e) {
            throw new Opened(format, name, buffered, isPacked).failed(e);
        }
    }

    private static UncheckedIOException failed(String format, String name, IOException cause) {
        return new UncheckedIOException(
                format + ": cannot read " + name + ": "
                        + (cause instanceof HeapException ? cause.getMessage() : cause.toString()),
                cause);
    }
}
