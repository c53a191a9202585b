package io.adjoint.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The files of {@code torch.save}: what they contain is a program for the machine of Python's pickle, which is not run here. */
final class PickleFiles {
    private static final int ZIP = 'P';
    /** The first instruction of a pickle since its second version, which the number of the version follows. */
    private static final int PROTOCOL = 0x80;

    private static final int NEWEST = 5;

    private PickleFiles() {}

    /**
     * Refuses such a file, as PyTorch has written it since its version 1.6 or before; says nothing of others.
     *
     * @throws MalformedFileException if it is one, with the lines of Python that convert it
     */
    static void refuse(Path path) throws IOException {
        if (isPickle(path)) {
            throw new MalformedFileException(
                    path,
                    "it is a pickle file, as torch.save writes it, and no such file is read, since it may run whatever it"
                            + " contains; convert it with Python:"
                            + " safetensors.torch.save_file(torch.load(\"model.pt\", weights_only=True), \"model.safetensors\"),"
                            + " or if some of its tensors share memory, load it into the model and use"
                            + " safetensors.torch.save_model(model, \"model.safetensors\")");
        }
    }

    private static boolean isPickle(Path path) throws IOException {
        byte[] first;
        try (InputStream file = Files.newInputStream(path)) {
            first = file.readNBytes(2);
        }
        if (first.length < 2 || first[0] != ZIP) {
            return first.length == 2 && (first[0] & 0xff) == PROTOCOL && first[1] >= 2 && first[1] <= NEWEST;
        }
        try (ZipFile archive = new ZipFile(path.toFile())) {
            return archive.stream().anyMatch(entry -> entry.getName().endsWith("data.pkl"));
        } catch (ZipException e) {
            return false;
        }
    }
}
