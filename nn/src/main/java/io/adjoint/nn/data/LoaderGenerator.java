package io.adjoint.nn.data;

import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.State.Slot;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** The generator of a loader as a part of the loader's state, {@code "generator"}, which there is only with a {@link Generator}. */
final class LoaderGenerator {
    private static final String NAME = "generator";

    private LoaderGenerator() {}

    /**
     * Adds the state of a generator to a loader's.
     *
     * @throws IllegalStateException if it can't be read
     */
    static void save(Class<?> owner, RandomGenerator generator, Map<String, NdArray> state) {
        if (generator instanceof Generator known) {
            state.put(NAME, Objects.requireNonNull(known.state().get("state")));
        } else if (generator != Missing.GENERATOR) {
            throw new IllegalStateException(
                    owner.getSimpleName() + ": the state of a "
                            + generator.getClass().getName()
                            + " cannot be read, so a loader could not go on as this one; give it a new Generator(seed) instead");
        }
    }

    /** Adds what the loader's state must contain. */
    static void expect(RandomGenerator generator, Map<String, Slot> expected) {
        if (generator instanceof Generator) {
            expected.put(NAME, new Slot(DType.INT32, Shape.of(8)));
        }
    }

    /** Loads the generator from a loader's state that has what was expected. */
    static void load(RandomGenerator generator, Map<String, NdArray> state) {
        if (generator instanceof Generator known) {
            known.load(Map.of("state", Objects.requireNonNull(state.get(NAME))));
        }
    }
}
