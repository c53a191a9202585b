package io.adjoint.nn;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import org.junit.jupiter.api.Test;

/** Checks values computed by hand; the testkit's tests compare the functions with a reference and with finite differences. */
class FunctionalTest {
    private final Tensor x = Tensor.of(new double[][] {{1, 2}, {3, 5}, {8, 1}});

    private static double[] numbers(Tensor tensor) {
        return tensor.data().toDoubleArray();
    }

    @Test
    void linearTakesInputsOfAnyRank() {
        Tensor weight = Tensor.of(new double[][] {{1, 0}, {0, 2}, {1, 1}});
        assertThat(numbers(Functional.linear(Tensor.of(1, 2), weight))).containsExactly(1, 4, 3);
        Tensor bias = Tensor.of(10, 20, 30);
        assertThat(numbers(Functional.linear(x, weight, bias).slice(0, 0, 1))).containsExactly(11, 24, 33);
        Tensor deep = Functional.linear(x.reshape(3, 1, 2), weight, bias);
        assertThat(deep.shape()).isEqualTo(Shape.of(3, 1, 3));
        Tensor nothing = Functional.linear(Tensor.zeros(0, 1, 2), weight);
        assertThat(nothing.shape()).isEqualTo(Shape.of(0, 1, 3));
    }

    @Test
    void layerNormBringsEachSampleToMeanZeroAndVarianceOne() {
        assertThat(numbers(Functional.layerNorm(x, Shape.of(2), null, null, 0)))
                .containsExactly(new double[] {-1, 1, -1, 1, 1, -1}, within(1e-15));
        Tensor shifted = Functional.layerNorm(x, Shape.of(2), Tensor.of(2, 3), Tensor.of(10, 20), 0);
        assertThat(numbers(shifted)).containsExactly(new double[] {8, 23, 8, 23, 12, 17}, within(1e-14));
        thrown(ShapeException.class, () -> Functional.layerNorm(x, Shape.of(3, 2, 1), null, null, 0))
                .withMessageContaining("[3, 2] must end in the normalised shape [3, 2, 1]");
    }

    @Test
    void batchNormUsesTheStatisticsOfTheBatchOrGivenOnes() {
        Tensor y = Functional.batchNorm(x, null, null, 0);
        assertThat(numbers(y.mean(0))).containsExactly(new double[] {0, 0}, within(1e-15));
        assertThat(numbers(y.square().mean(0))).containsExactly(new double[] {1, 1}, within(1e-14));
        Tensor same = Functional.batchNorm(x, Tensor.of(0, 1), Tensor.of(1, 4), null, Tensor.of(0, 10), 0);
        assertThat(numbers(same)).containsExactly(1, 10.5, 3, 12, 8, 10);
        thrown(ShapeException.class, () -> Functional.batchNorm(x.slice(0, 0, 1), null, null, 0))
                .withMessageContaining("[1, 2] has one value for each channel");
    }

    @Test
    void gatesAndAngles() {
        assertThat(numbers(Functional.glu(Tensor.of(4, 6, 0, 0), 0))).containsExactly(2, 3);
        assertThat(Functional.cosineSimilarity(Tensor.of(3, 4), Tensor.of(4, 3), 0)
                        .item())
                .isCloseTo(0.96, within(1e-15));
        assertThat(Functional.cosineSimilarity(Tensor.of(0, 0), Tensor.of(4, 3), 0, 1e-6)
                        .item())
                .isZero();
    }

    @Test
    void attentionWeighsValuesByMatchingKeys() {
        Tensor query = Tensor.of(new double[][] {{1, 0}, {1, 0}});
        Tensor key = Tensor.of(new double[][] {{0, 1}, {0, 2}});
        Tensor value = Tensor.of(new double[][] {{1}, {3}});
        assertThat(numbers(Functional.scaledDotProductAttention(query, key, value)))
                .containsExactly(2, 2);
        assertThat(numbers(Functional.scaledDotProductAttention(
                        query, key, value, new AttentionMask().causal(), new AttentionOptions().scale(1))))
                .containsExactly(1, 2);
        thrown(DTypeException.class, () -> Functional.scaledDotProductAttention(query, key, value.to(DType.FLOAT32)))
                .withMessageContaining("FLOAT32");
    }
}
