package io.adjoint.nn.layer;

import io.adjoint.autograd.Edge;
import io.adjoint.autograd.Index;
import io.adjoint.autograd.LibraryOps;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The layers that hold a table of vectors, looked up by index. To be used through the layers that extend it. */
public abstract sealed class AnyEmbedding extends Layer permits Embedding, EmbeddingBag {
    final Tensor weight;
    /** The index of the padding row; −1 for none. */
    final int padding;

    private final EmbeddingOptions options;

    AnyEmbedding(Tensor weight, EmbeddingOptions options) {
        this.weight = parameter("weight", weight);
        this.options = options;
        this.padding = options.paddingOf(getClass().getSimpleName(), weight.shape());
    }

    /** Draws a table from N(0, 1), with zeros in the padding row. */
    static Tensor drawn(String name, int count, int features, EmbeddingOptions options, RandomGenerator init) {
        Settings.requireCount(name, "number of rows", count);
        Settings.requireCount(name, "number of features", features);
        Shape shape = Shape.of(name, count, features);
        int padding = options.paddingOf(name, shape);
        Tensor table = Init.of(init).normal(shape, 0, 1);
        if (padding >= 0) {
            table.assign(table.detach()
                    .indexPut(Tensor.scalar(0).to(table.dtype()), Index.at(padding))
                    .data());
        }
        return table;
    }

    /** Makes a leaf, a tensor that gradients reach, with the given elements. */
    static Tensor leaf(String name, NdArray weights) {
        requireTable(name, weights);
        return Tensor.of(weights.copy()).requiresGrad(true);
    }

    static void requireTable(String name, NdArray weights) {
        if (weights.shape().rank() != 2) {
            throw new ShapeException(name + ": expected weights [count, features], got " + weights.shape());
        }
        weights.dtype().requireFloating(name);
    }

    /** The rows at indices {@code [...]}, as {@code [..., features]}; the padding row gets no gradient. */
    final Tensor lookedUp(Tensor x) {
        boolean bounded = options.maxNorm < Double.POSITIVE_INFINITY;
        // If an index is invalid, no row is scaled here, and the lookup below throws.
        int[] numbers = x.dtype() == DType.INT32 && (bounded || options.scaleGradByFreq)
                ? x.data().toIntArray()
                : new int[0];
        int count = weight.shape().dim(0);
        if (bounded && Arrays.stream(numbers).allMatch(row -> row >= 0 && row < count)) {
            Arrays.stream(numbers).distinct().forEach(this::shrink);
        }
        Tensor rows = padding < 0 ? Functional.embedding(x, weight) : Functional.embedding(x, weight, padding);
        return options.scaleGradByFreq ? scaledByFrequency(rows, numbers) : rows;
    }

    /** Scales down a row whose norm is too large. As in PyTorch, a small number is added to the divisor. */
    private void shrink(int row) {
        NdArray vector = weight.data().slice(0, row, row + 1);
        double norm = vector.vectorNorm(options.normType).item();
        if (norm > options.maxNorm) {
            InPlace.assign(vector, vector.mul(options.maxNorm / (norm + 1e-7)));
        }
    }

    /**
     * Gives the looked-up rows a backward rule that divides the gradient of each row by the number of its occurrences among the indices.
     */
    private Tensor scaledByFrequency(Tensor rows, int... numbers) {
        int[] times = new int[weight.shape().dim(0)];
        for (int row : numbers) {
            times[row]++;
        }
        int[] dims = rows.shape().toArray();
        dims[dims.length - 1] = 1;
        Tensor shares = Tensor.of(NdArray.generate(weight.dtype(), Shape.of(dims), k -> 1.0 / times[numbers[k]]));
        return LibraryOps.op("scaledByFrequency", rows.data(), Edge.edge(rows, g -> g.mul(shares)));
    }

    /** The table, shape {@code [count, features]}. */
    public final Tensor weight() {
        requireInForce("weight");
        return weight;
    }

    /** The index of the padding row; −1 for none. */
    public final int paddingIndex() {
        return padding;
    }

    /** The largest norm of a row: a row with a larger norm is scaled down to it when it is looked up; infinite for no limit. */
    public final double maxNorm() {
        return options.maxNorm;
    }

    /** The order p of the norm that {@link #maxNorm} limits. */
    public final double normType() {
        return options.normType;
    }

    @Override
    protected String describe() {
        return weight.shape().dim(0) + " -> " + weight.shape().dim(1)
                + (padding < 0 ? "" : ", padding index " + padding)
                + (options.maxNorm == Double.POSITIVE_INFINITY ? "" : ", max norm " + options.maxNorm)
                + (options.normType == 2 ? "" : ", norm type " + options.normType)
                + (options.scaleGradByFreq ? ", gradients scaled by frequency" : "")
                + Descriptions.of(weight.dtype());
    }
}
