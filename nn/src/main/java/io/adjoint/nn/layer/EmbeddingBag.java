package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Init;
import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
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
    public EmbeddingBag(int count, int features, Init init) {
        this(count, features, BagMode.MEAN, new EmbeddingOptions(), init);
    }

    /** As {@link #EmbeddingBag(int, int, Init)}, of FLOAT64. */
    public EmbeddingBag(int count, int features, RandomGenerator generator) {
        this(count, features, new Init(generator));
    }

    /**
     * A table.
     *
     * @throws IllegalArgumentException if count or features is less than 1, the padding index is not that of a row, or the gradients of
     *     largest values are to be scaled by frequency
     */
    public EmbeddingBag(int count, int features, BagMode mode, EmbeddingOptions options, Init init) {
        super(drawn("EmbeddingBag", count, features, options, init), options);
        if (mode == BagMode.MAX && options.scaleGradByFreq) {
            throw new IllegalArgumentException("EmbeddingBag: scaleGradByFreq is for the modes MEAN and SUM, not MAX");
        }
        this.mode = mode;
    }

    /** As {@link #EmbeddingBag(int, int, BagMode, EmbeddingOptions, Init)}, of FLOAT64. */
    public EmbeddingBag(int count, int features, BagMode mode, EmbeddingOptions options, RandomGenerator generator) {
        this(count, features, mode, options, new Init(generator));
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
     * @throws IllegalArgumentException if the offsets are not so, or go beyond the input
     */
    public Tensor forward(Tensor x, Tensor offsets) {
        return within(x, indices -> bags(indices, offsets, null));
    }

    /**
     * The weighted sums of the bags {@code [N, L]}; only of a layer whose mode is {@link BagMode#SUM}.
     *
     * @param weights what each vector is multiplied by, of x's shape
     * @throws ShapeException as {@link #forward(Tensor)} does, or if the weights have another shape
     * @throws DTypeException as {@link #forward(Tensor)} does, or if the weights are not of this layer's dtype
     * @throws IllegalArgumentException if the mode is another
     */
    public Tensor weighted(Tensor x, Tensor weights) {
        return within(x, indices -> {
            requireWeights(indices, weights);
            return bags(indices, null, weights);
        });
    }

    /**
     * The weighted sums of bags of different sizes, as {@link #forward(Tensor, Tensor)} takes them.
     *
     * @param weights what each vector is multiplied by, of x's shape
     * @throws ShapeException as {@link #forward(Tensor, Tensor)} does, or if the weights have another shape
     * @throws DTypeException as {@link #forward(Tensor, Tensor)} does, or if the weights are not of this layer's dtype
     * @throws IllegalArgumentException if the mode is not {@link BagMode#SUM}, or because of the offsets
     */
    public Tensor weighted(Tensor x, Tensor offsets, Tensor weights) {
        return within(x, indices -> {
            requireWeights(indices, weights);
            return bags(indices, offsets, weights);
        });
    }

    private void requireWeights(Tensor x, Tensor weights) {
        if (mode != BagMode.SUM) {
            throw new IllegalArgumentException("embeddingBag: weights are for mode SUM, this layer's is " + mode);
        }
        if (!weights.shape().equals(x.shape())) {
            throw new ShapeException("embeddingBag: the weights must have the input's shape " + x.shape() + ", but are "
                    + weights.shape());
        }
        DTypeException.requireSameFloating("embeddingBag", weight.dtype(), weights.dtype());
    }

    private Tensor bags(Tensor x, @Nullable Tensor offsets, @Nullable Tensor weights) {
        x.dtype().requireIndex("embeddingBag");
        int rank = offsets == null ? 2 : 1;
        if (x.shape().rank() != rank) {
            throw new ShapeException("embeddingBag: expected input "
                    + (rank == 2 ? "[N, L]" : "[T], as there are offsets") + ", got " + x.shape()
                    + (rank == 2 ? "; bags of different sizes need offsets" : ""));
        }
        int[] starts =
                offsets == null ? rows(x.shape()) : starts(offsets, x.shape().size());
        int[] all = x.data().toIntArray();
        int[] used = IntStream.range(0, all.length)
                .filter(k -> padding < 0 || all[k] != padding)
                .toArray();
        int[] bagOf = new int[all.length];
        for (int bag = 0; bag < starts.length; bag++) {
            Arrays.fill(bagOf, starts[bag], bag + 1 < starts.length ? starts[bag + 1] : all.length, bag);
        }
        int[] ownBag = Arrays.stream(used).map(k -> bagOf[k]).toArray();
        // Looked up before padding is left out, so that a wrong number is named with its position.
        Tensor vectors = lookedUp(x).reshape(all.length, weight.shape().dim(1));
        Tensor positions = Tensor.of(vector(used));
        Tensor own = used.length == all.length ? vectors : vectors.indexSelect(0, positions);
        if (weights != null) {
            own = own.mul(weights.flatten().indexSelect(0, positions).unsqueeze(1));
        }
        return mode == BagMode.MAX ? largest(own, starts.length, ownBag) : sums(own, starts.length, ownBag);
    }

    private static int[] rows(Shape bags) {
        int[] starts = new int[bags.dim(0)];
        Arrays.setAll(starts, bag -> bag * bags.dim(1));
        return starts;
    }

    private static int[] starts(Tensor offsets, int total) {
        offsets.dtype().requireIndex("embeddingBag");
        if (offsets.shape().rank() != 1) {
            throw new ShapeException("embeddingBag: expected offsets [N], got " + offsets.shape());
        }
        int[] starts = offsets.data().toIntArray();
        for (int bag = 0; bag < starts.length; bag++) {
            int smallest = bag == 0 ? 0 : starts[bag - 1];
            int largest = bag == 0 ? 0 : total;
            if (starts[bag] < smallest || starts[bag] > largest) {
                throw new IllegalArgumentException("embeddingBag: offset " + bag + " is " + starts[bag]
                        + ", expected " + (bag == 0 ? "0" : smallest + " to " + largest)
                        + "; offsets begin with 0, do not fall, and end within the input of " + total + " numbers");
            }
        }
        if (starts.length == 0 && total > 0) {
            throw new IllegalArgumentException(
                    "embeddingBag: there are no offsets, and so no bag for the " + total + " numbers");
        }
        return starts;
    }

    private Tensor sums(Tensor vectors, int bags, int... bagOf) {
        Tensor sums = added(vectors, bags, bagOf);
        if (mode == BagMode.SUM) {
            return sums;
        }
        int[] counts = new int[bags];
        for (int bag : bagOf) {
            counts[bag]++;
        }
        return sums.div(
                Tensor.of(NdArray.generate(weight.dtype(), Shape.of(bags, 1), bag -> Math.max(1, counts[bag]))));
    }

    private Tensor added(Tensor vectors, int bags, int... bagOf) {
        return Tensor.zeros(weight.dtype(), bags, weight.shape().dim(1)).indexAdd(0, Tensor.of(vector(bagOf)), vectors);
    }

    private Tensor largest(Tensor vectors, int bags, int... bagOf) {
        int features = weight.shape().dim(1);
        if (bagOf.length == 0) {
            // Zeros that have a gradient, of zeros.
            return added(vectors, bags);
        }
        double[] values = vectors.data().toDoubleArray();
        int[] best = new int[bags * features];
        boolean[] filled = new boolean[bags];
        for (int k = 0; k < bagOf.length; k++) {
            for (int f = 0; f < features; f++) {
                int to = bagOf[k] * features + f;
                double value = values[k * features + f];
                double sofar = values[best[to] * features + f];
                if (!filled[bagOf[k]] || value > sofar || (Double.isNaN(value) && !Double.isNaN(sofar))) {
                    best[to] = k;
                }
            }
            filled[bagOf[k]] = true;
        }
        Tensor chosen = vectors.gather(0, Tensor.of(NdArray.of(Shape.of(bags, features), best)));
        Tensor mask = Tensor.of(filled).unsqueeze(1);
        return Tensor.where(mask, chosen, 0);
    }

    private static NdArray vector(int... numbers) {
        return NdArray.of(Shape.of(numbers.length), numbers);
    }

    /** The form in which the vectors of a bag become one. */
    public BagMode mode() {
        return mode;
    }

    @Override
    protected String describe() {
        return super.describe() + ", " + mode.name().toLowerCase(Locale.ROOT);
    }
}
