package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NestedArraysTest {
    @Test
    void elementsAreThoseOfTheJavaArray() {
        NdArray array = NdArray.fromArray(new double[][][] {{{1, 2, 3}, {4, 5, 6}}, {{7, 8, 9}, {10, 11, 12}}});

        assertThat(array.dtype()).isEqualTo(DType.FLOAT64);
        assertThat(array.shape()).isEqualTo(Shape.of(2, 2, 3));
        assertThat(array.get(1, 0, 2)).isEqualTo(9);
        assertThat(array.toDoubleArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }

    @Test
    void theElementTypeGivesTheDType() {
        assertThat(NdArray.fromArray(new float[][] {{1.5f}, {2}}))
                .isEqualTo(NdArray.of(Shape.of(2, 1), new float[] {1.5f, 2}));
        assertThat(NdArray.fromArray(new int[] {3, 1})).isEqualTo(NdArray.of(Shape.of(2), new int[] {3, 1}));
    }

    @Test
    void sidesOfZeroAreKept() {
        assertThat(NdArray.fromArray(new double[2][0]).shape()).isEqualTo(Shape.of(2, 0));
        assertThat(NdArray.fromArray(new double[0][][]).shape()).isEqualTo(Shape.of(0, 0, 0));
        assertThat(NdArray.zeros(DType.INT32, Shape.of(2, 0)).toArray(int[][].class))
                .isEqualTo(new int[2][0]);
        assertThat(NdArray.zeros(DType.FLOAT64, Shape.of(0, 2)).toArray(double[][].class))
                .isEqualTo(new double[0][2]);
    }

    @Test
    void theJavaArrayIsCopiedBothWays() {
        double[][] source = {{1, 2}, {3, 4}};
        NdArray array = NdArray.fromArray(source);
        source[0][0] = 9;
        double[][] copy = array.toArray(double[][].class);
        copy[1][1] = 9;

        assertThat(array.toDoubleArray()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void viewsAreWrittenInTheirOwnOrder() {
        NdArray array = NdArray.arange(DType.FLOAT32, 6).reshape(2, 3);

        assertThat(array.transpose().toArray(float[][].class)).isEqualTo(new float[][] {{0, 3}, {1, 4}, {2, 5}});
        assertThat(array.slice(1, 1, 3).toArray(float[][].class)).isEqualTo(new float[][] {{1, 2}, {4, 5}});
        assertThat(array.select(0, 1).toArray(float[].class)).containsExactly(3, 4, 5);
    }

    static Stream<Arguments> wrongArrays() {
        return Stream.of(
                Arguments.of(
                        new double[][] {{1, 2}, {3}},
                        "fromArray: the arrays are ragged: that at [1] has 1 elements, but that at [0] has 2"),
                Arguments.of(
                        new int[][][] {{{1}, {2}}, {{3}, {4, 5}}},
                        "fromArray: the arrays are ragged: that at [1, 1] has 2 elements, but that at [0, 0] has 1"),
                Arguments.of(
                        new double[][] {{}, {3}},
                        "fromArray: the arrays are ragged: that at [1] has 1 elements, but that at [0] has 0"),
                Arguments.of(new double[][] {{1}, missing()}, "fromArray: the array at [1] is null"),
                Arguments.of(new double[][] {missing(), {1}}, "fromArray: the array at [0] is null"),
                Arguments.of(
                        new long[] {1},
                        "fromArray: expected an array of double, float, int or boolean, such as a double[][], got long[]"),
                Arguments.of(
                        1.0,
                        "fromArray: expected an array of double, float, int or boolean, such as a double[][], got Double"));
    }

    @SuppressWarnings("NullAway") // a user's mistake
    private static double[] missing() {
        double @Nullable [] nothing = null;
        return nothing;
    }

    @ParameterizedTest
    @MethodSource("wrongArrays")
    void wrongArraysAreRejectedWithThePosition(Object array, String message) {
        assertThatThrownBy(() -> NdArray.fromArray(array))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void wrongTypesAreRejectedWithTheRightOne() {
        NdArray array = NdArray.zeros(DType.FLOAT64, Shape.of(2, 3));

        assertThatThrownBy(() -> array.toArray(float[][].class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("toArray: FLOAT64 [2, 3] fills a double[][], not a float[][]");
        assertThatThrownBy(() -> array.toArray(double[].class))
                .hasMessageContaining("fills a double[][], not a double[]");
        assertThatThrownBy(() -> array.toArray(String.class)).hasMessageContaining("not a String");
        assertThatThrownBy(() -> NdArray.scalar(DType.FLOAT64, 1).toArray(double[].class))
                .hasMessage("toArray: FLOAT64 [] is a scalar; take item()");
    }
}
