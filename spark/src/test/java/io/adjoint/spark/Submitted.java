package io.adjoint.spark;

import io.adjoint.io.Safetensors;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** A program as one submits it: it trains with checkpoints, and writes the weights to a file. */
public final class Submitted {
    private Submitted() {}

    /**
     * Trains the small model.
     *
     * @param args the folder of the checkpoints and of the weights, the number of workers, and the peril of the executors
     */
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        SparkSession session = SparkSession.builder().appName("submitted").getOrCreate();
        try {
            NeuralClassificationModel model = DisturbedFitTest.classifier(folder, Perilous.Peril.valueOf(args[2]))
                    .setWorkers(Integer.parseInt(args[1]))
                    .fit(Blobs.data(session, 128));
            Safetensors.save(
                    folder.resolve("weights.safetensors"), model.layer().state());
        } finally {
            session.stop();
        }
    }
}
