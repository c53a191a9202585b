package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests what the catalogue of operations does not cover: the elements that the functions of a selection receive, and the meaning of
 * tolerances.
 */
class SelectionRulesTest {
    @Test
    void eachFunctionSeesItsOwnElementsOnly() {
        List<double[]> seen = new ArrayList<>();
        Tensor x = Tensor.of(new double[][] {{1, -2, 3}, {-4, 5, -6}});

        Tensor value = Tensor.where(
                x.gt(0),
                x,
                positive -> {
                    seen.add(positive.data().toDoubleArray());
                    return positive.mul(10);
                },
                negative -> {
                    seen.add(negative.data().toDoubleArray());
                    return Tensor.scalar(0);
                });

        assertThat(seen).containsExactly(new double[] {1, 3, 5}, new double[] {-2, -4, -6});
        assertThat(value.toArray(double[][].class)).isDeepEqualTo(new double[][] {{10, 0, 30}, {0, 50, 0}});
    }

    @Test
    void aFunctionOfNoElementsIsNotCalled() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);

        Tensor value = Tensor.where(x.gt(0), x, Tensor::square, none -> {
            throw new AssertionError("called for " + none);
        });
        value.sum().backward();

        assertThat(value.data().toDoubleArray()).containsExactly(1, 4);
        assertThat(x.grad())
                .isNotNull()
                .extracting(g -> g.data().toDoubleArray())
                .isEqualTo(new double[] {2, 4});
    }

    @Test
    void selectionsOfNothingKeepTheShape() {
        Tensor x = Tensor.zeros(0, 3).requiresGrad(true);

        Tensor value = Tensor.where(x.gt(0), x, Tensor::exp, Tensor::log);

        assertThat(value.shape()).isEqualTo(Shape.of(0, 3));
        assertThat(value.requiresGrad()).isTrue();
    }

    @Test
    void indicesMayBeSelected() {
        Tensor labels = Tensor.of(new int[] {3, -100, 5});

        assertThat(labels.maskedFill(labels.lt(0), 0).data().toIntArray()).containsExactly(3, 0, 5);
        assertThat(Tensor.where(labels.lt(0), labels, 7).data().toIntArray()).containsExactly(7, -100, 7);
    }

    @Test
    void allCloseMeansEachElementWithinTheTolerances() {
        Tensor x = Tensor.of(1, 1000, Double.POSITIVE_INFINITY);

        assertThat(x.allClose(Tensor.of(1, 1000.009, Double.POSITIVE_INFINITY))).isTrue();
        assertThat(x.allClose(Tensor.of(1, 1000.011, Double.POSITIVE_INFINITY))).isFalse();
        assertThat(x.allClose(Tensor.of(1, 1000.011, Double.POSITIVE_INFINITY), 0, 0.1))
                .isTrue();
        assertThat(x.allClose(Tensor.of(1, 1000, Double.NEGATIVE_INFINITY))).isFalse();
        assertThat(x.allClose(Tensor.of(1, 1000, 5))).isFalse();
        assertThat(Tensor.of(5).allClose(Tensor.of(Double.POSITIVE_INFINITY))).isFalse();
        assertThat(Tensor.of(Double.NaN).allClose(Tensor.of(Double.NaN))).isFalse();
        assertThat(Tensor.zeros(0).allClose(Tensor.zeros(0))).isTrue();
    }

    @Test
    void allCloseRejectsWhatItCannotCompare() {
        Tensor x = Tensor.of(1, 2);

        assertThatThrownBy(() -> x.allClose(Tensor.of(1)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContainingAll("allClose:", "[2]", "[1]", "broadcastTo");
        assertThatThrownBy(() -> x.allClose(x.to(DType.FLOAT32)))
                .isInstanceOf(DTypeException.class)
                .hasMessageContainingAll("allClose:", "FLOAT32", "to(FLOAT64)");
        assertThatThrownBy(() -> x.allClose(x, -1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("allClose:", "-1.0");
    }
}
