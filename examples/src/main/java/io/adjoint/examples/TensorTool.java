package io.adjoint.examples;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.io.TensorFile;
import io.adjoint.io.TensorInfo;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, compares and converts files of tensors: safetensors, safetensors indices and npz, distinguished by their names. */
@Command(
        name = "TensorTool",
        description = "Lists, compares and converts files of tensors: .safetensors, .safetensors.index.json, .npz.")
public final class TensorTool {
    @SuppressWarnings("UnusedVariable") // picocli reads the field
    @Option(
            names = "--help",
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Prints this help.")
    private boolean help;

    private static final int BLOCK = 1 << 16;

    private TensorTool() {}

    /** Runs a command; see {@code --help}. */
    public static void main(String[] args) {
        int status = run(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Runs a command and returns its status: 0 for success, 1 if diff finds a difference, 2 if the command fails. */
    static int run(String... args) {
        return new CommandLine(new TensorTool())
                .setExecutionExceptionHandler(TensorTool::explain)
                .execute(args);
    }

    /** Prints only the message, without a stack trace, of an exception that says what is wrong with a file or argument. */
    private static int explain(Exception e, CommandLine command, CommandLine.@Nullable ParseResult parsed)
            throws Exception {
        if (e instanceof IllegalArgumentException || e instanceof UncheckedIOException) {
            command.getErr().println(e.getMessage());
            return 2;
        }
        throw e;
    }

    @Command(
            name = "list",
            description =
                    "Prints name, type in the file, shape, bytes, Euclidean norm and number of NaN of each tensor.")
    int list(@Parameters(paramLabel = "FILE") Path path) {
        long bytes = 0;
        try (TensorFile file = TensorFiles.open(path)) {
            for (TensorInfo info : file.tensors().values()) {
                NdArray values = file.read(info.name());
                System.out.printf(
                        Locale.ROOT,
                        "%s  %s  %s  %,d bytes  norm %.6g  NaN %d%n",
                        TensorInfo.printable(info.name()),
                        info.type(),
                        info.dims(),
                        info.bytes(),
                        Math.sqrt(elements(values).map(v -> v * v).sum()),
                        elements(values).filter(Double::isNaN).count());
                bytes += info.bytes();
            }
            System.out.printf(
                    Locale.ROOT, "%d tensors, %,d bytes%n", file.tensors().size(), bytes);
            file.metadata()
                    .forEach((key, text) ->
                            System.out.println(TensorInfo.printable(key) + ": " + TensorInfo.printable(text)));
        }
        return 0;
    }

    @Command(name = "diff", description = "Prints how two files differ, name by name; ends with status 1 if they do.")
    int diff(@Parameters(paramLabel = "A") Path pathA, @Parameters(paramLabel = "B") Path pathB) {
        int different = 0;
        try (TensorFile a = TensorFiles.open(pathA);
                TensorFile b = TensorFiles.open(pathB)) {
            Set<String> names = new LinkedHashSet<>(a.names());
            names.addAll(b.names());
            for (String name : names) {
                String difference = !b.names().contains(name)
                        ? "only in " + pathA
                        : !a.names().contains(name) ? "only in " + pathB : difference(a.read(name), b.read(name));
                if (!difference.isEmpty()) {
                    System.out.println(TensorInfo.printable(name) + ": " + difference);
                    different++;
                }
            }
            System.out.println(different + " of " + names.size() + " tensors differ");
        }
        return different == 0 ? 0 : 1;
    }

    /** Describes how two arrays differ; empty if they are equal, where NaN equals NaN. */
    private static String difference(NdArray a, NdArray b) {
        if (a.equals(b)) {
            return "";
        }
        Shape shape = a.shape();
        if (!shape.equals(b.shape())) {
            return "the shapes are " + shape + " and " + b.shape();
        }
        String types = a.dtype() == b.dtype() ? "" : "the types are " + a.dtype() + " and " + b.dtype() + ", ";
        double largest = 0;
        double difference = 0;
        PrimitiveIterator.OfDouble others = elements(b).iterator();
        for (PrimitiveIterator.OfDouble own = elements(a).iterator(); own.hasNext(); ) {
            double value = own.nextDouble();
            difference = Math.max(difference, Math.abs(value - others.nextDouble()));
            largest = Math.max(largest, Math.abs(value));
        }
        return String.format(
                Locale.ROOT,
                "%slargest difference %.3g, of the largest element %.3g",
                types,
                difference,
                difference / Math.max(largest, Double.MIN_NORMAL));
    }

    /** The elements of an array. They are converted block by block, since there may be no memory for a copy of the array. */
    private static DoubleStream elements(NdArray array) {
        NdArray row = array.reshape(array.size());
        return IntStream.range(0, (int) ((array.size() + BLOCK - 1L) / BLOCK))
                .mapToObj(k -> row.slice(0, k * BLOCK, (int) Math.min(array.size(), (k + 1L) * BLOCK)))
                .flatMapToDouble(block -> DoubleStream.of(block.toDoubleArray()));
    }

    @Command(name = "convert", description = "Reads A and writes B in the format of its name, .npz or .safetensors.")
    int convert(@Parameters(paramLabel = "A") Path from, @Parameters(paramLabel = "B") Path to) {
        Map<String, NdArray> arrays;
        Map<String, String> metadata;
        try (TensorFile file = TensorFiles.open(from)) {
            arrays = file.readAll();
            metadata = file.metadata();
        }
        boolean hasMetadata = TensorFiles.save(to, arrays, metadata);
        System.out.println(arrays.size() + " tensors written to " + to);
        if (!hasMetadata && !metadata.isEmpty()) {
            System.out.println("without the metadata, for which the format has no place: "
                    + TensorInfo.printable(String.valueOf(metadata.keySet())));
        }
        return 0;
    }
}
