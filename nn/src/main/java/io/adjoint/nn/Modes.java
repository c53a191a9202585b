package io.adjoint.nn;

import io.adjoint.core.Internal;
import java.util.Map;

/**
 * Reads and restores the modes of blocks for code that isn't part of the blocks. Unlike a block's own call of {@code isTraining()}, reading
 * a mode by this class doesn't mark the block as dependent on its mode.
 *
 * @hidden
 */
@Internal
public final class Modes {
    private Modes() {}

    /** Returns whether the block is in training mode. */
    public static boolean isTraining(Block block) {
        return block.mode();
    }

    /** Returns whether the block, or a block within it, is in training mode. */
    public static boolean anyTraining(Block block) {
        return block.modes().containsValue(true);
    }

    /** Records the modes of the block and of all blocks within it; running the result restores them. */
    public static Runnable kept(Block block) {
        Map<Block, Boolean> modes = block.modes();
        return () -> modes.forEach(Block::setTraining);
    }

    /** Returns whether the block, or a block within it, has read its own mode so far, so that its outputs may depend on the mode. */
    public static boolean matter(Block block) {
        boolean[] matter = {false};
        block.apply(each -> matter[0] |= each.readsMode());
        return matter[0];
    }
}
