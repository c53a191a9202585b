package io.adjoint.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.IdentityHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Streams of random numbers for computations that may run in any order, such as the passes over the shards of a batch. While a function
 * runs within a stream, each {@link Generator} gives the numbers of another generator, which is derived from the first generator's state
 * and the stream's key; the first generator's state doesn't change.
 *
 * @hidden
 */
@Internal
public final class RandomStreams {
    private static final ThreadLocal<@Nullable RandomStreams> CURRENT = new ThreadLocal<>();

    /**
     * True once any thread of the program has used a stream; until then generators don't look for one. The field isn't volatile, so drawing
     * a number is faster. A thread within a stream has set the field itself; so only a thread without a stream can read an old value, which
     * makes no difference.
     */
    static boolean isUsed;

    private final long key;
    private final IdentityHashMap<Generator, Generator> derived = new IdentityHashMap<>();

    private RandomStreams(long key) {
        this.key = key;
    }

    /** Derives a stream's key from numbers, such as the indices of a pass and a shard; different numbers give unrelated keys. */
    public static long key(long... numbers) {
        long key = 0;
        for (long number : numbers) {
            key = Generator.mixed(key, number);
        }
        return key;
    }

    /**
     * Runs a function within a stream, in this thread: meanwhile, each generator that existed before gives the numbers of a generator that
     * is derived from it and the key.
     */
    public static <T> T within(long key, Supplier<T> function) {
        isUsed = true;
        return within(new RandomStreams(key), function);
    }

    /** The work within the current stream, for another thread that runs the work while this thread waits. */
    static Runnable carried(Runnable work) {
        RandomStreams streams = CURRENT.get();
        return streams == null
                ? work
                : () -> within(streams, () -> {
                    work.run();
                    return true;
                });
    }

    @CanIgnoreReturnValue
    private static <T> T within(RandomStreams streams, Supplier<T> function) {
        RandomStreams before = CURRENT.get();
        CURRENT.set(streams);
        try {
            return function.get();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    /**
     * The generator that supplies a given generator's numbers within this thread's current stream, or the given generator if the thread has
     * no stream.
     */
    static Generator of(Generator generator) {
        RandomStreams streams = CURRENT.get();
        if (streams == null) {
            return generator;
        }
        Generator source = streams.derived.get(generator);
        if (source == null) {
            source = generator.derive(streams.key);
            streams.derived.put(generator, source);
        }
        return source;
    }

    /**
     * Makes a generator that was created, or whose state was loaded, within the current stream give its own numbers there, instead of the
     * numbers of a derived generator.
     */
    static void keep(Generator generator) {
        RandomStreams streams = CURRENT.get();
        if (streams != null) {
            streams.derived.put(generator, generator);
        }
    }
}
