package io.adjoint.proof;

import java.util.Arrays;

/** The forms of a call of a reduction: without {@code keepDims}, with true and with false, each with axes and without, for all axes. */
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

    boolean keepDims() {
        return this == KEPT || this == KEPT_ALL;
    }

    /** The axes of the call, which follow {@code skipped} other arguments. */
    int[] axes(int skipped, int... arguments) {
        return compareTo(GONE) > 0 ? new int[0] : Arrays.copyOfRange(arguments, skipped, arguments.length);
    }
}
