package io.adjoint.spark;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.train.Evaluator;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Applies a model to a column of features, partition by partition: each task makes the model once, and computes some rows at a time.
 *
 * @param owner the transformer's class, for messages
 * @param inputs the number of features
 * @param outputs the number of outputs of a row
 * @param file the bytes of the {@link Network}, since not every serializer that Spark may have writes records
 * @param column the index of the column
 * @param batchSize the number of rows that are computed at a time
 * @param head makes the values of new columns
 */
record Scoring(
        String owner,
        ModelFactory factory,
        int inputs,
        int outputs,
        Broadcast<byte[]> file,
        int column,
        int batchSize,
        Head head)
        implements MapPartitionsFunction<Row, Row> {
    /** Makes the values of the new columns of each row. */
    interface Head extends Serializable {
        /** The values for some rows, by their outputs {@code [N, …]}. */
        List<Object[]> values(Tensor outputs);
    }

    /** A data set with the columns that a head makes. */
    static Dataset<Row> apply(
            String owner,
            Dataset<?> data,
            StructType schema,
            String column,
            ModelFactory factory,
            Network network,
            int batchSize,
            Head head) {
        Broadcast<byte[]> file = JavaSparkContext.fromSparkContext(
                        data.sparkSession().sparkContext())
                .broadcast(network.file());
        int at = data.schema().fieldIndex(column);
        Scoring scoring = new Scoring(owner, factory, network.inputs(), network.outputs(), file, at, batchSize, head);
        return data.toDF().mapPartitions(scoring, Encoders.row(schema));
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Iterator<>() {
            private @Nullable Layer model;
            private Iterator<Row> scored = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                return scored.hasNext() || rows.hasNext();
            }

            @Override
            public Row next() {
                if (!scored.hasNext()) {
                    if (!rows.hasNext()) {
                        throw new NoSuchElementException();
                    }
                    if (model == null) {
                        model = new Network(inputs, outputs, file.value()).layer(factory);
                    }
                    scored = scored(model, rows).iterator();
                }
                return scored.next();
            }
        };
    }

    private List<Row> scored(Layer model, Iterator<Row> rows) {
        List<Row> some = new ArrayList<>();
        while (some.size() < batchSize && rows.hasNext()) {
            some.add(rows.next());
        }
        Tensor x = tensor(some, Network.dtype(model));
        List<Object[]> values = head.values(Evaluator.evaluating(model, () -> model.forward(x)));
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

    private Tensor tensor(List<Row> rows, DType dtype) {
        double[] x = new double[rows.size() * inputs];
        for (int k = 0; k < rows.size(); k++) {
            double[] row = RowColumns.features(owner, rows.get(k), column, 0);
            if (row.length != inputs) {
                throw new IllegalArgumentException(owner + ": a row has " + row.length + " features in the column '"
                        + rows.get(k).schema().fieldNames()[column] + "', but the model takes " + inputs);
            }
            System.arraycopy(row, 0, x, k * inputs, inputs);
        }
        return Tensor.of(NdArray.of(Shape.of(rows.size(), inputs), x).to(dtype));
    }
}
