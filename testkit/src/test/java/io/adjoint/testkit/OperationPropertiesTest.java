package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests that correct operations pass every check, that a faulty one fails the check for its fault, and the message of the failure. */
class OperationPropertiesTest {
    private static final Operation SOFTPLUS = Operation.unary(
                    "softplus",
                    x -> op(
                            "softplus",
                            x.data().map(v -> Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))),
                            edge(x, g -> g.mul(x.sigmoid()))))
            .within(Values.between(-30, 30))
            .referenceEach(v -> Math.log1p(Math.exp(v)))
            .order(2);

    /** Operations of every kind that the kit can describe. */
    private static Stream<Operation> correct() {
        return Stream.of(
                SOFTPLUS,
                Operation.unary("log", Tensor::log)
                        .within(Values.between(0, 10).openMin())
                        .referenceEach(Math::log)
                        .order(3),
                Operation.unary("abs", Tensor::abs)
                        .within(Values.between(-2, 2).awayFrom(0))
                        .referenceEach(Math::abs)
                        .order(2),
                Operation.unary("sign", Tensor::sign)
                        .within(Values.between(-2, 2).awayFrom(0).withSpecials())
                        .referenceEach(Math::signum),
                Operation.binary("mul", Tensor::mul)
                        .within(Values.between(-2, 2).withSpecials())
                        .referenceEach((a, b) -> a * b)
                        .order(2),
                Operation.binary("div", Tensor::div)
                        .within(
                                Values.between(-2, 2),
                                Values.between(-2, 2).awayFrom(0).gap(0.5))
                        .referenceEach((a, b) -> a / b)
                        .order(2),
                Operation.binary("maximum", Tensor::maximum)
                        .within(Values.between(-20, 20).distinct())
                        .referenceEach(Math::max),
                Operation.of("matmul", t -> t[0].matmul(t[1]))
                        .shapes("(...,n?,k),(...,k,m?)->(...,n?,m?)")
                        .order(2),
                Operation.of("sum", (t, axes) -> t[0].sum(axes))
                        .shapes("(...)")
                        .arguments(shapes -> Axes.some(shapes.get(0)))
                        .order(2),
                Operation.of("softmax", (t, axis) -> t[0].softmax(axis[0]))
                        .shapes("(...)->(...)")
                        .axes(1, 3)
                        .arguments(shapes -> Axes.one(shapes.get(0)).map(axis -> new int[] {axis}))
                        .order(2),
                Operation.of("permute", (t, order) -> t[0].permute(order))
                        .shapes("(...)")
                        .arguments(shapes -> Axes.permutations(shapes.get(0)))
                        .order(2),
                Operation.of("gather", t -> t[0].gather(0, t[1]))
                        .shapes("(3,m),(n,m)->(n,m)")
                        .within(Values.between(-2, 2), Values.integers(0, 2))
                        .dims(1, 4)
                        .order(2),
                Operation.of("argMax", t -> t[0].argMax(-1))
                        .shapes("(...,n)->(...)")
                        .within(Values.between(-9, 9).distinct())
                        .order(0)
                        .except(OperationCheck.EMPTY),
                Operation.of("reshape", t -> t[0].reshape(-1))
                        .shapes(Arbitraries.of(List.of(Shape.of(2, 3)), List.of(Shape.scalar())))
                        .order(2));
    }

    @TestFactory
    Stream<DynamicTest> correctOperationsPass() {
        return correct().map(operation -> DynamicTest.dynamicTest(operation.name(), () -> operation.check()));
    }

    private static Operation faulty(java.util.function.UnaryOperator<Tensor> function) {
        return Operation.unary("faulty", function).referenceEach(v -> 2 * v).order(2);
    }

    private static Tensor twice(Tensor x) {
        return op("twice", x.data().map(v -> 2 * v), edge(x, g -> g.mul(2)));
    }

    private static Map<OperationCheck, Operation> faults() {
        double[] buffer = new double[1000];
        Map<OperationCheck, Operation> faults = new EnumMap<>(OperationCheck.class);
        faults.put(OperationCheck.VALUE, faulty(x -> twice(x).add(1e-9)));
        faults.put(
                OperationCheck.RECORDED,
                faulty(x ->
                        op("faulty", twice(x).data(), edge(x, g -> g.mul(Autograd.isRecording() ? 2 : 2 + 1e-12)))));
        faults.put(OperationCheck.GRADIENT, faulty(x -> op("faulty", twice(x).data(), edge(x, g -> g.mul(2.001)))));
        faults.put(
                OperationCheck.HIGHER_GRADIENTS,
                faulty(x -> op("faulty", twice(x).data(), edge(x, g -> g.mul(2).detach()))));
        faults.put(OperationCheck.VIEWS, faulty(x -> twice(x).mul(x.data().isContiguous() ? 1 : 1 + 1e-15)));
        faults.put(OperationCheck.INPUTS_UNCHANGED, faulty(x -> {
            Tensor result = twice(x);
            if (x.data().isContiguous() && !x.requiresGrad()) {
                InPlace.assign(x.data(), result.data());
            }
            return result;
        }));
        faults.put(
                OperationCheck.COTANGENT_UNCHANGED,
                faulty(x -> op("faulty", twice(x).data(), edge(x, g -> {
                    Tensor result = g.mul(2);
                    InPlace.accumulate(g.data(), g.data().copy());
                    return result;
                }))));
        faults.put(
                OperationCheck.ZERO_COTANGENT,
                faulty(x -> op("faulty", twice(x).data(), edge(x, g -> g.mul(2).add(1e-12)))));
        faults.put(
                OperationCheck.REPEATABLE,
                faulty(x -> op("faulty", twice(x).data(), edge(x, g -> {
                    System.arraycopy(
                            g.mul(2).data().toDoubleArray(),
                            0,
                            buffer,
                            0,
                            g.shape().size());
                    return Autograd.isRecording()
                            ? g.mul(2)
                            : Tensor.of(NdArray.wrap(Shape.of(1000), buffer)
                                    .slice(0, 0, g.shape().size())
                                    .reshape(g.shape()));
                }))));
        faults.put(
                OperationCheck.UNSHARED,
                Operation.unary("faulty", x -> op("faulty", x.data().map(v -> v * v / 2), edge(x, g -> x)))
                        .gradCheck(new io.adjoint.autograd.GradCheck().atol(1e9)));
        AtomicReference<Tensor> last = new AtomicReference<>(Tensor.scalar(0));
        faults.put(OperationCheck.INTERLEAVED, Operation.unary("faulty", x -> {
            last.set(x);
            return op(
                    "faulty",
                    x.data().map(v -> v * v),
                    edge(x, g -> g.mul(Objects.requireNonNull(last.get())).mul(2)));
        }));
        IdentityHashMap<Tensor, NdArray> values = new IdentityHashMap<>();
        faults.put(
                OperationCheck.AFTER_STEP,
                faulty(x -> op(
                        "faulty",
                        values.computeIfAbsent(x, input -> twice(input).data()),
                        edge(x, g -> g.mul(2)))));
        AtomicReference<Thread> owner = new AtomicReference<>();
        faults.put(OperationCheck.OTHER_THREAD, faulty(x -> {
            Thread first = owner.updateAndGet(known -> known == null ? Thread.currentThread() : known);
            return twice(x).mul(first == Thread.currentThread() ? 1 : 1 + 1e-9);
        }));
        faults.put(OperationCheck.FLOATS, Operation.unary("faulty", x -> twice(x).to(DType.FLOAT64)));
        return faults;
    }

    @TestFactory
    Stream<DynamicTest> faultsFailTheirCheck() {
        return faults().entrySet().stream()
                .map(fault -> DynamicTest.dynamicTest(fault.getKey().toString(), () -> {
                    PropertyFailure failure = catchThrowableOfType(
                            PropertyFailure.class, () -> fault.getValue().check(fault.getKey()));
                    assertThat(failure).isNotNull().hasMessageStartingWith("faulty: " + fault.getKey() + ": ");
                }));
    }

    @Test
    void emptyCasesHaveAnEmptyInputWhereTheSignatureAllowsOne() {
        Limits limits = Limits.DEFAULT.dims(0, 3);
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            assertThat(ShapePlan.drawEmpty(Signature.parse("(...,n),(...)->(...)"), limits, random)
                            .shapes())
                    .anyMatch(shape -> shape.size() == 0);
            assertThat(ShapePlan.drawEmpty(Signature.parse("(3)->()"), limits, random)
                            .shapes())
                    .containsExactly(Shape.of(3));
        }
    }

    @Test
    void emptyAndEachInputAlone() {
        Operation noEmpty = Operation.unary("amax", x -> x.sub(x.amax()).mul(2));
        assertThatThrownBy(() -> noEmpty.check(OperationCheck.EMPTY)).hasMessageContaining("empty");
        Operation recordsAlways = Operation.unary("faulty", x -> twice(x.requiresGrad(true)));
        assertThatThrownBy(() -> recordsAlways.check(OperationCheck.EACH_INPUT_ALONE))
                .hasMessageContaining("requires a gradient though no input does");
        Operation noScalar = Operation.unary("faulty", x -> x.shape().rank() == 0 ? x.mul(3) : twice(x))
                .referenceEach(v -> 2 * v);
        assertThatThrownBy(() -> noScalar.check(OperationCheck.SCALAR))
                .hasMessageContaining("faulty: scalar: the value at [] is 3.0, but by the reference 2.0");
    }

    @Test
    void failureSaysWhatToDo() {
        Operation faulty = Operation.binary(
                "faulty",
                (a, b) -> op(
                        "faulty",
                        a.data().mul(b.data()),
                        edge(a, g -> g.mul(b)),
                        edge(b, g -> g.mul(a).mul(2))));

        assertThatThrownBy(() -> faulty.check(OperationCheck.GRADIENT))
                .isInstanceOf(PropertyFailure.class)
                .hasMessageMatching(
                        "(?s)faulty: gradient: gradient of order 1 for input 1 \\[] at \\[] = 1.0 is .* by the backward rules,"
                                + " but .* by differences.*\n  shapes: \\[], \\[]\n  again with:\n    Tensor a = Tensor.scalar\\(1\\);"
                                + "\n    Tensor b = Tensor.scalar\\(1\\);\n  seed: .*");
        assertThatThrownBy(() -> faulty.check())
                .hasMessageContainingAll("faulty fails", "faulty: gradient:", "more with the same cause");
    }

    @Test
    void argumentsShrinkWithTheShapes() {
        PropertyFailure failure = catchThrowableOfType(
                PropertyFailure.class,
                () -> Operation.of(
                                "faulty",
                                (t, axes) -> op(
                                        "faulty",
                                        t[0].data().sum(Dims.KEEP, axes),
                                        edge(
                                                t[0],
                                                g -> g.broadcastTo(t[0].shape()).mul(axes[0] == 1 ? 2 : 1))))
                        .shapes("(...)")
                        .axes(1, 3)
                        .arguments(shapes -> Axes.some(shapes.get(0)))
                        .check(OperationCheck.GRADIENT));
        assertThat(failure.smallest().shapes()).isEqualTo("[1, 1]");
        assertThat(failure.smallest().arguments()).containsExactly(1);
        assertThat(failure).hasMessageContaining("int[] arguments = {1};");
    }
}
