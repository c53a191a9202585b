package io.adjoint.spark;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A model that a {@link NeuralEstimator} has trained: {@link NeuralClassificationModel} or {@link NeuralRegressionModel}. It adds its
 * predictions to a data set, each partition by itself.
 *
 * @param <M> the model
 */
public abstract class NeuralModel<M extends NeuralModel<M>> extends Model<M> implements MLWritable {
    private static final int DEFAULT_BATCH = 64;

    private final String uid;
    private final Network network;
    private final Param<ModelFactory> modelFactory;
    private final Param<String> featuresCol;
    private final Param<String> predictionCol;
    private final IntParam batchSize;
    /** The values of the training, by name; empty for a loaded model. */
    Map<String, List<Double>> history = Map.of();

    NeuralModel(String uid, Network network) {
        this.uid = uid;
        this.network = network;
        modelFactory = FactoryParam.ofModel(this);
        featuresCol = new Param<>(this, "featuresCol", "the column of features, vectors, arrays of numbers or images");
        predictionCol = new Param<>(this, "predictionCol", "the column that gets the predictions");
        batchSize = new IntParam(
                this, "batchSize", "the number of rows that are computed at a time", ParamValidators.gtEq(1));
        setDefault(featuresCol, "features");
        setDefault(predictionCol, "prediction");
        setDefault(batchSize, DEFAULT_BATCH);
    }

    @Override
    public String uid() {
        return uid;
    }

    /** The param of the model's factory, which the estimator sets. */
    public Param<ModelFactory> modelFactory() {
        return modelFactory;
    }

    /** The param of {@link #setFeaturesCol}. */
    public Param<String> featuresCol() {
        return featuresCol;
    }

    /** The param of {@link #setPredictionCol}. */
    public Param<String> predictionCol() {
        return predictionCol;
    }

    /** The param of {@link #setBatchSize}. */
    public IntParam batchSize() {
        return batchSize;
    }

    /** Sets the column of features, vectors, arrays of numbers or images. */
    @CanIgnoreReturnValue
    public M setFeaturesCol(String name) {
        return with(featuresCol, name);
    }

    /** Sets the column that gets the predictions, of type double. */
    @CanIgnoreReturnValue
    public M setPredictionCol(String name) {
        return with(predictionCol, name);
    }

    /** Sets the number of rows that are computed at a time. */
    @CanIgnoreReturnValue
    public M setBatchSize(int rows) {
        return with(batchSize, rows);
    }

    @SuppressWarnings("unchecked") // M is the class itself
    final <T> M with(Param<? super T> param, T value) {
        set((Param<T>) param, value);
        return (M) this;
    }

    /** The number of features of a row. */
    public int numFeatures() {
        return network.shape().size();
    }

    /** The shape of a row's features: {@code [F]} of vectors and arrays, {@code [C, H, W]} of images. */
    public Shape inputShape() {
        return network.shape();
    }

    /** The model itself, with its weights and in evaluation mode, anew in each call. */
    public Layer layer() {
        return network.layer($(modelFactory));
    }

    /**
     * The values of the training, one for each epoch: {@code loss}, and {@code validation loss} if there was a validation. Empty for a
     * model that was loaded.
     */
    public Map<String, List<Double>> history() {
        return history;
    }

    final Network network() {
        return network;
    }

    /** The columns that the model adds to a data set. */
    abstract List<StructField> added();

    /** Computes the values of the added columns. */
    abstract Scoring.Head head();

    abstract M make();

    /**
     * Adds the predictions.
     *
     * @throws IllegalArgumentException if the column of features is missing or of another type, or a new column is there already
     * @throws IllegalStateException if the data set is of a session of Spark Connect
     */
    @Override
    public Dataset<Row> transform(Dataset<?> data) {
        return Scoring.apply(
                getClass().getSimpleName(),
                data,
                this::transformSchema,
                $(featuresCol),
                $(modelFactory),
                network,
                (Integer) $(batchSize),
                head());
    }

    @Override
    public StructType transformSchema(StructType schema) {
        String owner = getClass().getSimpleName();
        RowColumns.requireFeatures(owner, schema, $(featuresCol));
        return RowColumns.with(owner, schema, added());
    }

    @Override
    public M copy(ParamMap extra) {
        M copy = copyValues(make(), extra);
        copy.history = history;
        return copy.setParent(parent());
    }

    /** Writes the params, and the weights as {@code model.safetensors}. */
    @Override
    public MLWriter write() {
        return new NetworkFiles.Writer(this, network);
    }
}
