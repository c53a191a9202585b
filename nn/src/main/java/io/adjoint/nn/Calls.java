package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Internal;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

    /**
     * Computes the output of a block in place of its body.
     *
     * @hidden
     */
    @FunctionalInterface
    public interface Interceptor {
        /**
         * Computes the output of the innermost running block.
         *
         * @param inputs the tensors that the block was called with
         * @param body what the block computes
         */
        <T> T compute(Block block, List<Tensor> inputs, Supplier<T> body);
    }

    /**
     * Runs a body in which a function computes each block of this thread that names the tensors it is called with, as layers do; null for
     * blocks that compute themselves.
     */
    public static <T> T intercepted(@Nullable Interceptor interceptor, Supplier<T> body) {
        return Scope.current().intercepted(interceptor, body);
    }

    /** The running blocks, the outermost first. */
    public static List<Block> running() {
        return Scope.current().running();
    }

    /** The path of the innermost running block within the outermost one; empty for the outermost one itself. */
    public static String path() {
        return Scope.current().path();
    }

    /** The block that computes when the innermost of some running blocks calls a block: its substitute if it was replaced, else itself. */
    public static Block inForce(List<? extends Block> running, Block called) {
        return called instanceof Layer layer ? within(running, layer::inForce) : called;
    }
}
