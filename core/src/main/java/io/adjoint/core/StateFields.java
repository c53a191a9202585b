package io.adjoint.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.State.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a state, as {@link Stateful#declareState} declares them. One declaration both saves and loads. While a state is saved,
 * each method takes the field's value and returns it. While one is loaded, each method compares the array of its name with the field and
 * returns the value that is loaded, so a count decides which fields are declared after it; setters run only if the whole state fits.
 *
 * <pre>{@code
 * public void declareState(StateFields fields) {
 *     double given = fields.number("rate", rate, value -> rate = value);
 *     fields.count("calls", calls, value -> calls = value);
 *     fields.array("mean", mean);                                      // elements are replaced in place
 *     fields.numbers("losses", losses, values -> losses = values);     // of any length
 *     fields.part("generator", rng);                                   // its fields: generator.state
 *     fields.require(given >= 0, "the rate must not be negative, got " + given);
 * }
 * }</pre>
 *
 * <p>An array that doesn't fit is noted, and its method returns the field's value, as if nothing was loaded; all such arrays are in the
 * message. A class whose fields change together builds its next value from what the methods return, and assigns it by {@link #onLoad}.
 */
public final class StateFields {
    private static final Slot NUMBER = new Slot(DType.FLOAT64, Shape.scalar());
    private static final Slot COUNT = new Slot(DType.INT32, Shape.scalar());

    private final Pass pass;
    private final UnaryOperator<String> naming;

    /** The declaration of all fields of one object, with the parts in it. */
    private static final class Pass {
        final String owner;
        /** The state that is loaded; null while one is saved. */
        final @Nullable Map<String, NdArray> given;

        String advice = "";
        final Set<String> names = new HashSet<>();
        final Map<String, NdArray> saved = new LinkedHashMap<>();
        final List<String> problems = new ArrayList<>();
        final List<Runnable> assignments = new ArrayList<>();

        Pass(String owner, @Nullable Map<String, NdArray> given) {
            this.owner = owner;
            this.given = given;
        }

        IllegalArgumentException misfit(String problem) {
            return new IllegalArgumentException(owner + ": the state does not fit, and nothing was loaded: " + problem);
        }
    }

    private StateFields(Pass pass, UnaryOperator<String> naming) {
        this.pass = pass;
        this.naming = naming;
    }

    /** A copy of an object's state, by the names and in the order of its fields. */
    static Map<String, NdArray> state(Stateful object) {
        Pass pass = new Pass(name(object), null);
        object.declareState(new StateFields(pass, UnaryOperator.identity()));
        return pass.saved;
    }

    private static String name(Stateful object) {
        Class<?> type = object.getClass();
        return type.isHidden() || type.isAnonymousClass() ? "Stateful" : type.getSimpleName();
    }

    /**
     * Checks a state of an object, without a change to the object. Of several objects all can be checked before the first is assigned.
     *
     * @return the assignments that load the state
     * @throws IllegalArgumentException as {@link Stateful#load} does
     */
    public static Runnable check(Stateful object, Map<String, NdArray> state) {
        return check(name(object), object, state);
    }

    /**
     * Checks a state of an object whose class says nothing, such as a lambda.
     *
     * @param owner the name in messages
     * @return the assignments that load the state
     * @throws IllegalArgumentException as {@link Stateful#load} does
     */
    public static Runnable check(String owner, Stateful object, Map<String, NdArray> state) {
        Pass pass = new Pass(owner, state);
        object.declareState(new StateFields(pass, UnaryOperator.identity()));
        String advice = "";
        for (String name : state.keySet()) {
            if (!pass.names.contains(name)) {
                pass.problems.add("unexpected '" + name + "'");
                advice = pass.advice;
            }
        }
        if (!pass.problems.isEmpty()) {
            throw pass.misfit(String.join("; ", pass.problems) + advice);
        }
        return () -> pass.assignments.forEach(Runnable::run);
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
     * A count, saved as an INT32 scalar.
     *
     * @return the count that is loaded, or the given one
     * @throws IllegalArgumentException if a negative one is loaded
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
     * @throws IllegalArgumentException if a negative one is loaded
     */
    public int count(String name, int value) {
        NdArray array = declare(name, COUNT, () -> NdArray.scalar(DType.INT32, value));
        int loaded = array == null ? value : (int) array.item();
        if (loaded < 0) {
            throw pass.misfit("the count '" + naming.apply(name) + "' must not be negative, got " + loaded);
        }
        return loaded;
    }

    /**
     * Numbers, as many as there are, saved as a FLOAT64 array of one axis.
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
        NdArray array = declare(name, vector(name, DType.FLOAT64), () -> NdArray.of(Shape.of(values.length), values));
        return array == null ? values : array.toDoubleArray();
    }

    /**
     * Integers, as many as there are, saved as an INT32 array of one axis.
     *
     * @return the integers that are loaded, or the given ones
     */
    @CanIgnoreReturnValue
    public int[] integers(String name, int[] values, Consumer<int[]> setter) {
        int[] loaded = integers(name, values);
        onLoad(() -> setter.accept(loaded));
        return loaded;
    }

    /** Integers that the caller assigns by {@link #onLoad}. */
    public int[] integers(String name, int[] values) {
        NdArray array = declare(name, vector(name, DType.INT32), () -> NdArray.of(Shape.of(values.length), values));
        return array == null ? values : array.toIntArray();
    }

    /** The slot of an array of one axis, as long as the array that is loaded. */
    private Slot vector(String name, DType dtype) {
        NdArray array = pass.given == null ? null : pass.given.get(naming.apply(name));
        return new Slot(dtype, array != null && array.shape().rank() == 1 ? array.shape() : Shape.of(0));
    }

    /**
     * An array whose elements are saved, and replaced in place by the elements of an array of the same dtype and shape.
     *
     * @return the array that is loaded, not a copy, or the given one
     */
    @CanIgnoreReturnValue
    public NdArray array(String name, NdArray array) {
        NdArray loaded = declare(name, Slot.of(array), array::copy);
        if (loaded == null) {
            return array;
        }
        onLoad(() -> InPlace.assign(array, loaded));
        return loaded;
    }

    /**
     * An array that is saved, and replaced by a copy of one of the same dtype and shape.
     *
     * @return the copy that is loaded, or the given array
     */
    @CanIgnoreReturnValue
    public NdArray array(String name, NdArray value, Consumer<NdArray> setter) {
        NdArray array = declare(name, Slot.of(value), value::copy);
        NdArray loaded = array == null ? value : array.copy();
        onLoad(() -> setter.accept(loaded));
        return loaded;
    }

    /** The fields of another object, whose names begin with the prefix and a dot. */
    public void part(String prefix, Stateful part) {
        part(name -> prefix + "." + name, part);
    }

    /** The fields of another object, whose names are a function of those that it declares. */
    public void part(UnaryOperator<String> names, Stateful part) {
        part.declareState(new StateFields(pass, name -> naming.apply(names.apply(name))));
    }

    /**
     * All fields of an object that checks its states itself, whose number and names only it knows. A state is checked by loading it, after
     * which the object's own one is loaded again until the whole state was found to fit.
     *
     * @param state gives a copy of the object's state
     * @param loader loads a state, or throws an IllegalArgumentException and changes nothing
     */
    public void whole(Supplier<Map<String, NdArray>> state, Consumer<Map<String, NdArray>> loader) {
        Map<String, NdArray> now = state.get();
        if (pass.given == null) {
            now.forEach((name, array) -> pass.saved.put(naming.apply(name), array));
            return;
        }
        String prefix = naming.apply("");
        Map<String, NdArray> loaded = new LinkedHashMap<>();
        pass.given.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                pass.names.add(name);
                loaded.put(name.substring(prefix.length()), array);
            }
        });
        loader.accept(loaded);
        loader.accept(now);
        onLoad(() -> loader.accept(loaded));
    }

    // ---- what depends on the state ----

    /** Returns whether a state is loaded, not saved. */
    public boolean isLoading() {
        return pass.given != null;
    }

    /** The names of all arrays of the state that is loaded, whatever object they belong to; none while a state is saved. */
    public Set<String> names() {
        return pass.given == null ? Set.of() : Collections.unmodifiableSet(pass.given.keySet());
    }

    /**
     * Returns whether the state that is loaded has an array of that name, for a field that may be absent.
     *
     * @param value whether the field is there, which is returned while a state is saved
     */
    public boolean has(String name, boolean value) {
        return pass.given == null ? value : pass.given.containsKey(naming.apply(name));
    }

    /** Ends the message about a state with unexpected names by an advice, such as to rename them. */
    public void adviceForOtherNames(String advice) {
        pass.advice = "; " + advice;
    }

    /** Runs something, such as an assignment of several fields, once the whole state that is loaded was found to fit; not on saving. */
    public void onLoad(Runnable assignment) {
        if (pass.given != null) {
            pass.assignments.add(assignment);
        }
    }

    /**
     * Refuses a state whose arrays fit, but whose values don't. Declare the fields first: unless all of them fit, nothing is checked here,
     * as the values aren't those of the state.
     *
     * @param problem the values, and what they must be
     * @throws IllegalArgumentException if a state is loaded, its arrays have fitted so far, and the condition doesn't hold
     */
    public void require(boolean condition, String problem) {
        if (!condition && pass.given != null && pass.problems.isEmpty()) {
            throw pass.misfit(problem);
        }
    }

    /** Declares an array; returns that of the state that is loaded if it fits, else null. */
    private @Nullable NdArray declare(String name, Slot slot, Supplier<NdArray> value) {
        String full = naming.apply(name);
        if (!pass.names.add(full)) {
            throw new IllegalStateException(pass.owner + ": declares two fields '" + full + "' of its state");
        }
        if (pass.given == null) {
            pass.saved.put(full, value.get());
            return null;
        }
        NdArray array = pass.given.get(full);
        if (array == null) {
            pass.problems.add("missing '" + full + "' " + slot);
        } else if (!Slot.of(array).equals(slot)) {
            pass.problems.add("'" + full + "' is " + Slot.of(array) + " instead of " + slot);
        } else {
            return array;
        }
        return null;
    }
}
