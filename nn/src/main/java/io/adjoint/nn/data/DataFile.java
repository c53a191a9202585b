package io.adjoint.nn.data;

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

/** Opens files, packed by gzip or not. */
final class DataFile {
    /** Reads a stream that is open. */
    @FunctionalInterface
    interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    private DataFile() {}

    static <T> T read(String format, Path file, Reader<T> reader) {
        if (isOther(file)) {
            throw failed(
                    format,
                    file.toString(),
                    new IOException(
                            "it is no regular file, but a pipe, a socket or a device; open it as a stream, which"
                                    + " read(InputStream, name) takes, or copy what comes from it to a file"));
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(format, in, file.toString(), reader);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(format + ": there is no file " + file.toAbsolutePath(), e);
        } catch (IOException e) {
            throw failed(format, file.toString(), e);
        }
    }

    /** Returns whether there is something that is neither a file nor a folder: a pipe would be waited for, and a device has no end. */
    private static boolean isOther(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).isOther();
        } catch (IOException e) {
            return false;
        }
    }

    /** Reads a stream, unpacked if it begins as gzip does; the caller closes it. */
    static <T> T read(String format, InputStream in, String name, Reader<T> reader) {
        try {
            InputStream buffered = new BufferedInputStream(in);
            buffered.mark(2);
            boolean packed = buffered.read() == 0x1f && buffered.read() == 0x8b;
            buffered.reset();
            return packed ? unpacked(format, buffered, name, reader) : reader.read(buffered);
        } catch (IOException e) {
            throw failed(format, name, e);
        }
    }

    private static <T> T unpacked(String format, InputStream packed, String name, Reader<T> reader) throws IOException {
        try {
            return reader.read(new GZIPInputStream(packed, 1 << 16));
        } catch (EOFException e) {
            throw new MalformedDataException(format + ": " + name + ": is packed by gzip, but cut", e);
        } catch (ZipException e) {
            throw new MalformedDataException(
                    format + ": " + name + ": is packed by gzip, but damaged: " + e.getMessage(), e);
        }
    }

    private static UncheckedIOException failed(String format, String name, IOException cause) {
        return new UncheckedIOException(format + ": cannot read " + name + ": " + cause, cause);
    }
}
