package io.adjoint.testkit;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The properties of an optimizer, for a jqwik test class to implement; each shows in the report by its name.
 *
 * <pre>{@code
 * class HeavyBallProperties implements OptimizerProperties {
 *     public OptimizerSpec optimizer() {
 *         return OptimizerSpec.of("heavy ball", parameters -> new HeavyBall(parameters, 0.1));
 *     }
 * }
 * }</pre>
 */
public interface OptimizerProperties {
    /** The optimizer to test. */
    OptimizerSpec optimizer();

    /**
     * Everything in {@link OptimizerCheck} that applies, for a catalogue of optimizers.
     *
     * @throws AssertionError that names each check that fails, with a seed that fails it
     */
    static void check(OptimizerSpec optimizer) {
        Failures.throwAll(
                optimizer.name(),
                Arrays.stream(OptimizerCheck.values())
                        .filter(check -> check.appliesTo(optimizer))
                        .<Runnable>map(check ->
                                () -> Seeds.run(optimizer.name() + ": " + check, seed -> check.check(optimizer, seed)))
                        .toList());
    }

    /** {@link OptimizerCheck#REFERENCE}. */
    @Property(tries = Seeds.TRIES)
    default void reference(@ForAll long seed) {
        run(OptimizerCheck.REFERENCE, seed);
    }

    /** {@link OptimizerCheck#TRAJECTORY}. */
    @Property(tries = 1)
    default void trajectory(@ForAll long seed) {
        run(OptimizerCheck.TRAJECTORY, seed);
    }

    /** {@link OptimizerCheck#RESUME}. */
    @Property(tries = Seeds.TRIES)
    default void resume(@ForAll long seed) {
        run(OptimizerCheck.RESUME, seed);
    }

    /** {@link OptimizerCheck#STATE}. */
    @Property(tries = Seeds.TRIES)
    default void state(@ForAll long seed) {
        run(OptimizerCheck.STATE, seed);
    }

    /** {@link OptimizerCheck#GROUPS}. */
    @Property(tries = Seeds.TRIES)
    default void groups(@ForAll long seed) {
        run(OptimizerCheck.GROUPS, seed);
    }

    /** {@link OptimizerCheck#FROZEN}. */
    @Property(tries = Seeds.TRIES)
    default void frozen(@ForAll long seed) {
        run(OptimizerCheck.FROZEN, seed);
    }

    /** {@link OptimizerCheck#GRADIENTS}. */
    @Property(tries = Seeds.TRIES)
    default void gradients(@ForAll long seed) {
        run(OptimizerCheck.GRADIENTS, seed);
    }

    /** {@link OptimizerCheck#ORDER}. */
    @Property(tries = Seeds.TRIES)
    default void order(@ForAll long seed) {
        run(OptimizerCheck.ORDER, seed);
    }

    /** {@link OptimizerCheck#FLOATS}. */
    @Property(tries = Seeds.TRIES)
    default void floats(@ForAll long seed) {
        run(OptimizerCheck.FLOATS, seed);
    }

    /** {@link OptimizerCheck#EMPTY}. */
    @Property(tries = Seeds.TRIES)
    default void empty(@ForAll long seed) {
        run(OptimizerCheck.EMPTY, seed);
    }

    private void run(OptimizerCheck check, long seed) {
        OptimizerSpec optimizer = optimizer();
        if (check.appliesTo(optimizer)) {
            check.check(optimizer, seed);
        }
    }
}
