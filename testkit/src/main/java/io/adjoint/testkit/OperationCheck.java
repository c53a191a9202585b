package io.adjoint.testkit;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;

/** The checks of an operation. Each is run by itself, so that a report names the broken property. */
public enum OperationCheck {
    /** The value equals the value of the reference, and has the shape that the signature says. */
    VALUE(Checks::value, Integer.MAX_VALUE, operation -> Optional.of(operation.cases())),
    /** The gradient agrees with finite differences. */
    GRADIENT((operation, drawn) -> Checks.gradient(operation, drawn, 1)),
    /** The gradients of higher orders, up to the operation's order, agree with finite differences. */
    HIGHER_GRADIENTS((operation, drawn) -> Checks.gradient(operation, drawn, 2)),
    /**
     * Recording changes no result: the value has the same bits without recording, and a recorded pass gives the gradients of a plain pass
     * up to rounding. The composition of a fused operation gives the value of its kernels up to rounding.
     */
    RECORDED(Checks::recorded),
    /**
     * A second run gives the same bits, and does not change the gradients of the first run; a second backward pass over the same graph has
     * the gradients of its own upstream gradient.
     */
    REPEATABLE(Checks::repeatable),
    /**
     * An evaluation and its gradients stay the same if another evaluation, at other elements, begins before the backward pass of the first
     * evaluation.
     */
    INTERLEAVED(StateChecks::interleaved),
    /**
     * Inputs that were changed in place, as by an optimizer's step, give the value and the gradients of new inputs with the same elements.
     */
    AFTER_STEP(StateChecks::afterStep),
    /**
     * Another thread computes results with the same bits, also if it runs only the backward pass, or if several threads compute at the
     * same time. The inputs have more than 1,024 elements, as far as sizes may grow.
     */
    OTHER_THREAD(StateChecks::otherThread, OperationCheck.FEW, operation -> Optional.of(operation.longCases())),
    /** Value and gradients do not depend on the layout of inputs and upstream gradient: the same bits as with contiguous copies. */
    VIEWS(Checks::views),
    /** Neither forward nor backward changes the inputs. */
    INPUTS_UNCHANGED(Checks::inputsUnchanged),
    /** The backward rules do not change the upstream gradient. */
    COTANGENT_UNCHANGED(Checks::cotangentUnchanged),
    /** For an upstream gradient of zero, all gradients are exactly zero. */
    ZERO_COTANGENT(Checks::zeroCotangent),
    /**
     * Gradients are linear in the upstream gradient: the gradients for an upstream gradient of ones are the difference of the gradients for
     * two other upstream gradients.
     */
    LINEAR(Checks::linear),
    /**
     * One tensor for two inputs has the value of two equal tensors, and the sum of their gradients. Each input is tried with the nearest
     * three earlier inputs that may be the same tensor.
     */
    SAME_TENSOR(Checks::sameTensor),
    /** A gradient does not share its elements with an input: otherwise an optimizer's step would change the gradient. */
    UNSHARED(Checks::unshared),
    /**
     * The gradient of an input is the same whether or not other inputs require a gradient; if no input requires a gradient, nothing is
     * recorded.
     */
    EACH_INPUT_ALONE(Checks::eachInputAlone),
    /** Inputs with a size of 0, unless the signature has fixed axes alone, have a value, and gradients of their shape. */
    EMPTY(Checks::empty, OperationCheck.SOME, Operation::emptyCases),
    /** Inputs without axes, as far as the signature allows them, have the right value and gradient. */
    SCALAR(
            (operation, drawn) -> {
                Checks.value(operation, drawn);
                Checks.gradient(operation, drawn, 1);
            },
            Integer.MAX_VALUE,
            Operation::scalarCases),
    /**
     * Inputs of thousands of elements, beyond the thresholds of parallel loops and vectors, have a gradient that agrees with differences.
     * For operations whose inputs have any shape, {@code (...)}; references, which are plain and slow, are not asked.
     */
    LARGE((operation, drawn) -> Checks.gradient(operation, drawn, 1), 1, Operation::hugeCases),
    /** FLOAT32 inputs have a FLOAT32 value and gradients near the FLOAT64 ones, which aren't computed in FLOAT32 themselves. */
    FLOATS(FloatCheck::check);

    /** The number of cases of a check that takes long, or whose faults show in every case. */
    static final int FEW = 4;

    /** The number of cases of a check in which only shapes matter. */
    private static final int SOME = 25;

    private final BiConsumer<Operation, Case> check;
    private final int most;
    private final Function<Operation, Optional<Arbitrary<Case>>> cases;

    OperationCheck(BiConsumer<Operation, Case> check) {
        this(check, Integer.MAX_VALUE, operation -> Optional.of(operation.differentiableCases()));
    }

    /** A check of cases of its own, at most {@code most} of them. */
    OperationCheck(BiConsumer<Operation, Case> check, int most, Function<Operation, Optional<Arbitrary<Case>>> cases) {
        this.check = check;
        this.most = most;
        this.cases = cases;
    }

    /** Returns whether this check draws its own cases or needs only a few; in a gradient property it then runs once, after the tries. */
    boolean isRunOnce() {
        return this == EMPTY || this == LARGE || this == OTHER_THREAD;
    }

    /** The number of cases to draw where other checks draw {@code tries}. */
    int tries(int tries) {
        return Math.min(most, tries);
    }

    /** Checks one case; {@link Operation#check()} draws and shrinks cases. */
    public void check(Operation operation, Case drawn) {
        check.accept(operation, drawn);
    }

    /** The cases that this needs; none if the operation has no such cases, or is excepted. */
    public final Optional<Arbitrary<Case>> casesOf(Operation operation) {
        boolean needed = !operation.skips(this)
                && (this != HIGHER_GRADIENTS || operation.order() > 1)
                && ((this != GRADIENT && this != LARGE) || operation.order() > 0);
        return needed ? cases.apply(operation) : Optional.empty();
    }

    /** The name in messages, such as {@code inputs unchanged}. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
