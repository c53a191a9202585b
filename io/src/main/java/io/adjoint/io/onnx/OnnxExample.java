package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.layer.AnyEmbedding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The example by which an export is checked, in two batches, the second a sample larger: an axis has the size of the batch if it differs.
 * Blocks are run on the values that the graph has come to, so that a difference shows in the block that it arises in.
 */
final class OnnxExample {
    static final int BATCHES = 2;

    /** The smallest batch: with another than 1, more mistakes show. */
    private static final int SMALLEST = 2;

    /** The largest difference, relative to the largest element: some hundred roundings of FLOAT32. */
    private static final double RELATIVE = 3e-5;

    /** The largest difference where elements cancel, relative to the largest element of inputs and outputs. */
    private static final double CANCELLED = 3e-6;

    private OnnxExample() {}

    // ---- inputs ----

    /** The inputs of a model with their values: those that the user gave, or drawn ones. */
    static List<OnnxValue> inputs(Block model, DType dtype, List<OnnxOptions.Input> inputs) {
        int batch = inputs.stream()
                .filter(input -> input.values() != null)
                .mapToInt(input -> input.example().dim(0))
                .reduce(SMALLEST, Math::max);
        Generator rng = new Generator(17);
        List<OnnxValue> values = new ArrayList<>();
        for (OnnxOptions.Input input : inputs) {
            NdArray array = input.values();
            Tensor rows = array == null ? drawn(model, inputs, input, batch + 1, rng) : Tensor.of(array);
            Tensor typed = rows.dtype().isFloating() ? rows.to(dtype) : rows;
            values.add(new OnnxValue(input.name(), false, List.of(repeated(typed, batch), repeated(typed, batch + 1))));
        }
        return values;
    }

    /** That many samples, from the first on again if there are fewer. */
    private static Tensor repeated(Tensor rows, int count) {
        int size = rows.shape().dim(0);
        return rows.indexSelect(0, IntStream.range(0, count).map(k -> k % size).toArray());
    }

    private static Tensor drawn(
            Block model, List<OnnxOptions.Input> inputs, OnnxOptions.Input input, int batch, Generator rng) {
        int[] dims = input.example().toArray();
        dims[0] = batch;
        Shape shape = Shape.of(dims);
        if (input.dtype().isFloating()) {
            return Tensor.uniform(shape, -2, 2, rng);
        }
        // Vectors are lengths, all else indices, which have to fit each table.
        boolean isLength = shape.rank() == 1;
        int below = isLength ? shortest(inputs) + 1 : rows(model);
        return Tensor.of(
                NdArray.generate(DType.INT32, shape, k -> isLength ? 1 + rng.nextInt(below - 1) : rng.nextInt(below)));
    }

    private static int rows(Block model) {
        List<Integer> rows = new ArrayList<>();
        model.apply(block -> {
            if (block instanceof AnyEmbedding table) {
                rows.add(table.weight().shape().dim(0));
            }
        });
        return rows.stream().reduce(Math::min).orElse(2);
    }

    /** The smallest second size of the inputs. */
    private static int shortest(List<OnnxOptions.Input> inputs) {
        return inputs.stream()
                .filter(input -> input.example().rank() > 1)
                .mapToInt(input -> input.example().dim(1))
                .filter(size -> size > 0)
                .min()
                .orElse(1);
    }

    // ---- comparison ----

    /**
     * Compares what the nodes of a block compute with what the block does.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static void requireSame(
            OnnxGraph graph, List<OnnxValue> inputs, List<OnnxValue> outputs, List<Tensor> expected, int batch) {
        if (outputs.size() != expected.size()) {
            throw graph.refusal("has " + expected.size() + " outputs, but its rule returns " + outputs);
        }
        double scale = inputs.stream()
                .filter(input -> input.dtype().isFloating())
                .mapToDouble(input -> largest(input.run(batch)))
                .reduce(0, Math::max);
        for (int k = 0; k < outputs.size(); k++) {
            requireSame(graph, inputs, outputs.get(k), expected.get(k), scale, batch);
        }
    }

    private static void requireSame(
            OnnxGraph graph, List<OnnxValue> inputs, OnnxValue output, Tensor expected, double scale, int batch) {
        Tensor computed = output.run(batch);
        boolean sameType =
                computed.dtype().isFloating() ? expected.dtype().isFloating() : computed.dtype() == expected.dtype();
        if (!sameType || !computed.shape().equals(expected.shape())) {
            throw graph.refusal("has a rule that makes " + output + " of " + inputs + ", for a batch of the example "
                    + (sameType ? "" : computed.dtype() + " ") + computed.shape() + " instead of "
                    + (sameType ? "" : expected.dtype() + " ") + expected.shape());
        }
        double largest = largest(expected);
        double allowed = computed.dtype().isFloating() ? RELATIVE * largest + CANCELLED * Math.max(largest, scale) : 0;
        double[] is = computed.data().toDoubleArray();
        double[] should = expected.data().toDoubleArray();
        for (int k = 0; k < is.length; k++) {
            if (!(Math.abs(is[k] - should[k]) <= allowed) && Double.compare(is[k], should[k]) != 0) {
                throw graph.refusal("has a rule that computes something else: of " + inputs + " it makes " + output
                        + ", whose element " + Arrays.toString(expected.shape().unravelIndex(k)) + " is " + is[k]
                        + " for the example, and in the model " + should[k]);
            }
        }
    }

    /** The largest magnitude, of finite elements. */
    private static double largest(Tensor x) {
        return Arrays.stream(x.data().toDoubleArray())
                .map(Math::abs)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }
}
