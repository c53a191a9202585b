package io.adjoint.nn.layer;

import io.adjoint.core.DType;

/** Parts of the descriptions of blocks. */
final class Descriptions {
    private Descriptions() {}

    /** The dtype after a comma; empty for the default FLOAT64. */
    static String of(DType dtype) {
        return dtype == DType.FLOAT64 ? "" : ", " + dtype;
    }
}
