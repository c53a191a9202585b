package io.adjoint.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.ref.SoftReference;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
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
 * {@code check} to fill arrays of any size with NaN before they are used again, so that a use of their former elements shows.
 *
 * @hidden
 */
@Internal
public final class Reuse {
    /** The name of the system property: {@value}. */
    public static final String PROPERTY = "adjoint.reuse";

    private static final boolean CHECKED = mode().equals("check");
    private static final int LEAST = CHECKED ? 1 : mode().equals("false") ? Integer.MAX_VALUE : 1 << 12;

    private static final ThreadLocal<@Nullable Reuse> CURRENT = new ThreadLocal<>();

    /** By type and length. The classes are the JDK's, so that no thread holds this module. */
    private static final ThreadLocal<SoftReference<Map<Class<?>, Map<Integer, Deque<Object>>>>> IDLE =
            ThreadLocal.withInitial(() -> new SoftReference<>(new HashMap<>()));

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

    /** Runs a body, in which the pass, or none, may serve kernels. */
    @CanIgnoreReturnValue
    public static <T> T within(@Nullable Reuse pass, Supplier<T> body) {
        Reuse before = CURRENT.get();
        CURRENT.set(pass);
        try {
            return body.get();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
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
        Reuse pass = n < LEAST || !dtype.isFloating() ? null : CURRENT.get();
        if (pass == null || !pass.serving) {
            return dtype.storage().allocate(n);
        }
        Object array =
                idle(dtype == DType.FLOAT64 ? double[].class : float[].class, n).pollLast();
        if (array == null) {
            array = dtype.storage().allocate(n);
        } else if (cleared) {
            dtype.storage().fill(array, 0, n, 0);
        }
        pass.sums.put(array, 0);
        pass.candidates.add(array);
        return array;
    }

    private static Deque<Object> idle(Class<?> type, int n) {
        Map<Class<?>, Map<Integer, Deque<Object>>> all = IDLE.get().get();
        if (all == null) {
            all = new HashMap<>();
            IDLE.set(new SoftReference<>(all));
        }
        return all.computeIfAbsent(type, t -> new HashMap<>()).computeIfAbsent(n, length -> new ArrayDeque<>());
    }

    /** Lets kernels of this thread take arrays from this pass from now on, or no longer. */
    public void serve(boolean on) {
        serving = on;
    }

    /** Takes notice of a sum in an array. */
    public void hold(NdArray sum) {
        if (!sums.isEmpty()) {
            sums.computeIfPresent(sum.storage, (array, count) -> count + 1);
        }
    }

    /** Takes notice that a sum is in an array no longer. */
    public void release(NdArray sum) {
        if (!sums.isEmpty() && sums.computeIfPresent(sum.storage, (array, count) -> count - 1) != null) {
            candidates.add(sum.storage);
        }
    }

    /** Disowns the array of what somebody else has seen, here and in the passes around this one. */
    public void forget(NdArray seen) {
        for (Reuse pass = this; pass != null; pass = pass.outer) {
            pass.sums.remove(seen.storage);
        }
    }

    /**
     * Gives an array away with the sum in it.
     *
     * @return whether the pass owned it and there is no other sum in it: then nobody else has it
     */
    public boolean handOver(NdArray sum) {
        Integer count = sums.get(sum.storage);
        forget(sum);
        return count != null && count == 1;
    }

    /** Ends a step: what no sum is in is free for the next results. */
    public void settle() {
        serving = false;
        for (Object array : candidates) {
            Integer count = sums.get(array);
            if (count != null && count == 0) {
                sums.remove(array);
                recycle(array);
            }
        }
        candidates.clear();
    }

    /** Leaves an array that nobody else has to the next results. */
    public static void recycle(NdArray unused) {
        recycle(unused.storage);
    }

    private static void recycle(Object array) {
        if (Array.getLength(array) < LEAST) {
            return;
        }
        if (array instanceof double[] doubles) {
            if (CHECKED) {
                Arrays.fill(doubles, Double.NaN);
            }
            idle(double[].class, doubles.length).addLast(doubles);
        } else if (array instanceof float[] floats) {
            if (CHECKED) {
                Arrays.fill(floats, Float.NaN);
            }
            idle(float[].class, floats.length).addLast(floats);
        }
    }
}
