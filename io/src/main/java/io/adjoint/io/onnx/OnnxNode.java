package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node that is being added to a graph: an operator of ONNX, its attributes, and then its inputs.
 *
 * <pre>{@code
 * OnnxValue y = graph.op("LeakyRelu").real("alpha", 0.2).of(x);
 * }</pre>
 *
 * @see <a href="https://onnx.ai/onnx/operators/">the operators</a>
 */
public final class OnnxNode {
    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
    private static final int INTS = 7;
    private static final int STRINGS = 8;

    private final OnnxFile file;
    private final String type;
    private final String path;
    private final List<Protobuf> attributes = new ArrayList<>();
    private DType dtype = DType.FLOAT32;

    OnnxNode(OnnxFile file, String type, String path) {
        this.file = file;
        this.type = type;
        this.path = path;
    }

    // ---- attributes ----

    /** Adds an attribute that is an integer. */
    @CanIgnoreReturnValue
    public OnnxNode integer(String name, long value) {
        return attribute(name, INT, new Protobuf().integer(3, value));
    }

    /** Adds an attribute that is a list of integers. */
    @CanIgnoreReturnValue
    public OnnxNode integers(String name, int... values) {
        Protobuf content = new Protobuf();
        Arrays.stream(values).forEach(value -> content.integer(8, value));
        return attribute(name, INTS, content);
    }

    /** Adds an attribute that is a FLOAT32. */
    @CanIgnoreReturnValue
    public OnnxNode real(String name, double value) {
        return attribute(name, FLOAT, new Protobuf().real(2, (float) value));
    }

    /** Adds an attribute that is a text. */
    @CanIgnoreReturnValue
    public OnnxNode text(String name, String value) {
        return attribute(name, STRING, new Protobuf().text(4, value));
    }

    /** Adds an attribute that is a list of texts. */
    @CanIgnoreReturnValue
    public OnnxNode texts(String name, List<String> values) {
        Protobuf content = new Protobuf();
        values.forEach(value -> content.text(9, value));
        return attribute(name, STRINGS, content);
    }

    @CanIgnoreReturnValue
    private OnnxNode attribute(String name, int kind, Protobuf content) {
        attributes.add(new Protobuf().text(1, name).append(content).integer(20, kind));
        return this;
    }

    /** Sets the type of the outputs, FLOAT32 by default. */
    @CanIgnoreReturnValue
    public OnnxNode dtype(DType outputs) {
        this.dtype = outputs;
        return this;
    }

    // ---- inputs and outputs ----

    /** Adds the node, whose output has the sizes of its first input. */
    public OnnxValue of(@Nullable OnnxValue... inputs) {
        OnnxValue first = inputs.length == 0 ? null : inputs[0];
        if (first == null) {
            throw new IllegalArgumentException(
                    "OnnxNode: " + type + " has no first input, whose sizes its output could have; say these by to");
        }
        return to(first.dims(), inputs);
    }

    /**
     * Adds the node.
     *
     * @param dims the sizes of its output; that of the batch is {@link OnnxValue#BATCH}
     * @param inputs null for one that is left out
     */
    public OnnxValue to(int[] dims, @Nullable OnnxValue... inputs) {
        return outputs(List.of(dims), inputs).get(0);
    }

    /**
     * Adds the node.
     *
     * @param dims the sizes of each output; that of the batch is {@link OnnxValue#BATCH}
     * @param inputs null for one that is left out
     */
    public List<OnnxValue> outputs(List<int[]> dims, @Nullable OnnxValue... inputs) {
        String name = file.unique(path.isEmpty() ? type : path + "/" + type);
        Protobuf node = new Protobuf();
        int last = inputs.length;
        while (last > 0 && inputs[last - 1] == null) {
            last--;
        }
        for (OnnxValue input : Arrays.copyOf(inputs, last)) {
            node.text(1, input == null ? "" : input.name());
        }
        List<OnnxValue> outputs = new ArrayList<>();
        for (int[] sizes : dims) {
            OnnxValue output =
                    new OnnxValue(outputs.isEmpty() ? name : file.unique(name + ":" + outputs.size()), dtype, sizes);
            node.text(2, output.name());
            outputs.add(output);
        }
        node.text(3, name).text(4, type);
        attributes.forEach(attribute -> node.message(5, attribute));
        file.add(node);
        return outputs;
    }
}
