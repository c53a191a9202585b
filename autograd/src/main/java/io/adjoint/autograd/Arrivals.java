package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.InPlace;
import io.adjoint.core.Reuse;
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
    /** The thread that computed the gradient's elements, while nobody else has them. */
    private @Nullable Thread owner;
    /** The number of those who read the gradient and will give it back. */
    private int borrowers;

    /** Those of a tensor's node; null if it has none. */
    static @Nullable Arrivals of(Tensor tensor) {
        return tensor.node == null ? null : tensor.node.arrivals();
    }

    /** Makes the node keep its gradients from now on. */
    @CanIgnoreReturnValue
    synchronized Arrivals keep() {
        kept = true;
        return this;
    }

    synchronized boolean keeps() {
        return kept;
    }

    /** The gradient, which its reader may keep. */
    synchronized @Nullable Tensor get() {
        owner = null;
        return gradient;
    }

    /** The gradient, if there is one, for a reader that keeps nothing of it after it has called {@link #giveBack}. */
    synchronized @Nullable Tensor borrow() {
        borrowers += gradient == null ? 0 : 1;
        return gradient;
    }

    synchronized void giveBack() {
        borrowers--;
    }

    synchronized void set(@Nullable Tensor replacement) {
        if (replacement != null) {
            Fused.requireElements(replacement);
        }
        Tensor former = gradient;
        // Another thread has no pass that would take it.
        if (former != null && former != replacement && isChangeable() && owner == Thread.currentThread()) {
            Reuse.recycle(former.data());
        }
        gradient = replacement;
        owner = null;
    }

    /**
     * Adds to the gradient, in place only if nobody else has its elements: arrays may be shared with other leaves or held by the user.
     *
     * @param owned whether nobody else has those of the contribution
     */
    synchronized void accumulate(Tensor contribution, boolean owned) {
        Tensor sum = gradient;
        if (!kept) {
            return;
        }
        // A tape keeps the values of operations, and shows an addition in place to nobody.
        boolean isTraced = Recorder.current().tracing();
        if (sum == null) {
            gradient = contribution;
            owner = owned ? Thread.currentThread() : null;
        } else if (isChangeable() && !isTraced && sum.data().isContiguous() && !contribution.requiresGrad()) {
            InPlace.accumulate(sum.data(), contribution.data());
            if (owned) {
                Reuse.recycle(contribution.data());
            }
        } else {
            gradient = sum.add(contribution);
            owner = isTraced || gradient.requiresGrad() ? null : Thread.currentThread();
        }
    }

    private boolean isChangeable() {
        return owner != null && borrowers == 0;
    }

    Tensor throughHooks(String asking, Node node, Tensor upstream, Reuse reuse) {
        Tensor current = upstream;
        for (UnaryOperator<Tensor> hook : hooks) {
            reuse.forget(current.data());
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
