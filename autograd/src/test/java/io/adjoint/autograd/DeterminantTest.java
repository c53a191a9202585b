package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeterminantTest {
    private static final int SIZE = 5;

    /** The determinant by Laplace's expansion: a polynomial, whose derivatives are right for every matrix, even if it is singular. */
    private static Tensor expanded(Tensor a) {
        int n = a.shape().dim(0);
        if (n == 1) {
            return a.get(Index.at(0), Index.at(0));
        }
        Tensor det = Tensor.scalar(0);
        for (int column = 0; column < n; column++) {
            Tensor below = a.slice(0, 1, n);
            Tensor minor = Tensor.concat(1, below.slice(1, 0, column), below.slice(1, column + 1, n));
            Tensor term = a.get(Index.at(0), Index.at(column)).mul(expanded(minor));
            det = column % 2 == 0 ? det.add(term) : det.sub(term);
        }
        return det;
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 4, 3, 2})
    void derivativesOfOrdersOneToThreeAreThoseOfTheExpansionAtEveryRank(int rank) {
        SplittableRandom random = new SplittableRandom(rank);
        // For a singular matrix, the computed determinant may be 0, or 1e-17 by rounding.
        Tensor rows = Tensor.randn(Shape.of(rank, SIZE), random);
        Tensor a =
                rank == SIZE ? rows : Tensor.concat(0, rows, rows.slice(0, 0, 1).expand(SIZE - rank, SIZE));
        assertAgrees(a, random);
    }

    /**
     * The determinant of a nearly singular matrix is not 0, but the inverse, from which derivatives can be computed cheaply, has hardly a
     * right digit.
     */
    @Test
    void derivativesOfANearlySingularMatrixAreThoseOfTheExpansion() {
        SplittableRandom random = new SplittableRandom(1);
        Tensor rows = Tensor.randn(Shape.of(SIZE - 1, SIZE), random);
        Tensor almost =
                rows.slice(0, 0, 1).add(Tensor.randn(Shape.of(1, SIZE), random).mul(1e-13));
        assertAgrees(Tensor.concat(0, rows, almost), random);
    }

    private static void assertAgrees(Tensor a, SplittableRandom random) {
        List<Tensor> directions =
                List.of(Tensor.randn(Shape.of(SIZE, SIZE), random), Tensor.randn(Shape.of(SIZE, SIZE), random));
        List<double[]> found = derivatives(Tensor::det, a, directions);
        List<double[]> expected = derivatives(DeterminantTest::expanded, a, directions);
        for (int order = 0; order < expected.size(); order++) {
            assertThat(found.get(order)).as("order " + (order + 1)).containsExactly(expected.get(order), within(1e-9));
        }
    }

    /** The gradient, then the gradient of its inner product with the first direction, and so on for each direction. */
    private static List<double[]> derivatives(UnaryOperator<Tensor> f, Tensor at, List<Tensor> directions) {
        Tensor a = at.detach().requiresGrad(true);
        Tensor gradient = Autograd.grad(f.apply(a), GraphMode.CREATE, a);
        List<double[]> derivatives = new ArrayList<>(List.of(gradient.data().toDoubleArray()));
        for (Tensor direction : directions) {
            gradient = Autograd.grad(gradient.mul(direction).sum(), GraphMode.CREATE, a);
            derivatives.add(gradient.data().toDoubleArray());
        }
        return derivatives;
    }
}
