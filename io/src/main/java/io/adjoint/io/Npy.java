package io.adjoint.io;

import io.adjoint.core.NdArray;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Files of one array in NumPy's format npy, as {@code np.save} writes and {@code np.load} reads them.
 *
 * <pre>{@code
 * NdArray x = Npy.load(Path.of("x.npy"));
 * Npy.save(Path.of("y.npy"), x.transpose());
 * }</pre>
 *
 * <p>Versions 1.0, 2.0 and 3.0 are read, in either byte order, of elements of all types of {@link ElementType} but BF16, which NumPy
 * doesn't have. Structured arrays, strings, dates, complex numbers and Python objects are refused by name: the last are pickles, which are
 * programs.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the format</a>
 */
public final class Npy {
    private static final String FORMAT = "Npy";

    private Npy() {}

    /**
     * Reads an array. One in Fortran's order, which has the first axis innermost, is a transposed view.
     *
     * @throws UncheckedIOException if the file cannot be read, or its array takes more memory than is free
     * @throws io.adjoint.core.MalformedDataException if it is not an npy file, has elements that Adjoint hasn't, or more or fewer bytes
     *     than its array
     * @throws IllegalArgumentException if it has more elements than an array can have
     */
    public static NdArray load(Path path) {
        return Reading.open(FORMAT, path, () -> {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                ChannelSource source = new ChannelSource(channel, 0);
                return NpyHeader.read(source, String.valueOf(path.getFileName()), channel.size())
                        .elements(source);
            }
        });
    }

    /**
     * Writes an array to a file, in place of one that is there, with the bytes of {@code np.save}: FLOAT64, FLOAT32, INT32 and BOOL as
     * {@code <f8}, {@code <f4}, {@code <i4} and {@code |b1}. The file is as it was until the new one is whole.
     *
     * @throws IllegalArgumentException if the array has more than 64 axes
     * @throws UncheckedIOException if the file cannot be written; then it is as it was
     */
    public static void save(Path path, NdArray array) {
        NpyHeader header = NpyHeader.of(String.valueOf(path.getFileName()), array);
        ReplacingFile.write(FORMAT, path, channel -> header.write(array, ElementWriter.Sink.of(channel)));
    }
}
