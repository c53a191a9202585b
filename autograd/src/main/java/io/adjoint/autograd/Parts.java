package io.adjoint.autograd;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.NdArray;
import java.util.BitSet;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The gradients that a step's backward rule gives to the step's inputs, which the rule names by their indices. Each of these gradients is
 * one addend of an input's total gradient: either the pass adds the gradient to the sum of the gradients that have arrived at the input, or
 * the rule has already done so. A pass has one {@code Parts} object, which serves one step after the other.
 */
final class Parts {
    private static final Node[] NONE = {};

    private final Recorder recorder;
    /**
     * Maps a node to the sum of its gradients from the backward rules that have run; to null before the first of these rules, or if
     * backward rules must not see the sum.
     */
    private final Function<Node, @Nullable Sum> sums;

    private @Nullable Node[] inputs = NONE;
    private boolean addsInPlace;
    private @Nullable Tensor[] given = {};
    /** The inputs whose gradient the backward rule itself has added to the input's sum of gradients; null if none. */
    private @Nullable BitSet added;
    /** The inputs whose gradient is an array that no other object refers to; null if none. */
    private @Nullable BitSet owned;

    Parts(Recorder recorder, Function<Node, @Nullable Sum> sums) {
        this.recorder = recorder;
        this.sums = sums;
    }

    /**
     * Runs the backward rule of one node separately from the steps of a pass. The rule sees no sums of gradients, so it returns every
     * gradient instead of adding it to a sum.
     */
    static Parts of(Node node, @Nullable Node[] inputs, Rule rule, Tensor gradient) {
        Recorder recorder = Recorder.current();
        Parts parts = new Parts(recorder, input -> null);
        parts.begin(inputs, false);
        recorder.applying(node, inputs, rule, gradient, parts);
        return parts;
    }

    /**
     * Begins a step of the pass: the application of one node's backward rule.
     *
     * @param inputs the nodes of the step's inputs, with null for constants
     * @param addsInPlace whether the backward rule of the step may add gradients in place, to the inputs' sums of gradients
     */
    void begin(@Nullable Node[] inputs, boolean addsInPlace) {
        this.inputs = inputs;
        this.addsInPlace = addsInPlace;
        if (given.length < inputs.length) {
            given = new Tensor[inputs.length];
        }
    }

    /** Ends a step, and drops the gradients of the step. */
    void end() {
        for (int k = 0; k < inputs.length; k++) {
            given[k] = null;
        }
        added = null;
        owned = null;
        inputs = NONE;
    }

    int count() {
        return inputs.length;
    }

    /** The node of an input; null for a constant. */
    @Nullable
    Node input(int input) {
        return inputs[input];
    }

    /** Returns whether the pass visits an input; false for constants. */
    boolean wants(int input) {
        Node node = inputs[input];
        return node != null && recorder.visits(node);
    }

    boolean wantsAny() {
        for (int k = 0; k < inputs.length; k++) {
            if (wants(k)) {
                return true;
            }
        }
        return false;
    }

    /** Gives an input the gradient that the backward rule has computed for it. */
    void give(int input, @Nullable Tensor gradient) {
        given[input] = gradient;
    }

    /**
     * Gives an input the gradient that the backward rule has computed for it.
     *
     * @param isFresh whether no other object refers to the gradient's array
     */
    void give(int input, Tensor gradient, boolean isFresh) {
        given[input] = gradient;
        if (isFresh && addsInPlace) {
            owned = marked(owned, input);
        }
    }

    /**
     * Adds a gradient to an input's sum of gradients in place, if possible.
     *
     * @return whether the gradient was added; if not, the caller must {@link #give} the gradient
     */
    boolean addTo(int input, BiConsumer<NdArray, NdArray> adder, Tensor g) {
        Sum sum = addsInPlace && !isGivenBefore(input) ? sum(input) : null;
        if (sum == null) {
            return false;
        }
        NdArray total = sum.own();
        long before = ArrayElements.modified(total);
        adder.accept(g.data(), total);
        if (ArrayElements.modified(total) != before) {
            throw new GraphException(recorder.passName() + ": the adder of '" + recorder.ruleName()
                    + "' assigned to its sum " + total.shape()
                    + ", which may hold gradients of other operations; add to"
                    + " it by InPlace.accumulate, indexAdd or scatterAdd");
        }
        added = marked(added, input);
        return true;
    }

    /**
     * Returns whether an earlier input is the same node and has already got a gradient, which must be added first: gradients are added in
     * the order of the inputs.
     */
    private boolean isGivenBefore(int input) {
        for (int k = 0; k < input; k++) {
            if (given[k] != null && inputs[k] == inputs[input]) {
                return true;
            }
        }
        return false;
    }

    /**
     * The sum of an input's gradients from the backward rules that have run; null before the first of these rules, or if backward rules
     * must not see the sum.
     */
    @Nullable
    Tensor total(int input) {
        Sum sum = sum(input);
        return sum == null ? null : sum.total();
    }

    /** Gives an input its new sum of gradients: the earlier {@link #total} plus the input's gradient from this step. */
    void giveTotal(int input, Tensor total) {
        Sum sum = sum(input);
        if (sum == null) {
            give(input, total);
        } else {
            sum.become(total);
            added = marked(added, input);
        }
    }

    private static BitSet marked(@Nullable BitSet marks, int input) {
        BitSet marked = marks == null ? new BitSet() : marks;
        marked.set(input);
        return marked;
    }

    private @Nullable Sum sum(int input) {
        return sums.apply(Objects.requireNonNull(inputs[input]));
    }

    /** The gradient that was given to an input; null if none was. */
    @Nullable
    Tensor of(int input) {
        return given[input];
    }

    /** Returns whether the backward rule itself added the gradient of an input to the input's sum of gradients. */
    boolean isAdded(int input) {
        return added != null && added.get(input);
    }

    /** Returns whether no other object refers to the array of the gradient that was given to an input. */
    boolean isOwned(int input) {
        return owned != null && owned.get(input);
    }
}
