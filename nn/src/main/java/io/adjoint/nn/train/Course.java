package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.State;
import io.adjoint.core.State.Slot;
import io.adjoint.nn.data.BatchIterator;
import io.adjoint.nn.data.DataLoader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoublePredicate;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ObjLongConsumer;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** All that a {@link Trainer} carries from batch to batch and from epoch to epoch, besides the gradients. */
final class Course {
    private static final String HISTORY = "history.";
    private static final String BEST = "best.";
    private static final String GRADIENT = "gradient.";
    private static final String LAST = "last.";
    private static final Slot NUMBER = new Slot(DType.FLOAT64, Shape.scalar());

    /** The numbers of a state, all FLOAT64. */
    private static final List<Field> FIELDS = List.of(
            // Up to 2^53 a double counts exactly.
            Field.count("steps", 1L << 53, c -> c.steps, (c, value) -> c.steps = value),
            Field.count("epochs", Integer.MAX_VALUE, c -> c.epochs, (c, value) -> c.epochs = (int) value),
            Field.count("sinceBest", Integer.MAX_VALUE, c -> c.sinceBest, (c, value) -> c.sinceBest = (int) value),
            Field.count("batches", Integer.MAX_VALUE, c -> c.taken, (c, value) -> c.taken = (int) value),
            Field.count("pending", Integer.MAX_VALUE, c -> c.pending, (c, value) -> c.pending = (int) value),
            Field.count("over", 1, c -> c.over ? 1 : 0, (c, value) -> c.over = value != 0),
            Field.sum("best", c -> c.best, (c, value) -> c.best = value),
            Field.sum("loss", c -> c.loss, (c, value) -> c.loss = value),
            Field.sum("samples", c -> c.samples, (c, value) -> c.samples = value),
            Field.sum("pendingSamples", c -> c.pendingSamples, (c, value) -> c.pendingSamples = value));

    /** A number of a state, the numbers that it may be, and the field that has it. */
    private record Field(
            String name, DoublePredicate possible, ToDoubleFunction<Course> of, ObjDoubleConsumer<Course> setter) {
        static Field count(String name, long most, ToLongFunction<Course> of, ObjLongConsumer<Course> setter) {
            return new Field(
                    name,
                    value -> value >= 0 && value <= most && value == Math.rint(value),
                    of::applyAsLong,
                    (course, value) -> setter.accept(course, (long) value));
        }

        static Field sum(String name, ToDoubleFunction<Course> of, ObjDoubleConsumer<Course> setter) {
            return new Field(name, value -> true, of, setter);
        }

        void load(Course course, double value) {
            requireFit(possible.test(value), "'" + name + "' is no count: " + value);
            setter.accept(course, value);
        }
    }

    final History history = new History();
    long steps;
    int epochs;

    double best = Double.NaN;
    int sinceBest;
    Map<String, NdArray> bestWeights = Map.of();
    /** The weights that the training goes on with, where the model got the best ones instead; else none. */
    Map<String, NdArray> lastWeights = Map.of();

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

    /** The number of batches that an epoch has; 0 as long as nobody knows. */
    private int size;

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

    /** Forgets what an epoch that failed was about: its training, or, if that was over, its evaluation alone. */
    void fail() {
        if (!over || pending > 0) {
            beginEpoch();
        }
    }

    /** The batches of the epoch that were not taken yet: all, unless a state was loaded, none if it is over. */
    <B> Iterator<? extends B> rest(Iterable<? extends B> batches) {
        if (over) {
            return Collections.emptyIterator();
        }
        size = batches instanceof DataLoader<?> loader
                ? loader.size()
                : batches instanceof Collection<?> collection ? collection.size() : 0;
        Iterator<? extends B> rest = batches.iterator();
        if (taken == 0 && position(rest) > 0) {
            // The rest of an epoch that is none of this course, or that failed. The next iteration is a whole one.
            rest = batches.iterator();
        }
        if (rest instanceof BatchIterator<?> known) {
            requireState(known.position() == taken, "of the loader's " + known.position() + "; load its state, too");
            return rest;
        }
        for (int k = 0; k < taken; k++) {
            requireState(
                    rest.hasNext(),
                    "an iteration has only " + k + "; if it is the rest of an epoch, let it give a BatchIterator");
            rest.next();
        }
        return rest;
    }

    private static int position(Iterator<?> batches) {
        return batches instanceof BatchIterator<?> known ? known.position() : 0;
    }

    private void requireState(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalStateException(
                    "Trainer: in the epoch of the state, " + taken + " batches were taken, but " + problem);
        }
    }

    /** The part of the epoch's batches that is over; 0 as long as nobody knows how many there are. */
    double part() {
        return size == 0 ? 0 : Math.min(1, (double) taken / size);
    }

    // ---- states ----

    Map<String, NdArray> state(List<Tensor> parameters) {
        Map<String, NdArray> state = new LinkedHashMap<>();
        FIELDS.forEach(field ->
                state.put(field.name(), NdArray.scalar(DType.FLOAT64, field.of().applyAsDouble(this))));
        for (String name : history.names()) {
            double[] column =
                    history.values(name).stream().mapToDouble(value -> value).toArray();
            state.put(HISTORY + name, NdArray.of(Shape.of(column.length), column));
        }
        bestWeights.forEach((path, array) -> state.put(BEST + path, array.copy()));
        lastWeights.forEach((path, array) -> state.put(LAST + path, array.copy()));
        for (int k = 0; pending > 0 && k < parameters.size(); k++) {
            Tensor gradient = parameters.get(k).grad();
            if (gradient != null) {
                state.put(GRADIENT + k, gradient.data().copy());
            }
        }
        return state;
    }

    /**
     * The course of a state, but for its gradients.
     *
     * @param tracked the names of the values of each epoch
     * @param weights the slots of the model's weights; none if the best are not kept
     */
    static Course load(
            Map<String, NdArray> state, Iterable<String> tracked, Map<String, Slot> weights, List<Tensor> parameters) {
        Map<String, Slot> expected = new LinkedHashMap<>();
        FIELDS.forEach(field -> expected.put(field.name(), NUMBER));
        int epochs = (int) unchecked(state, "epochs");
        List<String> columns = new ArrayList<>();
        if (epochs > 0) {
            tracked.forEach(columns::add);
        }
        columns.forEach(name -> expected.put(HISTORY + name, new Slot(DType.FLOAT64, Shape.of(epochs))));
        Map<String, Slot> best = ofPart(state, BEST, weights);
        Map<String, Slot> last = ofPart(state, LAST, weights);
        best.forEach((path, slot) -> expected.put(BEST + path, slot));
        last.forEach((path, slot) -> expected.put(LAST + path, slot));
        for (int k = 0; unchecked(state, "pending") > 0 && k < parameters.size(); k++) {
            if (state.containsKey(GRADIENT + k)) {
                expected.put(GRADIENT + k, Slot.of(parameters.get(k).data()));
            }
        }
        State.requireMatch("Trainer", expected, state);
        Course course = new Course();
        FIELDS.forEach(field -> field.load(course, array(state, field.name()).item()));
        course.requirePossible();
        for (String name : columns) {
            for (double value : array(state, HISTORY + name).toDoubleArray()) {
                course.history.add(name, value);
            }
        }
        course.bestWeights = weights(state, BEST, best);
        course.lastWeights = weights(state, LAST, last);
        return course;
    }

    /** Refuses numbers that no training has together. */
    private void requirePossible() {
        requireFit(
                steps >= epochs && sinceBest <= epochs,
                "in " + epochs + " epochs there cannot be " + steps + " steps and " + sinceBest + " since the best");
        // Sums are never less than what they are made of, also if they were rounded.
        boolean sums = Double.isFinite(samples) && pendingSamples >= 0 && samples >= pendingSamples;
        boolean pendings = pending <= taken && (pending > 0) == (pendingSamples > 0);
        boolean begun = samples > 0 ? taken > 0 : loss == 0 && !over;
        requireFit(
                sums && pendings && begun && !(over && pending > 0),
                "of " + taken + " batches with " + samples + " samples and a loss of " + loss
                        + ", after which the epoch is "
                        + (over ? "" : "not ") + "over, there cannot be " + pending + " with " + pendingSamples
                        + " samples without a step");
    }

    private static void requireFit(boolean condition, String problem) {
        Trainer.requireThat(condition, "the state does not fit, and nothing was loaded: " + problem);
    }

    /** Gives parameters the gradients of a state that was loaded, in place of those that they have. */
    static void restoreGradients(Map<String, NdArray> state, List<Tensor> parameters) {
        for (int k = 0; k < parameters.size(); k++) {
            NdArray gradient = state.get(GRADIENT + k);
            parameters.get(k).setGrad(gradient == null ? null : Tensor.of(gradient.copy()));
        }
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
