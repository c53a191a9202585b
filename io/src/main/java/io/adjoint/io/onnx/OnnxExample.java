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
 * The example inputs by which an export is checked. There are four batches. The second has one more sample: an axis whose size differs
 * between the first two is a batch axis. The third and fourth have other numbers: drawn floating inputs of other magnitudes, which reach
 * clamps and branches that the first doesn't, drawn integers anew, and given samples in another order. Each node is computed from
 * the values of the nodes before it, so the first node whose value differs is reported.
 */
final class OnnxExample {
    static final int BATCHES = 4;

    /** The factors of the drawn floating inputs in each batch. */
    private static final double[] FACTORS = {1, 1, 30, 1e-3};

    /**
     * The size of the smaller batch. It isn't 1, since an axis of size 1 is broadcast to any size, which could hide a mistake in a rule's
     * shapes.
     */
    private static final int SMALLEST = 2;

    /** The largest accepted difference of outputs, relative to the output's largest absolute value: some hundred FLOAT32 roundings. */
    private static final double RELATIVE = 3e-5;

    /**
     * The same for large inputs. It is larger since functions such as softmax multiply the relative rounding by the magnitude of their
     * input; a missing clamp or branch makes a larger difference.
     */
    private static final double RELATIVE_OF_LARGE = 1e-2;

    /**
     * The difference that is accepted in addition, relative to the largest absolute value of inputs and outputs: if large terms cancel,
     * their roundings are large relative to the output.
     */
    private static final double CANCELLED = 3e-6;

    /** The difference that is accepted in addition: some roundings of a term 1, as in exp(x) − 1 of small inputs. */
    private static final double OF_ONE = 2e-7;

    private OnnxExample() {}

    // ---- inputs ----

    /** The inputs of a model with example values, which the user has given or which are drawn at random. */
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
            List<Tensor> runs = new ArrayList<>();
            for (int k = 0; k < BATCHES; k++) {
                Tensor samples = repeated(typed, k == 1 ? batch + 1 : batch);
                if (k < 2) {
                    runs.add(samples);
                } else if (array != null) {
                    // Other numbers could be no category or no index.
                    runs.add(samples.roll(0, k - 1));
                } else {
                    runs.add(
                            typed.dtype().isFloating()
                                    ? samples.mul(FACTORS[k])
                                    : drawn(model, inputs, input, batch, rng));
                }
            }
            values.add(new OnnxValue(input.name(), false, runs));
        }
        return values;
    }

    /** The first {@code count} samples, repeated cyclically if there are fewer. */
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
        // INT32 vectors are assumed to be lengths of sequences, and other INT32 inputs to be indices, which must be in
        // range for every embedding table.
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

    /** The smallest size of axis 1 among the inputs, which is the largest possible length of a sequence. */
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
     * Compares the outputs of a block's nodes with the outputs of the block itself.
     *
     * @throws IllegalArgumentException if they differ
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
        double relative = FACTORS[batch] > 1 ? RELATIVE_OF_LARGE : RELATIVE;
        double allowed =
                computed.dtype().isFloating() ? relative * largest + CANCELLED * Math.max(largest, scale) + OF_ONE : 0;
        double[] is = computed.data().toDoubleArray();
        double[] should = expected.data().toDoubleArray();
        for (int k = 0; k < is.length; k++) {
            if (!(Math.abs(is[k] - should[k]) <= allowed) && Double.compare(is[k], should[k]) != 0) {
                throw graph.refusal("has a rule that computes something else: of " + inputs + " it makes " + output
                        + ", whose element " + Arrays.toString(expected.shape().unravelIndex(k)) + " is " + is[k]
                        + " for the example" + times(batch) + ", and in the model " + should[k]);
            }
        }
    }

    /** The factor of a batch in messages; empty for a factor of 1. */
    static String times(int batch) {
        return FACTORS[batch] == 1 ? "" : " × " + FACTORS[batch];
    }

    /** The largest absolute value of the finite elements. */
    private static double largest(Tensor x) {
        return Arrays.stream(x.data().toDoubleArray())
                .map(Math::abs)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }
}
