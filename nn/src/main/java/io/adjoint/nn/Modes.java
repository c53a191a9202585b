package io.adjoint.nn;

import io.adjoint.core.Internal;

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

    /** Returns whether the block, or one in it, has asked for its mode so far, so that the mode makes a difference. */
    public static boolean matter(Block block) {
        boolean[] matter = {false};
        block.apply(part -> matter[0] |= part.readsMode());
        return matter[0];
    }
}
