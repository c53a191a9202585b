package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DenseTest {
    private final Random rng = new Random(1);

    private Dense oneToSix() {
        Dense dense = new Dense(3, 2, rng);
        dense.weight().assign(NdArray.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6));
        Objects.requireNonNull(dense.bias()).assign(NdArray.of(Shape.of(2), 0.5, -0.5));
        return dense;
    }

    @Test
    void takesAnyNumberOfLeadingAxes() {
        Dense dense = oneToSix();
        Tensor x = Tensor.of(NdArray.arange(DType.FLOAT64, 24)).reshape(2, 4, 3);

        assertThat(dense.forward(Tensor.of(0, 1, 1)).data()).isEqualTo(NdArray.of(Shape.of(2), 5.5, 10.5));
        assertThat(dense.forward(x).data())
                .isEqualTo(dense.forward(x.reshape(8, 3)).reshape(2, 4, 2).data());
        assertThat(dense.forward(Tensor.zeros(0, 3)).shape()).isEqualTo(Shape.of(0, 2));
        assertThat(dense.forward(Tensor.zeros(4, 0, 3)).shape()).isEqualTo(Shape.of(4, 0, 2));
    }

    @Test
    void parametersAreDrawnFromTheUniformDistributionOfOneBySquareRootOfInputs() {
        Dense dense = new Dense(400, 300, rng);

        assertThat(dense.weight().shape()).isEqualTo(Shape.of(300, 400));
        for (Tensor parameter : dense.parameters()) {
            assertThat(parameter.abs().amax().item()).isLessThanOrEqualTo(1 / 20.0);
            assertThat(parameter.square().mean().item() * 3 * 400).isBetween(0.8, 1.2);
        }
    }

    @Test
    void theSameSeedGivesTheSameLayerInBothDtypes() {
        Dense wide = new Dense(3, 4, new Random(5));
        Dense narrow = new Dense(3, 4, new Init(new Random(5)).dtype(DType.FLOAT32));

        assertThat(narrow.weight().data()).isEqualTo(wide.weight().data().to(DType.FLOAT32));
        assertThat(narrow.forward(Tensor.of(new float[] {1, 2, 3})).dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void withoutBiasThereIsOneParameter() {
        Dense dense = Dense.withoutBias(2, 1, new Init(rng));

        assertThat(dense.bias()).isNull();
        assertThat(dense.namedParameters()).containsOnlyKeys("weight");
        assertThat(dense.forward(Tensor.of(0, 0)).item()).isZero();
    }

    @Test
    void aWrongInputIsRefusedWithTheLayersPath() {
        Sequential net = new Sequential(new ReLU(), new Sequential(new Dense(784, 128, rng)));
        Tensor x = Tensor.zeros(64, 100);

        thrown(ShapeException.class, () -> net.forward(x))
                .withMessage(
                        "1.0: Dense(784 -> 128): linear: expected input [..., 784], got [64, 100]; the weight [out, in] is [128, 784]");
        thrown(ShapeException.class, () -> new Dense(3, 2, rng).forward(Tensor.scalar(1)))
                .withMessage("Dense(3 -> 2): linear: expected input [..., 3], got []; the weight [out, in] is [2, 3]");
    }

    @Test
    void anInputOfAnotherDtypeIsRefusedWithTheConversion() {
        thrown(DTypeException.class, () -> new Dense(2, 1, rng).forward(Tensor.of(new float[] {1, 2})))
                .withMessage("Dense(2 -> 1): linear: cannot mix FLOAT32 with FLOAT64;"
                        + " convert one with to(FLOAT32) or to(FLOAT64)");
    }

    @Test
    void thereIsAtLeastOneInputAndOneOutput() {
        refused(() -> new Dense(0, 2, rng)).withMessage("Dense: expected at least 1 input and 1 output, got 0 and 2");
        refused(() -> new Dense(2, -1, rng));
    }

    @Test
    void anEmptySequentialReturnsItsInput() {
        Tensor x = Tensor.of(1, 2);

        assertThat(new Sequential().forward(x)).isSameAs(x);
    }
}
