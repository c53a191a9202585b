package io.adjoint.io;

import static io.adjoint.io.Problem.require;

import io.adjoint.core.NdArray;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** An open npz file. Only the entries in the directory at the end of the file are read. */
final class NpzArchive implements AutoCloseable {
    static final String SUFFIX = ".npy";

    /** The largest compression ratio of deflate: 2 bits can stand for 258 bytes, so 1 byte for 1,032. */
    private static final long MOST_DEFLATED = 1032;

    /**
     * The magic numbers with which a file may begin: the magic number of an entry and, for an archive without entries, the magic number of
     * the end of the directory.
     */
    private static final Set<Integer> MAGIC = Set.of(0x04034b50, 0x06054b50);

    private final ZipFile zip;
    private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

    private NpzArchive(ZipFile zip, long size) throws Problem {
        this.zip = zip;
        long compressed = 0;
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName();
            require(name.endsWith(SUFFIX), "its entry '" + name + "' is no array: it doesn't end with " + SUFFIX);
            name = name.substring(0, name.length() - SUFFIX.length());
            require(entries.put(name, entry) == null, "'" + name + "' is there twice");
            // The sum of the entries' sizes must not exceed the size of the file; otherwise the entries would overlap.
            require(
                    entry.getCompressedSize() >= 0 && entry.getCompressedSize() <= size - compressed,
                    "its entries have more bytes than it");
            compressed += entry.getCompressedSize();
        }
    }

    static NpzArchive open(Path path) throws IOException {
        long size = requireMagic(path);
        ZipFile zip = null;
        NpzArchive opened = null;
        try {
            zip = opened(path);
            opened = new NpzArchive(zip, size);
            return opened;
        } catch (ZipException | IllegalArgumentException e) {
            throw new Problem("it is no npz file, or cut: " + e.getMessage(), e);
        } finally {
            if (opened == null && zip != null) {
                zip.close();
            }
        }
    }

    /**
     * Opens an archive in any file system. {@link ZipFile} reads files of the default file system only, so other archives are copied to a
     * temporary file that is deleted when the archive is closed.
     */
    static ZipFile opened(Path path) throws IOException {
        if (path.getFileSystem().equals(FileSystems.getDefault())) {
            return new ZipFile(path.toFile());
        }
        Path copy = Files.createTempFile("adjoint", ".npz");
        try {
            Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
            return new ZipFile(copy.toFile(), ZipFile.OPEN_READ | ZipFile.OPEN_DELETE);
        } catch (IOException e) {
            Files.deleteIfExists(copy);
            throw e;
        }
    }

    /**
     * Refuses files that don't begin as an archive, such as programs or pictures with an archive appended; returns the file's size in
     * bytes.
     */
    private static long requireMagic(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer start = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            require(channel.size() >= start.capacity(), "it is no npz file: it has " + channel.size() + " bytes");
            new ChannelSource(channel, 0).fill(start);
            require(MAGIC.contains(start.getInt(0)), "it is no npz file: it doesn't begin as an archive");
            return channel.size();
        }
    }

    /** The names of the arrays, in the order of the archive. */
    Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    TensorInfo info(String name) throws IOException {
        return with(name, (header, source) -> header.info());
    }

    NdArray read(String name) throws IOException {
        ZipEntry entry = Objects.requireNonNull(entries.get(name));
        return with(name, (header, source) -> {
            NdArray array = header.elements(source);
            require(source.in.read() < 0, "more bytes follow than its header says");
            require(source.in.getChecksum().getValue() == entry.getCrc(), "its checksum is wrong");
            return array;
        });
    }

    /** An action on an entry whose header is already read, so the elements are next in the source. */
    private interface Action<T> {
        T run(NpyHeader header, EntrySource source) throws IOException;
    }

    private <T> T with(String name, Action<T> action) throws IOException {
        ZipEntry entry = Objects.requireNonNull(entries.get(name));
        try (InputStream in = zip.getInputStream(entry)) {
            requirePossible(entry);
            EntrySource source = new EntrySource(new CheckedInputStream(in, new CRC32()));
            return action.run(NpyHeader.read(source, name, entry.getSize()), source);
        } catch (Problem | ZipException | EOFException e) {
            throw new Problem("'" + name + "': " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            throw new IOException("it is closed", e);
        }
    }

    /** Refuses an uncompressed size that the compressed bytes can't produce, before an array of that size is allocated. */
    private static void requirePossible(ZipEntry entry) throws Problem {
        long compressed = entry.getCompressedSize();
        boolean possible = entry.getMethod() == ZipEntry.STORED
                ? entry.getSize() == compressed
                : entry.getSize() / MOST_DEFLATED <= compressed;
        require(possible, "it can't have " + entry.getSize() + " bytes, as " + compressed + " are stored");
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /** Reads the bytes of an entry. */
    private record EntrySource(CheckedInputStream in) implements ElementReader.Source {
        @Override
        public void fill(ByteBuffer target) throws IOException {
            int count = target.remaining();
            if (in.readNBytes(target.array(), target.arrayOffset() + target.position(), count) < count) {
                throw new EOFException("fewer bytes follow than its header says");
            }
            target.position(target.limit());
        }
    }
}
