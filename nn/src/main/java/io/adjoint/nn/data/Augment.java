package io.adjoint.nn.data;

import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.math.Distributions;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Changes of images {@code […, H, W]}, one or a batch of them, and of other data: functions for {@link Dataset#map} and, with a generator,
 * for {@link Dataset#augment}. A batch is changed as a whole: all its images are cut or flipped alike.
 *
 * <pre>{@code
 * train.augment((sample, random) -> new Batch(
 *         Augment.horizontalFlip(Augment.randomCrop(sample.x(), 28, 28, 2, random), 0.5, random), sample.y()));
 * }</pre>
 */
public interface Augment {
    /**
     * The mean and standard deviation of each channel.
     *
     * @param mean {@code [C]}
     * @param std {@code [C]}, of the population, not of a sample, as in the usual recipes for images
     */
    record Statistics(Tensor mean, Tensor std) {}

    /**
     * The statistics of inputs {@code [C, …]} of a data set, gathered sample by sample; a data set of vectors has a channel for each
     * element.
     *
     * @throws ShapeException if there are no samples, or they differ in the number of channels
     */
    static <S> Statistics statistics(Dataset<S> dataset, Function<? super S, Tensor> input) {
        if (dataset.size() == 0) {
            throw new ShapeException("Augment.statistics: there are no samples");
        }
        Tensor first = input.apply(dataset.get(0));
        int channels = first.shape().rank() == 0 ? 0 : first.shape().dim(0);
        double[] mean = new double[channels];
        double[] variation = new double[channels];
        long[] count = new long[channels];
        for (int k = 0; k < dataset.size(); k++) {
            Tensor x = input.apply(dataset.get(k));
            if (channels == 0 || x.shape().rank() == 0 || x.shape().dim(0) != channels) {
                throw new ShapeException("Augment.statistics: expected samples [C, ...] with " + channels
                        + " channels, but sample " + k + " is " + x.shape());
            }
            double[] values = x.data().toDoubleArray();
            int each = values.length / channels;
            for (int position = 0; position < values.length; position++) {
                int c = position / each;
                double before = values[position] - mean[c];
                mean[c] += before / ++count[c];
                variation[c] += before * (values[position] - mean[c]);
            }
        }
        double[] std = IntStream.range(0, channels)
                .mapToDouble(c -> Math.sqrt(variation[c] / count[c]))
                .toArray();
        return new Statistics(Tensor.of(mean).to(first.dtype()), Tensor.of(std).to(first.dtype()));
    }

    /**
     * {@code (x − mean) / std} for each channel; of a channel with standard deviation 0, such as a pixel that is the same in all images,
     * {@code x − mean}, as of scikit-learn's {@code StandardScaler}.
     *
     * @param x {@code [C, …]}
     * @throws ShapeException if there are other than C channels
     */
    static Tensor normalize(Tensor x, Statistics statistics) {
        Shape channels = statistics.mean().shape();
        if (x.shape().rank() == 0 || channels.rank() != 1 || x.shape().dim(0) != channels.dim(0)) {
            throw new ShapeException("Augment.normalize: the statistics are of " + channels
                    + " channels, but the input is " + x.shape() + "; expected [C, ...]");
        }
        int[] dims = new int[x.shape().rank()];
        Arrays.fill(dims, 1);
        dims[0] = channels.dim(0);
        NdArray std = statistics.std().data();
        Tensor divisors = Tensor.of(NdArray.where(std.eq(0), 1, std));
        return x.sub(statistics.mean().reshape(dims)).div(divisors.reshape(dims));
    }

    /**
     * The part of a size whose corner is drawn at random, after padding with zeros on all four borders.
     *
     * @throws ShapeException if it does not fit
     */
    static Tensor randomCrop(Tensor x, int height, int width, int padding, RandomGenerator generator) {
        Settings.require(padding >= 0, Augment.class, "padding", "not be negative", padding);
        requireFits("randomCrop", x, height, width, padding);
        Tensor padded = padding == 0 ? x : x.pad(padding, padding, padding, padding);
        int top = Distributions.integer(generator, 0, padded.shape().dim(-2) - height + 1);
        int left = Distributions.integer(generator, 0, padded.shape().dim(-1) - width + 1);
        return part(padded, top, left, height, width);
    }

    /**
     * The part of a size in the middle; half a pixel is rounded towards the upper left.
     *
     * @throws ShapeException if it does not fit
     */
    static Tensor centerCrop(Tensor x, int height, int width) {
        requireFits("centerCrop", x, height, width, 0);
        return part(x, (x.shape().dim(-2) - height) / 2, (x.shape().dim(-1) - width) / 2, height, width);
    }

    /**
     * A part of an image: the given sizes from a row and a column on.
     *
     * @throws ShapeException if it isn't inside the image
     */
    static Tensor crop(Tensor x, int top, int left, int height, int width) {
        requireFits("crop", x, height, width, 0);
        if (top < 0
                || left < 0
                || top > x.shape().dim(-2) - height
                || left > x.shape().dim(-1) - width) {
            throw new ShapeException("Augment.crop: " + height + " × " + width + " pixels from row " + top
                    + " and column " + left + " on are not inside an image " + x.shape());
        }
        return part(x, top, left, height, width);
    }

    /**
     * A part of random area and aspect ratio, resized to a size: from 8 % to all of the area, 3:4 to 4:3. See {@link
     * #randomResizedCrop(Tensor, int, int, double, double, RandomGenerator)}.
     */
    static Tensor randomResizedCrop(Tensor x, int height, int width, RandomGenerator generator) {
        return randomResizedCrop(x, height, width, 0.08, 1, generator);
    }

    /**
     * A part of random area and aspect ratio, resized to a size by {@link Interpolation#LINEAR}: torchvision's {@code RandomResizedCrop}
     * with {@code antialias=False}. The area is drawn evenly from a range, the ratio of width to height from 3:4 to 4:3 evenly in its
     * logarithm, and the position evenly; of ten draws the first that fits counts, and if none does, it is the largest central part of
     * such a ratio.
     *
     * @param minArea the smallest fraction of the image's area
     * @param maxArea the largest fraction of the image's area
     * @throws ShapeException if x isn't an image {@code [..., H, W]} with pixels, or a size is less than 1
     * @throws IllegalArgumentException if the areas are not {@code 0 < minArea ≤ maxArea ≤ 1}
     */
    static Tensor randomResizedCrop(
            Tensor x, int height, int width, double minArea, double maxArea, RandomGenerator generator) {
        requireImage("randomResizedCrop", x);
        Settings.require(
                minArea > 0 && minArea <= maxArea && maxArea <= 1,
                Augment.class,
                "range of areas",
                "be from above 0 to at most 1",
                minArea + " to " + maxArea);
        CropBox box = CropBox.random(x.shape().dim(-2), x.shape().dim(-1), minArea, maxArea, generator);
        Tensor part = part(x, box.top(), box.left(), box.height(), box.width());
        int[] sizes = x.shape().toArray();
        sizes[sizes.length - 2] = height;
        sizes[sizes.length - 1] = width;
        // All leading axes are treated as a batch of images with one channel.
        return part.reshape(-1, 1, box.height(), box.width())
                .interpolate(Interpolation.LINEAR, height, width)
                .reshape(sizes);
    }

    // ---- rotations and affine maps ----

    /**
     * An image rotated about its centre, without larger sizes; torchvision's {@code rotate}.
     *
     * @param degrees the angle, counter-clockwise
     * @param mode how values between pixels are read: {@link Interpolation#NEAREST} or {@link Interpolation#LINEAR}
     * @param fill the value of all positions outside of the image
     * @throws ShapeException if x isn't an image {@code [..., H, W]} with pixels
     * @throws io.adjoint.core.DTypeException if x is not floating for {@link Interpolation#LINEAR}, or cannot hold the fill
     */
    static Tensor rotate(Tensor x, double degrees, Interpolation mode, double fill) {
        return Warp.of("rotate", x, new Affine().degrees(-degrees), mode, fill);
    }

    /**
     * An image rotated by an angle that is drawn evenly from −degrees to degrees; see {@link #rotate}.
     *
     * @throws IllegalArgumentException if the largest angle is negative
     */
    static Tensor randomRotation(Tensor x, double degrees, Interpolation mode, double fill, RandomGenerator generator) {
        Settings.requireNotNegative(Augment.class, "largest angle", degrees);
        return rotate(x, degrees * (2 * Distributions.uniform(generator) - 1), mode, fill);
    }

    /**
     * The image of an affine map, as by torchvision's {@code affine}.
     *
     * @param map the map, about the centre of the image
     * @param mode how values between pixels are read: {@link Interpolation#NEAREST}, ties to the even one, or {@link Interpolation#LINEAR}
     * @param fill the value of all positions outside of the image; pixels at its edge are mixed with it by {@code LINEAR}
     * @throws ShapeException if x isn't an image {@code [..., H, W]} with pixels
     * @throws io.adjoint.core.DTypeException if x is not floating for {@code LINEAR}, or cannot hold the fill
     */
    static Tensor affine(Tensor x, Affine map, Interpolation mode, double fill) {
        return Warp.of("affine", x, map, mode, fill);
    }

    /** The image of an affine map that is drawn from a range; see {@link #affine}. */
    static Tensor randomAffine(
            Tensor x, RandomAffine range, Interpolation mode, double fill, RandomGenerator generator) {
        requireImage("randomAffine", x);
        return Warp.of(
                "randomAffine", x, range.draw(x.shape().dim(-2), x.shape().dim(-1), generator), mode, fill);
    }

    /** Refuses a tensor that is not an image {@code [..., H, W]} or has no pixels. */
    static void requireImage(String name, Tensor x) {
        requireFits(name, x, 1, 1, 0);
    }

    private static void requireFits(String name, Tensor x, int height, int width, int padding) {
        if (x.shape().rank() < 2
                || height < 1
                || width < 1
                || height > x.shape().dim(-2) + 2L * padding
                || width > x.shape().dim(-1) + 2L * padding) {
            throw new ShapeException("Augment." + name + ": expected an image [..., H, W] of at least " + height + " × "
                    + width + " with " + padding + " pixels of padding, got " + x.shape());
        }
    }

    private static Tensor part(Tensor x, int top, int left, int height, int width) {
        NdArray part = x.data().slice(-2, top, top + height).slice(-1, left, left + width);
        return Tensor.of(part.contiguous());
    }

    /**
     * Left and right exchanged, with probability p.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    static Tensor horizontalFlip(Tensor x, double p, RandomGenerator generator) {
        return flip("horizontalFlip", x, -1, p, generator);
    }

    /**
     * Top and bottom exchanged, with probability p.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    static Tensor verticalFlip(Tensor x, double p, RandomGenerator generator) {
        return flip("verticalFlip", x, -2, p, generator);
    }

    private static Tensor flip(String name, Tensor x, int axis, double p, RandomGenerator generator) {
        Settings.requireFraction(Augment.class, "probability of a flip", p);
        if (x.shape().rank() < 2) {
            throw new ShapeException("Augment." + name + ": expected an image [..., H, W], got " + x.shape());
        }
        return Distributions.uniform(generator) < p ? x.flip(axis) : x;
    }

    /**
     * With noise from the normal distribution N(0, std²) added to each element.
     *
     * @throws IllegalArgumentException if the standard deviation is negative or not finite
     */
    static Tensor gaussianNoise(Tensor x, double std, RandomGenerator generator) {
        return x.add(Tensor.normal(x.dtype(), x.shape(), 0, std, generator));
    }
}
