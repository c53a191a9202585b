package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Samples.Layout;
import io.adjoint.core.Samples.Pair;
import io.adjoint.core.parallel.Parallel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Compares pointwise operations of arrays in any layout with the operation on the numbers at each index. */
@Domain(Samples.class)
@Domain(DomainContext.Global.class)
class ElementwiseKernelsProperties {
    private enum Operation {
        ADD(NdArray::add, (x, y) -> x + y),
        SUB(NdArray::sub, (x, y) -> x - y),
        MUL(NdArray::mul, (x, y) -> x * y),
        DIV(NdArray::div, (x, y) -> x / y),
        MAXIMUM(NdArray::maximum, Math::max),
        MINIMUM(NdArray::minimum, Math::min),
        ZIP((a, b) -> a.zip(b, (x, y) -> 3 * x - y), (x, y) -> 3 * x - y);

        final BinaryOperator<NdArray> arrays;
        final DoubleBinaryOperator numbers;

        Operation(BinaryOperator<NdArray> arrays, DoubleBinaryOperator numbers) {
            this.arrays = arrays;
            this.numbers = numbers;
        }
    }

    private static double halfLess(double v) {
        return v / 2 - 1;
    }

    private static double[] naive(DType dtype, Shape shape, NdArray a, NdArray b, DoubleBinaryOperator function) {
        return Naive.values(
                shape, index -> Naive.round(dtype, function.applyAsDouble(Naive.at(a, index), Naive.at(b, index))));
    }

    /** The results of + − × ÷ in double, rounded to float, are the results in float, so the same expectation serves both types. */
    @Property
    void arithmeticOfBroadcastPairsInAnyLayout(
            @ForAll Operation op,
            @ForAll Pair pair,
            @ForAll Layout layoutA,
            @ForAll Layout layoutB,
            @ForAll Random random) {
        DType dtype = Samples.floating(random);
        NdArray a = Samples.special(dtype, pair.a(), layoutA, random);
        NdArray b = Samples.special(dtype, pair.b(), layoutB, random);
        Shape shape = Shape.broadcast("op", pair.a(), pair.b());

        NdArray result = op.arrays.apply(a, b);

        Naive.assertSame(result, dtype, shape, naive(dtype, shape, a, b, op.numbers));
        assertThat(result.isContiguous()).isTrue();
    }

    @Property
    void arithmeticOfLargeArraysAcrossSeveralBlocks(
            @ForAll Operation op, @ForAll Layout layoutA, @ForAll Layout layoutB, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        Shape full = Shape.of(3, 117, 101);
        Shape other = Shape.of(random.nextBoolean() ? 117 : 1, random.nextBoolean() ? 101 : 1);
        boolean swapped = random.nextBoolean();
        NdArray a = Samples.array(dtype, swapped ? other : full, layoutA, random);
        NdArray b = Samples.array(dtype, swapped ? full : other, layoutB, random);

        assertThat(full.size()).isGreaterThan(Parallel.BLOCK);
        Naive.assertSame(op.arrays.apply(a, b), dtype, full, naive(dtype, full, a, b, op.numbers));
    }

    @Property(tries = 100)
    void arithmeticOfManyShortRows(
            @ForAll Operation op, @ForAll Layout layoutA, @ForAll Layout layoutB, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        Shape shape = Samples.shortRows(random);
        NdArray a = Samples.array(dtype, shape, layoutA, random);
        NdArray b = Samples.array(dtype, Samples.shrunk(shape, random), layoutB, random);

        Naive.assertSame(op.arrays.apply(a, b), dtype, shape, naive(dtype, shape, a, b, op.numbers));
        Naive.assertSame(
                NdArray.where(a.gt(b), a, b), dtype, shape, naive(dtype, shape, a, b, (x, y) -> x > y ? x : y));
    }

    @Property(tries = 200)
    void fusedOperationsHaveTheBitsOfEachAlone(@ForAll Layout layoutA, @ForAll Layout layoutB, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        Shape shape = random.nextBoolean()
                ? Samples.shortRows(random)
                : Shape.of(random.nextInt(4), 1 + random.nextInt(40), 1 + random.nextInt(400));
        NdArray a = Samples.special(dtype, shape, layoutA, random);
        NdArray b = Samples.special(dtype, Samples.shrunk(shape, random), layoutB, random);
        NdArray fused = formula(Fusion.defer(a), Fusion.defer(b));

        assertThat(Fusion.evaluate(List.of(fused), changed -> {}).get(0)).isEqualTo(formula(a, b));
    }

    /** A function of a and b, which reads each of them twice, with parts of the types BOOL and INT32. */
    private static NdArray formula(NdArray a, NdArray b) {
        NdArray difference = a.sub(b);
        NdArray larger = difference.gt(b).to(DType.INT32);
        return difference.mul(b).map(ElementwiseKernelsProperties::halfLess).add(larger.to(a.dtype()));
    }

    @Property
    void anArrayWithItself(@ForAll Operation op, @ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        NdArray a = Samples.special(dtype, shape, layout, random);

        Naive.assertSame(op.arrays.apply(a, a), dtype, shape, naive(dtype, shape, a, a, op.numbers));
    }

    @Property
    void mapAppliesTheFunctionToEachElement(@ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        NdArray x = Samples.special(dtype, shape, layout, random);

        Naive.assertSame(x.map(ElementwiseKernelsProperties::halfLess), dtype, shape, mapped(x));
    }

    @Property(tries = 20)
    void mapOfLargeArrays(@ForAll Layout layout, @ForAll Random random) {
        DType dtype = Samples.floating(random);
        NdArray x = Samples.array(dtype, Shape.of(311, 211), layout, random);

        Naive.assertSame(x.map(ElementwiseKernelsProperties::halfLess), dtype, x.shape(), mapped(x));
    }

    private static double[] mapped(NdArray x) {
        return Naive.values(x.shape(), index -> Naive.round(x.dtype(), halfLess(Naive.at(x, index))));
    }

    @Property
    void comparisonsAreTrueWhereTheyHold(
            @ForAll Comparison comparison,
            @ForAll DType any,
            @ForAll Pair pair,
            @ForAll Layout layoutA,
            @ForAll Layout layoutB,
            @ForAll Random random) {
        DType dtype =
                comparison.isConnective() ? DType.BOOL : any == DType.BOOL && comparison.isOrder() ? DType.INT32 : any;
        NdArray a = Samples.special(dtype, pair.a(), layoutA, random);
        NdArray b = Samples.special(dtype, pair.b(), layoutB, random);
        Shape shape = Shape.broadcast("op", pair.a(), pair.b());

        Naive.assertSame(
                a.compare(comparison, b),
                DType.BOOL,
                shape,
                naive(DType.BOOL, shape, a, b, (x, y) -> holds(comparison, x, y) ? 1 : 0));
    }

    private static boolean holds(Comparison comparison, double x, double y) {
        return switch (comparison) {
            case EQ -> x == y;
            case NE -> x != y;
            case LT -> x < y;
            case LE -> x <= y;
            case GT -> x > y;
            case GE -> x >= y;
            case AND -> x != 0 && y != 0;
            case OR -> x != 0 || y != 0;
            case XOR -> (x != 0) ^ (y != 0);
        };
    }

    @Property
    void whereTakesTheFirstWhereTheMaskIsTrue(
            @ForAll DType dtype,
            @ForAll Pair pair,
            @ForAll Layout layoutA,
            @ForAll Layout layoutB,
            @ForAll Layout layoutMask,
            @ForAll Random random) {
        Shape pairShape = Shape.broadcast("op", pair.a(), pair.b());
        NdArray a = Samples.special(dtype, pair.a(), layoutA, random);
        NdArray b = Samples.special(dtype, pair.b(), layoutB, random);
        NdArray mask = Samples.array(
                DType.BOOL, Samples.shrunk(pairShape, random), layoutMask, random, () -> random.nextInt(2));

        Naive.assertSame(
                NdArray.where(mask, a, b),
                dtype,
                pairShape,
                Naive.values(pairShape, index -> Naive.at(Naive.at(mask, index) != 0 ? a : b, index)));
    }

    @Property
    void equalityAndHashLookAtTypeShapeAndElementsButNotAtTheLayout(
            @ForAll DType dtype, @ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        NdArray x = Samples.special(dtype, shape, layout, random);
        NdArray same = x.copy();

        assertThat(x).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(x.unsqueeze(0)).isNotEqualTo(x);
        if (shape.size() > 0) {
            double[] values = x.toDoubleArray();
            int at = random.nextInt(values.length);
            values[at] = dtype == DType.BOOL ? 1 - values[at] : values[at] == 7 ? 8 : 7;
            assertThat(NdArray.of(shape, values).to(dtype)).isNotEqualTo(x);
        }
        Arrays.stream(DType.values())
                .filter(other -> other != dtype)
                .forEach(other -> assertThat(x.to(other)).isNotEqualTo(x));
    }
}
