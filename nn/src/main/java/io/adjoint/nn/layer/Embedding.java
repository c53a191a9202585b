package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import java.util.random.RandomGenerator;

/**
 * A table of vectors, looked up by index: words, categories. Its gradient adds up where an index occurs several times.
 *
 * <p>Shapes: input INT32 of any shape {@code [...]} with indices from 0 to count − 1, output {@code [..., features]}; parameter
 * {@code weight [count, features]}, drawn from N(0, 1), with zeros in the row for padding, if there is one.
 */
public final class Embedding extends AnyEmbedding {
    /**
     * A table without a row for padding.
     *
     * @throws IllegalArgumentException if count or features is less than 1
     */
    public Embedding(int count, int features, RandomGenerator init) {
        this(count, features, new EmbeddingOptions(), init);
    }

    /**
     * A table.
     *
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if count or features is less than 1, or the padding index is not an index of a row
     */
    public Embedding(int count, int features, EmbeddingOptions options, RandomGenerator init) {
        this(drawn("Embedding", count, features, options, init), options);
    }

    private Embedding(Tensor weight, EmbeddingOptions options) {
        super(weight, options);
    }

    /** As {@link #of(NdArray, EmbeddingOptions)}, without a row for padding. */
    public static Embedding of(NdArray weights) {
        return of(weights, new EmbeddingOptions());
    }

    /**
     * A table of given vectors, which are copied, the row for padding as well. To keep training from changing them, call
     * {@link #freeze()}, without {@link EmbeddingOptions#maxNorm}: that shrinks rows of a frozen table, too.
     *
     * @param weights {@code [count, features]}
     * @throws io.adjoint.core.ShapeException if the weights are not a matrix
     * @throws io.adjoint.core.DTypeException if they are not floating
     * @throws IllegalArgumentException if the padding index is not an index of a row
     */
    public static Embedding of(NdArray weights, EmbeddingOptions options) {
        return new Embedding(leaf("Embedding", weights), options);
    }

    /**
     * A table of a given parameter, which is registered, not copied: a parameter that another block has, too, is tied, and the state has it
     * under both paths.
     *
     * @param weight a leaf that requires a gradient, {@code [count, features]}
     * @throws io.adjoint.core.ShapeException if the weight is not a matrix
     * @throws IllegalArgumentException if it is not such a leaf, or the padding index is not an index of a row
     */
    public static Embedding of(Tensor weight, EmbeddingOptions options) {
        requireTable("Embedding", weight.data());
        return new Embedding(weight, options);
    }

    /**
     * The vectors {@code [..., features]} at the indices {@code [...]}.
     *
     * @throws io.adjoint.core.ShapeException if an index is negative or not less than count
     * @throws io.adjoint.core.DTypeException if the input is not INT32
     */
    @Override
    protected Tensor compute(Tensor x) {
        return lookedUp(x);
    }
}
