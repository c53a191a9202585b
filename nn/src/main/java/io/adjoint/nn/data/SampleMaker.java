package io.adjoint.nn.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls a caller's functions that make samples and batches; an exception is wrapped in a {@link SampleException} that names the sample or
 * batch.
 */
final class SampleMaker {
    private SampleMaker() {}

    /**
     * Calls a function with the numbers 0 to {@code size − 1} and returns its samples.
     *
     * @param owner the loader, for the message
     * @param name the words for sample k in messages
     * @throws SampleException if a sample can't be made
     */
    static <S> List<S> all(Class<?> owner, int size, IntFunction<? extends S> sample, IntFunction<String> name) {
        List<S> samples = new ArrayList<>(size);
        for (int k = 0; k < size; k++) {
            try {
                samples.add(requireResult(sample.apply(k)));
            } catch (RuntimeException e) {
                throw new SampleException(owner, name.apply(k), e);
            }
        }
        return samples;
    }

    /**
     * Calls a function and returns the batch that it makes.
     *
     * @throws SampleException if the batch, or one of its samples, can't be made
     */
    static <B> B batch(Class<?> owner, Supplier<? extends B> batch, Supplier<String> name) {
        try {
            return requireResult(batch.get());
        } catch (SampleException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new SampleException(owner, name.get(), e);
        }
    }

    /** Refuses null, which a caller's data set or collate function may return against its declared type. */
    private static <T> T requireResult(@Nullable T made) {
        if (made == null) {
            throw new IllegalArgumentException("the data set or its Collate made null of it");
        }
        return made;
    }
}
