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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** The function that each worker of a training runs: it trains the model of an estimator. */
record FitFunction(
        FitSettings settings,
        @Nullable SharedFolder checkpoints,
        @Nullable SharedFolder logs) implements WorkerFunction<Tuple2<Integer, byte[]>, FitFunction.Fitted> {
    private static final Logger LOG = LoggerFactory.getLogger(NeuralEstimator.class);

    /**
     * A trained model.
     *
     * @param network the model's weights; null on ranks other than 0
     * @param checksum the checksum of the weights, which must be equal on all ranks
     * @param history the values of each epoch, such as the loss, by the value's name
     * @param folder the name of the folder of the training's checkpoints
     */
    record Fitted(@Nullable Network network, int checksum, Map<String, List<Double>> history, String folder)
            implements Serializable {}

    @Override
    public Fitted run(Collective workers, Iterator<Tuple2<Integer, byte[]>> rows) throws Exception {
        ShardedRows samples = new ShardedRows(settings, workers, rows);
        try (TaskPool pool = new TaskPool()) {
            return pool.run(() -> train(workers, samples));
        }
    }

    private Fitted train(Collective workers, ShardedRows samples) throws IOException {
        int outputs = settings.isClassifier() ? classes(samples) : 1;
        Generator rng = new Generator(settings.seed());
        Layer model = Network.made(settings.factory(), samples.shape(), outputs, rng);
        DType dtype = Network.dtype(model);
        Optimizer optimizer = optimizer(model);
        Trainer<ShardedRows.Portion> trainer = Trainer.<ShardedRows.Portion>of(
                        model, optimizer, portion -> outcome(model, outputs, samples.values(portion, dtype)))
                .batchSize(samples::weight)
                .parallel(workers, settings.shards(), (batch, shards) -> samples.split(batch));
        if (samples.hasValidation()) {
            trainer.validate(samples.validation());
        }
        String made = optimizer + " " + model + " " + arrays(model);
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

    /** The dtype and shape of each array of a model's state, by the array's name. */
    private static Map<String, String> arrays(Layer model) {
        Map<String, String> arrays = new TreeMap<>();
        model.state().forEach((name, array) -> arrays.put(name, array.dtype() + " " + array.shape()));
        return arrays;
    }

    private int classes(ShardedRows samples) {
        if (!settings.classWeights().isEmpty()) {
            return settings.classWeights().size();
        }
        settings.require(
                samples.maxLabel() < Short.MAX_VALUE,
                String.format(
                        Locale.ROOT,
                        "the largest label is %.0f, but there are at most %,d classes; StringIndexer numbers them from 0 on",
                        samples.maxLabel(),
                        Short.MAX_VALUE));
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
