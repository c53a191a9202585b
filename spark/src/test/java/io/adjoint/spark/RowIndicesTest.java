package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF0;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows of data sets that are not cached, and so are evaluated anew each time that they are read. */
@ExtendWith(LocalSpark.class)
class RowIndicesTest {
    private static final int ROWS = 2000;
    private static final int PARTITIONS = 4;

    private final Dataset<Row> blobs =
            Blobs.data(LocalSpark.session(), ROWS).repartition(PARTITIONS).sortWithinPartitions("label");
    private final NeuralClassifier classifier = NeuralClassifierTest.classifier()
            .setValidationCol("held")
            .setEpochs(1)
            .setWorkers(2);

    /** A column whose values are functions of nothing. */
    private static Column drawn(UDF0<Boolean> draw) {
        return functions.udf(draw, DataTypes.BooleanType).asNondeterministic().apply();
    }

    @Test
    void aRandomValidationColumnIsRefusedUnlessTheDataSetIsCached() {
        Dataset<Row> random =
                blobs.withColumn("held", drawn(() -> ThreadLocalRandom.current().nextInt(5) == 0));
        assertThatThrownBy(() -> classifier.fit(random))
                .hasMessageContaining(
                        "NeuralClassifier: the data set had other rows when it was read again, or others of"
                                + " the validation, as one with random columns may have; cache() it before");
        assertThat(classifier.fit(random.cache()).history()).containsOnlyKeys("loss", "validation loss");
        random.unpersist();
    }

    @Test
    void rowsAreReadAtMostTwice() {
        LongAccumulator reads = LocalSpark.context().sc().longAccumulator();
        classifier.fit(blobs.withColumn("held", drawn(() -> {
            reads.add(1);
            return false;
        })));
        assertThat(reads.value()).isBetween((long) ROWS, 2L * ROWS);
    }

    @Test
    void rowsThatChangePlacesAreTrainedWithOrValidatedOnce() {
        FitSettings settings = new FitSettings("Test", new Mlp(), null, null, true, List.of(), 1, 32, 8, 2, 0.1, 0);
        // In each reading other rows are validated, but two of ten in each partition.
        JavaRDD<byte[]> samples = LocalSpark.context()
                .parallelize(LongStream.range(0, 50).boxed().toList(), 5)
                .mapPartitions(ids -> {
                    int turn = ThreadLocalRandom.current().nextInt(10);
                    List<byte[]> rows = new ArrayList<>();
                    ids.forEachRemaining(id -> rows.add(sample(id, (id + turn) % 5 == 0)));
                    return rows.iterator();
                });
        List<Sample> all = RowIndices.indexed(samples, settings).values().map(bytes -> bytes).collect().stream()
                .map(Sample::new)
                .toList();
        assertThat(all).extracting(Sample::label).doesNotHaveDuplicates().hasSize(50);
        assertThat(all)
                .extracting(Sample::index)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(-10, 40).boxed().toList());
    }

    private static byte[] sample(long id, boolean isValidation) {
        byte[] bytes = new byte[40];
        ByteBuffer.wrap(bytes).putLong(isValidation ? -1 : 0).putDouble((double) id);
        return bytes;
    }
}
