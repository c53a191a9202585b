package io.adjoint.autograd;

import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Internal access to the engine for the library's own packages.
 *
 * @hidden
 */
@Internal
public final class Internals {
    private Internals() {}

    /** Runs a segment as one operation of the given name, whose backward rule runs it again. */
    public static Tensor checkpoint(String op, Supplier<Tensor> segment) {
        return Checkpoint.run(op, segment);
    }

    /**
     * The solution x of an equation {@code r(x) = 0} as one operation, differentiable by the implicit function theorem.
     *
     * @param equation r, which is run again in the backward pass
     * @param multipliers takes the upstream gradient g and x, and returns the solution w of {@code (∂r/∂x)ᵀ·w = −g}: a differentiable
     *     function of g and x while operations are recorded
     */
    public static Tensor implicit(
            String op, NdArray solution, UnaryOperator<Tensor> equation, BinaryOperator<Tensor> multipliers) {
        return ImplicitFunction.of(op, solution, equation, multipliers);
    }

    /**
     * Sets a function that wraps the segments of checkpoints, so that a segment's second run has the context of its first run.
     *
     * @param restored takes a segment in the context of its first run, such as within some layers, and returns a segment that runs it in
     *     this context again
     */
    public static void recomputeIn(UnaryOperator<Supplier<Tensor>> restored) {
        Checkpoint.recomputeIn(restored);
    }

    /**
     * Runs an elementwise function as one operation. The function receives an operator that defers a tensor, and applies this operator to
     * each tensor of its input.
     */
    public static Tensor fused(Function<UnaryOperator<Tensor>, Tensor> function) {
        return Fused.run(function);
    }

    /** Runs a segment as one operation, whose backward rule runs it again with the same random numbers. */
    public static Tensor checkpoint(RandomGenerator random, Function<RandomGenerator, Tensor> segment) {
        return Checkpoint.run(random, segment);
    }

    /**
     * The upstream gradient, 1, of a backward pass whose caller gave none.
     *
     * @throws GraphException if the root does not have exactly one element
     */
    public static Tensor implicitSeed(String op, Tensor root) {
        return Passes.implicitSeed(op, root);
    }

    /**
     * Returns whether any of the outputs was computed from a tensor that was recorded before a tick of the
     * {@link io.adjoint.core.parallel.Clock}.
     */
    public static boolean dependOnOlder(String op, List<Tensor> outputs, long since) {
        Set<Node> seen = outputs.stream()
                .map(Tensor::node)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(HashSet::new));
        boolean[] isOlder = {false};
        Paths.reachable(op, seen, node -> {
            // The search goes no further once it has met an older node.
            isOlder[0] |= node.created < since;
            return !isOlder[0];
        });
        return isOlder[0];
    }

    /**
     * The stored gradient of a leaf, for a reader that keeps no reference to the gradient after {@link #giveBackGrad}; null if there is
     * none, which is not given back.
     */
    public static @Nullable Tensor borrowGrad(Tensor leaf) {
        GradientSlot slot = GradientSlot.of(leaf);
        return slot == null ? null : slot.borrow();
    }

    /** Ends the read access that {@link #borrowGrad} began. */
    public static void giveBackGrad(Tensor leaf) {
        GradientSlot slot = GradientSlot.of(leaf);
        if (slot != null) {
            slot.giveBack();
        }
    }

    /** Returns whether the tensor is a frozen leaf, which requires a gradient again once it is unfrozen. */
    public static boolean isFrozen(Tensor tensor) {
        return tensor.isFrozen();
    }

    /** Registers a watcher that receives the root of each {@code backward()} of this thread before the pass begins. */
    public static Hook beforeBackward(Consumer<Tensor> watcher) {
        return ThreadState.current().beforeBackward(watcher);
    }

    /** Returns whether the tensor keeps a graph that no backward pass has released. */
    public static boolean keepsGraph(Tensor tensor) {
        Node node = tensor.node();
        return node != null && !node.isLeaf() && !node.isReleased();
    }
}
