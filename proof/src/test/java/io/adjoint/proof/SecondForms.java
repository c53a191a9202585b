package io.adjoint.proof;

import io.adjoint.autograd.Debug;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import io.adjoint.nn.layer.GRU;
import io.adjoint.nn.layer.GRUCell;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.LSTMCell;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.testkit.LayerSpec;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The layers that have kernels for forward and backward pass, each with an equivalent composition of simple operations: the composition
 * that the fused operation uses for gradients of gradients, or one written for the test.
 */
final class SecondForms {
    /** An ε that keeps variances away from 0, where the normalization has strong curvature and the two forms would round differently. */
    private static final double EPS = 0.1;

    private static final CrossEntropy CROSS_ENTROPY = new CrossEntropy();

    /** Distinct values, since the gradient at equal maxima is a convention. */
    private static final Values DISTINCT = Values.between(-200, 200).distinct().gap(0.01);

    private static final int IN = 5;
    private static final int HIDDEN = 7;
    private static final int LOOKUPS = 40;
    /** The largest size of an image. */
    private static final int SIDE = 12;

    /**
     * A layer by kernels and as a composition.
     *
     * @param name the name
     * @param fused makes the layer of a dtype as an operation of its inputs and parameters, with the shapes of these
     * @param composed the function of the layer, by simple operations
     */
    record Row(String name, Function<DType, Operation> fused, Function<Tensor[], Tensor> composed) {}

    static final List<Row> ROWS = List.of(
            layer(
                    "LSTM, a step",
                    "(n,5),(n,7),(n,7)",
                    40,
                    init -> new LSTMCell(IN, HIDDEN, init),
                    (cell, x) -> cell.forward(x[0], new LSTM.State(x[1], x[2]))),
            layer("LSTM", "(n,t,5)", 20, init -> new LSTM(IN, HIDDEN, init), (network, x) -> network.forward(x[0])),
            layer(
                    "GRU, a step",
                    "(n,5),(n,7)",
                    40,
                    init -> new GRUCell(IN, HIDDEN, init),
                    (cell, x) -> cell.forward(x[0], new GRU.State(x[1]))),
            layer("GRU", "(n,t,5)", 20, init -> new GRU(IN, HIDDEN, init), (network, x) -> network.forward(x[0])),
            fused(
                    "attention",
                    "(n,l,e),(n,s,e),(n,s,v)",
                    40,
                    t -> Functional.scaledDotProductAttention(t[0], t[1], t[2])),
            fused(
                    "attention of several blocks",
                    "(300,3),(600,3),(600,2)",
                    1,
                    t -> Functional.scaledDotProductAttention(t[0], t[1], t[2])),
            fused(
                    "attention of several blocks with a bias",
                    "(130,3),(260,3),(260,2),(130,260)",
                    1,
                    t -> Functional.scaledDotProductAttention(t[0], t[1], t[2], new AttentionMask().bias(t[3]))),
            fused(
                    "causal attention",
                    "(n,l,e),(n,l,e),(n,l,v)",
                    40,
                    t -> Functional.scaledDotProductAttention(t[0], t[1], t[2], new AttentionMask().causal())),
            fused("layer norm", "(b,n),(n),(n)", 300, t -> Functional.layerNorm(t[0], t[1].shape(), t[1], t[2], EPS)),
            fused("RMS norm", "(b,n),(n)", 300, t -> Functional.rmsNorm(t[0], t[1].shape(), t[1], EPS)),
            fused("batch norm", "(n,c,d),(c),(c)", 40, t -> Functional.batchNorm(t[0], t[1], t[2], EPS)),
            fused("cross-entropy", "(n,c)", 300, SecondForms::crossEntropy),
            fused("cross-entropy of 50,000 classes", "(3,50000)", 1, SecondForms::crossEntropy),
            row(
                    "embedding",
                    "(k,f)",
                    40,
                    t -> Functional.embedding(numbers(LOOKUPS, t[0].shape().dim(0)), t[0], 0),
                    t -> embedded(t[0])),
            convolution("1×1", "(n,c,h,w),(o,c,1,1),(o)", "nchw,oc->nohw", 0, c -> new ConvOptions()),
            convolution("3×3", "(n,c,h,w),(o,c,3,3),(o)", "nchw,oc->nohw", 1, c -> new ConvOptions().padding(1)),
            convolution(
                    "depthwise",
                    "(n,c,h,w),(c,1,3,3),(c)",
                    "nchw,ci->nchw",
                    1,
                    c -> new ConvOptions().padding(1).groups(c)),
            row(
                    "transposed convolution",
                    "(n,c,h,w),(c,o,3,3),(o)",
                    SIDE,
                    t -> t[0].convTranspose2d(t[1], t[2], new ConvOptions().stride(2)),
                    t -> convolved("nchw,co->nohw", spread(t[0]).pad(2, 2, 2, 2), t[1].flip(2, 3), t[2])),
            pooling("max-pool of adjacent windows", Window.kernel(2, 2), 2, 2, 0),
            pooling(
                    "max-pool of windows that overlap",
                    Window.kernel(3, 3).stride(2).padding(1),
                    3,
                    2,
                    1));

    private SecondForms() {}

    /** The row of a layer whose sizes are drawn up to {@code most}. */
    private static Row row(
            String name,
            String shapes,
            int most,
            Function<Tensor[], Tensor> fused,
            Function<Tensor[], Tensor> composed) {
        Operation operation = Operation.of(name, fused).shapes(shapes).dims(1, most);
        return new Row(name, dtype -> operation, composed);
    }

    /** The row of a fused operation, compared with its own composition. */
    private static Row fused(String name, String shapes, int most, Function<Tensor[], Tensor> function) {
        return row(name, shapes, most, function, t -> Debug.composed(() -> function.apply(t)));
    }

    /** The row of a block that uses fused operations, compared with their compositions; the block's outputs are concatenated. */
    private static <B extends Block> Row layer(
            String name, String shapes, int most, Function<Init, B> factory, BiFunction<B, Tensor[], Object> forward) {
        Function<DType, Operation> fused =
                dtype -> LayerSpec.of(name, init -> factory.apply(init.dtype(dtype)), forward)
                        .dtype(dtype)
                        .shapes(shapes)
                        .trainingOperation()
                        .dims(1, most);
        Operation reference = fused.apply(DType.FLOAT64);
        return new Row(name, fused, t -> Debug.composed(() -> reference.apply(t)));
    }

    // ---- classes ----

    /** Indices of rows or columns of a matrix, some of them repeated if {@code count} is larger than {@code size}. */
    private static Tensor numbers(int count, int size) {
        return Tensor.arange(count).mul(7).add(3).remainder(size).to(DType.INT32);
    }

    private static Tensor embedded(Tensor table) {
        int rows = table.shape().dim(0);
        // The padding row gets no gradient.
        Tensor isPadding = Tensor.arange(rows).eq(0).unsqueeze(1);
        return numbers(LOOKUPS, rows)
                .oneHot(rows)
                .to(table.dtype())
                .matmul(Tensor.where(isPadding, table.detach(), table));
    }

    private static Tensor crossEntropy(Tensor... t) {
        return CROSS_ENTROPY.forward(
                t[0], numbers(t[0].shape().dim(0), t[0].shape().dim(1)));
    }

    // ---- windows ----

    private static Row convolution(
            String name, String shapes, String equation, int padding, IntFunction<ConvOptions> options) {
        return row(
                "convolution, " + name,
                shapes,
                SIDE,
                t -> t[0].conv2d(t[1], t[2], options.apply(t[0].shape().dim(1))),
                t -> convolved(equation, t[0].pad(padding, padding, padding, padding), t[1], t[2]));
    }

    /**
     * Computes a convolution as a sum over the positions in the kernel: the elements that all windows read at the position, times the
     * weight.
     */
    private static Tensor convolved(String equation, Tensor x, Tensor weight, Tensor bias) {
        int kernel = weight.shape().dim(2);
        List<Tensor> read = windows(x, kernel, 1);
        Tensor sum = bias.unsqueeze(1).unsqueeze(1);
        for (int k = 0; k < read.size(); k++) {
            Tensor factors = weight.select(3, k % kernel).select(2, k / kernel);
            sum = sum.add(Tensor.einsum(equation, read.get(k), factors));
        }
        return sum;
    }

    /**
     * Puts a row of zeros after each row but the last, and a column of zeros after each column but the last, as for a transposed
     * convolution with stride 2.
     */
    private static Tensor spread(Tensor x) {
        Shape shape = x.shape();
        Tensor rows = Tensor.stack(3, x, Tensor.zerosLike(x))
                .reshape(shape.dim(0), shape.dim(1), 2 * shape.dim(2), shape.dim(3));
        return Tensor.stack(4, rows, Tensor.zerosLike(rows))
                .reshape(shape.dim(0), shape.dim(1), 2 * shape.dim(2), 2 * shape.dim(3))
                .slice(2, 0, 2 * shape.dim(2) - 1)
                .slice(3, 0, 2 * shape.dim(3) - 1);
    }

    private static Row pooling(String name, Window window, int kernel, int stride, int padding) {
        Operation operation = Operation.of(name, t -> t[0].maxPool2d(window))
                .shapes("(n,c,h,w)")
                .dims(kernel - padding, SIDE)
                .within(DISTINCT);
        return new Row(
                name,
                dtype -> operation,
                t ->
                        windows(
                                        t[0].padConstant(Double.NEGATIVE_INFINITY, padding, padding, padding, padding),
                                        kernel,
                                        stride)
                                .stream()
                                .reduce(Tensor::maximum)
                                .orElseThrow());
    }

    /** For each position in a square window, the elements that all windows read at this position. */
    private static List<Tensor> windows(Tensor x, int kernel, int stride) {
        int height = x.shape().dim(2) - kernel;
        int width = x.shape().dim(3) - kernel;
        return IntStream.range(0, kernel * kernel)
                .mapToObj(k -> x.slice(2, k / kernel, k / kernel + height + 1, stride)
                        .slice(3, k % kernel, k % kernel + width + 1, stride))
                .toList();
    }
}
