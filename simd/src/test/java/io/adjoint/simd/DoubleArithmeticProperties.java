package io.adjoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Loops;
import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.BinaryOp;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Arithmetic by vectors has the bits of the default loops. */
class DoubleArithmeticProperties extends DoubleVectorsProperties {
    private final ArithmeticLoops<double[]> plain = Loops.FLOAT64.arithmetic();
    private final ArithmeticLoops<double[]> vectors = new DoubleArithmetic();

    /** The operands are two arrays, or a number and an array, and begin at any index. */
    @Property
    void operationsHaveTheBitsOfTheDefaultLoops(
            @ForAll BinaryOp op,
            @ForAll @IntRange(min = 1, max = 700) int n,
            @ForAll @IntRange(max = 2) int number,
            @ForAll @IntRange(max = 20) int i,
            @ForAll @IntRange(max = 20) int j,
            @ForAll @IntRange(max = 20) int k,
            @ForAll long seed) {
        int di = number == 1 ? 0 : 1;
        int dj = number == 2 ? 0 : 1;
        Random random = new Random(seed);
        double[] a = numbers(random, i + n, 20);
        double[] b = numbers(random, j + n, 20);
        double[] expected = new double[k + n + 3];
        double[] found = new double[k + n + 3];
        plain.apply(op, a, i, di, b, j, dj, expected, k, n);
        vectors.apply(op, a, i, di, b, j, dj, found, k, n);
        assertThat(found).isEqualTo(expected);
        double[] left = a.clone();
        vectors.apply(op, left, i, di, b, j, dj, di == 1 ? left : b, di == 1 ? i : j, n);
        assertThat(di == 1 ? Arrays.copyOfRange(left, i, i + n) : Arrays.copyOfRange(b, j, j + n))
                .isEqualTo(Arrays.copyOfRange(expected, k, k + n));
    }

    /** Rows have gaps between them in memory; the second operand has a row or a number for each row of the first, or one row for all. */
    @Property
    void rowsHaveTheBitsOfTheDefaultLoops(
            @ForAll BinaryOp op,
            @ForAll @IntRange(min = 1, max = 20) int n,
            @ForAll @IntRange(min = 1, max = 70) int width,
            @ForAll @IntRange(max = 2) int kind,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] a = numbers(random, 3 + n * (width + 2), 20);
        double[] b = numbers(random, 1 + n * width, 20);
        double[] expected = new double[2 + n * (width + 1)];
        double[] found = expected.clone();
        int dj = new int[] {0, width, 1}[kind];
        int step = kind == 2 ? 0 : 1;
        plain.rows(op, a, 3, width + 2, b, 1, dj, step, expected, 2, width + 1, n, width);
        vectors.rows(op, a, 3, width + 2, b, 1, dj, step, found, 2, width + 1, n, width);
        assertThat(found).isEqualTo(expected);
    }

    @Property
    void sumsInPlaceHaveThemToo(
            @ForAll @IntRange(min = 1, max = 700) int n,
            @ForAll @IntRange(max = 20) int from,
            @ForAll @IntRange(max = 20) int to,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] source = numbers(random, from + n, 20);
        double[] expected = numbers(random, to + n + 3, 20);
        double[] found = expected.clone();
        plain.accumulate(source, from, expected, to, n);
        vectors.accumulate(source, from, found, to, n);
        assertThat(found).isEqualTo(expected);
        plain.accumulate(expected, to, expected, to, n);
        vectors.accumulate(found, to, found, to, n);
        assertThat(found).isEqualTo(expected);
    }
}
