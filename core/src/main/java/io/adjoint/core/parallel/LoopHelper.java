package io.adjoint.core.parallel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs blocks of a {@link ParallelLoop} in a thread of the pool. After a loop in which it has run a block, a helper in the
 * common pool spins for a moment and waits for another loop: waking a parked thread takes longer than most loops of a network. A helper
 * that stops waiting just as it is given a loop does not run the loop, which does no harm: the caller runs all blocks that no helper takes.
 */
final class LoopHelper extends RecursiveAction {
    private static final long serialVersionUID = 1;

    /** The time in nanoseconds for which a helper waits: longer than the pauses between the loops of a training step. */
    private static final long WAIT = 50_000;

    /** The helpers that are waiting for a loop. */
    private static final AtomicReferenceArray<@Nullable LoopHelper> WAITING =
            new AtomicReferenceArray<>(Math.max(1, ForkJoinPool.getCommonPoolParallelism()));

    /**
     * The loop whose blocks this helper runs; null after the loop has ended, since a helper that is still in a queue must not hold the
     * loop's arrays.
     */
    private final transient AtomicReference<@Nullable ParallelLoop> loop;

    LoopHelper(ParallelLoop loop) {
        this.loop = new AtomicReference<>(loop);
    }

    /** Gives the loop to a helper that is waiting in the common pool, and returns the helper; null if no helper is waiting. */
    static @Nullable LoopHelper ofWaiting(ParallelLoop loop) {
        for (int k = 0; k < WAITING.length(); k++) {
            LoopHelper helper = WAITING.get(k);
            if (helper != null && WAITING.compareAndSet(k, helper, null)) {
                helper.loop.set(loop);
                return helper;
            }
        }
        return null;
    }

    /** Takes an ended loop away from this helper, unless the helper has already dropped the loop. */
    void release(ParallelLoop ended) {
        if (!tryUnfork()) {
            loop.compareAndSet(ended, null);
        }
    }

    @Override
    protected void compute() {
        boolean isCommon = getPool() == ForkJoinPool.commonPool();
        for (ParallelLoop given = loop.get(); given != null; ) {
            boolean waits = given.help() && isCommon;
            // Drops the ended loop, so that await() does not return it again: the caller may not have released the
            // helper yet.
            loop.compareAndSet(given, null);
            given = waits ? await() : null;
        }
    }

    private @Nullable ParallelLoop await() {
        int slot = 0;
        while (slot < WAITING.length() && !WAITING.compareAndSet(slot, null, this)) {
            slot++;
        }
        ParallelLoop given = null;
        if (slot < WAITING.length()) {
            long start = System.nanoTime();
            do {
                Thread.onSpinWait();
                given = loop.get();
            } while (given == null && System.nanoTime() - start < WAIT);
            if (!WAITING.compareAndSet(slot, this, null)) {
                // Another thread has just taken this helper from WAITING, and may have given it a loop.
                given = loop.get();
            }
        }
        return given;
    }
}
