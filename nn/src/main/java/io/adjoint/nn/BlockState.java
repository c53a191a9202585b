package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The state of a block: the arrays of its parameters and buffers, by their paths, such as {@code encoder.0.weight}. */
final class BlockState {
    private BlockState() {}

    /** Declares all parameters and buffers, by path, as fields of the block's state. */
    static void declareState(Block block, StateFields fields) {
        fields.adviceForOtherNames(
                "if the names are PyTorch's, load the state by new StateDict(model), of adjoint-io, which translates them");
        fields.adviceForOtherFloats(
                "a state of another dtype is converted by new StateDict(model).load(state), of adjoint-io, or array by array by"
                        + " array.to(dtype)");
        IdentityHashMap<Tensor, Map.Entry<String, NdArray>> first = new IdentityHashMap<>();
        for (BlockPath path : BlockPath.from(block)) {
            path.block().ownParameters().forEach((name, leaf) -> {
                String full = path.prefix() + name;
                NdArray loaded = fields.array(full, leaf.data());
                Map.Entry<String, NdArray> shared = first.putIfAbsent(leaf, Map.entry(full, loaded));
                fields.require(
                        shared == null || shared.getValue().equals(loaded),
                        (shared == null ? "" : "'" + shared.getKey()) + "' and '" + full
                                + "' are one shared parameter, but differ in the state");
            });
            path.block()
                    .ownBuffers()
                    .forEach((name, buffer) -> fields.array(path.prefix() + name, buffer.value(), buffer::assign));
        }
    }

    /** The arrays of all parameters and buffers by path. The arrays are not copied. */
    private static Map<String, NdArray> arrays(Block block) {
        Map<String, NdArray> all = new LinkedHashMap<>();
        for (BlockPath path : BlockPath.from(block)) {
            path.block().ownParameters().forEach((name, leaf) -> all.put(path.prefix() + name, leaf.data()));
            path.block().ownBuffers().forEach((name, buffer) -> all.put(path.prefix() + name, buffer.value()));
        }
        return all;
    }

    static void lerp(Block block, Block other, double weight) {
        Settings.requireFraction("lerp", "weight", weight);
        Map<String, NdArray> state = arrays(other);
        StateFields.check("lerp", fields -> arrays(block).forEach(fields::array), state);
        Map<Object, Runnable> changes = new LinkedHashMap<>();
        block.namedParameters()
                .forEach((path, leaf) ->
                        changes.putIfAbsent(leaf, () -> leaf.assign(between(leaf.data(), entry(state, path), weight))));
        block.namedBuffers()
                .forEach((path, buffer) -> changes.putIfAbsent(
                        buffer, () -> buffer.assign(between(buffer.value(), entry(state, path), weight))));
        changes.values().forEach(Runnable::run);
    }

    private static NdArray between(NdArray from, NdArray to, double weight) {
        // The formula makes NaN of an infinite element, such as one of a mask.
        return from.dtype().isFloating() && weight < 1
                ? Tensor.of(from).lerp(Tensor.of(to), weight).data()
                : to;
    }

    private static NdArray entry(Map<String, NdArray> state, String path) {
        return Objects.requireNonNull(state.get(path));
    }
}
