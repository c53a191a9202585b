package io.adjoint.nn.data;

import io.adjoint.core.Generator;
import io.adjoint.nn.data.Elements.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the batches of one pass over a stream. A thread that needs a batch first reads the stream up to the end of this batch, unless a
 * thread has already read the stream that far. So the stream is read in order and by one thread at a time, and no thread depends on another
 * thread to read the samples of earlier batches.
 */
final class StreamBatches<S, B> implements BatchMaker<B> {
    private final Elements.Opener<S> stream;
    private final Collate<S, ? extends B> collate;
    private final int batchSize;
    private final boolean dropLast;
    private final StreamPlace place;

    private final ReentrantLock reading = new ReentrantLock();
    private @Nullable Elements<S> elements;
    /** The elements of each batch that was read and not taken yet, by the batch's number. */
    private final Map<Integer, List<Element<S>>> read = new ConcurrentHashMap<>();
    /** The number of the batch to be read next. */
    private volatile int next;

    private volatile boolean ended;
    /** The exception that ended the reading; null if the stream ended. */
    private @Nullable Throwable failure;

    private volatile boolean closed;

    StreamBatches(
            Elements.Opener<S> stream,
            Collate<S, ? extends B> collate,
            int batchSize,
            boolean dropLast,
            StreamPlace place) {
        this.stream = stream;
        this.collate = collate;
        this.batchSize = batchSize;
        this.dropLast = dropLast;
        this.place = place;
        next = place.position();
    }

    @Override
    public String loader() {
        return "StreamLoader";
    }

    @Override
    public int position() {
        return place.position();
    }

    @Override
    public void taken() {
        List<Element<S>> batch = Objects.requireNonNull(read.remove(place.position()));
        place.taken(batch.size());
    }

    @Override
    public boolean hasBatch() {
        boolean has = elements(position()) != null;
        if (!has && !closed) {
            place.end();
        }
        return has;
    }

    @Override
    public boolean mayHave(int number) {
        return !ended || number < next;
    }

    @Override
    public B make(int number) {
        List<Element<S>> elements = elements(number);
        if (elements == null) {
            throw new NoSuchElementException("DataStream: there is no batch " + number);
        }
        long first = (long) number * batchSize;
        List<S> samples = SampleMaker.all(
                StreamLoader.class,
                elements.size(),
                k -> elements.get(k).make(new Generator(place.seed() + first + k)),
                k -> "sample " + (first + k) + " of the epoch");
        return SampleMaker.batch(
                StreamLoader.class,
                () -> collate.of(samples),
                () -> "the batch of samples " + first + " to " + (first + samples.size() - 1) + " of the epoch");
    }

    /** Returns the elements of a batch, and reads them if necessary; null if the stream ends before the batch. */
    private @Nullable List<Element<S>> elements(int number) {
        List<Element<S>> known = read.get(number);
        if (known != null) {
            return known;
        }
        lock();
        try {
            while (!ended && !closed && next <= number) {
                readBatch();
            }
            if (ended || closed) {
                release();
            }
            // Batches that were read before the stream failed are still returned.
            if (number >= next) {
                rethrow(failure);
            }
        } finally {
            reading.unlock();
            if (closed) {
                // If close() was called while this thread held the lock, it left closing the source to this thread.
                close();
            }
        }
        return read.get(number);
    }

    private void lock() {
        try {
            // lockInterruptibly() would throw even if the lock is free, but a thread that close() has interrupted
            // should only stop if it has to wait for the lock.
            if (!reading.tryLock()) {
                reading.lockInterruptibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(loader() + ": interrupted while it waited for a batch", e);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // The caller holds the lock.
    private void readBatch() {
        try {
            List<Element<S>> batch = read(opened());
            if (batch.size() == batchSize || (!batch.isEmpty() && !dropLast)) {
                read.put(next, batch);
                next++;
            }
            ended = batch.size() < batchSize;
        } catch (RuntimeException | Error e) {
            failure = closed ? null : e;
            ended = true;
        }
    }

    private List<Element<S>> read(Elements<S> from) {
        List<Element<S>> batch = new ArrayList<>();
        while (batch.size() < batchSize && !closed) {
            Element<S> element = from.next();
            if (element == null) {
                break;
            }
            batch.add(element);
        }
        return batch;
    }

    /**
     * Returns the stream, positioned at the next batch. If the epoch comes from a loaded state, the batches that were taken before are read
     * and skipped.
     */
    private Elements<S> opened() {
        Elements<S> open = elements;
        if (open != null) {
            return open;
        }
        Elements<S> from = stream.open(place.generator());
        elements = from;
        long samples = 0;
        for (int batch = 0; batch < next && !closed; batch++) {
            samples += read(from).size();
        }
        if (samples != place.samples() && !closed) {
            throw new IllegalStateException("StreamLoader: " + place.samples()
                    + " samples were taken before the state was saved, but the same batches of the source have "
                    + samples
                    + " now; give the loader the stream that it had, or begin a new epoch by another iteration");
        }
        return from;
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    @Override
    public void close() {
        closed = true;
        // If another thread is reading, that thread closes the source when it is done.
        if (reading.tryLock()) {
            try {
                release();
            } finally {
                reading.unlock();
            }
        }
    }

    /** Closes the source unless it is closed already; the caller holds the lock. */
    private void release() {
        Elements<S> open = elements;
        elements = null;
        ended = true;
        try {
            if (open != null) {
                open.close();
            }
        } catch (RuntimeException e) {
            failure = failure == null ? e : failure;
        }
    }
}
