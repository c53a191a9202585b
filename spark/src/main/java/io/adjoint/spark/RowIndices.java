package io.adjoint.spark;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/** Numbers the rows of a data set in its order: the rows of the training from 0 on, and the rows of the validation from 0 on. */
final class RowIndices {
    private RowIndices() {}

    /**
     * Gives each sample its index, and pairs it with the rank of the worker that needs it. The samples are read twice: a job counts both
     * kinds of rows in each partition but the last one, and the returned samples are read once. If a partition has other numbers of rows
     * then, indices would be given twice or left out, so its task throws an {@link IllegalArgumentException}.
     */
    static JavaPairRDD<Integer, byte[]> indexed(JavaRDD<byte[]> samples, FitSettings settings) {
        int last = samples.getNumPartitions() - 1;
        List<long[]>[] counts = samples.mapPartitions(
                        rows -> List.of(count(rows)).iterator())
                .collectPartitions(IntStream.range(0, last).toArray());
        long[][] first = new long[last + 1][2];
        for (int k = 0; k < last; k++) {
            long[] own = counts[k].get(0);
            first[k + 1] = new long[] {first[k][0] + own[0], first[k][1] + own[1]};
        }
        return JavaPairRDD.fromJavaRDD(samples.mapPartitionsWithIndex(
                (k, rows) -> indexed(settings, rows, first[k].clone(), k < last ? first[k + 1] : null), true));
    }

    /** The numbers of rows that are trained with, and that are validated. */
    private static long[] count(Iterator<byte[]> rows) {
        long[] counts = new long[2];
        rows.forEachRemaining(row -> counts[kind(new Sample(row))]++);
        return counts;
    }

    private static int kind(Sample sample) {
        return sample.isValidation() ? 1 : 0;
    }

    /**
     * Numbers the rows of a partition.
     *
     * @param next the next index of each kind, which this method changes
     * @param end the first indices of the next partition; null for the last partition
     */
    private static Iterator<Tuple2<Integer, byte[]>> indexed(
            FitSettings settings, Iterator<byte[]> rows, long[] next, long @Nullable [] end) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                boolean hasNext = rows.hasNext();
                settings.require(
                        hasNext || end == null || Arrays.equals(next, end),
                        "the data set had other rows when it was read again, or others of the validation, as one with"
                                + " random columns may have; cache() it before");
                return hasNext;
            }

            @Override
            public Tuple2<Integer, byte[]> next() {
                Sample sample = new Sample(rows.next());
                boolean isValidation = sample.isValidation();
                long index = next[kind(sample)]++;
                sample.setIndex(isValidation ? -1 - index : index);
                return new Tuple2<>(ShardedRows.worker(settings, index, isValidation), sample.bytes());
            }
        };
    }
}
