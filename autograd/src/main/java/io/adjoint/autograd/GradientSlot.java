package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.GradientPool;
import io.adjoint.core.Lease;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A node's hooks and stored gradient. When a backward pass has computed the node's gradient, hooks first see the gradient and may replace
 * it. Then, if the node stores its gradient, the gradient is {@linkplain Accumulations accumulated}. Once all gradients of the pass are
 * accumulated, the hooks in {@code afterwards} run. Several threads may add gradients at once, and each gradient counts exactly once.
 */
final class GradientSlot {
    private final Hooks<UnaryOperator<Tensor>> hooks = new Hooks<>();
    private final Hooks<Runnable> afterwards = new Hooks<>();
    /**
     * A thread holds this lock while it reads or changes the gradient, and a pass holds this lock from the computation of the gradient's
     * sum until all sums of the pass have been assigned.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean kept;
    private @Nullable Tensor gradient;
    /** The thread that computed the stored gradient's array, as long as no other object refers to this array; else null. */
    private @Nullable Thread owner;
    /** The number of readers that got the gradient from {@link #borrow} and have not yet called {@link #giveBack}. */
    private int borrowers;

    /** The hooks and stored gradient of a tensor's node; null if the tensor has no node. */
    static @Nullable GradientSlot of(Tensor tensor) {
        return tensor.node == null ? null : tensor.node.slot();
    }

    /** Makes the node store its gradients from now on. */
    @CanIgnoreReturnValue
    GradientSlot keep() {
        kept = true;
        return this;
    }

    boolean keeps() {
        return kept;
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    /**
     * The stored gradient, for a reader that may keep a reference to the gradient; so the gradient's array is never used again for another
     * gradient.
     */
    @Nullable
    Tensor get() {
        lock();
        try {
            owner = null;
            return gradient;
        } finally {
            unlock();
        }
    }

    /** The stored gradient, for a reader that holds the lock and keeps no reference to the gradient. */
    @Nullable
    Tensor gradient() {
        return gradient;
    }

    /**
     * The gradient, for a reader that keeps no reference to the gradient after {@link #giveBack}; null if no gradient is stored, which is
     * not given back.
     */
    @Nullable
    Tensor borrow() {
        lock();
        try {
            borrowers += gradient == null ? 0 : 1;
            return gradient;
        } finally {
            unlock();
        }
    }

    void giveBack() {
        lock();
        try {
            borrowers--;
        } finally {
            unlock();
        }
    }

    void set(@Nullable Tensor replacement) {
        if (replacement != null) {
            Fused.requireElements(replacement);
            Lease.keep(replacement.data());
        }
        lock();
        try {
            replace(replacement, false);
        } finally {
            unlock();
        }
    }

    /**
     * Replaces the stored gradient; the caller holds the lock. The method must not fail, since a pass may already have replaced the
     * gradients of other tensors.
     *
     * @param replacement a gradient whose elements stay readable after the {@link Lease} in which they were computed ({@link Lease#keep})
     * @param owned whether no other object refers to the elements of the replacement
     */
    void replace(@Nullable Tensor replacement, boolean owned) {
        Tensor former = gradient;
        // Recycling puts the array into the pool of the current thread, where passes of other threads would not find
        // it. So only the thread that computed the array recycles it.
        boolean isFree = owner == Thread.currentThread() && borrowers == 0;
        gradient = replacement;
        owner = owned ? Thread.currentThread() : null;
        if (former != null && former != replacement && isFree) {
            GradientPool.recycle(former.data());
        }
    }

    Tensor throughHooks(String asking, Node node, Tensor upstream, GradientPool pool) {
        Tensor current = upstream;
        for (UnaryOperator<Tensor> hook : hooks) {
            pool.forget(current.data());
            current = node.fit(asking, "a hook on", node, hook.apply(current));
        }
        return current;
    }

    void afterAccumulation() {
        afterwards.forEach(Runnable::run);
    }

    Hook before(UnaryOperator<Tensor> hook) {
        return hooks.add(hook);
    }

    Hook after(Runnable hook) {
        return afterwards.add(hook);
    }
}
