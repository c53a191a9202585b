package io.adjoint.nn;

import io.adjoint.core.Internal;
import java.util.List;
import java.util.function.Supplier;

/**
 * Calls blocks as other blocks do, for code that goes through a model part by part: a replaced layer computes itself within its substitute
 * only.
 *
 * @hidden
 */
@Internal
public final class Calls {
    private Calls() {}

    /**
     * Runs a body as if the innermost of some blocks ran it.
     *
     * @param running the blocks, the outermost first
     */
    public static <T> T within(List<? extends Block> running, Supplier<T> body) {
        return Scope.runIn(running, body);
    }

    /** The block that computes when the innermost of some running blocks calls a block: its substitute if it was replaced, else itself. */
    public static Block inForce(List<? extends Block> running, Block called) {
        return called instanceof Layer layer ? within(running, layer::inForce) : called;
    }
}
