package io.adjoint.nn;

import static io.adjoint.nn.FunctionalChecks.requireOneType;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Sliding;
import io.adjoint.core.Window;
import java.util.Arrays;

/**
 * Functions of images, composed of tensor operations. To be used through {@link Functional}, which inherits them; the class is public so
 * that reflection can call them.
 */
public abstract sealed class ImageFunctions extends NormalizationFunctions permits Functional {
    /**
     * The largest factor of a pixel shuffle, which divides or multiplies the channels by the factor's square: the square must fit in an
     * int.
     */
    private static final int LARGEST = 46340;

    ImageFunctions() {}

    // ---- channels ----

    /**
     * Images r times as high and as wide, with r² times fewer channels (Shi et al., 2016): channel {@code c·r² + i·r + j} has element
     * (i, j) of each block of r × r of channel c.
     *
     * @param x {@code [..., C·r², H, W]}
     * @return {@code [..., C, H·r, W·r]}
     * @throws ShapeException if the channels are no multiple of r²
     * @throws IllegalArgumentException if r is less than 1, or more than 46340
     */
    public static Tensor pixelShuffle(Tensor x, int factor) {
        requireFactor("pixelShuffle", factor);
        Shape shape = x.shape();
        int square = factor * factor;
        if (shape.rank() < 3 || shape.dim(-3) % square != 0) {
            throw new ShapeException("pixelShuffle: expected input [..., channels, H, W] with channels that are a"
                    + " multiple of " + square + ", got " + shape);
        }
        int channels = shape.dim(-3) / square;
        int h = shape.dim(-2);
        int w = shape.dim(-1);
        Shape shuffled = with("pixelShuffle", shape, channels, (long) h * factor, (long) w * factor);
        return x.reshape(images(shape), channels, factor, factor, h, w)
                .permute(0, 1, 4, 2, 5, 3)
                .reshape(shuffled);
    }

    /**
     * The inverse of {@link #pixelShuffle}.
     *
     * @param x {@code [..., C, H·r, W·r]}
     * @return {@code [..., C·r², H, W]}
     * @throws ShapeException if height or width is not a multiple of r
     * @throws IllegalArgumentException if r is less than 1, or more than 46340
     */
    public static Tensor pixelUnshuffle(Tensor x, int factor) {
        requireFactor("pixelUnshuffle", factor);
        Shape shape = x.shape();
        if (shape.rank() < 3 || shape.dim(-2) % factor != 0 || shape.dim(-1) % factor != 0) {
            throw new ShapeException(
                    "pixelUnshuffle: expected input [..., C, height, width] with a height and width that"
                            + " are multiples of " + factor + ", got " + shape);
        }
        int channels = shape.dim(-3);
        int h = shape.dim(-2) / factor;
        int w = shape.dim(-1) / factor;
        Shape unshuffled = with("pixelUnshuffle", shape, (long) channels * factor * factor, h, w);
        return x.reshape(images(shape), channels, h, factor, w, factor)
                .permute(0, 1, 3, 5, 2, 4)
                .reshape(unshuffled);
    }

    private static void requireFactor(String op, int factor) {
        if (factor < 1 || factor > LARGEST) {
            throw new IllegalArgumentException(op + ": expected a factor from 1 to " + LARGEST + ", got " + factor);
        }
    }

    /** The number of images in {@code [..., C, H, W]}: the product of the sizes of all leading axes. */
    private static int images(Shape shape) {
        return Arrays.stream(shape.toArray()).limit(shape.rank() - 3L).reduce(1, (a, b) -> a * b);
    }

    /** A shape with the last three sizes, channels, height and width, replaced. */
    private static Shape with(String op, Shape shape, long channels, long height, long width) {
        long[] dims = Arrays.stream(shape.toArray()).asLongStream().toArray();
        dims[dims.length - 3] = channels;
        dims[dims.length - 2] = height;
        dims[dims.length - 1] = width;
        return Shape.of(op, shape, dims);
    }

    /**
     * The channels of groups dealt out in turn (Zhang et al., 2018): the first of each group, then the second of each, and so on.
     *
     * @param x {@code [N, C, ...]}
     * @throws ShapeException if the channels are no multiple of the groups
     * @throws IllegalArgumentException if there is less than 1 group
     */
    public static Tensor channelShuffle(Tensor x, int groups) {
        Settings.requireCount("channelShuffle", "groups", groups);
        Shape shape = x.shape();
        if (shape.rank() < 2 || shape.dim(1) % groups != 0) {
            throw new ShapeException(
                    "channelShuffle: expected input [N, channels, ...] with channels that are a multiple of the "
                            + groups + " groups, got " + shape);
        }
        return x.unflatten(1, groups, shape.dim(1) / groups).transpose(1, 2).reshape(shape);
    }

    /** With α = 1e-4, β = 0.75 and k = 1; see {@link #localResponseNorm(Tensor, int, double, double, double)}. */
    public static Tensor localResponseNorm(Tensor x, int size) {
        return localResponseNorm(x, size, 1e-4, 0.75, 1);
    }

    /**
     * Each element divided by a power of the mean square of its neighbours in other channels (Krizhevsky et al., 2012):
     * {@code x / (k + α·Σ x²/n)^β}, with the sum over the n channels from {@code c − n/2} to {@code c + (n − 1)/2}; channels that do not
     * exist count as 0.
     *
     * @param x {@code [N, C, ...]}
     * @param size n, the number of channels
     * @throws ShapeException if x has fewer than two axes
     * @throws io.adjoint.core.DTypeException if x is not floating
     * @throws IllegalArgumentException if the size is less than 1, or another number not finite
     */
    public static Tensor localResponseNorm(Tensor x, int size, double alpha, double beta, double k) {
        Settings.requireCount("localResponseNorm", "size", size);
        Settings.requireFinite("localResponseNorm", "alpha", alpha);
        Settings.requireFinite("localResponseNorm", "beta", beta);
        Settings.requireFinite("localResponseNorm", "k", k);
        requireOneType("localResponseNorm", x);
        Shape shape = x.shape();
        if (shape.rank() < 2) {
            throw new ShapeException("localResponseNorm: expected input [N, channels, ...], got " + shape);
        }
        if (shape.size() == 0) {
            return x;
        }
        Tensor squares = x.square().reshape(shape.dim(0), shape.dim(1), -1).transpose(1, 2);
        Tensor means = squares.pad(size / 2, (size - 1) / 2)
                .avgPool1d(Window.kernel(size).stride(1))
                .transpose(1, 2)
                .reshape(shape);
        return x.div(means.mul(alpha).add(k).pow(beta));
    }

    // ---- windows ----

    /**
     * The norm of order p of each window on the last axis, {@code (Σ xᵖ)^(1/p)}. For p = 1 it is the sum of the window; where the sum
     * is 0, the gradient is 0 for larger p, NaN for smaller ones; and sums below 0 have no root, NaN. A window that
     * {@link Window#ceilMode} lets reach beyond the padding has the mean of its elements times their full number, as in PyTorch.
     *
     * @param x {@code [..., L]}
     * @param p positive and finite
     * @param window the windows, as of {@link Tensor#avgPool1d(Window)}
     * @throws ShapeException if the window does not fit
     * @throws io.adjoint.core.DTypeException if x is not floating
     * @throws IllegalArgumentException if p is not positive and finite, or the window is for another number of axes
     */
    public static Tensor lpPool1d(Tensor x, double p, Window window) {
        return lpPool(1, x, p, window);
    }

    /** As {@link #lpPool1d}, of windows on the last two axes. */
    public static Tensor lpPool2d(Tensor x, double p, Window window) {
        return lpPool(2, x, p, window);
    }

    /** As {@link #lpPool1d}, of windows on the last three axes. */
    public static Tensor lpPool3d(Tensor x, double p, Window window) {
        return lpPool(3, x, p, window);
    }

    private static Tensor lpPool(int axes, Tensor x, double p, Window window) {
        String name = "lpPool" + axes + "d";
        Settings.requirePositive(name, "p", p);
        requireOneType(name, x);
        int elements = Sliding.pooling(name, x.shape(), axes, window).elements();
        Tensor powers = p == 1 ? x : x.pow(p);
        Tensor means = switch (axes) {
            case 1 -> powers.avgPool1d(window);
            case 2 -> powers.avgPool2d(window);
            default -> powers.avgPool3d(window);
        };
        Tensor sums = means.mul(elements);
        // The derivative of the root at 0 is infinite, so relu comes before the root: relu's gradient at 0 is 0 for
        // every upstream gradient, even an infinite one or NaN. The signs make negative sums positive before relu and
        // negative again after it, so relu changes no sum.
        Tensor signs = Tensor.of(sums.data().sign());
        return p == 1 ? sums : sums.mul(signs).relu().mul(signs).pow(1 / p);
    }

    // ---- grids ----

    /** The grid of default options; see {@link #affineGrid(Tensor, GridOptions, int...)}. */
    public static Tensor affineGrid(Tensor theta, int... sizes) {
        return affineGrid(theta, new GridOptions(), sizes);
    }

    /**
     * The positions that affine transformations map the pixels of an output image to, for {@link Functional#gridSample(Tensor, Tensor)}:
     * {@code θ·[x, y, 1]} of each pixel's coordinates, which go from −1 to 1 (Jaderberg et al., 2015).
     *
     * @param theta {@code [N, 2, 3]} for images of two axes, {@code [N, 3, 4]} for three
     * @param options the options of {@code gridSample}; only {@link GridOptions#alignCorners()} matters here
     * @param sizes the output's, {@code H, W} or {@code D, H, W}
     * @return {@code [N, H, W, 2]}, x before y, or {@code [N, D, H, W, 3]}
     * @throws ShapeException if the shape of θ does not fit the number of sizes, or a size is negative
     * @throws io.adjoint.core.DTypeException if θ is not floating
     */
    public static Tensor affineGrid(Tensor theta, GridOptions options, int... sizes) {
        requireOneType("affineGrid", theta);
        Shape shape = theta.shape();
        int axes = sizes.length;
        if ((axes != 2 && axes != 3) || shape.rank() != 3 || shape.dim(1) != axes || shape.dim(2) != axes + 1) {
            throw new ShapeException(
                    "affineGrid: expected a theta [N, 2, 3] and the sizes H, W, or [N, 3, 4] and D, H, W; got " + shape
                            + " and " + Arrays.toString(sizes));
        }
        Shape image = Shape.of("affineGrid", sizes);
        NdArray pixels = NdArray.generate(theta.dtype(), Shape.of(image.size(), axes + 1), k -> {
            int coordinate = k % (axes + 1);
            int axis = axes - 1 - coordinate;
            int rest = k / (axes + 1);
            for (int inner = axes - 1; inner > axis && axis >= 0; inner--) {
                rest /= sizes[inner];
            }
            return axis < 0 ? 1 : coordinate(rest % sizes[axis], sizes[axis], options.alignCorners);
        });
        int[] dims = new int[axes + 2];
        dims[0] = shape.dim(0);
        System.arraycopy(image.toArray(), 0, dims, 1, axes);
        dims[axes + 1] = axes;
        return Tensor.of(pixels).matmul(theta.transpose(1, 2)).reshape(Shape.of("affineGrid", dims));
    }

    private static double coordinate(int index, int size, boolean alignCorners) {
        if (alignCorners) {
            return size == 1 ? 0 : 2.0 * index / (size - 1) - 1;
        }
        return (2.0 * index + 1) / size - 1;
    }
}
