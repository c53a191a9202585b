package io.adjoint.spark;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Applies a model to a column of features, partition by partition. Each task makes the model once, and computes {@code batchSize} rows at a
 * time.
 *
 * @param owner the transformer's class, for messages
 * @param inputs the shape of a row's features
 * @param outputs the number of outputs of a row
 * @param file the bytes of the {@link Network}; the bytes are sent instead of the record, since not every serializer of Spark can write
 *     records
 * @param column the index of the column of features
 * @param batchSize the number of rows that are computed at a time
 * @param head computes the values of the new columns
 */
record Scoring(
        String owner,
        ModelFactory factory,
        List<Integer> inputs,
        int outputs,
        Broadcast<byte[]> file,
        int column,
        int batchSize,
        Head head)
        implements MapPartitionsFunction<Row, Row> {
    /** Computes the values of the new columns from the model's outputs. */
    interface Head extends Serializable {
        /** Returns, for each of N rows, the values of the new columns, from the model's outputs {@code [N, …]}. */
        List<Object[]> values(Tensor outputs);
    }

    /** Adds the columns that a head computes to a data set, whose new schema the given function makes of its schema. */
    static Dataset<Row> apply(
            String owner,
            Dataset<?> data,
            UnaryOperator<StructType> schema,
            String column,
            ModelFactory factory,
            Network network,
            int batchSize,
            Head head) {
        SparkContext context = SparkTraining.context(owner, data);
        StructType added = schema.apply(data.schema());
        Broadcast<byte[]> file = JavaSparkContext.fromSparkContext(context).broadcast(network.file());
        int at = data.schema().fieldIndex(column);
        Scoring scoring = new Scoring(owner, factory, network.inputs(), network.outputs(), file, at, batchSize, head);
        return data.toDF().mapPartitions(scoring, Encoders.row(added));
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return rows;
        }
        Layer model = new Network(inputs, outputs, file.value()).layer(factory);
        TaskPool pool = pool();
        return Stream.iterate(rows, Iterator::hasNext, rest -> rest)
                .flatMap(rest -> scored(model, pool, rest).stream())
                .iterator();
    }

    /** Makes a pool that is closed when the current task of Spark ends. */
    private static TaskPool pool() {
        TaskPool pool = new TaskPool();
        TaskContext unused = TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> pool.close());
        return pool;
    }

    private List<Row> scored(Layer model, TaskPool pool, Iterator<Row> rows) {
        List<Row> some = new ArrayList<>();
        while (some.size() < batchSize && rows.hasNext()) {
            some.add(rows.next());
        }
        Tensor x = tensor(some, Network.dtype(model));
        List<Object[]> values = values(model, pool, x);
        List<Row> scored = new ArrayList<>();
        for (int k = 0; k < some.size(); k++) {
            Row row = some.get(k);
            Object[] added = values.get(k);
            Object[] all = new Object[row.size() + added.length];
            for (int c = 0; c < row.size(); c++) {
                all[c] = row.get(c);
            }
            System.arraycopy(added, 0, all, row.size(), added.length);
            scored.add(RowFactory.create(all));
        }
        return scored;
    }

    private List<Object[]> values(Layer model, TaskPool pool, Tensor x) {
        try {
            return pool.run(() -> head.values(model.predict(x)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(owner + ": interrupted", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(owner + ": " + e, e);
        }
    }

    private Tensor tensor(List<Row> rows, DType dtype) {
        Shape each = Shape.of(inputs.stream().mapToInt(size -> size).toArray());
        int count = each.size();
        double[] x = new double[Math.multiplyExact(rows.size(), count)];
        for (int k = 0; k < rows.size(); k++) {
            byte[] features = Features.of(owner, rows.get(k), column, 0);
            Shape shape = Features.shape(Features.sizes(features, 0));
            if (!shape.equals(each)) {
                throw new IllegalArgumentException(owner + ": a row has " + features(shape) + " in the column '"
                        + rows.get(k).schema().fieldNames()[column] + "', but the model takes " + features(each));
            }
            Features.copy(features, 0, x, k * count, count);
        }
        return Tensor.of(NdArray.of(batch(rows.size(), each), x).to(dtype));
    }

    private static String features(Shape shape) {
        return shape.rank() == 1 ? shape.dim(0) + " features" : "an image " + shape;
    }

    /** The shape of the features of a batch: the number of rows, followed by the sizes in the shape {@code each} of a row's features. */
    static Shape batch(int rows, Shape each) {
        return Shape.of(IntStream.concat(IntStream.of(rows), Arrays.stream(each.toArray()))
                .toArray());
    }
}
