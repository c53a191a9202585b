package io.adjoint.spark;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Adam;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/** The training of an estimator, as each worker runs it. */
record FitFunction(FitSettings settings, @Nullable SharedFolder checkpoints)
        implements WorkerFunction<Tuple2<Integer, double[]>, FitFunction.Fitted> {
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
    public Fitted run(Collective workers, Iterator<Tuple2<Integer, double[]>> rows) throws Exception {
        ShardedRows samples = new ShardedRows(settings, workers, new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public double[] next() {
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
        Layer model = settings.factory().of(samples.features(), outputs, rng);
        DType dtype = Network.dtype(model);
        Adam optimizer = new Adam(model.parameters(), settings.learningRate());
        Trainer<ShardedRows.Portion> trainer = Trainer.<ShardedRows.Portion>of(
                        model, optimizer, portion -> outcome(model, outputs, samples.values(portion, dtype)))
                .batchSize(samples::size)
                .parallel(workers, settings.shards(), (batch, shards) -> samples.split(batch));
        if (samples.hasValidation()) {
            trainer.validate(samples.validation());
        }
        String folder = settings.fingerprint(samples.checksum());
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
        Network network = Network.of(samples.features(), outputs, model.state());
        return new Fitted(
                workers.rank() == 0 ? network : null,
                Arrays.hashCode(network.file()),
                values(trainer.history()),
                folder);
    }

    private int classes(ShardedRows samples) {
        settings.require(
                samples.maxLabel() < Short.MAX_VALUE,
                "the largest label is " + samples.maxLabel() + ", which would be that number of classes");
        return (int) samples.maxLabel() + 1;
    }

    private Outcome outcome(Layer model, int outputs, ShardedRows.Values values) {
        Tensor prediction = model.forward(values.x());
        int rows = values.labels().length;
        settings.require(
                prediction.shape().equals(Shape.of(rows, outputs)),
                "the model makes " + prediction.shape() + " of " + values.x().shape() + ", but it must make "
                        + Shape.of(rows, outputs));
        if (settings.isClassifier()) {
            int[] labels = Arrays.stream(values.labels())
                    .mapToInt(label -> (int) label)
                    .toArray();
            return Outcome.of(new CrossEntropy(), prediction, Tensor.of(labels));
        }
        NdArray targets = NdArray.of(Shape.of(rows, 1), values.labels()).to(prediction.dtype());
        return Outcome.of(new MSE(), prediction, Tensor.of(targets));
    }

    private static Map<String, List<Double>> values(History history) {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        history.names().forEach(name -> values.put(name, history.values(name)));
        return values;
    }
}
