package io.adjoint.core.parallel;

import io.adjoint.core.Internal;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * The scratch of a parallel loop: arrays for intermediate results, which the ranges of the loop take over from each other. New arrays would
 * have to be cleared, and would not be in the caches. A range takes scratch when it begins and gives the scratch back when it ends, so
 * ranges that run at the same time have different scratch. Scratch that a range takes still holds the elements of earlier ranges; scratch
 * of a range that throws is not given back.
 *
 * <p>The body of a loop calls both methods itself, rather than be called with scratch: one more level of calls above the loops of vectors
 * can exceed what C2 inlines, and C2 then allocates the vectors as objects.
 *
 * @hidden
 */
@Internal
public final class ScratchPool<S> {
    private final Queue<S> idle = new ConcurrentLinkedQueue<>();
    private final Supplier<S> allocator;

    /** A pool whose scratch is allocated in the thread that first takes it, and only while all scratch of the pool is in use. */
    public ScratchPool(Supplier<S> allocator) {
        this.allocator = allocator;
    }

    /** Returns scratch that nobody else uses until it is given back. */
    public S take() {
        S kept = idle.poll();
        return kept != null ? kept : allocator.get();
    }

    /** Gives back scratch that {@link #take} has returned. */
    public void giveBack(S scratch) {
        idle.add(scratch);
    }
}
