package io.adjoint.proof;

import io.adjoint.core.Dims;
import java.util.Arrays;

/** The ways to call a reduction: without {@link Dims}, with each of them, and all of these over given axes or over all axes. */
enum Form {
    BRIEF,
    KEPT,
    GONE,
    BRIEF_ALL,
    KEPT_ALL,
    GONE_ALL;

    static Form of(int... arguments) {
        return values()[arguments[0]];
    }

    boolean isBrief() {
        return this == BRIEF || this == BRIEF_ALL;
    }

    Dims dims() {
        return this == KEPT || this == KEPT_ALL ? Dims.KEEP : Dims.DROP;
    }

    /** The axes of the call, which follow the first {@code skipped} arguments. */
    int[] axes(int skipped, int... arguments) {
        return compareTo(GONE) > 0 ? new int[0] : Arrays.copyOfRange(arguments, skipped, arguments.length);
    }
}
