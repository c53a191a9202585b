package io.adjoint.testkit;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The properties of a layer or another block, for a jqwik test class to implement; each shows in the report by its name. jqwik draws the
 * inputs and all parameters, in training and in evaluation mode. As a function of both, the layer is an {@link Operation} and must pass its
 * checks; then follow the checks of {@link LayerCheck}.
 *
 * <pre>{@code
 * class DenseProperties implements LayerProperties {
 *     public LayerSpec layer() {
 *         return LayerSpec.of("dense", init -> new Dense(2, 3, init)).shapes("(...,2)->(...,3)").order(2);
 *     }
 * }
 * }</pre>
 */
public interface LayerProperties extends OperationProperties {
    /** The layer to test. */
    LayerSpec layer();

    /** The layer as an operation. */
    @Override
    default Operation operation() {
        return layer().operation();
    }

    /**
     * Everything in {@link OperationCheck} and {@link LayerCheck} that applies, for a catalogue of layers, with the system property
     * {@code adjoint.tries} (100) cases each, fewer for those that take a while.
     *
     * @throws AssertionError that names each check that fails, with the smallest case
     */
    static void check(LayerSpec layer) {
        List<Runnable> checks = new ArrayList<>();
        Operation operation = layer.operation();
        for (OperationCheck check : OperationCheck.values()) {
            checks.add(() -> OperationProperties.check(operation, check));
        }
        for (LayerCheck check : LayerCheck.values()) {
            checks.add(() -> check(layer, check));
        }
        Failures.throwAll(layer.name(), checks);
    }

    /**
     * Runs one check, if it applies.
     *
     * @throws AssertionError if it fails, with the smallest case if it is a check of drawn cases
     */
    static void check(LayerSpec layer, LayerCheck check) {
        if (layer.skips(check)) {
            return;
        }
        String what = layer.name() + ": " + check;
        if (check.needsCase()) {
            Search.run(
                    what,
                    layer.operation().differentiableCases(),
                    check.tries(),
                    layer.name().hashCode(),
                    drawn -> check.check(layer, drawn));
        } else {
            Seeds.run(what, 1, seed -> check.check(layer, Case.of()));
        }
    }

    // ---- as jqwik's properties ----

    /** {@link LayerCheck#USED_TWICE}. */
    @Property
    default void usedTwice(@ForAll("differentiableCases") Case drawn) {
        run(LayerCheck.USED_TWICE, drawn);
    }

    /** {@link LayerCheck#WORKSPACE}. */
    @Property(tries = 5)
    default void workspace(@ForAll("differentiableCases") Case drawn) {
        run(LayerCheck.WORKSPACE, drawn);
    }

    /** {@link LayerCheck#FROZEN}. */
    @Property(tries = 5)
    default void frozen(@ForAll("differentiableCases") Case drawn) {
        run(LayerCheck.FROZEN, drawn);
    }

    /** {@link LayerCheck#STATE}. */
    @Property
    default void state(@ForAll("differentiableCases") Case drawn) {
        run(LayerCheck.STATE, drawn);
    }

    /** {@link LayerCheck#COPY}. */
    @Property(tries = 5)
    default void copy(@ForAll("differentiableCases") Case drawn) {
        run(LayerCheck.COPY, drawn);
    }

    /** {@link LayerCheck#EVALUATION}. */
    @Property
    default void evaluation(@ForAll("differentiableCases") Case drawn) {
        run(LayerCheck.EVALUATION, drawn);
    }

    /** {@link LayerCheck#SIDE_EFFECTS}. */
    @Property(tries = 5)
    default void sideEffects(@ForAll("differentiableCases") Case drawn) {
        run(LayerCheck.SIDE_EFFECTS, drawn);
    }

    /** {@link LayerCheck#INSTANCES}. */
    @Property(tries = 3)
    default void instances(@ForAll("differentiableCases") Case drawn) {
        run(LayerCheck.INSTANCES, drawn);
    }

    /** {@link LayerCheck#SAMPLES}. */
    @Property(tries = 10)
    default void samples(@ForAll("differentiableCases") Case drawn) {
        run(LayerCheck.SAMPLES, drawn);
    }

    /** {@link LayerCheck#BUFFERS}. */
    @Property
    default void buffers(@ForAll("differentiableCases") Case drawn) {
        run(LayerCheck.BUFFERS, drawn);
    }

    /** {@link LayerCheck#THREADS}. */
    @Property(tries = 2)
    default void threads(@ForAll("differentiableCases") Case drawn) {
        run(LayerCheck.THREADS, drawn);
    }

    /** {@link LayerCheck#MANY_SAMPLES}. */
    @Property(tries = 1)
    default void manySamples() {
        run(LayerCheck.MANY_SAMPLES, Case.of());
    }

    /** {@link LayerCheck#FINITE_BUFFERS}. */
    @Property(tries = 1)
    default void finiteBuffers() {
        run(LayerCheck.FINITE_BUFFERS, Case.of());
    }

    /** {@link LayerCheck#BUFFERS_USED}. */
    @Property(tries = 1)
    default void buffersUsed() {
        run(LayerCheck.BUFFERS_USED, Case.of());
    }

    /** {@link LayerCheck#SAME_SEED}. */
    @Property(tries = 1)
    default void sameSeed() {
        run(LayerCheck.SAME_SEED, Case.of());
    }

    private void run(LayerCheck check, Case drawn) {
        LayerSpec layer = layer();
        if (!layer.skips(check)) {
            check.check(layer, drawn.copy());
        }
    }
}
