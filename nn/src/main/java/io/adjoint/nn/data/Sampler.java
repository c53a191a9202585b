package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Replacement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Draws the samples of an epoch, in order, by their numbers; PyTorch's samplers. */
public interface Sampler {
    /** The number of samples in an epoch. */
    int size();

    /** The numbers of the samples of a new epoch; a sampler that is not random doesn't use the generator. */
    int[] order(RandomGenerator generator);

    /** The number of samples of the data set that this sampler was made for; none, the default, if any will do. */
    default OptionalInt population() {
        return OptionalInt.empty();
    }

    /** A sampler of a function, for data sets of any size. */
    static Sampler of(int size, Function<? super RandomGenerator, int[]> order) {
        return of(OptionalInt.empty(), size, order);
    }

    private static Sampler of(OptionalInt population, int size, Function<? super RandomGenerator, int[]> order) {
        return new Sampler() {
            @Override
            public OptionalInt population() {
                return population;
            }

            @Override
            public int size() {
                return size;
            }

            @Override
            public int[] order(RandomGenerator generator) {
                return order.apply(generator);
            }
        };
    }

    /** All samples in their order. */
    static Sampler sequential(int samples) {
        return of(samples, generator -> IntStream.range(0, samples).toArray());
    }

    /** All samples, each once, in an order that is drawn anew for each epoch, each as likely as the others. */
    static Sampler shuffled(int samples) {
        return of(
                samples,
                generator -> Tensor.permutation(samples, generator).data().toIntArray());
    }

    /**
     * Samples drawn in proportion to their weights, as for classes of different frequency; PyTorch's {@code WeightedRandomSampler}.
     *
     * @param weights a number for each sample of the data set; their sum need not be 1
     * @param count the number of samples in an epoch
     * @throws IllegalArgumentException if a weight is negative or not finite, or too few are positive
     */
    static Sampler weighted(double[] weights, int count, Replacement replacement) {
        Tensor all = Tensor.of(weights);
        double sum = 0;
        int positive = 0;
        for (double weight : weights) {
            sum += weight >= 0 ? weight : Double.NaN;
            positive += weight > 0 ? 1 : 0;
        }
        if (!(sum < Double.POSITIVE_INFINITY)
                || count < 0
                || positive < (replacement == Replacement.WITH ? Math.min(count, 1) : count)) {
            throw new IllegalArgumentException(
                    "Sampler.weighted: expected finite weights from 0 on and, without replacement,"
                            + " as many positive ones as are drawn, got " + positive + " positive of " + weights.length
                            + " weights with sum " + sum + " for " + count + " draws");
        }
        return of(
                OptionalInt.of(weights.length),
                count,
                generator -> Tensor.multinomial(all, count, replacement, generator)
                        .data()
                        .toIntArray());
    }

    /**
     * Samples drawn so that all classes are equally likely, however rare a class is in the data set: {@link #weighted} by one over the
     * number of the class's samples, with replacement.
     *
     * @param labels the class of each sample of the data set
     * @param count the number of samples in an epoch
     * @throws IllegalArgumentException if the count is negative, or there are no samples to draw from
     */
    static Sampler balanced(int[] labels, int count) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int label : labels) {
            counts.merge(label, 1, Integer::sum);
        }
        return weighted(
                Arrays.stream(labels)
                        .mapToDouble(label -> 1.0 / counts.getOrDefault(label, 1))
                        .toArray(),
                count,
                Replacement.WITH);
    }
}
