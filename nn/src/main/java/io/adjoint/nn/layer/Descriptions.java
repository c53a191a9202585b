package io.adjoint.nn.layer;

import io.adjoint.core.DType;

/** Makes texts that the descriptions of several layers contain. */
final class Descriptions {
    private Descriptions() {}

    /** The end of a description for a layer's dtype, such as {@code ", FLOAT32"}; empty for the default dtype FLOAT64. */
    static String of(DType dtype) {
        return dtype == DType.FLOAT64 ? "" : ", " + dtype;
    }
}
