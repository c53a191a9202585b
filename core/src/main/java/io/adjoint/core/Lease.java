package io.adjoint.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The arrays that one step of a program computes, all of which become unreadable (end) at the end of the step. Kernels of the step's thread
 * write large results to Java arrays of a pool, to which these arrays return at the end of the step. From then on, reading an {@link
 * NdArray} that a kernel returned in the step, or a view of it, throws an exception. Small arrays, which lie outside of the pool, become
 * unreadable, too, so whether a program fails does not depend on sizes.
 *
 * @hidden
 */
@Internal
public final class Lease {
    private static final ThreadLocal<@Nullable Lease> CURRENT = new ThreadLocal<>();

    /**
     * The number of bodies of {@link #within} under way in all threads: at least 1 wherever {@link #CURRENT} may be set. Every result asks
     * for the {@link #current} lease; while no thread is in a step, the answer takes no lookup of a thread's variable.
     */
    static final AtomicInteger UNDER_WAY = new AtomicInteger();

    /** Null once the step has ended, so that an ended array keeps its own Java array in memory, but not the whole pool. */
    private volatile @Nullable ArrayPool pool;

    /**
     * The Java arrays of the pool in which results of this step lie; the pool gets them back at the end of the step. Null until the first
     * array: creating a set would slow down a step of a few small results noticeably. Threads that {@linkplain #keep} arrays change this
     * field, too, so access is synchronized on this lease.
     */
    private @Nullable Set<Object> leased;

    private Lease(ArrayPool pool) {
        this.pool = pool;
    }

    /** Runs a step; the arrays that the step computes become unreadable at its end. */
    @CanIgnoreReturnValue
    public static <T> T run(ArrayPool pool, Supplier<T> step) {
        Lease lease = new Lease(pool);
        boolean begins = pool.begin();
        try {
            return within(lease, step);
        } finally {
            lease.end();
            if (begins) {
                pool.end();
            }
        }
    }

    /**
     * Runs the body as a step within the current step; the arrays that it computes become unreadable at its end. Outside of a step, this
     * method just runs the body, and the arrays stay readable.
     */
    @CanIgnoreReturnValue
    public static <T> T nested(Supplier<T> body) {
        Lease lease = current();
        return lease == null ? body.get() : run(lease.pool(), body);
    }

    /** Runs a body; the arrays that the body computes stay readable after the current step. */
    public static <T> T outside(Supplier<T> body) {
        return current() == null ? body.get() : within(null, body);
    }

    /** The work as a part of the current step, for another thread that runs the work while this thread waits. */
    static Runnable carried(Runnable work) {
        Lease lease = current();
        return lease == null
                ? work
                : () -> within(lease, () -> {
                    work.run();
                    return true;
                });
    }

    @CanIgnoreReturnValue
    private static <T> T within(@Nullable Lease lease, Supplier<T> body) {
        Lease before = CURRENT.get();
        UNDER_WAY.incrementAndGet();
        CURRENT.set(lease);
        try {
            return body.get();
        } finally {
            CURRENT.set(before);
            UNDER_WAY.decrementAndGet();
        }
    }

    static @Nullable Lease current() {
        return UNDER_WAY.get() == 0 ? null : CURRENT.get();
    }

    boolean hasEnded() {
        return pool == null;
    }

    private ArrayPool pool() {
        // Only the step's own thread calls this method, and only before the step ends, so the pool is not null.
        return Objects.requireNonNull(pool, "the step has ended");
    }

    /**
     * Takes a Java array for a large result from the pool until the end of this step; the elements are zeros ({@code cleared}) or
     * undefined.
     */
    Object take(DType dtype, int n, boolean cleared) {
        Object array = pool().take(dtype, n, cleared);
        synchronized (this) {
            if (leased == null) {
                leased = Collections.newSetFromMap(new IdentityHashMap<>());
            }
            leased.add(array);
        }
        return array;
    }

    /**
     * Gives a Java array, to which no other object may refer, back to the pool. Unless {@code isOfAnyStep} is true, the method ignores an
     * array that the step has not taken from the pool, and an array with a result that is {@linkplain #keep kept}.
     */
    void giveBack(Object array, boolean isOfAnyStep) {
        boolean isOfThisStep;
        synchronized (this) {
            isOfThisStep = leased != null && leased.remove(array);
        }
        if (isOfThisStep || isOfAnyStep) {
            pool().add(array);
        }
    }

    /**
     * Makes an array stay readable after the end of its step; has no effect on an array that was not computed in a step.
     *
     * @throws IllegalStateException if the step has ended
     */
    public static void keep(NdArray array) {
        Lease lease = array.lease();
        if (lease != null) {
            lease.release(array);
        }
    }

    /** Returns whether an array's step has ended. */
    public static boolean hasEnded(NdArray array) {
        return array.hasEnded();
    }

    /** Throws if an array ended while the calling thread read it, for a reader that calls this after its last read. */
    public static void requireLiveStill(NdArray array) {
        array.requireLiveStill();
    }

    private synchronized void release(NdArray array) {
        array.requireLive();
        if (leased != null) {
            leased.remove(array.storage());
        }
        array.release();
    }

    private synchronized void end() {
        ArrayPool returned = pool();
        // The step's arrays become unreadable here, before their Java arrays return to the pool.
        pool = null;
        // A reader in another thread that gets an element of a later result then sees that this step has ended.
        VarHandle.storeStoreFence();
        if (leased != null) {
            try {
                leased.forEach(returned::add);
            } catch (OutOfMemoryError e) {
                // The step has succeeded; the garbage collector takes the arrays that don't get into the pool.
            }
            leased = null;
        }
    }
}
