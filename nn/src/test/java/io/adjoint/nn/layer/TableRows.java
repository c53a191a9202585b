package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Block;
import java.util.Objects;

/** Writes tables in tests of the layers of a table, and reads their numbers. */
final class TableRows {
    static final double GAP = Double.NaN;

    private TableRows() {}

    static Tensor rows(double[]... rows) {
        return Tensor.of(rows);
    }

    static double[] row(double... row) {
        return row;
    }

    static double[] buffer(Block block, String path) {
        return Objects.requireNonNull(block.namedBuffers().get(path), path)
                .value()
                .toDoubleArray();
    }

    static double[] elements(Tensor x) {
        return x.data().toDoubleArray();
    }
}
