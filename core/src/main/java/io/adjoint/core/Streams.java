package io.adjoint.core;

import java.util.IdentityHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Streams of random numbers for computations that are made in any order, such as the passes over the shards of a batch: within a stream, a
 * {@link Generator} gives the numbers of a generator that its state and a key determine, and is afterwards as it was.
 *
 * @hidden
 */
@Internal
public final class Streams {
    private static final ThreadLocal<@Nullable Streams> CURRENT = new ThreadLocal<>();

    /**
     * True from the first stream of the program on. Not volatile, so that a number costs no more than before: the thread that sets it
     * sees it, and no other one has a stream then.
     */
    static boolean isUsed;

    private final long key;
    private final IdentityHashMap<Generator, Generator> derived = new IdentityHashMap<>();

    private Streams(long key) {
        this.key = key;
    }

    /** A key made of numbers; others give unrelated keys. */
    public static long key(long... numbers) {
        long key = 0;
        for (long number : numbers) {
            key = Generator.mixed(key, number);
        }
        return key;
    }

    /** Runs a function in which each generator of before, in this thread, gives the numbers of the one that it derives by a key. */
    public static <T> T within(long key, Supplier<T> function) {
        isUsed = true;
        Streams before = CURRENT.get();
        CURRENT.set(new Streams(key));
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

    /** The generator from which the numbers of another one come now. */
    static Generator of(Generator generator) {
        Streams streams = CURRENT.get();
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

    /** Lets a generator that is made, or whose state is loaded, within a stream give its own numbers there. */
    static void keep(Generator generator) {
        Streams streams = CURRENT.get();
        if (streams != null) {
            streams.derived.put(generator, generator);
        }
    }
}
