package io.adjoint.io;

import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.nn.Block;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Compares a state with the arrays of a model; neither is changed. */
final class StateComparison {
    /** An array of the model: the parameter or buffer that owns it, which may have several paths, and its value. */
    private record Target(Object owner, NdArray value) {}

    private final Map<String, Target> targets = new LinkedHashMap<>();
    /**
     * The state's arrays that fit the model's arrays, by path in the model: their shapes are equal, and so are their dtypes after
     * conversion.
     */
    private final Map<String, NdArray> fitting = new LinkedHashMap<>();
    /** The arrays of {@link #fitting} by the parameter or buffer of the model that takes them; these keys are compared by identity. */
    private final Map<Object, NdArray> fittingOwners = new LinkedHashMap<>();

    private final List<String> loaded = new ArrayList<>();
    private final List<String> converted = new ArrayList<>();
    private final Map<String, StateFields.Slot> missing = new LinkedHashMap<>();
    private final Map<String, StateFields.Slot> unexpected = new LinkedHashMap<>();
    private final Map<String, LoadReport.Mismatch> mismatched = new LinkedHashMap<>();
    private final List<String> ignored;

    /**
     * Compares a state with a model.
     *
     * @param wanted the arrays of the model that are to be loaded
     * @param state the state, without the ignored arrays
     * @param ignored the names of the ignored arrays
     */
    StateComparison(
            Block model, List<TorchNames.Entry> wanted, Map<String, NdArray> state, Collection<String> ignored) {
        this.ignored = List.copyOf(ignored);
        model.namedParameters().forEach((path, leaf) -> targets.put(path, new Target(leaf, leaf.data())));
        model.namedBuffers().forEach((path, buffer) -> targets.put(path, new Target(buffer, buffer.value())));
        Map<String, NdArray> rest = new LinkedHashMap<>(state);
        Map<String, Target> absent = new LinkedHashMap<>();
        for (TorchNames.Entry entry : wanted) {
            String name = Stream.concat(Stream.of(entry.name()), entry.older().stream())
                    .filter(rest::containsKey)
                    .findFirst()
                    .orElse(entry.name());
            NdArray array = rest.remove(name);
            String path = entry.path();
            if (path != null && array != null) {
                compare(name, path, array);
            } else if (path != null) {
                absent.put(name, target(path));
            }
        }
        absent.forEach((name, target) -> {
            if (!fittingOwners.containsKey(target.owner())) {
                missing.put(name, StateFields.Slot.of(target.value()));
            }
        });
        rest.forEach((name, array) -> unexpected.put(name, StateFields.Slot.of(array)));
    }

    private Target target(String path) {
        return Objects.requireNonNull(targets.get(path));
    }

    private void compare(String name, String path, NdArray array) {
        StateFields.Slot expected = StateFields.Slot.of(target(path).value());
        boolean converts = array.dtype() != expected.dtype()
                && array.dtype().isFloating()
                && expected.dtype().isFloating();
        NdArray fit = converts ? array.to(expected.dtype()) : array;
        if (!StateFields.Slot.of(fit).equals(expected)) {
            mismatched.put(name, new LoadReport.Mismatch(expected, StateFields.Slot.of(array)));
            return;
        }
        loaded.add(name);
        if (converts) {
            converted.add(name);
        }
        fitting.put(path, fit);
        fittingOwners.putIfAbsent(target(path).owner(), fit);
    }

    LoadReport report() {
        return new LoadReport(loaded, converted, missing, unexpected, mismatched, ignored);
    }

    /** The model's complete state, in which the arrays of {@link #fitting} replace the model's own arrays. */
    Map<String, NdArray> complete() {
        Map<String, NdArray> all = new LinkedHashMap<>();
        targets.forEach((path, target) -> {
            NdArray shared = fittingOwners.getOrDefault(target.owner(), target.value());
            all.put(path, fitting.getOrDefault(path, shared));
        });
        return all;
    }
}
