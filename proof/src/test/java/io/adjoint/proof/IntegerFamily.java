package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The catalogue's entries for arithmetic of INT32, and for counts of BOOL elements. */
final class IntegerFamily implements Family {
    private static final Values WHOLE = Values.integers(-9, 9);
    private static final Values MASK = Values.booleans();
    private static final Tensor LARGEST = Tensor.of(new int[] {Integer.MAX_VALUE});
    private static final Tensor SMALLEST = Tensor.of(new int[] {Integer.MIN_VALUE});
    private static final Tensor ZERO = Tensor.of(new int[] {0});

    @Override
    public String title() {
        return "Integers and truth values";
    }

    @Override
    public List<Entry> entries() {
        return Stream.of(pairs(), numbers(), functions(), reductions())
                .flatMap(s -> s)
                .toList();
    }

    // ---- of two tensors ----

    private static Stream<Entry> pairs() {
        return Stream.of(
                pair("add", Tensor::add, (a, b) -> a + b, WHOLE)
                        .rejects("a sum out of range", x -> LARGEST.add(LARGEST), "2147483647 … to(FLOAT64)"),
                pair("sub", Tensor::sub, (a, b) -> a - b, WHOLE)
                        .rejects("a difference out of range", x -> ZERO.sub(SMALLEST), "-2147483648"),
                pair("mul", Tensor::mul, (a, b) -> a * b, WHOLE)
                        .rejects("a product out of range", x -> LARGEST.mul(LARGEST), "2147483647"),
                pair("floorDivide", Tensor::floorDivide, (a, b) -> Math.floor(a / b), Values.integers(1, 4))
                        .rejects("a division by 0", x -> LARGEST.floorDivide(ZERO), "and 0 … division"),
                pair("remainder", Tensor::remainder, (a, b) -> a - b * Math.floor(a / b), Values.integers(-4, -1))
                        .rejects("a division by 0", x -> LARGEST.remainder(ZERO), "and 0 … division"),
                pair("maximum", Tensor::maximum, (a, b) -> a > b ? a : b, WHOLE),
                pair("minimum", Tensor::minimum, (a, b) -> a < b ? a : b, WHOLE));
    }

    private static Entry pair(String name, BinaryOperator<Tensor> call, DoubleBinaryOperator reference, Values right) {
        return entry(Operation.binary(name + " (integers)", call))
                .within(WHOLE, right)
                .referenceEach(reference)
                .order(0)
                .covering(name + "(Tensor)")
                .rejects("two dtypes", x -> call.apply(x, LARGEST), "INT32 … FLOAT64 … to(FLOAT64)")
                .rejects("truth values", x -> call.apply(x.gt(1), x.gt(2)), "BOOL … to(INT32)")
                .rejects("a truth value on the right", x -> call.apply(LARGEST, x.gt(2)), "BOOL … to(INT32)");
    }

    // ---- of a tensor and a number ----

    private static Stream<Entry> numbers() {
        return Stream.of(
                number("add", x -> x.add(3), x -> x.add(0.5), x -> x + 3),
                number("sub", x -> x.sub(3), x -> x.sub(0.5), x -> x - 3),
                number("rsub", x -> x.rsub(3), x -> x.rsub(0.5), x -> 3 - x),
                number("mul", x -> x.mul(-3), x -> x.mul(0.5), x -> x * -3),
                number("floorDivide", x -> x.floorDivide(-3), x -> x.floorDivide(0.5), x -> Math.floor(x / -3)),
                number("remainder", x -> x.remainder(3), x -> x.remainder(0.5), x -> x - 3 * Math.floor(x / 3)),
                number("maximum", x -> x.maximum(3), x -> x.maximum(0.5), x -> x > 3 ? x : 3),
                number("minimum", x -> x.minimum(3), x -> x.minimum(0.5), x -> x < 3 ? x : 3),
                number("clampMin", x -> x.clampMin(3), x -> x.clampMin(0.5), x -> x > 3 ? x : 3),
                number("clampMax", x -> x.clampMax(3), x -> x.clampMax(0.5), x -> x < 3 ? x : 3));
    }

    private static Entry number(
            String name, UnaryOperator<Tensor> call, UnaryOperator<Tensor> fraction, DoubleUnaryOperator reference) {
        return ofOne(name + " (integers and a number)", name + "(double)", call, reference)
                .rejects("a fraction", x -> fraction.apply(LARGEST), "0.5 is no INT32 … to(FLOAT64)")
                .rejects("a fraction and truth values", x -> fraction.apply(x.gt(1)), "BOOL … to(FLOAT64)");
    }

    private static Entry ofOne(String name, String covers, UnaryOperator<Tensor> call, DoubleUnaryOperator reference) {
        return entry(Operation.unary(name, call))
                .within(WHOLE)
                .referenceEach(reference)
                .order(0)
                .covering(covers)
                .rejects("truth values", x -> call.apply(x.gt(1)), "BOOL … to(INT32)")
                .fails(
                        "a backward pass",
                        x -> {
                            call.apply(ZERO).sum().backward();
                            return x;
                        },
                        "backward … does not require grad");
    }

    private static Stream<Entry> functions() {
        return Stream.of(
                ofOne("abs (integers)", "abs()", Tensor::abs, x -> x < 0 ? 0 - x : x)
                        .rejects("the smallest", x -> SMALLEST.abs(), "-2147483648 … to(FLOAT64)"),
                ofOne("neg (integers)", "neg()", Tensor::neg, x -> 0 - x)
                        .rejects("the smallest", x -> SMALLEST.neg(), "-2147483648 … to(FLOAT64)"),
                ofOne("clamp (integers)", "clamp(double,double)", x -> x.clamp(-2, 5), x -> x < -2 ? -2 : x > 5 ? 5 : x)
                        .rejects("a fraction", x -> ZERO.clamp(0, 0.5), "0.5 is no INT32 … to(FLOAT64)"));
    }

    // ---- reductions ----

    private static Stream<Entry> reductions() {
        return Stream.of(
                counted("sum (integers)", Tensor::sum, Tensor::sum, Slices::sum, WHOLE)
                        .rejects(
                                "a sum out of range",
                                x -> Tensor.concat(0, LARGEST, LARGEST).sum(),
                                "4294967294"),
                counted("sum (truth values)", Tensor::sum, Tensor::sum, Slices::sum, MASK)
                        .fails("a gradient of a count", x -> x.gt(2).sum().requiresGrad(true), "INT32 … to(FLOAT64)"),
                counted("mean (truth values)", Tensor::mean, Tensor::mean, Slices::mean, MASK)
                        .rejects("integers", x -> LARGEST.mean(), "INT32 … to(FLOAT64)"),
                counted("prod (integers)", Tensor::prod, Tensor::prod, Slices::prod, Values.integers(-1, 1))
                        .rejects("truth values", x -> x.gt(1).prod(), "BOOL … to(INT32)"),
                counted("amax (integers)", Tensor::amax, Tensor::amax, Slices::max, WHOLE)
                        .except(OperationCheck.EMPTY)
                        .rejects("truth values", x -> x.gt(1).amax(), "BOOL … to(INT32)"),
                counted("amin (integers)", Tensor::amin, Tensor::amin, Slices::min, WHOLE)
                        .except(OperationCheck.EMPTY)
                        .rejects("truth values", x -> x.gt(1).amin(), "BOOL … to(INT32)"),
                entry("cumsum (integers)", t -> t[0].cumsum(0))
                        .shapes("(n)")
                        .within(WHOLE)
                        .reference((inputs, none) -> Reference.build(
                                inputs[0].shape(),
                                at -> inputs[0].slice(0, 0, at[0] + 1).sum().item()))
                        .order(0)
                        .covering("cumsum(int)")
                        .rejects(
                                "a sum out of range",
                                x -> Tensor.concat(0, LARGEST, LARGEST).cumsum(0),
                                "4294967294")
                        .rejects("truth values", x -> x.gt(1).cumsum(0), "BOOL … to(INT32)")
                        .rejects("an axis out of range", x -> LARGEST.cumsum(1), "axis 1 … [1]"));
    }

    private static Entry counted(
            String name,
            ReductionFamily.Brief brief,
            ReductionFamily.Full full,
            ToDoubleFunction<double[]> reference,
            Values domain) {
        return ReductionFamily.reduction(name, brief, full, reference)
                .within(domain)
                .order(0)
                .rejects(ReductionFamily.ofAxes((x, axes) -> brief.of(x.gt(1).to(DType.INT32), axes)));
    }

    @Override
    public Map<String, Golden> golden() {
        return Map.of();
    }
}
