package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A node that is being added to a graph: an operator of ONNX, its attributes, and then its inputs. It is computed for the example at once,
 * so its outputs have the types and sizes that the operator gives them, and inputs that the operator does not allow are refused.
 *
 * <pre>{@code
 * OnnxValue y = graph.op("LeakyRelu").real("alpha", 0.2).of(x);
 * }</pre>
 *
 * @see <a href="https://onnx.ai/onnx/operators/">the operators</a>
 */
public final class OnnxNode {
    /** The operators whose inputs must have the same type, with the index of the first such input. */
    private static final Map<String, Integer> SAME_TYPE = Map.of(
            "Add", 0, "Sub", 0, "Mul", 0, "Div", 0, "Max", 0, "Min", 0, "Concat", 0, "Where", 1, "Equal", 0, "Less", 0);

    /** The operators with an INT64 input, and the index of that input. */
    private static final Map<String, Integer> LONG = Map.of(
            "Reshape",
            1,
            "Unsqueeze",
            1,
            "Squeeze",
            1,
            "ReduceSum",
            1,
            "Split",
            1,
            "Pad",
            1,
            "Expand",
            1,
            "Tile",
            1,
            "Resize",
            3);

    /** The operators whose output is INT64. */
    private static final Set<String> GIVES_LONG = Set.of("Shape", "Size", "ArgMax", "ArgMin", "NonZero");

    private final OnnxGraph graph;
    private final OnnxFile file;
    private final String type;
    private final OnnxAttributes attributes = new OnnxAttributes();
    private OnnxEvaluator.@Nullable Operator operator;

    OnnxNode(OnnxGraph graph, OnnxFile file, String type) {
        this.graph = graph;
        this.file = file;
        this.type = type;
        this.operator = OnnxEvaluator.of(type);
    }

    // ---- attributes ----

    /** Adds an attribute that is an integer. */
    @CanIgnoreReturnValue
    public OnnxNode integer(String name, long value) {
        attributes.integer(name, value);
        return this;
    }

    /** Adds an attribute that is a list of integers. */
    @CanIgnoreReturnValue
    public OnnxNode integers(String name, int... values) {
        attributes.integers(name, values);
        return this;
    }

    /**
     * Adds an attribute that is a FLOAT32.
     *
     * @throws IllegalArgumentException if the value is finite, and FLOAT32 does not hold it
     */
    @CanIgnoreReturnValue
    public OnnxNode real(String name, double value) {
        if (Float.isInfinite((float) value) && Double.isFinite(value)) {
            throw graph.refusal("gives " + type + " the attribute '" + name + "' = " + value
                    + ", which is beyond FLOAT32, the type of all floating numbers in a file");
        }
        attributes.real(name, (float) value);
        return this;
    }

    /** Adds an attribute that is a text. */
    @CanIgnoreReturnValue
    public OnnxNode text(String name, String value) {
        attributes.text(name, value);
        return this;
    }

    /** Adds an attribute that is a list of texts. */
    @CanIgnoreReturnValue
    public OnnxNode texts(String name, List<String> values) {
        attributes.texts(name, values);
        return this;
    }

    /**
     * Sets a function that computes the operator's outputs from its inputs: only for an operator of ONNX that the exporter does not compute
     * itself, as the message about one says. The graph is checked by it.
     *
     * @param function takes the inputs that are not left out, floating ones in the model's type
     */
    @CanIgnoreReturnValue
    public OnnxNode computing(UnaryOperator<List<Tensor>> function) {
        operator = call -> {
            attributes.types().keySet().forEach(attributes::markRead);
            return function.apply(
                    call.inputs().stream().filter(Objects::nonNull).toList());
        };
        return this;
    }

    // ---- inputs and outputs ----

    /**
     * Adds the node, which has one output, of the sizes that the operator gives it.
     *
     * @param inputs null for one that is left out
     * @throws IllegalArgumentException if ONNX has no such operator, or it does not take these inputs or attributes
     */
    public OnnxValue of(@Nullable OnnxValue... inputs) {
        return add(1, inputs).get(0);
    }

    /**
     * Adds the node, and checks the sizes of its output.
     *
     * @param dims the sizes that its output should have; the size of the batch is {@link OnnxValue#BATCH}
     * @param inputs null for one that is left out
     * @throws IllegalArgumentException if it has others, or as {@link #of}
     */
    public OnnxValue to(int[] dims, @Nullable OnnxValue... inputs) {
        return outputs(List.of(dims), inputs).get(0);
    }

    /**
     * Adds the node, and checks the sizes of its outputs.
     *
     * @param dims the sizes that each output should have; the size of the batch is {@link OnnxValue#BATCH}
     * @param inputs null for one that is left out
     * @throws IllegalArgumentException if they have others, or as {@link #of}
     */
    public List<OnnxValue> outputs(List<int[]> dims, @Nullable OnnxValue... inputs) {
        List<OnnxValue> outputs = add(dims.size(), inputs);
        for (int k = 0; k < dims.size(); k++) {
            OnnxValue output = outputs.get(k);
            if (!fits(output, dims.get(k))) {
                throw refusal("makes " + output + ", where the rule says " + Arrays.toString(dims.get(k)), inputs);
            }
        }
        return outputs;
    }

    private static boolean fits(OnnxValue value, int... dims) {
        boolean fits = value.rank() == dims.length;
        for (int axis = 0; fits && axis < dims.length; axis++) {
            fits = dims[axis] == value.dim(axis) || dims[axis] == OnnxValue.BATCH;
        }
        return fits;
    }

    private List<OnnxValue> add(int count, @Nullable OnnxValue... inputs) {
        int last = inputs.length;
        while (last > 0 && inputs[last - 1] == null) {
            last--;
        }
        List<@Nullable OnnxValue> given =
                Collections.unmodifiableList(Arrays.asList(inputs).subList(0, last));
        String problem = OnnxSchemas.problem(type, attributes, last, count);
        if (problem != null) {
            throw refusal(problem, inputs);
        }
        requireTypes(given);
        List<List<Tensor>> runs = IntStream.range(0, OnnxExample.BATCHES)
                .mapToObj(batch -> computed(count, given, batch))
                .toList();
        String name = file.unique(graph.nodeName(type));
        Protobuf node = new Protobuf();
        given.forEach(input -> node.text(1, input == null ? "" : input.name()));
        List<OnnxValue> outputs = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            String own = k == 0 ? name : file.unique(name + ":" + k);
            int at = k;
            OnnxValue output = value(
                    own, isLong(given), runs.stream().map(run -> run.get(at)).toList());
            node.text(2, own);
            outputs.add(output);
        }
        node.text(3, name).text(4, type);
        attributes.writeTo(node);
        file.add(node);
        return outputs;
    }

    private OnnxValue value(String name, boolean isLong, List<Tensor> runs) {
        try {
            return new OnnxValue(name, isLong, runs);
        } catch (IllegalArgumentException e) {
            throw refusal(String.valueOf(e.getMessage()));
        }
    }

    /** Computes the outputs for a batch of the example. */
    private List<Tensor> computed(int count, List<@Nullable OnnxValue> given, int batch) {
        if (operator == null) {
            throw refusal("is an operator that the exporter does not compute, so the graph cannot be checked; say by"
                    + " computing(...) what it gives for its inputs");
        }
        List<@Nullable Tensor> tensors = new ArrayList<>();
        given.forEach(input -> tensors.add(input == null ? null : input.run(batch)));
        OnnxCall call = new OnnxCall(attributes, tensors, count, graph.dtype());
        OnnxEvaluator.Operator computes = operator;
        List<Tensor> outputs;
        try {
            outputs = Autograd.noGrad(() -> computes.compute(call));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw (IllegalArgumentException) refusal("fails: " + e.getMessage(), given.toArray(new OnnxValue[0]))
                    .initCause(e);
        }
        if (outputs.size() < count) {
            throw refusal("gives " + outputs.size() + " outputs, and the rule takes " + count);
        }
        if (!attributes.unread().isEmpty()) {
            throw refusal(
                    "has the attributes " + attributes.unread() + ", by which the exporter does not compute it, so"
                            + " the graph cannot be checked; say by computing(...) what it gives for its inputs");
        }
        return outputs;
    }

    // ---- types ----

    private void requireTypes(List<@Nullable OnnxValue> given) {
        int position = LONG.getOrDefault(type, Integer.MAX_VALUE);
        OnnxValue sizes = position < given.size() ? given.get(position) : null;
        if (sizes != null && !sizes.isLong()) {
            throw refusal("takes input " + position + " as INT64, which OnnxGraph.integers makes, and not " + sizes);
        }
        List<OnnxValue> same = given.stream()
                .skip(SAME_TYPE.getOrDefault(type, Integer.MAX_VALUE))
                .filter(Objects::nonNull)
                .toList();
        if (same.stream().map(OnnxNode::kind).distinct().count() > 1) {
            throw refusal("takes inputs of one type, got "
                    + same.stream().map(OnnxNode::kind).toList());
        }
    }

    private static String kind(OnnxValue value) {
        return value.isLong() ? "INT64" : value.dtype().name();
    }

    /**
     * Returns whether integer outputs are INT64. They have the type of the first input, except for Where, whose output has the type of the
     * second input.
     */
    private boolean isLong(List<@Nullable OnnxValue> given) {
        OnnxValue from = given.isEmpty() ? null : given.get(type.equals("Where") ? 1 : 0);
        boolean becomesLong = type.equals("Cast") && attributes.integerOr("to", 0) == 7;
        return GIVES_LONG.contains(type) || becomesLong || (from != null && from.isLong() && !type.equals("Cast"));
    }

    private IllegalArgumentException refusal(String problem, @Nullable OnnxValue... inputs) {
        return graph.refusal("has a rule with a wrong node: " + type
                + (inputs.length == 0 ? "" : Arrays.toString(inputs)) + " " + problem);
    }
}
