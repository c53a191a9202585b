package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.nn.Block;
import io.adjoint.nn.metric.Metrics;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link Trainer}: its methods change them, and a {@link TrainingLoop} only reads them. */
final class TrainingPlan<B> {
    /** The name of the learning rate among the settings of an optimizer. */
    static final String RATE = "learningRate";

    /** The optimizer; null if the program makes its steps itself, in the function of a batch. */
    final @Nullable Optimizer optimizer;

    Evaluator<B> evaluator;
    Metrics metrics = Metrics.of();
    /** The workspace in which the training on each batch runs. */
    Workspace workspace = new Workspace();

    /** The schedules of the optimizer's settings, by name; a schedule may depend on the number of steps of the whole training. */
    final Map<String, Function<LongSupplier, Scheduled>> schedules = new LinkedHashMap<>();

    double maxNorm = Double.POSITIVE_INFINITY;
    double maxValue = Double.POSITIVE_INFINITY;
    /** True if the norm of the gradients is computed even if the gradients are not clipped by norm. */
    boolean measuresNorm;
    /** The number of batches whose gradients are accumulated for one step. */
    int accumulated = 1;

    /** The validations and the tracked values, by the name of their first value. */
    final Map<String, Measurement> measurements = new LinkedHashMap<>();

    /** The value by which a training stops early, keeps its best weights and lowers its learning rate. */
    TrainingRun.Monitored monitored = new TrainingRun.Monitored(Trainer.VALIDATION_LOSS, Goal.MIN);

    int patience = Integer.MAX_VALUE;
    boolean restoresBest;

    @Nullable
    Plateau plateau;

    Decisions workers = Decisions.ALONE;

    @Nullable
    DataParallel<B> parallel;

    final List<Log> logs = new ArrayList<>();
    final List<Consumer<? super Tensor>> batchListeners = new CopyOnWriteArrayList<>();
    final List<Runnable> stepListeners = new CopyOnWriteArrayList<>();
    final List<Consumer<? super Epoch>> epochListeners = new CopyOnWriteArrayList<>();
    /** The settings as texts, for logs. */
    final Map<String, String> described = new LinkedHashMap<>();

    /** A schedule, and the interval after which its argument grows by 1. */
    record Scheduled(Schedule schedule, Every every) {}

    TrainingPlan(Evaluator<B> evaluator, @Nullable Optimizer optimizer) {
        this.evaluator = evaluator;
        this.optimizer = optimizer;
    }

    /** The settings of a search of a learning rate: the same model, optimizer and clipping, without accumulation and schedules. */
    TrainingPlan<B> ofSearch() {
        TrainingPlan<B> search = new TrainingPlan<>(evaluator, optimizer);
        search.maxNorm = maxNorm;
        search.maxValue = maxValue;
        return search;
    }

    Block model() {
        return evaluator.model();
    }

    boolean isMonitoring() {
        return restoresBest || patience < Integer.MAX_VALUE || plateau != null;
    }

    boolean usesTime() {
        return measurements.values().stream()
                .anyMatch(measurement -> measurement.every().isTime());
    }

    /** The names of the history's values in order, except the names in {@link Outcome#numbers}, which only an outcome tells. */
    List<String> names() {
        List<String> names = new ArrayList<>(List.of(Trainer.LOSS));
        names.addAll(metrics.names());
        measurements
                .values()
                .forEach(measurement -> names.addAll(measurement.names().get()));
        return names;
    }

    /** The names of the values that don't have one value for each epoch. */
    List<String> namesWithSteps() {
        return measurements.values().stream()
                .filter(measurement -> !measurement.every().isEachEpoch())
                .flatMap(measurement -> measurement.names().get().stream())
                .toList();
    }

    /** The settings of a training of a length as texts, for logs. */
    Map<String, String> described(Length length) {
        Map<String, String> settings = new LinkedHashMap<>(described);
        settings.put("length", length.toString());
        settings.put("values", String.join(", ", names()));
        if (isMonitoring()) {
            settings.put("monitor", monitored.toString());
        }
        if (patience < Integer.MAX_VALUE) {
            settings.put("patience", Integer.toString(patience));
        }
        if (restoresBest) {
            settings.put("weights", "the best ones by " + monitored.name());
        }
        return settings;
    }

    /**
     * Refuses settings that contradict each other or the model.
     *
     * @throws IllegalArgumentException if two settings contradict each other
     */
    void check() {
        List<String> names = names();
        Trainer.requireThat(
                !isMonitoring() || names.contains(monitored.name()),
                "'" + monitored.name()
                        + "' is monitored, but not tracked; call validate(batches) or track(name, value), or"
                        + " monitor another value by monitor(name, goal); there are " + names);
        Trainer.requireThat(
                names.stream().distinct().count() == names.size(),
                "two values have one name; give a metric, a validation or a tracked value another: " + names);
        if (plateau != null) {
            Trainer.requireThat(
                    !schedules.containsKey(RATE), "the learning rate is either that of a schedule or of a plateau");
            Trainer.requireThat(
                    optimizer != null,
                    "the function of a batch makes its steps itself, so a plateau sets no learning rate; step it in a"
                            + " listener of onEpoch");
            Trainer.requireThat(
                    plateau.goal() == monitored.goal(),
                    "the goal of the monitored value is " + monitored.goal()
                            + ", but the plateau's is the opposite; call goal(Goal." + monitored.goal()
                            + ") on the plateau");
        }
        boolean clips = maxNorm < Double.POSITIVE_INFINITY || maxValue < Double.POSITIVE_INFINITY;
        if (optimizer == null) {
            Trainer.requireThat(
                    !clips && !measuresNorm && accumulated == 1 && schedules.isEmpty(),
                    "the function of a batch makes its steps itself, so the trainer can neither accumulate, clip nor measure"
                            + " gradients, nor set a learning rate or another setting; do so in the function");
            return;
        }
        List<Tensor> own = optimizer.parameters();
        List<Tensor> parameters = model().parameters();
        Trainer.requireThat(
                parameters.isEmpty()
                        || own.stream().anyMatch(one -> parameters.stream().anyMatch(parameter -> parameter == one)),
                "the optimizer has none of the model's " + parameters.size()
                        + " parameters, so nothing would be trained; make it of model.parameters()");
        Trainer.requireThat(
                own.isEmpty() || own.stream().anyMatch(Tensor::requiresGrad),
                "all " + own.size() + " parameters of the optimizer are frozen, so nothing would be trained; unfreeze()"
                        + " the layers that are to learn");
        Trainer.requireThat(
                !optimizer.needsClosure() || (accumulated == 1 && !clips),
                optimizer.getClass().getSimpleName()
                        + " evaluates the loss of a batch several times a step, so gradients can be neither accumulated (make"
                        + " the batches larger) nor clipped (its line search needs the true ones)");
    }
}
