package io.adjoint.nn.layer;

import io.adjoint.core.DType;

/** Parts of what blocks say of themselves. */
final class Descriptions {
    private Descriptions() {}

    /** The dtype, unless it is the default. */
    static String of(DType dtype) {
        return dtype == DType.FLOAT64 ? "" : ", " + dtype;
    }
}
