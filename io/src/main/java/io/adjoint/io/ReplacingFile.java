package io.adjoint.io;

import io.adjoint.core.Internal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes a file so that at any moment its name leads to either the old or the complete new content, even after a power failure: a file with
 * a temporary name in the file's folder is written, forced to the disk and then renamed.
 *
 * @hidden
 */
@Internal
public final class ReplacingFile {
    /** The end of the names of files that are not complete yet. */
    static final String PARTIAL = ".partial";

    /**
     * Writes the content of a file to its open channel.
     *
     * @hidden
     */
    @FunctionalInterface
    public interface Content {
        void write(FileChannel channel) throws IOException;
    }

    private ReplacingFile() {}

    /**
     * Writes a file, atomically replacing a file of the same name, whose permissions are kept. If the path is a symbolic link, the file
     * that it leads to is replaced.
     *
     * @param format the beginning of error messages
     * @throws UncheckedIOException if writing fails; the old file is unchanged then
     */
    public static void write(String format, Path file, Content content) {
        Path target = followed(format, file);
        Path folder = target.getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw failed(format, file, new FileAlreadyExistsException(file + " is a folder"));
        }
        String name = String.valueOf(target.getFileName());
        // A file's name has at most 255 bytes, and a char needs up to 3 bytes, so the temporary name doesn't contain a
        // long name of the target.
        Path partial = folder.resolve((name.length() > 64 ? "" : "." + name) + "." + UUID.randomUUID() + PARTIAL);
        try {
            try (FileChannel channel =
                    FileChannel.open(partial, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                keepPermissions(target, partial);
                content.write(channel);
                channel.force(true);
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(folder);
        } catch (NoSuchFileException e) {
            throw failed(format, file, new NoSuchFileException("there is no folder " + folder));
        } catch (IOException e) {
            throw failed(format, file, e);
        } finally {
            delete(partial);
        }
    }

    /** Gives the new file the permissions of the file that it replaces, on POSIX systems, so that secret weights stay secret. */
    private static void keepPermissions(Path target, Path partial) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        if (view != null && Files.exists(target)) {
            Files.setPosixFilePermissions(partial, view.readAttributes().permissions());
        }
    }

    /** Resolves a symbolic link, so that renaming doesn't replace the link itself. */
    private static Path followed(String format, Path file) {
        try {
            return Files.isSymbolicLink(file) && Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        } catch (IOException e) {
            throw failed(format, file, e);
        }
    }

    /** Forces the renaming of a file in a folder to the disk, if the system can open folders. */
    static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows can't open folders, and some network file systems can't force them; the file is renamed
            // nevertheless.
        }
    }

    /**
     * Deletes the incomplete files, with temporary names, that killed processes left in a folder.
     *
     * @param names the pattern of the names that the files would have when complete; the temporary names contain them
     * @param before only incomplete files last written before this time are deleted, so that files being written by other processes are
     *     kept
     */
    static void deletePartials(Path folder, Pattern names, Instant before) throws IOException {
        Pattern partials = Pattern.compile("\\.(?:" + names + ")\\.[0-9a-f-]{36}" + Pattern.quote(PARTIAL));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                boolean isPartial =
                        partials.matcher(String.valueOf(file.getFileName())).matches();
                if (isPartial && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    delete(file);
                }
            }
        }
    }

    private static void delete(Path partial) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            // The exception is ignored: if writing has failed, the caller should get the exception of the writing.
        }
    }

    private static UncheckedIOException failed(String format, Path file, IOException cause) {
        return new UncheckedIOException(format + ": cannot write " + file + ", which is as it was: " + cause, cause);
    }
}
