package io.adjoint.io.onnx;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.BagMode;
import io.adjoint.nn.layer.AnyEmbedding;
import io.adjoint.nn.layer.Embedding;
import io.adjoint.nn.layer.EmbeddingBag;
import io.adjoint.nn.layer.RotaryPositions;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** The export rules of embeddings, and of layers that rotate by positions. */
final class OnnxEmbeddings {
    private OnnxEmbeddings() {}

    static void addTo(OnnxRules rules) {
        rules.layer(Embedding.class, OnnxEmbeddings::lookedUp)
                .layer(EmbeddingBag.class, OnnxEmbeddings::bags)
                .layer(RotaryPositions.class, OnnxEmbeddings::rotated);
    }

    // ---- tables ----

    private static OnnxValue lookedUp(OnnxGraph g, AnyEmbedding layer, OnnxValue x) {
        if (x.dtype() != DType.INT32) {
            throw g.refusal("looks up INT32 indices, got " + x + "; say so by OnnxOptions.input");
        }
        Tensor table = layer.weight();
        int[] dims = Arrays.copyOf(x.dims(), x.rank() + 1);
        dims[x.rank()] = table.shape().dim(1);
        OnnxValue weight = layer.maxNorm() == Double.POSITIVE_INFINITY
                ? g.parameter("weight", table)
                : g.constant("weight", shrunk(layer));
        return g.op("Gather").to(dims, weight, x);
    }

    /** The embedding table with the norm of every row limited to maxNorm; the layer limits only the rows that a lookup reads. */
    private static NdArray shrunk(AnyEmbedding layer) {
        NdArray table = layer.weight().data();
        NdArray norms = table.vectorNorm(layer.normType(), Dims.KEEP, 1);
        double largest = layer.maxNorm();
        return table.mul(norms.map(norm -> norm > largest ? largest / (norm + 1e-7) : 1));
    }

    private static OnnxValue bags(OnnxGraph g, EmbeddingBag layer, OnnxValue x) {
        g.requireRank(2, x);
        OnnxValue vectors = lookedUp(g, layer, x);
        int[] dims = {x.dim(0), vectors.dim(2)};
        if (layer.paddingIndex() < 0) {
            return layer.mode() == BagMode.SUM
                    ? sum(g, vectors, dims)
                    : g.op(layer.mode() == BagMode.MEAN ? "ReduceMean" : "ReduceMax")
                            .integers("axes", 1)
                            .integer("keepdims", 0)
                            .to(dims, vectors);
        }
        OnnxValue padding = g.constant("padding", NdArray.of(Shape.of(1), new int[] {layer.paddingIndex()}));
        int[] column = {x.dim(0), x.dim(1), 1};
        OnnxValue isPadding = g.op("Unsqueeze").to(column, g.op("Equal").of(x, padding), g.integers(2));
        OnnxValue used = g.op("Where").to(column, isPadding, g.constant(0), g.constant(1));
        OnnxValue count = sum(g, used, x.dim(0), 1);
        OnnxValue one = g.constant(1);
        if (layer.mode() == BagMode.MAX) {
            OnnxValue hidden =
                    g.op("Where").to(vectors.dims(), isPadding, g.constant(Double.NEGATIVE_INFINITY), vectors);
            OnnxValue largest =
                    g.op("ReduceMax").integers("axes", 1).integer("keepdims", 0).to(dims, hidden);
            OnnxValue isEmpty = g.op("Less").of(count, one);
            return g.op("Where").to(dims, isEmpty, g.constant(0), largest);
        }
        OnnxValue sums = sum(g, g.op("Mul").of(vectors, used), dims);
        return layer.mode() == BagMode.SUM
                ? sums
                : g.op("Div").of(sums, g.op("Max").of(count, one));
    }

    /** Sums over axis 1, which is removed. */
    private static OnnxValue sum(OnnxGraph g, OnnxValue x, int... dims) {
        return g.op("ReduceSum").integer("keepdims", 0).to(dims, x, g.integers(1));
    }

    // ---- positions ----

    private static NdArray run(RotaryPositions layer, OnnxValue x, IntToDoubleFunction element) {
        NdArray array = NdArray.generate(DType.FLOAT64, Shape.of(x.dim(-2), x.dim(-1)), element);
        return Autograd.noGrad(() -> layer.forward(Tensor.of(array))).data();
    }

    /**
     * Adds the nodes of a rotary embedding, which rotates each pair of elements of x by an angle that depends on the position: {@code x·cos
     * + partner·sin}. For each element of x, partner is the other element of its pair, cos is the cosine of the pair's angle, and sin is
     * the sine, negated for the first element of a pair.
     */
    private static OnnxValue rotated(OnnxGraph g, RotaryPositions layer, OnnxValue x) {
        g.requireRank(3, x);
        int width = x.dim(-1);
        boolean areHalves = layer.pairing() == RotaryPositions.Pairing.HALVES;
        int[] partner = IntStream.range(0, width)
                .map(k -> areHalves ? (k + width / 2) % width : k ^ 1)
                .toArray();
        // The cosines and sines are read from the layer's output: if each pair of the input is (1, 0), each pair of the
        // output is (cosine, sine).
        NdArray turned = run(layer, x, k -> isFirst(k % width, width, areHalves) ? 1 : 0);
        NdArray cosines = NdArray.generate(DType.FLOAT64, turned.shape(), k -> {
            int element = k % width;
            int at = isFirst(element, width, areHalves) ? element : partner[element];
            return turned.get(Math.floorDiv(k, width), at);
        });
        NdArray sines = NdArray.generate(DType.FLOAT64, turned.shape(), k -> {
            int element = k % width;
            boolean isFirst = isFirst(element, width, areHalves);
            double sine = turned.get(Math.floorDiv(k, width), isFirst ? partner[element] : element);
            return isFirst ? -sine : sine;
        });
        OnnxValue partners = g.op("Gather").integer("axis", -1).of(x, g.integers(partner));
        return g.op("Add")
                .of(
                        g.op("Mul").of(x, g.constant("cosines", cosines)),
                        g.op("Mul").of(partners, g.constant("sines", sines)));
    }

    private static boolean isFirst(int element, int width, boolean areHalves) {
        return areHalves ? element < width / 2 : element % 2 == 0;
    }
}
