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
 * Writes a file beside its place, forces it to the disk and then renames it: at any moment there is the file as it was or the whole new
 * one, also after a power failure.
 *
 * @hidden
 */
@Internal
public final class ReplacingFile {
    /** Ends the names of files that are not yet whole. */
    static final String PARTIAL = ".partial";

    /** Writes to a channel that is open. */
    @FunctionalInterface
    public interface Content {
        void write(FileChannel channel) throws IOException;
    }

    private ReplacingFile() {}

    /**
     * Writes a file in place of that of the same name, if there is one; of a symbolic link, in place of the file that it leads to. The
     * permissions stay.
     *
     * @param format what messages begin with
     * @throws UncheckedIOException if that fails; then the file is as it was
     */
    public static void write(String format, Path file, Content content) {
        Path target = followed(format, file);
        Path folder = target.getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw failed(format, file, new FileAlreadyExistsException(file + " is a folder"));
        }
        String name = String.valueOf(target.getFileName());
        // A file's name has at most 255 bytes, and a character up to three.
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

    /** Gives a file the permissions of the one that it replaces, where the system has such: secret weights stay secret. */
    private static void keepPermissions(Path target, Path partial) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        if (view != null && Files.exists(target)) {
            Files.setPosixFilePermissions(partial, view.readAttributes().permissions());
        }
    }

    /** The file itself, so that renaming does not replace a link to it. */
    private static Path followed(String format, Path file) {
        try {
            return Files.isSymbolicLink(file) && Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        } catch (IOException e) {
            throw failed(format, file, e);
        }
    }

    /** Forces the renaming to the disk, where the system opens folders. */
    static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows does not open folders, and some network file systems do not force them; the file is in its place
            // all the same.
        }
    }

    /**
     * Deletes what writing of files left in a folder when its process was killed.
     *
     * @param names the names of these files
     * @param before only what nobody has written to since then: not what another process is writing
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
            // It fails where the write failed, too, which is what the caller hears of.
        }
    }

    private static UncheckedIOException failed(String format, Path file, IOException cause) {
        return new UncheckedIOException(format + ": cannot write " + file + ", which is as it was: " + cause, cause);
    }
}
