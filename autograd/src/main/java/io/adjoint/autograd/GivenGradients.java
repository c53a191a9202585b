package io.adjoint.autograd;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.EndedException;
import io.adjoint.core.NdArray;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The gradients that a node's backward rule gives to the node's inputs, which the rule names by their indices. Each of these gradients is
 * one addend of an input's total gradient: either the pass adds the gradient to the sum of the gradients that have arrived at the input, or
 * the rule has already done so. A pass has one object of this class, which serves one node after the other.
 */
final class GivenGradients {
    final BackwardPass pass;
    private @Nullable Node node;
    private int count;
    /** The nodes of the inputs that the pass visits; null for the others and for constants. */
    private @Nullable Node[] inputs = {};

    private boolean addsInPlace;
    private @Nullable Tensor[] given = {};
    /** The inputs whose gradient the backward rule itself has added to the input's sum of gradients; null if none. */
    private @Nullable BitSet added;

    GivenGradients(BackwardPass pass) {
        this.pass = pass;
    }

    /**
     * Begins the application of a node's backward rule.
     *
     * @param linked the nodes of its inputs, with null for constants
     * @param addsInPlace whether the backward rule may add gradients in place, to the inputs' sums of gradients
     */
    void begin(Node node, @Nullable Node[] linked, boolean addsInPlace) {
        this.node = node;
        this.addsInPlace = addsInPlace;
        count = linked.length;
        if (inputs.length < count) {
            inputs = new Node[count];
            given = new Tensor[count];
        }
        for (int k = 0; k < count; k++) {
            Node input = linked[k];
            inputs[k] = input != null && pass.visits(input) ? input : null;
        }
    }

    /** Runs the node's backward rule. */
    void apply(Rule rule, Tensor gradient) {
        try {
            rule.pull(gradient, this);
        } catch (RuntimeException e) {
            Node from = node();
            RuntimeException failure =
                    e instanceof EndedException ended ? ended.at("the backward rule of '" + from.op + "'") : e;
            if (from.trace != null) {
                failure.addSuppressed(new ForwardTrace(from.op, from.shape, from.trace));
            }
            throw failure;
        }
    }

    /** Ends the application, and drops its gradients. */
    void end() {
        Arrays.fill(inputs, 0, count, null);
        Arrays.fill(given, 0, count, null);
        added = null;
        count = 0;
    }

    /** The node whose backward rule gives the gradients. */
    Node node() {
        return Objects.requireNonNull(node);
    }

    /** The names of the pass and the backward rule, for the beginning of a message. */
    String ruleInPass() {
        return pass.op + ": the backward rule of '" + node().op + "'";
    }

    int count() {
        return count;
    }

    /** The node of an input; null if the pass doesn't visit the input, or it is a constant. */
    @Nullable
    Node input(int input) {
        return inputs[input];
    }

    /** Returns whether a node is one of the inputs that the pass visits. */
    boolean isInput(Node node) {
        return Arrays.asList(inputs).subList(0, count).contains(node);
    }

    /** Returns whether the pass visits an input; false for constants. */
    boolean wants(int input) {
        return inputs[input] != null;
    }

    boolean wantsAny() {
        for (int k = 0; k < count; k++) {
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
     * Adds a gradient to an input's sum of gradients in place, if possible.
     *
     * @return whether the gradient was added; if not, the caller must {@link #give} the gradient
     */
    boolean addTo(int input, BiConsumer<NdArray, NdArray> adder, Tensor g) {
        PendingGradient sum = addsInPlace && !isGivenBefore(input) ? sum(input) : null;
        if (sum == null) {
            return false;
        }
        NdArray total = sum.own();
        long before = ArrayElements.modified(total);
        adder.accept(g.data(), total);
        if (ArrayElements.modified(total) != before) {
            throw new GraphException(pass.op + ": the adder of '" + node().op + "' assigned to its sum "
                    + total.shape() + ", which may hold gradients of other operations; add to"
                    + " it by InPlace.accumulate, indexAdd or scatterAdd");
        }
        markAdded(input);
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
        PendingGradient sum = sum(input);
        return sum == null ? null : sum.total();
    }

    /** Gives an input its new sum of gradients: the earlier {@link #total} plus the input's gradient from this node. */
    void giveTotal(int input, Tensor total) {
        PendingGradient sum = sum(input);
        if (sum == null) {
            give(input, total);
        } else {
            sum.become(total);
            markAdded(input);
        }
    }

    private void markAdded(int input) {
        added = added == null ? new BitSet() : added;
        added.set(input);
    }

    private @Nullable PendingGradient sum(int input) {
        return pass.sum(Objects.requireNonNull(inputs[input]));
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
}
