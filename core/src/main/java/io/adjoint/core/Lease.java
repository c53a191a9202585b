package io.adjoint.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The results of one step of a program, which end together: kernels of the thread write large results to Java arrays of a pool, and the
 * pool takes these back at the end of the step. From then on every {@link NdArray} that a kernel returned in the step, and every view of
 * one, refuses to be read. Small results end, too: a program that reads an ended array fails whatever the sizes are.
 *
 * @hidden
 */
@Internal
public final class Lease {
    /** The storage of each array whose step has ended, and which is therefore not readable any more. */
    static final Expression ENDED = Expression.ended();

    private static final ThreadLocal<@Nullable Lease> CURRENT = new ThreadLocal<>();

    private final ArrayPool pool;
    private final long threadId = Thread.currentThread().getId();
    /** The newest array of the step; the arrays of a step form a list, in which each refers to the one before. */
    private @Nullable NdArray newest;

    // Other threads change these fields, too, so access to them is synchronized on this lease.
    /**
     * The Java arrays of the pool in which results of this step lie; the pool gets them back at the end of the step. Null before the
     * first: the cost of a set would be noticed in a step of a few small results.
     */
    private @Nullable Set<Object> leased;
    /** Views of the step's arrays that other threads made. */
    private List<NdArray> viewsOfOthers = List.of();

    private boolean hasEnded;

    private Lease(ArrayPool pool) {
        this.pool = pool;
    }

    /** Runs a step whose results end with it. */
    @CanIgnoreReturnValue
    public static <T> T run(ArrayPool pool, Supplier<T> step) {
        boolean begins = pool.begin();
        try {
            return within(new Lease(pool), step);
        } finally {
            if (begins) {
                pool.end();
            }
        }
    }

    /** Runs a part of a step whose results end with the part; what it computes without a step lives on. */
    @CanIgnoreReturnValue
    public static <T> T part(Supplier<T> body) {
        Lease lease = CURRENT.get();
        return lease == null ? body.get() : run(lease.pool, body);
    }

    /** Runs a body whose results live on. */
    public static <T> T outside(Supplier<T> body) {
        return CURRENT.get() == null ? body.get() : within(null, body);
    }

    private static <T> T within(@Nullable Lease lease, Supplier<T> body) {
        Lease before = CURRENT.get();
        CURRENT.set(lease);
        try {
            return body.get();
        } finally {
            CURRENT.set(before);
            if (lease != null) {
                lease.end();
            }
        }
    }

    static @Nullable Lease current() {
        return CURRENT.get();
    }

    /** A Java array of the pool for a large result. */
    Object take(DType dtype, int n, boolean cleared) {
        Object array = pool.take(dtype, n, cleared);
        synchronized (this) {
            if (leased == null) {
                leased = Collections.newSetFromMap(new IdentityHashMap<>());
            }
            leased.add(array);
        }
        return array;
    }

    /**
     * Adds an array to the arrays that end with this step.
     *
     * @return the array of the step before this one; null if there is none, or if another thread than that of the step calls
     */
    @Nullable
    NdArray register(NdArray array) {
        if (Thread.currentThread().getId() == threadId && !hasEnded) {
            NdArray before = newest;
            newest = array;
            return before;
        }
        synchronized (this) {
            if (hasEnded) {
                array.end(this);
            } else {
                if (viewsOfOthers.isEmpty()) {
                    viewsOfOthers = new ArrayList<>();
                }
                viewsOfOthers.add(array);
            }
            return null;
        }
    }

    /**
     * Puts a Java array that no other object refers to into the pool, if a result of this step or, with {@code isOfAnyStep}, of any step
     * was in it. An array that is {@linkplain #keep kept} is no result of this step any more.
     */
    void giveBack(Object array, boolean isOfAnyStep) {
        boolean isOfThisStep;
        synchronized (this) {
            isOfThisStep = leased != null && leased.remove(array);
        }
        if (isOfThisStep || isOfAnyStep) {
            pool.add(array);
        }
    }

    /**
     * Lets an array live on after its step; an array of no step does so anyway.
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
        return array.storage == ENDED;
    }

    /** Throws if an array's step has ended. */
    static void requireLive(NdArray array) {
        if (hasEnded(array)) {
            throw Fusion.refusal(array);
        }
    }

    private synchronized void release(NdArray array) {
        requireLive(array);
        if (leased != null) {
            leased.remove(array.storage);
        }
        array.release();
    }

    private synchronized void end() {
        hasEnded = true;
        for (NdArray array = newest; array != null; ) {
            NdArray before = array.previous();
            array.end(this);
            array = before;
        }
        newest = null;
        viewsOfOthers.forEach(view -> view.end(this));
        viewsOfOthers = List.of();
        if (leased != null) {
            leased.forEach(pool::add);
            leased = null;
        }
    }
}
