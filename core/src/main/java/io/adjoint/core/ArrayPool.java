package io.adjoint.core;

import java.lang.ref.SoftReference;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A pool of unused Java arrays: a new result takes an array of its type and length from the pool instead of allocating one. A round is a
 * backward pass or a step of a workspace; when a round ends, the pool drops the arrays that were in the pool before the round and that the
 * round did not take. The garbage collector takes all arrays of the pool if memory runs short. A pool is for one thread at a time.
 *
 * @param reference refers to the maps that {@link #rounds} returns
 * @hidden
 */
@Internal
public record ArrayPool(AtomicReference<SoftReference<Deque<Map<List<Object>, Deque<Object>>>>> reference) {
    /**
     * The {@link #reference} of each thread's pool. All objects that the thread keeps are of JDK classes, so the thread keeps no class of
     * this library loaded.
     */
    private static final ThreadLocal<AtomicReference<SoftReference<Deque<Map<List<Object>, Deque<Object>>>>>>
            OF_THREAD = new ThreadLocal<>();

    /** A pool without arrays. */
    public ArrayPool() {
        this(new AtomicReference<>(new SoftReference<>(noRounds())));
    }

    /** The pool of this thread. */
    static ArrayPool ofThread() {
        ArrayPool pool = ofThreadOrNull();
        if (pool == null) {
            pool = new ArrayPool();
            OF_THREAD.set(pool.reference);
        }
        return pool;
    }

    /** The pool of this thread; null if the thread has not used one. */
    static @Nullable ArrayPool ofThreadOrNull() {
        AtomicReference<SoftReference<Deque<Map<List<Object>, Deque<Object>>>>> reference = OF_THREAD.get();
        return reference == null ? null : new ArrayPool(reference);
    }

    private static Deque<Map<List<Object>, Deque<Object>>> noRounds() {
        return new ArrayDeque<>(List.of(new HashMap<>()));
    }

    /**
     * The arrays of the pool by type and length. During a round there are two maps: first the arrays that were returned to the pool in this
     * round, then the older arrays.
     */
    private Deque<Map<List<Object>, Deque<Object>>> rounds() {
        Deque<Map<List<Object>, Deque<Object>>> rounds = roundsOrNull();
        if (rounds == null) {
            rounds = noRounds();
            reference.set(new SoftReference<>(rounds));
        }
        return rounds;
    }

    /** The maps of {@link #rounds}; null if the garbage collector has taken them. */
    private @Nullable Deque<Map<List<Object>, Deque<Object>>> roundsOrNull() {
        return Objects.requireNonNull(reference.get()).get();
    }

    /** Begins a round (a backward pass, or a step of a workspace) and returns true; returns false if a round has begun already. */
    boolean begin() {
        Deque<Map<List<Object>, Deque<Object>>> rounds = rounds();
        boolean begins = rounds.size() == 1;
        if (begins) {
            rounds.addFirst(new HashMap<>());
        }
        return begins;
    }

    /**
     * Ends a round: drops the arrays that were in the pool before the round and that the round did not take. The method allocates nothing,
     * since an OutOfMemoryError would make a successful round fail.
     */
    void end() {
        Deque<Map<List<Object>, Deque<Object>>> rounds = roundsOrNull();
        if (rounds != null && rounds.size() > 1) {
            rounds.removeLast();
        }
    }

    /** An array with zeros ({@code cleared}) or undefined elements: an array of the pool, or a new array if the pool has none. */
    Object take(DType dtype, int n, boolean cleared) {
        Object array = poll(dtype, n);
        if (array == null) {
            return dtype.storage().allocate(n);
        }
        if (cleared) {
            dtype.storage().fill(array, 0, n, 0);
        }
        return array;
    }

    private @Nullable Object poll(DType dtype, int length) {
        List<Object> kind = List.of(dtype == DType.FLOAT64 ? double[].class : float[].class, length);
        for (Map<List<Object>, Deque<Object>> round : rounds()) {
            Deque<Object> alike = round.get(kind);
            if (alike != null && !alike.isEmpty()) {
                return alike.removeLast();
            }
        }
        return null;
    }

    /**
     * Adds to the pool a large array of a floating type to which no other object refers. If memory runs out while the array is added, the
     * pool drops all its arrays.
     */
    void add(Object array) {
        Deque<Map<List<Object>, Deque<Object>>> rounds = roundsOrNull();
        if (rounds == null) {
            return;
        }
        GradientPool.check(array);
        try {
            rounds.getFirst()
                    .computeIfAbsent(
                            List.<Object>of(array.getClass(), Array.getLength(array)), kind -> new ArrayDeque<>())
                    .addLast(array);
        } catch (OutOfMemoryError e) {
            rounds.forEach(Map::clear);
        }
    }

    /** The number of elements of all arrays in the pool. */
    long elements() {
        return rounds().stream()
                .flatMap(round -> round.values().stream())
                .flatMap(Deque::stream)
                .mapToLong(Array::getLength)
                .sum();
    }
}
