package io.adjoint.core;

import java.util.function.Consumer;

/**
 * Settings with defaults, each of which a method sets in a copy. Nothing changes a field but {@link #with}, before anybody else sees the
 * copy.
 *
 * @param <O> the class of the settings itself
 * @hidden
 */
@Internal
public abstract class Options<O extends Options<O>> implements Cloneable {
    /** A copy of these settings, changed. */
    @SuppressWarnings("unchecked") // The subclass passes itself.
    protected final O with(Consumer<O> change) {
        try {
            O copy = (O) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("options are Cloneable", e);
        }
    }
}
