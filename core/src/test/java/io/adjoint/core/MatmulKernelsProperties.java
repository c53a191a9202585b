package io.adjoint.core;

import static io.adjoint.core.TestCalls.onThreads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.parallel.Parallel;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Compares matrix products with their definition, for operands in every memory layout. */
class MatmulKernelsProperties {
    /** The memory layouts of a matrix, as views of an array that is larger, transposed or smaller. */
    enum Layout {
        DENSE,
        TRANSPOSED,
        SLICED,
        SLICED_TRANSPOSED,
        STEPPED,
        ROWS_FLIPPED,
        FLIPPED,
        ROWS_REPEATED,
        COLUMNS_REPEATED;

        /**
         * A view with the given sizes, at least two, of random integers, which are so small that all products and sums of them are exact.
         */
        NdArray view(DType dtype, Random random, int... dims) {
            return view(sizes -> integers(dtype, random, sizes), dims);
        }

        /** A view with the given sizes, at least two, of an array that the function makes. */
        NdArray view(Function<int[], NdArray> dense, int... dims) {
            int rows = dims.length - 2;
            int columns = dims.length - 1;
            return switch (this) {
                case DENSE -> dense.apply(dims);
                case TRANSPOSED ->
                    dense.apply(with(dims, rows, dims[columns], columns, dims[rows]))
                            .transpose();
                case SLICED ->
                    dense.apply(with(dims, rows, dims[rows] + 2, columns, dims[columns] + 3))
                            .slice(rows, 1, dims[rows] + 1)
                            .slice(columns, 2, dims[columns] + 2);
                case SLICED_TRANSPOSED ->
                    SLICED.view(dense, with(dims, rows, dims[columns], columns, dims[rows]))
                            .transpose();
                case STEPPED ->
                    dense.apply(with(dims, rows, 2 * dims[rows], columns, 2 * dims[columns]))
                            .slice(rows, 0, 2 * dims[rows], 2)
                            .slice(columns, 0, 2 * dims[columns], 2);
                case ROWS_FLIPPED -> dense.apply(dims).flip(rows);
                case FLIPPED -> dense.apply(dims).flip();
                case ROWS_REPEATED ->
                    dense.apply(with(dims, rows, 1, columns, dims[columns])).broadcastTo(Shape.of(dims));
                case COLUMNS_REPEATED ->
                    dense.apply(with(dims, rows, dims[rows], columns, 1)).broadcastTo(Shape.of(dims));
            };
        }

        private static int[] with(int[] dims, int axis0, int side0, int axis1, int side1) {
            int[] changed = dims.clone();
            changed[axis0] = side0;
            changed[axis1] = side1;
            return changed;
        }
    }

    @Provide
    Arbitrary<DType> floating() {
        return Arbitraries.of(DType.FLOAT64, DType.FLOAT32);
    }

    @Provide
    Arbitrary<Integer> size() {
        return Arbitraries.integers().between(0, 9);
    }

    /** Sizes around the bounds from which on products use another loop or more threads. */
    @Provide
    Arbitrary<Integer> longSize() {
        return Arbitraries.of(1, 2, 16, 17, 31, 65, 129, 517);
    }

    @Property(tries = 1000)
    void elementsAreSumsOfProducts(
            @ForAll("floating") DType dtype,
            @ForAll Layout layoutA,
            @ForAll Layout layoutB,
            @ForAll("size") int m,
            @ForAll("size") int k,
            @ForAll("size") int n,
            @ForAll Random random) {
        NdArray a = layoutA.view(dtype, random, m, k);
        NdArray b = layoutB.view(dtype, random, k, n);

        assertEqual(a.matmul(b), bySums(a, b));
    }

    @Property(tries = 150)
    void elementsOfLargeProductsAreSumsOfProducts(
            @ForAll("floating") DType dtype,
            @ForAll Layout layoutA,
            @ForAll Layout layoutB,
            @ForAll("longSize") int m,
            @ForAll("longSize") int k,
            @ForAll("longSize") int n,
            @ForAll Random random) {
        NdArray a = layoutA.view(dtype, random, m, k);
        NdArray b = layoutB.view(dtype, random, k, n);

        assertEqual(a.matmul(b), bySums(a, b));
    }

    @Property(tries = 500)
    void leadingAxesBroadcast(
            @ForAll("floating") DType dtype,
            @ForAll Layout layoutA,
            @ForAll Layout layoutB,
            @ForAll @Size(max = 3) int[] seeds,
            @ForAll("size") int m,
            @ForAll("size") int k,
            @ForAll("size") int n,
            @ForAll Random random) {
        int[] dims = Arrays.stream(seeds).map(seed -> Math.floorMod(seed, 4)).toArray();
        NdArray a = layoutA.view(dtype, random, batchOf(dims, random, m, k));
        NdArray b = layoutB.view(dtype, random, batchOf(dims, random, k, n));

        assertEqual(a.matmul(b), bySums(a, b));
    }

    /** More entries than a block has, of small matrices, whose products are computed several at a time. */
    @Property(tries = 100)
    void manySmallMatricesAreMultipliedAsEachAlone(
            @ForAll("floating") DType dtype,
            @ForAll Layout layoutA,
            @ForAll Layout layoutB,
            @ForAll boolean oneB,
            @ForAll boolean swapped,
            @ForAll Random random) {
        int m = 2 + random.nextInt(4);
        int k = 1 + random.nextInt(5);
        int n = 1 + random.nextInt(5);
        NdArray a = layoutA.view(dims -> reals(dtype, random, dims), 5, 211, m, k);
        NdArray b = layoutB.view(dims -> reals(dtype, random, dims), 5, oneB ? 1 : 211, k, n);
        NdArray product = swapped ? a.transpose(0, 1).matmul(b.transpose(0, 1)).transpose(0, 1) : a.matmul(b);

        for (int entry = 0; entry < 5 * 211; entry += 1 + random.nextInt(100)) {
            int i = entry / 211;
            int j = entry % 211;
            NdArray alone = a.select(0, i).select(0, j).matmul(b.select(0, i).select(0, oneB ? 0 : j));
            assertThat(product.select(0, i).select(0, j)).isEqualTo(alone);
        }
    }

    @Property
    void batchTimesOneMatrixIsTheProductOfEachEntry(
            @ForAll("floating") DType dtype, @ForAll Layout layoutA, @ForAll Layout layoutB, @ForAll Random random) {
        NdArray a = layoutA.view(dtype, random, 4, 1, 6, 3);
        NdArray b = layoutB.view(dtype, random, 3, 5);
        NdArray rowOfEach = layoutA.view(dtype, random, 4, 6, 1, 3);

        assertEqual(a.matmul(b), bySums(a, b));
        assertEqual(rowOfEach.matmul(b), bySums(rowOfEach, b));
        assertEqual(a.permute(2, 0, 1, 3).matmul(b), bySums(a.permute(2, 0, 1, 3), b));
    }

    @Property
    void vectorIsRowOnTheLeftAndColumnOnTheRight(
            @ForAll("floating") DType dtype, @ForAll Layout layout, @ForAll("size") int k, @ForAll Random random) {
        NdArray vector = layout.view(dtype, random, 2, k).select(0, 1);
        NdArray strided = layout.view(dtype, random, k, 2).select(1, 1);
        NdArray matrix = layout.view(dtype, random, 5, k, 3);

        assertEqual(
                vector.matmul(strided),
                bySums(vector.unsqueeze(0), strided.unsqueeze(1)).squeeze(0, 1));
        assertEqual(strided.matmul(matrix), bySums(strided.unsqueeze(0), matrix).squeeze(1));
        assertEqual(
                matrix.transpose().matmul(vector),
                bySums(matrix.transpose(), vector.unsqueeze(1)).squeeze(2));
    }

    @Property(tries = 300)
    void elementsAreAddedUpInOneOrderWhateverTheLayouts(
            @ForAll("floating") DType dtype,
            @ForAll Layout layoutA,
            @ForAll Layout layoutB,
            @ForAll("longSize") int m,
            @ForAll("longSize") int k,
            @ForAll("longSize") int n,
            @ForAll Random random) {
        Assume.that(
                dtype == DType.FLOAT64 || n > 1); // The product of a row and a column of floats is summed in double.
        NdArray a = layoutA.view(dims -> reals(dtype, random, dims), m, k);
        NdArray b = layoutB.view(dims -> reals(dtype, random, dims), k, n);
        NdArray product = a.matmul(b);

        int i = random.nextInt(m);
        int j = random.nextInt(n);
        double sum = inOrder(a.slice(0, i, i + 1), b.slice(1, j, j + 1));
        assertThat(product.get(i, j)).isEqualTo(sum);
        assertThat(product).isEqualTo(a.copy().matmul(b.copy()));
        assertThat(product).isEqualTo(b.transpose().matmul(a.transpose()).transpose());
        assertThat(product.slice(0, i, m)).isEqualTo(a.slice(0, i, m).matmul(b));
    }

    @Property(tries = 30)
    void bitsAreTheSameOnAnyNumberOfThreads(
            @ForAll("floating") DType dtype, @ForAll Layout layoutA, @ForAll Layout layoutB, @ForAll Random random) {
        NdArray a = layoutA.view(dims -> reals(dtype, random, dims), 67, 530);
        NdArray b = layoutB.view(dims -> reals(dtype, random, dims), 530, 71);
        NdArray batch = layoutA.view(dims -> reals(dtype, random, dims), 40, 30, 30);

        NdArray product = on(1, a, b);
        NdArray products = on(1, batch, batch.transpose());
        for (int threads = 2; threads <= 4; threads++) {
            assertThat(on(threads, a, b)).isEqualTo(product);
            assertThat(on(threads, batch, batch.transpose())).isEqualTo(products);
        }
        assertThat(a.matmul(b)).isEqualTo(product);
    }

    @Example
    void shapesFollowNumPy() {
        assertThat(shapeOf(Shape.of(3), Shape.of(3))).isEqualTo(Shape.scalar());
        assertThat(shapeOf(Shape.of(2, 3), Shape.of(3))).isEqualTo(Shape.of(2));
        assertThat(shapeOf(Shape.of(3), Shape.of(3, 4))).isEqualTo(Shape.of(4));
        assertThat(shapeOf(Shape.of(2, 3), Shape.of(3, 4))).isEqualTo(Shape.of(2, 4));
        assertThat(shapeOf(Shape.of(2, 1, 2, 3), Shape.of(5, 3, 4))).isEqualTo(Shape.of(2, 5, 2, 4));
        assertThat(shapeOf(Shape.of(3), Shape.of(5, 3, 4))).isEqualTo(Shape.of(5, 4));
        assertThat(shapeOf(Shape.of(5, 2, 3), Shape.of(3))).isEqualTo(Shape.of(5, 2));
        assertThat(shapeOf(Shape.of(5, 2, 3), Shape.of(3, 4))).isEqualTo(Shape.of(5, 2, 4));
        assertThat(shapeOf(Shape.of(0, 2, 3), Shape.of(3, 4))).isEqualTo(Shape.of(0, 2, 4));
        assertThat(shapeOf(Shape.of(1, 2, 3), Shape.of(0, 3, 4))).isEqualTo(Shape.of(0, 2, 4));
    }

    @Example
    void sumOfNoProductsIsZero() {
        NdArray product =
                NdArray.zeros(DType.FLOAT32, Shape.of(2, 0)).matmul(NdArray.zeros(DType.FLOAT32, Shape.of(0, 3)));

        assertThat(product).isEqualTo(NdArray.zeros(DType.FLOAT32, Shape.of(2, 3)));
    }

    @Property
    void sumOfOneNegativeZeroIsZero(
            @ForAll("floating") DType dtype, @ForAll("longSize") int m, @ForAll("longSize") int n) {
        NdArray product = NdArray.full(dtype, Shape.of(m, 1), -0.0).matmul(NdArray.full(dtype, Shape.of(1, n), 1));

        assertThat(product).isEqualTo(NdArray.zeros(dtype, Shape.of(m, n)));
    }

    @Example
    void outerProductsOfLongRowsHaveEachProduct() {
        int n = 2 * Parallel.BLOCK + 100;
        NdArray column = NdArray.arange(DType.FLOAT32, 6).reshape(2, 3).slice(1, 1, 2);
        NdArray row = NdArray.arange(DType.FLOAT32, n).reshape(1, n);

        assertThat(column.matmul(row))
                .isEqualTo(NdArray.generate(DType.FLOAT32, Shape.of(2, n), k -> (double) (k < n ? 1 : 4) * (k % n)));
    }

    @Example
    void zeroTimesInfinityIsNaN() {
        NdArray a = NdArray.of(Shape.of(1, 2), 0.0, 1.0);
        NdArray b = NdArray.of(Shape.of(2, 2), Double.POSITIVE_INFINITY, 2, 3, 4);

        assertThat(a.matmul(b)).isEqualTo(NdArray.of(Shape.of(1, 2), Double.NaN, 4));
    }

    @Example
    void operandWithoutAxesIsAnError() {
        assertThatThrownBy(() -> shapeOf(Shape.of(3), Shape.scalar())).isInstanceOf(ShapeException.class);
    }

    @Example
    void integersAndMixedTypesAreErrors() {
        NdArray doubles = NdArray.zeros(DType.FLOAT64, Shape.of(2, 2));
        NdArray floats = NdArray.zeros(DType.FLOAT32, Shape.of(2, 2));
        NdArray integers = NdArray.zeros(DType.INT32, Shape.of(2, 2));

        assertThatThrownBy(() -> integers.matmul(integers))
                .isInstanceOf(DTypeException.class)
                .hasMessageContaining("matmul: expected FLOAT64 or FLOAT32 elements, got INT32");
        assertThatThrownBy(() -> doubles.matmul(floats))
                .isInstanceOf(DTypeException.class)
                .hasMessageContaining("matmul: cannot mix FLOAT64 with FLOAT32");
        assertThatThrownBy(() -> floats.matmul(integers)).isInstanceOf(DTypeException.class);
    }

    private static NdArray on(int threads, NdArray a, NdArray b) {
        return onThreads(threads, () -> a.matmul(b));
    }

    private static Shape shapeOf(Shape a, Shape b) {
        return NdArray.zeros(DType.FLOAT64, a)
                .matmul(NdArray.zeros(DType.FLOAT64, b))
                .shape();
    }

    private static NdArray integers(DType dtype, Random random, int... dims) {
        Shape shape = Shape.of(dims);
        double[] values = random.ints(shape.size(), -9, 10).asDoubleStream().toArray();
        return NdArray.wrap(shape, values).to(dtype);
    }

    private static NdArray reals(DType dtype, Random random, int... dims) {
        return NdArray.generate(dtype, Shape.of(dims), element -> random.nextGaussian());
    }

    /** A row times a column, in the type's arithmetic: parts of 256 products, each added up from the first to the last. */
    private static double inOrder(NdArray row, NdArray column) {
        boolean floats = row.dtype() == DType.FLOAT32;
        double[] a = row.toDoubleArray();
        double[] b = column.toDoubleArray();
        double sum = 0;
        for (int begin = 0; begin < a.length; begin += 256) {
            double part = 0;
            for (int p = begin; p < Math.min(a.length, begin + 256); p++) {
                part = floats ? (float) part + (float) a[p] * (float) b[p] : part + a[p] * b[p];
            }
            sum = floats ? (float) sum + (float) part : sum + part;
        }
        return sum;
    }

    /**
     * The sizes of a batch of matrices that broadcasts to the given batch sizes: some batch sizes are 1, and the first ones may be left
     * out.
     */
    private static int[] batchOf(int[] sizes, Random random, int rows, int columns) {
        int left = sizes.length == 0 ? 0 : random.nextInt(sizes.length + 1);
        int[] dims = new int[sizes.length - left + 2];
        for (int axis = left; axis < sizes.length; axis++) {
            dims[axis - left] = random.nextInt(3) == 0 ? 1 : sizes[axis];
        }
        dims[dims.length - 2] = rows;
        dims[dims.length - 1] = columns;
        return dims;
    }

    /** The product by its definition, element by element; both operands have at least two axes. */
    private static NdArray bySums(NdArray a, NdArray b) {
        int[] dimsA = a.shape().toArray();
        int[] dimsB = b.shape().toArray();
        int m = a.shape().dim(-2);
        int k = a.shape().dim(-1);
        int n = b.shape().dim(-1);
        Shape batch = Shape.broadcast(
                "test",
                Shape.of(Arrays.copyOf(dimsA, dimsA.length - 2)),
                Shape.of(Arrays.copyOf(dimsB, dimsB.length - 2)));
        double[] as = a.broadcastTo(followedBy(batch, m, k)).toDoubleArray();
        double[] bs = b.broadcastTo(followedBy(batch, k, n)).toDoubleArray();
        double[] sums = new double[batch.size() * m * n];
        for (int at = 0; at < sums.length; at++) {
            int entry = at / (m * n);
            for (int p = 0; p < k; p++) {
                sums[at] += as[entry * m * k + at / n % m * k + p] * bs[entry * k * n + p * n + at % n];
            }
        }
        return NdArray.wrap(followedBy(batch, m, n), sums).to(a.dtype());
    }

    private static Shape followedBy(Shape batch, int rows, int columns) {
        int[] dims = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
        dims[batch.rank()] = rows;
        dims[batch.rank() + 1] = columns;
        return Shape.of(dims);
    }

    /** Asserts equal types, shapes and elements, where 0 equals −0. */
    private static void assertEqual(NdArray actual, NdArray expected) {
        assertThat(actual.dtype()).isEqualTo(expected.dtype());
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.map(v -> v + 0.0)).isEqualTo(expected.map(v -> v + 0.0));
    }
}
