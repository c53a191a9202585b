package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.BagMode;
import io.adjoint.nn.Bags;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A table of vectors that maps each bag of indices to one vector: the mean, sum or largest values of the vectors at these indices.
 *
 * <p>Shapes: input INT32 {@code [N, L]}, a bag in each row, or {@code [T]} with offsets {@code [N]}, which say where each bag begins;
 * output {@code [N, features]}; parameter {@code weight [count, features]}, drawn from N(0, 1), with zeros in the row for padding, which
 * bags leave out.
 */
public final class EmbeddingBag extends AnyEmbedding {
    private final BagMode mode;

    /**
     * A table whose bags are means.
     *
     * @throws IllegalArgumentException if count or features is less than 1
     */
    public EmbeddingBag(int count, int features, RandomGenerator init) {
        this(count, features, BagMode.MEAN, new EmbeddingOptions(), init);
    }

    /**
     * A table.
     *
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if count or features is less than 1, the padding index is not an index of a row, or the gradients of
     *     largest values are to be scaled by frequency
     */
    public EmbeddingBag(int count, int features, BagMode mode, EmbeddingOptions options, RandomGenerator init) {
        super(drawn("EmbeddingBag", count, features, options, init), options);
        if (mode == BagMode.MAX && options.scaleGradByFreq) {
            throw new IllegalArgumentException("EmbeddingBag: scaleGradByFreq is for the modes MEAN and SUM, not MAX");
        }
        this.mode = mode;
    }

    /**
     * The vectors of the bags {@code [N, L]}.
     *
     * @throws ShapeException if the input is not a matrix, or an index is negative or not less than count
     * @throws DTypeException if the input is not INT32
     */
    @Override
    protected Tensor compute(Tensor x) {
        return bags(x, null, null);
    }

    /**
     * The vectors of bags of different sizes.
     *
     * @param x the indices of all bags, one after the other: INT32 {@code [T]}
     * @param offsets where each bag begins: INT32 {@code [N]}, the first 0 and none less than the one before it
     * @return {@code [N, features]}
     * @throws ShapeException if input or offsets are not vectors, or an index is negative or not less than count
     * @throws DTypeException if input or offsets are not INT32
     * @throws IllegalArgumentException if the offsets are not as described, or go beyond the input
     */
    public Tensor forward(Tensor x, Tensor offsets) {
        return within(x, indices -> bags(indices, offsets, null));
    }

    /**
     * The weighted sums of the bags {@code [N, L]}; only of a layer whose mode is {@link BagMode#SUM}.
     *
     * @param weights the factor of each vector, of x's shape
     * @throws ShapeException as {@link #forward(Tensor)} does, or if the weights have another shape
     * @throws DTypeException as {@link #forward(Tensor)} does, or if the weights are not of this layer's dtype
     * @throws IllegalArgumentException if the mode is not {@link BagMode#SUM}
     */
    public Tensor weighted(Tensor x, Tensor weights) {
        return within(x, indices -> bags(indices, null, weights));
    }

    /**
     * The weighted sums of bags of different sizes, as {@link #forward(Tensor, Tensor)} takes them.
     *
     * @param weights the factor of each vector, of x's shape
     * @throws ShapeException as {@link #forward(Tensor, Tensor)} does, or if the weights have another shape
     * @throws DTypeException as {@link #forward(Tensor, Tensor)} does, or if the weights are not of this layer's dtype
     * @throws IllegalArgumentException if the mode is not {@link BagMode#SUM}, or because of the offsets
     */
    public Tensor weighted(Tensor x, Tensor offsets, Tensor weights) {
        return within(x, indices -> bags(indices, offsets, weights));
    }

    private Tensor bags(Tensor x, @Nullable Tensor offsets, @Nullable Tensor weights) {
        return Bags.of(new Bags.Table(weight, padding, this::lookedUp), x, offsets, weights, mode);
    }

    /** The reduction of a bag's vectors to one vector. */
    public BagMode mode() {
        return mode;
    }

    @Override
    protected String describe() {
        return super.describe() + ", " + mode.name().toLowerCase(Locale.ROOT);
    }
}
