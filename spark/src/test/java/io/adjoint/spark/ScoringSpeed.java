package io.adjoint.spark;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ForkJoinPool;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Measures how many rows a second the network of the digits scores in FLOAT32, compared with a loop over batches without Spark. Its
 * argument is the file of digits.
 */
public final class ScoringSpeed {
    private static final int COPIES = 100;
    private static final int TRIES = 7;
    private static final int[] BATCHES = {64, 1024};

    private ScoringSpeed() {}

    /** Prints a table: medians of seven tries, the first two of which are left out. */
    public static void main(String[] arguments) throws IOException {
        SparkDigits.DigitsNetwork factory = new SparkDigits.DigitsNetwork();
        Layer model = factory.of(Shape.of(SparkDigits.PIXELS), 10, new Generator(1));
        Network network = Network.of(Shape.of(SparkDigits.PIXELS), 10, model.state());
        List<String> lines = new ArrayList<>();
        for (String master : List.of("local[1]", "local[2]")) {
            try (SparkSession session = SparkDigits.start(master)) {
                Dataset<Row> digits = SparkDigits.read(session, arguments[0]);
                Dataset<Row> arrays = session.range(COPIES)
                        .crossJoin(digits)
                        .select("pixels")
                        .repartition(4)
                        .cache();
                Dataset<Row> vectors = arrays.select(functions
                                .array_to_vector(org.apache.spark.sql.functions.col("pixels"))
                                .as("pixels"))
                        .cache();
                long rows = arrays.count();
                write(vectors);
                if (lines.isEmpty()) {
                    double[][] plain = digits.select("pixels").collectAsList().stream()
                            .map(row -> row.<Float>getList(0).stream()
                                    .mapToDouble(Float::doubleValue)
                                    .toArray())
                            .toArray(double[][]::new);
                    for (int batch : BATCHES) {
                        lines.add(line("plain loop on one core", batch, speed(rows, () -> loop(model, plain, batch))));
                    }
                }
                lines.add(line(master + ", the data set alone", 0, speed(rows, () -> write(vectors))));
                for (int batch : BATCHES) {
                    NeuralTransformer transformer = new NeuralTransformer(
                                    factory, Shape.of(SparkDigits.PIXELS), 10, model.state())
                            .setInputCol("pixels")
                            .setBatchSize(batch);
                    NeuralClassificationModel classifier = new NeuralClassificationModel("speed", network)
                            .with(new NeuralClassificationModel("speed", network).modelFactory(), factory)
                            .setFeaturesCol("pixels")
                            .setBatchSize(batch);
                    lines.add(line(
                            master + ", NeuralTransformer, vectors",
                            batch,
                            speed(rows, () -> write(transformer.transform(vectors)))));
                    lines.add(line(
                            master + ", NeuralTransformer, arrays of floats",
                            batch,
                            speed(rows, () -> write(transformer.transform(arrays)))));
                    lines.add(line(
                            master + ", NeuralClassificationModel, vectors",
                            batch,
                            speed(rows, () -> write(classifier.transform(vectors)))));
                }
            }
        }
        System.out.printf("%n| | rows a batch | rows a second |%n|---|---|---|%n");
        lines.forEach(System.out::println);
    }

    private static String line(String name, int batch, double speed) {
        return String.format(Locale.ROOT, "| %s | %s | %,.0f |", name, batch == 0 ? "" : batch, speed);
    }

    private static void write(Dataset<Row> data) {
        data.write().format("noop").mode("overwrite").save();
    }

    private static double speed(long rows, Runnable work) {
        double[] seconds = new double[TRIES];
        for (int k = 0; k < TRIES; k++) {
            long start = System.nanoTime();
            work.run();
            seconds[k] = (System.nanoTime() - start) / 1e9;
        }
        double[] used = Arrays.copyOfRange(seconds, 2, TRIES);
        Arrays.sort(used);
        return rows / used[used.length / 2];
    }

    /** Scores all copies of the rows by one thread, from arrays of doubles to arrays of doubles. */
    private static void loop(Layer model, double[][] rows, int batch) {
        ForkJoinPool one = new ForkJoinPool(1);
        one.submit(() -> score(model, rows, batch)).join();
        one.shutdown();
    }

    private static void score(Layer model, double[][] rows, int batch) {
        model.eval();
        double sum = 0;
        for (int copy = 0; copy < COPIES; copy++) {
            for (int from = 0; from < rows.length; from += batch) {
                int count = Math.min(batch, rows.length - from);
                double[] x = new double[count * SparkDigits.PIXELS];
                for (int k = 0; k < count; k++) {
                    System.arraycopy(rows[from + k], 0, x, k * SparkDigits.PIXELS, SparkDigits.PIXELS);
                }
                Tensor input = Tensor.of(
                        NdArray.of(Shape.of(count, SparkDigits.PIXELS), x).to(Network.dtype(model)));
                sum += model.predict(input).data().toDoubleArray()[0];
            }
        }
        if (Double.isNaN(sum)) {
            throw new IllegalStateException("the outputs are not finite");
        }
    }
}
