package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.State;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The parameters and buffers of a block as arrays by path. */
final class BlockState {
    private BlockState() {}

    /** Copies. */
    static Map<String, NdArray> of(Block block) {
        Map<String, NdArray> all = new LinkedHashMap<>();
        arrays(block).forEach((path, array) -> all.put(path, array.copy()));
        return all;
    }

    /** The arrays themselves, those of each block one after the other. */
    private static Map<String, NdArray> arrays(Block block) {
        Map<String, NdArray> all = new LinkedHashMap<>();
        for (BlockPath path : BlockPath.from(block)) {
            path.block().ownParameters().forEach((name, leaf) -> all.put(path.prefix() + name, leaf.data()));
            path.block().ownBuffers().forEach((name, buffer) -> all.put(path.prefix() + name, buffer.value()));
        }
        return all;
    }

    static void load(Block block, Map<String, NdArray> state) {
        requireFits(
                "load",
                block,
                state,
                "; if the names are PyTorch's, load the state by new StateDict(model), of adjoint-io, which translates them");
        Map<String, Tensor> leaves = block.namedParameters();
        requireEqualWhereShared(leaves, state);
        leaves.forEach((path, leaf) -> leaf.assign(entry(state, path)));
        block.namedBuffers().forEach((path, buffer) -> buffer.assign(entry(state, path)));
    }

    static void lerp(Block block, Block other, double weight) {
        Settings.requirePart("lerp", "weight", weight);
        Map<String, NdArray> state = arrays(other);
        requireFits("lerp", block, state, "");
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
        return from.dtype().isFloating()
                ? Tensor.of(from).lerp(Tensor.of(to), weight).data()
                : to;
    }

    private static void requireFits(String call, Block block, Map<String, NdArray> state, String advice) {
        Map<String, State.Slot> expected = new LinkedHashMap<>();
        block.namedParameters().forEach((path, leaf) -> expected.put(path, State.Slot.of(leaf.data())));
        block.namedBuffers().forEach((path, buffer) -> expected.put(path, State.Slot.of(buffer.value())));
        State.requireMatch(call, expected, state, advice);
    }

    private static void requireEqualWhereShared(Map<String, Tensor> leaves, Map<String, NdArray> state) {
        Map<Tensor, String> first = new LinkedHashMap<>();
        leaves.forEach((path, leaf) -> {
            String other = first.putIfAbsent(leaf, path);
            if (other != null && !entry(state, path).equals(entry(state, other))) {
                throw new IllegalArgumentException("load: '" + other + "' and '" + path
                        + "' are one shared parameter, but differ in the state; nothing was loaded");
            }
        });
    }

    private static NdArray entry(Map<String, NdArray> state, String path) {
        return Objects.requireNonNull(state.get(path));
    }
}
