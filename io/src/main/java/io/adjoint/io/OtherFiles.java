package io.adjoint.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Recognizes by its first bytes the format of a file that could not be read as the expected format. */
final class OtherFiles {
    /**
     * A file format that is recognized by the first characters of a file.
     *
     * @param format the name of the format, if this library reads it; else empty
     * @param start the first characters of such files
     * @param advice the message about such a file
     */
    private record Kind(String format, String start, String advice) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("Npy", "\u0093NUMPY", "it is an npy file; read it by Npy.load"),
            new Kind("Npz", "PK\3\4", "it is an npz file or another archive; Npz.load reads npz"),
            new Kind("", "version https://git-lfs", "it is a pointer of Git LFS, not the file; run `git lfs pull`"),
            new Kind("", "<", "it is a page of HTML, as a failed download leaves, or XML"));

    private static final int LONGEST_START = 32;

    private OtherFiles() {}

    /**
     * The message about a file of another format than expected; empty if no such format is recognized, or the file can't be read.
     *
     * @param format the format that the caller expected
     */
    static Optional<String> about(String format, Path path) {
        if (PickleFiles.isPickle(path)) {
            return Optional.of(PickleFiles.refusal(path));
        }
        byte[] first;
        try (InputStream file = Files.newInputStream(path)) {
            first = file.readNBytes(LONGEST_START);
        } catch (IOException e) {
            return Optional.empty();
        }
        if (beginsAsSafetensors(first)) {
            return Optional.of("it is a safetensors file; read it by Safetensors.load")
                    .filter(advice -> !format.equals("Safetensors") && first.length > Long.BYTES && first[8] == '{');
        }
        String start = new String(first, StandardCharsets.ISO_8859_1);
        return KINDS.stream()
                .filter(kind -> !kind.format().equals(format) && start.startsWith(kind.start()))
                .map(Kind::advice)
                .findFirst();
    }

    /** Returns whether the first 8 bytes can be the length of a safetensors header. */
    static boolean beginsAsSafetensors(byte[] first) {
        if (first.length < Long.BYTES) {
            return false;
        }
        long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length >= 0 && length <= SafetensorsHeader.LONGEST;
    }
}
