package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.MatmulKernelsProperties.Layout;
import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.loops.ProductLoops.Matrix;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Compares products that leave out operations with products of the same operands that leave out none. */
class StructuredProductsProperties {
    @Property(tries = 30)
    void aMatrixTimesItsTransposeHasTheBitsOfAMatrixTimesACopyOfItsTranspose(
            @ForAll Layout layout,
            @ForAll boolean isDouble,
            @ForAll @IntRange(min = 240, max = 400) int n,
            @ForAll @IntRange(min = 500, max = 900) int terms,
            @ForAll long seed) {
        double[] numbers = numbers(new Random(seed), n * terms);
        NdArray a = layout.view(sizes -> array(isDouble, numbers, sizes), n, terms);
        assertSameBits(a.matmul(a.transpose()), a.matmul(a.transpose().copy()));
    }

    @Property(tries = 30)
    void zerosAtTheEndsOfRowsChangeNoBit(
            @ForAll boolean isTransposed,
            @ForAll Layout layout,
            @ForAll boolean isDouble,
            @ForAll @IntRange(min = 250, max = 500) int rows,
            @ForAll @IntRange(min = 500, max = 1300) int terms,
            @ForAll @IntRange(min = 250, max = 300) int columns,
            @ForAll @IntRange(min = -6, max = 2) int infinities,
            @ForAll long seed) {
        Random random = new Random(seed);
        double slope = random.nextGaussian();
        double[] left = numbers(random, rows * terms);
        for (int r = 0; r < rows; r++) {
            double middle = slope * r + terms / 2.0;
            for (int k = 0; k < terms; k++) {
                if (Math.abs(k - middle) > random.nextInt(200)) {
                    left[r * terms + k] = k < middle ? -0.0 : 0;
                }
            }
        }
        double[] right = numbers(random, terms * columns);
        for (int k = 0; k < infinities; k++) {
            right[random.nextInt(right.length)] = k == 1 ? Double.NaN : Double.POSITIVE_INFINITY;
        }
        NdArray a = isTransposed
                ? array(isDouble, left, rows, terms).transpose().copy().transpose()
                : array(isDouble, left, rows, terms);
        NdArray b = layout.view(sizes -> array(isDouble, right, sizes), terms, columns);
        NdArray[] strips = IntStream.iterate(0, r -> r < rows, r -> r + 100)
                .mapToObj(r -> a.slice(0, r, Math.min(rows, r + 100)).matmul(b))
                .toArray(NdArray[]::new);
        assertSameBits(a.matmul(b), NdArray.concat(0, strips));
    }

    @Example
    void productsThatNeedFewerOperationsTakeFewer() {
        int n = 1024;
        double[] dense = numbers(new Random(1), n * n);
        double[] identity = new double[n * n];
        double[] triangle = dense.clone();
        double[] infinite = dense.clone();
        infinite[7] = Double.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            identity[i * n + i] = 1;
            Arrays.fill(triangle, i * n + i + 1, (i + 1) * n, 0);
        }
        Matrix a = new Matrix(dense, 0, n, n, n, 1);
        Matrix b = new Matrix(dense.clone(), 0, n, n, n, 1);

        assertThat(share(a, a.transposed())).isLessThan(0.6);
        assertThat(share(new Matrix(identity, 0, n, n, n, 1), b)).isLessThan(0.3);
        assertThat(share(new Matrix(triangle, 0, n, n, n, 1), b)).isLessThan(0.7);
        assertThat(share(new Matrix(triangle, 0, n, n, 1, n), b)).isLessThan(0.7);
        assertThat(share(new Matrix(triangle, 0, n, n, n, 1), new Matrix(infinite, 0, n, n, n, 1)))
                .isEqualTo(1);
        assertThat(share(a, b)).isEqualTo(1);
    }

    /** The multiply-adds of a product, as a share of the number that its sizes say. */
    private static double share(Matrix a, Matrix b) {
        long[] count = {0};
        ProductLoops counting =
                (left, right, out, at) -> count[0] += (long) left.rows() * left.columns() * right.columns();
        StructuredProducts.multiply(counting, DType.FLOAT64.storage(), a, b, new double[a.rows() * b.columns()]);
        return (double) count[0] / ((long) a.rows() * a.columns() * b.columns());
    }

    private static double[] numbers(Random random, int count) {
        return random.doubles(count, -1, 1).toArray();
    }

    /** The numbers, repeated as often as the sizes need them. */
    private static NdArray array(boolean isDouble, double[] numbers, int... sizes) {
        double[] elements = new double[Shape.of(sizes).size()];
        Arrays.setAll(elements, k -> numbers[k % numbers.length]);
        return NdArray.wrap(Shape.of(sizes), elements).to(isDouble ? DType.FLOAT64 : DType.FLOAT32);
    }

    private static void assertSameBits(NdArray actual, NdArray expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(bits(actual)).isEqualTo(bits(expected));
    }

    private static long[] bits(NdArray x) {
        return Arrays.stream(x.toDoubleArray())
                .mapToLong(Double::doubleToLongBits)
                .toArray();
    }
}
