package io.adjoint.nn;

import static io.adjoint.autograd.Autograd.isWanted;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Edge;
import io.adjoint.autograd.LibraryOps;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A normalization recorded as one operation. Kernels compute the value and its gradients; gradients of gradients come from an equivalent
 * composition of tensor operations.
 *
 * @param view x's shape with neighbouring axes merged, so that each axis is either reduced completely or not at all
 * @param reduced the axes of the view over which mean and variance are computed
 * @param weights the shape to which weights and biases are reshaped to broadcast to the view
 * @param statistics the shape of means and variances
 * @param transposed whether the kernel works on a copy of the view with its first two axes swapped
 */
record NormalizationRules(
        String name,
        Tensor x,
        boolean centred,
        double eps,
        NormalizedGroups groups,
        Shape view,
        List<Integer> reduced,
        Shape weights,
        Shape statistics,
        boolean transposed) {
    /**
     * The smallest number of elements of a channel in one sample for which a loop over them pays off. With fewer elements, the array is
     * first copied so that each channel is contiguous in the whole batch.
     */
    private static final int MIN_SEGMENT = 16;

    /** Normalization of the rows of {@code [..., size]}. */
    static NormalizationRules rows(String name, Tensor x, int size, boolean centred, double eps) {
        int rows = x.shape().size() / Math.max(1, size);
        return new NormalizationRules(
                name,
                x,
                centred,
                eps,
                NormalizedGroups.rows(rows, size),
                Shape.of(rows, size),
                List.of(1),
                Shape.of(1, size),
                Shape.of(rows),
                false);
    }

    /** Normalization of groups of channels within each sample. */
    static NormalizationRules groups(Tensor x, int count, double eps) {
        int batch = x.shape().dim(0);
        int channels = x.shape().dim(1) / count;
        int length = length(x.shape());
        return new NormalizationRules(
                "groupNorm",
                x,
                true,
                eps,
                NormalizedGroups.groups(batch, count, channels, length),
                Shape.of(batch, count, channels, length),
                List.of(2, 3),
                Shape.of(1, count, channels, 1),
                Shape.of(batch, count),
                false);
    }

    /** Normalization of each channel over the batch and the spatial axes. */
    static NormalizationRules channels(Tensor x, double eps) {
        int batch = x.shape().dim(0);
        int channels = x.shape().dim(1);
        int length = length(x.shape());
        boolean transposed = length < MIN_SEGMENT;
        return new NormalizationRules(
                "batchNorm",
                x,
                true,
                eps,
                transposed
                        ? NormalizedGroups.channels(1, channels, batch * length)
                        : NormalizedGroups.channels(batch, channels, length),
                Shape.of(batch, channels, length),
                List.of(0, 2),
                Shape.of(1, channels, 1),
                Shape.of(channels),
                transposed);
    }

    private static int length(Shape shape) {
        return Arrays.stream(shape.toArray(), 2, shape.rank()).reduce(1, (a, b) -> a * b);
    }

    Tensor of(@Nullable Tensor weight, @Nullable Tensor bias) {
        return of(weight, bias, (mean, variance) -> {});
    }

    Tensor of(@Nullable Tensor weight, @Nullable Tensor bias, BiConsumer<NdArray, NdArray> use) {
        List<Tensor> inputs = new ArrayList<>(List.of(x));
        if (weight != null) {
            inputs.add(weight);
        }
        if (bias != null) {
            inputs.add(bias);
        }
        if (x.shape().size() == 0) {
            return composed(inputs, weight != null, bias != null);
        }
        GroupStatistics found = new GroupStatistics(groups, centred, eps);
        NdArray laid = laidOut(x.data());
        NdArray value = new NormalizationKernels(laid, groups, found).normalize(flat(weight), flat(bias));
        use.accept(found.mean(x.dtype(), statistics), found.variance(x.dtype(), statistics));
        return LibraryOps.fusedOp(
                name,
                laidBack(value),
                inputs,
                (g, y) -> gradients(g, laid, found, weight, bias),
                own -> composed(own, weight != null, bias != null));
    }

    /** The gradients of the inputs in their order, without entries for an absent weight or bias; null for inputs that need no gradient. */
    private List<@Nullable Tensor> gradients(
            Tensor g, NdArray laid, GroupStatistics found, @Nullable Tensor weight, @Nullable Tensor bias) {
        boolean ofX = isWanted(x);
        boolean ofWeights = wants(weight) || wants(bias);
        List<@Nullable NdArray> all = new NormalizationKernels(laid, groups, found)
                .gradients(laidOut(g.data()), flat(weight), ofX, ofWeights);
        NdArray first = all.get(0);
        List<@Nullable Tensor> gradients = new ArrayList<>();
        gradients.add(first == null ? null : Tensor.of(laidBack(first)));
        addShaped(gradients, all.get(1), weight);
        addShaped(gradients, all.get(2), bias);
        return gradients;
    }

    private static boolean wants(@Nullable Tensor weights) {
        return weights != null && isWanted(weights);
    }

    private static void addShaped(
            List<@Nullable Tensor> gradients, @Nullable NdArray gradient, @Nullable Tensor weights) {
        if (weights != null) {
            gradients.add(gradient == null ? null : Tensor.of(gradient.reshape(weights.shape())));
        }
    }

    private NdArray laidOut(NdArray array) {
        return (transposed ? array.reshape(view).permute(1, 0, 2) : array).contiguous();
    }

    private NdArray laidBack(NdArray array) {
        return (transposed
                        ? array.reshape(Shape.of(view.dim(1), view.dim(0), view.dim(2)))
                                .permute(1, 0, 2)
                                .contiguous()
                        : array)
                .reshape(x.shape());
    }

    private static @Nullable NdArray flat(@Nullable Tensor weights) {
        return weights == null ? null : weights.data().reshape(-1);
    }

    // ---- by tensor operations ----

    private int[] axes() {
        return reduced.stream().mapToInt(Integer::intValue).toArray();
    }

    private Tensor composed(List<Tensor> inputs, boolean isWeighted, boolean isBiased) {
        Tensor whole = inputs.get(0).reshape(view);
        Tensor deviations = centred ? whole.sub(whole.mean(Dims.KEEP, axes())) : whole;
        Tensor y = deviations.mul(
                deviations.square().mean(Dims.KEEP, axes()).add(eps).rsqrt());
        y = isWeighted ? y.mul(inputs.get(1).reshape(weights)) : y;
        y = isBiased ? y.add(inputs.get(inputs.size() - 1).reshape(weights)) : y;
        return y.reshape(x.shape());
    }

    // ---- with given statistics ----

    static Tensor given(
            Tensor x, Tensor mean, Tensor variance, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        NormalizationRules rules = channels(x, eps);
        int[] dims = new int[x.shape().rank()];
        Arrays.fill(dims, 1);
        dims[1] = x.shape().dim(1);
        Shape along = Shape.of(dims);
        Tensor m = mean.reshape(along);
        Tensor v = variance.reshape(along);
        List<Edge> edges = new ArrayList<>(List.of(
                edge(x, g -> weighted(g, weight, along).mul(v.add(eps).rsqrt())),
                edge(m, g -> weighted(g, weight, along).mul(v.add(eps).rsqrt()).neg()),
                edge(v, g -> {
                    Tensor scale = v.add(eps).rsqrt();
                    Tensor slope = scale.mul(scale).mul(scale).mul(-0.5);
                    return weighted(g, weight, along).mul(x.sub(m)).mul(slope);
                })));
        if (weight != null) {
            edges.add(edge(
                    weight.reshape(along), g -> g.mul(x.sub(m).mul(v.add(eps).rsqrt()))));
        }
        if (bias != null) {
            edges.add(edge(bias.reshape(along), g -> g));
        }
        GroupStatistics statistics = new GroupStatistics(mean.data(), variance.data(), eps);
        NdArray value = new NormalizationKernels(rules.laidOut(x.data()), rules.groups, statistics)
                .normalize(flat(weight), flat(bias));
        return LibraryOps.op("batchNorm", rules.laidBack(value), edges.toArray(Edge[]::new));
    }

    private static Tensor weighted(Tensor g, @Nullable Tensor weight, Shape along) {
        return weight == null ? g : g.mul(weight.reshape(along));
    }
}
