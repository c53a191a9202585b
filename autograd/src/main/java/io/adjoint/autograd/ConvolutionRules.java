package io.adjoint.autograd;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.ConvOptions;
import io.adjoint.core.ConvolutionKernels;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Sliding;
import io.adjoint.core.Window;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions as neural networks define them: the weight is not flipped. A convolution is linear in its input and in its weight. Its two
 * adjoints, the transposed convolution and the gradient of the weight, are linear in their operands. Each of these three operations is a
 * backward rule of the other two, so three kernels give gradients of any order.
 */
final class ConvolutionRules {
    private ConvolutionRules() {}

    private static Tensor forward(Sliding sliding, String name, Tensor x, Tensor weight, @Nullable Tensor bias) {
        NdArray value = ConvolutionKernels.forward(sliding, x.data(), weight.data(), dataOf(bias));
        Edge toX = edge(x, g -> toInput(sliding, name, g, weight, null));
        Edge toWeight = edge(weight, g -> toWeight(sliding, name, x, g));
        return recorded(name, value, toX, toWeight, bias);
    }

    private static Tensor toInput(Sliding sliding, String name, Tensor g, Tensor weight, @Nullable Tensor bias) {
        NdArray value = ConvolutionKernels.toInput(sliding, g.data(), weight.data(), dataOf(bias));
        Edge toG = edge(g, h -> forward(sliding, name, h, weight, null));
        Edge toWeight = edge(weight, h -> toWeight(sliding, name, h, g));
        return recorded(name.contains("Transpose") ? name : name + "ToInput", value, toG, toWeight, bias);
    }

    private static Tensor toWeight(Sliding sliding, String name, Tensor x, Tensor g) {
        return op(
                name + "ToWeight",
                ConvolutionKernels.toWeight(sliding, x.data(), g.data()),
                edge(x, h -> toInput(sliding, name, g, h, null)),
                edge(g, h -> forward(sliding, name, x, h, null)));
    }

    private static @Nullable NdArray dataOf(@Nullable Tensor bias) {
        return bias == null ? null : bias.data();
    }

    private static Tensor recorded(String name, NdArray value, Edge first, Edge second, @Nullable Tensor bias) {
        return bias == null
                ? op(name, value, first, second)
                : op(name, value, first, second, edge(bias, ConvolutionRules::perChannel));
    }

    private static Tensor perChannel(Tensor g) {
        return g.sum(
                IntStream.range(0, g.shape().rank()).filter(axis -> axis != 1).toArray());
    }

    static Tensor convolution(int axes, Tensor x, Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        String name = "conv" + axes + "d";
        check(name, axes, x, weight, bias, options, false);
        Sliding sliding = Sliding.convolution(name, x.shape(), options, kernel(weight));
        if (options.paddingMode() != PadMode.ZEROS) {
            Tensor padded = PaddingRules.pad(
                    name,
                    "set a smaller padding, or another padding mode",
                    x,
                    options.paddingMode(),
                    sliding.paddingPairs(options));
            return convolution(axes, padded, weight, bias, options.padding(0).paddingMode(PadMode.ZEROS));
        }
        return batched(axes, x, batch -> forward(sliding, name, batch, weight, bias));
    }

    static Tensor transposed(int axes, Tensor x, Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        String name = "convTranspose" + axes + "d";
        check(name, axes, x, weight, bias, options, true);
        Sliding sliding = Sliding.transposed(name, x.shape(), options, kernel(weight));
        return batched(axes, x, batch -> toInput(sliding, name, batch, weight, bias));
    }

    private static int[] kernel(Tensor weight) {
        return Arrays.copyOfRange(weight.shape().toArray(), 2, weight.shape().rank());
    }

    /**
     * Runs the function on an input with a batch axis. If the input has no batch axis, a batch axis of size 1 is added, and removed from
     * the result.
     */
    static Tensor batched(int axes, Tensor x, UnaryOperator<Tensor> function) {
        return x.shape().rank() == axes + 1 ? function.apply(x.unsqueeze(0)).squeeze(0) : function.apply(x);
    }

    private static void check(
            String name,
            int axes,
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            ConvOptions options,
            boolean transposed) {
        x.dtype().requireFloating(name);
        if (weight.dtype() != x.dtype() || (bias != null && bias.dtype() != x.dtype())) {
            throw new DTypeException(name + ": cannot mix " + x.dtype() + " input with " + weight.dtype() + " weight"
                    + (bias == null ? "" : " and " + bias.dtype() + " bias") + "; convert the input with to("
                    + weight.dtype() + "), or the rest with to(" + x.dtype() + ")");
        }
        Shape input = x.shape();
        Shape kernel = weight.shape();
        String of = "input " + input + ", weight " + kernel + ", groups " + options.groupCount();
        if (kernel.rank() != axes + 2) {
            throw new ShapeException(name + ": the weight must have " + (axes + 2) + " axes, ["
                    + (transposed ? "in, out / groups" : "out, in / groups") + ", " + axes + " of the kernel]: " + of);
        }
        if (input.rank() != axes + 1 && input.rank() != axes + 2) {
            throw new ShapeException(name + ": the input must have " + (axes + 2) + " axes, [batch, channels, " + axes
                    + " to slide over], or " + (axes + 1) + " without a batch: " + of);
        }
        int channels = input.dim(-axes - 1);
        long wanted = transposed ? kernel.dim(0) : (long) kernel.dim(1) * options.groupCount();
        if (channels != wanted) {
            throw new ShapeException(name + ": the input has " + channels + " channels on axis " + (-axes - 1)
                    + ", but the weight is for " + wanted + ": " + of);
        }
        if (kernel.dim(0) % options.groupCount() != 0) {
            throw new ShapeException(name + ": axis 0 of the weight has " + kernel.dim(0)
                    + " entries, which do not divide into " + options.groupCount() + " groups: " + of);
        }
        if (Arrays.stream(kernel(weight)).anyMatch(size -> size == 0)) {
            throw new ShapeException(name + ": the kernel has a size of 0: " + of);
        }
        long outs = transposed ? (long) kernel.dim(1) * options.groupCount() : kernel.dim(0);
        if (bias != null && (bias.shape().rank() != 1 || bias.shape().dim(0) != outs)) {
            throw new ShapeException(
                    name + ": the bias must be [" + outs + "], one for each channel, got " + bias.shape() + ": " + of);
        }
    }

    // ---- windows as columns ----

    static Tensor unfold(Tensor x, Window window) {
        int axes = window.axes() > 1 ? window.axes() : x.shape().rank() - 2;
        requireRank("unfold", x, axes, axes + 1, axes + 2, "[batch, channels, sizes...]");
        x.dtype().requireFloating("unfold");
        Sliding sliding = Sliding.unfolding("unfold", x.shape(), axes, window);
        return batched(axes, x, batch -> unfold(batch, sliding));
    }

    private static Tensor unfold(Tensor x, Sliding sliding) {
        return op("unfold", ConvolutionKernels.unfold("unfold", x.data(), sliding), edge(x, g -> fold(g, sliding)));
    }

    static Tensor fold(Tensor columns, Window window, int... dims) {
        requireRank("fold", columns, 1, 2, 3, "[batch, channels · window, positions]");
        columns.dtype().requireFloating("fold");
        if (dims.length == 0) {
            throw new IllegalArgumentException("fold: expected the sizes to fold " + columns.shape() + " into");
        }
        Sliding sliding = Sliding.unfolding("fold", Shape.of("fold", dims), dims.length, window);
        int rows = columns.shape().dim(-2);
        if (rows % sliding.elements() != 0 || columns.shape().dim(-1) != sliding.positions()) {
            throw new ShapeException("fold: " + columns.shape() + " is not the unfolded form of "
                    + Arrays.toString(dims) + ": "
                    + window + " has " + sliding.elements() + " elements, of which axis -2 must be a multiple, and "
                    + sliding.positions() + " positions, which axis -1 must have");
        }
        return batched(1, columns, batch -> fold(batch, sliding));
    }

    private static Tensor fold(Tensor columns, Sliding sliding) {
        return op(
                "fold",
                ConvolutionKernels.fold("fold", columns.data(), sliding),
                edge(columns, g -> unfold(g, sliding)));
    }

    private static void requireRank(String name, Tensor x, int axes, int fewest, int most, String expected) {
        int rank = x.shape().rank();
        if (axes < 1 || rank < fewest || rank > most) {
            throw new ShapeException(name + ": expected " + expected + " with or without the batch, got " + x.shape()
                    + (axes < 1 ? "" : " with " + rank + " axes"));
        }
    }
}
