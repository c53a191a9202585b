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
import java.util.zip.ZipFile;

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
            new Kind(
                    "Npz",
                    "PK\3\4",
                    "it is an npz file or another archive, such as a file of torch.save; Npz.load reads npz, and"
                            + " safetensors.torch.save_file saves weights for Safetensors.load"),
            new Kind("", "version https://git-lfs", "it is a pointer of Git LFS, not the file; run `git lfs pull`"),
            new Kind("", "<", "it is a page of HTML, as a failed download leaves, or XML"));

    private static final int LONGEST_START = 32;

    /** The opcode with which a pickle begins since protocol 2; the next byte is the number of the protocol. */
    private static final int PICKLE_PROTOCOL = 0x80;

    private static final int NEWEST_PROTOCOL = 5;

    private OtherFiles() {}

    /**
     * The message about a file of another format than expected; empty if no such format is recognized, or the file can't be read.
     *
     * @param format the format that the caller expected
     */
    static Optional<String> about(String format, Path path) {
        byte[] first;
        try (InputStream file = Files.newInputStream(path)) {
            first = file.readNBytes(LONGEST_START);
        } catch (IOException e) {
            return Optional.empty();
        }
        if (isPickle(path, first)) {
            return Optional.of(
                    "it is a pickle file, as torch.save writes it, and no such file is read, since it may run"
                            + " whatever it contains; convert it with Python: state = torch.load(\""
                            + path.getFileName()
                            + "\", weights_only=True), of a training often a dict that has the state in it, state[\"model\"];"
                            + " safetensors.torch.save_file(state, \"model.safetensors\"),"
                            + " or if some of its tensors share memory, load it into the model and use"
                            + " safetensors.torch.save_model(model, \"model.safetensors\")");
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

    /**
     * Returns whether a file is a pickle file, in the format of PyTorch 1.6 and later, an archive, or in the older format. A pickle has a
     * program for Python's pickle machine, which this library never runs.
     */
    private static boolean isPickle(Path path, byte... first) {
        if (first.length < Long.BYTES) {
            return false;
        }
        if (first[0] == 'P' && first[1] == 'K') {
            try (ZipFile archive = NpzArchive.opened(path)) {
                return archive.stream().anyMatch(entry -> entry.getName().endsWith("data.pkl"));
            } catch (IOException | IllegalArgumentException e) {
                return false;
            }
        }
        // A safetensors file, which begins with the length of its header in eight bytes, may have the same first two
        // bytes as a pickle. The first eight bytes of a pickle, however, make a number too large for such a length.
        return (first[0] & 0xff) == PICKLE_PROTOCOL
                && first[1] >= 2
                && first[1] <= NEWEST_PROTOCOL
                && !beginsAsSafetensors(first);
    }

    /** Returns whether the first 8 bytes can be the length of a safetensors header. */
    private static boolean beginsAsSafetensors(byte[] first) {
        if (first.length < Long.BYTES) {
            return false;
        }
        long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length >= 0 && length <= SafetensorsHeader.LONGEST;
    }
}
