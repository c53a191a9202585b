package io.adjoint.nn;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;
import static io.adjoint.nn.FunctionalChecks.requireOneType;
import static io.adjoint.nn.FunctionalChecks.requireShape;

import io.adjoint.autograd.Edge;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Window;
import io.adjoint.core.math.Distributions;
import io.adjoint.core.math.Logarithms;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

// Long because it is a façade: documented functions that users look up in one place.
/** The functions that layers compute, of inputs and parameters alike; all are differentiable any number of times. */
public final class Functional extends ImageFunctions {
    private Functional() {}

    // ---- linear ----

    /** {@code x·Wᵀ}; see {@link #linear(Tensor, Tensor, Tensor)}. */
    public static Tensor linear(Tensor x, Tensor weight) {
        return linear(x, weight, null);
    }

    /**
     * {@code x·Wᵀ + b}.
     *
     * @param x {@code [..., in]}
     * @param weight {@code [out, in]}
     * @param bias {@code [out]}; null for none
     * @return {@code [..., out]}
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the dtypes differ, or are not floating
     */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        Shape shape = x.shape();
        Shape w = weight.shape();
        if (w.rank() != 2 || shape.rank() == 0 || shape.dim(-1) != w.dim(1)) {
            throw new ShapeException(
                    w.rank() != 2
                            ? "linear: expected weight [out, in], got " + w
                            : "linear: expected input [..., " + w.dim(1) + "], got " + shape
                                    + "; the weight [out, in] is " + w);
        }
        requireShape("linear", "bias", bias, Shape.of(w.dim(0)), "as the weight is " + w);
        requireOneType("linear", x, weight, bias);
        if (shape.rank() == 2) {
            return affine(x, weight, bias);
        }
        int[] dims = shape.toArray();
        int rows = Arrays.stream(dims, 0, dims.length - 1).reduce(1, (a, b) -> a * b);
        dims[dims.length - 1] = w.dim(0);
        return affine(x.reshape(rows, w.dim(1)), weight, bias).reshape(Shape.of(dims));
    }

    /** {@code x·Wᵀ + b} for a matrix x: one recorded operation instead of three, with a weight gradient in the layout of the weight. */
    private static Tensor affine(Tensor x, Tensor weight, @Nullable Tensor bias) {
        NdArray y = x.data().matmul(weight.data().transpose());
        Edge toInput = edge(x, g -> g.matmul(weight));
        Edge toWeight = edge(weight, g -> g.transpose().matmul(x));
        if (bias == null) {
            return op("dense", y, toInput, toWeight);
        }
        if (y.isContiguous()) {
            InPlace.accumulateRow(y, bias.data());
        } else {
            y = y.add(bias.data()); // equal rows of a batched Jacobian
        }
        return op("dense", y, toInput, toWeight, edge(bias, g -> g));
    }

    /**
     * {@code y[o] = aᵀ·W[o]·b + bias[o]}.
     *
     * @param a {@code [..., in1]}
     * @param b {@code [..., in2]}, with the same leading axes
     * @param weight {@code [out, in1, in2]}
     * @param bias {@code [out]}; null for none
     * @return {@code [..., out]}
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the dtypes differ, or are not floating
     */
    public static Tensor bilinear(Tensor a, Tensor b, Tensor weight, @Nullable Tensor bias) {
        Shape w = weight.shape();
        if (w.rank() != 3) {
            throw new ShapeException("bilinear: expected weight [out, in1, in2], got " + w);
        }
        requireEndsIn(a, w.dim(1), w);
        requireEndsIn(b, w.dim(2), w);
        int[] dims = a.shape().toArray();
        int last = dims.length - 1;
        if (!Arrays.equals(
                Arrays.copyOf(dims, last),
                Arrays.copyOf(b.shape().toArray(), b.shape().rank() - 1))) {
            throw new ShapeException("bilinear: the inputs " + a.shape() + " and " + b.shape()
                    + " must be of one shape but for their last axes");
        }
        requireShape("bilinear", "bias", bias, Shape.of(w.dim(0)), "as the weight is " + w);
        requireOneType("bilinear", a, b, weight, bias);
        int rows = Arrays.stream(dims, 0, last).reduce(1, (m, n) -> m * n);
        Tensor matrices = linear(
                        a.reshape(rows, w.dim(1)), weight.transpose(1, 2).reshape(w.dim(0) * w.dim(2), w.dim(1)))
                .reshape(rows, w.dim(0), w.dim(2));
        Tensor product = matrices.matmul(b.reshape(rows, w.dim(2), 1));
        dims[last] = w.dim(0);
        Tensor y = product.reshape(Shape.of(dims));
        return bias == null ? y : y.add(bias);
    }

    private static void requireEndsIn(Tensor input, int size, Shape weight) {
        if (input.shape().rank() == 0 || input.shape().dim(-1) != size) {
            throw new ShapeException("bilinear: expected an input [..., " + size + "], got " + input.shape()
                    + "; the weight [out, in1, in2] is " + weight);
        }
    }

    // ---- dropout ----

    /**
     * Each element times 0 with probability p, else times {@code 1/(1 − p)}: the function that {@link io.adjoint.nn.layer.Dropout} computes
     * while training. The gradient has the same mask.
     *
     * <p>The call takes one number of the generator, for any size; the mask depends on that number only. It is the same in FLOAT64 and
     * FLOAT32, and on any number of threads.
     *
     * @param p the probability of being dropped, to 2⁻³²; 1 gives zeros, 0 gives x itself
     * @throws IllegalArgumentException if p is not from 0 to 1
     * @throws DTypeException if x is not floating
     */
    public static Tensor dropout(Tensor x, double p, RandomGenerator generator) {
        x.dtype().requireFloating("dropout");
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("dropout: p is the probability of being dropped, from 0 to 1, got " + p);
        }
        // The seed is drawn even if p is 0, so that later random numbers don't depend on p.
        long seed = generator.nextLong();
        return p == 0 ? x : dropped(x, p, seed);
    }

    /** Dropout with a given seed. Dropout is linear in x and its own adjoint. */
    static Tensor dropped(Tensor x, double p, long seed) {
        double scale = p == 1 ? 0 : 1 / (1 - p);
        return op("dropout", DropoutKernels.dropout(x.data(), p, scale, seed), edge(x, g -> dropped(g, p, seed)));
    }

    // ---- tables ----

    /**
     * Rows of a table by number, {@code weight[index]}; the gradient adds up where a number occurs several times.
     *
     * @param index INT32 of any shape {@code [...]}
     * @param weight {@code [count, features]}
     * @return {@code [..., features]}
     * @throws ShapeException if the weight is not a matrix, or a number is negative or not less than count
     * @throws DTypeException if the index is not INT32, or the weight is not floating
     */
    public static Tensor embedding(Tensor index, Tensor weight) {
        return EmbeddingRules.rows("embedding", index, weight, -1);
    }

    /**
     * As {@link #embedding(Tensor, Tensor)}, without a gradient for one row.
     *
     * @param paddingIndex the number of that row
     * @throws IllegalArgumentException if the weight has no such row
     */
    public static Tensor embedding(Tensor index, Tensor weight, int paddingIndex) {
        if (paddingIndex < 0
                || (weight.shape().rank() > 0 && paddingIndex >= weight.shape().dim(0))) {
            throw new IllegalArgumentException(
                    "embedding: the padding index " + paddingIndex + " is out of range for weights " + weight.shape());
        }
        return EmbeddingRules.rows("embedding", index, weight, paddingIndex);
    }

    /** The vectors of the bags {@code [N, L]}; see {@link #embeddingBag(Tensor, Tensor, Tensor, BagMode, Tensor)}. */
    public static Tensor embeddingBag(Tensor index, Tensor weight, BagMode mode) {
        return embeddingBag(index, null, weight, mode, null);
    }

    /**
     * The mean, sum or largest elements of the rows of each bag, for a bag without indices 0.
     *
     * @param index INT32 {@code [N, L]}, a bag in each row, or with offsets {@code [T]}, the bags one after the other
     * @param offsets where each bag begins: INT32 {@code [N]}, the first 0 and none less than the one before it; null for none
     * @param weight {@code [count, features]}
     * @param perSampleWeights the factor of each row in a sum, of the index's shape; null for none
     * @return {@code [N, features]}
     * @throws ShapeException if the shapes do not fit, or a number is negative or not less than count
     * @throws DTypeException if index or offsets are not INT32, or the others not floating and of one type
     * @throws IllegalArgumentException if the offsets are not as described or go beyond the index, or there are factors and the mode isn't
     *     {@link BagMode#SUM}
     */
    public static Tensor embeddingBag(
            Tensor index, @Nullable Tensor offsets, Tensor weight, BagMode mode, @Nullable Tensor perSampleWeights) {
        EmbeddingRules.requireTable("embeddingBag", weight);
        UnaryOperator<Tensor> lookup = x -> EmbeddingRules.rows("embeddingBag", x, weight, -1);
        return Bags.of(new Bags.Table(weight, -1, lookup), index, offsets, perSampleWeights, mode);
    }

    // ---- others ----

    /**
     * The gated linear unit: the first half of an axis times the sigmoid of the second.
     *
     * @throws ShapeException if the axis is out of range or has an odd size
     * @throws DTypeException if x is not floating
     */
    public static Tensor glu(Tensor x, int axis) {
        int own = x.shape().axis("glu", axis);
        int size = x.shape().dim(own);
        if (size % 2 != 0) {
            throw new ShapeException(
                    "glu: axis " + axis + " of " + x.shape() + " must have an even size, as one half gates the other");
        }
        requireOneType("glu", x);
        return x.slice(own, 0, size / 2).mul(x.slice(own, size / 2, size).sigmoid());
    }

    /** The cosine similarity with ε = 1e-8; see {@link #cosineSimilarity(Tensor, Tensor, int, double)}. */
    public static Tensor cosineSimilarity(Tensor a, Tensor b, int axis) {
        return cosineSimilarity(a, b, axis, 1e-8);
    }

    /**
     * The cosine of the angle between vectors along an axis: {@code a·b / (max(|a|, ε)·max(|b|, ε))}. The inputs broadcast. With a
     * zero vector it is 0, with a finite gradient.
     *
     * @throws ShapeException if the shapes do not broadcast, or the axis is out of range
     * @throws DTypeException if the dtypes differ, or are not floating
     * @throws IllegalArgumentException if ε is not positive and finite
     */
    public static Tensor cosineSimilarity(Tensor a, Tensor b, int axis, double eps) {
        Shape shape = Shape.broadcast("cosineSimilarity", a.shape(), b.shape());
        int own = shape.axis("cosineSimilarity", axis);
        requireOneType("cosineSimilarity", a, b);
        Settings.requirePositive("cosineSimilarity", "eps", eps);
        Tensor left = a.broadcastTo(shape);
        Tensor right = b.broadcastTo(shape);
        return left.mul(right).sum(own).div(norm(left, own, eps).mul(norm(right, own, eps)));
    }

    /**
     * The norm of each vector along an axis, but at least {@code eps}. The sum of squares is clamped before the root is taken, since the
     * root's derivative at 0 is infinite.
     */
    private static Tensor norm(Tensor x, int axis, double eps) {
        return x.square().sum(axis).clampMin(eps * eps).sqrt();
    }

    /** The Euclidean distance with ε = 1e-6; see {@link #pairwiseDistance(Tensor, Tensor, double, double)}. */
    public static Tensor pairwiseDistance(Tensor a, Tensor b) {
        return pairwiseDistance(a, b, 2, 1e-6);
    }

    /**
     * The distance of vectors along the last axis, {@code (Σ |a − b + ε|ᵖ)^(1/p)}. The inputs broadcast. ε keeps the gradient of equal
     * vectors finite.
     *
     * @param p the order of the norm, as of {@link Tensor#vectorNorm(double, int...)}
     * @throws ShapeException if the shapes do not broadcast, or are of no axes
     * @throws DTypeException if the dtypes differ, or are not floating
     * @throws IllegalArgumentException if ε is negative or not finite, or p is NaN
     */
    public static Tensor pairwiseDistance(Tensor a, Tensor b, double p, double eps) {
        requireOneType("pairwiseDistance", a, b);
        Settings.requireNotNegative("pairwiseDistance", "eps", eps);
        int last = Shape.broadcast("pairwiseDistance", a.shape(), b.shape()).axis("pairwiseDistance", -1);
        return a.sub(b).add(eps).vectorNorm(p, last);
    }

    /**
     * A sample of a categorical distribution that gradients go through (Jang et al.; Maddison et al., 2017): {@code softmax((x + G)/τ)}
     * along an axis, with a number {@code G = −log E} of the Gumbel distribution for each element, E being exponential. {@link
     * #hardGumbelSoftmax} makes one-hot samples.
     *
     * @param logits the logarithms of the probabilities, up to a constant
     * @param tau the temperature: the lower, the closer samples are to one-hot vectors
     * @param generator gives one number for each element, in row-major order
     * @throws ShapeException if the axis is out of range
     * @throws DTypeException if the logits are not floating
     * @throws IllegalArgumentException if τ is not positive and finite
     */
    public static Tensor gumbelSoftmax(Tensor logits, int axis, double tau, RandomGenerator generator) {
        return gumbelSoftmax("gumbelSoftmax", logits, axis, tau, generator);
    }

    private static Tensor gumbelSoftmax(String name, Tensor logits, int axis, double tau, RandomGenerator generator) {
        requireOneType(name, logits);
        int own = logits.shape().axis(name, axis);
        Settings.requirePositive(name, "tau", tau);
        Settings.requireGenerator(name, generator);
        Tensor noise = Tensor.of(NdArray.generate(
                logits.dtype(), logits.shape(), k -> -Logarithms.log(Distributions.exponential(generator))));
        return logits.add(noise).div(tau).softmax(own);
    }

    /**
     * A sample of {@link #gumbelSoftmax} made one-hot, PyTorch's {@code hard=True}: 1 at the first largest element and 0 elsewhere, NaN if
     * the softmax is. The gradient is the gradient of the softmax (straight-through).
     *
     * @throws ShapeException if the axis is out of range
     * @throws DTypeException if the logits are not floating
     * @throws IllegalArgumentException if τ is not positive and finite
     */
    public static Tensor hardGumbelSoftmax(Tensor logits, int axis, double tau, RandomGenerator generator) {
        Tensor soft = gumbelSoftmax("hardGumbelSoftmax", logits, axis, tau, generator);
        int own = soft.shape().axis("hardGumbelSoftmax", axis);
        if (soft.shape().dim(own) == 0) {
            return soft;
        }
        NdArray largest = soft.data().argMax(own).unsqueeze(own);
        NdArray ones = NdArray.onesLike(largest).to(logits.dtype());
        NdArray oneHot = NdArray.zerosLike(soft.data()).scatter(own, largest, ones);
        NdArray value = NdArray.where(soft.data().isNaN(), soft.data(), oneHot);
        return op("straightThrough", value, edge(soft, g -> g));
    }

    // ---- images ----

    /**
     * As {@link #fractionalMaxPool2d(Tensor, Shape, Shape, Tensor)}, with random numbers of a generator.
     *
     * @param generator gives two numbers for each plane, in row-major order, in evaluation as well
     */
    public static Tensor fractionalMaxPool2d(Tensor x, Shape kernel, Shape sizes, RandomGenerator generator) {
        Settings.requireGenerator("fractionalMaxPool2d", generator);
        requireOneType("fractionalMaxPool2d", x);
        NdArray samples =
                NdArray.generate(x.dtype(), FractionalPooling.samples(x), k -> Distributions.uniform(generator));
        return FractionalPooling.maximum(x, kernel, sizes, Tensor.of(samples));
    }

    /**
     * The largest element of each of a given number of windows, which begin at random distances (Graham, 2014): along an axis of size n,
     * with windows of size k and random number u, at {@code ⌊(i + u)·α⌋ − ⌊u·α⌋} with {@code α = (n − k)/(size − 1)}, the last at
     * {@code n − k}. Gradients as with {@link Tensor#maxPool2d(Window)}.
     *
     * @param x {@code [N, C, H, W]} or {@code [C, H, W]}
     * @param kernel the sizes of a window, {@code [kH, kW]}
     * @param sizes of the output, {@code [H', W']}
     * @param samples random numbers from 0 to below 1, {@code [N, C, 2]} or {@code [C, 2]}: of the width and the height of each plane
     * @return {@code [N, C, H', W']} or {@code [C, H', W']}
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the dtypes differ, or are not floating
     * @throws IllegalArgumentException if a sample is not from 0 to below 1
     */
    public static Tensor fractionalMaxPool2d(Tensor x, Shape kernel, Shape sizes, Tensor samples) {
        return FractionalPooling.maximum(x, kernel, sizes, samples);
    }

    /** Sampled linearly, with zeros outside; see {@link #gridSample(Tensor, Tensor, GridOptions)}. */
    public static Tensor gridSample(Tensor x, Tensor grid) {
        return gridSample(x, grid, new GridOptions());
    }

    /**
     * Images sampled at the positions of a grid, whose coordinates are x before y (before z), from −1 to 1 across the image. Between pixels
     * the value is interpolated along all axes. The gradient of a coordinate is the derivative of the interpolation, towards higher
     * coordinates where it is a pixel's; unless bicubic, 0 where it was brought back to the border; and 0 for the nearest pixel.
     *
     * @param x {@code [N, C, H, W]} or {@code [N, C, D, H, W]}
     * @param grid {@code [N, H', W', 2]} or {@code [N, D', H', W', 3]}
     * @param options the interpolation, and the values outside of the images
     * @return {@code [N, C, H', W']} or {@code [N, C, D', H', W']}
     * @throws ShapeException if the shapes do not fit, the images have no pixels, or bicubic interpolation gets images of three axes
     * @throws DTypeException if the dtypes differ, or are not floating
     */
    public static Tensor gridSample(Tensor x, Tensor grid, GridOptions options) {
        return GridSampling.sample(x, grid, options);
    }

    // ---- attention ----

    /** Attention to all keys; see {@link #scaledDotProductAttention(Tensor, Tensor, Tensor, AttentionMask, AttentionOptions)}. */
    public static Tensor scaledDotProductAttention(Tensor query, Tensor key, Tensor value) {
        return scaledDotProductAttention(query, key, value, new AttentionMask());
    }

    /**
     * Attention to the keys that the mask lets each query see; see {@link #scaledDotProductAttention(Tensor, Tensor, Tensor, AttentionMask,
     * AttentionOptions)}.
     */
    public static Tensor scaledDotProductAttention(Tensor query, Tensor key, Tensor value, AttentionMask mask) {
        return scaledDotProductAttention(query, key, value, mask, new AttentionOptions());
    }

    /**
     * {@code softmax(Q·Kᵀ·scale)·V}: for each query the mean of the values, weighted by how well their keys match it (Vaswani et al.,
     * 2017). Leading axes broadcast. With the identity {@code [S, S]} for values the result is the weights. A query that sees no key
     * gets 0, with gradient 0, as from PyTorch's function of this name.
     *
     * @param query {@code [..., L, E]}
     * @param key {@code [..., S, E]}
     * @param value {@code [..., S, V]}
     * @param mask the keys that each query may see
     * @param options scale, dropout, heads that share keys
     * @return {@code [..., L, V]}
     * @throws ShapeException if the shapes do not fit, including the shapes of the mask
     * @throws DTypeException if the dtypes of the first three, or of the mask's bias, differ or are not floating
     */
    public static Tensor scaledDotProductAttention(
            Tensor query, Tensor key, Tensor value, AttentionMask mask, AttentionOptions options) {
        return Attention.attend(query, key, value, mask, options);
    }
}
