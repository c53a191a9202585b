package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
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
    /** The data that the graphs of all blocks of an exported model share. */
    record Export(OnnxFile file, OnnxRules rules, DType dtype, Map<Tensor, OnnxValue> parameters) {
        static Export of(Block block, OnnxRules rules) {
            // Buffers such as the buffers of Standardize may be FLOAT64 in a model of FLOAT32.
            DType dtype = Stream.concat(
                            block.parameters().stream().map(Tensor::dtype),
                            block.state().values().stream().map(NdArray::dtype))
                    .filter(DType::isFloating)
                    .findFirst()
                    .orElse(DType.FLOAT32);
            return new Export(new OnnxFile(dtype), rules, dtype, new IdentityHashMap<>());
        }
    }

    private final Export export;
    private final Block block;
    /** This block and the blocks that run around it in the model, the outermost first. */
    private final List<Block> running;

    private final String path;
    private final OnnxMask mask;
    /** The layer's output for the first batch of the example, cached after its first computation. */
    private @Nullable Tensor tried;

    private @Nullable OnnxValue triedOn;

    OnnxGraph(Export export, Block block) {
        this(export, List.of(block), "", OnnxMask.NONE);
    }

    private OnnxGraph(Export export, List<Block> running, String path, OnnxMask mask) {
        this.export = export;
        this.running = running;
        block = running.get(running.size() - 1);
        this.path = path;
        this.mask = mask;
    }

    // ---- blocks ----

    /**
     * Adds the nodes of a layer that this block is made of.
     *
     * @return its output for an input
     * @throws IllegalArgumentException if it has no counterpart in ONNX; the message begins with its path
     */
    public OnnxValue layer(Layer layer, OnnxValue x) {
        return block(layer, x).get(0);
    }

    /**
     * Adds the nodes of a block that this one is made of. A recurrent network takes the sequences and, if these are of different lengths,
     * INT32 {@code [N]} of them; it returns the sequence and its last states, as {@code Recurrent.Output} has them. An attention takes one
     * input, for itself, or query, key and value.
     *
     * @param inputs the arguments of its {@code forward}
     * @return its outputs
     * @throws IllegalArgumentException if it has no counterpart in ONNX; the message begins with its path
     */
    public List<OnnxValue> block(Block part, OnnxValue... inputs) {
        Block computing = Calls.inForce(running, part);
        String name = block.children().entrySet().stream()
                .filter(child -> child.getValue() == computing)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(computing.getClass().getSimpleName());
        return at(name, computing).add(List.of(inputs));
    }

    /** Adds the nodes of the child with a name; returns the child's only output. */
    OnnxValue child(String name, OnnxValue... inputs) {
        return at(name, child(name)).add(List.of(inputs)).get(0);
    }

    Block child(String name) {
        return Objects.requireNonNull(block.children().get(name));
    }

    boolean has(String child) {
        return block.children().containsKey(child);
    }

    /** The graph for the children of a container child; the container computes nothing itself. */
    OnnxGraph within(String name) {
        return at(name, child(name));
    }

    private OnnxGraph at(String name, Block part) {
        List<Block> more = new ArrayList<>(running);
        more.add(part);
        return new OnnxGraph(export, more, named(name), mask);
    }

    /**
     * Adds the nodes of this graph's block by its export rule, and compares their outputs with the outputs of the block.
     *
     * @throws IllegalArgumentException if the outputs differ
     */
    List<OnnxValue> add(List<OnnxValue> inputs) {
        OnnxRules.Entry<Block> entry = export.rules().of(this, block);
        List<OnnxValue> outputs = entry.rule().add(this, block, inputs);
        // The rule may be a user's function, which can return null in spite of its type.
        if (outputs == null || outputs.stream().anyMatch(Objects::isNull)) {
            throw refusal("has a rule that returns null");
        }
        boolean canRun = mask.equals(OnnxMask.NONE) || block.children().isEmpty() || entry.takesMask();
        for (int batch = 0; canRun && batch < OnnxExample.BATCHES; batch++) {
            OnnxExample.requireSame(this, inputs, outputs, run(entry, inputs, batch), batch);
        }
        return outputs;
    }

    private List<Tensor> run(OnnxRules.Entry<Block> entry, List<OnnxValue> inputs, int batch) {
        Tensor known = tried;
        if (batch == 0 && known != null && inputs.size() == 1 && inputs.get(0) == triedOn) {
            return List.of(known);
        }
        List<Tensor> x = inputs.stream().map(input -> input.run(batch)).toList();
        return computed(inputs + OnnxExample.times(batch), () -> entry.forward().run(block, x, mask, batch));
    }

    private <T> T computed(Object inputs, Supplier<T> forward) {
        try {
            return Autograd.noGrad(() -> Calls.within(running.subList(0, running.size() - 1), forward));
        } catch (IllegalArgumentException misfit) {
            throw (IllegalArgumentException) refusal("cannot take " + inputs + ": " + misfit.getMessage())
                    .initCause(misfit);
        }
    }

    // ---- masks ----

    /** This graph, with attentions in which no position of a sequence sees a later one of it. */
    public OnnxGraph causal() {
        return with(mask.causal());
    }

    /**
     * This graph, with attentions that see the keys only for which a mask is true, as {@code AttentionMask.keys} has them, in place of
     * an earlier mask. A query that sees no key gets 0. The mask is of the keys of the sequence in decoders, and of the keys of the source
     * in the encoder of a {@code Transformer}.
     *
     * @param real BOOL {@code [N, S]}; {@link #lengths} makes one
     * @throws IllegalArgumentException if the mask has another dtype or rank
     */
    public OnnxGraph keys(OnnxValue real) {
        return with(mask.keys(requireMask(real)));
    }

    /**
     * This graph, with decoders that see the keys of their memory only for which a mask is true, in place of an earlier mask.
     *
     * @param real BOOL {@code [N, S]}; {@link #lengths} makes one
     * @throws IllegalArgumentException if the mask has another dtype or rank
     */
    public OnnxGraph memoryKeys(OnnxValue real) {
        return with(mask.memoryKeys(requireMask(real)));
    }

    private OnnxValue requireMask(OnnxValue real) {
        if (real.dtype() != DType.BOOL || real.rank() != 2) {
            throw refusal("has a mask of keys that is not BOOL [N, S], but " + real);
        }
        return real;
    }

    /**
     * The mask {@code [N, size]} of N sequences that were padded at their end, as {@code Masks.lengths} makes it: true for the first
     * elements of each, as many as its length.
     *
     * @param size the length with padding
     * @param lengths INT32 {@code [N]}
     * @throws IllegalArgumentException if the lengths have another dtype or rank
     */
    public OnnxValue lengths(int size, OnnxValue lengths) {
        requireLengths(lengths);
        NdArray positions = NdArray.generate(DType.INT32, Shape.of(size), k -> k);
        OnnxValue column = op("Unsqueeze").to(new int[] {lengths.dim(0), 1}, lengths, integers(1));
        return op("Less").to(new int[] {lengths.dim(0), size}, constant("positions", positions), column);
    }

    void requireLengths(OnnxValue lengths) {
        if (lengths.dtype() != DType.INT32 || lengths.rank() != 1) {
            throw refusal("expects lengths INT32 [N], got " + lengths);
        }
    }

    OnnxMask mask() {
        return mask;
    }

    OnnxGraph with(OnnxMask other) {
        return new OnnxGraph(export, running, path, other);
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
     * The sizes of a layer's output, found by running the layer on the example.
     *
     * @throws IllegalArgumentException if the layer refuses the input, or if the first axis of input or output isn't the batch axis
     */
    int[] dims(Layer layer, OnnxValue x) {
        if (x.rank() == 0 || x.dim(0) != OnnxValue.BATCH) {
            throw refusal("expects the batch as the first axis, got " + x);
        }
        Tensor output = x == triedOn && tried != null ? tried : computed(x, () -> layer.forward(x.run(0)));
        tried = output;
        triedOn = x;
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

    /** Normalizes an axis, and refuses axis 0, the batch axis. */
    int axis(int axis, OnnxValue x) {
        int from = axis < 0 ? axis + x.rank() : axis;
        if (from < 1 || from >= x.rank()) {
            throw refusal("works on axis " + axis + " of " + x + "; it must be one after the batch's");
        }
        return from;
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
        return new IllegalArgumentException("Onnx: " + (path.isEmpty() ? "the model" : path) + " ("
                + block.getClass().getSimpleName() + ") " + problem);
    }

    private String named(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** A name for a new node of an operator. */
    String nodeName(String type) {
        return path.isEmpty() ? type : path + "/" + type;
    }
}
