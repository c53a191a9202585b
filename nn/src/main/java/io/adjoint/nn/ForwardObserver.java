package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Hook;

/**
 * Whoever watches the blocks that a thread runs, whatever model they are of: for summaries, statistics of activations, timing. Of one
 * layer, {@link Layer#onForward} is enough.
 *
 * <pre>{@code
 * Hook hook = new ForwardObserver() {
 *     public void ends(Block block, String path, Object output) {
 *         System.out.println(path);
 *     }
 * }.observe();
 * }</pre>
 */
public interface ForwardObserver {
    /**
     * A block is about to run.
     *
     * @param path its path in the outermost block that runs, which itself has the empty path
     */
    default void begins(Block block, String path) {}

    /**
     * A block has run; not called if it threw.
     *
     * @param path its path in the outermost block that runs, which itself has the empty path
     * @param output a tensor, or the record that the block returned
     */
    void ends(Block block, String path, Object output);

    /** Watches the blocks that the current thread runs from now on, until the hook is removed. */
    @CanIgnoreReturnValue
    default Hook observe() {
        return Scope.current().observe(this);
    }
}
