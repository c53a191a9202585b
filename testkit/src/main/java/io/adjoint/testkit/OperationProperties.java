package io.adjoint.testkit;

import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The properties of an operation, for a jqwik test class to implement; each shows in the report by its name.
 *
 * <pre>{@code
 * class SoftplusProperties implements OperationProperties {
 *     public Operation operation() {
 *         return Operation.unary("softplus", MyOps::softplus).within(Values.between(-30, 30)).order(2);
 *     }
 * }
 * }</pre>
 *
 * <p>A catalogue of operations is tested by {@link #check}, or check by check by {@link #check(Operation, OperationCheck)}.
 */
public interface OperationProperties {
    /** The operation to test. */
    Operation operation();

    // ---- many operations in one test ----

    /**
     * Runs everything in {@link OperationCheck} that applies, with the system property {@code adjoint.tries} (100) cases each.
     *
     * @throws AssertionError that names each check that fails, with the smallest case that fails it
     */
    static void check(Operation operation) {
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
    static void check(Operation operation, OperationCheck check) {
        check(operation, check, Search.defaultTries(), operation.name().hashCode());
    }

    /** Runs one check, if it applies, with the given number of cases drawn from a seed. */
    static void check(Operation operation, OperationCheck check, int tries, long seed) {
        check.casesOf(operation)
                .ifPresent(cases -> Search.run(
                        operation.name() + ": " + check,
                        cases,
                        check.tries(tries),
                        seed,
                        drawn -> operation.check(check, drawn)));
    }

    // ---- as jqwik's properties ----

    /** {@link OperationCheck#VALUE}. */
    @Property
    default void value(@ForAll("anyCases") Case drawn) {
        run(OperationCheck.VALUE, drawn);
    }

    /** {@link OperationCheck#GRADIENT}. */
    @Property
    default void gradient(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.GRADIENT, drawn);
    }

    /** {@link OperationCheck#HIGHER_GRADIENTS}. */
    @Property
    default void higherGradients(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.HIGHER_GRADIENTS, drawn);
    }

    /** {@link OperationCheck#RECORDED}. */
    @Property
    default void recorded(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.RECORDED, drawn);
    }

    /** {@link OperationCheck#VIEWS}. */
    @Property
    default void views(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.VIEWS, drawn);
    }

    /** {@link OperationCheck#INPUTS_UNCHANGED}. */
    @Property
    default void inputsUnchanged(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.INPUTS_UNCHANGED, drawn);
    }

    /** {@link OperationCheck#COTANGENT_UNCHANGED}. */
    @Property
    default void cotangentUnchanged(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.COTANGENT_UNCHANGED, drawn);
    }

    /** {@link OperationCheck#ZERO_COTANGENT}. */
    @Property
    default void zeroCotangent(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.ZERO_COTANGENT, drawn);
    }

    /** {@link OperationCheck#REPEATABLE}. */
    @Property
    default void repeatable(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.REPEATABLE, drawn);
    }

    /** {@link OperationCheck#INTERLEAVED}. */
    @Property
    default void interleaved(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.INTERLEAVED, drawn);
    }

    /** {@link OperationCheck#AFTER_STEP}. */
    @Property
    default void afterStep(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.AFTER_STEP, drawn);
    }

    /** {@link OperationCheck#OTHER_THREAD}. */
    @Property(tries = OperationCheck.FEW)
    default void otherThread(@ForAll("longCases") Case drawn) {
        run(OperationCheck.OTHER_THREAD, drawn);
    }

    /** {@link OperationCheck#LINEAR}. */
    @Property
    default void linear(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.LINEAR, drawn);
    }

    /** {@link OperationCheck#SAME_TENSOR}. */
    @Property
    default void sameTensor(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.SAME_TENSOR, drawn);
    }

    /** {@link OperationCheck#UNSHARED}. */
    @Property
    default void unshared(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.UNSHARED, drawn);
    }

    /** {@link OperationCheck#EACH_INPUT_ALONE}. */
    @Property
    default void eachInputAlone(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.EACH_INPUT_ALONE, drawn);
    }

    /** {@link OperationCheck#EMPTY}. */
    @Property
    default void empty(@ForAll("emptyCases") Case drawn) {
        run(OperationCheck.EMPTY, drawn);
    }

    /** {@link OperationCheck#SCALAR}. */
    @Property
    default void scalar(@ForAll("scalarCases") Case drawn) {
        run(OperationCheck.SCALAR, drawn);
    }

    /** {@link OperationCheck#LARGE}. */
    @Property(tries = 1)
    default void large(@ForAll("largeCases") Case drawn) {
        run(OperationCheck.LARGE, drawn);
    }

    /** {@link OperationCheck#FLOATS}. */
    @Property
    default void floats(@ForAll("differentiableCases") Case drawn) {
        run(OperationCheck.FLOATS, drawn);
    }

    private void run(OperationCheck check, Case drawn) {
        Operation operation = operation();
        if (check.casesOf(operation).isPresent()) {
            operation.check(check, drawn.copy());
        }
    }

    /** Cases of {@link #operation()}. */
    @Provide
    default Arbitrary<Case> anyCases() {
        return operation().cases();
    }

    /** Cases of {@link #operation()} at which differences can be taken. */
    @Provide
    default Arbitrary<Case> differentiableCases() {
        return operation().differentiableCases();
    }

    /** Cases of {@link #operation()} with more than 1,024 elements, as far as sizes may grow. */
    @Provide
    default Arbitrary<Case> longCases() {
        return operation().longCases();
    }

    /** Cases of {@link #operation()} with empty tensors. */
    @Provide
    default Arbitrary<Case> emptyCases() {
        return operation().emptyCases().orElseGet(this::anyCases);
    }

    /** Cases of {@link #operation()} with thousands of elements. */
    @Provide
    default Arbitrary<Case> largeCases() {
        return operation().hugeCases().orElseGet(this::differentiableCases);
    }

    /** Cases of {@link #operation()} with as few axes as it allows. */
    @Provide
    default Arbitrary<Case> scalarCases() {
        return operation().scalarCases().orElseGet(this::differentiableCases);
    }
}
