package io.adjoint.core;

import java.util.Locale;

/** The reductions that have dedicated loops, with the value of an empty one. */
enum ReduceOp {
    SUM(0),
    PROD(1),
    AMAX(Double.NEGATIVE_INFINITY),
    AMIN(Double.POSITIVE_INFINITY);

    final double identity;

    ReduceOp(double identity) {
        this.identity = identity;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether reducing nothing is a number that an array could hold. */
    boolean hasEmptyValue() {
        return this == SUM || this == PROD;
    }
}
