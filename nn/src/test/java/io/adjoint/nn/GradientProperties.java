package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Every layer and loss against finite differences, to second order; the fused steps also against what they stand for. */
class GradientProperties {
    private static Tensor normal(Random rng, int... sides) {
        Shape shape = Shape.of(sides);
        return Tensor.of(NdArray.wrap(shape, rng.doubles(shape.size(), -2, 2).toArray()));
    }

    private static void agree(Function<Tensor[], Tensor> fused, Function<Tensor[], Tensor> composed, Tensor... inputs) {
        List<Tensor[]> leaves = List.of(leaves(inputs), leaves(inputs));
        Tensor a = fused.apply(leaves.get(0));
        Tensor b = composed.apply(leaves.get(1));
        assertClose(a, b);
        Tensor arriving = Tensor.of(NdArray.arange(DType.FLOAT64, a.shape().size()))
                .add(1)
                .reshape(a.shape());
        a.backward(arriving);
        b.backward(arriving);
        for (int k = 0; k < inputs.length; k++) {
            assertClose(
                    Objects.requireNonNull(leaves.get(0)[k].grad()), Objects.requireNonNull(leaves.get(1)[k].grad()));
        }
    }

    private static Tensor[] leaves(Tensor... inputs) {
        Tensor[] leaves = new Tensor[inputs.length];
        for (int k = 0; k < leaves.length; k++) {
            leaves[k] = inputs[k].requiresGrad(true);
        }
        return leaves;
    }

    private static void assertClose(Tensor a, Tensor b) {
        assertThat(a.shape()).isEqualTo(b.shape());
        assertThat(a.data().toDoubleArray()).containsExactly(b.data().toDoubleArray(), within(1e-12));
    }

    @Property
    void dense(
            @ForAll @IntRange(min = 1, max = 4) int rows,
            @ForAll @IntRange(min = 1, max = 4) int in,
            @ForAll @IntRange(min = 1, max = 4) int out,
            @ForAll Random rng) {
        Function<Tensor[], Tensor> affine = t -> Dense.affine(t[0], t[1], t[2]);
        Tensor[] inputs = {normal(rng, rows, in), normal(rng, out, in), normal(rng, out)};

        GradCheck.check(2, affine, inputs);
        GradCheck.check(2, t -> Dense.affine(t[0], t[1], null), inputs[0], inputs[1]);
        agree(affine, t -> t[0].matmul(t[1].transpose()).add(t[2]), inputs);
    }

    @Property
    void denseOfAnyRank(@ForAll @Size(max = 3) List<@IntRange(min = 1, max = 3) Integer> leading, @ForAll Random rng) {
        Dense layer = new Dense(2, 3, rng);
        int[] sides = new int[leading.size() + 1];
        Arrays.setAll(sides, axis -> axis < leading.size() ? leading.get(axis) : 2);

        GradCheck.check(2, t -> layer.forward(t[0]), normal(rng, sides));
    }

    @Property
    void layers(@ForAll Random rng) {
        Layer net = new Sequential(
                new Dense(3, 4, rng),
                new Tanh(),
                new Dense(4, 4, rng),
                new ReLU(),
                new Dense(4, 2, rng),
                new Sigmoid());

        GradCheck.check(2, t -> net.forward(t[0]), normal(rng, 5, 3));
    }

    @Property
    void mse(@ForAll Reduction reduction, @ForAll boolean halved, @ForAll Random rng) {
        MSE loss = halved ? new MSE().halved().reduction(reduction) : new MSE().reduction(reduction);
        Tensor[] inputs = {normal(rng, 3, 2), normal(rng, 3, 2)};

        GradCheck.check(2, t -> loss.forward(t[0], t[1]), inputs);
        agree(
                t -> loss.forward(t[0], t[1]),
                t -> {
                    Tensor squares = t[0].sub(t[1]).square().mul(halved ? 0.5 : 1);
                    return switch (reduction) {
                        case NONE -> squares;
                        case SUM -> squares.sum();
                        case MEAN -> squares.mean();
                    };
                },
                inputs);
    }

    @Property
    void crossEntropyOfClasses(@ForAll Reduction reduction, @ForAll Random rng) {
        CrossEntropy loss = new CrossEntropy()
                .reduction(reduction)
                .labelSmoothing(rng.nextDouble())
                .classWeights(1, 0.5, 2);
        Tensor target = Tensor.of(new int[] {rng.nextInt(3), -100, rng.nextInt(3), rng.nextInt(3)})
                .reshape(2, 2);

        GradCheck.check(2, t -> loss.forward(t[0], target), normal(rng, 2, 3, 2));
    }

    @Property
    void crossEntropyOfProbabilities(@ForAll Reduction reduction, @ForAll Random rng) {
        CrossEntropy loss =
                new CrossEntropy().reduction(reduction).labelSmoothing(0.25).classWeights(1, 0.5, 2);
        Tensor weights = Tensor.of(1, 0.5, 2).reshape(3, 1);
        Tensor[] inputs = {normal(rng, 2, 3, 2), normal(rng, 2, 3, 2).softmax(1)};

        GradCheck.check(2, t -> loss.forward(t[0], t[1]), inputs);
        agree(
                t -> loss.forward(t[0], t[1]),
                t -> {
                    Tensor q = t[1].mul(0.75).add(0.25 / 3).mul(weights);
                    Tensor losses = t[0].logSoftmax(1).mul(q).sum(1).neg();
                    return switch (reduction) {
                        case NONE -> losses;
                        case SUM -> losses.sum();
                        case MEAN -> losses.mean();
                    };
                },
                inputs);
    }
}
