package io.adjoint.nn.layer;

import io.adjoint.autograd.Index;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;

/** The layers that hold a table of vectors, looked up by number. To be used through the layers that extend it. */
public abstract sealed class AnyEmbedding extends Layer permits Embedding, EmbeddingBag {
    final Tensor weight;
    /** The row for padding; −1 for none. */
    final int padding;

    AnyEmbedding(Tensor weight, EmbeddingOptions options) {
        this.weight = parameter("weight", weight);
        this.padding = options.paddingOf(getClass().getSimpleName(), weight.shape());
    }

    /** N(0, 1), and zeros for padding. */
    static Tensor drawn(String name, int count, int features, EmbeddingOptions options, Init init) {
        if (count < 1 || features < 1) {
            throw new IllegalArgumentException(
                    name + ": expected at least 1 row and 1 feature, got " + count + " and " + features);
        }
        Shape shape = Shape.of(name, count, features);
        int padding = options.paddingOf(name, shape);
        Tensor table = init.normal(shape, 0, 1);
        if (padding >= 0) {
            table.assign(table.detach()
                    .indexPut(Tensor.scalar(0).to(table.dtype()), Index.at(padding))
                    .data());
        }
        return table;
    }

    /** A leaf of given numbers. */
    static Tensor leaf(String name, NdArray weights) {
        if (weights.shape().rank() != 2) {
            throw new ShapeException(name + ": expected weights [count, features], got " + weights.shape());
        }
        weights.dtype().requireFloating(name);
        return Tensor.of(weights.copy()).requiresGrad(true);
    }

    /** The table, shape {@code [count, features]}. */
    public final Tensor weight() {
        return weight;
    }

    @Override
    protected String describe() {
        return weight.shape().dim(0) + " -> " + weight.shape().dim(1)
                + (padding < 0 ? "" : ", padding index " + padding)
                + Descriptions.of(weight.dtype());
    }
}
