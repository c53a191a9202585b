package io.adjoint.nn;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The functions that layers compute, of inputs and parameters alike; all are differentiable any number of times. */
public final class Functional {
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

    /** {@code x·Wᵀ + b} for a matrix x: one recorded step instead of three, and weight gradients that are laid out as the weight. */
    private static Tensor affine(Tensor x, Tensor weight, @Nullable Tensor bias) {
        NdArray product = x.data().matmul(weight.data().transpose());
        return bias == null
                ? op(
                        "dense",
                        product,
                        edge(x, g -> g.matmul(weight)),
                        edge(weight, g -> g.transpose().matmul(x)))
                : op(
                        "dense",
                        product.add(bias.data()),
                        edge(x, g -> g.matmul(weight)),
                        edge(weight, g -> g.transpose().matmul(x)),
                        edge(bias, g -> g));
    }

    // ---- normalisation ----

    /**
     * Each sample brought to mean 0 and variance 1 over its last axes, then scaled and shifted: {@code (x − μ)/√(σ² + ε)·w + b} with
     * the biased variance σ².
     *
     * @param normalized the shape of the last axes, over which mean and variance are taken
     * @param weight of that shape; null for ones
     * @param bias of that shape; null for zeros
     * @param epsilon what keeps a constant sample from a division by 0, such as 1e-5
     * @throws ShapeException if x does not end in the normalised shape, or weight or bias are of another
     * @throws DTypeException if the dtypes differ, or are not floating
     * @throws IllegalArgumentException if ε is negative or NaN
     */
    public static Tensor layerNorm(
            Tensor x, Shape normalized, @Nullable Tensor weight, @Nullable Tensor bias, double epsilon) {
        int[] dims = x.shape().toArray();
        int first = dims.length - normalized.rank();
        if (normalized.rank() == 0
                || first < 0
                || !normalized.equals(Shape.of(Arrays.copyOfRange(dims, first, dims.length)))) {
            throw new ShapeException("layerNorm: the input " + x.shape() + " must end in the normalised shape "
                    + normalized + ", which has at least one axis");
        }
        requireShape("layerNorm", "weight", weight, normalized, "the normalised shape");
        requireShape("layerNorm", "bias", bias, normalized, "the normalised shape");
        requireOneType("layerNorm", x, weight, bias);
        requireEpsilon("layerNorm", epsilon);
        int[] axes = IntStream.range(first, dims.length).toArray();
        return scaled(standardized(x, epsilon, axes), weight, bias);
    }

    /**
     * Each channel of a batch brought to mean 0 and variance 1, then scaled and shifted, as in training:
     * {@code (x − μ)/√(σ² + ε)·w + b} with the batch's mean and biased variance.
     *
     * @param x {@code [N, C, d…]}, with more than one value for each of the C channels
     * @param weight {@code [C]}; null for ones
     * @param bias {@code [C]}; null for zeros
     * @param epsilon what keeps a constant channel from a division by 0, such as 1e-5
     * @throws ShapeException if the shapes do not fit, or there is one value for each channel: its variance is unknown
     * @throws DTypeException if the dtypes differ, or are not floating
     * @throws IllegalArgumentException if ε is negative or NaN
     */
    public static Tensor batchNorm(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, double epsilon) {
        Shape shape = x.shape();
        Shape channels = channels(x);
        requireShape("batchNorm", "weight", weight, channels, "a number for each channel of the input " + shape);
        requireShape("batchNorm", "bias", bias, channels, "a number for each channel of the input " + shape);
        requireOneType("batchNorm", x, weight, bias);
        requireEpsilon("batchNorm", epsilon);
        if (shape.size() > 0 && shape.size() == channels.size()) {
            throw new ShapeException("batchNorm: the input " + shape + " has one value for each channel, which has no"
                    + " variance; train with more samples, or give the mean and variance to normalise with");
        }
        int[] axes = IntStream.range(0, shape.rank()).filter(axis -> axis != 1).toArray();
        return scaled(
                standardized(x, epsilon, axes), alongChannels(weight, shape.rank()), alongChannels(bias, shape.rank()));
    }

    /**
     * Each channel normalised with the given mean and variance, then scaled and shifted, as in evaluation:
     * {@code (x − μ)/√(σ² + ε)·w + b}.
     *
     * @param x {@code [N, C, d…]}
     * @param mean {@code [C]}
     * @param variance {@code [C]}
     * @param weight {@code [C]}; null for ones
     * @param bias {@code [C]}; null for zeros
     * @param epsilon what keeps a constant channel from a division by 0, such as 1e-5
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the dtypes differ, or are not floating
     * @throws IllegalArgumentException if ε is negative or NaN
     */
    public static Tensor batchNorm(
            Tensor x, Tensor mean, Tensor variance, @Nullable Tensor weight, @Nullable Tensor bias, double epsilon) {
        Shape channels = channels(x);
        String why = "a number for each channel of the input " + x.shape();
        requireShape("batchNorm", "mean", mean, channels, why);
        requireShape("batchNorm", "variance", variance, channels, why);
        requireShape("batchNorm", "weight", weight, channels, why);
        requireShape("batchNorm", "bias", bias, channels, why);
        requireOneType("batchNorm", x, mean, variance, weight, bias);
        requireEpsilon("batchNorm", epsilon);
        int rank = x.shape().rank();
        Tensor centred = x.sub(mean.reshape(alongChannels(channels.size(), rank)));
        Tensor deviation = variance.reshape(alongChannels(channels.size(), rank))
                .add(epsilon)
                .sqrt();
        return scaled(centred.div(deviation), alongChannels(weight, rank), alongChannels(bias, rank));
    }

    private static Shape channels(Tensor x) {
        if (x.shape().rank() < 2) {
            throw new ShapeException("batchNorm: expected input [N, C, ...], got " + x.shape());
        }
        return Shape.of(x.shape().dim(1));
    }

    private static @Nullable Tensor alongChannels(@Nullable Tensor perChannel, int rank) {
        return perChannel == null
                ? null
                : perChannel.reshape(alongChannels(perChannel.shape().size(), rank));
    }

    private static Shape alongChannels(int channels, int rank) {
        int[] dims = new int[rank];
        Arrays.fill(dims, 1);
        dims[1] = channels;
        return Shape.of(dims);
    }

    private static Tensor standardized(Tensor x, double epsilon, int... axes) {
        Tensor centred = x.sub(x.mean(true, axes));
        return centred.div(centred.square().mean(true, axes).add(epsilon).sqrt());
    }

    private static Tensor scaled(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias) {
        Tensor product = weight == null ? x : x.mul(weight);
        return bias == null ? product : product.add(bias);
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
     * @throws IllegalArgumentException if ε is not positive
     */
    public static Tensor cosineSimilarity(Tensor a, Tensor b, int axis, double epsilon) {
        Shape shape = Shape.broadcast("cosineSimilarity", a.shape(), b.shape());
        int own = shape.axis("cosineSimilarity", axis);
        requireOneType("cosineSimilarity", a, b);
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("cosineSimilarity: epsilon must be positive, got " + epsilon);
        }
        Tensor left = a.broadcastTo(shape);
        Tensor right = b.broadcastTo(shape);
        return left.mul(right).sum(own).div(norm(left, own, epsilon).mul(norm(right, own, epsilon)));
    }

    /** Bounded before the root is taken: the root's slope at 0 is infinite. */
    private static Tensor norm(Tensor x, int axis, double epsilon) {
        return x.square().sum(axis).clampMin(epsilon * epsilon).sqrt();
    }

    // ---- attention ----

    /** Attention to everything; see {@link #scaledDotProductAttention(Tensor, Tensor, Tensor, AttentionMask, AttentionOptions)}. */
    public static Tensor scaledDotProductAttention(Tensor query, Tensor key, Tensor value) {
        return scaledDotProductAttention(query, key, value, new AttentionMask());
    }

    /**
     * Attention to what the mask lets through; see
     * {@link #scaledDotProductAttention(Tensor, Tensor, Tensor, AttentionMask, AttentionOptions)}.
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
     * @param mask what each query may see
     * @param options scale, dropout, heads that share keys
     * @return {@code [..., L, V]}
     * @throws ShapeException if the shapes do not fit, those of the mask included
     * @throws DTypeException if the dtypes of the first three, or of the mask's bias, differ or are not floating
     */
    public static Tensor scaledDotProductAttention(
            Tensor query, Tensor key, Tensor value, AttentionMask mask, AttentionOptions options) {
        return Attention.attend(query, key, value, mask, options);
    }

    // ---- checks ----

    private static void requireShape(String name, String what, @Nullable Tensor tensor, Shape expected, String why) {
        if (tensor != null && !tensor.shape().equals(expected)) {
            throw new ShapeException(
                    name + ": the " + what + " must be " + expected + ", " + why + ", but is " + tensor.shape());
        }
    }

    private static void requireOneType(String name, Tensor x, @Nullable Tensor... others) {
        for (Tensor other : others) {
            if (other != null) {
                DTypeException.requireSameFloating(name, x.dtype(), other.dtype());
            }
        }
        x.dtype().requireFloating(name);
    }

    private static void requireEpsilon(String name, double epsilon) {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException(name + ": epsilon must be a number from 0 on, got " + epsilon);
        }
    }
}
