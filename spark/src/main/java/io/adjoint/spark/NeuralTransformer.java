package io.adjoint.spark;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Applies a model with given weights to a column of features, partition by partition: a model trained anywhere, whose outputs are any
 * numbers, such as embeddings.
 *
 * <pre>{@code
 * Map<String, NdArray> weights = Safetensors.load(Path.of("digits.safetensors"));
 * Dataset<Row> scored = new NeuralTransformer(new Digits(), Shape.of(64), 10, weights)
 *         .setInputCol("pixels")
 *         .setOutputCol("scores")
 *         .transform(images);
 * }</pre>
 */
public final class NeuralTransformer extends Transformer implements MLWritable {
    private static final int DEFAULT_BATCH = 64;

    private final String uid;
    private final Network network;
    private final Param<ModelFactory> modelFactory;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final IntParam batchSize;

    /**
     * A transformer.
     *
     * @param factory makes the model
     * @param inputs the shape of a row's features, {@code [F]} or {@code [C, H, W]}, as the factory is told
     * @param outputs the number of outputs, as the factory is told
     * @param weights the model's state, as {@code model.state()} or a file has it
     * @throws RuntimeException if the model doesn't take these weights; the message names the differences
     */
    public NeuralTransformer(ModelFactory factory, Shape inputs, int outputs, Map<String, NdArray> weights) {
        this(Identifiable$.MODULE$.randomUID("neuralTransformer"), Network.of(inputs, outputs, weights));
        Object unused = network.layer(factory);
        set(modelFactory, factory);
    }

    private NeuralTransformer(String uid, Network network) {
        this.uid = uid;
        this.network = network;
        modelFactory = FactoryParam.ofModel(this);
        inputCol = new Param<>(this, "inputCol", "the column of features, vectors, arrays of numbers or images");
        outputCol = new Param<>(this, "outputCol", "the column that gets the outputs, vectors");
        batchSize = new IntParam(
                this, "batchSize", "the number of rows that are computed at a time", ParamValidators.gtEq(1));
        setDefault(inputCol, "features");
        setDefault(outputCol, "output");
        setDefault(batchSize, DEFAULT_BATCH);
    }

    @Override
    public String uid() {
        return uid;
    }

    /** The param of the model's factory. */
    public Param<ModelFactory> modelFactory() {
        return modelFactory;
    }

    /** The param of {@link #setInputCol}. */
    public Param<String> inputCol() {
        return inputCol;
    }

    /** The param of {@link #setOutputCol}. */
    public Param<String> outputCol() {
        return outputCol;
    }

    /** The param of {@link #setBatchSize}. */
    public IntParam batchSize() {
        return batchSize;
    }

    /** Sets the column of features, vectors, arrays of numbers or images; by default {@code features}. */
    @CanIgnoreReturnValue
    public NeuralTransformer setInputCol(String name) {
        set(inputCol, name);
        return this;
    }

    /** Sets the column that gets the outputs, vectors; by default {@code output}. */
    @CanIgnoreReturnValue
    public NeuralTransformer setOutputCol(String name) {
        set(outputCol, name);
        return this;
    }

    /** Sets the number of rows that are computed at a time; 64 by default. */
    @CanIgnoreReturnValue
    public NeuralTransformer setBatchSize(int rows) {
        set(batchSize, rows);
        return this;
    }

    /**
     * Adds the outputs of the model for each row, flattened.
     *
     * @throws IllegalArgumentException if the input column is missing or of another type, or the output column is there already
     * @throws IllegalStateException if the data set is of a session of Spark Connect
     */
    @Override
    public Dataset<Row> transform(Dataset<?> data) {
        return Scoring.apply(
                "NeuralTransformer",
                data,
                this::transformSchema,
                $(inputCol),
                $(modelFactory),
                network,
                (Integer) $(batchSize),
                outputs -> {
                    double[] all = outputs.data().toDoubleArray();
                    int rows = outputs.shape().dim(0);
                    int each = all.length / rows;
                    Object[][] values = new Object[rows][];
                    for (int k = 0; k < rows; k++) {
                        values[k] = new Object[] {Vectors.dense(Arrays.copyOfRange(all, k * each, (k + 1) * each))};
                    }
                    return List.of(values);
                });
    }

    @Override
    public StructType transformSchema(StructType schema) {
        RowColumns.requireFeatures("NeuralTransformer", schema, $(inputCol));
        return RowColumns.with(
                "NeuralTransformer",
                schema,
                List.of(DataTypes.createStructField($(outputCol), SQLDataTypes.VectorType(), false)));
    }

    @Override
    public NeuralTransformer copy(ParamMap extra) {
        return copyValues(new NeuralTransformer(uid, network), extra);
    }

    /** Writes the params, and the weights as {@code model.safetensors}. */
    @Override
    public MLWriter write() {
        return new NetworkFiles.Writer(this, network);
    }

    /** A reader of saved transformers, as Spark's own classes have. */
    public static MLReader<NeuralTransformer> read() {
        return new NetworkFiles.Reader<>(NeuralTransformer.class, NeuralTransformer::new);
    }

    /**
     * Loads a transformer that was saved.
     *
     * @throws IllegalArgumentException if its model factory can't be made
     */
    public static NeuralTransformer load(String path) {
        return read().load(path);
    }
}
