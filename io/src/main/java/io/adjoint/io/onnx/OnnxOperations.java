package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Correction;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The export rules of operations, by the names under which the library records them. */
final class OnnxOperations {
    /** The numbers of ONNX for the types to which Cast converts. */
    private static final int FLOAT = 1;

    private static final int INT32 = 6;
    private static final int BOOL = 9;

    /** Adds the nodes of an operation. */
    @FunctionalInterface
    interface Rule {
        OnnxValue add(Call call);
    }

    /**
     * An operation that is exported.
     *
     * @param attributes the operation's arguments that are not tensors
     * @param expected the operation's values for the batches of the example
     */
    record Call(
            OnnxGraph graph,
            OnnxTrace trace,
            Map<String, Object> attributes,
            List<OnnxValue> inputs,
            List<Tensor> expected) {
        OnnxValue x() {
            return inputs.get(0);
        }

        /** The first attribute that is a number. */
        OnnxValue firstNumber() {
            return constant(real(attributes.keySet().iterator().next()));
        }

        OnnxNode op(String type) {
            return graph.op(type);
        }

        /** The sizes of the operation's value. */
        int[] dims() {
            return OnnxValue.dims(expected);
        }

        double real(String name) {
            Object value = Objects.requireNonNull(attributes.get(name));
            if (value instanceof OnnxTrace.Grown) {
                throw refusal("whose argument '" + name + "' depends on the size of the batch");
            }
            return ((Number) value).doubleValue();
        }

        /** An attribute as INT64 [1]. */
        OnnxValue size(String name) {
            return attributes.get(name) instanceof OnnxTrace.Grown size
                    ? trace.size(graph, size)
                    : graph.integers(name.equals("axis") ? axis() : integer(name));
        }

        int integer(String name) {
            return (int) real(name);
        }

        int[] integers(String name) {
            return (int[]) Objects.requireNonNull(attributes.get(name));
        }

        /** A number as a constant of the type of x. */
        OnnxValue constant(double number) {
            return graph.constant("constant", NdArray.scalar(x().dtype(), number));
        }

        /** The attribute {@code axis} as a number from 0 on. */
        int axis() {
            int axis = integer("axis");
            return axis < 0 ? axis + x().rank() : axis;
        }

        int[] axes() {
            return attributes.containsKey("axes")
                    ? integers("axes")
                    : IntStream.range(0, x().rank()).toArray();
        }

        boolean keeps() {
            return attributes.get("dims") == Dims.KEEP;
        }

        OnnxValue cast(OnnxValue value, DType dtype) {
            return value.dtype() == dtype && !value.isLong()
                    ? value
                    : op("Cast")
                            .integer("to", dtype == DType.INT32 ? INT32 : dtype == DType.BOOL ? BOOL : FLOAT)
                            .of(value);
        }

        /** The value with the sizes of the operation's value. */
        OnnxValue shaped(OnnxValue value) {
            return graph.reshape(value, dims());
        }

        OnnxValue gathered(OnnxValue value, int axis, IntStream indices) {
            return op("Gather").integer("axis", axis).of(value, graph.integers(indices.toArray()));
        }

        IllegalArgumentException refusal(String problem) {
            return graph.refusal("computes by an operation " + problem);
        }
    }

    private OnnxOperations() {}

    static void addTo(OnnxRules rules) {
        for (String line : OnnxSchemas.lines("onnx-operations.txt")) {
            String[] rule = line.split(" = ", 2);
            rules.operation(rule[0], call -> OnnxFormula.add(call, rule[1]));
        }
        rules.operation("to", c -> {
                    DType dtype = c.expected.get(0).dtype();
                    return c.cast(c.x(), dtype.isFloating() ? DType.FLOAT32 : dtype);
                })
                .operation("var", OnnxOperations::variance)
                .operation("std", c -> c.op("Sqrt").of(variance(c)))
                .operation("vectorNorm", c -> {
                    double p = c.real("p");
                    if (p != 1 && p != 2) {
                        throw c.refusal("vectorNorm of order " + p + "; orders 1 and 2 have operators");
                    }
                    return OnnxFormula.add(c, "ReduceL" + (int) p + "(x, axes=axes, keepdims=keep)");
                })
                .operation(
                        "remainder",
                        c -> c.x().dtype().isFloating()
                                ? OnnxFormula.add(c, "Sub(x, Mul(Floor(Div(x, y)), y))")
                                : remainder(c))
                .operation(
                        "floorDivide",
                        c -> c.x().dtype().isFloating() ? OnnxFormula.add(c, "Floor(Div(x, y))") : quotient(c));
        shapes(rules);
    }

    private static OnnxValue variance(Call c) {
        int count = 1;
        for (int axis : c.axes()) {
            count *= fixed(c, axis);
        }
        int correction = ((Correction) Objects.requireNonNull(c.attributes.get("correction"))).value();
        OnnxValue deviation = c.op("Sub")
                .of(c.x(), c.op("ReduceMean").integers("axes", c.axes()).of(c.x()));
        OnnxValue sum = c.op("ReduceSum")
                .integer("keepdims", c.keeps() ? 1 : 0)
                .of(c.op("Mul").of(deviation, deviation), c.graph.integers(c.axes()));
        return c.op("Div").of(sum, c.constant(count - correction));
    }

    /** The remainder of INT32, with the sign of the divisor, as ONNX's Mod has it of integers. */
    private static OnnxValue remainder(Call c) {
        return c.op("Mod")
                .computing(in -> List.of(in.get(0).remainder(in.get(1))))
                .of(c.x(), c.inputs.get(1));
    }

    /** The quotient of INT32 rounded down: ONNX's Div truncates it, which is 1 too much where the remainders of both differ. */
    private static OnnxValue quotient(Call c) {
        OnnxValue divisor = c.inputs.get(1);
        OnnxValue truncated = c.op("Div")
                .computing(in -> List.of(in.get(0)
                        .to(DType.FLOAT64)
                        .div(in.get(1).to(DType.FLOAT64))
                        .trunc()
                        .to(DType.INT32)))
                .of(c.x(), divisor);
        OnnxValue left = c.op("Sub").of(c.x(), c.op("Mul").of(truncated, divisor));
        OnnxValue differs = c.op("Not").of(c.op("Equal").of(left, remainder(c)));
        return c.op("Sub").of(truncated, c.cast(differs, DType.INT32));
    }

    // ---- shapes and indices ----

    private static void shapes(OnnxRules rules) {
        rules.operation("reshape", c -> c.shaped(c.x()))
                .operation(
                        "permute",
                        c -> c.graph.transpose(
                                c.x(),
                                Arrays.stream(c.integers("axes"))
                                        .map(axis -> axis < 0 ? axis + c.x().rank() : axis)
                                        .toArray()))
                .operation("transpose", OnnxOperations::transposed)
                .operation("slice", OnnxOperations::sliced)
                .operation("select", c -> {
                    int index = c.integer("index");
                    if (index < 0 && c.x().dim(c.axis()) == OnnxValue.BATCH) {
                        throw c.refusal("that selects from the end of the batch");
                    }
                    int size = c.x().dim(c.axis());
                    return c.shaped(c.gathered(c.x(), c.axis(), IntStream.of(index < 0 ? index + size : index)));
                })
                .operation("broadcastTo", c -> c.op("Expand").of(c.x(), c.trace.sizes(c.graph, c.expected)))
                .operation("flip", c -> reordered(c, c.axes(), (k, at, size) -> size - 1 - at))
                .operation("roll", c -> {
                    int[] shifts = c.integers("shifts");
                    return reordered(c, c.integers("axes"), (k, at, size) -> Math.floorMod(at - shifts[k], size));
                })
                .operation(
                        "concat", c -> c.op("Concat").integer("axis", c.axis()).of(c.inputs.toArray(OnnxValue[]::new)))
                .operation("stack", c -> {
                    int axis = c.integer("axis");
                    int at = axis < 0 ? axis + c.x().rank() + 1 : axis;
                    return c.op("Concat")
                            .integer("axis", at)
                            .of(c.inputs.stream()
                                    .map(x -> c.op("Unsqueeze").of(x, c.graph.integers(at)))
                                    .toArray(OnnxValue[]::new));
                })
                .operation(
                        "pad",
                        c -> c.op("Pad")
                                .of(
                                        c.x(),
                                        c.graph.integers(OnnxWeighted.both(c.integers("before"), c.integers("after"))),
                                        c.constant(c.real("value"))))
                .operation("tril", c -> triangle(c, ones -> ones.tril(c.integer("offset"))))
                .operation("triu", c -> triangle(c, ones -> ones.triu(c.integer("offset"))))
                .operation("indexSelect", c -> {
                    if (c.attributes.containsKey("shape")) {
                        throw c.refusal("that picks from several axes at once: " + c.attributes.get("shape"));
                    }
                    return c.op("Gather").integer("axis", c.axis()).of(c.x(), c.inputs.get(1));
                })
                .operation("oneHot", c -> {
                    int classes = c.integer("classes");
                    NdArray numbers = NdArray.generate(DType.INT32, Shape.of(classes), k -> k);
                    OnnxValue column = c.op("Unsqueeze").of(c.x(), c.graph.integers(c.x().rank()));
                    OnnxValue equal = c.op("Equal").of(column, c.graph.constant("classes", numbers));
                    DType dtype = c.expected.get(0).dtype();
                    return c.cast(equal, dtype.isFloating() ? DType.FLOAT32 : dtype);
                });
    }

    private static int fromFront(int axis, OnnxValue x) {
        return axis < 0 ? axis + x.rank() : axis;
    }

    /** The size of an axis of x, which isn't the batch's. */
    private static int fixed(Call c, int axis) {
        if (c.x().dim(axis) == OnnxValue.BATCH) {
            throw c.refusal("that changes the order of the batch, or divides by its size");
        }
        return c.x().dim(axis);
    }

    private static OnnxValue transposed(Call c) {
        int rank = c.x().rank();
        int first = c.attributes.isEmpty() ? rank - 2 : fromFront(c.integer("axis0"), c.x());
        int second = c.attributes.isEmpty() ? rank - 1 : fromFront(c.integer("axis1"), c.x());
        int[] order = IntStream.range(0, rank).toArray();
        order[first] = second;
        order[second] = first;
        return c.graph.transpose(c.x(), order);
    }

    private static OnnxValue sliced(Call c) {
        List<OnnxValue> range = new ArrayList<>(List.of(c.x()));
        for (String name : List.of("from", "to", "axis", "step")) {
            if (c.attributes.containsKey(name)) {
                range.add(c.size(name));
            }
        }
        return c.op("Slice").of(range.toArray(OnnxValue[]::new));
    }

    /** The index at which an entry stands before the k-th axis of size {@code size} gets another order. */
    @FunctionalInterface
    private interface Origin {
        int of(int k, int at, int size);
    }

    /** Adds the nodes that put the entries of each of the axes into another order. */
    private static OnnxValue reordered(Call c, int[] axes, Origin origin) {
        OnnxValue value = c.x();
        for (int k = 0; k < axes.length; k++) {
            int axis = fromFront(axes[k], c.x());
            int size = fixed(c, axis);
            int number = k;
            value = c.gathered(value, axis, IntStream.range(0, size).map(at -> origin.of(number, at, size)));
        }
        return value;
    }

    private static OnnxValue triangle(Call c, UnaryOperator<NdArray> triangle) {
        Shape shape = Shape.of(fixed(c, c.x().rank() - 2), fixed(c, c.x().rank() - 1));
        NdArray mask = triangle.apply(NdArray.full(DType.FLOAT32, shape, 1)).to(DType.BOOL);
        return c.op("Where").of(c.graph.constant("mask", mask), c.x(), c.constant(0));
    }
}
