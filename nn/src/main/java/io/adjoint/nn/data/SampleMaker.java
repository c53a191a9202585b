package io.adjoint.nn.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes samples and batches of them by functions of a caller, whose exceptions it names by the sample or batch. */
final class SampleMaker {
    private SampleMaker() {}

    /**
     * The samples that a function makes of the numbers from 0 on.
     *
     * @param owner the loader, for the message
     * @param name what a message calls a sample
     * @throws SampleException if one can't be made
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
     * The batch that a function makes.
     *
     * @throws SampleException if it can't be made, or a sample of it
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

    /** Refuses null, which a data set or a collate function of a caller may give in spite of its type. */
    private static <T> T requireResult(@Nullable T made) {
        if (made == null) {
            throw new IllegalArgumentException("the data set or its Collate made null of it");
        }
        return made;
    }
}
