package io.adjoint.spark;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * An estimator that trains a model of any layers, on workers that are tasks of a Spark job: a {@link NeuralClassifier} or a
 * {@link NeuralRegressor}.
 *
 * <p><b>The same bits for any number of workers, partitions and executors.</b> Row i of the data set, in its order, is in shard i mod V,
 * where V is {@code shards}. An epoch orders the rows of each shard anew; each batch takes {@code batchSize}/V rows of each. Gradients are
 * added in a fixed order ({@link io.adjoint.nn.train.DataParallel}). If the order of a data set isn't determined, as after a join, sort it
 * before, or write it to a file and read it. A batch normalization computes its statistics from a shard.
 *
 * <p>Each worker keeps the rows of its shards in memory, and needs a core for all of the time. A feature takes 8 bytes there, one of an
 * array of floats 4, and one of an image 1.
 *
 * @param <E> the estimator
 * @param <M> the model that it trains
 */
// Long because each param is a field with its accessor and its setter, as Spark ML has them.
public abstract class NeuralEstimator<E extends NeuralEstimator<E, M>, M extends NeuralModel<M>> extends Estimator<M>
        implements MLWritable {
    private static final Logger LOG = LoggerFactory.getLogger(NeuralEstimator.class);
    private static final int DEFAULT_BATCH = 64;
    private static final int DEFAULT_SHARDS = 8;
    private static final int DEFAULT_EPOCHS = 10;
    private static final double DEFAULT_RATE = 1e-3;

    private final String uid;
    private final Param<ModelFactory> modelFactory;
    private final Param<String> featuresCol;
    private final Param<String> labelCol;
    private final Param<String> weightCol;
    private final Param<String> predictionCol;
    private final Param<String> validationCol;
    private final Param<String> checkpointPath;
    private final Param<String> logPath;
    private final Param<OptimizerFactory> optimizerFactory;
    private final Param<ScheduleFactory> scheduleFactory;
    private final IntParam epochs;
    private final IntParam batchSize;
    private final IntParam shards;
    private final IntParam workers;
    private final DoubleParam learningRate;
    private final LongParam seed;

    NeuralEstimator(String uid) {
        this.uid = uid;
        modelFactory = FactoryParam.ofModel(this);
        featuresCol = new Param<>(this, "featuresCol", "the column of features, vectors, arrays of numbers or images");
        labelCol = new Param<>(this, "labelCol", "the column of labels, numbers");
        weightCol = new Param<>(this, "weightCol", "the column of the weights of rows; all are 1 if undefined");
        predictionCol = new Param<>(this, "predictionCol", "the column that gets the predictions");
        validationCol = new Param<>(
                this,
                "validationCol",
                "a boolean column, true for rows that are not trained with, but validated after each epoch");
        checkpointPath = new Param<>(
                this,
                "checkpointPath",
                "a folder of a file system that all executors see, for a checkpoint after each epoch");
        logPath = new Param<>(
                this, "logPath", "a folder of a file system that all executors see, for the values of each epoch");
        optimizerFactory = FactoryParam.ofOptimizer(this);
        scheduleFactory = FactoryParam.ofSchedule(this);
        epochs = new IntParam(this, "epochs", "the number of passes over the rows", ParamValidators.gtEq(0));
        batchSize = new IntParam(
                this, "batchSize", "the number of rows of a step, a multiple of shards", ParamValidators.gtEq(1));
        shards = new IntParam(
                this,
                "shards",
                "the parts of a batch, at least as many as workers; the bits depend on it",
                ParamValidators.inRange(1, 1 << 16));
        workers = new IntParam(this, "workers", "the number of tasks that train together", ParamValidators.gtEq(1));
        learningRate =
                new DoubleParam(this, "learningRate", "the learning rate of the optimizer", ParamValidators.gt(0));
        seed = new LongParam(this, "seed", "the seed of weights, of the order of rows and of dropout");
        setDefault(featuresCol, "features");
        setDefault(labelCol, "label");
        setDefault(predictionCol, "prediction");
        setDefault(epochs, DEFAULT_EPOCHS);
        setDefault(batchSize, DEFAULT_BATCH);
        setDefault(shards, DEFAULT_SHARDS);
        setDefault(workers, 1);
        setDefault(learningRate, DEFAULT_RATE);
        setDefault(seed, 0L);
    }

    @Override
    public String uid() {
        return uid;
    }

    // ---- params ----

    /** The param of {@link #setModelFactory}. */
    public Param<ModelFactory> modelFactory() {
        return modelFactory;
    }

    /** The param of {@link #setFeaturesCol}. */
    public Param<String> featuresCol() {
        return featuresCol;
    }

    /** The param of {@link #setLabelCol}. */
    public Param<String> labelCol() {
        return labelCol;
    }

    /** The param of {@link #setWeightCol}. */
    public Param<String> weightCol() {
        return weightCol;
    }

    /** The param of {@link #setPredictionCol}. */
    public Param<String> predictionCol() {
        return predictionCol;
    }

    /** The param of {@link #setValidationCol}. */
    public Param<String> validationCol() {
        return validationCol;
    }

    /** The param of {@link #setCheckpointPath}. */
    public Param<String> checkpointPath() {
        return checkpointPath;
    }

    /** The param of {@link #setLogPath}. */
    public Param<String> logPath() {
        return logPath;
    }

    /** The param of {@link #setOptimizerFactory}. */
    public Param<OptimizerFactory> optimizerFactory() {
        return optimizerFactory;
    }

    /** The param of {@link #setScheduleFactory}. */
    public Param<ScheduleFactory> scheduleFactory() {
        return scheduleFactory;
    }

    /** The param of {@link #setEpochs}. */
    public IntParam epochs() {
        return epochs;
    }

    /** The param of {@link #setBatchSize}. */
    public IntParam batchSize() {
        return batchSize;
    }

    /** The param of {@link #setShards}. */
    public IntParam shards() {
        return shards;
    }

    /** The param of {@link #setWorkers}. */
    public IntParam workers() {
        return workers;
    }

    /** The param of {@link #setLearningRate}. */
    public DoubleParam learningRate() {
        return learningRate;
    }

    /** The param of {@link #setSeed}. */
    public LongParam seed() {
        return seed;
    }

    /** Sets the factory of the model, which has no default. */
    @CanIgnoreReturnValue
    public E setModelFactory(ModelFactory factory) {
        return with(modelFactory, factory);
    }

    /** Sets the column of features, vectors, arrays of numbers or images; by default {@code features}. */
    @CanIgnoreReturnValue
    public E setFeaturesCol(String name) {
        return with(featuresCol, name);
    }

    /** Sets the column of labels; by default {@code label}. */
    @CanIgnoreReturnValue
    public E setLabelCol(String name) {
        return with(labelCol, name);
    }

    /**
     * Sets the column of the weights of rows, numbers from 0 on; without one, all weigh 1. A loss is the sum of the rows' losses, each
     * times its weight, divided by the sum of the weights, in the training and the validation.
     */
    @CanIgnoreReturnValue
    public E setWeightCol(String name) {
        return with(weightCol, name);
    }

    /** Sets the column that the model's predictions get, of type double; by default {@code prediction}. */
    @CanIgnoreReturnValue
    public E setPredictionCol(String name) {
        return with(predictionCol, name);
    }

    /** Sets a boolean column that is true for rows that are not trained with: after each epoch the model's loss for them is computed. */
    @CanIgnoreReturnValue
    public E setValidationCol(String name) {
        return with(validationCol, name);
    }

    /**
     * Sets a folder for checkpoints, one after each epoch, in any file system of Hadoop that all executors see. When Spark runs the tasks
     * again, or the same program is started again with the same settings and rows, the training goes on from the last one, and ends with
     * the bits of an undisturbed one. Each training has a folder there of its own, which is deleted when it is over.
     */
    @CanIgnoreReturnValue
    public E setCheckpointPath(String path) {
        return with(checkpointPath, path);
    }

    /**
     * Sets a folder for the file {@code metrics.csv}, a {@link io.adjoint.nn.train.CsvLog}, in any file system of Hadoop that all executors
     * see. It has a row for each epoch; the file of an earlier training becomes {@code metrics.1.csv} and so on. The same values are in the
     * log of the first worker's executor.
     */
    @CanIgnoreReturnValue
    public E setLogPath(String path) {
        return with(logPath, path);
    }

    /** Sets the function that makes the optimizer, such as {@code AdamW::new}; by default it is Adam. */
    @CanIgnoreReturnValue
    public E setOptimizerFactory(OptimizerFactory factory) {
        return with(optimizerFactory, factory);
    }

    /** Sets the function that makes the schedule of the learning rate, such as {@code CosineAnnealing::new}; by default it is constant. */
    @CanIgnoreReturnValue
    public E setScheduleFactory(ScheduleFactory factory) {
        return with(scheduleFactory, factory);
    }

    /** Sets the number of epochs; 10 by default. */
    @CanIgnoreReturnValue
    public E setEpochs(int value) {
        return with(epochs, value);
    }

    /** Sets the number of rows of a step, a multiple of the number of shards; 64 by default. */
    @CanIgnoreReturnValue
    public E setBatchSize(int value) {
        return with(batchSize, value);
    }

    /** Sets the number of parts of a batch, at least the number of workers; 8 by default. The bits depend on it. */
    @CanIgnoreReturnValue
    public E setShards(int value) {
        return with(shards, value);
    }

    /** Sets the number of tasks that train together; 1 by default. */
    @CanIgnoreReturnValue
    public E setWorkers(int value) {
        return with(workers, value);
    }

    /** Sets the learning rate of the optimizer; 0.001 by default. */
    @CanIgnoreReturnValue
    public E setLearningRate(double value) {
        return with(learningRate, value);
    }

    /** Sets the seed of weights, of the order of rows and of dropout; 0 by default. */
    @CanIgnoreReturnValue
    public E setSeed(long value) {
        return with(seed, value);
    }

    @SuppressWarnings("unchecked") // E is the class itself
    final <T> E with(Param<? super T> param, T value) {
        set((Param<T>) param, value);
        return (E) this;
    }

    // ---- training ----

    /** Returns whether labels are classes. */
    abstract boolean isClassifier();

    /** The weight of each class; empty for equal weights. */
    List<Double> classWeightList() {
        return List.of();
    }

    /** The columns that the trained model adds to a data set. */
    abstract List<StructField> added();

    /** Makes a model from a trained network; the caller sets the model's params. */
    abstract M model(Network network);

    /**
     * Trains a model.
     *
     * @throws IllegalArgumentException if a column is missing or of another type, settings contradict each other, or no file can be
     *     written into a folder
     * @throws IllegalStateException if the cluster can't run as many workers at the same time, or workers end with different weights
     * @throws WorkerException if a worker fails, as by labels or features that can't be trained with, or a model that doesn't fit. Spark
     *     throws its own unchecked {@code SparkException}, with the reason in its message, for a null in a column.
     */
    @Override
    public M fit(Dataset<?> data) {
        // The context is requested before the schema, since with Spark Connect reading the schema would call the
        // server.
        SparkContext context = SparkTraining.context(getClass().getSimpleName(), data);
        StructType unused = transformSchema(data.schema());
        FitSettings settings = settings();
        SharedFolder folder = folder(context, checkpointPath);
        SharedFolder logs = folder(context, logPath);
        List<FitFunction.Fitted> all = SparkTraining.run(rows(data, settings), new FitFunction(settings, folder, logs));
        FitFunction.Fitted fitted = all.get(0);
        for (int rank = 1; rank < all.size(); rank++) {
            if (all.get(rank).checksum() != fitted.checksum()) {
                throw new IllegalStateException(
                        settings.owner() + ": worker " + rank + " ended with other weights than worker 0;"
                                + " does the model draw from a generator that it wasn't given?");
            }
        }
        delete(folder, fitted.folder());
        M model = model(Objects.requireNonNull(fitted.network()));
        model.history = fitted.history();
        return copyValues(model, new ParamMap()).setParent(this);
    }

    private @Nullable SharedFolder folder(SparkContext context, Param<String> path) {
        if (!isDefined(path)) {
            return null;
        }
        SharedFolder folder = new SharedFolder($(path), new SerializableConfiguration(context.hadoopConfiguration()));
        try {
            folder.requireWritable();
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    getClass().getSimpleName() + ": no file can be written into the folder " + $(path) + " of "
                            + path.name() + ": " + e.getMessage(),
                    e);
        }
        return folder;
    }

    private FitSettings settings() {
        String owner = getClass().getSimpleName();
        if (!isDefined(modelFactory)) {
            throw new IllegalArgumentException(owner + ": there is no model; call setModelFactory");
        }
        FitSettings settings = new FitSettings(
                owner,
                $(modelFactory),
                isDefined(optimizerFactory) ? $(optimizerFactory) : null,
                isDefined(scheduleFactory) ? $(scheduleFactory) : null,
                isClassifier(),
                classWeightList(),
                (Integer) $(epochs),
                (Integer) $(batchSize),
                (Integer) $(shards),
                (Integer) $(workers),
                (Double) $(learningRate),
                (Long) $(seed));
        settings.require(
                settings.batchSize() % settings.shards() == 0,
                "batchSize must be a multiple of shards, got " + settings.batchSize() + " and " + settings.shards());
        settings.require(
                settings.shards() >= settings.workers(),
                "shards must be at least workers, got " + settings.shards() + " and " + settings.workers());
        return settings;
    }

    private static void delete(@Nullable SharedFolder folder, String name) {
        if (folder != null) {
            try {
                folder.files().delete(folder.resolve(name), true);
            } catch (IOException | RuntimeException e) {
                // The exception is only logged, so that a folder that can't be deleted doesn't cost the trained model.
                LOG.warn(
                        "the checkpoints in {} of a training that is over could not be deleted: {}",
                        folder.resolve(name),
                        String.valueOf(e.getMessage()),
                        e);
            }
        }
    }

    /** The rows in the form that {@link ShardedRows} reads, each in the partition of the worker that needs it. */
    private JavaRDD<Tuple2<Integer, byte[]>> rows(Dataset<?> data, FitSettings settings) {
        Dataset<Row> columns = data.select(
                column($(featuresCol)),
                column($(labelCol)),
                isDefined(validationCol) ? column($(validationCol)) : functions.lit(false),
                isDefined(weightCol) ? column($(weightCol)) : functions.lit(1.0));
        JavaRDD<byte[]> samples =
                columns.javaRDD().map(row -> Sample.of(settings, row).bytes());
        return RowIndices.indexed(samples, settings)
                .partitionBy(new HashPartitioner(settings.workers()))
                .map(pair -> pair);
    }

    /** The column with exactly the given name, in which dots and backticks have no special meaning. */
    private static Column column(String name) {
        return functions.col('`' + name.replace("`", "``") + '`');
    }

    @Override
    public StructType transformSchema(StructType schema) {
        String owner = getClass().getSimpleName();
        RowColumns.requireFeatures(owner, schema, $(featuresCol));
        RowColumns.requireNumber(
                owner, schema, $(labelCol), "labels are numbers; StringIndexer makes numbers of any values");
        if (isDefined(weightCol)) {
            RowColumns.requireNumber(owner, schema, $(weightCol), "weights are numbers");
        }
        if (isDefined(validationCol)) {
            RowColumns.requireBoolean(owner, schema, $(validationCol));
        }
        return RowColumns.with(owner, schema, added());
    }

    /** Writes the params. */
    @Override
    public MLWriter write() {
        return new DefaultParamsWriter(this);
    }
}
