package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.State;
import io.adjoint.nn.State.Slot;
import io.adjoint.nn.data.DataLoader;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** All that a {@link Trainer} carries from batch to batch and from epoch to epoch, besides the gradients. */
final class Course {
    private static final String HISTORY = "history.";
    private static final String BEST = "best.";
    private static final String GRADIENT = "gradient.";
    /** The names of numbers of a state, all FLOAT64. */
    private static final List<String> COUNTS = List.of("steps", "epochs", "sinceBest", "batches", "pending", "over");

    private static final List<String> SUMS = List.of("best", "loss", "samples", "pendingSamples");

    final History history = new History();
    int steps;
    int epochs;

    double best = Double.NaN;
    int sinceBest;
    Map<String, NdArray> bestWeights = Map.of();

    /** The number of batches taken in the epoch under way; 0 between epochs. */
    int taken;
    /** The sum of their losses, each times what the batch counts. */
    double loss;

    double samples;
    /** The number of those that made no step yet. */
    int pending;

    double pendingSamples;
    /** True if the epoch has no more batches, and is evaluated. */
    boolean over;

    /** Ends the epoch under way. */
    void endEpoch(Map<String, Double> values) {
        epochs++;
        values.forEach((name, value) -> history.add(name, epochs - 1, value));
        beginEpoch();
    }

    /** Forgets the epoch under way. */
    void beginEpoch() {
        taken = 0;
        loss = 0;
        samples = 0;
        pending = 0;
        pendingSamples = 0;
        over = false;
    }

    void add(double batchLoss, double weight) {
        taken++;
        loss += weight * batchLoss;
        samples += weight;
        pending++;
        pendingSamples += weight;
    }

    void stepped() {
        steps++;
        pending = 0;
        pendingSamples = 0;
    }

    /** Takes the value of an epoch that is over; returns whether it is the best so far. */
    boolean isBest(double value, Goal goal) {
        boolean better = epochs == 1 || goal.isBetter(value, best);
        best = better ? value : best;
        sinceBest = better ? 0 : sinceBest + 1;
        return better;
    }

    /** The batches of the epoch that were not taken yet: all, unless a state was loaded. */
    <B> Iterator<? extends B> rest(Iterable<? extends B> batches) {
        if (taken > 0 && batches instanceof DataLoader<?> loader) {
            int position = (int) array(loader.state(), "position").item();
            if (position != taken) {
                throw new IllegalStateException("Trainer: in the epoch of the state, " + taken
                        + " batches were taken, but of the loader's " + position + "; load its state, too");
            }
            return batches.iterator();
        }
        Iterator<? extends B> all = batches.iterator();
        for (int k = 0; k < taken && all.hasNext(); k++) {
            all.next();
        }
        return all;
    }

    /** The part of the epoch's batches that is over; 0 as long as nobody knows how many there are. */
    double part(Iterable<?> batches) {
        int all = batches instanceof DataLoader<?> loader
                ? loader.size()
                : batches instanceof Collection<?> collection ? collection.size() : 0;
        return all == 0 ? 0 : Math.min(1, (double) taken / all);
    }

    // ---- states ----

    Map<String, NdArray> state(List<Tensor> parameters) {
        Map<String, NdArray> state = new LinkedHashMap<>();
        put(state, COUNTS, steps, epochs, sinceBest, taken, pending, over ? 1 : 0);
        put(state, SUMS, best, loss, samples, pendingSamples);
        for (String name : history.names()) {
            double[] column =
                    history.values(name).stream().mapToDouble(value -> value).toArray();
            state.put(HISTORY + name, NdArray.of(Shape.of(column.length), column));
        }
        bestWeights.forEach((path, array) -> state.put(BEST + path, array.copy()));
        for (int k = 0; pending > 0 && k < parameters.size(); k++) {
            Tensor gradient = parameters.get(k).grad();
            if (gradient != null) {
                state.put(GRADIENT + k, gradient.data().copy());
            }
        }
        return state;
    }

    private static void put(Map<String, NdArray> state, List<String> names, double... values) {
        for (int k = 0; k < values.length; k++) {
            state.put(names.get(k), NdArray.scalar(DType.FLOAT64, values[k]));
        }
    }

    /**
     * The course of a state; puts its gradients in place of those that there are.
     *
     * @param tracked the names of the values of each epoch
     * @param weights the slots of the best weights; none if they are not kept
     */
    static Course load(
            Map<String, NdArray> state, Iterable<String> tracked, Map<String, Slot> weights, List<Tensor> parameters) {
        Map<String, Slot> expected = new LinkedHashMap<>();
        Stream.concat(COUNTS.stream(), SUMS.stream())
                .forEach(name -> expected.put(name, new Slot(DType.FLOAT64, Shape.scalar())));
        int epochs = (int) numberOr0(state, "epochs");
        if (epochs > 0) {
            tracked.forEach(name -> expected.put(HISTORY + name, new Slot(DType.FLOAT64, Shape.of(epochs))));
        }
        // There are none yet if they are kept from now on only.
        boolean hasBest = state.keySet().stream().anyMatch(name -> name.startsWith(BEST));
        Map<String, Slot> best = hasBest ? weights : Map.of();
        best.forEach((path, slot) -> expected.put(BEST + path, slot));
        for (int k = 0; numberOr0(state, "pending") > 0 && k < parameters.size(); k++) {
            if (state.containsKey(GRADIENT + k)) {
                expected.put(GRADIENT + k, Slot.of(parameters.get(k).data()));
            }
        }
        State.requireMatch("Trainer", expected, state);
        for (String name : COUNTS) {
            double value = numberOr0(state, name);
            if (!(value >= 0 && value == Math.rint(value) && value <= Integer.MAX_VALUE)) {
                throw new IllegalArgumentException("Trainer: the state does not fit, and nothing was loaded: '" + name
                        + "' is no count: " + value);
            }
        }
        Course course = new Course();
        course.steps = (int) numberOr0(state, "steps");
        course.epochs = epochs;
        course.best = numberOr0(state, "best");
        course.sinceBest = (int) numberOr0(state, "sinceBest");
        course.taken = (int) numberOr0(state, "batches");
        course.loss = numberOr0(state, "loss");
        course.samples = numberOr0(state, "samples");
        course.pending = (int) numberOr0(state, "pending");
        course.pendingSamples = numberOr0(state, "pendingSamples");
        course.over = numberOr0(state, "over") != 0;
        if (epochs > 0) {
            for (String name : tracked) {
                for (double value : array(state, HISTORY + name).toDoubleArray()) {
                    course.history.add(name, value);
                }
            }
        }
        course.bestWeights = new LinkedHashMap<>();
        best.keySet()
                .forEach(path ->
                        course.bestWeights.put(path, array(state, BEST + path).copy()));
        for (int k = 0; k < parameters.size(); k++) {
            NdArray gradient = state.get(GRADIENT + k);
            parameters.get(k).setGrad(gradient == null ? null : Tensor.of(gradient.copy()));
        }
        return course;
    }

    private static NdArray array(Map<String, NdArray> state, String name) {
        return Objects.requireNonNull(state.get(name));
    }

    private static double numberOr0(Map<String, NdArray> state, String name) {
        NdArray array = state.get(name);
        return array == null || array.size() != 1 ? 0 : array.item();
    }
}
