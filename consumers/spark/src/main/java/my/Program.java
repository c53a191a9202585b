package my;

import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.spark.NeuralClassificationModel;
import io.adjoint.spark.NeuralClassifier;
import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Trains a network to tell whether two numbers have different signs. */
public final class Program {
    public static void main(String[] arguments) throws IOException {
        try (SparkSession session = SparkSession.builder().appName("xor").getOrCreate()) {
            Dataset<Row> points = session.range(400)
                    .selectExpr("id % 20 / 10 - 0.95D AS x", "id div 20 / 10 - 0.95D AS y")
                    .selectExpr("array(x, y) AS features", "int(x * y < 0) AS label");
            NeuralClassificationModel model = new NeuralClassifier()
                    .setModelFactory((inputs, outputs, rng) ->
                            new Sequential(new Dense(inputs.dim(0), 16, rng), new Tanh(), new Dense(16, outputs, rng)))
                    .setWorkers(2)
                    .setLearningRate(0.02)
                    .setEpochs(40)
                    .fit(points);
            double share = model.transform(points).filter("prediction = label").count() / 400.0;
            System.out.println("accuracy " + share);
            if (share < 0.95) {
                throw new IllegalStateException("the network has not learned it");
            }
        }
    }
}
