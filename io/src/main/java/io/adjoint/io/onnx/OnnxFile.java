package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.io.ElementType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The contents of an ONNX file: the nodes in the order of computation, and the arrays that are constant inputs. The field numbers are taken
 * from the format's {@code onnx.proto}.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the format</a>
 */
final class OnnxFile {
    /** The version of the operator set; newer sets are supersets of it. */
    private static final int OPSET = 17;
    /** The version of the file format that belongs to the operator set. */
    private static final int IR = 8;

    private static final int INT64 = 7;
    /** The symbolic size of the batch axis in a file's shapes. */
    private static final String BATCH = "batch";

    /** The dtype in which the file's FLOAT32 values are computed when the export is checked. */
    private final DType dtype;

    private final List<Protobuf> nodes = new ArrayList<>();
    private final List<Protobuf> initializers = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    OnnxFile(DType dtype) {
        this.dtype = dtype;
    }

    /** Returns a name, with a number appended if the name is taken, and reserves the returned name. */
    String unique(String name) {
        String free = name;
        for (int k = 1; !names.add(free); k++) {
            free = name + "_" + k;
        }
        return free;
    }

    void add(Protobuf node) {
        nodes.add(node);
    }

    /**
     * Adds a constant array; FLOAT64 is stored as FLOAT32.
     *
     * @throws IllegalArgumentException if a finite element is out of the range of FLOAT32
     */
    OnnxValue constant(String name, NdArray array) {
        NdArray stored = array.dtype() == DType.FLOAT64 ? narrowed(name, array) : array;
        Tensor value = Tensor.of(stored.dtype().isFloating() ? stored.to(dtype) : stored);
        OnnxValue constant = new OnnxValue(unique(name), false, value);
        Protobuf tensor = new Protobuf();
        for (int dim : stored.shape().toArray()) {
            tensor.integer(1, dim);
        }
        initializers.add(
                tensor.integer(2, type(constant)).text(8, constant.name()).elements(9, stored, ElementType.of(stored)));
        return constant;
    }

    private static NdArray narrowed(String name, NdArray array) {
        NdArray stored = array.to(DType.FLOAT32);
        double[] wide = array.toDoubleArray();
        float[] narrow = stored.toFloatArray();
        for (int k = 0; k < wide.length; k++) {
            if (Float.isInfinite(narrow[k]) && Double.isFinite(wide[k])) {
                throw new IllegalArgumentException("Onnx: '" + name + "' has the element " + wide[k]
                        + ", which is beyond FLOAT32, the type of all floating numbers in a file");
            }
        }
        return stored;
    }

    /** Adds a constant vector of INT64, the type in which operators take sizes and indices. */
    OnnxValue integers(String name, int... numbers) {
        OnnxValue value = new OnnxValue(unique(name), true, Tensor.of(numbers));
        Protobuf tensor = new Protobuf().integer(1, numbers.length).integer(2, INT64);
        for (int number : numbers) {
            tensor.integer(7, number);
        }
        initializers.add(tensor.text(8, value.name()));
        return value;
    }

    /**
     * Reserves a name for an input or output.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    void reserve(String name) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("Onnx: the name '" + name + "' of an output is taken");
        }
    }

    /**
     * Adds an Identity node that gives a value the name of an output.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    OnnxValue renamed(OnnxValue value, String name) {
        reserve(name);
        nodes.add(new Protobuf()
                .text(1, value.name())
                .text(2, name)
                .text(3, unique(name + "/Identity"))
                .text(4, "Identity"));
        return value.named(name);
    }

    /** The number that ONNX assigns to the element type of a value. */
    private static int type(OnnxValue value) {
        return switch (value.dtype()) {
            case FLOAT32, FLOAT64 -> 1;
            case INT32 -> value.isLong() ? INT64 : 6;
            case BOOL -> 9;
        };
    }

    // ---- the file ----

    /**
     * The Protocol Buffers message of the whole file.
     *
     * @throws IllegalArgumentException if it would be larger than 2 GiB, the limit of Protocol Buffers
     */
    Protobuf model(String name, List<OnnxValue> inputs, List<OnnxValue> outputs, Map<String, String> metadata) {
        Protobuf graph = new Protobuf();
        nodes.forEach(node -> graph.message(1, node));
        graph.text(2, name);
        initializers.forEach(tensor -> graph.message(5, tensor));
        inputs.forEach(input -> graph.message(11, described(input)));
        outputs.forEach(output -> graph.message(12, described(output)));
        Protobuf model = new Protobuf()
                .integer(1, IR)
                .text(2, "Adjoint")
                .message(7, graph)
                .message(8, new Protobuf().text(1, "").integer(2, OPSET));
        metadata.forEach(
                (key, text) -> model.message(14, new Protobuf().text(1, key).text(2, text)));
        if (model.size() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Onnx: the file would have " + model.size()
                    + " bytes, but Protocol Buffers have at most 2147483647; export the model in parts");
        }
        return model;
    }

    private static Protobuf described(OnnxValue value) {
        Protobuf shape = new Protobuf();
        for (int dim : value.dims()) {
            shape.message(1, dim == OnnxValue.BATCH ? new Protobuf().text(2, BATCH) : new Protobuf().integer(1, dim));
        }
        Protobuf tensor = new Protobuf().integer(1, type(value)).message(2, shape);
        return new Protobuf().text(1, value.name()).message(2, new Protobuf().message(1, tensor));
    }
}
