package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.gradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.BagMode;
import io.adjoint.nn.Init;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingNormTest {
    private static final EmbeddingOptions ONE = new EmbeddingOptions().maxNorm(1);
    private static final NdArray TABLE = NdArray.of(Shape.of(3, 2), 3, 4, 30, 40, 0.3, 0.4);

    private final Embedding table = Embedding.of(TABLE, ONE);

    private static Tensor numbers(int... numbers) {
        return Tensor.of(numbers);
    }

    @Test
    void onlyRowsThatAreLookedUpAndTooLongShrinkInTheTable() {
        Tensor y = table.forward(numbers(0, 2, 0));
        double factor = 1 / (5 + 1e-7);

        assertThat(table.weight().data())
                .isEqualTo(NdArray.of(Shape.of(3, 2), 3 * factor, 4 * factor, 30, 40, 0.3, 0.4));
        assertThat(y.data()).isEqualTo(table.weight().data().indexSelect(0, NdArray.of(Shape.of(3), new int[] {0, 2, 0
        })));
    }

    @Test
    void theGradientIsThatOfTheLookupAlone() {
        table.forward(numbers(0, 1, 0)).sum().backward();

        assertThat(gradient(table.weight())).isEqualTo(NdArray.of(Shape.of(3, 2), 2, 2, 1, 1, 0, 0));
    }

    @Test
    void twoLookupsOfOneStepAreDifferentiated() {
        table.forward(numbers(0)).mul(table.forward(numbers(1))).sum().backward();

        assertThat(gradient(table.weight()).sum().item()).isCloseTo(2.8, within(1e-6));
    }

    @Test
    void aLookupThatFailsChangesNoRow() {
        thrown(ShapeException.class, () -> table.forward(numbers(0, 3)))
                .withMessageContaining("index 3 at position [1] is out of range");
        thrown(DTypeException.class, () -> table.forward(Tensor.of(0.0, 1)));
        assertThat(table.weight().data()).isEqualTo(TABLE);
    }

    @Test
    void gradientsByFrequencyAreMeansOfThoseOfARow() {
        Embedding scaled = Embedding.of(TABLE, new EmbeddingOptions().scaleGradByFreq());
        scaled.forward(numbers(0, 1, 0))
                .mul(Tensor.of(new double[][] {{1, 2}, {5, 6}, {3, 4}}))
                .sum()
                .backward();

        assertThat(gradient(scaled.weight())).isEqualTo(NdArray.of(Shape.of(3, 2), 2, 3, 5, 6, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"400, 1", "10000, 1", "100, 1", "2, 1e200", "0.1, 1", "Infinity, 1"})
    void powersOutsideTheRangeOfDoublesDoNotWipeARow(double p, double unit) {
        Embedding rows = Embedding.of(
                NdArray.of(Shape.of(1, 3), 9 * unit, -8 * unit, 7 * unit),
                new EmbeddingOptions().maxNorm(unit).normType(p));
        rows.forward(numbers(0)).sum().backward();
        double norm = 9 * Math.pow(1 + Math.pow(8 / 9.0, p) + Math.pow(7 / 9.0, p), 1 / p);

        assertThat(rows.weight().data().div(unit).toDoubleArray())
                .containsExactly(new double[] {9 / norm, -8 / norm, 7 / norm}, within(1e-7));
    }

    @Test
    void rowsOfAFrozenTableShrinkToo() {
        table.freeze();
        double factor = 1 / (5 + 1e-7);

        assertThat(table.forward(numbers(0)).data()).isEqualTo(NdArray.of(Shape.of(1, 2), 3 * factor, 4 * factor));
    }

    @Test
    void wrongSettingsAreRefused() {
        refused(() -> ONE.maxNorm(0)).withMessage("EmbeddingOptions: the maxNorm must be positive, got 0.0");
        refused(() -> ONE.normType(Double.NaN)).withMessage("EmbeddingOptions: the normType must be positive, got NaN");
        refused(() -> new EmbeddingBag(
                        3, 2, BagMode.MAX, new EmbeddingOptions().scaleGradByFreq(), new Init(new Generator(1))))
                .withMessage("EmbeddingBag: scaleGradByFreq is for the modes MEAN and SUM, not MAX");
    }
}
