package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.NdArray;
import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import io.adjoint.core.Sliding;
import io.adjoint.nn.layer.Bilinear;
import io.adjoint.nn.layer.ConvTranspose1d;
import io.adjoint.nn.layer.ConvTranspose2d;
import io.adjoint.nn.layer.ConvTranspose3d;
import io.adjoint.nn.layer.Convolution;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Reparameterized;
import io.adjoint.nn.layer.WeightedLayer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The export rules of layers with a weight and a bias: dense, convolutional, and reparameterized layers. */
final class OnnxWeighted {
    private OnnxWeighted() {}

    static void addTo(OnnxRules rules) {
        rules.layer(WeightedLayer.class, (g, layer, x) -> weighted(g, layer, layer.weight(), x))
                // The reparameterized weight is exported as a constant, with its present value.
                .layer(Reparameterized.class, (g, layer, x) -> weighted(g, layer.layer(), layer.weight(), x))
                .forward(Bilinear.class, (block, x) -> List.of(block.forward(x.get(0), x.get(1))));
    }

    private static OnnxValue weighted(OnnxGraph g, WeightedLayer layer, Tensor weight, OnnxValue x) {
        if (layer instanceof Convolution convolution) {
            return isTransposed(layer) ? transposed(g, convolution, weight, x) : convolution(g, convolution, weight, x);
        }
        if (layer instanceof Dense dense) {
            g.requireRank(2, x);
            return dense(g, weight, dense.bias(), x);
        }
        throw g.refusal("has no rule of its own");
    }

    private static boolean isTransposed(WeightedLayer layer) {
        return layer instanceof ConvTranspose1d || layer instanceof ConvTranspose2d || layer instanceof ConvTranspose3d;
    }

    private static @Nullable OnnxValue bias(OnnxGraph g, @Nullable Tensor bias) {
        return bias == null ? null : g.parameter("bias", bias);
    }

    // ---- dense ----

    private static OnnxValue dense(OnnxGraph g, Tensor weight, @Nullable Tensor bias, OnnxValue x) {
        if (x.rank() == 2) {
            return g.op("Gemm")
                    .integer("transB", 1)
                    .to(x.with(-1, weight.shape().dim(0)), x, g.parameter("weight", weight), bias(g, bias));
        }
        return linear(g, "", weight.data(), bias == null ? null : bias.data(), x);
    }

    /** Adds the nodes of a linear map of the last axis of x: x·Wᵀ + b, where W is the weight and b the bias. */
    static OnnxValue linear(OnnxGraph g, String prefix, NdArray weight, @Nullable NdArray bias, OnnxValue x) {
        if (x.dim(-1) != weight.shape().dim(1)) {
            throw g.refusal("multiplies by " + weight.shape() + ", which does not fit " + x);
        }
        OnnxValue product = g.op("MatMul")
                .to(x.with(-1, weight.shape().dim(0)), x, g.constant(prefix + "weight", weight.transpose()));
        return bias == null ? product : g.op("Add").of(product, g.constant(prefix + "bias", bias));
    }

    // ---- convolutions ----

    private static OnnxValue convolution(OnnxGraph g, Convolution layer, Tensor weight, OnnxValue x) {
        ConvOptions options = layer.options();
        int[] kernel = kernel(weight);
        g.requireRank(kernel.length + 2, x);
        int[] dims = g.dims(x);
        Sliding sliding = Sliding.convolution("conv", shape(x), options, kernel);
        int[] pads = pads(sliding.paddingPairs(options));
        boolean padded = options.paddingMode() != PadMode.ZEROS;
        OnnxValue input = padded ? OnnxShapes.padded(g, x, options.paddingMode(), sliding.paddingPairs(options)) : x;
        return sliding(g, "Conv", sliding, options)
                .integers("pads", padded ? new int[pads.length] : pads)
                .to(dims, input, g.parameter("weight", weight), bias(g, layer.bias()));
    }

    private static OnnxValue transposed(OnnxGraph g, Convolution layer, Tensor weight, OnnxValue x) {
        int[] kernel = kernel(weight);
        g.requireRank(kernel.length + 2, x);
        int[] dims = g.dims(x);
        Sliding sliding = Sliding.transposed("convTranspose", shape(x), layer.options(), kernel);
        int[] before = sliding.padding();
        int[] behind = sliding.padding();
        int[] extra = new int[kernel.length];
        int[] zeros = new int[kernel.length];
        for (int axis = 0; axis < kernel.length; axis++) {
            int step = sliding.stride()[axis];
            int extent = (kernel[axis] - 1) * sliding.dilation()[axis] + 1;
            extra[axis] = dims[2 + axis] - ((x.dim(2 + axis) - 1) * step - 2 * before[axis] + extent);
            if (extra[axis] >= step) {
                // ONNX runtimes require an output padding less than the stride, but this library also allows an output
                // padding less than the dilation. An output padding not less than the stride is replaced by zeros
                // appended to the input, which enlarge the output, too.
                zeros[axis] = (extra[axis] + step - 1) / step;
                behind[axis] += zeros[axis] * step - extra[axis];
                extra[axis] = 0;
            }
        }
        boolean fits = Arrays.stream(zeros).allMatch(count -> count == 0);
        OnnxValue input = fits ? x : OnnxShapes.padded(g, x, 0, new int[kernel.length], zeros);
        return sliding(g, "ConvTranspose", sliding, layer.options())
                .integers("pads", both(before, behind))
                .integers("output_padding", extra)
                .to(dims, input, g.parameter("weight", weight), bias(g, layer.bias()));
    }

    private static OnnxNode sliding(OnnxGraph g, String op, Sliding sliding, ConvOptions options) {
        return g.op(op)
                .integers("kernel_shape", sliding.kernel())
                .integers("strides", sliding.stride())
                .integers("dilations", sliding.dilation())
                .integer("group", options.groupCount());
    }

    private static int[] kernel(Tensor weight) {
        int[] dims = weight.shape().toArray();
        return Arrays.copyOfRange(dims, 2, dims.length);
    }

    /** The shape of an input with batch size 1. */
    static Shape shape(OnnxValue x) {
        return Shape.of(x.with(0, 1));
    }

    /**
     * Converts pairs of paddings, of which the first is for the last axis, to ONNX's order: the paddings before all axes from the first
     * axis on, then the paddings after them.
     */
    private static int[] pads(int... lastAxesFirst) {
        int axes = lastAxesFirst.length / 2;
        int[] pads = new int[2 * axes];
        for (int axis = 0; axis < axes; axis++) {
            pads[axis] = lastAxesFirst[2 * (axes - 1 - axis)];
            pads[axes + axis] = lastAxesFirst[2 * (axes - 1 - axis) + 1];
        }
        return pads;
    }

    /** The concatenation of two arrays. */
    static int[] both(int[] before, int[] after) {
        int[] both = Arrays.copyOf(before, before.length + after.length);
        System.arraycopy(after, 0, both, before.length, after.length);
        return both;
    }
}
