package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.loops.ProductLoops.Matrix;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The loops of matrix products compute each element's sum of products before they add it to the result, whatever the layouts. */
class ProductLoopsProperties {
    private enum FloatingType {
        FLOAT32(DType.FLOAT32),
        FLOAT64(DType.FLOAT64);

        final DType dtype;

        FloatingType(DType dtype) {
            this.dtype = dtype;
        }

        double round(double x) {
            return this == FLOAT32 ? (float) x : x;
        }

        Object array(double... values) {
            Object array = dtype.storage().allocate(values.length);
            dtype.storage().write(values, 0, array, 0, values.length);
            return array;
        }
    }

    @Property(tries = 1000)
    void aSumIsComputedBeforeItIsAddedToTheResult(
            @ForAll FloatingType type,
            @ForAll @IntRange(min = 1, max = 40) int rows,
            @ForAll @IntRange(min = 1, max = 20) int terms,
            @ForAll @IntRange(min = 1, max = 40) int columns,
            @ForAll boolean aTransposed,
            @ForAll boolean bTransposed,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] as = numbers(type, random, rows * terms);
        double[] bs = numbers(type, random, terms * columns);
        double[] result = numbers(type, random, rows * columns);
        Object out = type.array(result);
        Matrix a = matrix(type.array(as), rows, terms, aTransposed);
        Matrix b = matrix(type.array(bs), terms, columns, bTransposed);

        type.dtype.loops("test").products().multiply(a, b, out, 0);

        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double sum = 0;
                for (int k = 0; k < terms; k++) {
                    double product =
                            as[i * a.rowStride() + k * a.columnStride()] * bs[k * b.rowStride() + j * b.columnStride()];
                    sum = type.round(sum + type.round(product));
                }
                assertThat(type.dtype.storage().get(out, i * columns + j))
                        .isEqualTo(type.round(result[i * columns + j] + sum));
            }
        }
    }

    @Property(tries = 1000)
    void productsOfABatchHaveTheBitsOfEachAlone(
            @ForAll FloatingType type,
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 9) int terms,
            @ForAll @IntRange(min = 1, max = 9) int columns,
            @ForAll boolean aTransposed,
            @ForAll boolean bTransposed,
            @ForAll @IntRange(max = 11) int count,
            @ForAll Random random) {
        Matrix a = matrix(type.array(numbers(type, random, rows * terms + 20)), rows, terms, aTransposed);
        Matrix b = matrix(type.array(numbers(type, random, terms * columns + 20)), terms, columns, bTransposed);
        int[] fromA = random.ints(count, 0, 20).toArray();
        int[] fromB = random.ints(count, 0, 20).toArray();
        int size = rows * columns;
        double[] before = numbers(type, random, count * size + 3);
        Object out = type.array(before);
        Object alone = type.array(before);
        ProductLoops products = type.dtype.loops("test").products();

        products.multiplyEach(a, fromA, b, fromB, count, out, 3);
        for (int e = 0; e < count; e++) {
            products.multiply(a.at(fromA[e]), b.at(fromB[e]), alone, 3 + e * size);
        }

        assertThat(out).isEqualTo(alone);
    }

    private static double[] numbers(FloatingType type, Random random, int n) {
        return IntStream.range(0, n)
                .mapToDouble(k -> type.round(random.nextGaussian()))
                .toArray();
    }

    private static Matrix matrix(Object elements, int rows, int columns, boolean transposed) {
        return transposed
                ? new Matrix(elements, 0, columns, rows, rows, 1).transposed()
                : new Matrix(elements, 0, rows, columns, columns, 1);
    }
}
