package io.adjoint.core;

import static java.util.Objects.requireNonNull;

import io.adjoint.core.math.Distributions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Random integers, drawn one after the other from one generator, so that the generator's seed determines all of them.
 *
 * @hidden
 */
@Internal
public final class SamplingKernels {
    private SamplingKernels() {}

    /** The INT32 numbers 0 to n − 1 in a uniformly random order. */
    public static NdArray permutation(int n, RandomGenerator random) {
        if (n < 0) {
            throw new IllegalArgumentException("permutation: the number of elements must not be negative, got " + n);
        }
        int[] order = IntStream.range(0, n).toArray();
        for (int k = n - 1; k > 0; k--) {
            int other = Distributions.integer(random, 0, k + 1);
            int moved = order[k];
            order[k] = order[other];
            order[other] = moved;
        }
        return NdArray.adopt(DType.INT32, Shape.of(n), order);
    }

    /**
     * INT32 indices into the last axis of the weights, {@code count} for each row, drawn in proportion to the weights.
     *
     * @param weights FLOAT64 or FLOAT32, of one or two axes; the weights of a row need not add up to 1
     * @throws IllegalArgumentException if a weight is negative, infinite or NaN, or a row has too few positive weights
     */
    public static NdArray multinomial(NdArray weights, int count, Replacement replacement, RandomGenerator random) {
        requireNonNull(replacement, "replacement");
        weights.dtype.requireFloating("multinomial");
        int rank = weights.shape.rank();
        if (rank != 1 && rank != 2) {
            throw new ShapeException(
                    "multinomial: the weights must have one axis, or two of which the first counts rows;"
                            + " their shape is " + weights.shape);
        }
        if (count < 0) {
            throw new IllegalArgumentException("multinomial: the number of draws must not be negative, got " + count);
        }
        int size = weights.shape.dim(-1);
        int rows = rank == 1 ? 1 : weights.shape.dim(0);
        Shape shape = rank == 1 ? Shape.of("multinomial", count) : Shape.of("multinomial", rows, count);
        double[] all = weights.toDoubleArray();
        for (int row = 0; row < rows; row++) {
            checkWeights(all, row, size, count, replacement);
        }
        int[] drawn = new int[shape.size()];
        for (int row = 0; row < rows; row++) {
            double[] own = Arrays.copyOfRange(all, row * size, (row + 1) * size);
            int[] indices =
                    replacement == Replacement.WITH ? withReplacement(own, count, random) : without(own, count, random);
            System.arraycopy(indices, 0, drawn, row * count, count);
        }
        return NdArray.adopt(DType.INT32, shape, drawn);
    }

    private static void checkWeights(double[] all, int row, int size, int count, Replacement replacement) {
        int positive = 0;
        double sum = 0;
        for (int k = 0; k < size; k++) {
            double weight = all[row * size + k];
            if (!(weight >= 0)) {
                throw new IllegalArgumentException("multinomial: weight " + k + " of row " + row + " is " + weight
                        + "; weights must be numbers from 0 on");
            }
            positive += weight > 0 ? 1 : 0;
            sum += weight;
        }
        if (Double.isInfinite(sum)) {
            throw new IllegalArgumentException(
                    "multinomial: the weights of row " + row + " add up to infinity; divide them by the largest");
        }
        int needed = replacement == Replacement.WITH ? Math.min(count, 1) : count;
        if (positive < needed) {
            throw new IllegalArgumentException(
                    "multinomial: row " + row + " has " + positive + " positive weights, too few for " + count
                            + (replacement == Replacement.WITH
                                    ? " draws"
                                    : " draws without replacement; draw fewer, or with Replacement.WITH"));
        }
    }

    private static int[] withReplacement(double[] weights, int count, RandomGenerator random) {
        double[] sums = new double[weights.length];
        double sum = 0;
        int last = 0;
        for (int k = 0; k < sums.length; k++) {
            sum += weights[k];
            sums[k] = sum;
            last = weights[k] > 0 ? k : last;
        }
        int[] drawn = new int[count];
        for (int k = 0; k < count; k++) {
            double at = Distributions.uniform(random) * sum;
            int low = 0;
            int high = last;
            while (low < high) {
                int middle = (low + high) >>> 1;
                low = sums[middle] > at ? low : middle + 1;
                high = sums[middle] > at ? middle : high;
            }
            drawn[k] = low;
        }
        return drawn;
    }

    /**
     * Draws indices without replacement. Each index gets a random time, from the exponential distribution with the index's weight as rate:
     * the probability that an index has the shortest of several times is proportional to its weight. So the {@code count} indices with the
     * shortest times, in ascending order of time, are the drawn indices.
     */
    private static int[] without(double[] weights, int count, RandomGenerator random) {
        double[] times = new double[weights.length];
        for (int k = 0; k < times.length; k++) {
            times[k] = Distributions.exponential(random) / weights[k];
        }
        return IntStream.range(0, times.length)
                .filter(k -> weights[k] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(k -> times[k]))
                .limit(count)
                .mapToInt(k -> k)
                .toArray();
    }
}
