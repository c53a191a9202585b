package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.Leaves.numbers;
import static io.adjoint.autograd.TestMemory.isCollected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests which arrays a graph keeps, and which gradients and graphs remain after a pass, and after a pass that failed. */
class EngineStateTest {
    private final Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
    private final Tensor y = Tensor.of(4, 5, 6).requiresGrad(true);

    private static NdArray vector(double... values) {
        return NdArray.of(Shape.of(values.length), values);
    }

    @Test
    void aDiamondSumsBothSides() {
        Tensor top = x.mul(y);
        top.mul(2).add(top.square()).sum().backward();
        assertThat(numbers(x.grad())).containsExactly(4 * (2 + 8), 5 * (2 + 20), 6 * (2 + 36));
    }

    @Test
    void oneGradientThatGoesTwoWaysIsNotAddedIntoInPlace() {
        Tensor a = x.add(y);
        Tensor b = a.add(x);
        Tensor c = b.add(a).add(b);
        c.sum().backward();
        assertThat(numbers(x.grad())).containsExactly(5, 5, 5);
        assertThat(numbers(y.grad())).containsExactly(3, 3, 3);
    }

    @Test
    void theArrivingGradientIsNeverWrittenTo() {
        NdArray upstream = vector(1, 10, 100);
        x.add(x).add(x).add(x).backward(Tensor.of(upstream));
        assertThat(upstream).isEqualTo(vector(1, 10, 100));
        assertThat(Leaves.gradient(x)).isEqualTo(vector(4, 40, 400));
    }

    @Test
    void theGradientOfAnOutputWithRespectToItselfIsWhatArrives() {
        assertThat(Autograd.grad(x, Tensor.of(7, 8, 9), GraphMode.FREE, x).data())
                .isEqualTo(vector(7, 8, 9));
        x.backward(Tensor.of(7, 8, 9));
        assertThat(Leaves.gradient(x)).isEqualTo(vector(7, 8, 9));
    }

    @Test
    @SuppressWarnings("CheckReturnValue") // Only the state after the call is tested.
    void gradAccumulatesNowhere() {
        Autograd.grad(x.mul(y).sum(), x);
        assertThat(x.grad()).isNull();
        assertThat(y.grad()).isNull();
    }

    @Test
    void anInputThatTheOutputDoesNotDependOnLeavesTheGraphAsItWas() {
        Tensor loss = x.square().sum();
        assertThatThrownBy(() -> Autograd.grad(loss, x, y)).isInstanceOf(GraphException.class);
        loss.backward();
        assertThat(Leaves.gradient(x)).isEqualTo(vector(2, 4, 6));
    }

    @Test
    void aPlainPassLeavesGradientsThatRequireNone() {
        Tensor seed = Tensor.of(1, 1, 1).requiresGrad(true).mul(2);
        x.add(y).backward(seed);
        assertThat(x.grad())
                .isNotNull()
                .satisfies(g -> assertThat(g.requiresGrad()).isFalse());
        assertThat(Autograd.grad(x.mul(y), seed, GraphMode.FREE, x).requiresGrad())
                .isFalse();
        assertThat(Autograd.grad(x.mul(y), seed, GraphMode.CREATE, x).requiresGrad())
                .isTrue();
    }

    @Test
    void recordedGradientsAreDifferentiableWithRespectToWhatArrived() {
        Tensor seed = Tensor.of(1, 1, 1).requiresGrad(true);
        Tensor gradient = Autograd.grad(x.mul(y), seed, GraphMode.CREATE, x);
        assertThat(Autograd.grad(gradient.sum(), seed).data()).isEqualTo(y.data());
    }

    /** Operations whose backward rules need shapes only, so that the graph keeps no array for them. */
    static List<UnaryOperator<Tensor>> operationsThatSaveNothing() {
        return List.of(
                a -> a.add(Tensor.scalar(1)),
                a -> a.sub(Tensor.scalar(1)),
                a -> a.mul(3),
                a -> a.div(3),
                Tensor::neg,
                a -> a.reshape(3, 1),
                a -> a.unsqueeze(0),
                a -> a.unsqueeze(0).transpose(),
                a -> a.slice(0, 1, 3),
                a -> a.flip(0),
                a -> a.broadcastTo(Shape.of(2, 3)),
                a -> a.sumTo(Shape.of(1)),
                a -> a.sum(),
                a -> a.mean(),
                a -> a.gather(0, Tensor.of(new int[] {0, 2})),
                a -> a.to(DType.FLOAT32),
                a -> Tensor.concat(0, a, a),
                a -> Tensor.where(Tensor.of(true, false, true), a, Tensor.scalar(0)),
                a -> a.unsqueeze(0).matmul(Tensor.of(new double[][] {{1}, {2}, {3}})));
    }

    @ParameterizedTest
    @MethodSource("operationsThatSaveNothing")
    void anInputThatNoRuleReadsIsNotKeptByTheGraph(UnaryOperator<Tensor> operation) throws InterruptedException {
        List<Tensor> output = new ArrayList<>();
        WeakReference<NdArray> input = intermediate(operation, output);
        // Some of the operations return views of the input's elements, so the output is a sum of the view and a
        // number: it refers to an array of its own.
        assertThat(isCollected(input)).isTrue();
        Tensor result = output.get(0);
        result.backward(Tensor.onesLike(result));
        assertThat(x.grad()).isNotNull();
    }

    private WeakReference<NdArray> intermediate(UnaryOperator<Tensor> operation, List<Tensor> output) {
        Tensor input = x.add(y);
        output.add(operation
                .apply(input)
                .add(Tensor.of(NdArray.scalar(operation.apply(input).dtype(), 1))));
        return new WeakReference<>(input.data());
    }

    @Test
    void changingAnOperandThatItsOwnGradientDoesNotNeedIsFine() {
        Tensor left = Tensor.of(new double[][] {{1, 2}});
        Tensor right = Tensor.of(new double[][] {{3}, {4}}).requiresGrad(true);
        Tensor product = left.matmul(right);
        right.assign(NdArray.of(Shape.of(2, 1), 0, 0));
        product.sum().backward();
        assertThat(numbers(right.grad())).containsExactly(1, 2);
    }

    @Test
    void aFailingRuleLeavesRecordingOn() {
        Tensor broken = op("broken", x.data(), edge(x, g -> {
            throw new IllegalArgumentException("no rule");
        }));
        assertThatThrownBy(() -> broken.sum().backward()).hasMessage("no rule");
        assertThat(Autograd.isRecording()).isTrue();
        assertThat(x.mul(2).requiresGrad()).isTrue();
        assertThat(x.grad()).isNull();
    }

    @Test
    void aRuleMayRunABackwardPassOfItsOwn() {
        Tensor z = Tensor.of(2).requiresGrad(true);
        Tensor outer = op("outer", x.data(), edge(x, g -> {
            Autograd.enableGrad(() -> z.square().sum()).backward();
            return g.mul(3);
        }));
        outer.sum().backward();
        assertThat(Leaves.gradient(x)).isEqualTo(vector(3, 3, 3));
        assertThat(Leaves.gradient(z)).isEqualTo(vector(4));
    }

    @Test
    void theSameGraphWalkedTwiceGivesTheSameBits() {
        Tensor value = x;
        for (int k = 0; k < 50; k++) {
            value = value.mul(y).tanh().add(x.mul(value)).add(value.div(3));
        }
        Tensor loss = value.sum();
        NdArray first = Autograd.grad(loss, GraphMode.KEEP, x).data();
        for (int round = 0; round < 10; round++) {
            assertThat(Autograd.grad(loss, GraphMode.KEEP, x).data()).isEqualTo(first);
        }
    }

    @Test
    void noGradWithinEnableGradWithinNoGrad() {
        Autograd.runWithoutGrad(() -> {
            assertThat(Autograd.isRecording()).isFalse();
            Autograd.enableGrad(() -> {
                Autograd.runWithoutGrad(() -> assertThat(Autograd.isRecording()).isFalse());
                assertThat(Autograd.isRecording()).isTrue();
                return true;
            });
            assertThat(Autograd.isRecording()).isFalse();
            assertThat(Tensor.of(1).requiresGrad(true).requiresGrad()).isTrue();
        });
        assertThat(Autograd.isRecording()).isTrue();
    }

    @Test
    void anEdgeToAConstantIsDroppedWithWhatItsRuleCaptured() throws InterruptedException {
        List<Tensor> output = new ArrayList<>();
        WeakReference<Object> captured = recordWithConstant(output);
        assertThat(isCollected(captured)).isTrue();
        assertThat(output.get(0).requiresGrad()).isTrue();
    }

    private WeakReference<Object> recordWithConstant(List<Tensor> output) {
        Object large = new Object();
        output.add(op("half", x.data(), edge(x, g -> g), edge(Tensor.of(1, 2, 3), g -> {
            throw new IllegalStateException("" + large);
        })));
        return new WeakReference<>(large);
    }
}
