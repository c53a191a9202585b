package io.adjoint.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Generator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LeastSquaresProperties {
    /** Of a linear model the fit is the solution of the linear problem, and s²·(AᵀA)⁻¹ its covariance. */
    @Property
    void linearModel(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int n,
            @ForAll @IntRange(min = 1, max = 20) int more) {
        Generator random = new Generator(seed);
        Tensor a = Tensor.randn(random, n + more, n);
        Tensor y = Tensor.randn(random, n + more);

        Fit<Tensor> fit = LeastSquares.of((Tensor p) -> a.matmul(p).sub(y)).from(Tensor.zeros(n));

        close(fit.parameters(), a.lstsq(y), 1e-8);
        Tensor squares = fit.residuals().square().sum();
        close(fit.covariance(), a.transpose().matmul(a).inv().mul(squares).div(more), 1e-6);
    }

    /** At a solution within bounds the gradient is 0 except at bounds, where it leads out of the box. */
    @Property
    void bounds(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int n, @ForAll RobustLoss loss) {
        Generator random = new Generator(seed);
        Tensor a = Tensor.randn(random, 3 * n, n);
        Tensor y = Tensor.randn(random, 3 * n).mul(3);
        double scale = 0.7;

        Fit<Tensor> fit = LeastSquares.of(
                        (Tensor p) -> a.matmul(p).tanh().mul(2).sub(y))
                .loss(loss, scale)
                .bounds(Tensor.full(-0.5, n), Tensor.full(0.5, n))
                .from(Tensor.zeros(n));

        Tensor gradient =
                Transforms.grad((Tensor p) -> cost(a.matmul(p).tanh().mul(2).sub(y), loss, scale), fit.parameters());
        assertThat(cost(fit.residuals(), loss, scale).item()).isCloseTo(fit.cost(), within(1e-12 * fit.cost()));
        for (int k = 0; k < n; k++) {
            double p = fit.parameters().select(0, k).item();
            double g = gradient.select(0, k).item();
            assertThat(p).isBetween(-0.5, 0.5);
            if (p == -0.5) {
                assertThat(g).isGreaterThan(-1e-4);
            } else if (p == 0.5) {
                assertThat(g).isLessThan(1e-4);
            } else {
                assertThat(g).as(fit.toString()).isCloseTo(0, within(1e-4));
            }
        }
    }

    private static Tensor cost(Tensor residuals, RobustLoss loss, double scale) {
        Tensor z = residuals.div(scale).square();
        Tensor rho = switch (loss) {
            case LINEAR -> z;
            case SOFT_L1 -> z.add(1).sqrt().sub(1).mul(2);
            case HUBER -> Tensor.where(z.le(1), z, z.sqrt().mul(2).sub(1));
            case CAUCHY -> z.log1p();
            case ARCTAN -> z.atan();
        };
        return rho.sum().mul(scale * scale / 2);
    }

    private static void close(Tensor found, Tensor expected, double tolerance) {
        double[] values = found.data().toDoubleArray();
        double[] others = expected.data().toDoubleArray();
        double largest = expected.abs().max().item();
        for (int k = 0; k < others.length; k++) {
            assertThat(values[k]).isCloseTo(others[k], within(tolerance * (largest + 1e-3)));
        }
    }
}
