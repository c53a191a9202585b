package io.adjoint.examples;

import io.adjoint.core.DType;
import picocli.CommandLine.Option;

/** The arguments of an example whose network computes in either floating dtype. */
class TypedOptions extends ExampleOptions {
    @Option(names = "--dtype", description = "The dtype of the network: FLOAT64 or FLOAT32.")
    private DType dtype;

    /** Has the dtype that the example takes if the user names none. */
    TypedOptions(DType usual) {
        dtype = usual;
    }

    final DType dtype() {
        return dtype;
    }
}
