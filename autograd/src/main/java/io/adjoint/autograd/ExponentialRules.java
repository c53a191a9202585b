package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import io.adjoint.core.linalg.ExponentialKernels;

/**
 * The exponential of matrices by scaling and squaring, {@code exp(A) = r(A/2ˢ)^(2ˢ)}, with the Padé approximant r of degree 13: N. J.
 * Higham, "The scaling and squaring method for the matrix exponential revisited", SIAM J. Matrix Anal. Appl. 26 (2005). The operation is a
 * composition, so its gradient is the approximant's: A. H. Al-Mohy and N. J. Higham, "Computing the Fréchet derivative of the matrix
 * exponential", SIAM J. Matrix Anal. Appl. 30 (2009).
 */
final class ExponentialRules {
    /** The coefficients of the numerator of r; the coefficients of the denominator have alternating signs. */
    private static final double[] PADE = {
        64764752532480000.0,
        32382376266240000.0,
        7771770303897600.0,
        1187353796428800.0,
        129060195264000.0,
        10559470521600.0,
        670442572800.0,
        33522128640.0,
        1323241920.0,
        40840800.0,
        960960.0,
        16380.0,
        182.0,
        1.0
    };

    private ExponentialRules() {}

    static Tensor matrixExp(Tensor a) {
        NdArray halvings = ExponentialKernels.halvings(a.data());
        Tensor x = a.mul(Tensor.of(halvings.map(s -> Math.scalb(1.0, (int) -s))));
        Tensor x2 = x.matmul(x);
        Tensor x4 = x2.matmul(x2);
        Tensor x6 = x4.matmul(x2);
        Tensor identity = SolvingRules.identity(a);
        Tensor odd = x.matmul(approximant(1, identity, x2, x4, x6));
        Tensor even = approximant(0, identity, x2, x4, x6);
        Tensor power = SolvingRules.solve("matrixExp", even.sub(odd), even.add(odd));
        for (int k = 0; ; k++) {
            NdArray squared = halvings.gt(k);
            if (squared.any().item() == 0) {
                return power;
            }
            power = Tensor.where(Tensor.of(squared), power.matmul(power), power);
        }
    }

    /** The even powers of the numerator of r, or its odd powers without a factor X. */
    private static Tensor approximant(int odd, Tensor identity, Tensor x2, Tensor x4, Tensor x6) {
        Tensor high = x6.mul(PADE[12 + odd]).add(x4.mul(PADE[10 + odd])).add(x2.mul(PADE[8 + odd]));
        return x6.matmul(high)
                .add(x6.mul(PADE[6 + odd]))
                .add(x4.mul(PADE[4 + odd]))
                .add(x2.mul(PADE[2 + odd]))
                .add(identity.mul(PADE[odd]));
    }
}
