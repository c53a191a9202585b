package io.adjoint.autograd;

import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a root was computed from, as pictures show it: a snapshot, so that a later pass or a later step of an optimizer changes
 * nothing in it. From a tape it has constants, values and gradients besides.
 */
final class GraphModel {
    enum Kind {
        LEAF,
        CONSTANT,
        STEP
    }

    /** A tensor of the computation. */
    static final class Entry {
        final Kind kind;
        final String op;
        final Shape shape;
        final DType dtype;
        /** The path of the layer in which it was computed; empty if not known. */
        String layer;
        /** The tensors that it was computed from, in the order in which the operation took them. */
        List<Entry> inputs = List.of();
        /** What went back to each of the inputs, null for constants; empty if no gradient passed. */
        List<@Nullable Part> sent = List.of();
        /** What arrived from those that were computed from this, in the order of arrival. */
        List<Part> arrived = List.of();

        @Nullable
        Numbers value;
        /** The gradient of the root, the sum of all that arrived; null where none did. */
        @Nullable
        Numbers gradient;
        /** The sum of what arrived, where hooks put something else in its place. */
        @Nullable
        Numbers beforeHooks;

        String name = "";
        int index;

        private final @Nullable Node node;
        private final int found;
        private long time;

        private Entry(Kind kind, String op, @Nullable Node node, Shape shape, DType dtype, int found) {
            this.kind = kind;
            this.op = op;
            this.node = node;
            this.shape = shape;
            this.dtype = dtype;
            this.layer = node == null || node.trace == null ? "" : node.trace.layer();
            this.found = found;
            this.time = node == null ? Long.MAX_VALUE : node.created;
        }

        /** The gradient that this keeps by itself, as a leaf does. */
        @Nullable
        Tensor kept() {
            Arrivals arrivals = node == null ? null : node.arrivals();
            return arrivals == null ? null : arrivals.get();
        }
    }

    /**
     * A gradient on its way from a tensor to one of its inputs.
     *
     * @param gradient as it arrives
     * @param summed whether it was summed over what broadcasting had repeated
     * @param local what the rule makes of ones; null if that is of no use
     */
    record Part(
            Entry from,
            Entry to,
            Numbers gradient,
            boolean summed,
            @Nullable Numbers local) {}

    private final @Nullable Tape tape;
    private final Map<Object, Entry> found = new HashMap<>();
    private final Deque<Map.Entry<Object, Entry>> open = new ArrayDeque<>();
    private final Entry root;
    /** In the order in which they were computed; a constant that nothing computed stands before its first use. */
    private final List<Entry> entries = new ArrayList<>();

    /**
     * @throws GraphException if an earlier pass released some of the graph, or nothing was recorded
     */
    GraphModel(Tensor root, @Nullable Tape tape) {
        if (tape == null && root.node() == null) {
            throw new GraphException(
                    "GraphView: nothing was recorded of the tensor of shape " + root.shape()
                            + ", as it does not depend on a tensor that requires grad; GraphView.of(() -> ...) shows constants too");
        }
        this.tape = tape;
        this.root = enter(root);
        while (!open.isEmpty()) {
            Map.Entry<Object, Entry> next = open.pop();
            expand(next.getKey(), next.getValue());
        }
        entries.addAll(found.values());
        for (Entry entry : entries) {
            for (Entry input : entry.inputs) {
                if (input.kind == Kind.CONSTANT) {
                    input.time = Math.min(input.time, entry.time);
                }
            }
        }
        entries.sort(Comparator.<Entry>comparingLong(e -> e.time)
                .thenComparing(e -> e.kind == Kind.CONSTANT ? 0 : 1)
                .thenComparingInt(e -> e.found));
        for (int k = 0; k < entries.size(); k++) {
            entries.get(k).index = k + 1;
        }
        if (tape != null && root.node() != null && root.shape().size() == 1) {
            walkBack(Engine.implicitSeed("GraphView", root));
        }
    }

    Entry root() {
        return root;
    }

    List<Entry> entries() {
        return entries;
    }

    @Nullable
    Entry find(Tensor tensor) {
        return found.get(Tape.key(tensor));
    }

    /** The youngest ones with the leaves and constants that they use; whatever was computed from any step shown is shown too. */
    List<Entry> youngest(int count) {
        if (count >= entries.size()) {
            return entries;
        }
        Set<Entry> chosen = new LinkedHashSet<>(List.of(root));
        for (int k = entries.size() - 1; k >= 0 && chosen.size() < count; k--) {
            Entry step = entries.get(k);
            if (step.kind == Kind.STEP) {
                chosen.add(step);
                step.inputs.stream()
                        .filter(input -> input.kind != Kind.STEP && chosen.size() < count)
                        .forEach(chosen::add);
            }
        }
        return chosen.stream().sorted(Comparator.comparingInt(e -> e.index)).toList();
    }

    private Entry enter(Tensor tensor) {
        Entry entry = enter(Tape.key(tensor), tensor.node(), tensor.shape(), tensor.dtype());
        if (tape != null && entry.value == null) {
            entry.value = Numbers.of(tensor);
        }
        return entry;
    }

    private Entry enter(Object key, @Nullable Node node, Shape shape, DType dtype) {
        Entry present = found.get(key);
        if (present != null) {
            return present;
        }
        Tape.Step step = tape == null ? null : tape.of(key);
        Entry entry;
        if (node != null) {
            entry = new Entry(node.isLeaf() ? Kind.LEAF : Kind.STEP, node.op, node, shape, dtype, found.size());
        } else if (step != null) {
            entry = new Entry(Kind.STEP, step.op(), null, shape, dtype, found.size());
            entry.time = step.time();
        } else {
            entry = new Entry(Kind.CONSTANT, "constant", null, shape, dtype, found.size());
        }
        if (step != null) {
            entry.layer = step.layer();
        }
        found.put(key, entry);
        open.push(Map.entry(key, entry));
        return entry;
    }

    private void expand(Object key, Entry entry) {
        Node node = entry.node;
        if (node != null && node.isReleased()) {
            throw new GraphException(
                    "GraphView: the graph behind '" + node.op + "' " + node.shape
                            + " was released by an earlier backward pass; look at it before that pass, or pass GraphMode.KEEP to it");
        }
        Tape.Step step = tape == null ? null : tape.of(key);
        if (step != null) {
            entry.inputs = step.inputs().stream().map(this::enter).toList();
        } else if (node != null && !node.isDead()) {
            List<Entry> inputs = new ArrayList<>(2);
            node.forEachInput("GraphView", input -> inputs.add(enter(input, input, input.shape, input.dtype)));
            entry.inputs = inputs;
        }
    }

    // ---- the backward pass, step by step ----

    /** As {@link Engine} does it, but every part of a gradient is looked at, and nothing is accumulated or released. */
    private void walkBack(Tensor seed) {
        Map<Entry, Tensor> pending = new HashMap<>();
        pending.put(root, seed);
        Recorder.current().pass("GraphView", false, () -> {
            for (int k = entries.size() - 1; k >= 0; k--) {
                Tensor arriving = pending.remove(entries.get(k));
                if (arriving != null) {
                    visit(entries.get(k), arriving, pending);
                }
            }
        });
    }

    private static void visit(Entry entry, Tensor arriving, Map<Entry, Tensor> pending) {
        Node node = entry.node;
        if (node == null) {
            return;
        }
        Arrivals arrivals = node.arrivals();
        Tensor gradient = arrivals == null ? arriving : arrivals.throughHooks("GraphView", node, arriving);
        entry.gradient = Numbers.of(gradient);
        if (gradient != arriving) {
            entry.beforeHooks = Numbers.of(arriving);
        }
        List<@Nullable Tensor> parts = parts(node, gradient);
        List<@Nullable Tensor> locals = entry.shape.size() == 1 || parts.size() == 1
                ? parts(node, Tensor.ones(node.dtype, node.shape))
                : List.of();
        entry.sent = new ArrayList<>(Collections.nCopies(entry.inputs.size(), null));
        int at = 0;
        for (int k = 0; k < entry.inputs.size(); k++) {
            Entry input = entry.inputs.get(k);
            if (input.node == null) {
                continue;
            }
            Tensor part = at < parts.size() ? parts.get(at) : null;
            Tensor local = at < locals.size() ? locals.get(at) : null;
            at++;
            if (part != null) {
                Tensor fitted = input.node.fit("GraphView", "the rule of", node, part);
                Part passed = new Part(
                        entry, input, Numbers.of(fitted), fitted != part, local == null ? null : Numbers.of(local));
                entry.sent.set(k, passed);
                if (input.arrived.isEmpty()) {
                    input.arrived = new ArrayList<>(1);
                }
                input.arrived.add(passed);
                Tensor sum = pending.get(input);
                pending.put(input, sum == null ? fitted : sum.add(fitted));
            }
        }
    }

    /** What the rules of a node make of a gradient, for each of its inputs that is no constant. */
    private static List<@Nullable Tensor> parts(Node node, Tensor gradient) {
        List<@Nullable Tensor> parts = new ArrayList<>();
        for (Node.Link link : node.links("GraphView")) {
            parts.add(Recorder.current().applying(node, link.rule(), gradient));
        }
        Node.Fan fan = node.fan();
        if (fan != null) {
            List<Tensor> all = Recorder.current().applying(node, fan.rule(), gradient);
            for (int k = 0; k < Math.min(all.size(), fan.to().size()); k++) {
                if (fan.to().get(k) != null) {
                    parts.add(all.get(k));
                }
            }
        }
        return parts;
    }
}
