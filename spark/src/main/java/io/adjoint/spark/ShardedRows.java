package io.adjoint.spark;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.RandomStreams;
import io.adjoint.core.Shape;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.ShardSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import scala.Tuple2;

/**
 * The rows that a worker holds: the rows of the shards that it computes, and of the batches that it validates.
 *
 * <p>Row i is in shard i mod V, where V is the number of shards. In each epoch the rows of each shard are ordered by a generator of their
 * own, and batch k of B rows takes the rows at the positions {@code [kB/V, (k+1)B/V)} of each shard. Batch statistics need two rows, so if
 * fewer than two rows of a shard remain after the last full batch, that batch takes the remaining rows of all shards, too. So the batches
 * depend only on the rows, the seed, V and B.
 */
final class ShardedRows {
    /** The value of {@link Portion#shard} that stands for all shards of a batch. */
    private static final int ALL = -1;

    /** The number of the numbers in {@link Counts#numbers} before the sizes. */
    private static final int HEAD = 6;

    private final FitSettings settings;
    private final Collective workers;
    private final Map<Long, Sample> rows = new HashMap<>();
    private final int first;
    private final int end;
    private final Map<Integer, int[]> orders = new HashMap<>();
    private long trained;
    private long validated;
    private Shape shape = Shape.scalar();
    private double maxLabel = Double.NEGATIVE_INFINITY;
    private long checksum;
    /**
     * For each shard and each batch of the epoch, the sum of the weights of the shard's rows in the batch: {@code [shard][batch]} in one
     * array.
     */
    private double[] weights = {};
    /** The sum of the row weights of each batch of the validation. */
    private final double[] validationWeights;

    /**
     * Identifies the rows of one shard, or of all shards, in a batch. Every worker can make the portion of any shard, but only one worker
     * holds the shard's rows.
     *
     * @param batch the number of the batch in its epoch
     * @param shard the number of the shard, or {@link #ALL}
     * @param isValidation whether the batch belongs to the validation
     */
    record Portion(int batch, int shard, boolean isValidation) {}

    /** The features {@code [N, …]} of N rows, and the labels and weights of these rows, FLOAT64 {@code [N]}. */
    record Values(Tensor x, NdArray labels, NdArray weights) {}

    /**
     * Reads the rows of this worker, each with its rank, and exchanges the number, shapes and weights of its rows with the other workers.
     *
     * @throws IllegalArgumentException if there are no rows, a label or weight is invalid, or the shapes of features differ
     */
    ShardedRows(FitSettings settings, Collective workers, Iterator<Tuple2<Integer, byte[]>> given) {
        this.settings = settings;
        this.workers = workers;
        ShardSum own = new ShardSum(workers, settings.shards());
        first = own.first();
        end = own.end();
        Counts counts = new Counts();
        while (given.hasNext()) {
            Sample row = new Sample(given.next()._2());
            row.weigh(settings);
            rows.put(row.index(), row);
            counts.add(row);
        }
        agree(counts);
        double[] ownWeights = new double[validation().size()];
        for (Portion portion : validation()) {
            if (worker(settings, (long) portion.batch() * settings.batchSize(), true) == workers.rank()) {
                ownWeights[portion.batch()] = weightOf(samples(portion));
            }
        }
        validationWeights = new double[ownWeights.length];
        for (double[] theirs : exchange(ownWeights)) {
            // Workers send the weight 0 for batches that they don't hold. Only one worker holds a batch, so the sum
            // over all workers is the batch's weight.
            Arrays.setAll(validationWeights, k -> validationWeights[k] + theirs[k]);
        }
        settings.require(
                validated == 0 || Arrays.stream(validationWeights).anyMatch(weight -> weight > 0),
                "all rows of the validation have the weight 0");
    }

    /** A summary of a worker's own rows, which the worker sends to the other workers. */
    private static final class Counts {
        private double trained;
        private double validated;
        private double weight;
        private double maxLabel = Double.NEGATIVE_INFINITY;
        private long checksum;
        private final int[] fewest = new int[Features.SIZES];
        private final int[] most = new int[Features.SIZES];

        Counts() {
            Arrays.fill(fewest, Integer.MAX_VALUE);
        }

        void add(Sample row) {
            if (row.isValidation()) {
                validated++;
            } else {
                trained++;
                weight += row.weight();
            }
            maxLabel = Math.max(maxLabel, row.label());
            checksum += row.hash();
            int[] sizes = row.sizes();
            Arrays.setAll(fewest, k -> Math.min(fewest[k], sizes[k]));
            Arrays.setAll(most, k -> Math.max(most[k], sizes[k]));
        }

        void add(Counts other) {
            trained += other.trained;
            validated += other.validated;
            weight += other.weight;
            maxLabel = Math.max(maxLabel, other.maxLabel);
            checksum += other.checksum;
            Arrays.setAll(fewest, k -> Math.min(fewest[k], other.fewest[k]));
            Arrays.setAll(most, k -> Math.max(most[k], other.most[k]));
        }

        double[] numbers() {
            // A double holds every integer of 32 bits, but not every long.
            double high = checksum >>> Integer.SIZE;
            double low = Integer.toUnsignedLong((int) checksum);
            DoubleStream sizes =
                    IntStream.concat(Arrays.stream(fewest), Arrays.stream(most)).asDoubleStream();
            return DoubleStream.concat(DoubleStream.of(trained, validated, weight, maxLabel, high, low), sizes)
                    .toArray();
        }

        static Counts of(double... numbers) {
            Counts counts = new Counts();
            counts.trained = numbers[0];
            counts.validated = numbers[1];
            counts.weight = numbers[2];
            counts.maxLabel = numbers[3];
            counts.checksum = ((long) numbers[4] << Integer.SIZE) + (long) numbers[5];
            Arrays.setAll(counts.fewest, k -> (int) numbers[HEAD + k]);
            Arrays.setAll(counts.most, k -> (int) numbers[HEAD + Features.SIZES + k]);
            return counts;
        }
    }

    private void agree(Counts own) {
        Counts all = new Counts();
        exchange(own.numbers()).forEach(numbers -> all.add(Counts.of(numbers)));
        settings.require(all.trained > 0, "there are no rows to train with");
        settings.require(all.weight > 0, "all rows to train with have the weight 0");
        if (!Arrays.equals(all.fewest, all.most)) {
            Shape least = Features.shape(all.fewest);
            Shape largest = Features.shape(all.most);
            settings.require(
                    least.rank() == 1,
                    "rows have images of sizes from " + least + " to " + largest + "; scale them to the same size");
            settings.require(
                    false,
                    "rows have from " + least.dim(0) + " to " + largest.dim(0) + " features; all have the same number");
        }
        trained = (long) all.trained;
        validated = (long) all.validated;
        maxLabel = all.maxLabel;
        checksum = all.checksum;
        shape = Features.shape(all.most);
    }

    /** Sends this worker's numbers to all workers; returns the numbers that each worker has sent, by rank. */
    private List<double[]> exchange(double... numbers) {
        return workers.allGather(NdArray.of(Shape.of(numbers.length), numbers)).stream()
                .map(NdArray::toDoubleArray)
                .toList();
    }

    /**
     * The rank of the worker that holds a row; the index is among the rows of the validation if {@code isValidation}, else among all other
     * rows.
     */
    static int worker(FitSettings settings, long index, boolean isValidation) {
        if (isValidation) {
            return (int) (index / settings.batchSize() % settings.workers());
        }
        return ShardSum.worker((int) (index % settings.shards()), settings.shards(), settings.workers());
    }

    /** The shape of a row's features. */
    Shape shape() {
        return shape;
    }

    double maxLabel() {
        return maxLabel;
    }

    boolean hasValidation() {
        return validated > 0;
    }

    /** A checksum of the rows of all workers, which doesn't depend on how the rows are distributed among the workers. */
    long checksum() {
        return checksum;
    }

    /** The generator that orders the rows of a shard in an epoch. */
    static Generator order(long seed, int epoch, int shard) {
        return new Generator(RandomStreams.key(seed, epoch, shard));
    }

    /** The number of batches of an epoch. */
    int batches() {
        int fewest = Math.min(2, perShard());
        int whole = count(settings.shards() - 1) / perShard();
        int rest = count(settings.shards() - 1) - whole * perShard();
        return Math.max(1, rest < fewest ? whole : whole + 1);
    }

    /**
     * Draws the order of the rows of each shard for an epoch, and returns the epoch's batches. All workers have to call this method, since
     * they exchange the weights of their rows.
     */
    Iterator<Portion> epoch(int epoch) {
        orders.clear();
        int batches = batches();
        double[] own = new double[(end - first) * batches];
        for (int shard = first; shard < end; shard++) {
            Generator order = order(settings.seed(), epoch, shard);
            orders.put(shard, Tensor.permutation(count(shard), order).data().toIntArray());
            for (int batch = 0; batch < batches; batch++) {
                own[(shard - first) * batches + batch] = weightOf(samples(new Portion(batch, shard, false)));
            }
        }
        weights = exchange(own).stream().flatMapToDouble(Arrays::stream).toArray();
        return portions(batches, false).iterator();
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

    private int perShard() {
        return settings.batchSize() / settings.shards();
    }

    /** The portions of a batch, one for each shard. */
    List<Portion> split(Portion batch) {
        return IntStream.range(0, settings.shards())
                .mapToObj(shard -> new Portion(batch.batch(), shard, false))
                .toList();
    }

    /** The sum of the row weights of a portion; every worker knows this sum for every portion. */
    double weight(Portion portion) {
        if (portion.isValidation()) {
            return validationWeights[portion.batch()];
        }
        if (portion.shard() == ALL) {
            double sum = 0;
            for (Portion shard : split(portion)) {
                sum += weight(shard);
            }
            return sum;
        }
        return weights[portion.shard() * batches() + portion.batch()];
    }

    private static double weightOf(List<Sample> samples) {
        double sum = 0;
        for (Sample sample : samples) {
            sum += sample.weight();
        }
        return sum;
    }

    /** The rows of a portion; this worker must hold these rows. */
    private List<Sample> samples(Portion portion) {
        List<Sample> samples = new ArrayList<>();
        if (portion.isValidation()) {
            long from = (long) portion.batch() * settings.batchSize();
            for (long k = from; k < Math.min(validated, from + settings.batchSize()); k++) {
                samples.add(sample(-1 - k));
            }
            return samples;
        }
        int[] order = Objects.requireNonNull(orders.get(portion.shard()));
        int from = portion.batch() * perShard();
        int to = portion.batch() == batches() - 1 ? order.length : from + perShard();
        for (int k = from; k < to; k++) {
            samples.add(sample((long) order[k] * settings.shards() + portion.shard()));
        }
        return samples;
    }

    private Sample sample(long index) {
        return Objects.requireNonNull(rows.get(index));
    }

    /** The features, labels and weights of the rows of a portion; this worker must hold these rows. */
    Values values(Portion portion, DType dtype) {
        List<Sample> samples = samples(portion);
        int features = shape.size();
        double[] x = new double[samples.size() * features];
        double[] labels = new double[samples.size()];
        double[] own = new double[samples.size()];
        for (int k = 0; k < labels.length; k++) {
            Sample sample = samples.get(k);
            sample.copyFeatures(x, k * features, features);
            labels[k] = sample.label();
            own[k] = sample.weight();
        }
        Shape all = Scoring.batch(labels.length, shape);
        Shape each = Shape.of(labels.length);
        return new Values(Tensor.of(NdArray.of(all, x).to(dtype)), NdArray.of(each, labels), NdArray.of(each, own));
    }
}
