package io.adjoint.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** The files of {@code torch.save}: what they contain is a program for the machine of Python's pickle, which is not run here. */
final class PickleFiles {
    /** The first instruction of a pickle since its second version, which the number of the version follows. */
    private static final int PROTOCOL = 0x80;

    private static final int NEWEST = 5;

    private PickleFiles() {}

    /** The refusal of one. */
    static String refusal(Path path) {
        return "it is a pickle file, as torch.save writes it, and no such file is read, since it may run"
                + " whatever it contains; convert it with Python: state = torch.load(\"" + path.getFileName()
                + "\", weights_only=True), of a training often a dict that has the state in it, state[\"model\"];"
                + " safetensors.torch.save_file(state, \"model.safetensors\"),"
                + " or if some of its tensors share memory, load it into the model and use"
                + " safetensors.torch.save_model(model, \"model.safetensors\")";
    }

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
