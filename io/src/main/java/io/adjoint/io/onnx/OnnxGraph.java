package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import io.adjoint.nn.Calls;
import io.adjoint.nn.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a block that is being exported, as its {@link OnnxRule} adds them: by the blocks that it is made of, and by operators of
 * ONNX between them.
 *
 * <pre>{@code
 * // y = output(tanh(hidden(x)))·scale
 * new OnnxOptions().layer(Mlp.class, (graph, mlp, x) -> {
 *     OnnxValue h = graph.op("Tanh").of(graph.layer(mlp.hidden, x));
 *     return graph.op("Mul").of(graph.layer(mlp.output, h), graph.parameter("scale", mlp.scale));
 * });
 * }</pre>
 */
@CheckReturnValue
public final class OnnxGraph {
    /**
     * The data that the graphs of all blocks of an exported model share.
     *
     * @param names the names of the model's parameters
     * @param parameters the parameters that the file has already
     */
    record Export(
            OnnxFile file,
            OnnxRules rules,
            DType dtype,
            IdentityHashMap<Tensor, String> names,
            IdentityHashMap<Tensor, OnnxValue> parameters) {
        static Export of(Block block, OnnxRules rules) {
            // Buffers such as the buffers of Standardize may be FLOAT64 in a model of FLOAT32.
            DType dtype = Stream.concat(
                            block.parameters().stream().map(Tensor::dtype),
                            block.state().values().stream().map(NdArray::dtype))
                    .filter(DType::isFloating)
                    .findFirst()
                    .orElse(DType.FLOAT32);
            IdentityHashMap<Tensor, String> names = new IdentityHashMap<>();
            block.namedParameters().forEach((name, parameter) -> names.putIfAbsent(parameter, name));
            return new Export(new OnnxFile(dtype), rules, dtype, names, new IdentityHashMap<>());
        }
    }

    private final Export export;
    /** This block and the blocks that run around it in the model, the outermost first. */
    private final List<Block> running;

    private final String path;
    /** The type of this block, for messages. */
    private final String type;
    /** The outputs of this block for the batches of the example; empty until the block has run. */
    private List<List<Tensor>> expected = List.of();

    OnnxGraph(Export export, Block block) {
        this(export, List.of(block), "", block.getClass().getSimpleName());
    }

    private OnnxGraph(Export export, List<Block> running, String path, String type) {
        this.export = export;
        this.running = running;
        this.path = path;
        this.type = type;
    }

    /** The graph of the innermost of some running blocks. */
    OnnxGraph at(List<Block> blocks, String blockPath) {
        return new OnnxGraph(
                export,
                blocks,
                blockPath,
                blocks.get(blocks.size() - 1).getClass().getSimpleName());
    }

    /** The graph of a block that a tape names, as {@code encoder.0: Dense(784 -> 128)}. */
    OnnxGraph at(String location) {
        int title = location.indexOf(": ") + 2;
        boolean isInner = title > 1 && location.substring(0, title - 2).matches("[\\w.]+");
        String rest = isInner ? location.substring(title) : location;
        return new OnnxGraph(
                export, running, isInner ? location.substring(0, title - 2) : path, rest.replaceAll("\\(.*", ""));
    }

    // ---- blocks ----

    /**
     * Adds the nodes of a layer that this block is made of.
     *
     * @return its output for an input
     * @throws IllegalArgumentException if it has no counterpart in ONNX; the message begins with its path
     */
    public OnnxValue layer(Layer layer, OnnxValue x) {
        Block computing = Calls.inForce(running, layer);
        Block block = running.get(running.size() - 1);
        String name = block.children().entrySet().stream()
                .filter(child -> child.getValue() == computing)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(computing.getClass().getSimpleName());
        List<Block> more = new ArrayList<>(running);
        more.add(computing);
        return at(more, named(name)).add(List.of(x)).get(0);
    }

    /**
     * Adds the nodes of this graph's block: by its export rule, else as it computes.
     *
     * @throws IllegalArgumentException if the nodes compute something else than the block
     */
    List<OnnxValue> add(List<OnnxValue> inputs) {
        Block block = running.get(running.size() - 1);
        OnnxForward<? super Block> forward = export.rules().forward(this, block, inputs);
        return OnnxTrace.add(this, inputs, x -> forward.run(block, x));
    }

    /**
     * Adds the nodes of this graph's block by its export rule, and compares their outputs with the block's outputs for the batches of the
     * example.
     */
    List<OnnxValue> byRule(Block block, List<OnnxValue> inputs, List<List<Tensor>> runs) {
        expected = runs;
        List<OnnxValue> outputs = export.rules().rule(block).add(this, block, inputs);
        // The rule may be a user's function, which can return null in spite of its type.
        if (outputs == null || outputs.stream().anyMatch(Objects::isNull)) {
            throw refusal("has a rule that returns null");
        }
        requireSame(inputs, outputs, runs);
        return outputs;
    }

    /** Compares values that nodes compute with the values that they should have for the batches of the example. */
    void requireSame(List<OnnxValue> inputs, List<OnnxValue> outputs, List<List<Tensor>> runs) {
        for (int batch = 0; batch < OnnxExample.BATCHES; batch++) {
            int at = batch;
            OnnxExample.requireSame(
                    this, inputs, outputs, runs.stream().map(run -> run.get(at)).toList(), batch);
        }
    }

    <T> T computed(Object inputs, Supplier<T> forward) {
        try {
            return Autograd.noGrad(() -> Calls.within(running.subList(0, running.size() - 1), forward));
        } catch (IndexOutOfBoundsException missing) {
            throw (IllegalArgumentException) refusal("has fewer inputs, " + inputs
                            + ", than it is run with: add them by" + " OnnxOptions.input; " + missing.getMessage())
                    .initCause(missing);
        } catch (IllegalArgumentException misfit) {
            throw (IllegalArgumentException) refusal("cannot take " + inputs + ": " + misfit.getMessage())
                    .initCause(misfit);
        }
    }

    OnnxRules rules() {
        return export.rules();
    }

    // ---- nodes and constants ----

    /** Begins a node of an operator of ONNX's own, of its set 17. */
    public OnnxNode op(String type) {
        return new OnnxNode(this, export.file(), type);
    }

    /** A parameter of this block; one that several blocks share is in the file once. */
    public OnnxValue parameter(String name, Tensor parameter) {
        return export.parameters().computeIfAbsent(parameter, key -> constant(name, key.data()));
    }

    /** A parameter of the model under its name; null if the tensor is none. */
    @Nullable
    OnnxValue parameter(Tensor tensor) {
        String name = export.names().get(tensor);
        return name == null
                ? null
                : export.parameters()
                        .computeIfAbsent(tensor, key -> export.file().constant(name, key.data()));
    }

    /** A constant array, FLOAT64 as FLOAT32. */
    public OnnxValue constant(String name, NdArray array) {
        return export.file().constant(named(name), array);
    }

    /** A constant number of type FLOAT32. */
    public OnnxValue constant(double number) {
        return constant("constant", NdArray.scalar(DType.FLOAT32, number));
    }

    /** Constant integers of type INT64, as operators take sizes, axes and indices. */
    public OnnxValue integers(int... numbers) {
        return export.file().integers(named("integers"), numbers);
    }

    /** The value with other sizes; the size of the batch is {@link OnnxValue#BATCH}. */
    public OnnxValue reshape(OnnxValue x, int... dims) {
        return op("Reshape").to(dims, x, integers(dims));
    }

    /** The value with its axes in another order. */
    public OnnxValue transpose(OnnxValue x, int... axes) {
        int[] dims = new int[axes.length];
        Arrays.setAll(dims, k -> x.dim(axes[k]));
        return op("Transpose").integers("perm", axes).to(dims, x);
    }

    // ---- sizes ----

    /**
     * The sizes of this layer's output, which has one input.
     *
     * @throws IllegalArgumentException if the first axis of input or output isn't the batch axis
     */
    int[] dims(OnnxValue x) {
        if (x.rank() == 0 || x.dim(0) != OnnxValue.BATCH) {
            throw refusal("expects the batch as the first axis, got " + x);
        }
        Tensor output = expected.get(0).get(0);
        int batch = x.run(0).shape().dim(0);
        int[] result = output.shape().toArray();
        if (result.length == 0 || result[0] != batch) {
            throw refusal("changes the axis of the batch; a batch of " + batch + " becomes " + output.shape());
        }
        result[0] = OnnxValue.BATCH;
        return result;
    }

    /** The dtype of the model, in which the example's values are computed. */
    DType dtype() {
        return export.dtype();
    }

    /** Refuses an input with fewer axes, since its first axis would not be the batch axis. */
    void requireRank(int least, OnnxValue x) {
        if (x.rank() < least) {
            throw refusal("expects a batch, an input of at least " + least + " axes, got " + x);
        }
    }

    // ---- errors ----

    /** An error that begins with the path and the type of this block. */
    public IllegalArgumentException refusal(String problem) {
        return new IllegalArgumentException(
                "Onnx: " + (path.isEmpty() ? "the model" : path) + " (" + type + ") " + problem);
    }

    private String named(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** A name for a new node of an operator. */
    String nodeName(String type) {
        return path.isEmpty() ? type : path + "/" + type;
    }
}
