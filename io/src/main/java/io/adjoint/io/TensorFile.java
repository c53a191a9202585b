package io.adjoint.io;

import io.adjoint.core.NdArray;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A file of named arrays that is open: each is read when it is asked for. Several threads may read at once. */
public sealed interface TensorFile extends AutoCloseable permits Npz, Safetensors {
    /** The names of the arrays, in the order of the file. */
    Set<String> names();

    /**
     * The descriptions of all arrays, by name, in the order of the file.
     *
     * @throws UncheckedIOException if headers are read for this call, and cannot be read
     * @throws io.adjoint.core.MalformedDataException if a header that is read for this call violates the format
     */
    Map<String, TensorInfo> tensors();

    /** The strings that were stored beside the arrays, by name. */
    Map<String, String> metadata();

    /**
     * Reads an array.
     *
     * @throws IllegalArgumentException if there is none of that name, or it has more elements than an array can have
     * @throws UncheckedIOException if the file cannot be read or is closed, or the array takes more memory than is free
     * @throws io.adjoint.core.MalformedDataException if the array is not whole, or has elements that Adjoint hasn't
     */
    NdArray read(String name);

    /**
     * Reads all arrays.
     *
     * @throws IllegalArgumentException as {@link #read}
     * @throws UncheckedIOException as {@link #read}
     * @throws io.adjoint.core.MalformedDataException as {@link #read}
     */
    default Map<String, NdArray> readAll() {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        names().forEach(name -> arrays.put(name, read(name)));
        return arrays;
    }

    /** Closes the file; arrays that were read stay. */
    @Override
    void close();
}
