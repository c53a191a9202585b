package io.adjoint.core;

import static io.adjoint.core.DType.FLOAT64;
import static io.adjoint.core.TestCalls.onThreads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.Samples.Layout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoftmaxKernelsTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    private static NdArray vector(double... values) {
        return NdArray.of(Shape.of(values.length), values);
    }

    /** Compares with the textbook formulas, on numbers that are small enough for these formulas. */
    @Test
    void agreesWithTheDefinitionInAnyLayoutAlongAnyAxis() {
        Random random = new Random(3);
        for (DType dtype : new DType[] {FLOAT64, DType.FLOAT32}) {
            double tolerance = dtype == FLOAT64 ? 1e-14 : 1e-6;
            for (Layout layout : Layout.values()) {
                for (Shape shape : new Shape[] {Shape.of(5), Shape.of(3, 4), Shape.of(2, 3, 4), Shape.of(60, 700)}) {
                    for (int axis = -1; axis < shape.rank(); axis++) {
                        NdArray x = Samples.array(dtype, shape, layout, random);
                        NdArray exp = x.to(FLOAT64).map(Math::exp);
                        NdArray sum = exp.sum(Dims.KEEP, axis);
                        Naive.assertClose(x.softmax(axis), dtype, shape, tolerance, Naive.elements(exp.div(sum)));
                        Naive.assertClose(
                                x.logSoftmax(axis),
                                dtype,
                                shape,
                                tolerance,
                                Naive.elements(exp.div(sum).map(Math::log)));
                        NdArray logSum = sum.map(Math::log);
                        Naive.assertClose(
                                x.logSumExp(Dims.KEEP, axis), dtype, logSum.shape(), tolerance, Naive.elements(logSum));
                    }
                }
            }
        }
    }

    /** If the axes behind the axis of the softmax have many positions, these are computed in several strips of neighbouring positions. */
    @Test
    void stripsOfALongInnerAxisAreLikeTheWholeOfIt() {
        Random random = new Random(5);
        for (DType dtype : new DType[] {FLOAT64, DType.FLOAT32}) {
            for (Shape shape : new Shape[] {Shape.of(1, 3, 50_000), Shape.of(1, 2_500, 65), Shape.of(1, 17_000, 17)}) {
                NdArray x = Samples.array(dtype, shape, Layout.DENSE, random);
                NdArray g = Samples.array(dtype, shape, Layout.DENSE, random);
                NdArray y = x.softmax(1);
                NdArray log = x.logSoftmax(1);
                // The same elements with the axis of the softmax as the last one: there positions are computed one by
                // one.
                NdArray last = x.permute(0, 2, 1).contiguous();
                NdArray lastG = g.permute(0, 2, 1).contiguous();

                assertAlike(y, last.softmax(2));
                assertAlike(log, last.logSoftmax(2));
                assertAlike(SoftmaxKernels.gradient(g, y, 1), SoftmaxKernels.gradient(lastG, last.softmax(2), 2));
                assertAlike(
                        SoftmaxKernels.logGradient(g, log, 1),
                        SoftmaxKernels.logGradient(lastG, last.logSoftmax(2), 2));
            }
        }
    }

    /** The width of strips depends on the number of threads; the order of a position's sum must not. */
    @Test
    void bitsDependNeitherOnThreadsNorOnOtherPositions() {
        Random random = new Random(8);
        for (DType dtype : new DType[] {FLOAT64, DType.FLOAT32}) {
            for (int inner : new int[] {15, 16, 17, 33, 64, 65, 150, 257}) {
                NdArray x = Samples.array(dtype, Shape.of(200, inner), Layout.DENSE, random);
                NdArray g = Samples.array(dtype, x.shape(), Layout.DENSE, random);
                List<NdArray> expected = softmaxes(x, g, 1);
                assertThat(softmaxes(x, g, 2)).isEqualTo(expected);
                assertThat(softmaxes(x, g, 8)).isEqualTo(expected);
                for (int at : new int[] {0, inner / 2, inner - 2}) {
                    List<NdArray> pair = softmaxes(x.slice(1, at, at + 2), g.slice(1, at, at + 2), 1);
                    for (int k = 0; k < pair.size(); k++) {
                        assertThat(pair.get(k)).isEqualTo(expected.get(k).slice(1, at, at + 2));
                    }
                }
            }
        }
    }

    /** The softmax of x over the axis 0, its logarithm, and their gradients, computed by some threads. */
    private static List<NdArray> softmaxes(NdArray x, NdArray g, int threads) {
        return onThreads(threads, () -> {
            NdArray y = x.softmax(0);
            NdArray log = x.logSoftmax(0);
            return List.of(y, log, SoftmaxKernels.gradient(g, y, 0), SoftmaxKernels.logGradient(g, log, 0));
        });
    }

    private static void assertAlike(NdArray along1, NdArray along2) {
        double tolerance = along1.dtype() == FLOAT64 ? 1e-13 : 2e-5;
        double[] expected = Naive.elements(along2.permute(0, 2, 1));
        Naive.assertClose(along1, along1.dtype(), along1.shape(), tolerance, expected);
    }

    @Test
    void logSumExpOverSeveralAxes() {
        Random random = new Random(4);
        NdArray x = Samples.array(FLOAT64, Shape.of(2, 3, 4), Layout.ANY, random);
        for (int[] axes : new int[][] {{}, {0}, {1}, {0, 2}, {2, 0}, {-1, 1}, {0, 1, 2}}) {
            for (Dims dims : Dims.values()) {
                NdArray expected = x.map(Math::exp).sum(dims, axes).map(Math::log);
                Naive.assertClose(x.logSumExp(dims, axes), FLOAT64, expected.shape(), 1e-14, Naive.elements(expected));
            }
        }
    }

    @Test
    void largeNumbersDoNotOverflowAndSmallOnesDoNotVanish() {
        assertThat(vector(1000, 1000).softmax(0).toDoubleArray()).containsExactly(0.5, 0.5);
        assertThat(vector(1000, 0, -1000).logSoftmax(0).toDoubleArray()).containsExactly(0, -1000, -2000);
        assertThat(vector(1000, 1000).logSumExp().item()).isCloseTo(1000 + Math.log(2), within(1e-12));
        assertThat(vector(-1000, -1000).logSumExp().item()).isCloseTo(-1000 + Math.log(2), within(1e-12));
    }

    @Test
    void infinitiesAreLimits() {
        assertThat(vector(-INF, 0).softmax(0).toDoubleArray()).containsExactly(0, 1);
        assertThat(vector(-INF, 0).logSoftmax(0).toDoubleArray()).containsExactly(-INF, 0);
        assertThat(vector(-INF, 0).logSumExp().item()).isZero();
        assertThat(vector(-INF, -INF).logSumExp().item()).isEqualTo(-INF);
        assertThat(vector(INF, 0).logSumExp().item()).isEqualTo(INF);
        assertThat(vector(INF, -INF).logSumExp().item()).isEqualTo(INF);
        assertThat(vector(-INF, -INF).softmax(0).toDoubleArray()).containsExactly(Double.NaN, Double.NaN);
    }

    @Test
    void aNaNSpoilsItsRowAndNoOther() {
        NdArray x = NdArray.of(Shape.of(2, 2), Double.NaN, 1, 0, 0);
        assertThat(x.softmax(1).toDoubleArray()).containsExactly(Double.NaN, Double.NaN, 0.5, 0.5);
        assertThat(x.logSumExp(1).get(0)).isNaN();
        assertThat(x.logSumExp(1).get(1)).isCloseTo(Math.log(2), within(1e-15));
    }

    @Test
    void nothingGivesNothing() {
        NdArray empty = NdArray.zeros(FLOAT64, Shape.of(0, 3));
        assertThat(empty.softmax(0).shape()).isEqualTo(Shape.of(0, 3));
        assertThat(empty.logSoftmax(1).shape()).isEqualTo(Shape.of(0, 3));
        assertThat(empty.logSumExp(0).toDoubleArray()).containsExactly(-INF, -INF, -INF);
        assertThat(empty.logSumExp(1).size()).isZero();
    }

    @Test
    void aScalarIsItsOwnLogSumExpAndHasNoAxisToNormaliseAlong() {
        NdArray scalar = NdArray.scalar(FLOAT64, 3);
        assertThat(scalar.logSumExp().item()).isEqualTo(3);
        assertThatThrownBy(() -> scalar.softmax(0))
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessage("softmax: axis 0 is out of range for shape [], which has no axes");
    }
}
