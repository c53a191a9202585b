package io.adjoint.autograd;

import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Dims;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that a backward pass uses arrays again to which no other code refers, and no other arrays. */
class ReuseTest {
    private static final Shape SHAPE = Shape.of(64, 128);

    private static final List<UnaryOperator<Tensor>> UNARY = List.of(
            Tensor::sin,
            Tensor::tanh,
            Tensor::sigmoid,
            Tensor::relu,
            Tensor::neg,
            x -> x.mul(0.5),
            x -> x.softmax(1),
            x -> x.transpose().reshape(SHAPE),
            x -> x.sub(x.mean(Dims.KEEP, 0)),
            x -> Tensor.concat(0, x.slice(0, 3, 64), x.slice(0, 0, 3)),
            x -> x.matmul(x.slice(0, 0, 64).transpose().matmul(x)).mul(1e-3),
            x -> Transforms.checkpoint(y -> y.sin().mul(y), x),
            x -> Transforms.fused(y -> y.mul(y).tanh(), x));

    private static final List<BinaryOperator<Tensor>> BINARY = List.of(
            Tensor::add, Tensor::sub, Tensor::mul, (x, y) -> x.div(y.mul(y).add(1)), Tensor::maximum);

    /** The arrays that hooks and users' backward rules have received, and copies of them that were made at once. */
    private final List<NdArray> seen = new ArrayList<>();

    private final List<NdArray> copies = new ArrayList<>();

    @CanIgnoreReturnValue
    private Tensor see(@Nullable Tensor gradient) {
        Objects.requireNonNull(gradient);
        seen.add(gradient.data());
        copies.add(gradient.data().copy());
        return gradient;
    }

    private static Tensor random(Random random) {
        double[] values = new double[SHAPE.size()];
        Arrays.setAll(values, k -> random.nextGaussian());
        return Tensor.of(NdArray.wrap(SHAPE, values)).requiresGrad(true);
    }

    /** An identity operation of a user, whose backward rule keeps the gradients that it receives. */
    private Tensor keeping(Tensor x) {
        return Autograd.op("keeping", x.data(), edge(x, this::see));
    }

    /** A scalar that a random program computes from leaves; the result of each step is passed through {@code shown}. */
    private static Tensor program(Random random, List<Tensor> leaves, UnaryOperator<Tensor> shown) {
        List<Tensor> values = new ArrayList<>(leaves);
        for (int step = 0; step < 25; step++) {
            Tensor x = values.get(random.nextInt(values.size()));
            Tensor y = values.get(random.nextInt(values.size()));
            int op = random.nextInt(UNARY.size() + BINARY.size());
            values.add(shown.apply(
                    op < UNARY.size()
                            ? UNARY.get(op).apply(x)
                            : BINARY.get(op - UNARY.size()).apply(x, y)));
        }
        return values.stream().map(Tensor::mean).reduce(Tensor::add).orElseThrow();
    }

    private static List<Tensor> leaves(int seed) {
        Random random = new Random(seed);
        return List.of(random(random), random(random), random(random));
    }

    private static List<NdArray> gradients(List<Tensor> leaves) {
        return leaves.stream().map(leaf -> Leaves.gradient(leaf).copy()).toList();
    }

    @Test
    void gradientsHaveTheSameBitsWhereEveryOneIsSeen() {
        for (int seed = 0; seed < 100; seed++) {
            List<Tensor> leaves = leaves(seed);
            program(new Random(seed), leaves, x -> x).backward();
            List<Tensor> others = leaves(seed);
            program(new Random(seed), others, x -> {
                        if (x.requiresGrad()) {
                            x.onGradient(this::see);
                        }
                        return x;
                    })
                    .backward();
            assertThat(gradients(leaves)).as("seed %d", seed).isEqualTo(gradients(others));
            assertThat(seen).as("seed %d", seed).isEqualTo(copies);
            seen.clear();
            copies.clear();
        }
    }

    @Test
    void whatAnybodySawStaysAsItWas() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            List<Tensor> leaves = leaves(seed);
            for (int pass = 0; pass < 3; pass++) {
                Tensor loss = program(random, leaves, x -> {
                    switch (random.nextInt(5)) {
                        case 0 -> {
                            if (x.requiresGrad()) {
                                x.onGradient(this::see);
                            }
                        }
                        case 1 -> {
                            if (x.requiresGrad()) {
                                x.retainGrad();
                            }
                        }
                        case 2 -> {
                            return keeping(x);
                        }
                        default -> {}
                    }
                    return x;
                });
                if (random.nextBoolean()) {
                    see(Autograd.grad(loss, GraphMode.KEEP, leaves.get(0)));
                }
                loss.backward();
                leaves.forEach(leaf -> {
                    if (random.nextBoolean()) {
                        see(leaf.grad());
                    }
                    if (random.nextBoolean()) {
                        leaf.zeroGrad();
                    }
                });
            }
            assertThat(seen).as("seed %d", seed).isEqualTo(copies);
            seen.clear();
            copies.clear();
        }
    }

    @Test
    void gradientsOfLeavesThatShareAnArrayAccumulateApart() {
        Tensor x = random(new Random(1));
        Tensor y = random(new Random(2));
        Tensor factor = random(new Random(3)).detach();
        for (int pass = 0; pass < 3; pass++) {
            x.add(y).mul(factor).sum().backward();
        }
        x.zeroGrad();
        x.mul(factor).sum().backward();
        assertThat(Leaves.gradient(x)).isEqualTo(factor.data());
        assertThat(Leaves.gradient(y))
                .isEqualTo(factor.data().add(factor.data()).add(factor.data()));
    }

    @Test
    void aSumIsNotAddedToWithinTheStepThatGivesItsArrayToAnotherInput() {
        Tensor a = random(new Random(1));
        Tensor b = random(new Random(2));
        Tensor factor = random(new Random(3)).detach();
        // The inner sum gives the array that already holds the gradient of a to a and to b.
        a.add(a.add(b)).mul(factor).sum().backward();
        assertThat(Leaves.gradient(a)).isEqualTo(factor.data().mul(2));
        assertThat(Leaves.gradient(b)).isEqualTo(factor.data());
    }

    @Test
    void aGradientThatWasReadIsNotAddedTo() {
        Tensor x = random(new Random(1));
        Tensor factor = random(new Random(3)).detach();
        x.mul(factor).sin().sum().backward();
        Tensor read = see(x.grad());
        x.mul(factor).sin().sum().backward();
        assertThat(seen).isEqualTo(copies);
        assertThat(x.grad()).isNotSameAs(read);
        assertThat(Leaves.gradient(x)).isEqualTo(read.data().add(read.data()));
    }

    @Test
    void aPassThatFailsLeavesNothingBehindThatTheNextOneUses() {
        Tensor x = random(new Random(1));
        Tensor half = x.sin().mul(x);
        Tensor failing = Autograd.op("failing", half.data(), edge(half, g -> {
            throw new IllegalStateException("failing");
        }));
        Tensor expected = Autograd.grad(x.sin().mul(x).tanh().sum(), x);
        for (int pass = 0; pass < 3; pass++) {
            try {
                failing.tanh().sum().backward();
            } catch (IllegalStateException failure) {
                assertThat(failure).hasMessageContaining("failing");
            }
            assertThat(Autograd.grad(x.sin().mul(x).tanh().sum(), x).data()).isEqualTo(expected.data());
        }
    }

    @Test
    void aPassInARuleLeavesTheGradientsOfTheOuterOneAlone() {
        Tensor x = random(new Random(1));
        Tensor z = random(new Random(3));
        Tensor nested = Autograd.op("nested", x.sin().data(), edge(x.sin(), g -> {
            // The inner pass gives the leaf z a gradient of its own, g·1, from the upstream gradient of the outer pass.
            Autograd.enableGrad(() -> z.mul(1)).backward(g);
            return g.mul(2);
        }));
        nested.sin().tanh().exp().sin().sum().backward();
        see(z.grad());
        Tensor y = random(new Random(2));
        y.sin().tanh().exp().sin().sum().backward();
        assertThat(seen).isEqualTo(copies);
    }

    /** Runs backward passes that need arrays of the size of the arrays that were seen, and would overwrite these if they were free. */
    private static void disturb() {
        for (int pass = 0; pass < 3; pass++) {
            Tensor y = random(new Random(pass));
            y.sin().tanh().mul(y).exp().sin().sum().backward();
        }
    }

    @Test
    void whatAHookComputesInACheckpointStaysAsItWas() {
        Tensor x = random(new Random(1));
        Tensor y = Transforms.checkpoint(
                in -> {
                    Tensor w = random(new Random(2));
                    w.setGrad(random(new Random(3)).detach());
                    w.afterAccumulation(leaf -> {
                        see(leaf.grad());
                        see(leaf.detach().mul(2));
                    });
                    return in.mul(w);
                },
                x.mul(2));
        y.sin().sum().backward();
        disturb();
        assertThat(seen).hasSize(2).isEqualTo(copies);
    }

    @Test
    void whatAUsersFunctionInARuleOfTheLibrarySawStaysAsItWas() {
        Tensor x = random(new Random(1));
        UnaryOperator<Tensor> rule = this::see;
        Tensor twice =
                Autograd.op("twice", x.data(), edge(x.sin(), Autograd.firstOrder("a", Autograd.firstOrder("b", rule))));
        UnaryOperator<Tensor> gradient = Transforms.grad(g -> see(g).mul(g).sum());
        Tensor transformed = Autograd.op("transformed", x.data(), edge(x.sin(), gradient));
        Tensor direct = Autograd.op("direct", x.data(), edge(x.sin(), Autograd.firstOrder("c", rule)));
        Tensor several = Autograd.op("several", x.data(), List.of(x.sin()), g -> List.of(see(g)));
        Tensor outputs = Autograd.ops("outputs", List.of(x.data()), List.of(x.sin()), g -> List.of(see(g.get(0))))
                .get(0);
        for (Tensor y : List.of(twice, transformed, direct, several, outputs)) {
            y.tanh().mul(x).sum().backward();
        }
        disturb();
        assertThat(seen).hasSize(5).isEqualTo(copies);
    }

    @Test
    void aSmallPartOfALargeGradientThatAUsersRuleSawStaysAsItWas() {
        Tensor x = random(new Random(1));
        Tensor row = x.select(0, 0);
        Tensor joined = Tensor.concat(0, keeping(row).unsqueeze(0), x.slice(0, 1, 64));
        joined.sin().tanh().sum().backward();
        disturb();
        assertThat(seen).hasSize(1).isEqualTo(copies);
    }

    @Test
    void aSumThatAnAdderSawIsNotWrittenToAgain() {
        Tensor x = random(new Random(1));
        List<NdArray> sums = new ArrayList<>();
        Tensor y = x.sin();
        Edge adding = Edge.adding(y, g -> g.mul(2), (g, sum) -> {
            sums.add(sum);
            InPlace.accumulate(sum, g.mul(2));
        });
        Tensor one = Autograd.op("one", y.data(), adding);
        Tensor two = Autograd.op("two", y.data(), adding);
        one.tanh().add(two.tanh()).sum().backward();
        NdArray copy = sums.get(0).copy();
        disturb();
        assertThat(sums).hasSize(1).containsExactly(copy);
    }

    @Test
    void aSumOfThePassThatAUsersAdderSawIsNotWrittenToAgain() {
        Tensor x = random(new Random(1));
        List<NdArray> sums = new ArrayList<>();
        Tensor y = x.sin().tanh().exp().sin();
        Tensor last = Autograd.op("last", y.data(), Edge.adding(y, g -> g.mul(2), (g, sum) -> {
            InPlace.accumulate(sum, g.mul(2));
            sums.add(sum);
            copies.add(sum.copy());
        }));
        last.add(y.tanh()).add(y.exp()).sum().backward();
        disturb();
        assertThat(sums).hasSize(1).isEqualTo(copies);
    }

    @Test
    void whatADeferredGradientIsToBeComputedFromStaysAsItWas() {
        Tensor x = random(new Random(1));
        List<Tensor> deferred = new ArrayList<>();
        Tensor y = Transforms.fused(
                in -> Autograd.op("keeping", in.mul(1).data(), edge(in, g -> {
                    deferred.add(g);
                    return g.mul(2);
                })),
                x);
        y.sin().tanh().sum().backward();
        Tensor before = Transforms.fused(in -> deferred.get(0).mul(in), Tensor.onesLike(x));
        see(before);
        disturb();
        Tensor after = Transforms.fused(in -> deferred.get(0).mul(in), Tensor.onesLike(x));
        assertThat(after.data()).isEqualTo(copies.get(0));
    }

    @ParameterizedTest
    @EnumSource(Inner.class)
    void gradientsOfDeferredTensorsByRealOnesAreThoseOfPlainTensors(Inner inner) {
        Tensor w = random(new Random(1));
        Tensor top = w.sin().add(1.5).sin().add(1.5).sin().add(1.5);
        UnaryOperator<Tensor> gradient =
                in -> Autograd.grad(inner.function.apply(in), Tensor.onesLike(top), GraphMode.KEEP, w)
                        .mul(1);
        NdArray expected = gradient.apply(top).data();
        for (int pass = 0; pass < 3; pass++) {
            NdArray difference = Transforms.fused(gradient, top).data().sub(expected);
            assertThat(difference.vectorNorm(Double.POSITIVE_INFINITY).item()).isLessThan(1e-12);
        }
    }

    private enum Inner {
        SQUARE(x -> x.mul(x)),
        QUOTIENT(x -> Tensor.scalar(2).div(x)),
        SUM(x -> x.mul(x).add(x.sin()).add(x.exp()).add(x)),
        SOFTPLUS(x -> x.softplus().mul(x));

        private final UnaryOperator<Tensor> function;

        Inner(UnaryOperator<Tensor> function) {
            this.function = function;
        }
    }
}
