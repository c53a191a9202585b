package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.data.Csv;
import io.adjoint.nn.data.CsvOptions;
import io.adjoint.nn.data.Idx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.BiFunction;

/** Reads the data of the examples, which are resources in folders beside the classes. */
final class Resources {
    private Resources() {}

    /** Reads a table whose first line has the names of the columns. */
    static Csv csv(String name) {
        return csv(name, new CsvOptions());
    }

    static Csv csv(String name, CsvOptions options) {
        return read(name, (in, file) -> Csv.read(in, file, options));
    }

    /** Reads an array in the IDX format. */
    static Tensor idx(String name) {
        return read(name, Idx::read);
    }

    private static <T> T read(String name, BiFunction<InputStream, String, T> reader) {
        try (InputStream in = Objects.requireNonNull(Resources.class.getResourceAsStream(name), name)) {
            return reader.apply(in, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
