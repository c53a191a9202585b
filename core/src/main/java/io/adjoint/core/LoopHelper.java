package io.adjoint.core;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Takes blocks of a loop in a thread of the pool. If it came in time for any, in the common pool, it then waits a moment for another loop,
 * because waking a parked thread takes longer than most loops of a network. A helper that has stopped waiting when it is given a loop
 * does not run it: a loop needs no helper.
 */
final class LoopHelper extends RecursiveAction {
    private static final long serialVersionUID = 1;

    /** The nanoseconds that a helper waits: more than pass between the loops of a training step. */
    private static final long WAIT = 50_000;

    /** Those that wait. */
    private static final AtomicReferenceArray<@Nullable LoopHelper> WAITING =
            new AtomicReferenceArray<>(Math.max(1, ForkJoinPool.getCommonPoolParallelism()));

    /** Null when the loop has ended: a helper that is still in a queue must not keep its arrays. */
    private final transient AtomicReference<@Nullable ParallelLoop> loop;

    LoopHelper(ParallelLoop loop) {
        this.loop = new AtomicReference<>(loop);
    }

    /** Gives a loop to one that waits in the common pool and returns it, or null if none does. */
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

    /** Takes the loop away, unless the helper has ended it. */
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
            // Its caller may not yet have taken it back, and would be given it again.
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
                // Taken just now: the loop may be there.
                given = loop.get();
            }
        }
        return given;
    }
}
