package io.adjoint.nn.optim;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The expected numbers are PyTorch 2.6's. */
class ClipTest {
    private final Tensor a = Tensor.of(1.0).requiresGrad(true);
    private final Tensor b = Tensor.of(1.0).requiresGrad(true);
    private final Tensor none = Tensor.of(1.0).requiresGrad(true);
    private final List<Tensor> all = List.of(a, none, b);

    private void gradients(double ofA, double ofB) {
        a.setGrad(Tensor.of(ofA));
        b.setGrad(Tensor.of(ofB));
    }

    private void assertGradients(double ofA, double ofB) {
        assertThat(gradient(a)).isCloseTo(ofA, within(1e-9));
        assertThat(gradient(b)).isCloseTo(ofB, within(1e-9));
        assertThat(none.grad()).isNull();
    }

    private static double gradient(Tensor parameter) {
        return Objects.requireNonNull(parameter.grad()).data().get(0);
    }

    @Test
    void theNormBeforeClippingIsReturned() {
        gradients(3, 4);

        assertThat(Clip.norm(all, 1)).isEqualTo(5);
        assertGradients(0.59999988, 0.79999984);
    }

    @Test
    void gradientsBelowTheMaximumStayAsTheyAre() {
        gradients(3, 4);
        Tensor before = Objects.requireNonNull(a.grad());

        assertThat(Clip.norm(all, 10)).isEqualTo(5);
        assertThat(a.grad()).isSameAs(before);
    }

    @Test
    void withoutAnyGradientThereIsNothingToClip() {
        assertThat(Clip.totalNorm(all, 2)).isZero();
        thrown(IllegalStateException.class, () -> Clip.norm(all, 1))
                .withMessage(
                        "Clip.norm: none of 3 parameters has a gradient, so nothing would be clipped; call it between"
                                + " backward() and the optimizer's step(), before zeroGrad()");
        thrown(IllegalStateException.class, () -> Clip.value(List.of(none), 1))
                .withMessageStartingWith("Clip.value: none of 1 parameters");
    }

    @Test
    void otherNormsCanBeClipped() {
        gradients(3, -4);
        assertThat(Clip.norm(all, 3.5, 1)).isEqualTo(7);
        assertGradients(1.5 / (1 + 1e-6 / 7), -2 / (1 + 1e-6 / 7));

        gradients(3, -4);
        assertThat(Clip.norm(all, 2, Double.POSITIVE_INFINITY)).isEqualTo(4);
        assertGradients(1.5 / (1 + 1e-6 / 4), -2 / (1 + 1e-6 / 4));
    }

    @Test
    void aNormThatIsNotFiniteMakesGradientsNaNOrIsRefused() {
        gradients(Double.POSITIVE_INFINITY, 1);
        thrown(IllegalStateException.class, () -> Clip.finiteNorm(all, 1, 2))
                .withMessageContaining("Clip.finiteNorm: the norm of order 2.0 of the gradients is Infinity");
        assertThat(gradient(b)).isEqualTo(1);

        assertThat(Clip.norm(all, 1)).isInfinite();
        assertThat(gradient(a)).isNaN();
        assertThat(gradient(b)).isZero();

        gradients(Double.NaN, 1);
        assertThat(Clip.norm(all, 1)).isNaN();
        assertThat(gradient(b)).isNaN();
    }

    @Test
    void valuesAreMovedToTheBounds() {
        gradients(3, -0.2);
        Clip.value(all, 0.5);
        assertGradients(0.5, -0.2);

        gradients(-3, Double.NaN);
        Clip.value(all, 0.5);
        assertThat(gradient(a)).isEqualTo(-0.5);
        assertThat(gradient(b)).isNaN();
    }

    @Test
    void limitsOutOfRangeAreRefused() {
        refused(() -> Clip.norm(all, -1))
                .withMessage("Clip: the maximal norm must be finite and not negative, got -1.0");
        refused(() -> Clip.norm(all, 1, 0)).withMessage("Clip: the order of the norm must be above 0, got 0.0");
        refused(() -> Clip.value(all, Double.NaN)).withMessage("Clip: the bound must not be negative, got NaN");
    }
}
