package io.adjoint.nn.data;

import io.adjoint.core.Generator;
import io.adjoint.core.math.Distributions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The elements of a stream, read once in order. Only one thread at a time may use the object. */
interface Elements<S> extends AutoCloseable {
    /**
     * An element of a stream, from which a worker makes a sample when the sample is needed. The generator is for this sample alone; only
     * random functions draw from it.
     */
    @FunctionalInterface
    interface Element<S> {
        S make(RandomGenerator random);
    }

    /** Opens a stream; each shuffling of its elements draws a seed from the generator. */
    @FunctionalInterface
    interface Opener<S> {
        Elements<S> open(RandomGenerator generator);
    }

    /** The next element; null at the end of the stream. */
    @Nullable
    Element<S> next();

    @Override
    void close();

    /** The elements of an iterator; closing them closes the iterator if it is {@link AutoCloseable}. */
    static <S> Elements<S> of(Iterator<? extends S> given) {
        return of(given, given);
    }

    /** The elements of an iterator; closing them closes another object if that is {@link AutoCloseable}. */
    static <S> Elements<S> of(Iterator<? extends S> given, Object closed) {
        Iterator<? extends S> source = require(given, "the source", "an iterator");
        return new Elements<>() {
            @Override
            public @Nullable Element<S> next() {
                if (!source.hasNext()) {
                    return null;
                }
                S sample = require(source.next(), "the source", "a sample");
                return random -> sample;
            }

            @Override
            public void close() {
                closeIfPossible(closed);
            }
        };
    }

    /** Refuses null that a user's function has returned. */
    static <T> T require(@Nullable T given, String by, String expected) {
        if (given == null) {
            throw new IllegalArgumentException("DataStream: " + by + " gave null in place of " + expected);
        }
        return given;
    }

    private static void closeIfPossible(@Nullable Object source) {
        if (source instanceof AutoCloseable open) {
            try {
                open.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                throw new IllegalStateException("DataStream: the source could not be closed: " + e, e);
            }
        }
    }

    /** Elements that are made from the elements of another stream. */
    abstract class Derived<R, S> implements Elements<S> {
        final Elements<R> source;

        Derived(Elements<R> source) {
            this.source = source;
        }

        @Override
        public void close() {
            source.close();
        }
    }

    /** Applies a function to each element when its sample is needed. */
    final class Mapped<R, S> extends Derived<R, S> {
        private final BiFunction<? super R, ? super RandomGenerator, ? extends S> function;

        Mapped(Elements<R> source, BiFunction<? super R, ? super RandomGenerator, ? extends S> function) {
            super(source);
            this.function = function;
        }

        @Override
        public @Nullable Element<S> next() {
            Element<R> element = source.next();
            return element == null ? null : random -> function.apply(element.make(random), random);
        }
    }

    /**
     * Maps each sample of the source to several elements, which follow one another. It makes a sample as soon as its element is read, since
     * the function needs the sample; random functions draw from a new generator for each sample.
     */
    final class Flattened<R, S> extends Derived<R, S> {
        private final @Nullable RandomGenerator seeds;
        private final Function<? super R, ? extends Iterable<? extends S>> function;
        private @Nullable Elements<S> inner;

        /** Flattens a source, given a generator of seeds if its samples are random. */
        Flattened(
                Elements<R> source,
                @Nullable RandomGenerator seeds,
                Function<? super R, ? extends Iterable<? extends S>> function) {
            super(source);
            this.seeds = seeds;
            this.function = function;
        }

        @Override
        public @Nullable Element<S> next() {
            while (true) {
                Element<S> element = inner == null ? null : inner.next();
                if (element != null) {
                    return element;
                }
                closeInner();
                Element<R> next = source.next();
                if (next == null) {
                    return null;
                }
                R sample = next.make(seeds == null ? LoaderGenerator.NONE : new Generator(seeds.nextLong()));
                inner = of(require(
                                function.apply(require(sample, "the source", "a sample")),
                                "the function of flatMap",
                                "samples")
                        .iterator());
            }
        }

        private void closeInner() {
            Elements<S> ended = inner;
            inner = null;
            if (ended != null) {
                ended.close();
            }
        }

        @Override
        public void close() {
            try {
                closeInner();
            } finally {
                super.close();
            }
        }
    }

    /**
     * The elements of the source in a random order: each is drawn from a buffer of {@code size} elements, which is then refilled by the
     * next element of the source.
     */
    final class Shuffled<S> extends Derived<S, S> {
        private final int size;
        private final RandomGenerator random;
        private final List<Element<S>> buffer = new ArrayList<>();
        private boolean ended;

        Shuffled(Elements<S> source, int size, RandomGenerator random) {
            super(source);
            this.size = size;
            this.random = random;
        }

        @Override
        public @Nullable Element<S> next() {
            while (!ended && buffer.size() < size) {
                Element<S> element = source.next();
                if (element == null) {
                    ended = true;
                } else {
                    buffer.add(element);
                }
            }
            if (buffer.isEmpty()) {
                return null;
            }
            int drawn = Distributions.integer(random, 0, buffer.size());
            Element<S> last = buffer.remove(buffer.size() - 1);
            return drawn == buffer.size() ? last : buffer.set(drawn, last);
        }
    }

    /** The elements of the source with the numbers from {@code from}, inclusive, to {@code to}, exclusive. */
    final class Range<S> extends Derived<S, S> {
        private final long from;
        private final long to;
        private long number;

        Range(Elements<S> source, long from, long to) {
            super(source);
            this.from = from;
            this.to = to;
        }

        @Override
        public @Nullable Element<S> next() {
            for (; number < from; number++) {
                if (source.next() == null) {
                    return null;
                }
            }
            return number++ < to ? source.next() : null;
        }
    }

    /** The elements of one stream, then the elements of a second one, which is opened when the first has ended. */
    final class Joined<S> implements Elements<S> {
        private final Supplier<Elements<S>> second;
        private Elements<S> current;
        private boolean isSecond;

        Joined(Elements<S> first, Supplier<Elements<S>> second) {
            current = first;
            this.second = second;
        }

        @Override
        public @Nullable Element<S> next() {
            Element<S> element = current.next();
            if (element == null && !isSecond) {
                current.close();
                current = second.get();
                isSecond = true;
                element = current.next();
            }
            return element;
        }

        @Override
        public void close() {
            current.close();
        }
    }
}
