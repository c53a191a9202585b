package io.adjoint.examples;

import io.adjoint.core.NdArray;
import io.adjoint.io.Npz;
import io.adjoint.io.Safetensors;
import io.adjoint.io.TensorInfo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A file of tensors in the format that its name says. */
interface TensorFiles extends AutoCloseable {
    Map<String, TensorInfo> tensors();

    Map<String, String> metadata();

    NdArray read(String name);

    @Override
    void close();

    /** All arrays, by name. */
    default Map<String, NdArray> readAll() {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        tensors().keySet().forEach(name -> arrays.put(name, read(name)));
        return arrays;
    }

    static TensorFiles open(Path path) {
        return path.toString().endsWith(".npz")
                ? new OfNumPy(Npz.open(path))
                : new OfSafetensors(Safetensors.open(path));
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

    /** An npz file. */
    record OfNumPy(Npz file) implements TensorFiles {
        @Override
        public Map<String, TensorInfo> tensors() {
            return file.tensors();
        }

        @Override
        public Map<String, String> metadata() {
            return Map.of();
        }

        @Override
        public NdArray read(String name) {
            return file.read(name);
        }

        @Override
        public void close() {
            file.close();
        }
    }

    /** A safetensors file, or several with an index. */
    record OfSafetensors(Safetensors file) implements TensorFiles {
        @Override
        public Map<String, TensorInfo> tensors() {
            return file.tensors();
        }

        @Override
        public Map<String, String> metadata() {
            return file.metadata();
        }

        @Override
        public NdArray read(String name) {
            return file.read(name);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
