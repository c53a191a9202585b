package io.adjoint.spark;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.StructField;

/**
 * Trains a classifier of any layers: labels are 0, 1, 2 …, and the model has an output for each, whose cross-entropy is minimized.
 *
 * <pre>{@code
 * NeuralClassificationModel model = new NeuralClassifier()
 *         .setModelFactory((inputs, outputs, rng) -> new Sequential(
 *                 new Dense(inputs.dim(0), 64, rng), new ReLU(), new Dense(64, outputs, rng)))
 *         .setEpochs(20)
 *         .setWorkers(2)
 *         .fit(train);
 * Dataset<Row> scored = model.transform(test);   // with the columns prediction and probability
 * }</pre>
 */
public final class NeuralClassifier extends NeuralEstimator<NeuralClassifier, NeuralClassificationModel> {
    private final Param<String> probabilityCol;
    private final DoubleArrayParam classWeights;

    /** An estimator with default params, but for the model factory, which has none. */
    public NeuralClassifier() {
        this(Identifiable$.MODULE$.randomUID("neuralClassifier"));
    }

    /** An estimator of a name, by which Spark tells estimators from each other. */
    public NeuralClassifier(String uid) {
        super(uid);
        probabilityCol = new Param<>(this, "probabilityCol", "the column that gets the probabilities of all classes");
        classWeights = new DoubleArrayParam(
                this, "classWeights", "the weights of the classes, in their order; all are 1 if undefined");
        setDefault(probabilityCol, "probability");
    }

    /** The param of {@link #setProbabilityCol}. */
    public Param<String> probabilityCol() {
        return probabilityCol;
    }

    /** Sets the column that the model's probabilities of all classes get, a vector; by default {@code probability}. */
    @CanIgnoreReturnValue
    public NeuralClassifier setProbabilityCol(String name) {
        return with(probabilityCol, name);
    }

    /** The param of {@link #setClassWeights}. */
    public DoubleArrayParam classWeights() {
        return classWeights;
    }

    /**
     * Sets the weight of each class, in the order of the labels; by default all weigh 1. A row weighs its class's weight times its own, if
     * there is a {@linkplain #setWeightCol column of weights}. Give a weight for each class, also for classes that no row has.
     *
     * @throws IllegalArgumentException if a weight is negative or not finite, or there is none
     */
    @CanIgnoreReturnValue
    public NeuralClassifier setClassWeights(double... weights) {
        if (weights.length == 0 || !Arrays.stream(weights).allMatch(weight -> weight >= 0 && Double.isFinite(weight))) {
            throw new IllegalArgumentException(
                    "NeuralClassifier: class weights are finite and at least 0, one for each class, got "
                            + Arrays.toString(weights));
        }
        return with(classWeights, weights.clone());
    }

    @Override
    List<Double> classWeightList() {
        return isDefined(classWeights) ? Arrays.stream($(classWeights)).boxed().toList() : List.of();
    }

    @Override
    boolean isClassifier() {
        return true;
    }

    @Override
    List<StructField> added() {
        return NeuralClassificationModel.fields($(predictionCol()), $(probabilityCol));
    }

    @Override
    NeuralClassificationModel model(Network network) {
        return new NeuralClassificationModel(uid(), network);
    }

    @Override
    public NeuralClassifier copy(ParamMap extra) {
        return copyValues(new NeuralClassifier(uid()), extra);
    }

    /** A reader of saved estimators, as Spark's own classes have. */
    public static MLReader<NeuralClassifier> read() {
        return new DefaultParamsReader<>();
    }

    /** Loads an estimator that was saved. */
    public static NeuralClassifier load(String path) {
        return read().load(path);
    }
}
