package io.adjoint.autograd;

import static io.adjoint.autograd.Leaves.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.Generator;
import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.RandomStreams;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class HookTest {
    private final Tensor x = Tensor.of(1, 2).requiresGrad(true);

    @Test
    void aHookSeesTheSummedGradientAndReplacesIt() {
        List<Tensor> seen = new ArrayList<>();
        Tensor y = x.mul(3);
        y.onGradient(g -> {
            seen.add(g);
            return g.mul(10);
        });
        y.add(y).sum().backward();
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).data()).isEqualTo(NdArray.of(Shape.of(2), 2, 2));
        assertThat(numbers(x.grad())).containsExactly(60, 60);
    }

    @Test
    void aHookIsTakenOffOnceHoweverOftenItsFunctionIsRegistered() {
        UnaryOperator<Tensor> twice = g -> g.mul(2);
        Hook first = x.onGradient(twice);
        x.onGradient(twice);
        first.remove();
        first.remove();
        x.sum().backward();

        assertThat(numbers(x.grad())).containsExactly(2, 2);
    }

    @Test
    void hooksRunInTheOrderOfRegistrationThenTheGradientIsKeptThenTheHooksAfterAccumulation() {
        List<String> order = new ArrayList<>();
        x.onGradient(g -> {
            order.add("first");
            return g.mul(2);
        });
        x.onGradient(g -> {
            order.add("second");
            return g.add(1);
        });
        x.afterAccumulation(leaf -> order.add("after " + leaf.grad()));
        x.sum().backward();
        assertThat(order).containsExactly("first", "second", "after [3., 3.]");
    }

    @Test
    void aHookAfterAccumulationThatThrowsLeavesAllGradientsAccumulated() {
        Tensor a = Tensor.of(2).requiresGrad(true);
        Tensor b = Tensor.of(3).requiresGrad(true);
        b.afterAccumulation(leaf -> {
            throw new IllegalStateException("full");
        });
        assertThatThrownBy(() -> a.mul(b).sum().backward()).hasMessage("full");
        assertThat(numbers(a.grad())).containsExactly(3);
        assertThat(numbers(b.grad())).containsExactly(2);
    }

    @Test
    void aHookAfterAccumulationSeesTheGradientsOfAllLeaves() {
        Tensor a = Tensor.of(2).requiresGrad(true);
        Tensor b = Tensor.of(3).requiresGrad(true);
        List<String> seen = new ArrayList<>();
        a.afterAccumulation(leaf -> seen.add(a.grad() + " " + b.grad()));
        b.afterAccumulation(leaf -> seen.add(a.grad() + " " + b.grad()));
        a.mul(b).sum().backward();
        assertThat(seen).containsExactly("[3.] [2.]", "[3.] [2.]");
    }

    @Test
    void aRemovedHookNoLongerRuns() {
        Hook hook = x.onGradient(g -> g.mul(100));
        hook.remove();
        hook.remove();
        Hook after = x.afterAccumulation(leaf -> leaf.zeroGrad());
        after.remove();
        x.sum().backward();
        assertThat(numbers(x.grad())).containsExactly(1, 1);
    }

    @Test
    void aRetainedGradientIsThatAfterTheHooksAndAccumulates() {
        Tensor y = x.mul(3).retainGrad();
        y.onGradient(g -> g.mul(2));
        Tensor sum = y.sum();
        sum.backward(GraphMode.KEEP);
        assertThat(numbers(y.grad())).containsExactly(2, 2);
        sum.backward();
        assertThat(numbers(y.grad())).containsExactly(4, 4);
        y.zeroGrad();
        assertThat(y.grad()).isNull();
    }

    @Test
    void anIntermediateTensorKeepsNoGradientUnlessAsked() {
        Tensor y = x.mul(3);
        y.onGradient(g -> g);
        y.sum().backward();
        assertThat(y.grad()).isNull();
        assertThatThrownBy(y::zeroGrad).isInstanceOf(GraphException.class).hasMessageContaining("retainGrad");
    }

    @Test
    void hooksRunWhenGradientsAreReturnedButThoseAfterAccumulationDoNot() {
        x.onGradient(g -> g.mul(5));
        x.afterAccumulation(leaf -> {
            throw new AssertionError("nothing was accumulated");
        });
        assertThat(Autograd.grad(x.sum(), x).data().toDoubleArray()).containsExactly(5, 5);
        assertThat(x.grad()).isNull();
    }

    @Test
    void aHookThatReturnsAnotherShapeIsAnErrorThatNamesTheOperation() {
        Tensor y = x.mul(3);
        y.onGradient(g -> Tensor.of(1, 2, 3));
        assertThatThrownBy(() -> y.sum().backward())
                .isInstanceOf(GraphException.class)
                .hasMessage("backward: a hook on 'mul' returned FLOAT64 [3] for an input of FLOAT64 [2]");
        assertThat(x.grad()).isNull();
    }

    @Test
    void hooksNeedATensorThatRequiresGradAndAccumulationALeaf() {
        assertThatThrownBy(() -> Tensor.of(1).onGradient(g -> g)).hasMessageContaining("does not require grad");
        assertThatThrownBy(() -> Tensor.of(1).retainGrad()).hasMessageContaining("does not require grad");
        assertThatThrownBy(() -> x.mul(2).afterAccumulation(leaf -> {})).hasMessageContaining("only leaves accumulate");
    }

    @Test
    void aHookMayRunABackwardPassOfItsOwn() {
        Tensor other = Tensor.of(4).requiresGrad(true);
        x.onGradient(g -> {
            Autograd.enableGrad(() -> other.mul(other).sum()).backward();
            return g;
        });
        x.sum().backward();
        assertThat(numbers(other.grad())).containsExactly(8);
        assertThat(numbers(x.grad())).containsExactly(1, 1);
    }

    @Test
    void aHookMayChangeParametersAndComputeWithThem() {
        Tensor w = Tensor.of(2).requiresGrad(true);
        List<Tensor> computed = new ArrayList<>();
        Tensor y = w.mul(3);
        y.onGradient(g -> {
            w.assign(NdArray.of(Shape.of(1), 7));
            computed.add(w.mul(1));
            return g;
        });
        y.sum().backward();
        assertThat(computed.get(0).item()).isEqualTo(7);
    }

    @Test
    void passesWithinPassesGoTwoThousandDeep() {
        assertThat(nested(2_000)).isEqualTo(2_001);
    }

    @Test
    void anInterruptedThreadFinishesAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThat(nested(120)).isEqualTo(121);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anExceptionDeepWithinArrivesAsItIsAndRecordingIsOnAgain() {
        Tensor y = Tensor.of(1).requiresGrad(true);
        assertThatThrownBy(() -> failing(120, y))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("at the bottom");
        assertThat(Autograd.isRecording()).isTrue();
        assertThat(y.mul(2).requiresGrad()).isTrue();
    }

    @Test
    void aCheckedExceptionDeepWithinArrivesAsItIs() {
        IOException failure = new IOException("at the bottom");
        assertThatThrownBy(() -> atDepth(120, () -> HookTest.<RuntimeException>throwAs(failure)))
                .isSameAs(failure);
    }

    @Test
    void resultsOfAPassDeepWithinEndWithTheStepOfTheirThread() {
        List<Tensor> results = new ArrayList<>();
        new Workspace().run(() -> atDepth(120, () -> results.add(x.exp())));
        assertThat(Lease.hasEnded(results.get(0).data())).isTrue();
        assertThat(x.exp().add(1).shape()).isEqualTo(x.shape());
    }

    @Test
    void aPassDeepWithinDrawsTheRandomNumbersOfItsStream() {
        Generator generator = new Generator(1);
        List<Long> numbers = new ArrayList<>();
        for (int depth : new int[] {0, 120}) {
            numbers.add(RandomStreams.within(7, () -> {
                atDepth(depth, () -> numbers.add(generator.nextLong()));
                return generator.nextLong();
            }));
        }
        assertThat(numbers.subList(2, 4)).isEqualTo(numbers.subList(0, 2));
    }

    /** Runs a body in the hook of a pass that a hook of a pass runs, and so on. */
    private static void atDepth(int depth, Runnable body) {
        Tensor y = Autograd.enableGrad(() -> Tensor.of(1).requiresGrad(true).mul(2));
        y.onGradient(g -> {
            if (depth == 0) {
                body.run();
            } else {
                atDepth(depth - 1, body);
            }
            return g;
        });
        y.backward();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAs(Throwable failure) throws T {
        throw (T) failure;
    }

    /** Runs a pass whose hook runs a pass, and so on down to a depth, and returns the number of passes. */
    private static int nested(int depth) {
        Tensor leaf = Tensor.of(1).requiresGrad(true);
        int[] passes = {1};
        leaf.onGradient(g -> {
            if (depth > 0) {
                passes[0] += Autograd.enableGrad(() -> nested(depth - 1));
            }
            return g;
        });
        leaf.mul(2).sum().backward();
        return passes[0];
    }

    private static void failing(int depth, Tensor leaf) {
        Tensor y = Autograd.enableGrad(() -> leaf.mul(2));
        y.onGradient(g -> {
            if (depth == 0) {
                throw new IllegalArgumentException("at the bottom");
            }
            failing(depth - 1, leaf);
            return g;
        });
        y.backward();
    }
}
