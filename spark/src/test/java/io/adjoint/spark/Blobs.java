package io.adjoint.spark;

import io.adjoint.core.Generator;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Points of three classes around three centres, with a boolean column that is true for every fifth. */
final class Blobs {
    static final int CLASSES = 3;

    private Blobs() {}

    /** The features and the class of each point. */
    static double[][] points(int count) {
        Generator rng = new Generator(5);
        double[][] points = new double[count][];
        for (int k = 0; k < count; k++) {
            int label = rng.nextInt(CLASSES);
            double angle = 2 * Math.PI * label / CLASSES;
            points[k] = new double[] {
                2 * StrictMath.cos(angle) + 0.5 * rng.nextGaussian(),
                2 * StrictMath.sin(angle) + 0.5 * rng.nextGaussian(),
                label
            };
        }
        return points;
    }

    static Dataset<Row> data(SparkSession session, int count) {
        List<Row> rows = new ArrayList<>();
        double[][] points = points(count);
        for (int k = 0; k < count; k++) {
            rows.add(RowFactory.create(Vectors.dense(points[k][0], points[k][1]), points[k][2], k % 5 == 0));
        }
        StructType schema = new StructType()
                .add("features", SQLDataTypes.VectorType())
                .add("label", DataTypes.DoubleType)
                .add("validation", DataTypes.BooleanType);
        return session.createDataFrame(rows, schema);
    }
}
