package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the text of arrays with the text that {@code numpy.array2string(x, separator=', ')} gives for the same arrays. */
class ArrayPrinterTest {
    @ParameterizedTest
    @MethodSource
    void vectorsPrintAsInNumPy(NdArray vector, String expected) {
        assertThat(vector).hasToString(expected);
    }

    static Stream<Arguments> vectorsPrintAsInNumPy() {
        double nan = Double.NaN;
        double inf = Double.POSITIVE_INFINITY;
        return Stream.of(
                arguments(doubles(1, 2.5, -3), "[ 1. ,  2.5, -3. ]"),
                arguments(doubles(0.1, 0.2, 0.1 + 0.2), "[0.1, 0.2, 0.3]"),
                arguments(doubles(1 / 3.0, 2 / 3.0), "[0.33333333, 0.66666667]"),
                arguments(doubles(0, -0.0), "[ 0., -0.]"),
                arguments(doubles(1e-3, 1.5), "[1.0e-03, 1.5e+00]"),
                arguments(doubles(1, 1500.5), "[1.0000e+00, 1.5005e+03]"),
                arguments(doubles(99999999.5), "[99999999.5]"),
                arguments(doubles(1e8, 1), "[1.e+08, 1.e+00]"),
                arguments(doubles(1e-5), "[1.e-05]"),
                arguments(doubles(1e100, -2.5), "[ 1.0e+100, -2.5e+000]"),
                arguments(doubles(1e-7, 1.0 / 3, 0), "[1.00000000e-07, 3.33333333e-01, 0.00000000e+00]"),
                arguments(doubles(nan, 1.25, -inf, inf), "[ nan, 1.25, -inf,  inf]"),
                arguments(doubles(nan, -inf), "[ nan, -inf]"),
                arguments(doubles(nan, 1e-7), "[   nan, 1.e-07]"),
                arguments(doubles(1, 2, 3, 4).flip().slice(0, 0, 4, 2), "[4., 2.]"),
                arguments(floats(1 / 3f, 0.1f), "[0.33333334, 0.1       ]"),
                arguments(floats(16777216f), "[16777216.]"),
                arguments(floats(1e-7f, 0.1f), "[1.e-07, 1.e-01]"),
                arguments(
                        NdArray.of(Shape.of(3), new int[] {1, -20, 1_000_000_000}),
                        "[         1,        -20, 1000000000]"),
                arguments(NdArray.arange(DType.INT32, 1001), "[   0,    1,    2, ...,  998,  999, 1000]"));
    }

    @Test
    void columnsOfMatricesAreAligned() {
        assertThat(NdArray.of(Shape.of(2, 2), new int[] {1, 20, -300, 4}))
                .hasToString("[[   1,   20],\n [-300,    4]]");
    }

    @Test
    void matricesOfHigherRankAreSetApart() {
        assertThat(NdArray.arange(DType.FLOAT64, 8).reshape(2, 2, 2)).hasToString("""
                        [[[0., 1.],
                          [2., 3.]],

                         [[4., 5.],
                          [6., 7.]]]""");
    }

    @Test
    void longRowsAreWrapped() {
        assertThat(NdArray.arange(DType.FLOAT64, 30).map(v -> v / 4)).hasToString("""
                        [0.  , 0.25, 0.5 , 0.75, 1.  , 1.25, 1.5 , 1.75, 2.  , 2.25, 2.5 , 2.75,
                         3.  , 3.25, 3.5 , 3.75, 4.  , 4.25, 4.5 , 4.75, 5.  , 5.25, 5.5 , 5.75,
                         6.  , 6.25, 6.5 , 6.75, 7.  , 7.25]""");
    }

    @Test
    void middleOfLargeArraysIsLeftOut() {
        assertThat(NdArray.arange(DType.FLOAT64, 4000)
                        .map(v -> v / 8)
                        .reshape(2, 40, 50)
                        .select(0, 0))
                .hasToString("""
                        [[0.00000e+00, 1.25000e-01, 2.50000e-01, ..., 5.87500e+00, 6.00000e+00,
                          6.12500e+00],
                         [6.25000e+00, 6.37500e+00, 6.50000e+00, ..., 1.21250e+01, 1.22500e+01,
                          1.23750e+01],
                         [1.25000e+01, 1.26250e+01, 1.27500e+01, ..., 1.83750e+01, 1.85000e+01,
                          1.86250e+01],
                         ...,
                         [2.31250e+02, 2.31375e+02, 2.31500e+02, ..., 2.37125e+02, 2.37250e+02,
                          2.37375e+02],
                         [2.37500e+02, 2.37625e+02, 2.37750e+02, ..., 2.43375e+02, 2.43500e+02,
                          2.43625e+02],
                         [2.43750e+02, 2.43875e+02, 2.44000e+02, ..., 2.49625e+02, 2.49750e+02,
                          2.49875e+02]]""");
    }

    @Test
    void shortAxesOfLargeArraysAreWhole() {
        assertThat(NdArray.full(DType.FLOAT32, Shape.of(2, 7, 100), 1).toString())
                .hasLineCount(15)
                .startsWith("[[[1., 1., 1., ..., 1., 1., 1.],\n  [1.")
                .contains("],\n  ...,\n  [", "],\n\n [[");
    }

    @Test
    void scalarsPrintAsPlainNumbers() {
        assertThat(NdArray.scalar(DType.FLOAT64, 2)).hasToString("2.0");
        assertThat(NdArray.scalar(DType.FLOAT64, Math.log(2))).hasToString("0.69314718");
        assertThat(NdArray.scalar(DType.FLOAT32, 0.1)).hasToString("0.1");
        assertThat(NdArray.scalar(DType.FLOAT64, -1e-9)).hasToString("-1.e-09");
        assertThat(NdArray.scalar(DType.INT32, 7)).hasToString("7");
        assertThat(NdArray.scalar(DType.FLOAT64, Double.NaN)).hasToString("nan");
    }

    @Test
    void arraysWithoutElementsAreEmptyBrackets() {
        assertThat(NdArray.zeros(DType.FLOAT64, Shape.of(0))).hasToString("[]");
        assertThat(NdArray.zeros(DType.INT32, Shape.of(2, 0, 3))).hasToString("[]");
    }

    @Test
    void localeMakesNoDifference() {
        Locale before = Locale.getDefault();
        try {
            for (String tag : new String[] {"de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva"}) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertThat(doubles(1234.5, -2000)).hasToString("[ 1234.5, -2000. ]");
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    private static NdArray doubles(double... values) {
        return NdArray.of(Shape.of(values.length), values);
    }

    private static NdArray floats(float... values) {
        return NdArray.of(Shape.of(values.length), values);
    }
}
