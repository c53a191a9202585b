package io.adjoint.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.DenseVectors;
import io.adjoint.core.ShapeException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MinimizeTest {
    private record Point(Tensor a, Tensor b) {
        static Point of(double a, double b) {
            return new Point(Tensor.scalar(a), Tensor.scalar(b));
        }
    }

    private final Minimize<Tensor> rosenbrock = Minimize.of(MinimizeTest::rosenbrock);

    private static Tensor rosenbrock(Tensor x) {
        int n = x.shape().size();
        Tensor head = x.slice(0, 0, n - 1);
        Tensor tail = x.slice(0, 1, n);
        return tail.sub(head.square())
                .square()
                .mul(100)
                .add(head.neg().add(1).square())
                .sum();
    }

    @Test
    void rosenbrockIsMinimized() {
        // The evaluations that SciPy's trust-ncg needs from the same starts.
        Map<Integer, Integer> evaluations = Map.of(2, 38, 10, 73, 50, 248);
        evaluations.forEach((n, most) -> {
            Minimum<Tensor> minimum = rosenbrock.from(Tensor.full(-1.2, n));

            assertThat(minimum.ending().converged()).isTrue();
            assertThat(minimum.evaluations()).isLessThanOrEqualTo(most);
            double[] x = minimum.parameters().data().toDoubleArray();
            // Of 10 and more variables there is a second minimum near (-1, 1, ..., 1).
            assertThat(n == 2 ? x[0] : Math.abs(x[0])).isCloseTo(1, within(1e-2));
            for (int k = 1; k < n; k++) {
                assertThat(x[k]).isCloseTo(1, within(1e-2));
            }
            assertThat(DenseVectors.largest(minimum.gradient().data().toDoubleArray()))
                    .isLessThan(1e-9);
        });
    }

    @Test
    void minimumAtABoundIsExactAndNamed() {
        Minimum<Tensor> minimum =
                rosenbrock.bounds(Tensor.of(-2, -2), Tensor.of(0.8, 2)).from(Tensor.of(-1.2, 1));

        assertThat(minimum.parameters().select(0, 0).item()).isEqualTo(0.8);
        assertThat(minimum.parameters().select(0, 1).item()).isCloseTo(0.64, within(1e-9));
        assertThat(minimum.notes())
                .containsExactly("parameter[0] is at its upper bound 0.8, beyond which the cost would fall");
    }

    @Test
    void negativeCurvatureLeadsToTheBounds() {
        Minimum<Point> minimum = Minimize.of(
                        (Point p) -> p.a().square().neg().sub(p.b().square().mul(2)))
                .bounds(Point.of(-1, -3), Point.of(2, 1))
                .from(Point.of(0.1, -0.1));

        assertThat(minimum.parameters().a().item()).isEqualTo(2);
        assertThat(minimum.parameters().b().item()).isEqualTo(-3);
        assertThat(minimum.ending()).isEqualTo(Ending.GRADIENT);
    }

    @Test
    void pointsWhereTheFunctionIsNotFiniteAreAvoided() {
        Minimum<Tensor> minimum =
                Minimize.of((Tensor x) -> x.mul(3).sub(x.log()).sum()).from(Tensor.of(100));

        assertThat(minimum.parameters().item()).isCloseTo(1.0 / 3, within(1e-6));
    }

    @Test
    void functionWithoutAMinimumIsNotConverged() {
        Minimum<Tensor> minimum = Minimize.of((Tensor x) -> x.sum().neg()).from(Tensor.of(1, 2));

        assertThat(minimum.ending()).isEqualTo(Ending.UNBOUNDED);
        assertThat(minimum.ending().converged()).isFalse();
    }

    @Test
    void functionThatCannotFallThoughItsGradientIsNot0IsStuck() {
        List<Minimize<Tensor>> all = List.of(
                Minimize.of(x -> x.abs().sum()),
                Minimize.of(x -> x.abs().sum().add(1)),
                Minimize.of(x -> x.detach().mul(2).sub(x).sum()),
                Minimize.of(x -> x.detach().mul(2).sub(x).add(3).square().sum()));
        for (Minimize<Tensor> minimize : all) {
            for (double start : new double[] {0, 0.7}) {
                Minimum<Tensor> minimum = minimize.from(Tensor.of(start));
                boolean isMinimum = minimum.gradient().item() == 0;

                assertThat(minimum.ending()).isEqualTo(isMinimum ? Ending.GRADIENT : Ending.STUCK);
                assertThat(minimum.evaluations()).isLessThan(150);
            }
        }
    }

    @Test
    void valueThatOverflowsIsUnbounded() {
        assertThat(Minimize.of((Tensor x) -> x.exp().neg().sum())
                        .from(Tensor.of(1))
                        .ending())
                .isEqualTo(Ending.UNBOUNDED);
    }

    @Test
    void minimumPrintsItsReasonItsValueAndItsParameters() {
        Minimum<Tensor> minimum = Minimize.of((Tensor x) -> x.square().sum())
                .bounds(Tensor.of(1), Tensor.of(2))
                .from(Tensor.of(1.5));

        assertThat(minimum)
                .hasToString(
                        "converged after 2 evaluations: the gradient is 0, but for parameters at a bound\nvalue 1.0\n[1.]\n"
                                + "parameter[0] is at its lower bound 1.0, beyond which the cost would fall");
    }

    @Test
    void listsOfAMinimumCannotBeChanged() {
        Minimum<Tensor> minimum = Minimize.of((Tensor x) -> x.square().sum()).from(Tensor.of(1.5));

        assertThatThrownBy(() -> minimum.notes().add("")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> minimum.history().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void anExceptionAtATrialShortensTheStep() {
        Minimize<Tensor> minimize = Minimize.of(MinimizeTest::lossOfAPositiveScale);

        Minimum<Tensor> minimum = minimize.from(Tensor.scalar(3));

        assertThat(minimum.ending().converged()).isTrue();
        assertThat(minimum.parameters().item()).isCloseTo(0.5, within(1e-12));
        assertThat(minimum.notes())
                .singleElement()
                .asString()
                .startsWith("the function refused the trial parameter = -");
        assertThat(minimum.notes().get(0)).endsWith(": the scale must be positive");
        refused(() -> minimize.from(Tensor.scalar(-1)), "the scale must be positive");
    }

    private static Tensor lossOfAPositiveScale(Tensor scale) {
        if (scale.item() <= 0) {
            throw new IllegalArgumentException("the scale must be positive");
        }
        return scale.log().add(scale.mul(2).reciprocal());
    }

    @Test
    void saddlesAndMaximaAreLeft() {
        // Two humps that a symmetric start doesn't tell apart, and the top of a cosine.
        Minimum<Tensor> humps = Minimize.of((Tensor x) -> {
                    Tensor apart = x.select(0, 0).sub(x.select(0, 1)).square();
                    return x.sum().square().add(apart.sub(4).square());
                })
                .from(Tensor.of(1, 1));
        Minimum<Tensor> cosine = Minimize.of((Tensor x) -> x.cos().sum()).from(Tensor.of(0, 0, 0));

        assertThat(humps.ending().converged()).isTrue();
        assertThat(humps.value()).isCloseTo(0, within(1e-12));
        assertThat(humps.history().size())
                .isEqualTo(humps.history().get(humps.history().size() - 1).iteration() + 1);
        assertThat(cosine.value()).isCloseTo(-3, within(1e-12));
    }

    @Test
    void aSaddleIsNotLeftForInfinityNorBeyondTheEvaluations() {
        Function<Tensor, Tensor> falling = x ->
                x.select(0, 0).sub(1000).square().sub(x.select(0, 1).square().exp());

        Minimum<Tensor> minimum = Minimize.of(falling).from(Tensor.of(1, 0));
        assertThat(minimum.ending().converged()).isFalse();
        assertThat(minimum.value()).isFinite();

        Minimum<Tensor> few =
                Minimize.of((Tensor x) -> x.cos().sum()).maxEvaluations(2).from(Tensor.of(0, 0, 0));
        assertThat(few.evaluations()).isLessThanOrEqualTo(2);
    }

    @Test
    void aTrueMinimumCostsFewProducts() {
        Tensor scales = Tensor.linspace(0, 8, 1000).mul(Math.log(10)).exp();
        Minimum<Tensor> minimum =
                Minimize.of((Tensor x) -> x.square().mul(scales).sum()).from(Tensor.zeros(1000));
        assertThat(minimum.ending().converged()).isTrue();
        assertThat(minimum.products()).isLessThanOrEqualTo(101);
    }

    @Test
    void aSaddleAtABoundIsLeftWithinTheBounds() {
        Minimum<Tensor> minimum = Minimize.of((Tensor x) -> x.square().neg().sum())
                .bounds(Tensor.of(-1, 0), Tensor.of(2, 0.5))
                .from(Tensor.of(0, 0));

        assertThat(minimum.parameters().data().toDoubleArray()[1]).isEqualTo(0.5);
        assertThat(minimum.ending().converged()).isTrue();
    }

    /** The squares of the first gradients overflow. */
    @Test
    void aMinimumFarBelowTheStartIsFound() {
        Minimum<Tensor> minimum =
                Minimize.of((Tensor x) -> x.exp().sub(x.mul(2))).from(Tensor.scalar(600));

        assertThat(minimum.ending().converged()).isTrue();
        assertThat(minimum.parameters().item()).isCloseTo(Math.log(2), within(1e-12));
    }

    @Test
    void startsThatDoNotFitAreRefusedByName() {
        refused(() -> rosenbrock.from(Tensor.of(1, Double.NaN)), "Minimize: the start has parameter[1] = NaN");
        refused(
                () -> Minimize.of((Point p) -> p.a().log().add(p.b())).from(Point.of(-1, 1)),
                "Minimize: the value is NaN at the start, .a = -1.0, .b = 1.0; start where the function is finite");
        refused(
                () -> Minimize.of((Point p) -> p.a().sqrt().add(p.b())).from(Point.of(0, 1)),
                "Minimize: the derivative with respect to .a is Infinity at the start, .a = 0.0, .b = 1.0; start elsewhere");
        assertThatThrownBy(() -> Minimize.of((List<Tensor> p) -> p.get(0)).from(List.of(Tensor.of(1, 2))))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "Minimize: the function must return a floating scalar, but it returned FLOAT64 [2]; reduce it, e.g. with"
                                + " sum() or mean()");
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void nullIsRefusedByName() {
        refused(() -> Minimize.of(null), "Minimize: the function is null");
        refused(() -> rosenbrock.from(null), "Minimize: the start is null");
        refused(() -> Minimize.of((Tensor x) -> null).from(Tensor.of(1)), "Minimize: the function returned null");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }
}
