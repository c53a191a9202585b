package io.adjoint.core;

import io.adjoint.core.Samples.Layout;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Compares reductions over any set of axes, of arrays in any layout, with folds over all indices. */
@Domain(Samples.class)
@Domain(DomainContext.Global.class)
class ReductionKernelsProperties {
    private static double[] fold(
            NdArray x, Shape result, Dims dims, int[] axes, double identity, DoubleBinaryOperator step) {
        boolean[] gone = Naive.named(x.shape().rank(), axes);
        double[] folded = new double[result.size()];
        Arrays.fill(folded, identity);
        for (int[] index : Naive.indices(x.shape())) {
            int at = 0;
            int[] reduced = Naive.reduced(index, gone, dims);
            for (int axis = 0; axis < reduced.length; axis++) {
                at = at * result.dim(axis) + reduced[axis];
            }
            folded[at] = step.applyAsDouble(folded[at], Naive.at(x, index));
        }
        return folded;
    }

    /** An array of small integers, whose sums are equal in any order of addition. */
    private static NdArray integers(DType dtype, Shape shape, Layout layout, Random random) {
        return Samples.array(dtype, shape, layout, random, () -> random.nextInt(9) - 4);
    }

    @Property
    void sumAndProductOfAnyAxes(@ForAll Shape shape, @ForAll Layout layout, @ForAll Dims dims, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        int[] axes = Samples.axes(shape.rank(), random);
        NdArray x = integers(dtype, shape, layout, random);
        NdArray signs = Samples.array(dtype, shape, layout, random, () -> 1 - 2 * random.nextInt(2));
        Shape result = shape.reduce("op", dims, axes);

        Naive.assertSame(x.sum(dims, axes), dtype, result, fold(x, result, dims, axes, 0, Double::sum));
        Naive.assertSame(signs.prod(dims, axes), dtype, result, fold(signs, result, dims, axes, 1, (a, b) -> a * b));
    }

    /** Many short rows are reduced together, and small matrices, too; the order of each sum is that of a row or matrix alone. */
    @Property(tries = 100)
    void manyAtATimeHaveTheBitsOfEachAlone(@ForAll Layout layout, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        NdArray x = Samples.array(dtype, Samples.shortRows(random), layout, random);
        NdArray rows = x.reshape(-1, x.shape().dim(-1));

        assertEach(rows, row -> row.sum(-1));
        assertEach(rows, row -> row.amax(-1));
        assertEach(rows, row -> row.amin(-1));
        assertEach(rows, row -> row.mean(-1));
        assertEach(rows, row -> row.softmax(-1));
        assertEach(rows, row -> row.logSoftmax(-1));
        assertEach(rows, row -> row.logSumExp(-1));
        assertEach(x, matrix -> matrix.sum(-2));
    }

    private static void assertEach(NdArray x, UnaryOperator<NdArray> reduction) {
        NdArray all = reduction.apply(x);
        for (int k = 0; k < x.shape().dim(0); k++) {
            NdArray alone = reduction.apply(x.select(0, k));
            Naive.assertSame(all.select(0, k), x.dtype(), alone.shape(), Naive.elements(alone));
        }
    }

    @Property
    void euclideanNormsOfAnyAxes(@ForAll Shape shape, @ForAll Layout layout, @ForAll Dims dims, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        int[] axes = Samples.axes(shape.rank(), random);
        NdArray x = integers(dtype, shape, layout, random);
        Shape result = shape.reduce("op", dims, axes);

        double[] squares = fold(x, result, dims, axes, 0, (sum, v) -> sum + v * v);
        NdArray norms = NdArray.of(result, squares).map(Math::sqrt).to(dtype);
        Naive.assertSame(x.vectorNorm(2, dims, axes), dtype, result, Naive.elements(norms));
    }

    @Property
    void productsOfAnyNumbers(@ForAll Shape shape, @ForAll Layout layout, @ForAll Dims dims, @ForAll Random random) {
        int[] axes = Samples.axes(shape.rank(), random);
        NdArray x = Samples.array(DType.FLOAT64, shape, layout, random, () -> 0.5 + random.nextDouble());
        Shape result = shape.reduce("op", dims, axes);

        Naive.assertClose(
                x.prod(dims, axes), DType.FLOAT64, result, 1e-13, fold(x, result, dims, axes, 1, (a, b) -> a * b));
    }

    @Property
    void extremesOfAnyAxes(@ForAll Shape shape, @ForAll Layout layout, @ForAll Dims dims, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        int[] axes = Samples.axes(shape.rank(), random);
        NdArray x = Samples.special(dtype, shape, layout, random);
        Shape result = shape.reduce("op", dims, axes);
        Assume.that(shape.size() > 0 || result.size() == 0);

        Naive.assertSame(
                x.amax(dims, axes), dtype, result, fold(x, result, dims, axes, Double.NEGATIVE_INFINITY, Math::max));
        Naive.assertSame(
                x.amin(dims, axes), dtype, result, fold(x, result, dims, axes, Double.POSITIVE_INFINITY, Math::min));
    }

    @Property(tries = 20)
    void reductionsOfLargeArraysAcrossSeveralBlocksAndStrips(
            @ForAll Layout layout, @ForAll Dims dims, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        Shape shape = random.nextBoolean() ? Shape.of(41, 3, 531) : Shape.of(531, 131);
        int[] axes = Samples.axes(shape.rank(), random);
        NdArray x = integers(dtype, shape, layout, random);
        Shape result = shape.reduce("op", dims, axes);

        Naive.assertSame(x.sum(dims, axes), dtype, result, fold(x, result, dims, axes, 0, Double::sum));
        Naive.assertSame(
                x.amax(dims, axes), dtype, result, fold(x, result, dims, axes, Double.NEGATIVE_INFINITY, Math::max));
    }

    @Property
    void sumToUndoesBroadcasting(@ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        Shape target = Samples.shrunk(shape, random);
        NdArray x = integers(dtype, shape, layout, random);
        double[] expected = new double[target.size()];
        NdArray positions = NdArray.arange(DType.INT32, target.size()).reshape(target);
        for (int[] index : Naive.indices(shape)) {
            expected[(int) Naive.at(positions, index)] += Naive.at(x, index);
        }

        Naive.assertSame(x.sumTo(target), dtype, target, expected);
    }

    @Property
    void sumToOfLeadingAxesHasTheBitsOfTheirSum(@ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        Assume.that(shape.size() > 0 && shape.rank() > 0);
        int[] leading = IntStream.range(0, 1 + random.nextInt(shape.rank())).toArray();
        assertSumToHasTheBitsOfTheSum(shape, leading, layout, random);
    }

    @Property(tries = 2)
    void sumToOfManyElementsHasTheBitsOfTheirSum(@ForAll Layout layout, @ForAll Random random) {
        assertSumToHasTheBitsOfTheSum(Shape.of(3, 600), new int[] {0}, layout, random);
        assertSumToHasTheBitsOfTheSum(Shape.of(2, 40_000), new int[] {0, 1}, layout, random);
    }

    private static void assertSumToHasTheBitsOfTheSum(Shape shape, int[] leading, Layout layout, Random random) {
        DType dtype = Samples.floating(random);
        Shape target = Shape.of(
                IntStream.range(leading.length, shape.rank()).map(shape::dim).toArray());
        NdArray x = Samples.array(
                dtype, shape, layout, random, () -> random.nextInt(4) == 0 ? -0.0 : random.nextGaussian());

        Naive.assertSame(x.sumTo(target), dtype, target, x.sum(leading).toDoubleArray());
    }

    @Property
    void argMaxAndArgMinAreTheFirstExtremesAndANaNIsBeyond(
            @ForAll DType dtype, @ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        Assume.that(shape.rank() > 0 && dtype != DType.BOOL);
        int axis = random.nextInt(shape.rank());
        Assume.that(shape.dim(axis) > 0);
        assertFirstExtremes(Samples.special(dtype, shape, layout, random), axis, random);
    }

    /** Short rows, narrow matrices, long rows and wide columns have a loop each. */
    @Property(tries = 100)
    void indicesOfExtremesAreRightForAllSizesOfAnAxisAndOfThoseBehindIt(
            @ForAll DType dtype, @ForAll Layout layout, @ForAll Random random) {
        Assume.that(dtype != DType.BOOL);
        int n = 1 + random.nextInt(random.nextBoolean() ? 40 : 900);
        int inner = random.nextBoolean() ? 1 : 1 + random.nextInt(Math.min(300, 20_000 / n));
        int outer = 1 + random.nextInt(Math.max(1, Math.min(300, 20_000 / n / inner)));
        Shape shape = Shape.of(outer, n, inner);
        NdArray x = random.nextBoolean()
                ? Samples.special(dtype, shape, layout, random)
                : Samples.array(dtype, shape, layout, random, () -> random.nextInt(n + 1) - n / 2);
        assertFirstExtremes(x, 1, random);
    }

    private static void assertFirstExtremes(NdArray x, int axis, Random random) {
        Shape result = x.shape().reduce("op", Dims.DROP, axis);
        int named = random.nextBoolean() ? axis : axis - x.shape().rank();

        Naive.assertSame(x.argMax(named), DType.INT32, result, firstExtremes(x, axis, result, 1));
        Naive.assertSame(x.argMin(named), DType.INT32, result, firstExtremes(x, axis, result, -1));
    }

    /** The index of the first largest element along an axis, or of the smallest if the sign is −1. */
    private static double[] firstExtremes(NdArray x, int axis, Shape result, int sign) {
        return Naive.values(result, index -> {
            int best = 0;
            for (int e = 1; e < x.shape().dim(axis); e++) {
                double v = sign * Naive.at(x, with(index, axis, e));
                double champion = sign * Naive.at(x, with(index, axis, best));
                best = v > champion || (Double.isNaN(v) && !Double.isNaN(champion)) ? e : best;
            }
            return best;
        });
    }

    private static int[] with(int[] index, int axis, int value) {
        int[] longer = new int[index.length + 1];
        for (int k = 0; k < longer.length; k++) {
            longer[k] = k < axis ? index[k] : k == axis ? value : index[k - 1];
        }
        return longer;
    }

    /** The error of adding n terms pairwise grows with log n, not with n. */
    @Property(tries = 20)
    void sumsArePairwiseAndSoAccurate(@ForAll Random random) {
        int n = 1 << 16;
        double[] values = random.doubles(n).toArray();
        BigDecimal exact = Arrays.stream(values).mapToObj(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        double allowed = 20 * Math.ulp(1.0);
        NdArray x = NdArray.of(Shape.of(n), values);

        Naive.assertClose(x.sum(), DType.FLOAT64, Shape.scalar(), allowed, exact.doubleValue());
        Naive.assertClose(
                x.reshape(n, 1).broadcastTo(Shape.of(n, 2)).sum(0),
                DType.FLOAT64,
                Shape.of(2),
                allowed,
                exact.doubleValue(),
                exact.doubleValue());
    }
}
