package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.State;
import io.adjoint.core.State.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleConsumer;
import java.util.function.DoublePredicate;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** The state of a {@link Trainer}: the numbers and arrays of its parts, by name. */
final class TrainingState {
    private static final String HISTORY = "history.";
    /** Of a column of the history the steps of its values. */
    private static final String STEPS = "steps.";
    /** A column of the history for a part of the outcomes, of which a trainer knows only once it has seen it. */
    private static final String PARTS = "parts.";
    /** Of the epoch under way the sum of a part of the outcomes, and of the weights. */
    private static final String PART = "part.";

    private static final String BEST = "best.";
    private static final String LAST = "last.";
    private static final String GRADIENT = "gradient.";
    private static final String ELAPSED = "elapsed";
    private static final Slot NUMBER = new Slot(DType.FLOAT64, Shape.scalar());

    private final Updates updates;
    private final Pass pass;
    private final Monitor monitor;
    private final History history;
    private final TrainingMetrics metrics;
    private final Stopwatch watch;
    private final List<Field> fields;

    /** A number of the state, the numbers that it may be, and the variable that has it. */
    private record Field(String name, DoublePredicate possible, DoubleSupplier getter, DoubleConsumer setter) {
        static Field count(String name, long most, DoubleSupplier getter, DoubleConsumer setter) {
            return new Field(name, value -> value >= 0 && value <= most && value == Math.rint(value), getter, setter);
        }

        static Field sum(String name, DoubleSupplier getter, DoubleConsumer setter) {
            return new Field(name, value -> true, getter, setter);
        }
    }

    TrainingState(
            Updates updates, Pass pass, Monitor monitor, History history, TrainingMetrics metrics, Stopwatch watch) {
        this.updates = updates;
        this.pass = pass;
        this.monitor = monitor;
        this.history = history;
        this.metrics = metrics;
        this.watch = watch;
        fields = List.of(
                // Up to 2^53 a double counts exactly.
                Field.count("steps", 1L << 53, () -> updates.steps, value -> updates.steps = (long) value),
                Field.count("epochs", Integer.MAX_VALUE, () -> pass.epochs, value -> pass.epochs = (int) value),
                Field.count(
                        "sinceBest",
                        Integer.MAX_VALUE,
                        () -> monitor.sinceBest,
                        value -> monitor.sinceBest = (int) value),
                Field.count("batches", Integer.MAX_VALUE, () -> pass.taken, value -> pass.taken = (int) value),
                Field.count(
                        "pending", Integer.MAX_VALUE, () -> updates.pending, value -> updates.pending = (int) value),
                Field.count("over", 1, () -> pass.over ? 1 : 0, value -> pass.over = value != 0),
                Field.sum("best", () -> monitor.best, value -> monitor.best = value),
                Field.sum("loss", () -> pass.means.loss, value -> pass.means.loss = value),
                Field.sum("samples", () -> pass.means.samples, value -> pass.means.samples = value),
                Field.sum("pendingSamples", () -> updates.pendingSamples, value -> updates.pendingSamples = value));
    }

    /**
     * A copy of all that is carried.
     *
     * @param names the names of the history's columns that the trainer knows
     * @param withSteps those of which the values have steps
     */
    Map<String, NdArray> save(List<String> names, List<String> withSteps) {
        Map<String, NdArray> state = new LinkedHashMap<>();
        fields.forEach(field -> state.put(field.name(), number(field.getter().getAsDouble())));
        if (watch.isUsed) {
            state.put(ELAPSED, number(watch.seconds()));
        }
        Set<String> columns = new LinkedHashSet<>(history.names());
        columns.addAll(names);
        for (String name : columns) {
            double[] values = values(name, names.contains(name) && !withSteps.contains(name));
            if (values.length == 0) {
                continue;
            }
            if (history.hasSteps(name)) {
                state.put(
                        STEPS + name,
                        column(history.steps(name).stream()
                                .mapToDouble(step -> step)
                                .toArray()));
            }
            state.put((names.contains(name) ? HISTORY : PARTS) + name, column(values));
        }
        pass.means.parts.forEach((name, sums) -> state.put(PART + name, column(sums)));
        metrics.save(state);
        monitor.bestWeights.forEach((path, array) -> state.put(BEST + path, array.copy()));
        monitor.lastWeights.forEach((path, array) -> state.put(LAST + path, array.copy()));
        List<Tensor> parameters = updates.parameters();
        for (int k = 0; updates.pending > 0 && k < parameters.size(); k++) {
            Tensor gradient = parameters.get(k).grad();
            if (gradient != null) {
                state.put(GRADIENT + k, gradient.data().copy());
            }
        }
        return state;
    }

    /** The values of a column; of one for each epoch that is new since some epochs, NaN for these. */
    private double[] values(String name, boolean isEachEpoch) {
        List<Double> known = history.names().contains(name) ? history.values(name) : List.of();
        double[] values = new double[isEachEpoch ? Math.max(pass.epochs, known.size()) : known.size()];
        Arrays.setAll(values, k -> k < known.size() ? known.get(k) : Double.NaN);
        return values;
    }

    /**
     * Continues from a state.
     *
     * @param given the state
     * @param names the names of the history's columns, in their order
     * @param withSteps those of which the values have steps
     * @param weights the slots of the model's weights; none if the best are not kept
     * @throws IllegalArgumentException if it does not fit; then nothing has changed
     */
    void load(Map<String, NdArray> given, List<String> names, List<String> withSteps, Map<String, Slot> weights) {
        Map<String, NdArray> state = new LinkedHashMap<>(given);
        int epochs = (int) unchecked(state, "epochs");
        Map<String, Slot> expected = new LinkedHashMap<>();
        fields.forEach(field -> expected.put(field.name(), NUMBER));
        if (state.containsKey(ELAPSED)) {
            expected.put(ELAPSED, NUMBER);
        }
        for (String name : names) {
            if (!withSteps.contains(name) && epochs > 0) {
                expected.put(HISTORY + name, new Slot(DType.FLOAT64, Shape.of(epochs)));
            } else if (withSteps.contains(name) && state.containsKey(HISTORY + name)) {
                expected.put(HISTORY + name, ofAnyLength(state, HISTORY + name));
                expected.put(STEPS + name, ofAnyLength(state, HISTORY + name));
            }
        }
        List<String> columns = named(state, PARTS);
        for (String name : columns) {
            boolean hasSteps = state.containsKey(STEPS + name);
            Slot slot = hasSteps
                    ? ofAnyLength(state, PARTS + name)
                    : new Slot(DType.FLOAT64, Shape.of(Math.max(0, epochs)));
            expected.put(PARTS + name, slot);
            if (hasSteps) {
                expected.put(STEPS + name, slot);
            }
        }
        List<String> sums = named(state, PART);
        sums.forEach(name -> expected.put(PART + name, new Slot(DType.FLOAT64, Shape.of(2))));
        Map<String, Slot> best = ofPart(state, BEST, weights);
        Map<String, Slot> last = ofPart(state, LAST, weights);
        best.forEach((path, slot) -> expected.put(BEST + path, slot));
        last.forEach((path, slot) -> expected.put(LAST + path, slot));
        List<Tensor> parameters = updates.parameters();
        for (int k = 0; unchecked(state, "pending") > 0 && k < parameters.size(); k++) {
            if (state.containsKey(GRADIENT + k)) {
                expected.put(GRADIENT + k, Slot.of(parameters.get(k).data()));
            }
        }
        Map<String, NdArray> numbersBefore = new LinkedHashMap<>();
        fields.forEach(
                field -> numbersBefore.put(field.name(), number(field.getter().getAsDouble())));
        Runnable metricsBefore = metrics.load(state);
        try {
            State.requireMatch("Trainer", expected, state);
            setNumbers(state);
            requirePossible(longest(state, names));
            requireRising(state);
            double elapsed = elapsed(state);
            requireFit(elapsed >= 0 && Double.isFinite(elapsed), "'" + ELAPSED + "' is no time: " + elapsed);
        } catch (RuntimeException e) {
            metricsBefore.run();
            setNumbers(numbersBefore);
            throw e;
        }
        watch.isUsed |= state.containsKey(ELAPSED);
        watch.set(elapsed(state));
        setHistory(state, names, withSteps, columns);
        pass.means.parts.clear();
        sums.forEach(
                name -> pass.means.parts.put(name, array(state, PART + name).toDoubleArray()));
        pass.close();
        monitor.bestWeights = weights(state, BEST, best);
        monitor.lastWeights = weights(state, LAST, last);
        for (int k = 0; k < parameters.size(); k++) {
            NdArray gradient = state.get(GRADIENT + k);
            parameters.get(k).setGrad(gradient == null ? null : Tensor.of(gradient.copy()));
        }
    }

    private void setNumbers(Map<String, NdArray> state) {
        for (Field field : fields) {
            double value = array(state, field.name()).item();
            requireFit(field.possible().test(value), "'" + field.name() + "' is no count: " + value);
        }
        fields.forEach(field -> field.setter().accept(array(state, field.name()).item()));
    }

    private void setHistory(
            Map<String, NdArray> state, List<String> names, List<String> withSteps, List<String> parts) {
        history.clear();
        names.forEach(name -> history.declare(name, withSteps.contains(name)));
        for (String name : names) {
            if (state.containsKey(HISTORY + name)) {
                setColumn(
                        name,
                        array(state, HISTORY + name),
                        withSteps.contains(name) ? array(state, STEPS + name) : null);
            }
        }
        parts.forEach(name -> setColumn(name, array(state, PARTS + name), state.get(STEPS + name)));
    }

    private void setColumn(String name, NdArray values, @Nullable NdArray steps) {
        history.declare(name, steps != null);
        for (int k = 0; k < values.shape().dim(0); k++) {
            if (steps == null) {
                history.add(name, values.get(k));
            } else {
                history.add(name, (long) steps.get(k), values.get(k));
            }
        }
    }

    private static long longest(Map<String, NdArray> state, List<String> names) {
        return names.stream()
                .map(name -> state.get(HISTORY + name))
                .mapToLong(column -> column == null ? 0 : column.size())
                .max()
                .orElse(0);
    }

    /** Refuses numbers that no training has together. */
    private void requirePossible(long values) {
        requireFit(
                updates.steps >= pass.epochs && monitor.sinceBest <= values,
                "in " + pass.epochs + " epochs there cannot be " + updates.steps + " steps and " + monitor.sinceBest
                        + " values since the best");
        double samples = pass.means.samples;
        // Sums are never less than what they are made of, also if they were rounded.
        boolean sums = Double.isFinite(samples) && updates.pendingSamples >= 0 && samples >= updates.pendingSamples;
        boolean pendings = updates.pending <= pass.taken && (updates.pending > 0) == (updates.pendingSamples > 0);
        boolean begun = samples > 0 ? pass.taken > 0 : pass.means.loss == 0 && !pass.over;
        requireFit(
                sums && pendings && begun && !(pass.over && updates.pending > 0),
                "of " + pass.taken + " batches with " + samples + " samples and a loss of " + pass.means.loss
                        + ", after which the epoch is "
                        + (pass.over ? "" : "not ") + "over, there cannot be " + updates.pending + " with "
                        + updates.pendingSamples + " samples without a step");
    }

    /** Refuses columns whose values are not in the order of their steps. */
    private static void requireRising(Map<String, NdArray> state) {
        for (String name : named(state, STEPS)) {
            double[] steps = array(state, STEPS + name).toDoubleArray();
            for (int k = 0; k < steps.length; k++) {
                requireFit(
                        steps[k] == Math.rint(steps[k]) && steps[k] >= (k == 0 ? 0 : steps[k - 1]),
                        "the steps of '" + name + "' do not rise: " + steps[k] + " at position " + k);
            }
        }
    }

    /** The seconds of a training; 0 where nothing went by them. */
    private static double elapsed(Map<String, NdArray> state) {
        return state.containsKey(ELAPSED) ? array(state, ELAPSED).item() : 0;
    }

    private static void requireFit(boolean condition, String problem) {
        Trainer.requireThat(condition, "the state does not fit, and nothing was loaded: " + problem);
    }

    private static NdArray number(double value) {
        return NdArray.scalar(DType.FLOAT64, value);
    }

    private static NdArray column(double... values) {
        return NdArray.of(Shape.of(values.length), values);
    }

    private static Slot ofAnyLength(Map<String, NdArray> state, String name) {
        Shape shape = array(state, name).shape();
        return new Slot(DType.FLOAT64, shape.rank() == 1 ? shape : Shape.of(0));
    }

    /** The names that follow a prefix in a state, sorted. */
    private static List<String> named(Map<String, NdArray> state, String prefix) {
        TreeSet<String> names = new TreeSet<>();
        state.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> names.add(name.substring(prefix.length())));
        return new ArrayList<>(names);
    }

    /** The weights that a state is to have of a part: all, or none if it has nothing of that part, as there may be none yet. */
    private static Map<String, Slot> ofPart(Map<String, NdArray> state, String part, Map<String, Slot> weights) {
        return state.keySet().stream().anyMatch(name -> name.startsWith(part)) ? weights : Map.of();
    }

    private static Map<String, NdArray> weights(Map<String, NdArray> state, String part, Map<String, Slot> slots) {
        Map<String, NdArray> weights = new LinkedHashMap<>();
        slots.keySet()
                .forEach(path -> weights.put(path, array(state, part + path).copy()));
        return weights;
    }

    private static NdArray array(Map<String, NdArray> state, String name) {
        return Objects.requireNonNull(state.get(name));
    }

    /** A number that decides which arrays a state must have; 0 if the state has none such, which is refused later. */
    private static double unchecked(Map<String, NdArray> state, String name) {
        NdArray array = state.get(name);
        return array != null && Slot.of(array).equals(NUMBER) ? array.item() : 0;
    }
}
