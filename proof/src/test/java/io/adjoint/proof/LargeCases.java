package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Functional;
import io.adjoint.nn.loss.CrossEntropy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Operations on more elements than a vector, a block or a tile of the loops has; most cases of the catalogue are smaller. */
final class LargeCases {
    /**
     * A case.
     *
     * @param shapes the shapes of the inputs
     */
    record Row(String name, List<int[]> shapes, Function<Tensor[], Tensor> operation) {
        /** Draws inputs of a dtype; each call draws the same numbers. */
        List<Tensor> inputs(DType dtype) {
            Random random = new Random(name.hashCode());
            return shapes.stream()
                    .map(Shape::of)
                    .map(shape -> NdArray.generate(DType.FLOAT64, shape, k -> random.nextDouble() * 4 - 2))
                    .map(numbers -> Tensor.of(numbers.to(dtype)))
                    .toList();
        }
    }

    static final List<Row> ROWS = List.of(
            row(
                    "attention",
                    t -> Functional.scaledDotProductAttention(t[0], t[1], t[2]),
                    s(2, 40, 16),
                    s(2, 48, 16),
                    s(2, 48, 8)),
            row(
                    "attention of several blocks with a bias",
                    t -> Functional.scaledDotProductAttention(
                            t[0], t[1], t[2], new AttentionMask().causal(140).bias(t[3])),
                    s(140, 5),
                    s(264, 5),
                    s(264, 3),
                    s(140, 264)),
            row(
                    "layer norm",
                    t -> Functional.layerNorm(t[0], t[1].shape(), t[1], t[2], 1e-5),
                    s(5, 700),
                    s(700),
                    s(700)),
            row("RMS norm", t -> Functional.rmsNorm(t[0], t[1].shape(), t[1], 1e-5), s(5, 600), s(600)),
            row("group norm", t -> Functional.groupNorm(t[0], 2, t[1], t[2], 1e-5), s(2, 4, 9, 11), s(4), s(4)),
            row("batch norm", t -> Functional.batchNorm(t[0], t[1], t[2], 1e-5), s(9, 3, 70), s(3), s(3)),
            row("batch norm of few", t -> Functional.batchNorm(t[0], t[1], t[2], 1e-5), s(200, 7, 2), s(7), s(7)),
            row("max pool", t -> t[0].maxPool2d(Window.kernel(3, 3).stride(2).padding(1)), s(2, 3, 37, 41)),
            row("max pool of adjacent windows", t -> t[0].maxPool2d(2), s(2, 3, 36, 70)),
            row("max pool of rows", t -> t[0].maxPool1d(150), s(2, 2, 700)),
            row(
                    "average pool",
                    t -> t[0].avgPool2d(Window.kernel(3, 3).stride(2).padding(1)),
                    s(2, 3, 37, 41)),
            row("softmax", t -> t[0].softmax(-1), s(3, 700)),
            row("softmax of columns", t -> t[0].logSoftmax(0), s(70, 90)),
            row("cross-entropy", t -> new CrossEntropy().forward(t[0], classes(40)), s(40, 300)),
            row(
                    "convolution",
                    t -> t[0].conv2d(t[1], t[2], new ConvOptions().stride(2).padding(1)),
                    s(2, 5, 33, 35),
                    s(9, 5, 3, 3),
                    s(9)),
            row("sums", t -> t[0].sum(0).add(t[0].mean(1).sum()), s(300, 260)),
            row("variances", t -> t[0].var(0).add(t[0].std(1).sum()), s(300, 260)),
            row("extremes", t -> t[0].amax(0).add(t[0].amin(1).sum()), s(300, 260)),
            row("scans", t -> t[0].cumsum(0).add(t[0].logCumsumExp(1)), s(130, 140)),
            row("product", t -> t[0].matmul(t[1]), s(70, 300), s(300, 90)));

    private LargeCases() {}

    /** The digests of the values and gradients of all cases in both floating dtypes. */
    static Map<String, String> digests() {
        Map<String, String> digests = new TreeMap<>();
        for (Row row : ROWS) {
            for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
                Tensor[] inputs = row.inputs(dtype).stream()
                        .map(input -> input.requiresGrad(true))
                        .toArray(Tensor[]::new);
                Tensor output = row.operation().apply(inputs);
                output.backward(Tensor.randn(dtype, output.shape(), new Generator(6)));
                Digest digest = new Digest().add(output);
                for (Tensor input : inputs) {
                    digest.add(Objects.requireNonNull(input.grad()));
                }
                digests.put(row.name() + " " + dtype, digest.text());
            }
        }
        return digests;
    }

    private static Row row(String name, Function<Tensor[], Tensor> operation, int[]... shapes) {
        return new Row(name, List.of(shapes), operation);
    }

    private static int[] s(int... sizes) {
        return sizes;
    }

    private static Tensor classes(int count) {
        return Tensor.of(IntStream.range(0, count).map(k -> k * 7 % 300).toArray());
    }
}
