package io.adjoint.testkit;

import java.util.Arrays;

/**
 * Tests optimizers by the checks of {@link OptimizerCheck}.
 *
 * <pre>{@code
 * @Test
 * void heavyBall() {
 *     OptimizerProperties.check(OptimizerSpec.of("heavy ball", parameters -> new HeavyBall(parameters, 0.1)));
 * }
 * }</pre>
 */
public final class OptimizerProperties {
    private OptimizerProperties() {}

    /**
     * Runs everything in {@link OptimizerCheck} that applies.
     *
     * @throws AssertionError that names each check that fails, with a seed that fails it
     */
    public static void check(OptimizerSpec optimizer) {
        Failures.throwAll(
                optimizer.name(),
                Arrays.stream(OptimizerCheck.values())
                        .filter(check -> check.appliesTo(optimizer))
                        .<Runnable>map(check ->
                                () -> Seeds.run(optimizer.name() + ": " + check, seed -> check.check(optimizer, seed)))
                        .toList());
    }
}
