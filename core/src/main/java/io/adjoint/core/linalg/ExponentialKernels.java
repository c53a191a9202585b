package io.adjoint.core.linalg;

import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;

/**
 * The scaling of matrices whose exponential is computed by a Padé approximant of degree 13: A. H. Al-Mohy and N. J. Higham, "A new scaling
 * and squaring algorithm for the matrix exponential", SIAM J. Matrix Anal. Appl. 31 (2009).
 *
 * @hidden
 */
@Internal
public final class ExponentialKernels {
    /** The norm up to which the approximant is accurate to double precision. */
    private static final double LARGEST = 4.25;

    private static final int TERMS = 27;

    /** The approximant's first error term in double epsilons for a norm of {@link #LARGEST}. */
    private static final double ERROR = 0.0017325;

    private ExponentialKernels() {}

    /**
     * The number of times that each of the square matrices is halved before the approximant, which is then squared as often:
     * {@code [..., 1, 1]}, of the matrices' type. Squaring loses digits, and {@code ‖A‖} alone asks for too much of it if powers of A have
     * far smaller norms than {@code ‖A‖ᵏ}: so A⁴ and A⁶ decide, and {@code |A|²⁷}, which bounds rounding errors.
     */
    public static NdArray halvings(NdArray a) {
        MatrixBatch matrices = MatrixBatch.square("matrixExp", a);
        if (a.size() == 0) {
            return NdArray.zeros(a.dtype(), matrices.batch.append("matrixExp", 1, 1));
        }
        NdArray x = a.to(DType.FLOAT64).div(LARGEST);
        NdArray most = halvings(norm(x), 1).clampMin(0);
        if (most.gt(0).any().item() == 0) {
            return most.to(a.dtype());
        }
        NdArray scaled = x.mul(most.map(s -> Math.scalb(1.0, (int) -s)));
        NdArray squared = scaled.matmul(scaled);
        NdArray fourth = squared.matmul(squared);
        NdArray sizes = scaled.abs();
        NdArray sums = NdArray.ones(DType.FLOAT64, Shape.of(1, matrices.rows));
        for (int k = 0; k < TERMS; k++) {
            sums = sums.matmul(sizes);
        }
        NdArray more = halvings(norm(fourth), 4)
                .maximum(halvings(norm(fourth.matmul(squared)), 6))
                .maximum(halvings(norm(sums).mul(ERROR), TERMS - 1));
        return most.add(more).minimum(most).clampMin(0).to(a.dtype());
    }

    /** The 1-norms, {@code [..., 1, 1]}. */
    private static NdArray norm(NdArray x) {
        return x.abs().sum(Dims.KEEP, -2).amax(Dims.KEEP, -1);
    }

    /** The halvings of a matrix after which the norm of a power of it is at most 1. */
    private static NdArray halvings(NdArray norm, int power) {
        return norm.map(value -> -Math.floorDiv(-(Math.getExponent(value) + 1), power));
    }
}
