package io.adjoint.testkit;

import java.io.Serial;

/** A property that does not hold, with the smallest case that was found. */
public final class PropertyFailure extends AssertionError {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Case smallest;
    private final String what;

    PropertyFailure(String what, Case smallest, Throwable cause, String seed) {
        super(what + "\n  shapes: " + smallest.shapes() + "\n  again with:\n    "
                + smallest.toString().replace("\n", "\n    ") + seed);
        this.smallest = smallest;
        this.what = what;
        initCause(cause);
    }

    /** The case that fails and that could not be made smaller. */
    public Case smallest() {
        return smallest;
    }

    PropertyFailure withSeed(String seed) {
        Throwable cause = getCause();
        return new PropertyFailure(what, smallest, cause == null ? this : cause, "\n  seed: " + seed);
    }
}
