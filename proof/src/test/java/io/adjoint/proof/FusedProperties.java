package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.testkit.Tensors;
import io.adjoint.testkit.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Compares random elementwise functions of three tensors that broadcast with the same operations executed one by one. */
class FusedProperties {
    private static final List<UnaryOperator<Tensor>> UNARY = List.of(
            Tensor::sigmoid,
            Tensor::tanh,
            Tensor::relu,
            Tensor::abs,
            Tensor::neg,
            Tensor::square,
            Tensor::gelu,
            x -> x.square().neg().exp(),
            x -> x.square().add(1).log(),
            x -> x.mul(0.5),
            x -> x.rsub(1),
            x -> x.clamp(-1, 0.5));

    private static final List<BinaryOperator<Tensor>> BINARY = List.of(
            Tensor::add,
            Tensor::sub,
            Tensor::mul,
            Tensor::maximum,
            (a, b) -> a.div(b.square().add(1)),
            (a, b) -> a.lerp(b, 0.25),
            (a, b) -> Tensor.where(a.gt(b).or(b.lt(-0.5)), a, b.mul(2)));

    @Provide
    Arbitrary<List<Tensor>> inputs() {
        return Tensors.mutuallyBroadcastable(3, Values.between(-2, 2));
    }

    @Property
    void aFusedFunctionHasTheBitsOfItsOperations(
            @ForAll("inputs") List<Tensor> inputs, @ForAll int seed, @ForAll DTypes dtype) {
        Function<List<Tensor>, Tensor> function = function(seed);
        List<Tensor> at = inputs.stream().map(x -> x.to(dtype.floating())).toList();
        for (GraphMode graph : GraphMode.values()) {
            assertThat(gradients(p -> Transforms.fused(function, p), at, graph))
                    .isEqualTo(gradients(function, at, graph));
        }
    }

    @Property
    void itsSecondDerivativesAreThoseOfItsOperations(@ForAll("inputs") List<Tensor> inputs, @ForAll int seed) {
        Function<List<Tensor>, Tensor> function = function(seed);
        List<Tensor> expected = Transforms.grad(q -> gradientSum(function, q), inputs);
        List<Tensor> actual = Transforms.grad(q -> gradientSum(p -> Transforms.fused(function, p), q), inputs);
        for (int k = 0; k < inputs.size(); k++) {
            double size = expected.get(k).abs().amax().item();
            assertThat(actual.get(k).sub(expected.get(k)).abs().amax().item()).isLessThanOrEqualTo(1e-9 * size);
        }
    }

    /** The tensors are so large that several threads compute several blocks; rows and columns are repeated by broadcasting. */
    @Property(tries = 10)
    void largeTensorsAreComputedBlockByBlock(@ForAll int seed, @ForAll @IntRange(max = 2) int transposed) {
        Generator random = new Generator(seed);
        List<Tensor> inputs = new ArrayList<>(
                List.of(Tensor.randn(random, 300, 257), Tensor.randn(random, 257), Tensor.randn(random, 300, 1)));
        if (transposed > 0) {
            inputs.set(0, Tensor.of(Tensor.randn(random, 257, 300).data().transpose()));
        }
        Function<List<Tensor>, Tensor> function = function(seed);
        assertThat(gradients(p -> Transforms.fused(function, p), inputs, GraphMode.FREE))
                .isEqualTo(gradients(function, inputs, GraphMode.FREE));
    }

    @Example
    void emptyTensorsHaveEmptyResults() {
        List<Tensor> inputs = List.of(Tensor.zeros(3, 0), Tensor.zeros(0), Tensor.of(new double[][] {{1}, {2}, {3}}));
        for (int seed = 0; seed < 20; seed++) {
            Function<List<Tensor>, Tensor> function = function(seed);
            assertThat(gradients(p -> Transforms.fused(function, p), inputs, GraphMode.FREE))
                    .isEqualTo(gradients(function, inputs, GraphMode.FREE));
        }
    }

    /** The floating dtypes. */
    enum DTypes {
        FLOAT64,
        FLOAT32;

        DType floating() {
            return DType.valueOf(name());
        }
    }

    /** Makes a random function that reads all of its inputs, and some intermediate values more than once. */
    private static Function<List<Tensor>, Tensor> function(int seed) {
        return inputs -> {
            Random random = new Random(seed);
            List<Tensor> values = new ArrayList<>(inputs);
            for (int step = 0; step < 6; step++) {
                Tensor a = values.get(random.nextInt(values.size()));
                Tensor b = values.get(values.size() - 1);
                values.add(
                        random.nextBoolean()
                                ? UNARY.get(random.nextInt(UNARY.size())).apply(b)
                                : BINARY.get(random.nextInt(BINARY.size())).apply(a, b));
            }
            return inputs.stream()
                    .reduce(
                            values.get(values.size() - 1),
                            (sum, x) -> sum.mul(0.5).add(x.tanh()));
        };
    }

    /** The value and the gradients of a loss that uses the function's inputs also before and after the function. */
    private static List<NdArray> gradients(Function<List<Tensor>, Tensor> function, List<Tensor> at, GraphMode graph) {
        List<Tensor> p = at.stream().map(x -> x.detach().requiresGrad(true)).toList();
        Tensor before = p.get(0).mul(p.get(1));
        Tensor y = function.apply(List.of(p.get(0), p.get(1), p.get(2)));
        Tensor loss = y.mul(p.get(2)).mul(before).add(p.get(0).square()).sum();
        loss.backward(graph);
        return Stream.concat(Stream.of(y, loss), p.stream().map(Tensor::grad))
                .map(Objects::requireNonNull)
                .map(Tensor::data)
                .toList();
    }

    private static Tensor gradientSum(Function<List<Tensor>, Tensor> function, List<Tensor> p) {
        List<Tensor> first = Transforms.grad(q -> function.apply(q).square().sum(), p);
        return first.get(0)
                .square()
                .sum()
                .add(first.get(1).sin().sum())
                .add(first.get(2).mul(p.get(2)).sum());
    }
}
