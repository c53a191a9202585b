package io.adjoint.spark;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Streams;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.ShardSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The rows that a worker has, of the shards that it computes and of the batches that it validates. A row is an array of its index, its
 * label and its features; the index of a row of the validation is −1 − its index among those.
 *
 * <p>Row i is in shard i mod V. Each epoch orders the rows of a shard by a generator of its own, and its batch k takes the rows from
 * kB/V to before (k+1)B/V of each shard. So the batches depend on the rows, the seed, V and B alone.
 */
final class ShardedRows {
    static final int INDEX = 0;
    static final int LABEL = 1;
    static final int FEATURES = 2;

    /** The shard of a batch that is whole. */
    private static final int ALL = -1;

    private static final int WORDS = 4;
    private static final int BITS = 16;

    private final FitSettings settings;
    private final Map<Long, double[]> rows = new HashMap<>();
    private final int first;
    private final int end;
    private final Map<Integer, int[]> orders = new HashMap<>();
    private long trained;
    private long validated;
    private int features;
    private double maxLabel;
    private long checksum;

    /**
     * Some rows of a batch, which each worker can name, but only some have.
     *
     * @param batch the number of the batch in its epoch
     * @param shard one of its shards, or {@link #ALL}
     * @param isValidation whether it is one of the validation
     */
    record Portion(int batch, int shard, boolean isValidation) {}

    /** Inputs and labels, {@code [N, features]} and {@code [N]}. */
    record Values(Tensor x, double[] labels) {}

    /**
     * Reads the rows of this worker, and agrees with the others on what there is.
     *
     * @throws IllegalArgumentException if there are no rows, their number of features differs, or a label is none
     */
    ShardedRows(FitSettings settings, Collective workers, Iterator<double[]> given) {
        this.settings = settings;
        ShardSum own = new ShardSum(workers, settings.shards());
        first = own.first();
        end = own.end();
        double[] counts = {0, 0, 0, Integer.MAX_VALUE, Double.NEGATIVE_INFINITY};
        while (given.hasNext()) {
            double[] row = given.next();
            settings.requireLabel(row[LABEL]);
            rows.put((long) row[INDEX], row);
            counts[row[INDEX] < 0 ? 1 : 0]++;
            counts[2] = Math.max(counts[2], row.length - FEATURES);
            counts[3] = Math.min(counts[3], row.length - FEATURES);
            counts[4] = Math.max(counts[4], row[LABEL]);
            checksum += hash(row);
        }
        agree(workers, counts);
    }

    private void agree(Collective workers, double... counts) {
        double[] numbers = Arrays.copyOf(counts, counts.length + WORDS);
        for (int k = 0; k < WORDS; k++) {
            numbers[counts.length + k] = (checksum >>> k * BITS) & (1 << BITS) - 1;
        }
        double fewest = Integer.MAX_VALUE;
        maxLabel = Double.NEGATIVE_INFINITY;
        checksum = 0;
        for (NdArray array : workers.allGather(NdArray.of(Shape.of(numbers.length), numbers))) {
            double[] theirs = array.toDoubleArray();
            trained += (long) theirs[0];
            validated += (long) theirs[1];
            features = Math.max(features, (int) theirs[2]);
            fewest = Math.min(fewest, theirs[3]);
            maxLabel = Math.max(maxLabel, theirs[4]);
            for (int k = 0; k < WORDS; k++) {
                checksum += (long) theirs[counts.length + k] << k * BITS;
            }
        }
        settings.require(trained > 0, "there are no rows to train with");
        settings.require(
                fewest == features,
                "rows have from " + (int) fewest + " to " + features + " features; all have the same number");
    }

    private static long hash(double... row) {
        long hash = 1;
        for (double value : row) {
            hash = (hash ^ Double.doubleToLongBits(value)) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> Integer.SIZE;
        }
        return hash;
    }

    /** The worker that has a row. */
    static int worker(FitSettings settings, long index, boolean isValidation) {
        if (isValidation) {
            return (int) (index / settings.batchSize() % settings.workers());
        }
        return ShardSum.worker((int) (index % settings.shards()), settings.shards(), settings.workers());
    }

    int features() {
        return features;
    }

    double maxLabel() {
        return maxLabel;
    }

    boolean hasValidation() {
        return validated > 0;
    }

    /** A number that the rows of all workers determine, whatever their division. */
    long checksum() {
        return checksum;
    }

    /** The generator that orders the rows of a shard in an epoch. */
    static Generator order(long seed, int epoch, int shard) {
        return new Generator(Streams.key(seed, epoch, shard));
    }

    /** The batches of an epoch, whose orders are drawn now. */
    Iterator<Portion> epoch(int epoch) {
        orders.clear();
        for (int shard = first; shard < end; shard++) {
            Generator order = order(settings.seed(), epoch, shard);
            orders.put(shard, Tensor.permutation(count(shard), order).data().toIntArray());
        }
        int perShard = settings.batchSize() / settings.shards();
        return portions((count(0) + perShard - 1) / perShard, false).iterator();
    }

    List<Portion> validation() {
        return portions((int) ((validated + settings.batchSize() - 1) / settings.batchSize()), true);
    }

    private static List<Portion> portions(int batches, boolean isValidation) {
        return IntStream.range(0, batches)
                .mapToObj(batch -> new Portion(batch, ALL, isValidation))
                .toList();
    }

    /** The number of rows of a shard. */
    private int count(int shard) {
        return Math.toIntExact((trained - shard + settings.shards() - 1) / settings.shards());
    }

    /** The shards of a batch; those without rows are the last. */
    List<Portion> split(Portion batch) {
        return IntStream.range(0, settings.shards())
                .mapToObj(shard -> new Portion(batch.batch(), shard, false))
                .toList();
    }

    /** The number of rows. */
    double size(Portion portion) {
        if (portion.isValidation()) {
            return Math.min(settings.batchSize(), validated - (long) portion.batch() * settings.batchSize());
        }
        if (portion.shard() == ALL) {
            return split(portion).stream().mapToDouble(this::size).sum();
        }
        int perShard = settings.batchSize() / settings.shards();
        return Math.max(0, Math.min(perShard, count(portion.shard()) - portion.batch() * perShard));
    }

    /** The values of rows that this worker has. */
    Values values(Portion portion, DType dtype) {
        List<double[]> some = new ArrayList<>();
        for (int k = 0; k < (int) size(portion); k++) {
            long index;
            if (portion.isValidation()) {
                index = -1 - ((long) portion.batch() * settings.batchSize() + k);
            } else {
                int perShard = settings.batchSize() / settings.shards();
                int at = orders.get(portion.shard())[portion.batch() * perShard + k];
                index = (long) at * settings.shards() + portion.shard();
            }
            double[] row = rows.get(index);
            settings.require(
                    row != null,
                    "the data set had other rows when it was read again, as one of random rows may have; cache() it before");
            some.add(Objects.requireNonNull(row));
        }
        double[] x = new double[some.size() * features];
        double[] labels = new double[some.size()];
        for (int k = 0; k < labels.length; k++) {
            System.arraycopy(some.get(k), FEATURES, x, k * features, features);
            labels[k] = some.get(k)[LABEL];
        }
        return new Values(
                Tensor.of(NdArray.of(Shape.of(labels.length, features), x).to(dtype)), labels);
    }
}
