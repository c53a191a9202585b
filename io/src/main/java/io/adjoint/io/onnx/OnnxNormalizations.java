package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.layer.BatchNorm;
import io.adjoint.nn.layer.ChannelNorm;
import io.adjoint.nn.layer.GroupNorm;
import io.adjoint.nn.layer.InstanceNorm;
import io.adjoint.nn.layer.LayerNorm;
import io.adjoint.nn.layer.LocalResponseNorm;
import io.adjoint.nn.layer.Normalization;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The export rules of normalization layers, which normalize by running statistics or by statistics of the input. */
final class OnnxNormalizations {
    private OnnxNormalizations() {}

    static void addTo(OnnxRules rules) {
        rules.layer(BatchNorm.class, (g, layer, x) -> isTracking(layer) ? byRunning(g, layer, x) : byBatch(g, layer, x))
                .layer(InstanceNorm.class, OnnxNormalizations::instanceNorm)
                .layer(GroupNorm.class, OnnxNormalizations::groupNorm)
                .layer(LayerNorm.class, OnnxNormalizations::layerNorm)
                .layer(LocalResponseNorm.class, OnnxNormalizations::localResponse);
    }

    private static boolean isTracking(ChannelNorm layer) {
        return layer.namedBuffers().containsKey("runningMean");
    }

    private static OnnxValue weight(OnnxGraph g, Normalization layer) {
        return parameter(g, "weight", layer.weight(), layer.shape(), 1);
    }

    private static OnnxValue bias(OnnxGraph g, Normalization layer) {
        return parameter(g, "bias", layer.bias(), layer.shape(), 0);
    }

    /** A parameter, or a constant with the value {@code otherwise} if the layer has none. */
    private static OnnxValue parameter(
            OnnxGraph g, String name, @Nullable Tensor parameter, Shape shape, double otherwise) {
        return parameter == null
                ? g.constant(name, NdArray.full(DType.FLOAT32, shape, otherwise))
                : g.parameter(name, parameter);
    }

    // ---- channels ----

    private static OnnxValue instanceNorm(OnnxGraph g, InstanceNorm layer, OnnxValue x) {
        g.requireRank(3, x);
        return isTracking(layer)
                ? byRunning(g, layer, x)
                : instances(g, layer.eps(), x, weight(g, layer), bias(g, layer));
    }

    private static OnnxValue byRunning(OnnxGraph g, ChannelNorm layer, OnnxValue x) {
        g.requireRank(2, x);
        return g.op("BatchNormalization")
                .real("epsilon", layer.eps())
                .of(
                        x,
                        weight(g, layer),
                        bias(g, layer),
                        statistic(g, layer, "runningMean"),
                        statistic(g, layer, "runningVariance"));
    }

    private static OnnxValue statistic(OnnxGraph g, ChannelNorm layer, String name) {
        Buffer buffer = Objects.requireNonNull(layer.namedBuffers().get(name));
        return g.constant(name, buffer.value());
    }

    /** Adds a BatchNorm without running statistics, which uses the statistics of the batch also in evaluation. */
    private static OnnxValue byBatch(OnnxGraph g, BatchNorm layer, OnnxValue x) {
        g.requireRank(2, x);
        int[] axes = IntStream.range(0, x.rank()).filter(axis -> axis != 1).toArray();
        int[] one = new int[x.rank()];
        Arrays.fill(one, 1);
        one[1] = x.dim(1);
        OnnxValue centred = g.op("Sub").of(x, mean(g, x, one, axes));
        OnnxValue variance = mean(g, g.op("Mul").of(centred, centred), one, axes);
        return affine(g, layer, divided(g, centred, variance, layer.eps()), one);
    }

    private static OnnxValue mean(OnnxGraph g, OnnxValue x, int[] dims, int... axes) {
        return g.op("ReduceMean").integers("axes", axes).to(dims, x);
    }

    /** Adds the nodes that divide x by its standard deviation or root mean square: {@code x/√(variance + eps)}. */
    private static OnnxValue divided(OnnxGraph g, OnnxValue x, OnnxValue variance, double eps) {
        OnnxValue root = g.op("Sqrt").of(g.op("Add").of(variance, g.constant(eps)));
        return g.op("Div").of(x, root);
    }

    /** Adds the nodes that multiply by the weight and add the bias, if the layer has them. */
    private static OnnxValue affine(OnnxGraph g, Normalization layer, OnnxValue x, int... dims) {
        Tensor weight = layer.weight();
        Tensor bias = layer.bias();
        OnnxValue scaled = weight == null
                ? x
                : g.op("Mul").of(x, g.constant("weight", weight.data().reshape(dims)));
        return bias == null
                ? scaled
                : g.op("Add").of(scaled, g.constant("bias", bias.data().reshape(dims)));
    }

    /** Normalizes each group of channels in each sample by InstanceNormalization. */
    private static OnnxValue groupNorm(OnnxGraph g, GroupNorm layer, OnnxValue x) {
        int groups = layer.groups();
        g.requireRank(2, x);
        int values = Arrays.stream(x.dims()).skip(1).reduce(1, Math::multiplyExact) / groups;
        OnnxValue grouped = g.reshape(x, OnnxValue.BATCH, groups, values);
        OnnxValue normalized = instances(
                g,
                layer.eps(),
                grouped,
                g.constant("ones", NdArray.full(DType.FLOAT32, Shape.of(groups), 1)),
                g.constant("zeros", NdArray.zeros(DType.FLOAT32, Shape.of(groups))));
        int[] channels = new int[x.rank() - 1];
        Arrays.fill(channels, 1);
        channels[0] = x.dim(1);
        return affine(g, layer, g.reshape(normalized, x.dims()), channels);
    }

    private static OnnxValue instances(OnnxGraph g, double eps, OnnxValue x, OnnxValue weight, OnnxValue bias) {
        return g.op("InstanceNormalization").real("epsilon", eps).of(x, weight, bias);
    }

    /**
     * Adds a local response normalization. Runtimes support {@code LRN} only for two spatial axes and neighbourhoods of an odd size. So
     * inputs with other axes are reshaped, and for even sizes the normalization is composed of other operators.
     */
    private static OnnxValue localResponse(OnnxGraph g, LocalResponseNorm layer, OnnxValue x) {
        g.requireRank(2, x);
        int channels = x.dim(1);
        int rest = Arrays.stream(x.dims()).skip(2).reduce(1, Math::multiplyExact);
        if (layer.size() % 2 == 0) {
            OnnxValue squares = neighbours(g, layer, x, channels, rest);
            return g.op("Div").of(x, g.op("Pow").of(squares, g.constant(layer.beta())));
        }
        OnnxValue images = x.rank() == 4 ? x : g.reshape(x, OnnxValue.BATCH, channels, rest, 1);
        OnnxValue divided = g.op("LRN")
                .integer("size", layer.size())
                .real("alpha", layer.alpha())
                .real("beta", layer.beta())
                .real("bias", layer.k())
                .of(images);
        return x.rank() == 4 ? divided : g.reshape(divided, x.dims());
    }

    /**
     * Adds the nodes for {@code k + alpha·mean}, the power of which divides x in local response normalization: k and alpha are the layer's
     * options, and mean is the mean of the squares of each channel and its neighbouring channels. For an even size there is one more
     * neighbour of lower index than of higher index.
     */
    private static OnnxValue neighbours(OnnxGraph g, LocalResponseNorm layer, OnnxValue x, int channels, int rest) {
        OnnxValue squares = g.reshape(g.op("Mul").of(x, x), OnnxValue.BATCH, 1, channels, rest);
        int half = layer.size() / 2;
        OnnxValue means = g.op("AveragePool")
                .integers("kernel_shape", layer.size(), 1)
                .integers("pads", half, 0, half - 1, 0)
                .integer("count_include_pad", 1)
                .of(squares);
        OnnxValue scaled = g.op("Mul").of(g.reshape(means, x.dims()), g.constant(layer.alpha()));
        return g.op("Add").of(scaled, g.constant(layer.k()));
    }

    // ---- last axes ----

    private static OnnxValue layerNorm(OnnxGraph g, LayerNorm layer, OnnxValue x) {
        g.requireRank(layer.shape().rank() + 1, x);
        return g.op("LayerNormalization")
                .integer("axis", -layer.shape().rank())
                .real("epsilon", layer.eps())
                .of(x, weight(g, layer), layer.bias() == null ? null : bias(g, layer));
    }
}
