package io.adjoint.core;

import static io.adjoint.core.TestCalls.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Samples.Layout;
import io.adjoint.core.parallel.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InPlaceTest {
    private static final Shape SHAPE = Shape.of(3, 117, 101);
    private static final DType[] FLOATING = {DType.FLOAT64, DType.FLOAT32};

    @Test
    void assignReplacesTheElementsWhateverTheLayoutOfTheSource() {
        for (DType dtype : DType.values()) {
            for (Layout layout : Layout.values()) {
                Random random = new Random(layout.hashCode());
                NdArray target = Samples.array(dtype, SHAPE, Layout.OFFSET, random);
                NdArray source = Samples.array(dtype, SHAPE, layout, random);
                double[] expected = Naive.elements(source);
                InPlace.assign(target, source);

                Naive.assertSame(target, dtype, SHAPE, expected);
                Naive.assertSame(source, dtype, SHAPE, expected);
            }
        }
    }

    @Test
    void assignFromAViewOfTheTargetItself() {
        NdArray target = NdArray.arange(DType.FLOAT64, 6);
        InPlace.assign(target, target.flip());
        assertThat(target.toDoubleArray()).containsExactly(5, 4, 3, 2, 1, 0);

        NdArray matrix = NdArray.arange(DType.FLOAT64, 4).reshape(2, 2);
        InPlace.assign(matrix, matrix.transpose());
        assertThat(matrix.toDoubleArray()).containsExactly(0, 2, 1, 3);

        NdArray line = NdArray.arange(DType.FLOAT64, 5);
        InPlace.assign(line.slice(0, 1, 5), line.slice(0, 0, 4));
        assertThat(line.toDoubleArray()).containsExactly(0, 0, 1, 2, 3);
    }

    @Test
    void accumulateRowAddsTheRowToEach() {
        for (DType dtype : FLOATING) {
            for (Layout layout : Layout.values()) {
                NdArray target = Samples.array(dtype, Shape.of(7, 5), Layout.DENSE, new Random(7));
                NdArray row = Samples.array(dtype, Shape.of(5), layout, new Random(8));
                NdArray expected = target.add(row);
                InPlace.accumulateRow(target, row);

                assertThat(target).isEqualTo(expected);
            }
        }
        NdArray matrix = NdArray.arange(DType.FLOAT64, 4).reshape(2, 2);
        refused(
                () -> InPlace.accumulateRow(matrix, NdArray.arange(DType.FLOAT64, 3)),
                ShapeException.class,
                "accumulateRow: expected a contiguous matrix with rows of 3, got [2, 2]");
        refused(
                () -> InPlace.accumulateRow(NdArray.scalar(DType.FLOAT64, 1), NdArray.arange(DType.FLOAT64, 3)),
                ShapeException.class,
                "accumulateRow: expected a contiguous matrix with rows of 3, got []");
    }

    @Test
    void accumulateAdds() {
        for (DType dtype : FLOATING) {
            for (Layout layout : Layout.values()) {
                Random random = new Random(7);
                NdArray target = Samples.array(dtype, SHAPE, Layout.OFFSET, random);
                NdArray source = Samples.array(dtype, SHAPE, layout, random);
                NdArray expected = target.add(source);
                InPlace.accumulate(target, source);

                assertThat(target).isEqualTo(expected);
                assertThat(target.modified()).isZero();
            }
        }
    }

    @Test
    void accumulateAddsToViews() {
        for (DType dtype : FLOATING) {
            for (Layout layout : Layout.values()) {
                NdArray whole = Samples.array(dtype, Shape.of(400, 57), Layout.OFFSET, new Random(7));
                accumulate(whole.slice(1, 56, -1, -2).transpose(), layout, whole.slice(1, 1, 57, 2));
                accumulate(whole.slice(1, 3, 40), layout, whole.slice(1, 0, 3), whole.slice(1, 40, 57));
                assertThat(whole.modified()).isZero();
            }
        }
    }

    private static void accumulate(NdArray view, Layout layout, NdArray... others) {
        NdArray source = Samples.array(view.dtype(), view.shape(), layout, new Random(8));
        NdArray expected = view.add(source);
        List<NdArray> before = Arrays.stream(others).map(NdArray::copy).toList();
        InPlace.accumulate(view, source);

        assertThat(view).isEqualTo(expected);
        assertThat(others).containsExactlyElementsOf(before);
    }

    @Test
    void accumulateAddsWhatWasThereBeforeIfTheSourceIsPartOfTheSameArray() {
        NdArray line = NdArray.arange(DType.FLOAT64, 5);
        InPlace.accumulate(line.slice(0, 1, 5), line.slice(0, 0, 4));
        assertThat(line.toDoubleArray()).containsExactly(0, 1, 3, 5, 7);

        NdArray rows = NdArray.arange(DType.FLOAT64, 6).reshape(2, 3);
        InPlace.accumulate(rows.slice(1, 1, 3), rows.slice(1, 0, 2));
        assertThat(rows.toDoubleArray()).containsExactly(0, 1, 3, 3, 7, 9);
        InPlace.accumulate(rows.slice(1, 0, 2), rows.slice(1, 1, 3));
        assertThat(rows.toDoubleArray()).containsExactly(1, 4, 3, 10, 16, 9);
    }

    private static void halve(double[][] operands, int from, int to) {
        for (int e = from; e < to; e++) {
            operands[2][e] = operands[2][e] / 2 + operands[1][e];
            operands[0][e] -= 3 * operands[2][e];
        }
    }

    private static void halve(float[][] operands, int from, int to) {
        for (int e = from; e < to; e++) {
            operands[2][e] = operands[2][e] / 2 + operands[1][e];
            operands[0][e] -= 3 * operands[2][e];
        }
    }

    /** The elements are integers, so that the loops of floats and of doubles are both exact. */
    @Test
    void updateHandsCorrespondingElementsToTheKernel() {
        for (DType dtype : FLOATING) {
            for (Layout layout : new Layout[] {Layout.DENSE, Layout.ANY, Layout.REPEATED}) {
                for (Layout target : new Layout[] {Layout.DENSE, Layout.OFFSET}) {
                    update(dtype, layout, target, false);
                    update(dtype, layout, target, true);
                }
            }
        }
    }

    private static void update(DType dtype, Layout layout, Layout target, boolean ownFloats) {
        Random random = new Random(8);
        NdArray parameter = Samples.array(dtype, SHAPE, target, random, () -> random.nextInt(9));
        NdArray gradient = Samples.array(dtype, SHAPE, layout, random, () -> random.nextInt(9));
        NdArray state = Samples.array(dtype, SHAPE, Layout.DENSE, random, () -> random.nextInt(9));
        double[] gradientBefore = Naive.elements(gradient);
        double[] newState = Naive.values(SHAPE, index -> Naive.at(state, index) / 2 + Naive.at(gradient, index));
        double[] newParameter = Naive.values(
                SHAPE,
                index -> Naive.at(parameter, index) - 3 * (Naive.at(state, index) / 2 + Naive.at(gradient, index)));

        if (ownFloats) {
            InPlace.update(parameter, gradient, InPlaceTest::halve, InPlaceTest::halve, state);
        } else {
            InPlace.update(parameter, gradient, InPlaceTest::halve, state);
        }

        Naive.assertSame(parameter, dtype, SHAPE, newParameter);
        Naive.assertSame(state, dtype, SHAPE, newState);
        Naive.assertSame(gradient, dtype, SHAPE, gradientBefore);
        assertThat(parameter.modified()).isPositive();
        assertThat(state.modified()).isPositive();
        assertThat(gradient.modified()).isZero();
    }

    /**
     * Tests the exception that the Javadoc names: a −0.0 to which nothing is added stays −0.0 only if the source is much smaller than the
     * target.
     */
    @Test
    void indexAddGivesTheBitsOfAccumulateButForNegativeZerosThatTheIndexLeavesOut() {
        NdArray index = NdArray.of(Shape.of(1), new int[] {1});
        NdArray source = NdArray.of(Shape.of(1), -0.0);
        for (int size : new int[] {2, 100}) {
            NdArray target = NdArray.full(DType.FLOAT64, Shape.of(size), -0.0);
            NdArray accumulated = target.copy();
            InPlace.accumulate(accumulated, source.indexAdd(Shape.of(size), 0, index));
            InPlace.indexAdd(target, 0, index, source);
            assertThat(target.get(1)).isEqualTo(accumulated.get(1)).isEqualTo(0.0);
            assertThat(accumulated.get(0)).isEqualTo(0.0);
            assertThat(target.get(0)).isEqualTo(size == 2 ? 0.0 : -0.0);
        }
    }

    @Test
    void eachChangeHasALaterNumber() {
        NdArray x = NdArray.zeros(DType.FLOAT64, Shape.of(2));
        assertThat(x.modified()).isZero();
        long before = Clock.tick();
        InPlace.assign(x, x.copy());
        long first = x.modified();
        InPlace.assign(x.flip().flip(), x.copy());

        assertThat(first).isGreaterThan(before);
        assertThat(x.modified()).isGreaterThan(first);
    }

    @Test
    void whatDoesNotFitIsRefusedAndNothingChanges() {
        NdArray target = NdArray.of(Shape.of(2), 1, 2);
        NdArray three = NdArray.of(Shape.of(3), 1, 2, 3);
        NdArray floats = NdArray.of(Shape.of(2), new float[] {3, 4});
        NdArray matrix = NdArray.of(Shape.of(2, 2), 1, 2, 3, 4);
        NdArray ints = NdArray.of(Shape.of(2), new int[] {1, 2});

        refused(
                () -> InPlace.assign(target, three),
                ShapeException.class,
                "assign: cannot put [3] into [2]; the shapes must be equal");
        refused(
                () -> InPlace.accumulate(target, NdArray.scalar(DType.FLOAT64, 1)),
                ShapeException.class,
                "accumulate: cannot put [] into [2]; the shapes must be equal");
        refused(
                () -> InPlace.assign(target, floats),
                DTypeException.class,
                "assign: cannot mix FLOAT64 with FLOAT32; convert one with to(FLOAT64) or to(FLOAT32)");
        refused(
                () -> InPlace.assign(matrix.transpose(), matrix),
                ShapeException.class,
                "assign: the target of a change in place must be contiguous");
        refused(
                () -> InPlace.update(target, target, (operands, from, to) -> {}, three),
                ShapeException.class,
                "update: cannot put [2] into [3]; the shapes must be equal");
        refused(
                () -> InPlace.accumulate(ints, ints),
                DTypeException.class,
                "accumulate: expected FLOAT64 or FLOAT32 elements, got INT32; convert with to(FLOAT64)");
        refused(
                () -> InPlace.update(ints, ints, (operands, from, to) -> {}),
                DTypeException.class,
                "update: expected FLOAT64 or FLOAT32 elements, got INT32; convert with to(FLOAT64)");
        assertThat(target.toDoubleArray()).containsExactly(1, 2);
        assertThat(target.modified()).isZero();
    }
}
