package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Computes {@code embeddingBag}: reduces each bag, a list of rows of an embedding table, to one vector.
 *
 * @hidden
 */
@Internal
public final class Bags {
    /**
     * An embedding table.
     *
     * @param weight {@code [count, features]}
     * @param padding the index of the row that bags ignore; −1 for none
     * @param lookup looks up the rows {@code [..., features]} at indices {@code [...]}, refusing indices out of range
     * @hidden
     */
    public record Table(Tensor weight, int padding, UnaryOperator<Tensor> lookup) {}

    private Bags() {}

    /**
     * Returns a vector for each bag, {@code [N, features]}.
     *
     * @param x INT32 {@code [N, L]}, or {@code [T]} if there are offsets
     * @param offsets the position in x where each bag begins: INT32 {@code [N]}
     * @param weights a factor for each looked-up row, of x's shape; only for {@link BagMode#SUM}
     */
    public static Tensor of(Table table, Tensor x, @Nullable Tensor offsets, @Nullable Tensor weights, BagMode mode) {
        requireWeights(table.weight(), x, weights, mode);
        x.dtype().requireIndex("embeddingBag");
        int rank = offsets == null ? 2 : 1;
        if (x.shape().rank() != rank) {
            throw new ShapeException("embeddingBag: expected input "
                    + (rank == 2 ? "[N, L]" : "[T], as there are offsets") + ", got " + x.shape()
                    + (rank == 2 ? "; bags of different sizes need offsets" : ""));
        }
        int[] starts =
                offsets == null ? rows(x.shape()) : starts(offsets, x.shape().size());
        int[] all = x.data().toIntArray();
        int[] used = IntStream.range(0, all.length)
                .filter(k -> table.padding() < 0 || all[k] != table.padding())
                .toArray();
        int[] bagOf = new int[all.length];
        for (int bag = 0; bag < starts.length; bag++) {
            Arrays.fill(bagOf, starts[bag], bag + 1 < starts.length ? starts[bag + 1] : all.length, bag);
        }
        int[] ownBag = Arrays.stream(used).map(k -> bagOf[k]).toArray();
        // Rows are looked up before the padding's indices are removed from x, so that an error names the position of a
        // wrong index in x.
        Tensor vectors = table.lookup()
                .apply(x)
                .reshape(all.length, table.weight().shape().dim(1));
        Tensor positions = Tensor.of(vector(used));
        Tensor own = used.length == all.length ? vectors : vectors.indexSelect(0, positions);
        if (weights != null) {
            own = own.mul(weights.flatten().indexSelect(0, positions).unsqueeze(1));
        }
        return switch (mode) {
            case SUM -> sums(own, starts.length, ownBag);
            case MEAN -> means(own, starts.length, ownBag);
            case MAX -> largest(own, starts.length, ownBag);
        };
    }

    private static void requireWeights(Tensor table, Tensor x, @Nullable Tensor weights, BagMode mode) {
        if (weights == null) {
            return;
        }
        if (mode != BagMode.SUM) {
            throw new IllegalArgumentException("embeddingBag: weights are for mode SUM, not " + mode);
        }
        if (!weights.shape().equals(x.shape())) {
            throw new ShapeException("embeddingBag: the weights must have the input's shape " + x.shape() + ", but are "
                    + weights.shape());
        }
        DTypeException.requireSameFloating("embeddingBag", table.dtype(), weights.dtype());
    }

    private static int[] rows(Shape bags) {
        int[] starts = new int[bags.dim(0)];
        Arrays.setAll(starts, bag -> bag * bags.dim(1));
        return starts;
    }

    private static int[] starts(Tensor offsets, int total) {
        offsets.dtype().requireIndex("embeddingBag");
        if (offsets.shape().rank() != 1) {
            throw new ShapeException("embeddingBag: expected offsets [N], got " + offsets.shape());
        }
        int[] starts = offsets.data().toIntArray();
        for (int bag = 0; bag < starts.length; bag++) {
            int smallest = bag == 0 ? 0 : starts[bag - 1];
            int largest = bag == 0 ? 0 : total;
            if (starts[bag] < smallest || starts[bag] > largest) {
                throw new IllegalArgumentException("embeddingBag: offset " + bag + " is " + starts[bag]
                        + ", expected " + (bag == 0 ? "0" : smallest + " to " + largest)
                        + "; offsets begin with 0, do not fall, and end within the input of " + total + " numbers");
            }
        }
        if (starts.length == 0 && total > 0) {
            throw new IllegalArgumentException(
                    "embeddingBag: there are no offsets, and so no bag for the " + total + " numbers");
        }
        return starts;
    }

    private static Tensor means(Tensor vectors, int bags, int... bagOf) {
        int[] counts = new int[bags];
        for (int bag : bagOf) {
            counts[bag]++;
        }
        NdArray divisors = NdArray.generate(vectors.dtype(), Shape.of(bags, 1), bag -> Math.max(1, counts[bag]));
        return sums(vectors, bags, bagOf).div(Tensor.of(divisors));
    }

    private static Tensor sums(Tensor vectors, int bags, int... bagOf) {
        return Tensor.zeros(vectors.dtype(), bags, vectors.shape().dim(1))
                .indexAdd(0, Tensor.of(vector(bagOf)), vectors);
    }

    private static Tensor largest(Tensor vectors, int bags, int... bagOf) {
        int features = vectors.shape().dim(1);
        if (bagOf.length == 0) {
            // All bags are empty, so the result is 0. It is computed from the vectors so that the vectors get a
            // gradient of zeros.
            return sums(vectors, bags);
        }
        double[] values = vectors.data().toDoubleArray();
        int[] best = new int[bags * features];
        boolean[] filled = new boolean[bags];
        for (int k = 0; k < bagOf.length; k++) {
            for (int f = 0; f < features; f++) {
                int to = bagOf[k] * features + f;
                double value = values[k * features + f];
                double sofar = values[best[to] * features + f];
                if (!filled[bagOf[k]] || value > sofar || (Double.isNaN(value) && !Double.isNaN(sofar))) {
                    best[to] = k;
                }
            }
            filled[bagOf[k]] = true;
        }
        Tensor chosen = vectors.gather(0, Tensor.of(NdArray.of(Shape.of(bags, features), best)));
        Tensor mask = Tensor.of(filled).unsqueeze(1);
        return Tensor.where(mask, chosen, 0);
    }

    private static NdArray vector(int... numbers) {
        return NdArray.of(Shape.of(numbers.length), numbers);
    }
}
