package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.core.Correction;
import io.adjoint.core.Dims;
import org.junit.jupiter.api.Test;

class CorrectionTest {
    private final Tensor x = Tensor.of(new double[][] {{1, 2, 6}, {0, 0, 3}});

    @Test
    void isSubtractedFromTheNumberOfElements() {
        assertThat(x.var(Correction.NONE, 1).data().toDoubleArray()).containsExactly(14.0 / 3, 2);
        assertThat(x.var(Correction.BESSEL, 1).data().toDoubleArray()).containsExactly(7, 3);
        assertThat(x.var(new Correction(2), 1).data().toDoubleArray()).containsExactly(14, 6);
        assertThat(x.std(new Correction(2), Dims.KEEP, 1).square().data())
                .isEqualTo(x.std(new Correction(2), 1).square().unsqueeze(1).data());
    }

    @Test
    void isBesselsUnlessAnotherIsGiven() {
        assertThat(x.var(0).data()).isEqualTo(x.var(Correction.BESSEL, 0).data());
        assertThat(x.var(Dims.KEEP, 0).data())
                .isEqualTo(x.var(Correction.BESSEL, Dims.KEEP, 0).data());
        assertThat(x.std().data()).isEqualTo(x.std(new Correction(1)).data());
    }

    @Test
    void isAValue() {
        assertThat(new Correction(0)).isEqualTo(Correction.NONE).hasToString("Correction[value=0]");
    }

    @Test
    void isNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Correction(-1))
                .withMessage("Correction: expected a number from 0 on, which is subtracted from the number of"
                        + " elements, got -1");
    }
}
