package io.adjoint.nn;

import io.adjoint.core.Internal;

/**
 * Changes of state that running blocks make and that take effect together or not at all.
 *
 * @hidden
 */
@Internal
public interface Pending {
    /** Throws if the changes can't be kept; then the call of the outermost block fails, and all changes are discarded. */
    void check();

    /** Makes the changes take effect; called when the outermost block has ended and all checks have passed. */
    void commit();

    /** Drops the changes, if there are any; called when a block has failed. */
    void discard();

    /** Registers changes, which are committed or discarded when the outermost block that this thread runs ends. */
    static void await(Pending changes) {
        Scope.current().await(changes);
    }
}
