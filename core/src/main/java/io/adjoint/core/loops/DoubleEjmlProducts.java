package io.adjoint.core.loops;

import io.adjoint.core.Internal;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * {@link ProductLoops} in {@code double[]} by EJML's multiplication of whole matrices. The float version is generated from this file.
 *
 * @hidden
 */
@Internal
public final class DoubleEjmlProducts implements ProductLoops {
    @Override
    public void multiply(Matrix a, Matrix b, Object out, int at) {
        DMatrixRMaj product = new DMatrixRMaj(a.rows(), b.columns());
        CommonOps_DDRM.mult(copy(a), copy(b), product);
        double[] sums = (double[]) out;
        for (int e = 0; e < product.getNumElements(); e++) {
            sums[at + e] += product.data[e];
        }
    }

    private static DMatrixRMaj copy(Matrix x) {
        DMatrixRMaj copy = new DMatrixRMaj(x.rows(), x.columns());
        double[] from = (double[]) x.storage();
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < x.columns(); j++) {
                copy.data[i * x.columns() + j] = from[x.offset() + i * x.rowStride() + j * x.columnStride()];
            }
        }
        return copy;
    }
}
