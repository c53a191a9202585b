package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Backend;
import io.adjoint.nn.Block;
import io.adjoint.nn.optim.Goal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A training that begins or is continued, for logs.
 *
 * @param at the moment from which it goes on; step and epoch are 0 for a new one
 * @param model the model
 * @param settings the settings by name, such as the optimizer
 * @param length the length of the training; null if it is unknown
 * @param monitored the value by which the best epoch is found; null if there is none
 */
public record TrainingRun(
        Moment at,
        Block model,
        Map<String, String> settings,
        @Nullable Length length,
        @Nullable Monitored monitored) {
    /** A training. */
    public TrainingRun {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** A training without a monitored value. */
    public TrainingRun(Moment at, Block model, Map<String, String> settings, @Nullable Length length) {
        this(at, model, settings, length, null);
    }

    /**
     * A value by which the best epoch is found.
     *
     * @param name its name, such as {@code "validation loss"}
     * @param goal the direction in which it gets better
     */
    public record Monitored(String name, Goal goal) {
        /** The name and the goal: {@code validation loss, MIN}. */
        @Override
        public String toString() {
            return name + ", " + goal;
        }
    }

    /** A new training by your own loop: {@code TrainingRun.of(model, Map.of("optimizer", optimizer.toString()))}. */
    public static TrainingRun of(Block model, Map<String, String> settings) {
        return new TrainingRun(Moment.now(0, 0), model, settings, null);
    }

    /** The versions and the machine that it runs on, by name. */
    public static Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        environment.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        environment.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.put("heap", Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB");
        environment.put("backend", Backend.describe());
        return environment;
    }

    /**
     * The model's parameters as a table: path, dtype and shape of each, and their sum. A table with the shapes of outputs needs an input:
     * {@link io.adjoint.nn.Summary#of}.
     */
    public String summary() {
        StringBuilder text = new StringBuilder();
        long elements = 0;
        Map<String, Tensor> parameters = model.namedParameters();
        for (Map.Entry<String, Tensor> parameter : parameters.entrySet()) {
            Tensor tensor = parameter.getValue();
            elements += tensor.shape().size();
            text.append(parameter.getKey())
                    .append("  ")
                    .append(tensor.dtype())
                    .append(' ')
                    .append(tensor.shape())
                    .append(tensor.requiresGrad() ? "" : "  frozen")
                    .append('\n');
        }
        return text.append(String.format(Locale.ROOT, "%,d elements in %d parameters", elements, parameters.size()))
                .toString();
    }
}
