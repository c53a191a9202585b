package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.nn.loss.Reduction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Declares the numbers and arrays that make up the state of a {@link Trainer}, each under a name. */
final class TrainingState {
    private static final String HISTORY = "history.";
    /** The prefix of the name of an array with the steps at which a column of the history got its values. */
    private static final String STEPS = "steps.";
    /**
     * The prefix of the name of an array with the history's column of a number in {@link Outcome#parts}. A trainer learns the names of
     * these numbers from the first outcome.
     */
    private static final String PARTS = "parts.";
    /**
     * The prefix of the name of an array with two sums over the current epoch's batches for a number in {@link Outcome#parts}: the sum of
     * number · batch weight, and the sum of these weights.
     */
    private static final String PART = "part.";

    private static final String GRADIENT = "gradient.";
    private static final String ELAPSED = "elapsed";

    private final Updates updates;
    private final Pass pass;
    private final Monitor monitor;
    private final History history;
    private final TrainingMetrics metrics;
    private final Stopwatch watch;

    /** A column of the history: its values, and their steps if the column doesn't have one value for each epoch. */
    @SuppressWarnings("ArrayRecordComponent") // columns are never compared
    private record Column(String name, double[] values, double @Nullable [] steps) {}

    TrainingState(
            Updates updates, Pass pass, Monitor monitor, History history, TrainingMetrics metrics, Stopwatch watch) {
        this.updates = updates;
        this.pass = pass;
        this.monitor = monitor;
        this.history = history;
        this.metrics = metrics;
        this.watch = watch;
    }

    /**
     * Declares all fields of the state.
     *
     * @param names the names of the history's columns that the trainer knows, in their order
     * @param withSteps the names of the columns that have a value at certain steps, not for each epoch
     * @param weights arrays of the dtypes and shapes of the model's weights, for loading; empty if the best weights are not kept, or a
     *     state is saved
     */
    void declareState(StateFields fields, List<String> names, List<String> withSteps, Map<String, NdArray> weights) {
        long steps = fields.longCount("steps", updates.steps, value -> updates.steps = value);
        int epochs = count(fields, "epochs", pass.epochs);
        int sinceBest = count(fields, "sinceBest", monitor.sinceBest);
        int taken = count(fields, "batches", pass.taken);
        int pending = count(fields, "pending", updates.pending);
        long over = fields.longCount("over", pass.over ? 1 : 0, value -> pass.over = value == 1);
        fields.number("best", monitor.best, value -> monitor.best = value);
        double loss = fields.number("loss", pass.means.loss, value -> pass.means.loss = value);
        double samples = fields.number("samples", pass.means.samples, value -> pass.means.samples = value);
        double pendingSamples =
                fields.number("pendingSamples", updates.pendingSamples, value -> updates.pendingSamples = value);
        fields.onLoad(() -> {
            pass.epochs = epochs;
            monitor.sinceBest = sinceBest;
            pass.taken = taken;
            updates.pending = pending;
            updates.pendingReduction = pending == 0 ? null : pendingSamples == 0 ? Reduction.SUM : Reduction.MEAN;
            pass.close();
        });
        declareElapsed(fields);
        long values = declareHistory(fields, names, withSteps, epochs);
        declareSums(fields);
        metrics.declareState(fields);
        declareWeights(fields, "best.", monitor.bestWeights, weights, loaded -> monitor.bestWeights = loaded);
        declareWeights(fields, "last.", monitor.lastWeights, weights, loaded -> monitor.lastWeights = loaded);
        declareGradients(fields, pending);

        // The checks below refuse combinations of numbers that no training can have.
        fields.require(
                steps >= epochs && sinceBest <= values,
                "in " + epochs + " epochs there cannot be " + steps + " steps and " + sinceBest
                        + " values since the best");
        // The samples of the pending batches are among the epoch's samples. Even when rounded, a sum of nonnegative
        // weights is not less than the sum of some of them.
        boolean sums = Double.isFinite(samples) && pendingSamples >= 0 && samples >= pendingSamples;
        boolean pendings = pending <= taken && (pending > 0 || pendingSamples == 0);
        boolean begun = samples > 0 ? taken > 0 : loss == 0 && over == 0;
        fields.require(
                sums && pendings && begun && over <= (pending > 0 ? 0 : 1),
                "of " + taken + " batches with " + samples + " samples and a loss of " + loss
                        + ", after which the epoch is " + (over == 0 ? "not " : "") + "over, there cannot be " + pending
                        + " with " + pendingSamples + " samples without a step");
    }

    /** Declares a count that fits in an int; it is saved as a long like the larger counts. */
    private static int count(StateFields fields, String name, int value) {
        long loaded = fields.longCount(name, value);
        fields.require(loaded <= Integer.MAX_VALUE, "there cannot be " + loaded + " in '" + name + "'");
        return (int) loaded;
    }

    /** Declares the elapsed seconds of the training, which are part of the state if a setting depends on them. */
    private void declareElapsed(StateFields fields) {
        boolean isUsed = fields.has(ELAPSED, watch.isUsed);
        double elapsed = isUsed ? fields.number(ELAPSED, watch.seconds()) : 0;
        fields.require(elapsed >= 0 && Double.isFinite(elapsed), "'" + ELAPSED + "' is no time: " + elapsed);
        fields.onLoad(() -> {
            watch.isUsed |= isUsed;
            watch.set(elapsed);
        });
    }

    /**
     * Declares the columns of the history that have values. Returns the length of the longest column among the columns in {@code names},
     * which the trainer knows in advance.
     */
    private long declareHistory(StateFields fields, List<String> names, List<String> withSteps, int epochs) {
        List<String> own = new ArrayList<>(history.names());
        own.removeAll(names);
        Set<String> all = new LinkedHashSet<>(fields.isLoading() ? names : history.names());
        all.addAll(names);
        all.addAll(fields.names(PARTS, own));
        List<Column> columns = new ArrayList<>();
        long most = 0;
        for (String name : all) {
            boolean isKnown = names.contains(name);
            String field = (isKnown ? HISTORY : PARTS) + name;
            boolean hasSteps = isKnown ? withSteps.contains(name) : fields.has(STEPS + name, history.hasSteps(name));
            boolean isEachEpoch = isKnown && !hasSteps;
            double[] now = values(name, isEachEpoch);
            if (isEachEpoch ? epochs == 0 : !fields.has(field, now.length > 0)) {
                continue;
            }
            double[] steps = hasSteps ? fields.numbers(STEPS + name, steps(name)) : null;
            double[] values = fields.numbers(field, now);
            int expected = steps == null ? epochs : steps.length;
            fields.require(
                    values.length == expected,
                    "'" + field + "' has " + values.length + " values, but there are " + expected
                            + (steps == null ? " epochs" : " steps"));
            requireRising(fields, name, steps == null ? new double[0] : steps);
            columns.add(new Column(name, values, steps));
            most = isKnown ? Math.max(most, values.length) : most;
        }
        fields.onLoad(() -> {
            history.clear();
            names.forEach(name -> history.declare(name, withSteps.contains(name)));
            columns.forEach(this::set);
        });
        return most;
    }

    /**
     * The values of a column. If a column with one value for each epoch was added after the first epoch, it begins with NaN for the epochs
     * before.
     */
    private double[] values(String name, boolean isEachEpoch) {
        List<Double> known = history.names().contains(name) ? history.values(name) : List.of();
        double[] values = new double[isEachEpoch ? Math.max(pass.epochs, known.size()) : known.size()];
        Arrays.setAll(values, k -> k < known.size() ? known.get(k) : Double.NaN);
        return values;
    }

    private double[] steps(String name) {
        return history.names().contains(name)
                ? history.steps(name).stream().mapToDouble(step -> step).toArray()
                : new double[0];
    }

    private static void requireRising(StateFields fields, String name, double... steps) {
        for (int k = 0; k < steps.length; k++) {
            fields.require(
                    steps[k] == Math.rint(steps[k]) && steps[k] >= (k == 0 ? 0 : steps[k - 1]),
                    "the steps of '" + name + "' do not rise: " + steps[k] + " at position " + k);
        }
    }

    private void set(Column column) {
        double[] steps = column.steps();
        history.declare(column.name(), steps != null);
        for (int k = 0; k < column.values().length; k++) {
            if (steps == null) {
                history.add(column.name(), column.values()[k]);
            } else {
                history.add(column.name(), (long) steps[k], column.values()[k]);
            }
        }
    }

    /** Declares the sums over the current epoch's batches for each number in {@link Outcome#parts}. */
    private void declareSums(StateFields fields) {
        Map<String, double[]> loaded = new LinkedHashMap<>();
        for (String name : fields.names(PART, pass.means.parts.keySet())) {
            double[] sums = fields.numbers(PART + name, pass.means.parts.getOrDefault(name, new double[2]));
            fields.require(sums.length == 2, "'" + PART + name + "' has " + sums.length + " numbers instead of 2");
            loaded.put(name, sums);
        }
        fields.onLoad(() -> {
            pass.means.parts.clear();
            pass.means.parts.putAll(loaded);
        });
    }

    /**
     * Declares weights that the trainer keeps, the best or the last weights: the arrays of all parameters and buffers of the model, or
     * nothing if no weights were kept before the state was saved.
     */
    private static void declareWeights(
            StateFields fields,
            String prefix,
            Map<String, NdArray> now,
            Map<String, NdArray> weights,
            Consumer<Map<String, NdArray>> setter) {
        boolean has = !fields.names(prefix, now.keySet()).isEmpty();
        Map<String, NdArray> loaded = new LinkedHashMap<>();
        Map<String, NdArray> expected = fields.isLoading() ? weights : now;
        expected.forEach((path, array) -> {
            if (has) {
                fields.array(prefix + path, array, value -> loaded.put(path, value));
            }
        });
        fields.onLoad(() -> setter.accept(loaded));
    }

    /** Declares the gradients that are accumulated for the next step; a parameter may have none. */
    private void declareGradients(StateFields fields, int pending) {
        List<Tensor> parameters = updates.parameters();
        for (int k = 0; k < parameters.size(); k++) {
            Tensor parameter = parameters.get(k);
            fields.onLoad(() -> parameter.setGrad(null));
            // grad() is called only if the gradient is saved, since later gradients can't reuse the memory of an array
            // that grad() has returned.
            Tensor now = pending == 0 || fields.isLoading() ? null : parameter.grad();
            if (pending > 0 && fields.has(GRADIENT + k, now != null)) {
                fields.array(
                        GRADIENT + k,
                        now == null ? parameter.data() : now.data(),
                        gradient -> parameter.setGrad(Tensor.of(gradient)));
            }
        }
    }
}
