package io.adjoint.testkit;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The properties of a layer or another block, for a jqwik test class to implement; each shows in the report by its name. Cases are
 * drawn of its inputs and of all its parameters.
 *
 * <pre>{@code
 * class DenseProperties implements LayerProperties {
 *     public LayerSpec layer() {
 *         return LayerSpec.of("dense", init -> new Dense(2, 3, init)).shapes("(...,2)->(...,3)").order(2);
 *     }
 * }
 * }</pre>
 */
public interface LayerProperties {
    /** The layer to test. */
    LayerSpec layer();

    /**
     * Everything at once, for a catalogue of layers. A layer that computes the same bits in both modes is checked in one.
     *
     * @throws AssertionError that names what does not hold, with the smallest case
     */
    static void check(LayerSpec layer) {
        OperationProperties.check(layer.operation(false));
        // Training is checked by itself only if a drawn case has other bits there than in evaluation.
        if (!layer.isRandomInTraining() && !LayerChecks.isSameInTraining(layer)) {
            OperationProperties.check(layer.operation(true));
        }
        Search.run(
                layer.name() + ": state round trip",
                layer.operation(false).cases(),
                Search.defaultTries(),
                layer.name().hashCode(),
                drawn -> LayerChecks.stateRoundTrip(layer, drawn));
        LayerChecks.sameSeedSameLayer(layer);
    }

    /** In training, the gradients of input and parameters agree with differences, up to the layer's order. */
    @Property
    default void gradientsInTraining(@ForAll("trainingCases") Case drawn) {
        if (!layer().isRandomInTraining()) {
            check(layer().operation(true), drawn, OperationCheck.GRADIENT, OperationCheck.HIGHER_GRADIENTS);
        }
    }

    /** In evaluation, the gradients of input and parameters agree with differences, up to the layer's order. */
    @Property
    default void gradientsInEvaluation(@ForAll("evaluationCases") Case drawn) {
        check(layer().operation(false), drawn, OperationCheck.GRADIENT, OperationCheck.HIGHER_GRADIENTS);
    }

    /** In evaluation, all else that {@link OperationCheck} knows, the output's shape among it. */
    @Property
    default void soundInEvaluation(@ForAll("evaluationCases") Case drawn) {
        check(
                layer().operation(false),
                drawn,
                OperationCheck.VALUE,
                OperationCheck.VIEWS,
                OperationCheck.INPUTS_UNCHANGED,
                OperationCheck.COTANGENT_UNCHANGED,
                OperationCheck.ZERO_COTANGENT,
                OperationCheck.REPEATABLE,
                OperationCheck.LINEAR,
                OperationCheck.SAME_TENSOR,
                OperationCheck.UNSHARED,
                OperationCheck.EACH_INPUT_ALONE);
    }

    /** A new layer that loads the state gives the same output, bit for bit. */
    @Property
    default void stateRoundTrip(@ForAll("evaluationCases") Case drawn) {
        LayerChecks.stateRoundTrip(layer(), drawn.copy());
    }

    /** Two layers drawn from equal generators have equal parameters, under equal names. */
    @Property(tries = 1)
    default void sameSeedSameLayer() {
        LayerChecks.sameSeedSameLayer(layer());
    }

    /** Cases of {@link #layer()} in training. */
    @Provide
    default Arbitrary<Case> trainingCases() {
        return layer().operation(true).differentiableCases();
    }

    /** Cases of {@link #layer()} in evaluation. */
    @Provide
    default Arbitrary<Case> evaluationCases() {
        return layer().operation(false).differentiableCases();
    }

    private static void check(Operation operation, Case drawn, OperationCheck... checks) {
        for (OperationCheck check : checks) {
            if (check.casesOf(operation).isPresent()) {
                check.check(operation, drawn.copy());
            }
        }
    }
}
