package io.adjoint.nn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Replaces layers by other layers; see {@link Block#replace}. */
final class Substitutes {
    private Substitutes() {}

    /**
     * Replaces all layers of a type. All substitutes are made and checked before the first replacement, so that a refused substitute leaves
     * the model unchanged.
     */
    static <L extends Layer> int within(Block root, Class<L> type, Function<? super L, ? extends Layer> function) {
        Map<Layer, Layer> substitutes = new LinkedHashMap<>();
        for (L layer : outermost(root, type)) {
            Layer substitute = function.apply(layer);
            if (substitute == null) {
                throw new IllegalArgumentException("replace: the function returned null for '" + root.nameOf(layer)
                        + "' " + layer.title() + "; return the layer itself to keep it. Nothing was replaced");
            }
            // The base of an adapter, which the function may return, may have been replaced within the adapter.
            substitute = within(layer).getOrDefault(substitute, substitute);
            if (substitute == layer) {
                continue;
            }
            if (outer(layer, substitute).isEmpty() || substitute.allBlocks().contains(root)) {
                throw new IllegalArgumentException("replace: the substitute of '" + root.nameOf(layer)
                        + "' contains the block that it is to be part of. Nothing was replaced");
            }
            substitutes.put(layer, substitute);
        }
        substitutes.forEach((layer, substitute) -> {
            IdentityHashMap<Layer, Layer> known = within(layer);
            Set<Block> old = layer.allBlocks();
            for (Block block : substitute.allBlocks()) {
                if (!old.contains(block)) {
                    known.forEach((held, now) -> {
                        if (block.children().containsValue(held)) {
                            block.substitute(held, now);
                        }
                    });
                }
            }
            outer(layer, substitute).forEach(owner -> owner.substitute(layer, substitute));
        });
        return substitutes.size();
    }

    /** The layers that were replaced within a layer, with their substitutes there. */
    private static IdentityHashMap<Layer, Layer> within(Layer layer) {
        IdentityHashMap<Layer, Layer> all = new IdentityHashMap<>();
        layer.allBlocks()
                .forEach(block -> block.substitutes().forEach((held, now) -> {
                    if (held != now) {
                        all.put(held, now);
                    }
                }));
        return all;
    }

    /** The blocks that have a layer as a child, without blocks within its substitute. */
    private static List<Block> outer(Layer layer, Layer substitute) {
        Set<Block> inner = substitute.allBlocks();
        return layer.parents().stream().filter(owner -> !inner.contains(owner)).toList();
    }

    /** The layers of a type within a block, each once, without layers nested in another layer of the type. */
    private static <L extends Layer> Set<L> outermost(Block root, Class<L> type) {
        Set<L> found = new LinkedHashSet<>();
        Set<Block> seen = new LinkedHashSet<>();
        Deque<Block> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Block next = open.pop();
            if (next != root && type.isInstance(next)) {
                found.add(type.cast(next));
            } else if (seen.add(next)) {
                List<Block> inner = new ArrayList<>(next.children().values());
                Collections.reverse(inner);
                inner.forEach(open::push);
            }
        }
        return found;
    }
}
