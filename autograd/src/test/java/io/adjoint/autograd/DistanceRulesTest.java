package io.adjoint.autograd;

import static io.adjoint.autograd.TestMemory.used;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests distances between enough points for their differences to be computed in parts. */
class DistanceRulesTest {
    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 3, Double.POSITIVE_INFINITY})
    void distancesInPartsAreThoseOfAllDifferences(double p) {
        SplittableRandom random = new SplittableRandom(5);
        Tensor b = Tensor.randn(Shape.of(2, 150, 4), random);
        // Some points are equal.
        Tensor a = Tensor.concat(-2, Tensor.randn(Shape.of(2, 300, 4), random), b.slice(-2, 0, 7));
        Tensor weight = Tensor.randn(Shape.of(2, 307, 150), random);
        List<Tensor> found = derivatives((x, y) -> x.cdist(y, p), a, b, weight);
        List<Tensor> expected =
                derivatives((x, y) -> x.unsqueeze(-2).sub(y.unsqueeze(-3)).vectorNorm(p, -1), a, b, weight);
        assertThat(found.get(0).data()).isEqualTo(expected.get(0).data());
        for (int k = 1; k < expected.size(); k++) {
            double[] numbers = expected.get(k).data().toDoubleArray();
            double largest = Arrays.stream(numbers).map(Math::abs).max().orElseThrow();
            assertThat(found.get(k).data().toDoubleArray()).containsExactly(numbers, within(1e-13 * largest));
        }
    }

    /** The value, the gradients, and the gradients of the sum of their squares. */
    private static List<Tensor> derivatives(BinaryOperator<Tensor> f, Tensor at, Tensor and, Tensor weight) {
        Tensor a = at.detach().requiresGrad(true);
        Tensor b = and.detach().requiresGrad(true);
        Tensor value = f.apply(a, b);
        List<Tensor> first = Autograd.grad(value.mul(weight).mul(value).sum(), GraphMode.CREATE, a, b);
        Tensor squares = first.get(0).square().sum().add(first.get(1).square().sum());
        List<Tensor> second = Autograd.grad(squares, a, b);
        return List.of(value, first.get(0), first.get(1), second.get(0), second.get(1));
    }

    @Test
    void theDifferencesAreNotKept() throws InterruptedException {
        Tensor a = Tensor.randn(Shape.of(500, 32), new SplittableRandom(6)).requiresGrad(true);
        long before = used();
        Tensor distances = a.cdist(a);
        // All differences together take 64 MB, the distances 2 MB.
        assertThat(used() - before).isLessThan(16 << 20);
        distances.sum().backward();
    }
}
