package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.MatmulKernelsProperties.Layout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Compares products that leave out operations with products of the same operands that leave out none. */
class StructuredProductsProperties {
    @Property(tries = 60)
    void aMatrixTimesItsTransposeHasTheBitsOfAMatrixTimesACopyOfItsTranspose(
            @ForAll Layout layout,
            @ForAll boolean isDouble,
            @ForAll @IntRange(min = 120, max = 300) int n,
            @ForAll @IntRange(min = 120, max = 600) int terms,
            @ForAll long seed) {
        double[] numbers = numbers(new Random(seed), n * terms);
        NdArray a = layout.view(sizes -> array(isDouble, numbers, sizes), n, terms);
        assertSameBits(a.matmul(a.transpose()), a.matmul(a.transpose().copy()));
    }

    @Property(tries = 60)
    void zerosAtTheEndsOfRowsChangeNoBit(
            @ForAll Layout layout,
            @ForAll boolean isDouble,
            @ForAll @IntRange(min = 120, max = 400) int rows,
            @ForAll @IntRange(min = 250, max = 1100) int terms,
            @ForAll @IntRange(min = 120, max = 200) int columns,
            @ForAll @IntRange(min = 0, max = 3) int infinities,
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
        NdArray a = array(isDouble, left, rows, terms);
        NdArray b = layout.view(sizes -> array(isDouble, right, sizes), terms, columns);
        NdArray[] strips = IntStream.iterate(0, r -> r < rows, r -> r + 100)
                .mapToObj(r -> a.slice(0, r, Math.min(rows, r + 100)).matmul(b))
                .toArray(NdArray[]::new);
        assertSameBits(a.matmul(b), NdArray.concat(0, strips));
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
