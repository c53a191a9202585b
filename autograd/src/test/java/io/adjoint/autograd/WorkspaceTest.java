package io.adjoint.autograd;

import static io.adjoint.autograd.TestMemory.allocatedBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

class WorkspaceTest {
    private static final int N = 128;

    private static Tensor loss(Tensor x, Tensor w) {
        return x.matmul(w).tanh().add(x).softmax(1).square().mul(w).sum();
    }

    @Test
    void stepsInAWorkspaceHaveTheBitsOfStepsWithout() {
        SplittableRandom random = new SplittableRandom(1);
        Tensor x = Tensor.uniform(-1, 1, random, N, N);
        Tensor w = Tensor.uniform(-1, 1, random, N, N).requiresGrad(true);
        Tensor v = w.detach().requiresGrad(true);
        Workspace workspace = new Workspace();
        for (int step = 0; step < 5; step++) {
            double own = workspace.run(() -> {
                Tensor loss = loss(x, w);
                loss.backward();
                return loss.item();
            });
            Tensor loss = loss(x, v);
            loss.backward();
            assertThat(own).isEqualTo(loss.item());
            assertThat(grad(w).data().toDoubleArray()).isEqualTo(grad(v).data().toDoubleArray());
        }
    }

    @Test
    void resultsEndWithTheirStepUnlessTheyAreKept() {
        Tensor x = Tensor.ones(N, N);
        List<Tensor> results = new ArrayList<>();
        Tensor kept = new Workspace().run(() -> {
            results.add(x.add(1));
            results.add(x.add(1).transpose());
            results.add(x.sum(Dims.KEEP, 0));
            return Workspace.keep(x.add(2));
        });
        assertThat(kept.sum().item()).isEqualTo(3.0 * N * N);
        for (Tensor result : results) {
            assertThatThrownBy(() -> result.add(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'add' reads");
            assertThatThrownBy(result::sum).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> result.matmul(result)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(result::transpose).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> result.data().toDoubleArray()).isInstanceOf(IllegalStateException.class);
            assertThat(result.toString()).contains("ended with its step");
        }
    }

    @Test
    void aBackwardPassThroughAnEarlierStepIsRefused() {
        Tensor w = Tensor.ones(N, N).requiresGrad(true);
        Tensor loss = new Workspace().run(() -> w.exp().sum());
        assertThatThrownBy(loss::backward)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended with its step");
        assertThat(w.grad()).isNull();
    }

    @Test
    void theErrorOfABackwardPassNamesTheOperationWhoseBackwardRuleReads() {
        Tensor w = Tensor.ones(2, 3).requiresGrad(true);
        Tensor loss = new Workspace().run(() -> Workspace.keep(w.exp().sum()));
        assertThatThrownBy(loss::backward)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the backward rule of 'exp': 'backward' reads an array of the shape [2, 3]");
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void nullIsRefusedByAMessageThatNamesTheArgument() {
        for (Workspace workspace : List.of(new Workspace(), Workspace.none())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> workspace.run((Supplier<?>) null))
                    .withMessage("Workspace.run: the step is null");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> workspace.run((Runnable) null))
                    .withMessage("Workspace.run: the step is null");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workspace.keep(null))
                .withMessage("Workspace.keep: the tensor is null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workspace.outside(null))
                .withMessage("Workspace.outside: the body is null");
    }

    @Test
    void aStepThatFailsEndsToo() {
        Workspace workspace = new Workspace();
        List<Tensor> results = new ArrayList<>();
        assertThatThrownBy(() -> workspace.run(() -> {
                    results.add(Tensor.ones(N, N).exp());
                    throw new ArithmeticException("in the middle");
                }))
                .hasMessage("in the middle");
        assertThatThrownBy(() -> results.get(0).add(1)).isInstanceOf(IllegalStateException.class);
        assertThat(workspace.run(() -> Tensor.ones(N, N).sum().item())).isEqualTo(N * N);
    }

    @Test
    void resultsInNoWorkspaceLiveOnAlsoWithinAStep() {
        Tensor y = new Workspace()
                .run(() -> Workspace.none().run(() -> Tensor.ones(N, N).add(1)));
        assertThat(y.sum().item()).isEqualTo(2.0 * N * N);
    }

    @Test
    void stepsWithinAStepEndFirstAndWhatIsKeptLivesOnAfterBoth() {
        Workspace workspace = new Workspace();
        List<Tensor> inner = new ArrayList<>();
        Tensor kept = workspace.run(() -> {
            Tensor x = Tensor.ones(N, N).exp();
            Tensor both = workspace.run(() -> {
                inner.add(x.add(1));
                return Workspace.keep(x.add(2));
            });
            assertThatThrownBy(() -> inner.get(0).sum()).isInstanceOf(IllegalStateException.class);
            return Workspace.keep(both.sub(x));
        });
        for (int k = 0; k < 3; k++) {
            workspace.run(() -> Tensor.ones(N, N).exp().mul(-7).sum().item());
        }
        assertThat(kept.mean().item()).isCloseTo(2, within(1e-12));
    }

    @Test
    void whatAFusedFunctionDeferredIsRefusedAfterTheStep() {
        List<Tensor> deferred = new ArrayList<>();
        new Workspace()
                .run(() -> Transforms.fused(
                        x -> {
                            deferred.add(x);
                            deferred.add(x.exp());
                            return deferred.get(1).mul(x);
                        },
                        Tensor.ones(N, N).add(1)));
        assertThat(deferred)
                .allSatisfy(x -> assertThatThrownBy(() -> x.mul(2).sum())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("ended with its step"));
    }

    @Test
    void aRuleMayIgnoreAnUpstreamGradientThatHasEnded() {
        for (int length = 1; length < 6; length++) {
            assertThat(gradientPastAnEndedOne(new Workspace(), length))
                    .isEqualTo(gradientPastAnEndedOne(Workspace.none(), length));
        }
    }

    private static double[] gradientPastAnEndedOne(Workspace workspace, int length) {
        Tensor x = Tensor.uniform(-1, 1, new SplittableRandom(1), N, N).requiresGrad(true);
        for (int step = 0; step < 3; step++) {
            workspace.run(() -> {
                Tensor y = x.matmul(x.detach());
                NdArray values = y.data().copy();
                Tensor constant = Autograd.op("constant", values, Edge.edge(y, g -> Tensor.ones(N, N)));
                Tensor other = y;
                for (int k = 0; k < length; k++) {
                    other = other.tanh();
                }
                Tensor ending = Autograd.op("end", values, Edge.edge(constant, g -> workspace.run(() -> g.mul(2))));
                ending.sum().add(other.sum()).backward();
            });
        }
        return grad(x).data().toDoubleArray();
    }

    @Test
    void anEndedTensorCannotBeKept() {
        Tensor ended = new Workspace().run(() -> Tensor.ones(N, N).add(1));
        assertThatThrownBy(() -> Workspace.keep(ended))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Workspace.keep: the step that computed this tensor of the shape [128, 128] has ended; keep it"
                                + " within the step, in a Trainer in the function of the batch or in onBatch");
    }

    @Test
    void valuesOfTheCallerLiveOn() {
        List<Tensor> own = new ArrayList<>();
        new Workspace().run(() -> {
            own.add(Tensor.of(1, 2, 3));
            own.add(Tensor.of(new double[][] {{1, 2, 3}}));
            own.add(Tensor.of(NdArray.generate(DType.FLOAT32, Shape.of(3), k -> k + 1)));
        });
        assertThat(own).allSatisfy(x -> assertThat(x.sum().item()).isEqualTo(6));
    }

    @Test
    void checkpointsFusedFunctionsAndSecondDerivativesHaveTheBitsThatTheyHaveWithout() {
        SplittableRandom random = new SplittableRandom(2);
        Tensor x = Tensor.uniform(-1, 1, random, N, N);
        Workspace workspace = new Workspace();
        for (int step = 0; step < 3; step++) {
            assertThat(workspace.run(() -> derivatives(x))).isEqualTo(derivatives(x));
        }
    }

    @Test
    @DisabledIfSystemProperty(named = "adjoint.reuse", matches = "false", disabledReason = "asks for reuse")
    void aStepAllocatesNoLargeArrayAfterTheFirstOnes() {
        Tensor w = Tensor.ones(8 * N, N).requiresGrad(true);
        Workspace workspace = new Workspace();
        Runnable step = () -> {
            w.zeroGrad();
            w.mul(2).exp().sum().backward();
        };
        workspace.run(step);
        workspace.run(step);
        assertThat(allocatedBy(() -> workspace.run(step))).isLessThan(8L * N * N * Double.BYTES);
    }

    @Test
    @DisabledIfSystemProperty(named = "adjoint.reuse", matches = "false", disabledReason = "asks for reuse")
    void rowsThatAreAddedToTheGradientOfATiedTableAllocateNoFurtherTable() {
        Tensor table = Tensor.ones(8 * N, N).requiresGrad(true);
        Tensor vector = Tensor.ones(N, 1);
        Workspace workspace = new Workspace();
        Runnable step = () -> {
            table.zeroGrad();
            Tensor rows = table.indexSelect(0, 3, 5);
            rows.sum().add(table.matmul(vector).sum()).backward();
        };
        workspace.run(step);
        workspace.run(step);
        assertThat(allocatedBy(() -> workspace.run(step))).isLessThan(8L * N * N * Double.BYTES);
    }

    /** A hash of first and second derivatives of a function with a checkpoint and a fused part. */
    private static int derivatives(Tensor x) {
        Tensor w = x.add(0.5).detach().requiresGrad(true);
        Tensor y = Transforms.checkpoint(v -> loss(x, v), w)
                .add(Transforms.fused(v -> v.exp().mul(v).tanh(), w).sum());
        Tensor g = Autograd.grad(y, GraphMode.CREATE, w);
        g.square().sum().backward();
        return 31 * g.data().hashCode() + grad(w).data().hashCode();
    }

    private static Tensor grad(Tensor leaf) {
        return Objects.requireNonNull(leaf.grad());
    }
}
