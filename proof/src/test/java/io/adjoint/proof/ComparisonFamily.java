package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Axes;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The catalogue's entries for comparisons and conditions, whose masks have no gradient, and for functions of masks. */
final class ComparisonFamily implements Family {
    /** Values with special values among them, so that elements are often equal. */
    private static final Values TIED = Values.between(-2, 2).withSpecials();

    private static final Values WHOLE = Values.integers(-1, 1);
    private static final Values MASK = Values.booleans();

    @Override
    public String title() {
        return "Comparisons and conditions";
    }

    @Override
    public List<Entry> entries() {
        return Stream.of(comparisons(), connectives(), conditions(), quantifiers())
                .flatMap(s -> s)
                .toList();
    }

    // ---- comparisons ----

    private static Stream<Entry> comparisons() {
        return Stream.of(
                        compared("eq", Tensor::eq, (x, c) -> x.eq(c), (a, b) -> a == b ? 1 : 0),
                        compared("ne", Tensor::ne, (x, c) -> x.ne(c), (a, b) -> a == b ? 0 : 1),
                        compared("lt", Tensor::lt, (x, c) -> x.lt(c), (a, b) -> a < b ? 1 : 0),
                        compared("le", Tensor::le, (x, c) -> x.le(c), (a, b) -> a <= b ? 1 : 0),
                        compared("gt", Tensor::gt, (x, c) -> x.gt(c), (a, b) -> a > b ? 1 : 0),
                        compared("ge", Tensor::ge, (x, c) -> x.ge(c), (a, b) -> a >= b ? 1 : 0))
                .flatMap(s -> s);
    }

    private static Stream<Entry> compared(
            String name,
            BinaryOperator<Tensor> operation,
            BiFunction<Tensor, Double, Tensor> withNumber,
            DoubleBinaryOperator reference) {
        return Stream.of(
                ofTwo(name, operation, TIED, reference),
                ofTwo(name + " (integers)", operation, WHOLE, reference),
                ofNumber(name + " (number)", withNumber, TIED, 0, reference),
                ofNumber(name + " (integers and a number)", withNumber, WHOLE, 0.5, reference));
    }

    private static Entry ofTwo(
            String name, BinaryOperator<Tensor> call, Values domain, DoubleBinaryOperator reference) {
        Entry entry = entry(Operation.binary(name, call))
                .within(domain)
                .referenceEach(reference)
                .order(0);
        return entry.covering(entry.row() + "(Tensor)")
                .rejects(ofMask(x -> call.apply(x, x)))
                .rejects("shapes that do not broadcast", x -> call.apply(x, Tensor.of(1, 2)), "[2, 3] … [2] … axis -1")
                .rejects("two dtypes", x -> call.apply(x, x.to(DType.INT32)), "FLOAT64 … INT32 … to(FLOAT64)");
    }

    private static Entry ofNumber(
            String name,
            BiFunction<Tensor, Double, Tensor> call,
            Values domain,
            double number,
            DoubleBinaryOperator reference) {
        Entry entry = entry(Operation.unary(name, x -> call.apply(x, number)))
                .within(domain)
                .referenceEach(x -> reference.applyAsDouble(x, number))
                .order(0);
        return entry.covering(entry.row() + "(double)").rejects(ofMask(x -> call.apply(x, 1.0)));
    }

    /** Adds the wrong calls of an operation whose result is a mask, which has no gradient. */
    private static UnaryOperator<Entry> ofMask(UnaryOperator<Tensor> operation) {
        return entry -> entry.fails(
                        "a backward pass",
                        x -> {
                            operation.apply(x).backward(Tensor.ones(2, 3));
                            return x;
                        },
                        "backward … does not require grad")
                .fails("arithmetic with the mask", x -> operation.apply(x).mul(2), "mul: … BOOL … to(FLOAT64)")
                .fails(
                        "a mask as a parameter",
                        x -> operation.apply(x).requiresGrad(true),
                        "requiresGrad … BOOL … to(FLOAT64)");
    }

    // ---- connectives ----

    private static Stream<Entry> connectives() {
        return Stream.of(
                connective("and", Tensor::and, (a, b) -> a * b == 0 ? 0 : 1),
                connective("or", Tensor::or, (a, b) -> a + b == 0 ? 0 : 1),
                connective("xor", Tensor::xor, (a, b) -> a + b == 1 ? 1 : 0),
                entry(Operation.unary("not", Tensor::not))
                        .within(MASK)
                        .referenceEach(x -> x == 0 ? 1 : 0)
                        .order(0)
                        .covering("not()")
                        .rejects(ofMask(x -> x.gt(2).not()))
                        .rejects("floating elements", Tensor::not, "FLOAT64 … to(BOOL)"));
    }

    private static Entry connective(String name, BinaryOperator<Tensor> operation, DoubleBinaryOperator reference) {
        return entry(Operation.binary(name, operation))
                .within(MASK)
                .referenceEach(reference)
                .order(0)
                .covering(name + "(Tensor)")
                .rejects("floating elements", x -> operation.apply(x.gt(2), x), "FLOAT64 … to(BOOL)")
                .rejects("floating elements on the left", x -> operation.apply(x, x.gt(2)), "FLOAT64 … to(BOOL)")
                .rejects(
                        "shapes that do not broadcast",
                        x -> operation.apply(x.gt(2), Tensor.of(new boolean[] {true, false})),
                        "[2, 3] … [2]");
    }

    // ---- conditions ----

    private static Stream<Entry> conditions() {
        return Stream.of(
                condition("isNaN", Tensor::isNaN, x -> !(x <= 0 || x >= 0)),
                condition("isInf", Tensor::isInf, x -> Math.abs(x) > Double.MAX_VALUE),
                condition("isFinite", Tensor::isFinite, x -> Math.abs(x) <= Double.MAX_VALUE));
    }

    private static Entry condition(String name, UnaryOperator<Tensor> operation, DoublePredicate reference) {
        return entry(Operation.unary(name, operation))
                .within(TIED)
                .referenceEach(x -> reference.test(x) ? 1 : 0)
                .order(0)
                .covering(name + "()")
                .rejects(ofMask(operation));
    }

    // ---- quantifiers ----

    private static Stream<Entry> quantifiers() {
        return Stream.of(
                quantifier("any", (x, axes) -> x.any(axes), Tensor::any, 0),
                quantifier("all", (x, axes) -> x.all(axes), Tensor::all, 1));
    }

    private static Entry quantifier(String name, BiFunction<Tensor, int[], Tensor> some, Kept kept, double start) {
        return entry(
                        name,
                        (t, axes) -> kept.apply(t[0], Dims.KEEP, axes)
                                .reshape(some.apply(t[0], axes).shape()))
                .shapes("(...)")
                .within(MASK)
                .argumentsOf(shape -> Axes.some(shape))
                .reference((inputs, axes) -> quantified(inputs[0], start, axes))
                .order(0)
                .covering(name + "(int[])", name + "(Dims,int[])")
                .rejects("floating elements", x -> some.apply(x, new int[0]), "FLOAT64 … to(BOOL)")
                .rejects(
                        "an axis that is not there",
                        x -> some.apply(x.gt(2), new int[] {2}),
                        "axis 2 … [2, 3] … -2 to 1")
                .rejects("an axis twice", x -> kept.apply(x.gt(2), Dims.KEEP, 0, -2), "axis -2 … twice");
    }

    @FunctionalInterface
    private interface Kept {
        Tensor apply(Tensor mask, Dims dims, int... axes);
    }

    /**
     * Computes any or all of the elements over the axes: the result for no elements, {@code ofNothing}, unless there is an element that
     * differs from it.
     */
    private static NdArray quantified(NdArray mask, double ofNothing, int... axes) {
        int rank = mask.shape().rank();
        boolean[] gone = new boolean[rank];
        for (int axis : axes) {
            gone[axis < 0 ? axis + rank : axis] = true;
        }
        int[] kept = IntStream.range(0, rank).filter(axis -> !gone[axis]).toArray();
        int[] dims = Arrays.stream(kept).map(mask.shape()::dim).toArray();
        return Reference.build(Shape.of(dims), result -> {
            boolean[] changed = {false};
            Reference.build(mask.shape(), index -> {
                boolean here = true;
                for (int k = 0; k < kept.length; k++) {
                    here &= index[kept[k]] == result[k];
                }
                changed[0] |= here && mask.get(index) != ofNothing;
                return 0;
            });
            return changed[0] ? 1 - ofNothing : ofNothing;
        });
    }

    @Override
    public Map<String, Golden> golden() {
        return Map.of();
    }
}
