package io.adjoint.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** A regression that {@link NeuralRegressor} has trained. It adds its output as the prediction. */
public final class NeuralRegressionModel extends NeuralModel<NeuralRegressionModel> {
    NeuralRegressionModel(String uid, Network network) {
        super(uid, network);
    }

    @Override
    List<StructField> added() {
        return fields($(predictionCol()));
    }

    static List<StructField> fields(String prediction) {
        return List.of(DataTypes.createStructField(prediction, DataTypes.DoubleType, false));
    }

    @Override
    Scoring.Head head() {
        return outputs -> Arrays.stream(outputs.data().toDoubleArray())
                .mapToObj(prediction -> new Object[] {prediction})
                .toList();
    }

    @Override
    NeuralRegressionModel make() {
        return new NeuralRegressionModel(uid(), network());
    }

    /** A reader of saved models, as Spark's own classes have. */
    public static MLReader<NeuralRegressionModel> read() {
        return new NetworkFiles.Reader<>(NeuralRegressionModel.class, NeuralRegressionModel::new);
    }

    /**
     * Loads a model that was saved.
     *
     * @throws IllegalArgumentException if its model factory can't be made
     */
    public static NeuralRegressionModel load(String path) {
        return read().load(path);
    }
}
