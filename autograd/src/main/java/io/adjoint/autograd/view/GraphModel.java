package io.adjoint.autograd.view;

import io.adjoint.autograd.Attributes;
import io.adjoint.autograd.Recording;
import io.adjoint.autograd.Recording.Item;
import io.adjoint.autograd.Recording.Kind;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot, for pictures, of all tensors from which a root was computed: a later pass or optimizer step does not change the snapshot. If
 * the recording ran the computation, the snapshot also has constants, values and gradients.
 */
final class GraphModel implements Recording.Observer {
    /** A tensor of the computation. */
    static final class Entry {
        final Item item;
        final Kind kind;
        final String op;
        /** The operation with its arguments that are not tensors, as {@code slice(axis=1, from=0, to=3)}. */
        final String call;

        final Shape shape;
        final DType dtype;
        /** The path of the layer in which the tensor was computed; empty if unknown. */
        final String layer;
        /** The tensors from which this tensor was computed, in the order of the operation's arguments. */
        List<Entry> inputs = List.of();
        /** The gradient that flowed back to each input, null for constants; empty if no gradient flowed back. */
        List<@Nullable Contribution> sent = List.of();
        /** The gradients from the tensors that were computed from this tensor, in the order of arrival. */
        final List<Contribution> arrived = new ArrayList<>(0);

        @Nullable
        Numbers value;
        /**
         * The tensor's gradient in the recorded pass: the seed for the root, else the sum of {@link #arrived}, or the gradient by which
         * hooks replaced it. Without a recorded pass, the gradient that the tensor stores. Null if the tensor has no gradient.
         */
        @Nullable
        Numbers gradient;
        /** The gradient that hooks replaced; null if no hook replaced a gradient. */
        @Nullable
        Numbers beforeHooks;

        String name = "";
        int index;

        private final int found;
        private long time;

        private Entry(Item item, int found) {
            this.item = item;
            this.kind = item.kind();
            this.op = item.op();
            this.call = Attributes.text(op, item.attributes());
            this.shape = item.shape();
            this.dtype = item.dtype();
            this.layer = item.layer();
            this.value = item.value() == null ? null : Numbers.of(item.value());
            this.found = found;
            this.time = item.time();
        }
    }

    /**
     * A gradient that flows from a tensor to one of its inputs.
     *
     * @param gradient the gradient as it arrives at the input
     * @param summed whether the gradient was summed over axes that broadcasting repeated
     * @param local the backward rule's result for an upstream gradient of ones; null if this result is not needed
     * @param jacobian the Jacobian matrix of the operation with respect to the input; null if the matrix was not asked for or is too large
     */
    @SuppressWarnings("ArrayRecordComponent") // no code calls equals of contributions
    record Contribution(
            Entry from,
            Entry to,
            Numbers gradient,
            boolean summed,
            @Nullable Numbers local,
            double @Nullable [][] jacobian) {}

    /** The largest number of elements of an operation whose Jacobian matrices are kept. */
    private static final int MOST_ROWS = 32;

    private final Recording recording;
    private final Map<Item, Entry> found = new HashMap<>();
    private final Entry root;
    /** The tensors in the order in which they were computed; a constant that no operation computed stands before its first use. */
    private final List<Entry> entries = new ArrayList<>();
    /**
     * The results of the current operation's backward rules for an upstream gradient of ones, one for each input; empty if these results
     * are not needed.
     */
    private List<@Nullable Tensor> derivatives = List.of();
    /** The Jacobian matrices of the current operation, one for each input; empty if these matrices are not kept. */
    private List<double @Nullable [][]> jacobians = List.of();

    private boolean keepsJacobians;

    GraphModel(Recording recording) {
        this.recording = recording;
        for (Item item : recording.items()) {
            Entry entry = new Entry(item, entries.size());
            found.put(item, entry);
            entries.add(entry);
        }
        this.root = entry(recording.root());
        for (Entry entry : entries) {
            entry.inputs = entry.item.inputs().stream().map(this::entry).toList();
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
    }

    /** Runs a backward pass to fill in the gradients, if any tensor requires a gradient. */
    GraphModel withGradients() {
        recording.watchBackward(this);
        return this;
    }

    /** Like {@link #withGradients}, but also keeps the Jacobian matrices of small operations. */
    GraphModel withJacobians() {
        keepsJacobians = true;
        return withGradients();
    }

    Entry root() {
        return root;
    }

    List<Entry> entries() {
        return entries;
    }

    @Nullable
    Entry find(Tensor tensor) {
        Item item = recording.find(tensor);
        return item == null ? null : entry(item);
    }

    private Entry entry(Item item) {
        return Objects.requireNonNull(found.get(item));
    }

    /**
     * The operations that were computed last, with the leaves and constants that these operations use; so every operation that was computed
     * from a shown operation is shown too.
     */
    List<Entry> youngest(int count) {
        if (count >= entries.size()) {
            return entries;
        }
        Set<Entry> chosen = new LinkedHashSet<>(List.of(root));
        for (int k = entries.size() - 1; k >= 0 && chosen.size() < count; k--) {
            Entry node = entries.get(k);
            if (node.kind == Kind.OPERATION) {
                chosen.add(node);
                node.inputs.stream()
                        .filter(input -> input.kind != Kind.OPERATION && chosen.size() < count)
                        .forEach(chosen::add);
            }
        }
        return chosen.stream().sorted(Comparator.comparingInt(e -> e.index)).toList();
    }

    // ---- the backward pass, step by step ----

    @Override
    public void arrived(Item item, Tensor upstream, Tensor gradient) {
        Entry entry = entry(item);
        entry.gradient = Numbers.of(gradient);
        if (gradient != upstream) {
            entry.beforeHooks = Numbers.of(upstream);
        }
        entry.sent = new ArrayList<>(Collections.nCopies(entry.inputs.size(), null));
        derivatives = entry.kind == Kind.OPERATION && Formula.needsDerivatives(entry)
                ? recording.derivatives(item)
                : List.of();
        jacobians = keepsJacobians && entry.kind == Kind.OPERATION && entry.shape.size() <= MOST_ROWS
                ? jacobians(entry)
                : List.of();
    }

    @Override
    public void passed(Item from, int input, Tensor gradient, boolean summed) {
        Entry entry = entry(from);
        Entry to = entry.inputs.get(input);
        Tensor local = derivatives.isEmpty() ? null : derivatives.get(input);
        Contribution contribution = new Contribution(
                entry,
                to,
                Numbers.of(gradient),
                summed,
                local == null ? null : Numbers.of(local),
                jacobians.isEmpty() ? null : jacobians.get(input));
        entry.sent.set(input, contribution);
        to.arrived.add(contribution);
    }

    /**
     * The Jacobian matrices of an operation, row by row: a row is the backward rules' result for an upstream gradient that is 1 at one
     * element and 0 elsewhere.
     */
    private List<double @Nullable [][]> jacobians(Entry node) {
        int rows = node.shape.size();
        List<double @Nullable [][]> matrices = new ArrayList<>();
        for (Entry input : node.inputs) {
            matrices.add(input.kind != Kind.CONSTANT && input.shape.size() <= Numbers.MOST ? new double[rows][] : null);
        }
        for (int row = 0; row < rows; row++) {
            double[] one = new double[rows];
            one[row] = 1;
            Tensor upstream = Tensor.of(NdArray.of(node.shape, one)).to(node.dtype);
            List<@Nullable Tensor> gradients = recording.gradients(node.item, upstream);
            for (int k = 0; k < gradients.size(); k++) {
                Tensor gradient = gradients.get(k);
                double[][] matrix = matrices.get(k);
                if (gradient == null) {
                    matrices.set(k, null);
                } else if (matrix != null) {
                    matrix[row] = gradient.data().toDoubleArray();
                }
            }
        }
        return matrices;
    }
}
