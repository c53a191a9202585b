package io.adjoint.nn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Layers that take the place of others; see {@link Block#replace}. */
final class Replacement {
    private Replacement() {}

    /** Makes all substitutes before the first is put in, so that one that is refused changes nothing. */
    static <L extends Layer> int within(Block root, Class<L> type, Function<? super L, ? extends Layer> function) {
        Map<Layer, Layer> substitutes = new LinkedHashMap<>();
        Map<Layer, List<Block>> parents = new LinkedHashMap<>();
        for (L layer : outermost(root, type)) {
            Layer substitute = function.apply(layer);
            if (substitute == null) {
                throw new IllegalArgumentException("replace: the function returned null for '" + root.nameOf(layer)
                        + "' " + layer.title() + "; return the layer itself to keep it. Nothing was replaced");
            }
            if (substitute == layer) {
                continue;
            }
            Set<Block> inner = substitute.allBlocks();
            List<Block> outer = layer.parents().stream()
                    .filter(owner -> !inner.contains(owner))
                    .toList();
            if (outer.isEmpty() || inner.contains(root)) {
                throw new IllegalArgumentException("replace: the substitute of '" + root.nameOf(layer)
                        + "' contains the block that it is to be part of. Nothing was replaced");
            }
            substitutes.put(layer, substitute);
            parents.put(layer, outer);
        }
        substitutes.forEach((layer, substitute) -> {
            Layer inForce = layer.replacedBy(substitute);
            for (Block parent : parents.getOrDefault(layer, List.of())) {
                Map<String, Block> children = new LinkedHashMap<>(parent.children());
                children.forEach((name, child) -> {
                    if (child == layer) {
                        parent.replaceChild(name, inForce);
                    }
                });
            }
        });
        return substitutes.size();
    }

    /** The layers of a type within a block, each once, without those within another one of them. */
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
