package io.adjoint.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/**
 * Recognizes the files of {@code torch.save}. Such a file contains a program for Python's pickle machine, which this library never runs.
 */
final class PickleFiles {
    /** The opcode with which a pickle begins since protocol 2; the next byte is the number of the protocol. */
    private static final int PROTOCOL = 0x80;

    private static final int NEWEST = 5;

    private PickleFiles() {}

    /** The message that refuses a pickle file. */
    static String refusal(Path path) {
        return "it is a pickle file, as torch.save writes it, and no such file is read, since it may run"
                + " whatever it contains; convert it with Python: state = torch.load(\"" + path.getFileName()
                + "\", weights_only=True), of a training often a dict that has the state in it, state[\"model\"];"
                + " safetensors.torch.save_file(state, \"model.safetensors\"),"
                + " or if some of its tensors share memory, load it into the model and use"
                + " safetensors.torch.save_model(model, \"model.safetensors\")";
    }

    /**
     * Returns whether a file is a pickle file, in the format of PyTorch 1.6 and later or in the older format; false if it can't be read.
     */
    static boolean isPickle(Path path) {
        byte[] first;
        try (InputStream file = Files.newInputStream(path)) {
            first = file.readNBytes(Long.BYTES);
        } catch (IOException e) {
            return false;
        }
        if (first.length < Long.BYTES) {
            return false;
        }
        if (first[0] == 'P' && first[1] == 'K') {
            return hasPickle(path);
        }
        // A safetensors file, which begins with the length of its header in eight bytes, may have the same first two
        // bytes as a pickle. The first eight bytes of a pickle, however, make a number too large for such a length.
        return (first[0] & 0xff) == PROTOCOL
                && first[1] >= 2
                && first[1] <= NEWEST
                && !OtherFiles.beginsAsSafetensors(first);
    }

    private static boolean hasPickle(Path path) {
        try (ZipFile archive = NpzArchive.opened(path)) {
            return archive.stream().anyMatch(entry -> entry.getName().endsWith("data.pkl"));
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }
}
