package io.adjoint.nn.layer;

import io.adjoint.core.DType;

/** Parts of the descriptions of blocks. */
final class Descriptions {
    private Descriptions() {}

    /** A text of a comma and the dtype; empty for the default FLOAT64. */
    static String of(DType dtype) {
        return dtype == DType.FLOAT64 ? "" : ", " + dtype;
    }
}
