package io.adjoint.autograd.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TransformsTest {
    private final Tensor x = Tensor.of(0.5, -1, 2);

    private static Tensor cubes(Tensor x) {
        return x.mul(x).mul(x).sum();
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.data().toDoubleArray())
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(expected.data().toDoubleArray());
    }

    private record Line(Tensor slope, Tensor offset) {
        Tensor at(Tensor x) {
            return x.mul(slope).add(offset);
        }
    }

    @Nested
    class Gradient {
        @Test
        void isTheClosedForm() {
            assertClose(Transforms.grad(TransformsTest::cubes, x), x.square().mul(3));
        }

        @Test
        void isAConstantThatLeavesTheArgumentAlone() {
            Transforms.ValueAndGrad<Tensor> result = Transforms.valueAndGrad(TransformsTest::cubes, x);

            assertThat(result.value().item()).isEqualTo(0.125 - 1 + 8);
            assertThat(result.value().requiresGrad()).isFalse();
            assertThat(result.gradient().requiresGrad()).isFalse();
            assertThat(x.requiresGrad()).isFalse();
        }

        @Test
        void hasTheStructureOfTheArgument() {
            Tensor t = Tensor.of(1, 2, 3);
            Line line = new Line(Tensor.scalar(2), Tensor.scalar(-1));
            Line gradient = Transforms.grad(p -> p.at(t).sum(), line);
            List<Line> list =
                    Transforms.grad(ps -> ps.get(0).at(t).mul(ps.get(1).at(t)).sum(), List.of(line, line));
            Map<String, Tensor> map = Transforms.grad(
                    (Map<String, Tensor> p) -> p.getOrDefault("a", t).mul(t).sum(), Map.of("a", x));

            assertThat(gradient.slope().item()).isEqualTo(6);
            assertThat(gradient.offset().item()).isEqualTo(3);
            assertThat(list.get(1).offset().item()).isEqualTo(1 + 3 + 5);
            assertThat(map).extractingByKey("a").extracting(Tensor::data).isEqualTo(t.data());
        }

        @Test
        void handsIntegersThrough() {
            Tensor labels = Tensor.of(new int[] {2});
            List<Tensor> gradient =
                    Transforms.grad(p -> p.get(0).gather(0, p.get(1)).sum(), List.of(x, labels));

            assertClose(gradient.get(0), Tensor.of(0, 0, 1));
            assertThat(gradient.get(1)).isSameAs(labels);
        }

        @Test
        void isZeroWhereNothingDepends() {
            List<Tensor> gradient = Transforms.grad(p -> p.get(0).sum(), List.of(x, Tensor.of(new float[] {1, 2})));

            assertThat(gradient.get(1).data()).isEqualTo(NdArray.zeros(DType.FLOAT32, Shape.of(2)));
            assertClose(Transforms.grad(p -> Tensor.scalar(3), x), Tensor.of(0, 0, 0));
        }

        @Test
        void ofAFloatArgumentIsFloat() {
            assertThat(Transforms.grad(TransformsTest::cubes, x.to(DType.FLOAT32))
                            .data())
                    .isEqualTo(NdArray.of(Shape.of(3), new float[] {0.75f, 3, 12}));
        }

        @Test
        void ofTheTensorItselfPassesThroughTwoPositions() {
            List<Tensor> gradient = Transforms.grad(p -> p.get(0).mul(p.get(1)).sum(), List.of(x, x));

            assertClose(gradient.get(0), x);
        }

        @Test
        @SuppressWarnings("CheckReturnValue") // Only the state after the call is tested.
        void accumulatesNowhereAndLeavesCapturedGraphsAlone() {
            Tensor w = Tensor.of(1, 2, 3).requiresGrad(true);
            Tensor computed = w.mul(2);
            Autograd.runWithoutGrad(
                    () -> Transforms.grad(p -> p.mul(computed).mul(w).sum(), x));
            computed.sum().backward();
            Tensor released = Transforms.grad(p -> p.mul(computed).sum(), x);

            assertClose(released, Tensor.of(2, 4, 6));
            assertClose(Objects.requireNonNull(w.grad()), Tensor.of(2, 2, 2));
        }

        @Test
        void isTrackedWhenSomethingCapturedIs() {
            Tensor w = Tensor.of(1, 2, 3).requiresGrad(true);
            Transforms.ValueAndGrad<Tensor> inner =
                    Transforms.valueAndGrad(p -> p.square().mul(w).sum(), x);

            assertThat(inner.gradient().requiresGrad()).isTrue();
            inner.gradient().sum().add(inner.value()).backward();
            assertClose(Objects.requireNonNull(w.grad()), x.mul(2).add(x.square()));
        }

        @Test
        void ofATensorThatRequiresOneStaysConnected() {
            Tensor leaf = x.requiresGrad(true);
            Transforms.grad(TransformsTest::cubes, leaf).sum().backward();

            assertClose(Objects.requireNonNull(leaf.grad()), x.mul(6));
        }

        @Test
        void isAConstantUnderNoGrad() {
            Tensor leaf = x.requiresGrad(true);
            Tensor gradient = Autograd.noGrad(() -> Transforms.grad(TransformsTest::cubes, leaf));

            assertClose(gradient, x.square().mul(3));
            assertThat(gradient.requiresGrad()).isFalse();
        }

        @Test
        void worksWithinARule() {
            Tensor leaf = x.requiresGrad(true);
            Tensor y = Autograd.op(
                    "cubes",
                    cubes(x).data(),
                    Edge.edge(leaf, g -> g.mul(Transforms.grad(TransformsTest::cubes, leaf))));
            Tensor first = Autograd.grad(y, GraphMode.CREATE, leaf);

            assertClose(first, x.square().mul(3));
            assertClose(Autograd.grad(first.sum(), leaf), x.mul(6));
        }
    }

    @Nested
    class Products {
        @Test
        void pullsSeveralTimes() {
            Transforms.Linear<Tensor, Tensor> vjp = Transforms.vjp(Tensor::square, x);

            assertClose(vjp.value(), x.square());
            assertThat(vjp.value().requiresGrad()).isFalse();
            assertClose(vjp.pull(Tensor.of(1, 1, 1)), x.mul(2));
            assertClose(vjp.pull(Tensor.of(0, 3, 0)), Tensor.of(0, -6, 0));
        }

        @Test
        void pushesAfterAPushWhoseRuleFailed() {
            AtomicBoolean fails = new AtomicBoolean(true);
            Function<Tensor, Tensor> f = t -> Autograd.op("twice", t.data().mul(2), Edge.edge(t, g -> {
                if (fails.getAndSet(false)) {
                    throw new IllegalStateException("once");
                }
                return g.mul(2);
            }));
            Transforms.Linear<Tensor, Tensor> linear = Transforms.linearize(f, x);

            assertThatThrownBy(() -> linear.push(x)).hasStackTraceContaining("once");
            assertClose(linear.push(x), x.mul(2));
        }

        @Test
        void pullsAndPushesStructures() {
            Function<Line, List<Tensor>> f = p -> List.of(p.at(x), p.slope(), Tensor.of(1));
            Line at = new Line(Tensor.scalar(2), Tensor.scalar(1));
            Line back = Transforms.vjp(f, at).pull(List.of(Tensor.of(1, 1, 1), Tensor.scalar(10), Tensor.of(5)));
            List<Tensor> tangent = Transforms.jvp(f, at, new Line(Tensor.scalar(1), Tensor.scalar(0)))
                    .tangent();

            assertThat(back.slope().item()).isEqualTo(1.5 + 10);
            assertThat(back.offset().item()).isEqualTo(3);
            assertClose(tangent.get(0), x);
            assertThat(tangent.get(1).item()).isEqualTo(1);
            assertClose(tangent.get(2), Tensor.of(0));
        }

        @Test
        void pushesForward() {
            Transforms.Jvp<Tensor> jvp = Transforms.jvp(Tensor::square, x, Tensor.of(1, 2, 3));

            assertClose(jvp.value(), x.square());
            assertClose(jvp.tangent(), x.mul(2).mul(Tensor.of(1, 2, 3)));
            assertThat(jvp.tangent().requiresGrad()).isFalse();
            assertClose(Transforms.jvp(t -> Tensor.of(4), x, x).tangent(), Tensor.of(0));
        }

        @Test
        void multipliesWithTheHessian() {
            Tensor v = Tensor.of(1, 2, 3);

            assertClose(Transforms.hvp(TransformsTest::cubes, x, v), x.mul(6).mul(v));
            assertClose(Transforms.vhp(TransformsTest::cubes, x, v), x.mul(6).mul(v));
            assertClose(Transforms.hvp(Tensor::sum, x, v), Tensor.of(0, 0, 0));
            assertClose(Transforms.hessian(TransformsTest::cubes, Tensor.of(1, 2)), Tensor.of(new double[][] {
                {6, 0}, {0, 12}
            }));
        }
    }

    @Nested
    class Errors {
        @Test
        void onlyAScalarHasAGradient() {
            assertThatExceptionOfType(ShapeException.class)
                    .isThrownBy(() -> Transforms.grad(Tensor::square, x))
                    .withMessage("grad: the function must return a floating scalar, but it returned FLOAT64 [3];"
                            + " reduce it, e.g. with sum() or mean(), or take vjp or jacobian");
            assertThatExceptionOfType(ShapeException.class)
                    .isThrownBy(() -> Transforms.hessian(Tensor::square, x))
                    .withMessageStartingWith("hessian: the function must return a floating scalar");
        }

        @Test
        void theArgumentMustContainAFloatingTensor() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Transforms.grad(p -> Tensor.scalar(1), Tensor.of(new int[] {1})))
                    .withMessage("grad: the argument, a Tensor, contains no floating tensor to differentiate"
                            + " with respect to");
        }

        @Test
        @SuppressWarnings("NullAway") // the mistake that is tested
        void theFunctionMustReturnSomething() {
            Function<Tensor, @Nullable Tensor> nothing = t -> null;

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Transforms.grad(nothing, x))
                    .withMessage("grad: the function returned null");
        }

        @Test
        void vectorsMustFitTheirSpace() {
            Line at = new Line(x, Tensor.scalar(1));

            assertThatExceptionOfType(ShapeException.class)
                    .isThrownBy(() -> Transforms.jvp(p -> p.at(x), at, new Line(Tensor.of(1, 2), Tensor.scalar(1))))
                    .withMessage("jvp: the tangent at .slope is FLOAT64 [2], but the argument is FLOAT64 [3] there");
            assertThatExceptionOfType(DTypeException.class)
                    .isThrownBy(() -> Transforms.vjp(Tensor::square, x).pull(x.to(DType.FLOAT32)))
                    .withMessage("vjp: the cotangent is FLOAT32 [3], but the value is FLOAT64 [3] there;"
                            + " convert with to(FLOAT64)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Transforms.hvp(p -> p.get(0).sum(), List.of(x, x), List.of(x)))
                    .withMessage("hvp: the argument at [1] is FLOAT64 [3], but the vector has no such tensor there");
        }

        @Test
        void aBatchMustBeKeptApart() {
            assertThatExceptionOfType(ShapeException.class)
                    .isThrownBy(() -> Transforms.jacobian(Tensor::sum, x, JacobianMode.BATCH))
                    .withMessage("jacobian: of an argument with 1 along axis 0 the function made [];"
                            + " it must take [k, in...] to [k, out...], one entry for each");
            assertThatExceptionOfType(ShapeException.class)
                    .isThrownBy(() -> Transforms.jacobian(t -> t.reshape(1, -1), x, JacobianMode.BATCH))
                    .withMessage("jacobian: of an argument with 3 along axis 0 the function made [1, 9];"
                            + " it must take [k, in...] to [k, out...], one entry for each");
            assertThatExceptionOfType(ShapeException.class)
                    .isThrownBy(() -> Transforms.jacobian(
                            t -> Tensor.concat(1, t, t.matmul(t.transpose())), x, JacobianMode.BATCH))
                    .withMessage("jacobian: of 1 point the function made [1, 4], of 3 points [3, 6];"
                            + " in a batch it must take [k, in...] to [k, out...] for any k");
            assertThatExceptionOfType(ShapeException.class)
                    .isThrownBy(() -> Transforms.batchJacobian(t -> t, Tensor.scalar(1)))
                    .withMessage("batchJacobian: the argument is a scalar; expected rows along axis 0");
        }

        @Test
        void aRuleOfFirstOrderIsNamed() {
            Function<Tensor, Tensor> f =
                    t -> Autograd.op("table", t.data(), Edge.edge(t, Autograd.firstOrder("table", g -> g.mul(2))));

            assertClose(Transforms.vjp(f, x).pull(x), x.mul(2));
            assertThatExceptionOfType(GraphException.class)
                    .isThrownBy(() -> Transforms.jvp(f, x, x))
                    .withMessageContaining("the backward rule of 'table' is declared first-order only");
        }
    }

    @Nested
    class Structures {
        private final Tensor one = Tensor.scalar(1);
        private final Tensor two = Tensor.scalar(2);

        @Test
        void aFunctionMayChangeTheArrayThatItIsGiven() {
            Tensor[] gradient = Transforms.grad(
                    p -> {
                        Tensor product = p[0].mul(p[1]);
                        Arrays.fill(p, null);
                        return product;
                    },
                    new Tensor[] {one, two});

            assertThat(gradient[0].item()).isEqualTo(2);
            assertThat(gradient[1].item()).isEqualTo(1);
        }

        @Test
        void productsDoNotReadTheArgumentOrTheValueAgain() {
            List<Tensor> argument = new ArrayList<>(List.of(one, two));
            Transforms.Linear<List<Tensor>, Tensor[]> linear =
                    Transforms.linearize(p -> new Tensor[] {p.get(0).mul(p.get(1))}, argument);
            argument.clear();
            linear.value()[0] = Tensor.ones(5);

            assertThat(linear.push(List.of(one, one))[0].item()).isEqualTo(3);
            assertThat(linear.pull(new Tensor[] {one})).extracting(Tensor::item).containsExactly(2.0, 1.0);
        }

        @Test
        void productsWithTangentsOutliveTheStepThatComputedTheFirst() {
            Transforms.Linear<Tensor, Tensor> linear = Transforms.linearize((Tensor x) -> x.pow(3), Tensor.of(1, 2));
            new Workspace().run(() -> {
                var unused = linear.push(Tensor.ones(2));
            });

            assertClose(linear.push(Tensor.ones(2)), Tensor.of(3, 12));
        }

        @Test
        @SuppressWarnings("NullAway") // null is what is tested
        void nullIsRefusedByName() {
            assertThatThrownBy(() -> Transforms.grad((Function<Tensor, Tensor>) null, one))
                    .hasMessage("grad: the function is null");
            assertThatThrownBy(() -> Transforms.grad((Tensor x) -> x, null)).hasMessage("grad: the argument is null");
            assertThatThrownBy(() -> Transforms.jacobian((Tensor x) -> x, one, null))
                    .hasMessage("jacobian: the mode is null");
        }
    }
}
