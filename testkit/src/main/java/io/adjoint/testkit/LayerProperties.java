package io.adjoint.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * Tests layers and other blocks. Inputs and all parameters are drawn, in training and in evaluation mode. As a function of both, the layer is
 * an {@link Operation} and must pass its checks; then follow the checks of {@link LayerCheck}.
 *
 * <pre>{@code
 * @Test
 * void dense() {
 *     LayerProperties.check(LayerSpec.of("dense", init -> new Dense(2, 3, init)).shapes("(...,2)->(...,3)").order(2));
 * }
 * }</pre>
 */
public final class LayerProperties {
    private LayerProperties() {}

    /**
     * Runs everything in {@link OperationCheck} and {@link LayerCheck} that applies, with the system property {@code adjoint.tries} (100)
     * cases each, fewer for those that take a while.
     *
     * @throws AssertionError that names each check that fails, with the smallest case
     */
    public static void check(LayerSpec layer) {
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
    public static void check(LayerSpec layer, LayerCheck check) {
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
}
