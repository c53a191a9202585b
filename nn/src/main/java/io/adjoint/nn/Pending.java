package io.adjoint.nn;

import io.adjoint.core.Internal;

/**
 * Changes that blocks make as they run, of which all are to be kept or none.
 *
 * @hidden
 */
@Internal
public interface Pending {
    /** Throws if the changes can't be kept; the call fails then, and all changes are discarded. */
    void check();

    /** Keeps the changes: the outermost block ended, and all checks passed. */
    void commit();

    /** Forgets the changes, if there are any: a block failed. */
    void discard();

    /** Has these changes committed or discarded by the outermost of the blocks that this thread runs. */
    static void await(Pending changes) {
        Scope.current().await(changes);
    }
}
