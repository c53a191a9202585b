package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Distributions;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
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
     * @param std {@code [C]}, the population's, as in the usual recipes for images
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
     * {@code (x − mean) / std} for each channel.
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
        return x.sub(statistics.mean().reshape(dims)).div(statistics.std().reshape(dims));
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
        return crop(padded, top, left, height, width);
    }

    /**
     * The part of a size in the middle; half a pixel is rounded towards the upper left.
     *
     * @throws ShapeException if it does not fit
     */
    static Tensor centerCrop(Tensor x, int height, int width) {
        requireFits("centerCrop", x, height, width, 0);
        return crop(x, (x.shape().dim(-2) - height) / 2, (x.shape().dim(-1) - width) / 2, height, width);
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

    private static Tensor crop(Tensor x, int top, int left, int height, int width) {
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
        Settings.requirePart(Augment.class, "probability of a flip", p);
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
