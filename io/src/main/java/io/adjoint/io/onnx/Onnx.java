package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.io.ReplacingFile;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Modes;
import io.adjoint.nn.layer.AnyEmbedding;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes models as ONNX files, for ONNX Runtime in any language and for converters from ONNX.
 *
 * <pre>{@code
 * Onnx.export(Path.of("model.onnx"), model, Shape.of(1, 1, 28, 28));
 * }</pre>
 *
 * <p>The file has the model in evaluation mode, in FLOAT32, also for a FLOAT64 model: dropout does nothing, normalizations use the running
 * statistics, weights that are computed from other weights are constants. The size of the batch is left open; all other sizes are fixed by
 * the example. The file uses ONNX's operator set 17. The same model gives the same bytes.
 *
 * <p>A block is exported as it computes, operation by operation; layers such as convolutions and recurrent networks become an operator of
 * their own. An operation without a counterpart is an error that names the block's path, and nothing is written;
 * {@link OnnxOptions#operation} adds a rule for it. While the export builds the graph, it runs the graph on an example, with batches of two
 * sizes, and on random numbers that are 30 times as large and a thousandth as large. It compares each node's value with the model's own:
 * other sizes, or values that differ by more than the rounding of floats, are errors, too.
 *
 * @see <a href="https://onnx.ai">the format</a>
 */
public final class Onnx {
    private Onnx() {}

    /**
     * Writes a model with one input, INT32 if an embedding is its first layer, else FLOAT32. They are named {@code input} and
     * {@code output}.
     *
     * @param example the shape of an example, whose first axis is the batch axis, of any size
     * @throws IllegalArgumentException if a block has no counterpart in ONNX, or its nodes give something else than the block, if the input
     *     does not fit the model, FLOAT32 does not hold a parameter, or the file would have more than 2 GiB; then nothing was written
     * @throws UncheckedIOException if the file cannot be written; then it is as it was
     */
    public static void export(Path path, Layer model, Shape example) {
        export(
                path,
                model,
                new OnnxOptions().input("input", beginsWithIndices(model) ? DType.INT32 : DType.FLOAT32, example));
    }

    /**
     * Writes a model with your own inputs, names and rules: a block with several inputs, as a transformer, or with several outputs, as an
     * LSTM, whose outputs are the sequence and its last states.
     *
     * @throws IllegalArgumentException if a block has no counterpart in ONNX, or its nodes give something else than the block, if the
     *     inputs do not fit the model, the names of outputs are taken or too many, FLOAT32 does not hold a parameter, or the file would
     *     have more than 2 GiB; then nothing was written
     * @throws UncheckedIOException if the file cannot be written; then it is as it was
     */
    public static void export(Path path, Block model, OnnxOptions options) {
        Protobuf file = exported(model, options);
        ReplacingFile.write("Onnx", path, channel -> {
            OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            file.write(stream);
            stream.flush();
        });
    }

    /** The Protocol Buffers message that is written to the file. */
    static Protobuf exported(Block model, OnnxOptions options) {
        Runnable modes = Modes.kept(model);
        Map<Tensor, NdArray> tables = tablesThatChange(model);
        try {
            model.eval();
            OnnxGraph.Export graph = OnnxGraph.Export.of(model, options.rules());
            options.inputs.forEach(input -> graph.file().reserve(input.name()));
            List<OnnxValue> inputs = OnnxExample.inputs(model, graph.dtype(), options.inputs);
            List<OnnxValue> results = new OnnxGraph(graph, model).add(inputs);
            List<OnnxValue> outputs = named(graph.file(), results, options.outputs);
            return graph.file().model(model.getClass().getSimpleName(), inputs, outputs, options.metadata);
        } finally {
            modes.run();
            tables.forEach((table, before) -> {
                if (!table.data().equals(before)) {
                    table.assign(before);
                }
            });
        }
    }

    /** The embedding tables with maxNorm, whose rows a lookup may shrink. */
    private static Map<Tensor, NdArray> tablesThatChange(Block model) {
        Map<Tensor, NdArray> tables = new LinkedHashMap<>();
        model.apply(block -> {
            if (block instanceof AnyEmbedding table && table.maxNorm() < Double.POSITIVE_INFINITY) {
                tables.put(table.weight(), table.weight().data().copy());
            }
        });
        return tables;
    }

    private static boolean beginsWithIndices(Block model) {
        List<Block> leaves = new ArrayList<>();
        model.apply(block -> {
            if (block.children().isEmpty()) {
                leaves.add(block);
            }
        });
        return leaves.get(0) instanceof AnyEmbedding;
    }

    /** The results, renamed to the names of the outputs. */
    private static List<OnnxValue> named(OnnxFile file, List<OnnxValue> results, List<String> names) {
        if (names.size() > results.size()) {
            throw new IllegalArgumentException(
                    "Onnx: the model has " + results.size() + " outputs, but there are names for " + names);
        }
        List<OnnxValue> outputs = new ArrayList<>();
        for (int k = 0; k < results.size(); k++) {
            outputs.add(
                    file.renamed(results.get(k), k < names.size() ? names.get(k) : k == 0 ? "output" : "output_" + k));
        }
        return outputs;
    }
}
