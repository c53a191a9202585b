package io.adjoint.core;

import static io.adjoint.core.DType.FLOAT32;
import static io.adjoint.core.DType.FLOAT64;
import static io.adjoint.core.DType.INT32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ElementwiseKernelsTest {
    private static final Map<String, BinaryOperator<NdArray>> BINARY = new LinkedHashMap<>();

    static {
        BINARY.put("add", NdArray::add);
        BINARY.put("sub", NdArray::sub);
        BINARY.put("mul", NdArray::mul);
        BINARY.put("div", NdArray::div);
        BINARY.put("maximum", NdArray::maximum);
        BINARY.put("minimum", NdArray::minimum);
        BINARY.put("zip", (a, b) -> a.zip(b, (x, y) -> x));
    }

    private static final NdArray DOUBLES = NdArray.of(Shape.of(2), 1, 2);
    private static final NdArray FLOATS = NdArray.of(Shape.of(2), new float[] {1, 2});
    private static final NdArray INTS = NdArray.of(Shape.of(2), new int[] {1, 2});

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isExactlyInstanceOf(DTypeException.class).hasMessage(message);
    }

    @Test
    void aNumberTakesTheArraysType() {
        assertThat(FLOATS.add(0.5)).isEqualTo(NdArray.of(Shape.of(2), new float[] {1.5f, 2.5f}));
        assertThat(FLOATS.sub(0.1)).isEqualTo(NdArray.of(Shape.of(2), new float[] {1 - 0.1f, 2 - 0.1f}));
        assertThat(DOUBLES.mul(-3)).isEqualTo(NdArray.of(Shape.of(2), -3, -6));
        assertThat(DOUBLES.div(4)).isEqualTo(NdArray.of(Shape.of(2), 0.25, 0.5));
    }

    @Test
    void anExpandedElementIsTheNumberWhereverItLiesInItsArray() {
        NdArray x = NdArray.of(Shape.of(4), 2, 3, 5, 7);
        NdArray five = x.slice(0, 2, 3).broadcastTo(Shape.of(2, 4));
        assertThat(five.isNumber()).isTrue();
        assertThat(NdArray.scalar(FLOAT64, 5).isNumber()).isTrue();
        assertThat(x.isNumber()).isFalse();
        assertThat(five.slice(0, 0, 0).isNumber()).isFalse();
        assertThat(Fusion.defer(five).isNumber()).isFalse();
        NdArray all = x.broadcastTo(Shape.of(2, 4)).copy();
        NdArray expected = NdArray.of(Shape.of(2, 4), 10, 15, 25, 35, 10, 15, 25, 35);
        assertThat(all.mul(five)).isEqualTo(expected);
        assertThat(five.mul(all)).isEqualTo(expected);
        assertThat(five.mul(x)).isEqualTo(expected);
        assertThat(five.mul(five)).isEqualTo(NdArray.full(FLOAT64, Shape.of(2, 4), 25));
        NdArray fused = Fusion.defer(five).mul(Fusion.defer(five)).add(Fusion.defer(all));
        assertThat(Fusion.evaluate(List.of(fused), changed -> {}).get(0)).isEqualTo(all.add(25));
    }

    @Test
    void twoElementTypesDoNotMixAndTheMessageNamesTheConversion() {
        BINARY.forEach((name, op) -> refused(
                () -> op.apply(DOUBLES, FLOATS),
                name + ": cannot mix FLOAT64 with FLOAT32; convert one with to(FLOAT64) or to(FLOAT32)"));
    }

    @Test
    void integersHaveNoFunctionsWhoseResultsAreFractions() {
        String text = ": expected FLOAT64 or FLOAT32 elements, got INT32; convert with to(FLOAT64)";
        refused(
                () -> INTS.div(INTS),
                "div: the quotient of two INT32 elements is no INT32; convert with to(FLOAT64), or round down with"
                        + " floorDivide");
        refused(() -> INTS.map(x -> x), "map" + text);
        refused(() -> INTS.zip(INTS, Double::sum), "zip" + text);
        refused(() -> INTS.mean(), "mean" + text);
        refused(() -> INTS.softmax(0), "softmax" + text);
        refused(() -> INTS.logSoftmax(0), "logSoftmax" + text);
        refused(() -> INTS.logSumExp(), "logSumExp" + text);
        refused(() -> INTS.scatterAdd(Shape.of(3), 0, INTS), "scatterAdd" + text);
    }

    @Test
    void shapesThatDoNotBroadcastAreNamedWithTheOperation() {
        NdArray three = NdArray.zeros(FLOAT64, Shape.of(3));
        BINARY.forEach((name, op) -> assertThatThrownBy(() -> op.apply(DOUBLES, three))
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessage(name + ": cannot broadcast [2] with [3]: axis -1 has 2 vs 3"));
    }

    @Test
    void aResultTooLargeForAJavaArrayIsRefused() {
        NdArray column = NdArray.zeros(FLOAT64, Shape.of(65536, 1));
        assertThatThrownBy(() -> column.add(column.transpose()))
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessageStartingWith(
                        "add: [65536, 1] with [1, 65536] would become [65536, 65536], which has more than");
        assertThatThrownBy(() -> column.matmul(column.transpose()))
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessageStartingWith("matmul: [65536, 1] with [1, 65536] would become [65536, 65536], which has");
    }

    @Test
    void maximumAndMinimumAreNaNIfOneIs() {
        NdArray nan = NdArray.of(Shape.of(2), Double.NaN, 1);
        NdArray other = NdArray.of(Shape.of(2), 1, Double.NaN);
        assertThat(nan.maximum(other).toDoubleArray()).containsExactly(Double.NaN, Double.NaN);
        assertThat(nan.minimum(other).toDoubleArray()).containsExactly(Double.NaN, Double.NaN);
    }

    @Test
    void fullKeepsTheSignOfZero() {
        assertThat(NdArray.scalar(FLOAT64, -0.0)).isEqualTo(NdArray.of(Shape.scalar(), -0.0));
        assertThat(NdArray.full(FLOAT32, Shape.of(1), -0.0)).isEqualTo(NdArray.of(Shape.of(1), new float[] {-0.0f}));
    }

    @Test
    void floatsAreComputedInDoubleAndRoundedOnce() {
        float third = 1f / 3;
        NdArray x = NdArray.of(Shape.of(1), new float[] {third});
        assertThat(x.map(v -> v * v * v).toFloatArray()).containsExactly((float) ((double) third * third * third));
        assertThat(x.add(x).dtype()).isEqualTo(FLOAT32);
    }

    @Test
    void factoriesCopyAndWrapDoesNot() {
        double[] values = {1, 2};
        NdArray copied = NdArray.of(Shape.of(2), values);
        NdArray wrapped = NdArray.wrap(Shape.of(2), values);
        values[0] = 9;
        copied.toDoubleArray()[1] = 9;

        assertThat(copied.toDoubleArray()).containsExactly(1, 2);
        assertThat(wrapped.toDoubleArray()).containsExactly(9, 2);
        assertThat(NdArray.arange(INT32, 3).toIntArray()).containsExactly(0, 1, 2);
        assertThat(NdArray.arange(FLOAT64, 0).size()).isZero();
    }

    @Test
    void itemNeedsExactlyOneElement() {
        assertThat(NdArray.of(Shape.of(1, 1), 3).item()).isEqualTo(3);
        assertThatThrownBy(DOUBLES::item)
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessage(
                        "item: [2] has 2 elements, not one; take get(index), or reduce first, e.g. with sum() or mean()");
    }
}
