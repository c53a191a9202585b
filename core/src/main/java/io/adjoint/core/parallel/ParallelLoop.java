package io.adjoint.core.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One loop over the blocks of a range of indices. The caller runs block after block, and so does each helper for which the pool has a
 * thread, until no block is left or a block has failed. Then the caller waits for the blocks that helpers have begun, and throws the first
 * failure.
 *
 * <p>The caller never waits for a task, only for blocks: a helper that the pool refuses, loses or has no thread for does no harm. Once a
 * block has begun, only the block itself allocates memory, so even its OutOfMemoryError is reported. The method join of the JDK's tasks has
 * no such guarantee: if a task cannot allocate the record of its failure, join waits forever.
 */
final class ParallelLoop {
    /** The time in nanoseconds for which the caller spins before it parks: about the time of a block, or of parking and waking a thread. */
    private static final long SPIN = 50_000;

    private final int n;
    private final int block;
    private final int blocks;
    private final Parallel.Range body;
    private final Thread caller = Thread.currentThread();
    /**
     * The number of the next block to begin. It is a long, because each thread still increments it once after the last block, and an int
     * could overflow.
     */
    private final AtomicLong next = new AtomicLong();
    /** The number of helpers that may be running a block. */
    private final AtomicInteger helping = new AtomicInteger();

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    ParallelLoop(int n, int block, Parallel.Range body) {
        this.n = n;
        this.block = block;
        this.blocks = (int) (((long) n + block - 1) / block);
        this.body = body;
    }

    /** Runs all blocks on at most the given number of threads; {@code common} is true if the threads belong to the common pool. */
    void run(int threads, boolean common) {
        LoopHelper[] helpers = new LoopHelper[Math.min(threads, blocks) - 1];
        int called = call(helpers, common);
        work();
        for (int k = called - 1; k >= 0; k--) {
            helpers[k].release(this);
        }
        awaitHelpers();
        Parallel.rethrow(failure.get());
    }

    /**
     * Gives this loop to helpers: first, in the common pool, to helpers that wait for a loop, then to new helpers. Returns the number of
     * helpers that may run blocks.
     */
    private int call(LoopHelper[] helpers, boolean common) {
        int n = 0;
        try {
            boolean waits = common;
            while (waits && n < helpers.length) {
                LoopHelper waiting = LoopHelper.ofWaiting(this);
                waits = waiting != null;
                if (waits) {
                    helpers[n++] = waiting;
                }
            }
            while (n < helpers.length) {
                LoopHelper helper = new LoopHelper(this);
                helpers[n++] = helper;
                helper.fork();
            }
        } catch (Throwable refused) {
            // If the pool can't create a thread or enlarge its queue, the loop goes on with the helpers that have been
            // started.
        }
        return n;
    }

    /** Runs blocks in a helper's thread, and returns whether any block was left to run. */
    boolean help() {
        boolean isLeft = next.get() < blocks;
        if (isLeft) {
            helping.incrementAndGet();
            try {
                work();
            } finally {
                if (helping.decrementAndGet() == 0) {
                    LockSupport.unpark(caller);
                }
            }
        }
        return isLeft;
    }

    /** Runs blocks until none is left; never throws. */
    private void work() {
        try {
            for (long b = next.getAndIncrement(); b < blocks; b = next.getAndIncrement()) {
                int from = (int) b * block;
                body.run(from, Math.min(n - from, block) + from);
            }
        } catch (Throwable thrown) {
            next.set(blocks);
            failure.compareAndSet(null, thrown);
        }
    }

    private void awaitHelpers() {
        long end = System.nanoTime() + SPIN;
        while (helping.get() > 0 && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        boolean interrupted = false;
        while (helping.get() > 0) {
            LockSupport.park(this);
            // An interrupt does not end the loop, but is remembered and set again afterwards.
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            caller.interrupt();
        }
    }
}
