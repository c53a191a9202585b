package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The steps at the end of a gradient's way to a node: its hooks see it and may replace it, then it is accumulated if the node keeps
 * its gradient, then, when all gradients of the pass are, the hooks after accumulation run. Several threads may add at once; each
 * contribution counts exactly once.
 */
final class Arrivals {
    private final List<UnaryOperator<Tensor>> hooks = new CopyOnWriteArrayList<>();
    private final List<Runnable> afterwards = new CopyOnWriteArrayList<>();
    private boolean kept;
    private @Nullable Tensor gradient;

    /** Makes the node keep its gradients from now on. */
    @CanIgnoreReturnValue
    synchronized Arrivals keep() {
        kept = true;
        return this;
    }

    synchronized boolean keeps() {
        return kept;
    }

    synchronized @Nullable Tensor get() {
        return gradient;
    }

    synchronized void set(@Nullable Tensor replacement) {
        if (replacement != null) {
            Fused.requireElements(replacement);
        }
        gradient = replacement;
    }

    /** Adds out of place: the arrays that meet here may be shared with other leaves or held by the user. */
    synchronized void accumulate(Tensor contribution) {
        if (kept) {
            gradient = gradient == null ? contribution : gradient.add(contribution);
        }
    }

    Tensor throughHooks(String asking, Node node, Tensor upstream) {
        Tensor current = upstream;
        for (UnaryOperator<Tensor> hook : hooks) {
            current = node.fit(asking, "a hook on", node, hook.apply(current));
        }
        return current;
    }

    void afterAccumulation() {
        afterwards.forEach(Runnable::run);
    }

    Hook before(UnaryOperator<Tensor> hook) {
        hooks.add(hook);
        return () -> hooks.remove(hook);
    }

    Hook after(Runnable hook) {
        afterwards.add(hook);
        return () -> afterwards.remove(hook);
    }
}
