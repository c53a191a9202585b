package io.adjoint.nn;

import static io.adjoint.nn.FunctionalChecks.requireOneType;
import static io.adjoint.nn.FunctionalChecks.requireShape;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Normalizations. To be used through {@link Functional}, which inherits them; the class is public so that reflection can call them. */
public abstract sealed class NormalizationFunctions permits ImageFunctions {
    NormalizationFunctions() {}

    /**
     * Each sample brought to mean 0 and variance 1 over its last axes, then scaled and shifted: {@code (x − μ)/√(σ² + ε)·w + b} with
     * the biased variance σ².
     *
     * @param normalized the shape of the last axes, over which mean and variance are taken
     * @param weight the factors, of the shape {@code normalized}; null for ones
     * @param bias the addends, of the shape {@code normalized}; null for zeros
     * @param eps ε, which keeps a constant sample from a division by 0, such as 1e-5
     * @throws ShapeException if x does not end in the normalised shape, or weight or bias have another shape
     * @throws DTypeException if the dtypes differ, or are not floating
     * @throws IllegalArgumentException if ε is negative or NaN
     */
    public static Tensor layerNorm(
            Tensor x, Shape normalized, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        requireEnd("layerNorm", x, normalized);
        requireShape("layerNorm", "weight", weight, normalized, "the normalised shape");
        requireShape("layerNorm", "bias", bias, normalized, "the normalised shape");
        requireOneType("layerNorm", x, weight, bias);
        Settings.requireNotNegative("layerNorm", "eps", eps);
        return NormalizationRules.rows("layerNorm", x, normalized.size(), true, eps)
                .of(weight, bias);
    }

    /**
     * Each sample divided by its root mean square over its last axes, then scaled: {@code x/√(mean x² + ε)·w}.
     *
     * @param normalized the shape of the last axes, over which the mean is taken
     * @param weight the factors, of the shape {@code normalized}; null for ones
     * @param eps ε, which keeps a sample of zeros from a division by 0, such as 1e-6
     * @throws ShapeException if x does not end in the normalised shape, or the weight has another shape
     * @throws DTypeException if the dtypes differ, or are not floating
     * @throws IllegalArgumentException if ε is negative or NaN
     */
    public static Tensor rmsNorm(Tensor x, Shape normalized, @Nullable Tensor weight, double eps) {
        requireEnd("rmsNorm", x, normalized);
        requireShape("rmsNorm", "weight", weight, normalized, "the normalised shape");
        requireOneType("rmsNorm", x, weight);
        Settings.requireNotNegative("rmsNorm", "eps", eps);
        return NormalizationRules.rows("rmsNorm", x, normalized.size(), false, eps)
                .of(weight, null);
    }

    private static void requireEnd(String name, Tensor x, Shape normalized) {
        int[] dims = x.shape().toArray();
        int first = dims.length - normalized.rank();
        if (normalized.rank() == 0
                || first < 0
                || !normalized.equals(Shape.of(Arrays.copyOfRange(dims, first, dims.length)))) {
            throw new ShapeException(name + ": the input " + x.shape() + " must end in the normalised shape "
                    + normalized + ", which has at least one axis");
        }
    }

    /** As {@link #groupNorm(Tensor, int, Tensor, Tensor, double, BiConsumer)}, without a function that gets the statistics. */
    public static Tensor groupNorm(Tensor x, int groups, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        return groupNorm(x, groups, weight, bias, eps, (mean, variance) -> {});
    }

    /**
     * Groups of neighbouring channels of each sample brought to mean 0 and variance 1, then scaled and shifted:
     * {@code (x − μ)/√(σ² + ε)·w + b} with the biased variance σ². With one group for each channel this is instance norm.
     *
     * @param x {@code [N, C, d…]}
     * @param groups the number of groups of the C channels
     * @param weight {@code [C]}; null for ones
     * @param bias {@code [C]}; null for zeros
     * @param eps ε, which keeps a constant group from a division by 0, such as 1e-5
     * @param statistics called with the means and biased variances, {@code [N, groups]}, unless x is empty
     * @throws ShapeException if the shapes do not fit, or the groups do not divide the channels
     * @throws DTypeException if the dtypes differ, or are not floating
     * @throws IllegalArgumentException if there is no group, or ε is negative or NaN
     */
    public static Tensor groupNorm(
            Tensor x,
            int groups,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            double eps,
            BiConsumer<NdArray, NdArray> statistics) {
        Shape channels = channels("groupNorm", x);
        if (groups < 1) {
            throw new IllegalArgumentException("groupNorm: expected at least 1 group, got " + groups);
        }
        if (channels.dim(0) % groups != 0) {
            throw new ShapeException("groupNorm: the input " + x.shape() + " has " + channels.dim(0)
                    + " channels, which are not " + groups + " equal groups");
        }
        requireParameters("groupNorm", x, channels, weight, bias, eps);
        return NormalizationRules.groups(x, groups, eps).of(weight, bias, statistics);
    }

    /** As {@link #batchNorm(Tensor, Tensor, Tensor, double, BiConsumer)}, without a function that gets the statistics. */
    public static Tensor batchNorm(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        return batchNorm(x, weight, bias, eps, (mean, variance) -> {});
    }

    /**
     * Each channel of a batch brought to mean 0 and variance 1, then scaled and shifted, as in training:
     * {@code (x − μ)/√(σ² + ε)·w + b} with the batch's mean and biased variance.
     *
     * @param x {@code [N, C, d…]}, with more than one value for each of the C channels
     * @param weight {@code [C]}; null for ones
     * @param bias {@code [C]}; null for zeros
     * @param eps ε, which keeps a constant channel from a division by 0, such as 1e-5
     * @param statistics called with the batch's mean and biased variance, {@code [C]}, unless x is empty
     * @throws ShapeException if the shapes do not fit, or there is one value for each channel: its variance is unknown
     * @throws DTypeException if the dtypes differ, or are not floating
     * @throws IllegalArgumentException if ε is negative or NaN
     */
    public static Tensor batchNorm(
            Tensor x,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            double eps,
            BiConsumer<NdArray, NdArray> statistics) {
        Shape shape = x.shape();
        Shape channels = channels("batchNorm", x);
        requireParameters("batchNorm", x, channels, weight, bias, eps);
        if (shape.size() > 0 && shape.size() == channels.size()) {
            throw new ShapeException("batchNorm: the input " + shape + " has one value for each channel, which has no"
                    + " variance; train with more samples, or give the mean and variance to normalise with");
        }
        return NormalizationRules.channels(x, eps).of(weight, bias, statistics);
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
     * @param eps ε, which keeps a constant channel from a division by 0, such as 1e-5
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the dtypes differ, or are not floating
     * @throws IllegalArgumentException if ε is negative or NaN
     */
    public static Tensor batchNorm(
            Tensor x, Tensor mean, Tensor variance, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        Shape channels = channels("batchNorm", x);
        String why = "a number for each channel of the input " + x.shape();
        requireShape("batchNorm", "mean", mean, channels, why);
        requireShape("batchNorm", "variance", variance, channels, why);
        requireOneType("batchNorm", x, mean, variance);
        requireParameters("batchNorm", x, channels, weight, bias, eps);
        return NormalizationRules.given(x, mean, variance, weight, bias, eps);
    }

    private static void requireParameters(
            String name, Tensor x, Shape channels, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        String why = "a number for each channel of the input " + x.shape();
        requireShape(name, "weight", weight, channels, why);
        requireShape(name, "bias", bias, channels, why);
        requireOneType(name, x, weight, bias);
        Settings.requireNotNegative(name, "eps", eps);
    }

    private static Shape channels(String name, Tensor x) {
        if (x.shape().rank() < 2) {
            throw new ShapeException(name + ": expected input [N, C, ...], got " + x.shape());
        }
        return Shape.of(x.shape().dim(1));
    }
}
