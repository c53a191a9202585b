package io.adjoint.core;

import io.adjoint.core.StateFields.Slot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A pass over the declared fields of an object and its parts, which saves or loads their state. A saving pass collects the fields' arrays;
 * a loading pass collects problems with the state, and the assignments to the fields.
 */
final class StatePass {
    /**
     * The number of problems after which loading ends with an exception, without a search for further problems: if the number of an
     * object's fields depends on a loaded count, and this count is damaged, very many fields can be missing.
     */
    private static final int MOST_PROBLEMS = 10_000;

    final String owner;
    /** The state to load; null while a state is saved. */
    final @Nullable Map<String, NdArray> given;

    /** True if saved arrays are copies of the object's, and loaded ones copies of the state's; otherwise they are shared. */
    final boolean copies;

    final Map<String, NdArray> saved = new LinkedHashMap<>();
    /** The advice at the end of a message about unexpected names of arrays. */
    String advice = "";
    /** The advice at the end of a message about floating arrays of another dtype than their fields. */
    String floatAdvice = "";

    private boolean hasOtherFloats;
    private final Set<String> names = new HashSet<>();
    private final List<String> problems = new ArrayList<>();
    private final List<Runnable> assignments = new ArrayList<>();

    StatePass(String owner, @Nullable Map<String, NdArray> given, boolean copies) {
        this.owner = owner;
        this.given = given;
        this.copies = copies;
    }

    /**
     * Declares a field whose array belongs to the state. A saving pass saves the array that {@code value} supplies, and returns null. A
     * loading pass returns the array to load, or null, after recording a problem, if this array is missing or has another shape or dtype.
     */
    @Nullable
    NdArray declare(String name, Slot slot, Supplier<NdArray> value) {
        if (!names.add(name)) {
            throw new IllegalStateException(owner + ": declares two fields '" + name + "' of its state");
        }
        if (given == null) {
            saved.put(name, value.get());
            return null;
        }
        NdArray array = given.get(name);
        if (array == null) {
            add("missing '" + name + "' " + slot);
        } else if (!Slot.of(array).equals(slot)) {
            hasOtherFloats |= array.dtype() != slot.dtype()
                    && array.dtype().isFloating()
                    && slot.dtype().isFloating();
            add("'" + name + "' is " + Slot.of(array) + " instead of " + slot);
        } else {
            return array;
        }
        return null;
    }

    /** Records a problem with the state to load. */
    void add(String problem) {
        problems.add(problem);
        if (problems.size() == MOST_PROBLEMS) {
            throw misfit("");
        }
    }

    boolean hasProblems() {
        return !problems.isEmpty();
    }

    IllegalArgumentException misfit(String end) {
        return new IllegalArgumentException(owner + ": the state does not fit, and nothing was loaded: "
                + String.join("; ", problems) + (hasOtherFloats ? floatAdvice : "") + end);
    }

    void onLoad(Runnable assignment) {
        if (given != null) {
            assignments.add(assignment);
        }
    }

    /**
     * The assignments of the loaded arrays to the fields, to be run once the whole state is known to fit.
     *
     * @param all the names of the state's arrays
     * @throws IllegalArgumentException if the state has an array that no field declared, or if the pass found problems
     */
    Runnable assignments(Set<String> all) {
        boolean hasOthers = false;
        for (String name : all) {
            if (!names.contains(name)) {
                add("unexpected '" + name + "'");
                hasOthers = true;
            }
        }
        if (hasProblems()) {
            throw misfit(hasOthers ? advice : "");
        }
        return () -> assignments.forEach(Runnable::run);
    }
}
