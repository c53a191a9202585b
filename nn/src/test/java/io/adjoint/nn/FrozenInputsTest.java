package io.adjoint.nn;

import static io.adjoint.nn.TestTensors.gradient;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.loops.MultiplyAdds;
import io.adjoint.core.parallel.Clock;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.RecurrentOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Operations with frozen inputs compute the wanted gradients only, with the same bits as when all are wanted. */
class FrozenInputsTest {
    private final Generator random = new Generator(5);

    private Tensor normal(int... dims) {
        return Tensor.randn(random, dims);
    }

    @TestFactory
    Stream<DynamicTest> gradientsHaveTheSameBitsWhateverElseIsFrozen() {
        Tensor positive = normal(4).abs().detach();
        return Stream.of(
                step("attention", x -> attention(x), normal(2, 3, 4), normal(2, 5, 4), normal(2, 5, 6), normal(3, 5)),
                step(
                        "layer norm",
                        x -> Functional.layerNorm(x[0], Shape.of(4), x[1], x[2], 1e-5),
                        normal(6, 4),
                        positive,
                        normal(4)),
                step(
                        "group norm",
                        x -> Functional.groupNorm(x[0], 2, x[1], x[2], 1e-5),
                        normal(3, 4, 5),
                        positive,
                        normal(4)),
                step("solve", x -> x[0].solve(x[1]), normal(3, 3), normal(3, 2)));
    }

    @Test
    void freezingAnInputAfterItsUseChangesNoGradient() {
        for (GraphMode graph : GraphMode.values()) {
            Tensor[] x = leaves(3, normal(6, 4), normal(4));
            Tensor y = Functional.layerNorm(x[0], Shape.of(4), x[1], null, 1e-5);
            Gradients expected = gradients(y, graph == GraphMode.CREATE ? graph : GraphMode.KEEP, x);
            x[1].freeze();

            y.backward(Tensor.arange(24).reshape(6, 4), graph);

            assertThat(gradient(x[0])).isEqualTo(expected.of(x[0]).data());
        }
    }

    private static Tensor attention(Tensor... x) {
        return Functional.scaledDotProductAttention(
                x[0], x[1], x[2], new AttentionMask().bias(x[3]), new AttentionOptions());
    }

    /**
     * Tests each set of inputs that require a gradient, in a plain and in a recorded pass, and asks for the gradient of each input alone.
     */
    private static DynamicTest step(String name, Function<Tensor[], Tensor> function, Tensor... inputs) {
        return DynamicTest.dynamicTest(name, () -> {
            for (GraphMode graph : List.of(GraphMode.KEEP, GraphMode.CREATE)) {
                Tensor[] leaves = leaves((1 << inputs.length) - 1, inputs);
                Tensor whole = function.apply(leaves);
                Gradients all = gradients(whole, graph, leaves);
                for (int frozen = 1; frozen < (1 << inputs.length) - 1; frozen++) {
                    Tensor[] some = leaves(((1 << inputs.length) - 1) & ~frozen, inputs);
                    Gradients found = gradients(function.apply(some), graph, some);
                    for (int k = 0; k < inputs.length; k++) {
                        if (some[k].requiresGrad()) {
                            assertThat(found.of(some[k]).data())
                                    .isEqualTo(all.of(leaves[k]).data());
                        }
                    }
                }
                for (Tensor leaf : leaves) {
                    assertThat(gradients(whole, graph, leaf).of(leaf).data())
                            .isEqualTo(all.of(leaf).data());
                }
            }
        });
    }

    private static Tensor[] leaves(int required, Tensor... inputs) {
        Tensor[] leaves = new Tensor[inputs.length];
        Arrays.setAll(leaves, k -> inputs[k].detach().requiresGrad((required >> k & 1) != 0));
        return leaves;
    }

    private static Gradients gradients(Tensor output, GraphMode graph, Tensor... asked) {
        return Autograd.gradients(
                List.of(output),
                List.of(Tensor.arange(output.shape().size()).reshape(output.shape())),
                Arrays.stream(asked).filter(Tensor::requiresGrad).toList(),
                graph);
    }

    @Test
    void attentionMultipliesForWhatIsWantedOnly() {
        int batch = 2, l = 3, s = 5, e = 4, v = 6;
        Tensor[] x = {normal(batch, l, e), normal(batch, s, e), normal(batch, s, v), normal(l, s)};
        long ofWeights = (long) batch * l * s * v;
        long ofScores = (long) batch * l * s * e;

        // Each of these backward passes computes the scores again.
        assertThat(work(0b0100, FrozenInputsTest::attention, x)).isEqualTo(ofWeights + ofScores);
        assertThat(work(0b1000, FrozenInputsTest::attention, x)).isEqualTo(ofWeights + ofScores);
        assertThat(work(0b0001, FrozenInputsTest::attention, x)).isEqualTo(ofWeights + 2 * ofScores);
        assertThat(work(0b0010, FrozenInputsTest::attention, x)).isEqualTo(ofWeights + 2 * ofScores);
        assertThat(work(0b1111, FrozenInputsTest::attention, x)).isEqualTo(2 * ofWeights + 3 * ofScores);
    }

    @Test
    void aRecurrentNetworkMultipliesForWhatIsWantedOnly() {
        LSTM lstm = new LSTM(2, 3, new RecurrentOptions(), new Init(new Generator(1)));
        Tensor x = normal(4, 6, 2).requiresGrad(true);
        Tensor output = lstm.forward(x).sequence().sum();
        List<Tensor> parameters = lstm.parameters();
        long whole =
                count(output, Stream.concat(Stream.of(x), parameters.stream()).toList());
        long ofInput = count(output, List.of(x));

        // The gradients of the weights need two further products over all 4·6 steps, with the shapes [4·3, 2] and [4·3,
        // 3].
        assertThat(whole - ofInput).isEqualTo(4 * 6 * (12 * 2 + 12 * 3));
    }

    private static long work(int required, Function<Tensor[], Tensor> function, Tensor... inputs) {
        Tensor[] leaves = leaves(required, inputs);
        return count(
                function.apply(leaves).sum(),
                Arrays.stream(leaves).filter(Tensor::requiresGrad).toList());
    }

    private static long count(Tensor output, List<Tensor> asked) {
        return MultiplyAdds.counting(() -> {
            List<Tensor> found = new ArrayList<>(Autograd.grad(output, GraphMode.KEEP, asked.toArray(new Tensor[0])));
            assertThat(found).hasSameSizeAs(asked);
            return MultiplyAdds.count();
        });
    }

    @Test
    void aRecordedPassOfANormalizationRecordsForWhatIsWantedOnly() {
        Tensor x = normal(6, 4);
        Tensor weight = normal(4);
        Tensor bias = normal(4);
        long all = recorded(x, weight, bias, 0b111);
        long ofInput = recorded(x, weight, bias, 0b001);
        long ofWeight = recorded(x, weight, bias, 0b010);
        long ofBias = recorded(x, weight, bias, 0b100);

        // For the bias a pass records the composition's steps with the bias and the sum of the gradient over the rows,
        // but no step for input or weight.
        assertThat(ofBias).isLessThanOrEqualTo(5);
        assertThat(ofWeight).isLessThan(ofInput);
        // All gradients together also need the sums for the weight and the bias.
        assertThat(ofInput).isLessThan(all - ofBias);
        assertThat(recorded(x, null, bias, 0b101)).isLessThan(recorded(x, weight, bias, 0b111));
    }

    /** The number of steps of a backward pass that is recorded. */
    private static long recorded(Tensor x, @Nullable Tensor weight, Tensor bias, int required) {
        Tensor[] leaves = leaves(required, x, weight == null ? Tensor.ones(4) : weight, bias);
        Tensor output =
                Functional.layerNorm(leaves[0], Shape.of(4), weight == null ? null : leaves[1], leaves[2], 1e-5);
        Tensor upstream = Tensor.ones(6, 4).requiresGrad(true);
        List<Tensor> asked = Arrays.stream(leaves).filter(Tensor::requiresGrad).toList();
        long before = Clock.tick();
        Gradients found = Autograd.gradients(List.of(output), List.of(upstream), asked, GraphMode.CREATE);
        long steps = Clock.tick() - before - 1;
        assertThat(asked).allMatch(leaf -> found.of(leaf).shape().equals(leaf.shape()));
        return steps;
    }

    @Test
    void aNormalizationSkipsItsInputOrItsWeights() {
        for (NormalizedGroups groups : List.of(NormalizedGroups.rows(6, 4), NormalizedGroups.groups(3, 2, 2, 2))) {
            GroupStatistics statistics = new GroupStatistics(groups, true, 1e-5);
            NdArray x = normal(24).data().reshape(Shape.of(6, 4));
            NdArray g = normal(24).data().reshape(Shape.of(6, 4));
            NormalizationKernels kernels = new NormalizationKernels(x, groups, statistics);
            NdArray y = kernels.normalize(null, null);
            assertThat(y.shape()).isEqualTo(x.shape());
            List<NdArray> all = kernels.gradients(g, null, true, true);

            assertThat(kernels.gradients(g, null, true, false)).containsExactly(all.get(0), null, null);
            assertThat(kernels.gradients(g, null, false, true)).containsExactly(null, all.get(1), all.get(2));
        }
    }
}
