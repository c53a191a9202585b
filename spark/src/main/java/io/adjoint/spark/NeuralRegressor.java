package io.adjoint.spark;

import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.StructField;

/**
 * Trains a regression of any layers: the model has one output, whose mean squared error is minimized. It is used as
 * {@link NeuralClassifier} is.
 */
public final class NeuralRegressor extends NeuralEstimator<NeuralRegressor, NeuralRegressionModel> {
    /** An estimator with default params, but for the model factory, which has none. */
    public NeuralRegressor() {
        this(Identifiable$.MODULE$.randomUID("neuralRegressor"));
    }

    /** An estimator of a name, by which Spark tells estimators from each other. */
    public NeuralRegressor(String uid) {
        super(uid);
    }

    @Override
    boolean isClassifier() {
        return false;
    }

    @Override
    List<StructField> added() {
        return NeuralRegressionModel.fields($(predictionCol()));
    }

    @Override
    NeuralRegressionModel model(Network network) {
        return new NeuralRegressionModel(uid(), network);
    }

    @Override
    public NeuralRegressor copy(ParamMap extra) {
        return copyValues(new NeuralRegressor(uid()), extra);
    }

    /** A reader of saved estimators, as Spark's own classes have. */
    public static MLReader<NeuralRegressor> read() {
        return new DefaultParamsReader<>();
    }

    /** Loads an estimator that was saved. */
    public static NeuralRegressor load(String path) {
        return read().load(path);
    }
}
