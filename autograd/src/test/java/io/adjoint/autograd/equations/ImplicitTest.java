package io.adjoint.autograd.equations;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImplicitTest {
    private final Tensor matrix = Tensor.of(new double[][] {{0.3, -0.2, 0.1}, {0.1, 0.4, -0.3}, {-0.2, 0.1, 0.2}});

    private static ImplicitOptions by(LinearSolver solver) {
        return new ImplicitOptions().linearSolver(solver);
    }

    private static Tensor parameter(double... values) {
        return Tensor.of(values).requiresGrad(true);
    }

    // ---- values ----

    @Test
    void rootOfASquareIsTheSquareRootWithItsDerivatives() {
        UnaryOperator<Tensor> sqrt = a -> Implicit.root(x -> x.square().sub(a), Tensor.scalar(1));
        Tensor at = Tensor.scalar(2);

        assertThat(sqrt.apply(at).item()).isEqualTo(Math.sqrt(2));
        double[] expected = {
            1 / (2 * Math.sqrt(2)), -1 / (8 * Math.sqrt(2)), 3 / (32 * Math.sqrt(2)), -15 / (128 * Math.sqrt(2))
        };
        UnaryOperator<Tensor> derivative = sqrt;
        for (double value : expected) {
            derivative = Transforms.grad(derivative);
            assertThat(derivative.apply(at).item()).isCloseTo(value, within(1e-14));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-170, 1e160})
    void rootsOfEquationsWhoseSquaresUnderflowOrOverflow(double scale) {
        Tensor start = Tensor.of(1.5, 3);
        Tensor root = Implicit.root(x -> x.square().sub(2).mul(scale), start);

        assertThat(root.allClose(Tensor.of(Math.sqrt(2), Math.sqrt(2)), 1e-14, 0))
                .isTrue();
    }

    @Test
    void fixedPointOfTheCosine() {
        assertThat(Implicit.fixedPoint(Tensor::cos, Tensor.scalar(1)).item())
                .isCloseTo(0.7390851332151607, within(1e-11));
    }

    @Test
    void minimumOfRosenbrocksFunction() {
        Tensor minimum = Implicit.argmin(
                x -> {
                    Tensor a = x.select(0, 0);
                    Tensor b = x.select(0, 1);
                    return a.rsub(1).square().add(b.sub(a.square()).square().mul(100));
                },
                Tensor.of(-1.2, 1));

        assertThat(minimum.data().toDoubleArray())
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(1, 1);
    }

    @Test
    void aSolutionAsStartStays() {
        Tensor root = Implicit.root(x -> x.square().sub(4), Tensor.of(2.0, -2));

        assertThat(root.data().toDoubleArray()).containsExactly(2, -2);
        assertThat(root.requiresGrad()).isFalse();
    }

    @Test
    void nothingIsRecordedUnderNoGrad() {
        Tensor a = parameter(2);

        assertThat(Autograd.noGrad(() -> Implicit.root(x -> x.square().sub(a), Tensor.of(1.0)))
                        .requiresGrad())
                .isFalse();
    }

    // ---- gradients ----

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "GMRES"})
    void gradientsOfARootAgreeWithDifferences(LinearSolver solver) {
        GradCheck.check(
                2,
                in -> Implicit.root(x -> x.add(in[0].matmul(x.tanh())).sub(in[1]), Tensor.zeros(3), by(solver)),
                matrix,
                Tensor.of(0.5, -1, 2));
    }

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "GMRES"})
    void gradientsOfAFixedPointAgreeWithDifferences(LinearSolver solver) {
        GradCheck.check(
                2,
                in -> Implicit.fixedPoint(
                        x -> in[0].matmul(x).add(in[1]).tanh(),
                        Tensor.zeros(3),
                        by(solver).tolerances(1e-15, 1e-15)),
                matrix,
                Tensor.of(0.5, -1, 2));
    }

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "GMRES", "CG"})
    void gradientsOfAMinimumAgreeWithDifferences(LinearSolver solver) {
        GradCheck.check(
                2,
                in -> Implicit.argmin(
                        x -> in[0].matmul(x)
                                .sub(in[1])
                                .exp()
                                .sum()
                                .add(x.square().mul(in[2]).sum()),
                        Tensor.zeros(3),
                        by(solver)),
                matrix,
                Tensor.of(0.5, -1, 2),
                Tensor.of(0.7, 1, 1.5));
    }

    @Test
    void eachRowHasARootOfItsOwn() {
        Tensor price = Tensor.linspace(-20, 20, 1000);
        UnaryOperator<Tensor> root =
                p -> Implicit.root(x -> x.add(x.pow(3)).sub(p), Tensor.zeros(1000), by(LinearSolver.ROWS));
        Tensor x = root.apply(price);

        assertThat(x.add(x.pow(3)).sub(price).abs().max().item()).isLessThan(1e-13);
        Tensor slope = Transforms.grad(p -> root.apply(p).sum(), price);
        assertThat(slope.mul(x.square().mul(3).add(1)).sub(1).abs().max().item())
                .isLessThan(1e-13);
    }

    @Test
    void rowsOfSystemsAgreeWithEachAlone() {
        Tensor targets = Tensor.randn(new Generator(5), 4, 3);
        UnaryOperator<Tensor> together = right -> Implicit.root(
                x -> x.add(x.tanh().matmul(matrix)).sub(right), Tensor.zeros(4, 3), by(LinearSolver.ROWS));
        Tensor all = together.apply(targets);

        for (int k = 0; k < 4; k++) {
            Tensor right = targets.select(0, k);
            Tensor one = Implicit.root(x -> x.add(x.tanh().matmul(matrix)).sub(right), Tensor.zeros(3));
            assertThat(all.select(0, k).allClose(one, 1e-12, 1e-14)).isTrue();
        }
        GradCheck.check(2, in -> together.apply(in[0]), targets);
    }

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "GMRES"})
    void forwardProductsAreTheTransposedOnes(LinearSolver solver) {
        UnaryOperator<Tensor> root =
                b -> Implicit.root(x -> x.add(matrix.matmul(x.tanh())).sub(b), Tensor.zeros(3), by(solver));
        Tensor at = Tensor.of(0.5, -1, 2);
        Tensor jacobian = Transforms.jacobian(root, at);
        Tensor u = Tensor.of(1, -2, 0.5);

        assertThat(Transforms.jvp(root, at, u).tangent().allClose(jacobian.matmul(u), 1e-9, 1e-11))
                .isTrue();
    }

    @Test
    void parametersGetTheirGradientsWhereverTheyAre() {
        Tensor a = parameter(2, 3);
        Tensor scale = Tensor.scalar(5).requiresGrad(true);
        Tensor twice = a.mul(2);
        Tensor x = Implicit.root(v -> v.mul(scale).sub(twice), Tensor.zeros(2));
        x.add(a).sum().backward();

        assertThat(requireNonNull(a.grad()).data().toDoubleArray())
                .usingComparatorWithPrecision(1e-15)
                .containsExactly(1.4, 1.4);
        assertThat(requireNonNull(scale.grad()).item()).isCloseTo(-10.0 / 25, within(1e-15));
    }

    @Test
    void aSecondPassOverAKeptGraphGivesTheSame() {
        Tensor a = parameter(2);
        Tensor x = Implicit.root(v -> v.pow(3).sub(a), Tensor.of(1.0));

        Tensor first = Autograd.grad(x.sum(), GraphMode.KEEP, a);
        assertThat(Autograd.grad(x.sum(), a).data()).isEqualTo(first.data());
    }

    @Test
    void parametersThatChangedBeforeTheBackwardPassAreAnError() {
        Tensor a = parameter(2);
        Tensor x = Implicit.root(v -> v.square().sub(a), Tensor.of(1.0));
        a.assign(Tensor.of(3.0).data());

        assertThatThrownBy(() -> x.sum().backward())
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("'Implicit.root' saved was changed in place");
    }

    @Test
    void aSolutionThatDependsOnNoOlderTensorIsAConstant() {
        Tensor x = Implicit.root(v -> v.sub(Tensor.scalar(2).requiresGrad(true)), Tensor.scalar(1));

        assertThat(x.requiresGrad()).isFalse();
        assertThat(x.item()).isEqualTo(2);
    }

    @Test
    void aFunctionThatReturnsOtherValuesInTheBackwardPassIsAnError() {
        Tensor a = parameter(2);
        int[] calls = {0};
        Tensor x = Implicit.root(v -> v.sub(a.mul(calls[0]++ < 1000 ? 1 : 1.01)), Tensor.of(1.0));
        calls[0] = 5000;

        assertThatThrownBy(() -> x.sum().backward())
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("Implicit.root: the function returned another value of shape [1]");
    }

    private record Pair(Tensor u, List<Tensor> rest) {}

    @Test
    void treesAreSolvedTogether() {
        Tensor a = Tensor.scalar(3).requiresGrad(true);
        Pair start = new Pair(Tensor.of(1.0, 1), List.of(Tensor.scalar(0.5)));
        Pair root = Implicit.root(
                p -> new Pair(
                        p.u.mul(p.rest.get(0)).sub(a),
                        List.of(p.rest.get(0).sub(p.u.sum().mul(0.25)))),
                start);
        // u·v = a and v = u/2 for both elements of u
        assertThat(root.u.data().toDoubleArray())
                .usingComparatorWithPrecision(1e-13)
                .containsExactly(Math.sqrt(6), Math.sqrt(6));
        root.rest.get(0).backward();
        assertThat(requireNonNull(a.grad()).item()).isCloseTo(0.5 / Math.sqrt(6), within(1e-13));
    }

    @Test
    void bothDtypes() {
        Tensor a = Tensor.full(DType.FLOAT32, 2).requiresGrad(true);
        Tensor x = Implicit.root(v -> v.square().sub(a), Tensor.ones(DType.FLOAT32, Shape.scalar()));
        x.backward();

        assertThat(x.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(x.item()).isCloseTo(Math.sqrt(2), within(2e-7));
        assertThat(requireNonNull(a.grad()).item()).isCloseTo(1 / (2 * Math.sqrt(2)), within(1e-7));
    }

    @Test
    void manyUnknownsBySolvingWithProductsOnly() {
        int n = 2000;
        Tensor b = Tensor.linspace(0, 1, n);
        // The second differences of a grid, which are symmetric and positive definite.
        UnaryOperator<Tensor> energy = right -> Implicit.argmin(
                x -> x.diff()
                        .square()
                        .sum()
                        .add(x.square().sum())
                        .mul(0.5)
                        .add(x.pow(4).sum())
                        .sub(x.mul(right).sum()),
                Tensor.zeros(n),
                by(LinearSolver.CG));
        Tensor gradient = Transforms.grad(right -> energy.apply(right).sum(), b);

        double h = 1e-5;
        double up = energy.apply(b.add(h)).sum().item();
        double down = energy.apply(b.sub(h)).sum().item();
        assertThat(gradient.sum().item()).isCloseTo((up - down) / (2 * h), within(1e-5));
    }

    @Test
    void theSameBitsInAWorkspaceAndOnOtherThreads() {
        Tensor right = Tensor.randn(new Generator(8), 3);
        UnaryOperator<Tensor> solve = b -> {
            Tensor parameter = b.detach().requiresGrad(true);
            Tensor x = Implicit.root(
                    v -> v.add(matrix.matmul(v.tanh())).sub(parameter), Tensor.zeros(3), by(LinearSolver.GMRES));
            x.square().sum().backward();
            return Tensor.concat(0, x.detach(), requireNonNull(parameter.grad()));
        };
        Tensor expected = solve.apply(right);
        Workspace workspace = new Workspace();

        for (int step = 0; step < 3; step++) {
            workspace.run(() -> assertThat(solve.apply(right).data()).isEqualTo(expected.data()));
        }
        assertThat(Stream.generate(() -> right)
                        .limit(64)
                        .parallel()
                        .map(b -> solve.apply(b).data()))
                .allMatch(expected.data()::equals);
    }

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "GMRES", "CG"})
    void badlyConditionedEquationsEndAtTheirRoundingErrors(LinearSolver solver) {
        // Hilbert's matrix, whose condition number is 1.5e10.
        Tensor indices = Tensor.linspace(1, 8, 8);
        Tensor hilbert = indices.unsqueeze(1).add(indices).sub(1).reciprocal();
        Tensor right = hilbert.matmul(Tensor.ones(8));
        Tensor x = Implicit.root(v -> hilbert.matmul(v).sub(right), Tensor.zeros(8), by(solver));

        assertThat(hilbert.matmul(x).sub(right).abs().max().item()).isLessThan(1e-15);
        assertThat(x.sub(1).abs().max().item()).isLessThan(1e-4);
    }
}
