package io.adjoint.proof;

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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The layers with kernels of their own for both passes, each beside a composition of simple operations. */
final class SecondForms {
    /** Far from the bend at variance 0, where the two forms would round differently. */
    private static final double EPS = 0.1;

    private static final CrossEntropy CROSS_ENTROPY = new CrossEntropy();

    /** Different numbers, as the gradient at equal maxima is a convention. */
    private static final Values DISTINCT = Values.between(-200, 200).distinct().gap(0.01);

    private static final int IN = 5;
    private static final int HIDDEN = 7;
    private static final int LOOKUPS = 40;
    /** The largest size of an image. */
    private static final int SIDE = 12;

    /**
     * A layer in both forms.
     *
     * @param name the name
     * @param fused the layer of a dtype as an operation of its inputs and parameters, with their shapes
     * @param composed the same function by simple operations
     */
    record Row(String name, Function<DType, Operation> fused, Function<Tensor[], Tensor> composed) {}

    /** A step of a recurrent network: the next state. */
    private interface Step {
        List<Tensor> of(Tensor x, List<Tensor> state, List<Tensor> weights);
    }

    static final List<Row> ROWS = List.of(
            layer(
                    "LSTM, a step",
                    "(n,5),(n,7),(n,7)",
                    40,
                    init -> new LSTMCell(IN, HIDDEN, init),
                    (cell, x) -> cell.forward(x[0], new LSTM.State(x[1], x[2])),
                    t -> joined(lstm(t[0], List.of(t[1], t[2]), List.of(t).subList(3, 7)))),
            layer(
                    "LSTM",
                    "(n,t,5)",
                    20,
                    init -> new LSTM(IN, HIDDEN, init),
                    (network, x) -> network.forward(x[0]),
                    t -> sequence(SecondForms::lstm, 2, t)),
            layer(
                    "GRU, a step",
                    "(n,5),(n,7)",
                    40,
                    init -> new GRUCell(IN, HIDDEN, init),
                    (cell, x) -> cell.forward(x[0], new GRU.State(x[1])),
                    t -> gru(t[0], List.of(t[1]), List.of(t).subList(2, 6)).get(0)),
            layer(
                    "GRU",
                    "(n,t,5)",
                    20,
                    init -> new GRU(IN, HIDDEN, init),
                    (network, x) -> network.forward(x[0]),
                    t -> sequence(SecondForms::gru, 1, t)),
            row(
                    "attention",
                    "(n,l,e),(n,s,e),(n,s,v)",
                    40,
                    t -> Functional.scaledDotProductAttention(t[0], t[1], t[2]),
                    t -> softmax(scores(t)).matmul(t[2])),
            row(
                    "attention of several blocks",
                    "(300,3),(600,3),(600,2)",
                    1,
                    t -> Functional.scaledDotProductAttention(t[0], t[1], t[2]),
                    t -> softmax(scores(t)).matmul(t[2])),
            row(
                    "attention of several blocks with a bias",
                    "(130,3),(260,3),(260,2),(130,260)",
                    1,
                    t -> Functional.scaledDotProductAttention(t[0], t[1], t[2], new AttentionMask().bias(t[3])),
                    t -> softmax(scores(t).add(t[3])).matmul(t[2])),
            row(
                    "causal attention",
                    "(n,l,e),(n,l,e),(n,l,v)",
                    40,
                    t -> Functional.scaledDotProductAttention(t[0], t[1], t[2], new AttentionMask().causal()),
                    t -> {
                        Tensor position = Tensor.arange(t[0].shape().dim(1));
                        Tensor isLater = position.gt(position.unsqueeze(1));
                        return softmax(scores(t).maskedFill(isLater, Double.NEGATIVE_INFINITY))
                                .matmul(t[2]);
                    }),
            row(
                    "layer norm",
                    "(b,n),(n),(n)",
                    300,
                    t -> Functional.layerNorm(t[0], t[1].shape(), t[1], t[2], EPS),
                    t -> scaled(t[0].sub(t[0].mean(true, -1)), -1).mul(t[1]).add(t[2])),
            row(
                    "RMS norm",
                    "(b,n),(n)",
                    300,
                    t -> Functional.rmsNorm(t[0], t[1].shape(), t[1], EPS),
                    t -> scaled(t[0], -1).mul(t[1])),
            row(
                    "batch norm",
                    "(n,c,d),(c),(c)",
                    40,
                    t -> Functional.batchNorm(t[0], t[1], t[2], EPS),
                    t -> scaled(t[0].sub(t[0].mean(true, 0, 2)), 0, 2)
                            .mul(t[1].unsqueeze(1))
                            .add(t[2].unsqueeze(1))),
            row(
                    "embedding",
                    "(k,f)",
                    40,
                    t -> Functional.embedding(numbers(LOOKUPS, t[0].shape().dim(0)), t[0], 0),
                    t -> embedded(t[0])),
            crossEntropy("cross-entropy", "(n,c)", 300),
            crossEntropy("cross-entropy of 50,000 classes", "(3,50000)", 1),
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

    /** Of sizes up to the one given. */
    private static Row row(
            String name,
            String shapes,
            int most,
            Function<Tensor[], Tensor> fused,
            Function<Tensor[], Tensor> composed) {
        Operation operation = Operation.of(name, fused).shapes(shapes).dims(1, most);
        return new Row(name, dtype -> operation, composed);
    }

    /** A block's outputs are one after the other. */
    private static <B extends Block> Row layer(
            String name,
            String shapes,
            int most,
            Function<Init, B> factory,
            BiFunction<B, Tensor[], Object> forward,
            Function<Tensor[], Tensor> composed) {
        return new Row(
                name,
                dtype -> LayerSpec.of(name, init -> factory.apply(init.dtype(dtype)), forward)
                        .shapes(shapes)
                        .operation(true)
                        .dims(1, most),
                composed);
    }

    private static Tensor joined(List<Tensor> outputs) {
        return Tensor.concat(
                0, outputs.stream().map(output -> output.reshape(-1)).toList());
    }

    // ---- recurrent networks ----

    private static Tensor affine(Tensor x, Tensor weight, Tensor bias) {
        return x.matmul(weight.transpose()).add(bias);
    }

    /** h and c. */
    private static List<Tensor> lstm(Tensor x, List<Tensor> state, List<Tensor> weights) {
        List<Tensor> gates = affine(x, weights.get(0), weights.get(2))
                .add(affine(state.get(0), weights.get(1), weights.get(3)))
                .chunk(4, 1);
        Tensor kept = gates.get(1).sigmoid().mul(state.get(1));
        Tensor c = kept.add(gates.get(0).sigmoid().mul(gates.get(2).tanh()));
        return List.of(gates.get(3).sigmoid().mul(c.tanh()), c);
    }

    private static List<Tensor> gru(Tensor x, List<Tensor> state, List<Tensor> weights) {
        List<Tensor> a = affine(x, weights.get(0), weights.get(2)).chunk(3, 1);
        List<Tensor> b = affine(state.get(0), weights.get(1), weights.get(3)).chunk(3, 1);
        Tensor r = a.get(0).add(b.get(0)).sigmoid();
        Tensor z = a.get(1).add(b.get(1)).sigmoid();
        Tensor n = a.get(2).add(r.mul(b.get(2))).tanh();
        return List.of(z.rsub(1).mul(n).add(z.mul(state.get(0))));
    }

    /** One step after the other: all h, then the last state. */
    private static Tensor sequence(Step step, int states, Tensor... t) {
        List<Tensor> weights = List.of(t).subList(1, t.length);
        List<Tensor> state = Collections.nCopies(
                states, Tensor.zeros(t[0].dtype(), t[0].shape().dim(0), HIDDEN));
        List<Tensor> hidden = new ArrayList<>();
        for (int k = 0; k < t[0].shape().dim(1); k++) {
            state = step.of(t[0].select(1, k), state, weights);
            hidden.add(state.get(0));
        }
        List<Tensor> outputs = new ArrayList<>(List.of(Tensor.stack(1, hidden)));
        outputs.addAll(state);
        return joined(outputs);
    }

    // ---- attention, normalizations, classes ----

    private static Tensor scores(Tensor... t) {
        return t[0].matmul(t[1].transpose()).div(Math.sqrt(t[0].shape().dim(-1)));
    }

    private static Tensor softmax(Tensor x) {
        Tensor exp = x.sub(x.detach().amax(true, -1)).exp();
        return exp.div(exp.sum(true, -1));
    }

    /** Divided by the root of the mean square. */
    private static Tensor scaled(Tensor x, int... axes) {
        return x.div(x.square().mean(true, axes).add(EPS).sqrt());
    }

    /** Rows of a matrix, or columns, by number; some of them more than once. */
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

    private static Row crossEntropy(String name, String shapes, int most) {
        return row(
                name,
                shapes,
                most,
                t -> CROSS_ENTROPY.forward(
                        t[0], numbers(t[0].shape().dim(0), t[0].shape().dim(1))),
                t -> crossEntropy(t[0]));
    }

    private static Tensor crossEntropy(Tensor logits) {
        int classes = logits.shape().dim(1);
        Tensor largest = logits.detach().amax(true, 1);
        Tensor logSums = logits.sub(largest).exp().sum(true, 1).log().add(largest);
        Tensor isTarget =
                numbers(logits.shape().dim(0), classes).oneHot(classes).to(logits.dtype());
        return logSums.sub(logits).mul(isTarget).sum(1).mean();
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

    /** The sum over the positions in the window of what is read there times the weight. */
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

    /** With a row and a column of zeros behind each but the last. */
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

    /** For each position in a square window the elements of an image that are read there, by all windows. */
    private static List<Tensor> windows(Tensor x, int kernel, int stride) {
        int height = x.shape().dim(2) - kernel;
        int width = x.shape().dim(3) - kernel;
        return IntStream.range(0, kernel * kernel)
                .mapToObj(k -> x.slice(2, k / kernel, k / kernel + height + 1, stride)
                        .slice(3, k % kernel, k % kernel + width + 1, stride))
                .toList();
    }
}
