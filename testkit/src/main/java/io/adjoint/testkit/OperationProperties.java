package io.adjoint.testkit;

import java.util.Arrays;

/**
 * Tests operations by the checks of {@link OperationCheck}.
 *
 * <pre>{@code
 * @Test
 * void softplus() {
 *     OperationProperties.check(Operation.unary("softplus", MyOps::softplus).within(Values.between(-30, 30)).order(2));
 * }
 * }</pre>
 */
public final class OperationProperties {
    private OperationProperties() {}

    /**
     * Runs everything in {@link OperationCheck} that applies, with the system property {@code adjoint.tries} (100) cases each.
     *
     * @throws AssertionError that names each check that fails, with the smallest case that fails it
     */
    public static void check(Operation operation) {
        Failures.throwAll(
                operation.name(),
                Arrays.stream(OperationCheck.values())
                        .<Runnable>map(check -> () -> check(operation, check))
                        .toList());
    }

    /**
     * Runs one check, if it applies.
     *
     * @throws PropertyFailure with the smallest case that fails it
     */
    public static void check(Operation operation, OperationCheck check) {
        check(operation, check, Search.defaultTries(), operation.name().hashCode());
    }

    /** Runs one check, if it applies, with the given number of cases drawn from a seed. */
    public static void check(Operation operation, OperationCheck check, int tries, long seed) {
        check.casesOf(operation)
                .ifPresent(cases -> Search.run(
                        operation.name() + ": " + check,
                        cases,
                        check.tries(tries),
                        seed,
                        drawn -> operation.check(check, drawn)));
    }
}
