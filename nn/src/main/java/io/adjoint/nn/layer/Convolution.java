package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Sliding;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The convolutions and the transposed ones, which differ in the number of axes and the order of the weight's first two. To be
 * used through the layers that extend it. */
public abstract class Convolution extends WeightedLayer {
    final ConvOptions options;
    private final boolean transposed;

    /**
     * A convolution with the weight {@code [out, in/groups, kernel…]}, or a transposed convolution with the weight
     * {@code [in, out/groups, kernel…]}.
     *
     * @param name the name of the class, for messages
     */
    Convolution(
            String name,
            int axes,
            boolean transposed,
            int in,
            int out,
            Shape kernel,
            ConvOptions options,
            boolean hasBias,
            RandomGenerator init) {
        super(weight(name, axes, transposed, in, out, kernel, options), out, hasBias, init);
        this.options = options;
        this.transposed = transposed;
    }

    /** A convolution with a given weight and bias. */
    Convolution(String name, int axes, boolean transposed, Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        super(checked(name, axes, transposed, weight, options), bias, outputs(transposed, weight, options));
        this.options = options;
        this.transposed = transposed;
    }

    private static int outputs(boolean transposed, Tensor weight, ConvOptions options) {
        return transposed
                ? weight.shape().dim(1) * options.groupCount()
                : weight.shape().dim(0);
    }

    /** Checks the shape of a weight that the caller gives, by the rules for a weight that this class draws. */
    private static Tensor checked(String name, int axes, boolean transposed, Tensor weight, ConvOptions options) {
        Shape shape = weight.shape();
        if (shape.rank() != axes + 2) {
            throw new ShapeException(name + ": expected a weight of " + (axes + 2) + " axes, "
                    + (transposed ? "[in, out/groups, kernel...]" : "[out, in/groups, kernel...]") + ", got " + shape);
        }
        int[] dims = shape.toArray();
        int groups = options.groupCount();
        Shape kernel = Shape.of(Arrays.copyOfRange(dims, 2, dims.length));
        int in = transposed ? dims[0] : dims[1] * groups;
        int out = transposed ? dims[1] * groups : dims[0];
        weight(name, axes, transposed, in, out, kernel, options);
        return weight;
    }

    @CanIgnoreReturnValue
    private static Shape weight(
            String name, int axes, boolean transposed, int in, int out, Shape kernel, ConvOptions options) {
        int groups = options.groupCount();
        if (in < 1 || out < 1 || kernel.rank() != axes || kernel.size() < 1) {
            throw new IllegalArgumentException(name + ": expected at least 1 channel in and out and a kernel of " + axes
                    + (axes == 1 ? " size" : " sizes") + " from 1 on, got " + in + " and " + out
                    + " channels and kernel " + kernel);
        }
        if (in % groups != 0 || out % groups != 0) {
            throw new IllegalArgumentException(name + ": " + groups
                    + " groups must divide the channels in and out, which are " + in + " and " + out);
        }
        Sliding.requireAxes(name, axes, options);
        if (transposed && options.isSamePadding()) {
            throw new IllegalArgumentException(
                    name + ": padding that keeps the sizes is for a convolution; set the padding in numbers");
        }
        if (transposed) {
            Sliding.requireZeros(name, options);
        }
        int[] sizes = {transposed ? in : out, (transposed ? out : in) / groups};
        return Shape.of(
                name,
                IntStream.concat(Arrays.stream(sizes), Arrays.stream(kernel.toArray()))
                        .toArray());
    }

    /** A kernel of one size along each axis. */
    static Shape cube(String name, int axes, int size) {
        return Shape.of(name, IntStream.generate(() -> size).limit(axes).toArray());
    }

    /** Stride, padding, dilation and groups. */
    public final ConvOptions options() {
        return options;
    }

    @Override
    final boolean transposed() {
        return transposed;
    }

    @Override
    final String sizes() {
        int[] dims = weight.shape().toArray();
        String kernel =
                Arrays.stream(dims, 2, dims.length).mapToObj(Integer::toString).collect(Collectors.joining("×"));
        String settings = options.describe();
        int grouped = dims[1] * options.groupCount();
        String channels = transposed ? dims[0] + " -> " + grouped : grouped + " -> " + dims[0];
        return channels + ", kernel " + kernel + (settings.isEmpty() ? "" : ", " + settings);
    }
}
