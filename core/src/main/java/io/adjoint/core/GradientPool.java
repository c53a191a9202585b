package io.adjoint.core;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The reuse of arrays by a backward pass: the pass writes new results to arrays of the same size that it no longer needs, from a pool of
 * its thread. A new array would have to be cleared and would not be in the caches.
 *
 * <p>The pass owns the arrays that it {@linkplain #serve gives} to kernels for their results, and counts the sums of gradients that each
 * array holds. If an array holds no sum at the end of a visit of a node, it is no longer needed: it was a
 * temporary of the node's backward rule, or the node's upstream gradient. An array to which other code may have a reference is {@linkplain
 * #forget forgotten}, and left to the garbage collector.
 *
 * <p>Only large arrays of floating types are reused, because small arrays cost next to nothing. The garbage collector takes pooled arrays
 * back if memory runs short. The system property {@value #PROPERTY} is {@code true}, or {@code false} to turn reuse off, or {@code check}
 * to reuse arrays of any size and to fill each with NaN before a result is written to it. The NaN values expose code that still reads the
 * former elements, and kernels that don't write all elements.
 *
 * @hidden
 */
@Internal
public final class GradientPool {
    /** The name of the system property: {@value}. */
    public static final String PROPERTY = "adjoint.reuse";

    private static final boolean IS_CHECKED = mode().equals("check");

    /** The smallest length of a reused array; if reuse is off, a length that no array has. */
    private static final int MIN_LENGTH = IS_CHECKED ? 1 : mode().equals("false") ? Integer.MAX_VALUE : 1 << 12;

    private static final ThreadLocal<@Nullable GradientPool> CURRENT = new ThreadLocal<>();

    /** The enclosing pass, if one of its backward rules started this pass; else null. */
    private final @Nullable GradientPool outer = CURRENT.get();

    /** The Java arrays that the pass owns, each with the number of sums of gradients whose elements it holds. */
    private final IdentityHashMap<Object, Integer> sums = new IdentityHashMap<>(0);

    /** The Java arrays to check at the end of the current visit: an array that then holds no sum can be used again. */
    private final List<Object> candidates = new ArrayList<>(0);

    private boolean serving;
    /** The pool of the thread if this pass is a round of it. */
    private @Nullable ArrayPool round;

    private static String mode() {
        String mode = System.getProperty(PROPERTY, "true");
        if (!List.of("true", "false", "check").contains(mode)) {
            throw new IllegalStateException("-D" + PROPERTY + "=" + mode + ": expected true, false or check");
        }
        return mode;
    }

    /** Runs a body. No backward pass owns the arrays that kernels allocate in the body, so no pass reuses an array that the body keeps. */
    public static <T> T suspended(Supplier<T> body) {
        GradientPool pass = CURRENT.get();
        CURRENT.set(null);
        try {
            return body.get();
        } finally {
            CURRENT.set(pass);
        }
    }

    /** Begins this backward pass in the current thread; {@link #end} must follow. */
    public void begin() {
        CURRENT.set(this);
        // A pass is a round of the thread's ArrayPool, which drops the arrays that a round did not use. A thread whose
        // gradients were all small has no pool. Within another pass, begin() returns false, since the other pass has
        // begun the round.
        ArrayPool idle = ArrayPool.ofThreadOrNull();
        round = idle != null && idle.begin() ? idle : null;
    }

    /** Ends this backward pass. */
    public void end() {
        CURRENT.set(outer);
        if (round != null) {
            round.end();
        }
    }

    /**
     * A Java array for a kernel's result, with zeros ({@code cleared}) or undefined elements: from a pool if it is large and there is one.
     */
    static Object allocate(DType dtype, int n, boolean cleared) {
        return n >= MIN_LENGTH && dtype.isFloating()
                ? allocateLarge(dtype, n, cleared)
                : dtype.storage().allocate(n);
    }

    private static Object allocateLarge(DType dtype, int n, boolean cleared) {
        GradientPool pass = CURRENT.get();
        boolean serves = pass != null && pass.serving;
        Lease lease = Lease.current();
        if (lease == null && !serves) {
            return dtype.storage().allocate(n);
        }
        Object array = lease == null ? ArrayPool.ofThread().take(dtype, n, cleared) : lease.take(dtype, n, cleared);
        if (pass != null && serves) {
            pass.sums.put(array, 0);
            pass.candidates.add(array);
        }
        return array;
    }

    /** Fills an array of a floating type with NaN if reuse is checked. */
    static void check(Object array) {
        if (IS_CHECKED && array instanceof float[] floats) {
            Arrays.fill(floats, Float.NaN);
        } else if (IS_CHECKED && array instanceof double[] doubles) {
            Arrays.fill(doubles, Double.NaN);
        }
    }

    /** The number of elements of the arrays in this thread's pool. */
    public static long idleElements() {
        ArrayPool idle = ArrayPool.ofThreadOrNull();
        return idle == null ? 0 : idle.elements();
    }

    /** Sets whether kernels of this thread get the arrays for their large results from this pass, which then owns these arrays. */
    public void serve(boolean on) {
        serving = on;
    }

    /**
     * Notes that an array holds one more sum of gradients. If the array is deferred, the pass gives up all its arrays, since any of them
     * may be an operand of the deferred array.
     */
    public void hold(NdArray sum) {
        if (sum.lacksElements()) {
            sums.clear();
        } else if (!sums.isEmpty()) {
            sums.computeIfPresent(sum.storage(), (array, count) -> count + 1);
        }
    }

    /** Notes that an array holds one sum of gradients less. */
    public void release(NdArray sum) {
        // If the step of the NdArray has ended, its Java array may already hold another sum, so the array is ignored.
        if (!sums.isEmpty()
                && !sum.lacksElements()
                && sums.computeIfPresent(sum.storage(), (array, count) -> count - 1) != null) {
            candidates.add(sum.storage());
        }
    }

    /** Returns whether this pass or an enclosing pass may own an array; if not, {@link #forget} need not be called. */
    public boolean mayOwn() {
        return outer != null || !sums.isEmpty();
    }

    /**
     * Gives up this pass's and all enclosing passes' ownership of an array to which other code may have a reference. If the array is
     * deferred, the passes give up all their arrays.
     */
    public void forget(NdArray seen) {
        for (GradientPool pass = this; pass != null; pass = pass.outer) {
            if (seen.lacksElements()) {
                pass.sums.clear();
            } else if (!pass.sums.isEmpty()) {
                pass.sums.remove(seen.storage());
            }
        }
    }

    /**
     * Returns whether the only reference to an array of this pass is one sum of gradients. Within the visit that computed or released the
     * array the answer is no: the node's rule may give the array to several inputs.
     */
    public boolean isSole(NdArray sum) {
        if (sums.isEmpty() || sum.lacksElements()) {
            return false;
        }
        Integer count = sums.get(sum.storage());
        return count != null && count == 1 && !candidates.contains(sum.storage());
    }

    /** Ends the visit of a node: arrays that hold no sum of gradients become available for the next results. */
    public void settle() {
        serving = false;
        if (candidates.isEmpty()) {
            return;
        }
        for (Object array : candidates) {
            Integer count = sums.get(array);
            if (count != null && count == 0) {
                sums.remove(array);
                recycle(array, false);
            }
        }
        candidates.clear();
    }

    /**
     * Puts an array into the pool for the next results; no other object may refer to the array. Never fails: if there is no memory for the
     * bookkeeping, the array is dropped.
     */
    public static void recycle(NdArray unused) {
        if (!unused.lacksElements()) {
            recycle(unused.storage(), true);
        }
    }

    /**
     * Puts a large array of a floating type into the pool for the next results; leaves any other array to the garbage collector.
     *
     * @param isOfAnyStep whether the array may hold a result of an earlier step
     */
    private static void recycle(Object array, boolean isOfAnyStep) {
        if ((array instanceof float[] || array instanceof double[]) && Array.getLength(array) >= MIN_LENGTH) {
            Lease lease = Lease.current();
            if (lease == null) {
                ArrayPool.ofThread().add(array);
            } else {
                lease.giveBack(array, isOfAnyStep);
            }
        }
    }
}
