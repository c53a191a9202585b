package io.adjoint.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a state, as {@link Stateful#declareState} declares them. One declaration both saves and loads. While a state is saved, each
 * method takes the field's value and returns it. While a state is loaded, each method looks up the array of the field's name, checks that
 * it fits the field, and returns the loaded value. So the declaration of later fields can depend on a loaded count. Setters run only if the
 * whole state fits.
 *
 * <pre>{@code
 * public void declareState(StateFields fields) {
 *     double given = fields.number("rate", rate, value -> rate = value);
 *     fields.count("calls", calls, value -> calls = value);            // an int that is not negative; longCount for a long
 *     fields.array("mean", mean);                                      // elements are replaced in place
 *     fields.numbers("losses", losses, values -> losses = values);     // of any length
 *     fields.part("generator", rng);                                   // its fields: generator.state
 *     fields.require(given >= 0, "the rate must not be negative, got " + given);
 * }
 * }</pre>
 *
 * <p>An array that doesn't fit is noted, and its method returns the field's value, as if nothing was loaded; all such arrays are in the
 * message. A class whose fields change together builds its next value from the returned ones, and assigns it by {@link #onLoad}.
 */
public final class StateFields {
    private static final Slot NUMBER = new Slot(DType.FLOAT64, Shape.scalar());
    private static final Slot COUNT = new Slot(DType.INT32, Shape.scalar());
    /** The largest count: up to 2⁵³ a double represents every integer. */
    private static final long LARGEST_COUNT = 1L << 53;

    private final StatePass pass;
    private final UnaryOperator<String> naming;

    /** The dtype and shape of an array of a state. */
    public record Slot(DType dtype, Shape shape) {
        /** The dtype and shape of an array. */
        public static Slot of(NdArray array) {
            return new Slot(array.dtype(), array.shape());
        }

        @Override
        public String toString() {
            return dtype + " " + shape;
        }
    }

    private StateFields(StatePass pass, UnaryOperator<String> naming) {
        this.pass = pass;
        this.naming = naming;
    }

    /**
     * An object's state as {@link Stateful#state()} gives it, without copies: the arrays change with the object. For a state that is
     * written at once, such as to a file.
     */
    public static Map<String, NdArray> current(Stateful object) {
        return saved(object, false);
    }

    /** An object's state, by the names and in the order of its fields. */
    static Map<String, NdArray> saved(Stateful object, boolean copies) {
        StatePass pass = new StatePass(name(object), null, copies);
        object.declareState(new StateFields(pass, UnaryOperator.identity()));
        return pass.saved;
    }

    static String name(Stateful object) {
        Class<?> type = object.getClass();
        return type.isHidden() || type.isAnonymousClass() ? "Stateful" : type.getSimpleName();
    }

    /**
     * Checks a state of an object, without a change to the object. So several objects can all be checked before the first one is assigned.
     * The assignments may keep the state's arrays, without a copy, so the caller doesn't change or use them any more.
     *
     * @return the assignments that load the state
     * @throws IllegalArgumentException as {@link Stateful#load} does
     */
    @CanIgnoreReturnValue
    public static Runnable check(Stateful object, Map<String, NdArray> state) {
        return check(name(object), object, state);
    }

    /**
     * Checks a state as {@link #check(Stateful, Map)} does, of an object whose class says nothing, such as a lambda.
     *
     * @param owner the name in messages
     */
    @CanIgnoreReturnValue
    public static Runnable check(String owner, Stateful object, Map<String, NdArray> state) {
        return checked(owner, object, state, false);
    }

    static Runnable checked(String owner, Stateful object, Map<String, NdArray> state, boolean copies) {
        StatePass pass = new StatePass(owner, state, copies);
        object.declareState(new StateFields(pass, UnaryOperator.identity()));
        return pass.assignments(state.keySet());
    }

    // ---- fields ----

    /**
     * A number, saved as a FLOAT64 scalar; it may be infinite or NaN.
     *
     * @return the number that is loaded, or the given one
     */
    @CanIgnoreReturnValue
    public double number(String name, double value, DoubleConsumer setter) {
        double loaded = number(name, value);
        onLoad(() -> setter.accept(loaded));
        return loaded;
    }

    /** A number that the caller assigns by {@link #onLoad}. */
    public double number(String name, double value) {
        NdArray array = declare(name, NUMBER, () -> NdArray.scalar(DType.FLOAT64, value));
        return array == null ? value : array.item();
    }

    /**
     * A count, saved as an INT32 scalar; a state with a negative count does not fit.
     *
     * @return the count that is loaded, or the given one
     * @throws IllegalStateException if the given count is negative
     */
    @CanIgnoreReturnValue
    public int count(String name, int value, IntConsumer setter) {
        int loaded = count(name, value);
        onLoad(() -> setter.accept(loaded));
        return loaded;
    }

    /**
     * A count that the caller assigns by {@link #onLoad}.
     *
     * @throws IllegalStateException if the given count is negative
     */
    public int count(String name, int value) {
        requireCount(name, value);
        NdArray array = declare(name, COUNT, () -> NdArray.scalar(DType.INT32, value));
        return array != null && isCount(name, array.item()) ? (int) array.item() : value;
    }

    /**
     * A count that may exceed the range of int, saved as a FLOAT64 scalar; a state with a count that is not a whole number from 0 to 2⁵³
     * does not fit.
     *
     * @return the count that is loaded, or the given one
     * @throws IllegalStateException if the given count is negative or above 2⁵³
     */
    @CanIgnoreReturnValue
    public long longCount(String name, long value, LongConsumer setter) {
        long loaded = longCount(name, value);
        onLoad(() -> setter.accept(loaded));
        return loaded;
    }

    /**
     * A count that may exceed the range of int, and that the caller assigns by {@link #onLoad}.
     *
     * @throws IllegalStateException if the given count is negative or above 2⁵³
     */
    public long longCount(String name, long value) {
        requireCount(name, value);
        NdArray array = declare(name, NUMBER, () -> NdArray.scalar(DType.FLOAT64, (double) value));
        return array != null && isCount(name, array.item()) ? (long) array.item() : value;
    }

    /**
     * A list of counts, which may exceed the range of int, saved as a FLOAT64 array of one axis; a state with a count that is not a whole
     * number from 0 to 2⁵³ does not fit.
     *
     * @return the counts that are loaded, or the given ones
     * @throws IllegalStateException if a given count is negative or above 2⁵³
     */
    @CanIgnoreReturnValue
    public long[] longCounts(String name, long[] values, Consumer<long[]> setter) {
        long[] loaded = longCounts(name, values);
        onLoad(() -> setter.accept(loaded));
        return loaded;
    }

    /**
     * Counts that may exceed the range of int, and that the caller assigns by {@link #onLoad}.
     *
     * @throws IllegalStateException if a given count is negative or above 2⁵³
     */
    public long[] longCounts(String name, long[] values) {
        double[] exact = new double[values.length];
        for (int k = 0; k < exact.length; k++) {
            requireCount(name, values[k]);
            exact[k] = values[k];
        }
        double[] given = numbers(name, exact);
        long[] loaded = new long[given.length];
        for (int k = 0; k < loaded.length; k++) {
            if (!isCount(name, given[k])) {
                return values;
            }
            loaded[k] = (long) given[k];
        }
        return loaded;
    }

    /** Throws an exception for a count that could be saved but not loaded. */
    private void requireCount(String name, long value) {
        if (value < 0 || value > LARGEST_COUNT) {
            throw new IllegalStateException(pass.owner + ": " + noCount(name, value < 0, Long.toString(value)));
        }
    }

    /** Returns whether a loaded number is a valid count; if not, records a problem. */
    private boolean isCount(String name, double value) {
        boolean is = value >= 0 && value <= LARGEST_COUNT && value == Math.rint(value);
        if (!is) {
            String text = value == (long) value ? Long.toString((long) value) : Double.toString(value);
            pass.add(noCount(name, value < 0, text));
        }
        return is;
    }

    private String noCount(String name, boolean isNegative, String value) {
        return "the count '" + naming.apply(name) + "' must "
                + (isNegative ? "not be negative" : "be a whole number up to 2^53") + ", got " + value;
    }

    /**
     * A list of numbers of any length, saved as a FLOAT64 array of one axis.
     *
     * @return the numbers that are loaded, or the given ones
     */
    @CanIgnoreReturnValue
    public double[] numbers(String name, double[] values, Consumer<double[]> setter) {
        double[] loaded = numbers(name, values);
        onLoad(() -> setter.accept(loaded));
        return loaded;
    }

    /** Numbers that the caller assigns by {@link #onLoad}. */
    public double[] numbers(String name, double[] values) {
        NdArray array = declare(name, vector(name, DType.FLOAT64), () -> NdArray.wrap(Shape.of(values.length), values));
        return array == null ? values : array.toDoubleArray();
    }

    /** A list of integers of any length, saved as an INT32 array of one axis, which the caller assigns by {@link #onLoad}. */
    public int[] integers(String name, int[] values) {
        NdArray array = declare(name, vector(name, DType.INT32), () -> NdArray.wrap(Shape.of(values.length), values));
        return array == null ? values : array.toIntArray();
    }

    /**
     * The dtype and shape that an array with one axis and any number of elements must have: the shape of the array to load, if this array
     * has one axis.
     */
    private Slot vector(String name, DType dtype) {
        NdArray array = pass.given == null ? null : pass.given.get(naming.apply(name));
        return new Slot(dtype, array != null && array.shape().rank() == 1 ? array.shape() : Shape.of(0));
    }

    /**
     * An array whose elements are saved and, on loading, replaced in place by the elements of the loaded array, which must have the same
     * dtype and shape.
     *
     * @return the array that is loaded, not a copy, or the given one
     */
    @CanIgnoreReturnValue
    public NdArray array(String name, NdArray array) {
        NdArray loaded = declare(name, Slot.of(array), () -> array);
        if (loaded == null) {
            return array;
        }
        onLoad(() -> InPlace.assign(array, loaded));
        return loaded;
    }

    /**
     * An array that is saved and, on loading, replaced by the loaded array, which must have the same dtype and shape. The object owns the
     * loaded array: {@link Stateful#load} copies the state's.
     *
     * @return the array that is loaded, or the given one
     */
    @CanIgnoreReturnValue
    public NdArray array(String name, NdArray value, Consumer<NdArray> setter) {
        NdArray array = declare(name, Slot.of(value), () -> value);
        NdArray loaded = array == null ? value : pass.copies ? array.copy() : array;
        onLoad(() -> setter.accept(loaded));
        return loaded;
    }

    /** The fields of another object, whose names begin with the prefix and a dot. */
    public void part(String prefix, Stateful part) {
        part(name -> prefix + "." + name, part);
    }

    /** The fields of another object, whose names are a function of the names that it declares. */
    public void part(UnaryOperator<String> names, Stateful part) {
        part.declareState(new StateFields(pass, name -> naming.apply(names.apply(name))));
    }

    // ---- declarations that depend on the loaded state ----

    /** Returns whether a state is loaded, not saved. */
    public boolean isLoading() {
        return pass.given != null;
    }

    /**
     * The names, without their prefix and sorted, of the loaded arrays whose names begin with the prefix: for fields whose number or names
     * depend on the state that is loaded.
     *
     * @param ends the current names of these fields without the prefix, which are returned while a state is saved
     */
    public List<String> names(String prefix, Collection<String> ends) {
        if (pass.given == null) {
            return List.copyOf(ends);
        }
        String full = naming.apply(prefix);
        return pass.given.keySet().stream()
                .filter(name -> name.startsWith(full))
                .map(name -> name.substring(full.length()))
                .sorted()
                .toList();
    }

    /**
     * Returns whether the state that is loaded has an array of that name, for a field that may be absent.
     *
     * @param value whether the object has the field at present, which is returned while a state is saved
     */
    public boolean has(String name, boolean value) {
        return pass.given == null ? value : pass.given.containsKey(naming.apply(name));
    }

    /** Adds advice, such as to rename arrays, to the end of the message about a state with unexpected names. */
    public void adviceForOtherNames(String advice) {
        pass.advice = "; " + advice;
    }

    /** Adds advice, such as to convert arrays, to the end of the message about floating arrays of another dtype than their fields. */
    public void adviceForOtherFloats(String advice) {
        pass.floatAdvice = "; " + advice;
    }

    /**
     * Runs an action, such as an assignment of several fields, after the whole loaded state was found to fit. While a state is saved, the
     * action does not run.
     */
    public void onLoad(Runnable assignment) {
        pass.onLoad(assignment);
    }

    /**
     * Refuses a state whose arrays fit, but whose values don't meet a condition. Declare the fields in the condition first. If a field does
     * not fit, the condition is not checked, since the field's method has returned the object's value instead of the loaded value.
     *
     * @param problem the values, and the condition that they must meet
     * @throws IllegalArgumentException if a state is loaded, its arrays have fitted so far, and the condition doesn't hold
     */
    public void require(boolean condition, String problem) {
        if (!condition && pass.given != null && !pass.hasProblems()) {
            pass.add(problem);
            throw pass.misfit("");
        }
    }

    /** Declares an array. Returns the loaded array of this name if a state is loaded and the array fits the field; else null. */
    private @Nullable NdArray declare(String name, Slot slot, Supplier<NdArray> value) {
        return pass.declare(
                naming.apply(name), slot, () -> pass.copies ? value.get().copy() : Lease.outside(value));
    }
}
