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
 * Arrays that a backward pass needs no longer, for its next results of their size: Java would clear a new one first, and it would lie
 * outside the caches.
 *
 * <p>The pass owns what kernels allocate for their results while it {@linkplain #serve serves} them, and counts which of its sums lie in
 * each array. Where none does at the end of a step, nobody needs the array: it was a temporary of the step's backward rule, or the gradient
 * that the step has carried on. What somebody else may have seen is {@linkplain #forget forgotten}, and left to the garbage collector.
 *
 * <p>Arrays of floating types only, and large ones, because small ones cost next to nothing. They are kept for each thread; memory
 * that runs short takes them back. The system property {@value #PROPERTY} is {@code true}, or {@code false} to turn this off, or
 * {@code check} to reuse arrays of any size and to fill each with NaN before a result is written to it: then a use of its former elements
 * shows, and a kernel that does not write all.
 *
 * @hidden
 */
@Internal
public final class Reuse {
    /** The name of the system property: {@value}. */
    public static final String PROPERTY = "adjoint.reuse";

    private static final boolean IS_CHECKED = mode().equals("check");

    /** The length of the smallest arrays that are used again; none is if it was turned off. */
    private static final int MIN_LENGTH = IS_CHECKED ? 1 : mode().equals("false") ? Integer.MAX_VALUE : 1 << 12;

    private static final ThreadLocal<@Nullable Reuse> CURRENT = new ThreadLocal<>();

    /**
     * The arrays given back since the thread's last pass began, and while one runs those of before: what a pass has no use for is dropped
     * when it ends. By type and length; the classes are the JDK's, so that no thread holds this module.
     */
    private static final ThreadLocal<SoftReference<Deque<Map<List<Object>, Deque<Object>>>>> IDLE = new ThreadLocal<>();

    /** The pass whose backward rule started this one. */
    private final @Nullable Reuse outer = CURRENT.get();

    /** The number of sums in each array that the pass owns. */
    private final IdentityHashMap<Object, Integer> sums = new IdentityHashMap<>(0);

    /** Arrays in which there may be no sum. */
    private final List<Object> candidates = new ArrayList<>(0);

    private boolean serving;

    private static String mode() {
        String mode = System.getProperty(PROPERTY, "true");
        if (!List.of("true", "false", "check").contains(mode)) {
            throw new IllegalStateException("-D" + PROPERTY + "=" + mode + ": expected true, false or check");
        }
        return mode;
    }

    /** Returns whether arrays of a shape are large enough to be used again. */
    public static boolean concerns(Shape shape) {
        return shape.size() >= MIN_LENGTH;
    }

    /** Runs a body, in which no pass serves kernels, because what it computes is kept. */
    public static <T> T suspended(Supplier<T> body) {
        return within(null, body);
    }

    /** Runs the pass. */
    public void run(Runnable walk) {
        // Small gradients make no idle arrays, and a pass within another one leaves them alone.
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
            // Allocates nothing: the pass may have succeeded.
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

    /** A Java array whose elements are undefined, for a result that a loop writes all of. */
    static Object empty(DType dtype, int n) {
        return allocate(dtype, n, false);
    }

    /** A Java array of zeros, for a result that a loop adds to. */
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

    /** The number of elements in the arrays that wait in this thread to be written to again. */
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

    /** Lets kernels of this thread take arrays from this pass from now on, or no longer. */
    public void serve(boolean on) {
        serving = on;
    }

    /** Counts a sum in an array. All arrays are disowned for one that is deferred, as it may be computed from any. */
    public void hold(NdArray sum) {
        if (sum.isDeferred()) {
            sums.clear();
        } else if (!sums.isEmpty()) {
            sums.computeIfPresent(sum.storage, (array, count) -> count + 1);
        }
    }

    /** Counts a sum in an array no longer. */
    public void release(NdArray sum) {
        if (!sums.isEmpty() && sums.computeIfPresent(sum.storage, (array, count) -> count - 1) != null) {
            candidates.add(sum.storage);
        }
    }

    /** Returns whether there may be anything to {@link #forget}. */
    public boolean mayOwn() {
        return outer != null || !sums.isEmpty();
    }

    /** Disowns the array of what somebody else has seen, here and in the passes around this one; all arrays if it is deferred. */
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
     * Gives an array away with the sum in it.
     *
     * @return whether the pass owned it and there is no other sum in it: then nobody else has it
     */
    public boolean handOver(NdArray sum) {
        Integer count = sums.isEmpty() ? null : sums.get(sum.storage);
        forget(sum);
        return count != null && count == 1;
    }

    /** Ends a step: what no sum is in is free for the next results. */
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

    /** Leaves an array that nobody else has to the next results. Never fails: where there is no memory to keep it, it is dropped. */
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
