package io.adjoint.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** The files of {@code torch.save}: what they contain is a program for the machine of Python's pickle, which is not run here. */
final class PickleFiles {
    /** The refusal of one. */
    static final String REFUSAL =
            "it is a pickle file, as torch.save writes it, and no such file is read, since it may run"
                    + " whatever it contains; convert it with Python:"
                    + " safetensors.torch.save_file(torch.load(\"model.pt\", weights_only=True), \"model.safetensors\"),"
                    + " or if some of its tensors share memory, load it into the model and use"
                    + " safetensors.torch.save_model(model, \"model.safetensors\")";

    /** The first instruction of a pickle since its second version, which the number of the version follows. */
    private static final int PROTOCOL = 0x80;

    private static final int NEWEST = 5;

    private PickleFiles() {}

    /** Returns whether a file is one, as PyTorch has written it since its version 1.6 or before; of unreadable ones false. */
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
        // The length of a safetensors header may begin with these bytes, too, but is less than what follows makes of
        // them.
        long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return (first[0] & 0xff) == PROTOCOL
                && first[1] >= 2
                && first[1] <= NEWEST
                && (length < 0 || length > SafetensorsHeader.LONGEST);
    }

    private static boolean hasPickle(Path path) {
        try (ZipFile archive = new ZipFile(path.toFile())) {
            return archive.stream().anyMatch(entry -> entry.getName().endsWith("data.pkl"));
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }
}
