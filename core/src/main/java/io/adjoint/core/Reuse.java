package io.adjoint.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.ref.SoftReference;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A per-thread pool of gradient arrays: a backward pass writes new results to arrays of the same size that it no longer needs. A new array
 * would have to be cleared and would not be in the caches.
 *
 * <p>The pass owns the arrays that kernels allocate for their results while it {@linkplain #serve serves} them, and counts how many of its
 * sums (of gradients) each array holds. If an array holds none at the end of a step, it is no longer needed: it was a temporary of the
 * step's backward rule, or the step's upstream gradient. An array to which other code may have a reference is
 * {@linkplain #forget forgotten}, and left to the garbage collector.
 *
 * <p>Only large arrays of floating types are reused, because small ones cost next to nothing. The garbage collector takes pooled arrays
 * back if memory runs short. The system property {@value #PROPERTY} is {@code true}, or {@code false} to turn reuse off, or {@code check}
 * to reuse arrays of any size and to fill each with NaN before a result is written to it. This exposes code that still reads the former
 * elements, and kernels that don't write all elements.
 *
 * @hidden
 */
@Internal
public final class Reuse {
    /** The name of the system property: {@value}. */
    public static final String PROPERTY = "adjoint.reuse";

    private static final boolean IS_CHECKED = mode().equals("check");

    /** The smallest length of a reused array; if reuse is off, a length that no array has. */
    private static final int MIN_LENGTH = IS_CHECKED ? 1 : mode().equals("false") ? Integer.MAX_VALUE : 1 << 12;

    private static final ThreadLocal<@Nullable Reuse> CURRENT = new ThreadLocal<>();

    /**
     * The idle arrays of a thread, by type and length: first the arrays given back since the thread's last pass began and, while a pass
     * runs, then the arrays given back before the pass. The end of a pass drops the older arrays that it has not used. The maps have
     * classes of the JDK, so a thread keeps no class of this library loaded.
     */
    private static final ThreadLocal<SoftReference<Deque<Map<List<Object>, Deque<Object>>>>> IDLE = new ThreadLocal<>();

    /** The enclosing pass, if one of its backward rules started this pass; else null. */
    private final @Nullable Reuse outer = CURRENT.get();

    /** The number of sums that each array holds, for the arrays that the pass owns. */
    private final IdentityHashMap<Object, Integer> sums = new IdentityHashMap<>(0);

    /** Arrays that perhaps hold no sum any more. */
    private final List<Object> candidates = new ArrayList<>(0);

    private boolean serving;

    private static String mode() {
        String mode = System.getProperty(PROPERTY, "true");
        if (!List.of("true", "false", "check").contains(mode)) {
            throw new IllegalStateException("-D" + PROPERTY + "=" + mode + ": expected true, false or check");
        }
        return mode;
    }

    /** Returns whether arrays of a shape are large enough to be reused. */
    public static boolean concerns(Shape shape) {
        return shape.size() >= MIN_LENGTH;
    }

    /** Runs a body while no pass serves kernels, because the arrays that it computes are kept. */
    public static <T> T suspended(Supplier<T> body) {
        return within(null, body);
    }

    /** Runs the walk of the pass. */
    public void run(Runnable walk) {
        // If all gradients are small, there are no idle arrays to renew. A pass within another pass does not renew the
        // idle arrays.
        boolean turns = IDLE.get() != null && idle().size() == 1;
        if (turns) {
            idle().addFirst(new HashMap<>());
        }
        try {
            within(this, () -> {
                walk.run();
                return true;
            });
        } finally {
            // The code here must not allocate memory: a failure would turn a successful pass into an error.
            Deque<Map<List<Object>, Deque<Object>>> idle = turns ? idleOrNull() : null;
            if (idle != null && idle.size() > 1) {
                idle.removeLast();
            }
        }
    }

    @CanIgnoreReturnValue
    private static <T> T within(@Nullable Reuse pass, Supplier<T> body) {
        Reuse before = CURRENT.get();
        CURRENT.set(pass);
        try {
            return body.get();
        } finally {
            CURRENT.set(before);
        }
    }

    /** A Java array with undefined elements, for a result of which a loop writes every element. */
    static Object empty(DType dtype, int n) {
        return allocate(dtype, n, false);
    }

    /** A Java array of zeros, for a result to which a loop adds. */
    static Object zeros(DType dtype, int n) {
        return allocate(dtype, n, true);
    }

    private static Object allocate(DType dtype, int n, boolean cleared) {
        Reuse pass = n < MIN_LENGTH || !dtype.isFloating() ? null : CURRENT.get();
        Object array = pass != null && pass.serving
                ? pass.serve(dtype, n, cleared)
                : dtype.storage().allocate(n);
        if (IS_CHECKED && !cleared && dtype.isFloating()) {
            dtype.storage().fill(array, 0, n, Double.NaN);
        }
        return array;
    }

    private Object serve(DType dtype, int n, boolean cleared) {
        Object array = poll(dtype == DType.FLOAT64 ? double[].class : float[].class, n);
        if (array == null) {
            array = dtype.storage().allocate(n);
        } else if (cleared) {
            dtype.storage().fill(array, 0, n, 0);
        }
        sums.put(array, 0);
        candidates.add(array);
        return array;
    }

    /** The number of elements in the idle arrays of this thread. */
    public static long idleElements() {
        return IDLE.get() == null
                ? 0
                : idle().stream()
                        .flatMap(some -> some.values().stream())
                        .flatMap(Deque::stream)
                        .mapToLong(Array::getLength)
                        .sum();
    }

    private static @Nullable Object poll(Class<?> type, int n) {
        for (Map<List<Object>, Deque<Object>> some : idle()) {
            Deque<Object> alike = some.get(List.<Object>of(type, n));
            if (alike != null && !alike.isEmpty()) {
                return alike.removeLast();
            }
        }
        return null;
    }

    private static Deque<Map<List<Object>, Deque<Object>>> idle() {
        Deque<Map<List<Object>, Deque<Object>>> idle = idleOrNull();
        if (idle == null) {
            idle = new ArrayDeque<>(List.of(new HashMap<>()));
            IDLE.set(new SoftReference<>(idle));
        }
        return idle;
    }

    private static @Nullable Deque<Map<List<Object>, Deque<Object>>> idleOrNull() {
        SoftReference<Deque<Map<List<Object>, Deque<Object>>>> reference = IDLE.get();
        return reference == null ? null : reference.get();
    }

    /** Starts or stops serving arrays to kernels of this thread. */
    public void serve(boolean on) {
        serving = on;
    }

    /**
     * Notes that an array holds one more sum. If the array is deferred, the pass gives up all its arrays, since any of them may be an
     * operand.
     */
    public void hold(NdArray sum) {
        if (sum.isDeferred()) {
            sums.clear();
        } else if (!sums.isEmpty()) {
            sums.computeIfPresent(sum.storage, (array, count) -> count + 1);
        }
    }

    /** Notes that an array holds one sum less. */
    public void release(NdArray sum) {
        if (!sums.isEmpty() && sums.computeIfPresent(sum.storage, (array, count) -> count - 1) != null) {
            candidates.add(sum.storage);
        }
    }

    /** Returns whether there may be any array to {@link #forget}. */
    public boolean mayOwn() {
        return outer != null || !sums.isEmpty();
    }

    /**
     * Gives up ownership of an array that other code may have seen, in this pass and all enclosing ones; of all arrays if it is deferred.
     */
    public void forget(NdArray seen) {
        for (Reuse pass = this; pass != null; pass = pass.outer) {
            if (seen.isDeferred()) {
                pass.sums.clear();
            } else if (!pass.sums.isEmpty()) {
                pass.sums.remove(seen.storage);
            }
        }
    }

    /**
     * Gives up an array together with the sum that it holds.
     *
     * @return whether the pass owned the array and it holds no other sum: then no other object refers to it
     */
    public boolean handOver(NdArray sum) {
        Integer count = sums.isEmpty() ? null : sums.get(sum.storage);
        forget(sum);
        return count != null && count == 1;
    }

    /** Ends a step: arrays that hold no sum become available for the next results. */
    public void settle() {
        serving = false;
        if (candidates.isEmpty()) {
            return;
        }
        for (Object array : candidates) {
            Integer count = sums.get(array);
            if (count != null && count == 0) {
                sums.remove(array);
                recycle(array);
            }
        }
        candidates.clear();
    }

    /**
     * Makes an array that no other object refers to available for the next results. Never fails: if there is no memory for the bookkeeping,
     * the array is dropped.
     */
    public static void recycle(NdArray unused) {
        recycle(unused.storage);
    }

    private static void recycle(Object array) {
        int n = Array.getLength(array);
        if (n >= MIN_LENGTH) {
            try {
                idle().getFirst()
                        .computeIfAbsent(List.<Object>of(array.getClass(), n), key -> new ArrayDeque<>())
                        .addLast(array);
            } catch (OutOfMemoryError e) {
                SoftReference<?> idle = IDLE.get();
                if (idle != null) {
                    idle.clear();
                }
            }
        }
    }
}
