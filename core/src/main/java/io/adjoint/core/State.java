package io.adjoint.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks of saved states, which are maps of names to arrays. */
public final class State {
    /** The type and shape of an array that a state must contain. */
    public record Slot(DType dtype, Shape shape) {
        /** Those of an array. */
        public static Slot of(NdArray array) {
            return new Slot(array.dtype(), array.shape());
        }

        @Override
        public String toString() {
            return dtype + " " + shape;
        }
    }

    private State() {}

    /**
     * Checks that a state has exactly the given arrays.
     *
     * @param owner the name of what loads the state, for the message
     * @throws IllegalArgumentException that lists every array that is missing, unexpected, or of another dtype or shape
     */
    public static void requireMatch(String owner, Map<String, Slot> expected, Map<String, NdArray> state) {
        requireMatch(owner, expected, state, "");
    }

    /**
     * Checks that a state has exactly the given arrays.
     *
     * @param owner the name of what loads the state, for the message
     * @param adviceForOtherNames the end of the message about a state with unexpected names, such as {@code "; rename them"}
     * @throws IllegalArgumentException that lists every array that is missing, unexpected, or of another dtype or shape
     */
    public static void requireMatch(
            String owner, Map<String, Slot> expected, Map<String, NdArray> state, String adviceForOtherNames) {
        List<String> problems = new ArrayList<>();
        expected.forEach((name, slot) -> {
            NdArray given = state.get(name);
            if (given == null) {
                problems.add("missing '" + name + "' " + slot);
            } else if (!Slot.of(given).equals(slot)) {
                problems.add("'" + name + "' is " + Slot.of(given) + " instead of " + slot);
            }
        });
        for (String name : state.keySet()) {
            if (!expected.containsKey(name)) {
                problems.add("unexpected '" + name + "'");
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    owner + ": the state does not fit, and nothing was loaded: " + String.join("; ", problems)
                            + (expected.keySet().containsAll(state.keySet()) ? "" : adviceForOtherNames));
        }
    }
}
