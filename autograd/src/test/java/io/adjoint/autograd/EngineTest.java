package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.noGrad;
import static io.adjoint.autograd.Leaves.numbers;
import static io.adjoint.autograd.TestMemory.allocatedBy;
import static io.adjoint.autograd.TestMemory.areCollected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EngineTest {
    private final Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
    private final Tensor y = Tensor.of(4, 5, 6).requiresGrad(true);

    @Test
    void aTensorUsedTwiceGetsBothGradients() {
        x.add(y).add(x).sum().backward();
        assertThat(numbers(x.grad())).containsExactly(2, 2, 2);
        assertThat(numbers(y.grad())).containsExactly(1, 1, 1);
    }

    @Test
    void theProductOfTwoVectorsIsAScalarThatHasAGradientOfItsOwn() {
        Tensor product = x.matmul(y);
        assertThat(product.shape()).isEqualTo(Shape.scalar());
        product.backward();
        assertThat(numbers(x.grad())).containsExactly(4, 5, 6);
    }

    @Test
    void gradientsAccumulateUntilTheyAreCleared() {
        x.sum().backward();
        x.mul(2).sum().backward();
        assertThat(numbers(x.grad())).containsExactly(3, 3, 3);
        x.zeroGrad();
        assertThat(x.grad()).isNull();
    }

    @Test
    void leavesThatSharedAGradientArrayDoNotDisturbEachOther() {
        x.add(y).sum().backward();
        x.sum().backward();
        assertThat(numbers(x.grad())).containsExactly(2, 2, 2);
        assertThat(numbers(y.grad())).containsExactly(1, 1, 1);
    }

    @Test
    void aGradientThatTheUserHoldsDoesNotChangeLater() {
        x.sum().backward();
        Tensor held = x.grad();
        x.sum().backward();
        assertThat(held)
                .isNotNull()
                .satisfies(g -> assertThat(g.data().toDoubleArray()).containsExactly(1, 1, 1));
    }

    @Test
    void anInputOfAThousandOperationsSumsThemAll() {
        Tensor shared = x.mul(1);
        Tensor sum = Tensor.of(0);
        for (int k = 0; k < 100_000; k++) {
            sum = sum.add(shared);
        }
        sum.sum().backward();
        assertThat(numbers(x.grad())).containsExactly(100_000, 100_000, 100_000);
    }

    @Test
    void aLeafMayBeUsedAMillionTimes() {
        Tensor one = Tensor.of(1).requiresGrad(true);
        Tensor sum = Tensor.of(0);
        for (int k = 0; k < 1_000_000; k++) {
            sum = sum.add(one);
        }
        sum.sum().backward();
        assertThat(numbers(one.grad())).containsExactly(1_000_000);
    }

    @Test
    void oneOperationMayHaveTenThousandInputs() {
        Tensor[] parts = new Tensor[10_000];
        Arrays.setAll(parts, k -> Tensor.of(k).requiresGrad(true));
        Tensor[] squares = Arrays.stream(parts).map(Tensor::square).toArray(Tensor[]::new);
        Tensor.concat(0, squares).sum().backward();
        assertThat(numbers(parts[9_999].grad())).containsExactly(2 * 9_999);
    }

    @Test
    void aBackwardThatFailsOnItsWayLeavesEveryGradientAsItWas() {
        Tensor shared = x.exp();
        Tensor younger = Tensor.of(1, 1, 1).requiresGrad(true);
        shared.sum().backward();
        double[] before = numbers(x.grad());
        assertThatThrownBy(() -> shared.mul(younger).sum().backward()).isInstanceOf(GraphException.class);
        assertThat(younger.grad()).isNull();
        assertThat(numbers(x.grad())).containsExactly(before);
    }

    @Test
    void aKeptGraphCanBeWalkedAgain() {
        Tensor loss = x.mul(y).sum();
        loss.backward(GraphMode.KEEP);
        loss.backward();
        assertThat(numbers(x.grad())).containsExactly(8, 10, 12);
    }

    @Test
    void gradientsOfGradientsNeedNothingMore() {
        Tensor cube = x.mul(x).mul(x).sum();
        Tensor first = Autograd.grad(cube, GraphMode.CREATE, x);
        Tensor second = Autograd.grad(first.sum(), GraphMode.CREATE, x);
        Tensor third = Autograd.grad(second.sum(), x);
        assertThat(first.data().toDoubleArray()).containsExactly(3, 12, 27);
        assertThat(second.data().toDoubleArray()).containsExactly(6, 12, 18);
        assertThat(third.data().toDoubleArray()).containsExactly(6, 6, 6);
    }

    @Test
    void oneInputHasAGradientAndSeveralInputsHaveAListOfThem() {
        Tensor product = x.mul(y);
        Tensor seed = Tensor.of(1, 0, 2);

        assertThat(Autograd.grad(product.sum(), GraphMode.KEEP, x, y))
                .extracting(Tensor::data)
                .containsExactly(y.data(), x.data());
        assertThat(Autograd.grad(product.sum(), GraphMode.KEEP, x).data()).isEqualTo(y.data());
        assertThat(Autograd.grad(product, seed, GraphMode.KEEP, x).data())
                .isEqualTo(y.mul(seed).data());
        assertThat(Autograd.grad(product.sum(), x).data()).isEqualTo(y.data());
    }

    @Test
    void anIntermediateTensorsGradientCanBeAskedFor() {
        Tensor product = x.mul(y);
        assertThat(Autograd.grad(product.mul(product).sum(), product).data().toDoubleArray())
                .containsExactly(8, 20, 36);
    }

    @Test
    void theGradientsBeginWithTheUpstreamGradient() {
        x.mul(y).backward(Tensor.of(1, 10, 100));

        assertThat(numbers(x.grad())).containsExactly(4, 50, 600);
    }

    @Test
    void noGradRecordsNothingAndEndsWithItsBody() {
        Tensor inside = noGrad(() -> {
            Tensor recorded = Autograd.enableGrad(() -> x.mul(2));
            assertThat(recorded.requiresGrad()).isTrue();
            return x.mul(2);
        });
        assertThat(inside.requiresGrad()).isFalse();
        assertThatThrownBy(() -> noGrad(() -> {
                    throw new IllegalStateException("inside");
                }))
                .hasMessage("inside");
        assertThat(Autograd.isRecording()).isTrue();
        assertThat(x.mul(2).requiresGrad()).isTrue();
    }

    @Test
    void noGradConcernsItsOwnThreadOnly() throws InterruptedException {
        boolean[] other = {false};
        Autograd.runWithoutGrad(() -> {
            Thread thread = new Thread(() -> other[0] = Autograd.isRecording());
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(other[0]).isTrue();
    }

    @Test
    void aValueThatARuleSavedMustNotChangeBeforeIt() {
        Tensor product = x.mul(y);
        y.assign(NdArray.of(Shape.of(3), 0, 0, 0));
        assertThatThrownBy(() -> product.sum().backward())
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("a value of shape [3] that 'mul' saved was changed in place")
                .hasMessageContaining("call backward before changing parameters");
    }

    @Test
    void aChangeIsNoticedThroughAView() {
        Tensor w = Tensor.of(new double[][] {{1, 2}, {3, 4}}).requiresGrad(true);
        Tensor product = Tensor.of(new double[][] {{1, 1}}).requiresGrad(true).matmul(w.transpose());
        w.assign(NdArray.of(Shape.of(2, 2), 0, 0, 0, 0));
        assertThatThrownBy(() -> product.sum().backward()).hasMessageContaining("'matmul' saved was changed in place");
    }

    @Test
    void aValueThatNoRuleSavedMayChange() {
        Tensor sum = x.add(y);
        y.assign(NdArray.of(Shape.of(3), 0, 0, 0));
        sum.sum().backward();
        assertThat(numbers(y.grad())).containsExactly(1, 1, 1);
    }

    @Test
    void aComputationAfterTheChangeUsesTheNewValue() {
        y.assign(NdArray.of(Shape.of(3), 7, 8, 9));
        x.mul(y).sum().backward();
        assertThat(numbers(x.grad())).containsExactly(7, 8, 9);
    }

    @Test
    void aLeafThatRequiresAGradientCannotStopRequiringIt() {
        assertThatThrownBy(() -> x.requiresGrad(false))
                .isInstanceOf(GraphException.class)
                .hasMessage(
                        "requiresGrad: this leaf of shape [3] requires a gradient, and every use of it counts on that;"
                                + " detach() gives a constant over the same elements, and a parameter that the optimizer is not"
                                + " given stays as it is");
        Tensor constant = x.detach();
        assertThat(constant.requiresGrad(false)).isSameAs(constant);
        assertThat(x.requiresGrad(true)).isSameAs(x);
    }

    @Test
    void aGradientIsConvertedBackWithItsTensor() {
        x.to(DType.FLOAT32).mul(2).sum().backward();
        assertThat(x.grad()).isNotNull().satisfies(g -> assertThat(g.dtype()).isEqualTo(DType.FLOAT64));
    }

    @Test
    void everyContributionOfManyThreadsCountsOnce() throws InterruptedException {
        Tensor leaf = Tensor.of(1, 2).requiresGrad(true);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 64; t++) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                for (int k = 0; k < 1_000; k++) {
                    leaf.mul(3).sum().backward();
                }
            });
            threads.add(thread);
            thread.start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(numbers(leaf.grad())).containsExactly(192_000, 192_000);
    }

    @Test
    void gradientsOfViewsArriveWhereTheViewsWere() {
        Tensor whole = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}}).requiresGrad(true);
        for (GraphMode graph : List.of(GraphMode.FREE, GraphMode.CREATE)) {
            whole.zeroGrad();
            Tensor square = whole.square();
            square.select(0, 0)
                    .mul(10)
                    .sum()
                    .add(square.slice(1, 2, -1, -2).mul(Tensor.of(100, 200)).sum())
                    .add(square.diagonal().mul(1000).sum())
                    .add(square.sum())
                    .add(square.get("None, 1, :2").sum())
                    .backward(graph);
            assertThat(numbers(whole.grad())).containsExactly(2 * 1211, 4 * 11, 6 * 111, 8 * 202, 10 * 1002, 12 * 101);
        }
    }

    @Test
    void thePowerZeroOfAMatrixIsTheIdentityWhateverItsElements() {
        Tensor matrix = Tensor.of(new double[][] {{Double.POSITIVE_INFINITY, 2}, {3, Double.NaN}})
                .requiresGrad(true);
        Tensor power = matrix.matrixPower(0);
        power.sum().backward();
        assertThat(power.data().toDoubleArray()).containsExactly(1, 0, 0, 1);
        assertThat(numbers(matrix.grad())).containsExactly(0, 0, 0, 0);
    }

    @Test
    void viewsShareOneArrayOfGradients() {
        Tensor whole = Tensor.zeros(256, 1024).requiresGrad(true);
        Tensor total = whole.unbind(0).stream().map(Tensor::sum).reduce(Tensor.scalar(0), Tensor::add);

        assertThat(allocatedBy(total::backward)).isLessThan(4L * whole.shape().size() * Double.BYTES);
        assertThat(numbers(whole.grad())).containsOnly(1);
    }

    @Test
    void afterBackwardEveryIntermediateIsCollectable() throws InterruptedException {
        List<WeakReference<Object>> intermediates = new ArrayList<>();
        Tensor loss = buildAndRemember(intermediates);
        loss.backward();
        assertThat(intermediates).hasSize(400);
        assertThat(areCollected(intermediates)).isTrue();
        assertThat(loss.shape()).isEqualTo(Shape.scalar());
    }

    private Tensor buildAndRemember(List<WeakReference<Object>> intermediates) {
        Tensor value = x;
        for (int k = 0; k < 100; k++) {
            value = value.mul(y).tanh();
            intermediates.add(new WeakReference<>(value));
            intermediates.add(new WeakReference<>(value.data()));
            value = value.add(1);
            intermediates.add(new WeakReference<>(value));
            intermediates.add(new WeakReference<>(value.data()));
        }
        return value.sum();
    }
}
