package io.adjoint.examples;

import io.adjoint.core.NdArray;
import io.adjoint.io.Npz;
import io.adjoint.io.Safetensors;
import io.adjoint.io.TensorFile;
import java.nio.file.Path;
import java.util.Map;

/** Files of tensors in the format that their names say. */
final class TensorFiles {
    private TensorFiles() {}

    static TensorFile open(Path path) {
        return path.toString().endsWith(".npz") ? Npz.open(path) : Safetensors.open(path);
    }

    static void save(Path path, Map<String, NdArray> arrays) {
        if (path.toString().endsWith(".npz")) {
            Npz.save(path, arrays);
        } else if (path.toString().endsWith(".safetensors")) {
            Safetensors.save(path, arrays);
        } else {
            throw new IllegalArgumentException(path + ": its name should end with .npz or .safetensors");
        }
    }
}
