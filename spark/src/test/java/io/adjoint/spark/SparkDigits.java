package io.adjoint.spark;

import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.optim.CosineAnnealing;
import java.io.IOException;
import java.util.stream.IntStream;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Trains a network to read the 1,797 handwritten digits of a CSV file on two workers, and scores the fifth of the digits that was held out.
 * Its arguments are the master and the file; {@code docs/internals/spark.md} has the command.
 */
public final class SparkDigits {
    /** The number of pixels of a digit. */
    static final int PIXELS = 64;

    private static final double INK = 16;
    private static final int EPOCHS = 40;

    private SparkDigits() {}

    /** The network, by a class that a saved model can name. */
    public static final class DigitsNetwork implements ModelFactory {
        /** Spark calls this constructor when it loads a model. */
        public DigitsNetwork() {}

        @Override
        public Layer of(Shape inputs, int outputs, Generator rng) {
            return new Sequential(
                            new Dense(inputs.dim(0), 128, rng),
                            new ReLU(),
                            new Dense(128, 64, rng),
                            new ReLU(),
                            new Dense(64, outputs, rng))
                    .to(DType.FLOAT32);
        }
    }

    /** A session; its executors, if they are processes, have the classes of this one. */
    static SparkSession start(String master) {
        return master.startsWith("local-cluster")
                ? Cluster.session(master)
                : LocalSpark.settings(master).getOrCreate();
    }

    /** The rows of the file: an array of pixels from 0 to 1, a label, and whether the digit is held out. */
    static Dataset<Row> read(SparkSession session, String file) {
        Column[] pixels = IntStream.range(0, PIXELS)
                .mapToObj(k -> functions.col("_c" + k).divide(INK).cast("float"))
                .toArray(Column[]::new);
        return session.read()
                .option("inferSchema", true)
                .csv(file)
                .select(
                        functions.array(pixels).as("pixels"),
                        functions.col("_c" + PIXELS).as("digit"),
                        functions
                                .monotonically_increasing_id()
                                .mod(5)
                                .equalTo(0)
                                .as("isHeld"));
    }

    /** Trains, scores, and returns the fraction of the held-out digits that are recognized. */
    static double accuracy(SparkSession session, String file) {
        Dataset<Row> digits = read(session, file).cache();
        NeuralClassificationModel model = new NeuralClassifier()
                .setModelFactory(new DigitsNetwork())
                .setFeaturesCol("pixels")
                .setLabelCol("digit")
                .setValidationCol("isHeld")
                .setWorkers(2)
                .setEpochs(EPOCHS)
                .setBatchSize(32)
                .setLearningRate(3e-3)
                .setScheduleFactory(CosineAnnealing::new)
                .fit(digits);
        System.out.println("losses of the epochs: " + model.history());
        Dataset<Row> scored = model.transform(digits.filter("isHeld"));
        scored.select("digit", "prediction").show(5);
        return new MulticlassClassificationEvaluator()
                .setLabelCol("digit")
                .setMetricName("accuracy")
                .evaluate(scored);
    }

    /** Runs the example. */
    public static void main(String[] arguments) throws IOException {
        long start = System.nanoTime();
        try (SparkSession session = start(arguments[0])) {
            long started = System.nanoTime();
            double accuracy = accuracy(session, arguments[1]);
            System.out.printf(
                    "accuracy %.3f; Spark started in %.1f s, trained and scored in %.1f s%n",
                    accuracy, (started - start) / 1e9, (System.nanoTime() - started) / 1e9);
        }
    }
}
