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

/** Replaces layers by other layers; see {@link Block#replace}. */
final class Substitutes {
    private Substitutes() {}

    /**
     * Replaces all layers of a type. All substitutes are made and checked before the first replacement, so that a refused substitute leaves
     * the model unchanged.
     */
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
            // If the function returned a layer that has been replaced, such as the base of an adapter, the substitute
            // of that layer is used.
            substitute = inForce(substitute, layer);
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
            redirect(layer, substitute);
            parents.getOrDefault(layer, List.of()).forEach(Substitutes::settle);
            substitute.allBlocks().forEach(Substitutes::settle);
        });
        return substitutes.size();
    }

    /**
     * Redirects calls of {@code layer} to {@code other}. If {@code other} doesn't contain {@code layer}, then {@code layer} goes out of
     * use. If {@code layer} wraps layers that it has replaced, as an adapter wraps its base, the wrapped layers go out of use, too, except
     * layers that {@code other} contains. Earlier redirections to a layer out of use are changed to lead directly to {@code other}.
     */
    private static void redirect(Layer layer, Layer other) {
        Set<Block> inner = other.allBlocks();
        List<Layer> own = new ArrayList<>(layer.substitutes());
        own.remove(other);
        own.add(other);
        layer.substitutes(own);
        if (inner.contains(layer)) {
            List<Layer> others = new ArrayList<>(other.substitutes());
            others.remove(layer);
            other.substitutes(others);
            return;
        }
        List<Layer> out = new ArrayList<>(List.of(layer));
        Set<Block> old = layer.allBlocks();
        for (Block block : old) {
            if (block instanceof Layer wrapped && wrapped.substitutes().contains(layer) && !inner.contains(wrapped)) {
                out.add(wrapped);
            }
        }
        for (Layer gone : out) {
            for (Layer from : gone.replaced()) {
                if (gone != layer && old.contains(from)) {
                    // Redirections between the blocks inside the replaced layer stay, so that this layer can be put
                    // back later.
                    continue;
                }
                Set<Layer> substitutes = new LinkedHashSet<>();
                from.substitutes()
                        .forEach(each -> substitutes.addAll(each == gone ? gone.substitutes() : List.of(each)));
                substitutes.remove(from);
                from.substitutes(List.copyOf(substitutes));
            }
        }
    }

    /** Replaces a block's registered children by their substitutes, under the same names. */
    private static void settle(Block owner) {
        Map.copyOf(owner.children()).forEach((name, child) -> {
            if (child instanceof Layer layer && inForce(layer, owner) != layer) {
                owner.replaceChild(name, inForce(layer, owner));
            }
        });
    }

    /**
     * The layer that computes when {@code owner} calls {@code called}. This is {@code called} itself unless a substitute replaces it: the
     * first of its substitutes that doesn't contain the owner, whose own substitutes are followed in the same way.
     */
    private static Layer inForce(Layer called, Block owner) {
        for (Layer substitute : called.substitutes()) {
            if (!substitute.allBlocks().contains(owner)) {
                return inForce(substitute, owner);
            }
        }
        return called;
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
