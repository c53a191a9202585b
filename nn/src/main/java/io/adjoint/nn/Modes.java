package io.adjoint.nn;

import io.adjoint.core.Internal;
import java.util.Map;

/**
 * The modes of blocks, for whoever looks at a model from outside: looking here is not taken for the block's own question.
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

    /** Returns whether the block, or one in it, is in training mode. */
    public static boolean anyTraining(Block block) {
        return block.modes().containsValue(true);
    }

    /** The modes of the block and of every block in it as they are now, to be put back by the result. */
    public static Runnable kept(Block block) {
        Map<Block, Boolean> modes = block.modes();
        return () -> modes.forEach(Block::setTraining);
    }

    /** Returns whether the block, or one in it, has asked for its mode so far, so that the mode makes a difference. */
    public static boolean matter(Block block) {
        boolean[] matter = {false};
        block.apply(part -> matter[0] |= part.readsMode());
        return matter[0];
    }
}
