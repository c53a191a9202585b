package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Hook;

/**
 * Observes the blocks that a thread runs, of any model: for summaries, statistics of activations, timing. To observe a single layer, {@link
 * Layer#onForward} is enough.
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
     * Called before a block runs.
     *
     * @param path its path in the outermost block that runs, which itself has the empty path
     */
    default void begins(Block block, String path) {}

    /**
     * Called after a block has run; not called if the block threw an exception.
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
