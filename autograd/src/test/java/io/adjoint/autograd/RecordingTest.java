package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Recording.Item;
import io.adjoint.autograd.Recording.Kind;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a watched pass computes the gradients of a backward pass, and that watching changes nothing. */
class RecordingTest {
    private static final class Watcher implements Recording.Observer {
        final Map<Item, double[]> gradients = new HashMap<>();
        final Map<Item, Integer> parts = new HashMap<>();

        @Override
        public void arrived(Item item, Tensor upstream, Tensor gradient) {
            gradients.put(item, gradient.data().toDoubleArray());
        }

        @Override
        public void passed(Item from, int input, Tensor gradient, boolean summed) {
            assertThat(gradient.shape()).isEqualTo(from.inputs().get(input).shape());
            parts.merge(from.inputs().get(input), 1, Integer::sum);
        }
    }

    private final AtomicInteger accumulations = new AtomicInteger();

    @Test
    void aSumOfGradientsOnATapeKeepsItsValueWhenARuleAddsToIt() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        Tensor partsOfX =
                x.slice(0, 0, 1).sum().add(x.mul(2).sum()).add(x.mul(3).sum());
        Tensor seed = Tensor.scalar(1).asGradient();

        Item gradient = Recording.of("test", () -> Autograd.grad(partsOfX, seed, GraphMode.FREE, x))
                .root();

        assertThat(gradient.op()).isEqualTo("add");
        assertThat(gradient.inputs())
                .extracting(input -> Objects.requireNonNull(input.value()).data())
                .containsExactlyInAnyOrder(NdArray.of(Shape.of(2), 5, 5), NdArray.of(Shape.of(2), 1, 0));
    }

    private List<Tensor> leaves(SplittableRandom random) {
        List<Tensor> leaves = new ArrayList<>();
        for (int[] shape : new int[][] {{4, 3}, {4, 3}, {3}, {}}) {
            Tensor leaf = Tensor.uniform(-2, 2, random, shape).requiresGrad(true);
            leaf.afterAccumulation(g -> accumulations.incrementAndGet());
            leaves.add(leaf);
        }
        leaves.get(1).onGradient(g -> g.mul(-3));
        return leaves;
    }

    /**
     * A loss computed by random steps, which share inputs, broadcast, read parts of tensors, and have several inputs and outputs, and
     * hooks.
     */
    private static Tensor loss(SplittableRandom random, List<Tensor> leaves) {
        List<Tensor> wholes = new ArrayList<>(leaves.subList(0, 2));
        for (int step = 0; step < 25; step++) {
            Tensor a = wholes.get(random.nextInt(wholes.size()));
            Tensor b = wholes.get(random.nextInt(wholes.size()));
            Tensor y = switch (random.nextInt(9)) {
                case 0 -> a.mul(b);
                case 1 -> a.add(leaves.get(2)).tanh();
                case 2 -> a.mul(leaves.get(3));
                case 3 -> Tensor.concat(0, a.slice(0, 1, 4), b.slice(0, 0, 1));
                case 4 -> a.slice(0, 2, 3).mul(b);
                case 5 -> a.relu().sub(b.mul(0.5));
                case 6 -> Tensor.stack(0, a.select(0, 3), b.select(0, 0), a.select(0, 3), leaves.get(2));
                case 7 -> {
                    Tensor constant = Tensor.ones(4, 3);
                    List<Tensor> both = Autograd.ops(
                            "sumAndDifference",
                            List.of(a.add(b).data(), a.sub(b).data()),
                            List.of(constant, a, b),
                            g -> List.of(
                                    constant, g.get(0).add(g.get(1)), g.get(0).sub(g.get(1))));
                    yield both.get(0).mul(both.get(1)).sigmoid();
                }
                default -> a.matmul(b.transpose()).matmul(a).tanh();
            };
            if (random.nextInt(4) == 0) {
                y.onGradient(g -> g.mul(0.5));
            }
            wholes.add(y);
        }
        return wholes.stream().map(Tensor::sum).reduce(Tensor::add).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void aWatchedPassComputesTheSameBitsAndChangesNothing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Tensor> leaves = leaves(random);
        Tensor[] loss = new Tensor[1];
        Recording recording = Recording.of("Test", () -> loss[0] = loss(random, leaves));
        Watcher watcher = new Watcher();
        recording.watchBackward(watcher);

        assertThat(accumulations).hasValue(0);
        assertThat(leaves).allSatisfy(leaf -> assertThat(leaf.grad()).isNull());
        loss[0].backward();
        assertThat(accumulations).hasPositiveValue();
        for (Tensor leaf : leaves) {
            Item item = recording.find(leaf);
            assertThat(item == null).isEqualTo(leaf.grad() == null);
            if (item != null && leaf.grad() != null) {
                assertThat(watcher.gradients.get(item))
                        .containsExactly(leaf.grad().data().toDoubleArray());
            }
        }
    }

    @Test
    void everyPartOfEveryGradientIsTold() {
        Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
        Tensor c = Tensor.of(4, 5, 6);
        Recording recording = Recording.of("Test", () -> {
            Tensor y = c.mul(x);
            return y.slice(0, 0, 2).add(y.slice(0, 1, 3)).sum().add(y.select(0, 1));
        });
        Watcher watcher = new Watcher();
        recording.watchBackward(watcher);
        Item product = recording.items().stream()
                .filter(item -> item.op().equals("mul"))
                .findFirst()
                .orElseThrow();
        assertThat(watcher.parts).containsEntry(product, 3);
        assertThat(watcher.gradients.get(product)).containsExactly(1, 3, 1);
        assertThat(product.inputs()).extracting(Item::kind).containsExactly(Kind.CONSTANT, Kind.LEAF);
        assertThat(watcher.gradients).doesNotContainKey(product.inputs().get(0));
    }

    @Test
    void theSumOfThePassesOfAComputationShowsEachPass() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        x.mul(2).sum().backward();
        x.mul(3).sum().backward();
        Item result = Recording.of("test", () -> {
                    for (int pass = 4; pass < 7; pass++) {
                        x.mul(pass).sum().backward();
                    }
                    return Objects.requireNonNull(x.grad());
                })
                .root();
        double sum = 20;
        Item last = result;
        for (int pass = 6; pass >= 4; pass--) {
            assertThat(last.op()).isEqualTo("add");
            assertThat(Objects.requireNonNull(last.value()).data().get(0)).isEqualTo(sum);
            sum -= pass;
            last = last.inputs().get(0);
        }
        assertThat(Objects.requireNonNull(last.value()).data().get(0)).isEqualTo(5);
    }

    @Test
    void aGradientThatAHookOfAComputationSawIsTheSumOfItsParts() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        List<Tensor> seen = new ArrayList<>();
        x.onGradient(g -> {
            seen.add(g);
            return g;
        });
        Item result = Recording.of("test", () -> {
                    x.mul(2).add(x.mul(3)).add(x.mul(5)).sum().backward(GraphMode.KEEP);
                    return seen.get(0);
                })
                .root();
        List<Item> parts = result.inputs();
        assertThat(Objects.requireNonNull(result.value()).data().get(0)).isEqualTo(10);
        assertThat(parts.stream()
                        .mapToDouble(part ->
                                Objects.requireNonNull(part.value()).data().get(0))
                        .sum())
                .isEqualTo(10);
    }

    @Test
    void whatIsNoScalarHasNoPass() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        Watcher watcher = new Watcher();
        Recording.of("Test", x::exp).watchBackward(watcher);
        Recording.of("Test", () -> x.detach().sum()).watchBackward(watcher);
        assertThat(watcher.gradients).isEmpty();
        assertThatThrownBy(() -> Recording.of("Test", x.detach()))
                .isInstanceOf(GraphException.class)
                .hasMessageStartingWith("Test: nothing was recorded of the tensor of shape [2]");
    }
}
