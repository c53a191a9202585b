package io.adjoint.spark;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * A classifier that {@link NeuralClassifier} has trained. It adds the class of the largest output and the probabilities of all classes, by
 * the softmax of the outputs.
 */
public final class NeuralClassificationModel extends NeuralModel<NeuralClassificationModel> {
    private final Param<String> probabilityCol;

    NeuralClassificationModel(String uid, Network network) {
        super(uid, network);
        probabilityCol = new Param<>(this, "probabilityCol", "the column that gets the probabilities of all classes");
        setDefault(probabilityCol, "probability");
    }

    /** The param of {@link #setProbabilityCol}. */
    public Param<String> probabilityCol() {
        return probabilityCol;
    }

    /** Sets the column that gets the probabilities of all classes, a vector. */
    @CanIgnoreReturnValue
    public NeuralClassificationModel setProbabilityCol(String name) {
        return with(probabilityCol, name);
    }

    /** The number of classes. */
    public int numClasses() {
        return network().outputs();
    }

    @Override
    List<StructField> added() {
        return fields($(predictionCol()), $(probabilityCol));
    }

    static List<StructField> fields(String prediction, String probability) {
        return List.of(
                DataTypes.createStructField(prediction, DataTypes.DoubleType, false),
                DataTypes.createStructField(probability, SQLDataTypes.VectorType(), false));
    }

    @Override
    Scoring.Head head() {
        return outputs -> {
            int classes = outputs.shape().dim(1);
            double[] probabilities = outputs.softmax(1).data().toDoubleArray();
            int[] largest = outputs.argMax(1).data().toIntArray();
            Object[][] values = new Object[largest.length][];
            for (int k = 0; k < values.length; k++) {
                double[] own = Arrays.copyOfRange(probabilities, k * classes, (k + 1) * classes);
                values[k] = new Object[] {(double) largest[k], Vectors.dense(own)};
            }
            return List.of(values);
        };
    }

    @Override
    NeuralClassificationModel make() {
        return new NeuralClassificationModel(uid(), network());
    }

    /** A reader of saved models, as Spark's own classes have. */
    public static MLReader<NeuralClassificationModel> read() {
        return new NetworkFiles.Reader<>(NeuralClassificationModel.class, NeuralClassificationModel::new);
    }

    /**
     * Loads a model that was saved.
     *
     * @throws IllegalArgumentException if its model factory can't be made
     */
    public static NeuralClassificationModel load(String path) {
        return read().load(path);
    }
}
