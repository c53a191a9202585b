package io.adjoint.autograd;

import io.adjoint.core.Internal;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The engine's doors to the library's own packages that build on it.
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
     * Sets the function by which segments of checkpoints run again as where they ran first.
     *
     * @param restored returns, where a segment has run first, a segment that runs it there again
     */
    public static void recomputeIn(UnaryOperator<Supplier<Tensor>> restored) {
        Checkpoint.recomputeIn(restored);
    }

    /** The value of an elementwise function, which is told how to defer its input, as one operation. */
    public static Tensor fused(Function<UnaryOperator<Tensor>, Tensor> function) {
        return Fused.run(function);
    }

    /** Runs a segment as one operation, whose backward rule runs it again with the same random numbers. */
    public static Tensor checkpoint(RandomGenerator random, Function<RandomGenerator, Tensor> segment) {
        return Checkpoint.run(random, segment);
    }

    /**
     * The upstream gradient that a pass starts with if its caller gave none.
     *
     * @throws GraphException if the root has another number of elements than 1
     */
    public static Tensor implicitSeed(String op, Tensor root) {
        return Passes.implicitSeed(op, root);
    }

    /** Returns whether any of the outputs was computed from something recorded before a tick of the {@link io.adjoint.core.Clock}. */
    public static boolean dependOnOlder(String op, List<Tensor> outputs, long since) {
        List<Node> roots =
                outputs.stream().map(Tensor::node).filter(Objects::nonNull).toList();
        return !Paths.frontier(op, roots, node -> node.created > since).isEmpty();
    }

    /** The gradient of a leaf, if there is one, for a reader that keeps nothing of it after it has called {@link #giveBackGrad}. */
    public static @Nullable Tensor borrowGrad(Tensor leaf) {
        Arrivals arrivals = Arrivals.of(leaf);
        return arrivals == null ? null : arrivals.borrow();
    }

    /** Ends {@link #borrowGrad}. */
    public static void giveBackGrad(Tensor leaf) {
        Arrivals arrivals = Arrivals.of(leaf);
        if (arrivals != null) {
            arrivals.giveBack();
        }
    }

    /** Returns whether the tensor is a leaf that is frozen: it requires a gradient again once it is unfrozen. */
    public static boolean isFrozen(Tensor tensor) {
        return tensor.isFrozen();
    }

    /** Registers what is told the root of each {@code backward()} of this thread, before it begins. */
    public static Hook beforeBackward(Consumer<Tensor> watcher) {
        return Recorder.current().beforeBackward(watcher);
    }

    /** Returns whether the tensor keeps a graph that no backward pass has released. */
    public static boolean keepsGraph(Tensor tensor) {
        Node node = tensor.node();
        return node != null && !node.isLeaf() && !node.isReleased();
    }

    /**
     * The result of a user's function.
     *
     * @throws IllegalArgumentException if it is null
     */
    public static <T> T result(String op, String function, @Nullable T result) {
        return Callbacks.result(op, function, result);
    }
}
