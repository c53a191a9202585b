package io.adjoint.examples;

import io.adjoint.core.NdArray;
import io.adjoint.io.Npz;
import io.adjoint.io.Safetensors;
import io.adjoint.io.SafetensorsOptions;
import io.adjoint.io.TensorFile;
import java.nio.file.Path;
import java.util.Map;

/** Opens and writes files of tensors in the format that belongs to the end of their name. */
final class TensorFiles {
    private TensorFiles() {}

    static TensorFile open(Path path) {
        return path.toString().endsWith(".npz") ? Npz.open(path) : Safetensors.open(path);
    }

    /** Writes arrays, and the metadata if the format can store them; returns whether it can. */
    static boolean save(Path path, Map<String, NdArray> arrays, Map<String, String> metadata) {
        if (path.toString().endsWith(".npz")) {
            Npz.save(path, arrays);
            return false;
        } else if (path.toString().endsWith(".safetensors")) {
            Safetensors.save(path, arrays, new SafetensorsOptions().metadata(metadata));
            return true;
        } else {
            throw new IllegalArgumentException(path + ": its name should end with .npz or .safetensors");
        }
    }
}
