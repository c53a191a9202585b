package io.adjoint.spark;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Schedule;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** The training of an estimator, as each worker runs it. */
record FitFunction(
        FitSettings settings,
        @Nullable SharedFolder checkpoints,
        @Nullable SharedFolder logs) implements WorkerFunction<Tuple2<Integer, byte[]>, FitFunction.Fitted> {
    private static final Logger LOG = LoggerFactory.getLogger(NeuralEstimator.class);

    /**
     * A trained model.
     *
     * @param network its weights, of rank 0 alone
     * @param checksum that of the weights, of each rank
     * @param history the values of each epoch, by name
     * @param folder the name of the folder of its checkpoints
     */
    record Fitted(@Nullable Network network, int checksum, Map<String, List<Double>> history, String folder)
            implements Serializable {}

    @Override
    public Fitted run(Collective workers, Iterator<Tuple2<Integer, byte[]>> rows) throws Exception {
        ShardedRows samples = new ShardedRows(settings, workers, new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public byte[] next() {
                return rows.next()._2();
            }
        });
        // A task has some cores of its executor, and no more.
        return within(TaskContext.get().cpus(), () -> train(workers, samples));
    }

    private static <T> T within(int cores, Callable<T> function) throws Exception {
        // The classes of the program may be in jars that Spark has added, which only the task's own loader knows.
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        ForkJoinPool pool = new ForkJoinPool(
                cores,
                of -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(of);
                    thread.setContextClassLoader(loader);
                    return thread;
                },
                null,
                false);
        try {
            // As a value, since the pool would wrap an exception of the same class around it.
            Object[] thrown = new Object[1];
            T result = pool.submit(() -> {
                        try {
                            return function.call();
                        } catch (Exception e) {
                            thrown[0] = e;
                            return null;
                        }
                    })
                    .get();
            if (thrown[0] instanceof Exception e) {
                throw e;
            }
            return result;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        } finally {
            pool.shutdownNow();
        }
    }

    private Fitted train(Collective workers, ShardedRows samples) throws IOException {
        int outputs = settings.isClassifier() ? classes(samples) : 1;
        Generator rng = new Generator(settings.seed());
        Layer model = settings.factory().of(samples.shape(), outputs, rng);
        DType dtype = Network.dtype(model);
        Optimizer optimizer = optimizer(model);
        Trainer<ShardedRows.Portion> trainer = Trainer.<ShardedRows.Portion>of(
                        model, optimizer, portion -> outcome(model, outputs, samples.values(portion, dtype)))
                .batchSize(samples::weight)
                .parallel(workers, settings.shards(), (batch, shards) -> samples.split(batch));
        if (samples.hasValidation()) {
            trainer.validate(samples.validation());
        }
        String made = optimizer + " " + shapes(model);
        if (settings.schedule() != null) {
            long steps = (long) settings.epochs() * samples.batches();
            Schedule schedule = settings.schedule().of(settings.learningRate(), steps);
            trainer.schedule(schedule);
            made += " " + schedule.at(0) + " " + schedule.at(steps / 2) + " " + schedule.at(Math.max(0, steps - 1));
        }
        String folder = settings.fingerprint(samples.checksum(), made);
        if (workers.rank() == 0) {
            trainer.onEpoch(epoch -> LOG.info("{}: {}", settings.owner(), epoch));
            if (logs != null) {
                trainer.log(new RemoteLog(logs));
            }
        }
        if (checkpoints == null) {
            trainer.fit(() -> samples.epoch(trainer.epochs()), settings.epochs());
        } else {
            try (RemoteCheckpoints remote = new RemoteCheckpoints(checkpoints, folder, workers)) {
                remote.local()
                        .part("model", model)
                        .part("optimizer", optimizer)
                        .part("trainer", trainer)
                        .part("generator", rng);
                remote.resume();
                trainer.onEpoch(remote::save).fit(() -> samples.epoch(trainer.epochs()), settings.epochs());
            }
        }
        Network network = Network.of(samples.shape(), outputs, model.state());
        return new Fitted(
                workers.rank() == 0 ? network : null,
                Arrays.hashCode(network.file()),
                values(trainer.history()),
                folder);
    }

    private Optimizer optimizer(Layer model) {
        return settings.optimizer() == null
                ? new Adam(model.parameters(), settings.learningRate())
                : settings.optimizer().of(model.parameters(), settings.learningRate());
    }

    private static Map<String, Shape> shapes(Layer model) {
        Map<String, Shape> shapes = new TreeMap<>();
        model.state().forEach((name, array) -> shapes.put(name, array.shape()));
        return shapes;
    }

    private int classes(ShardedRows samples) {
        if (!settings.classWeights().isEmpty()) {
            return settings.classWeights().size();
        }
        settings.require(
                samples.maxLabel() < Short.MAX_VALUE,
                "the largest label is " + samples.maxLabel() + ", which would be that number of classes");
        return (int) samples.maxLabel() + 1;
    }

    private Outcome outcome(Layer model, int outputs, ShardedRows.Values values) {
        Tensor prediction = model.forward(values.x());
        int rows = values.labels().shape().size();
        settings.require(
                prediction.shape().equals(Shape.of(rows, outputs)),
                "the model makes " + prediction.shape() + " of " + values.x().shape() + ", but it must make "
                        + Shape.of(rows, outputs));
        Tensor weights = Tensor.of(values.weights().to(prediction.dtype()));
        Tensor target;
        Tensor losses;
        if (settings.isClassifier()) {
            target = Tensor.of(Arrays.stream(values.labels().toDoubleArray())
                    .mapToInt(label -> (int) label)
                    .toArray());
            losses = new CrossEntropy().reduction(Reduction.NONE).forward(prediction, target);
        } else {
            target = Tensor.of(values.labels().reshape(rows, 1).to(prediction.dtype()));
            losses = new MSE().each(prediction, target).reshape(rows);
        }
        double all = Arrays.stream(values.weights().toDoubleArray()).reduce(0, Double::sum);
        return new Outcome(losses.mul(weights).sum().div(all), prediction, target);
    }

    private static Map<String, List<Double>> values(History history) {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        history.names().forEach(name -> values.put(name, history.values(name)));
        return values;
    }
}
