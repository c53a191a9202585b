package io.adjoint.autograd.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JacobianTest {
    private record Line(Tensor slope, Tensor offset) {}

    private final Tensor x = Tensor.of(0.5, -1, 2);
    private final Tensor w = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});

    private static void assertClose(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.data().toDoubleArray())
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(expected.data().toDoubleArray());
    }

    @ParameterizedTest
    @EnumSource
    void isTheMatrixOfALinearMapInEveryMode(JacobianMode mode) {
        Function<Tensor, Tensor> wide = t -> t.matmul(w.transpose());

        assertThat(Transforms.jacobian(wide, x, mode).data()).isEqualTo(w.data());
        assertThat(Transforms.jacobian(t -> t.matmul(w), Tensor.of(1, 2), mode).data())
                .isEqualTo(w.transpose().data());
    }

    @ParameterizedTest
    @EnumSource
    void hasTheDtypeOfTheArgument(JacobianMode mode) {
        Function<Tensor, Tensor> single = t -> t.mul(2).to(DType.FLOAT32);

        assertThat(Transforms.jacobian(single, x, mode).dtype()).isEqualTo(DType.FLOAT64);
        assertThat(Transforms.jacobian(t -> t.matmul(w).to(DType.FLOAT32), Tensor.of(1, 2), mode)
                        .dtype())
                .isEqualTo(DType.FLOAT64);
        assertThat(Transforms.batchJacobian(t -> t.matmul(w).to(DType.FLOAT32), Tensor.ones(4, 2))
                        .dtype())
                .isEqualTo(DType.FLOAT64);
    }

    @ParameterizedTest
    @EnumSource
    void joinsTheShapes(JacobianMode mode) {
        Tensor at = Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}});
        Tensor jacobian = Transforms.jacobian(t -> t.square().sum(-1), at, mode);

        assertThat(jacobian.shape()).isEqualTo(Shape.of(3, 3, 2));
        for (int k = 0; k < 3; k++) {
            assertThat(jacobian.data().select(0, k).select(0, k))
                    .isEqualTo(at.mul(2).data().select(0, k));
        }
        assertThat(jacobian.sum().item()).isEqualTo(42);
        assertClose(Transforms.jacobian(t -> t.square().sum(-1), x, mode), x.mul(2));
    }

    @ParameterizedTest
    @EnumSource
    void hasABlockForEachTensor(JacobianMode mode) {
        Line at = new Line(Tensor.of(1, 2), Tensor.of(5));
        Line jacobian = Transforms.jacobian(p -> p.slope().mul(p.offset()), at, mode);

        assertThat(jacobian.slope().data())
                .isEqualTo(Tensor.of(new double[][] {{5, 0}, {0, 5}}).data());
        assertThat(jacobian.offset().data())
                .isEqualTo(Tensor.of(new double[][] {{1}, {2}}).data());
    }

    @ParameterizedTest
    @EnumSource
    void isZeroOfAConstant(JacobianMode mode) {
        assertThat(Transforms.jacobian(t -> t.detach().square(), x, mode).data())
                .isEqualTo(NdArray.zeros(DType.FLOAT64, Shape.of(3, 3)));
    }

    @ParameterizedTest
    @EnumSource
    void ofNothingIsEmpty(JacobianMode mode) {
        Tensor none = Tensor.zeros(0);

        assertThat(Transforms.jacobian(t -> t.mul(2), none, mode).shape()).isEqualTo(Shape.of(0, 0));
        assertThat(Transforms.jacobian(t -> t.sum(Dims.KEEP, -1), none, mode).shape())
                .isEqualTo(Shape.of(1, 0));
    }

    @Test
    void ofFloatsIsFloat() {
        Tensor narrow = x.to(DType.FLOAT32);
        for (JacobianMode mode : JacobianMode.values()) {
            assertThat(Transforms.jacobian(Tensor::square, narrow, mode).dtype())
                    .isEqualTo(DType.FLOAT32);
        }
    }

    @Test
    void staysDifferentiable() {
        for (JacobianMode mode : JacobianMode.values()) {
            Tensor gradient = Transforms.grad(
                    t -> Transforms.jacobian(Tensor::square, t, mode).square().sum(), x);
            assertClose(gradient, x.mul(8));
        }
    }

    @Test
    @SuppressWarnings("CheckReturnValue") // Only the number of passes is tested.
    void takesAsManyPassesAsTheSmallerDimension() {
        AtomicInteger backward = new AtomicInteger();
        Function<Tensor, Tensor> f = t -> Autograd.op("id", t.data(), Edge.edge(t, g -> {
            backward.incrementAndGet();
            return g;
        }));

        Transforms.jacobian(t -> f.apply(t).sum(Dims.KEEP), x);
        assertThat(backward.getAndSet(0)).isEqualTo(1);
        Transforms.jacobian(t -> f.apply(t).sum().broadcastTo(Shape.of(50)), x);
        assertThat(backward.getAndSet(0)).isEqualTo(1); // recorded once, then differentiated three times
        Transforms.jacobian(t -> f.apply(t).square(), x, JacobianMode.BATCH);
        assertThat(backward.getAndSet(0)).isEqualTo(1);
        Transforms.batchJacobian(t -> f.apply(t).matmul(w), Tensor.of(new double[100][2]));
        assertThat(backward.getAndSet(0)).isEqualTo(1); // two columns by forward mode
        Transforms.batchJacobian(t -> f.apply(t).matmul(w.transpose()), Tensor.of(new double[100][3]));
        assertThat(backward.get()).isEqualTo(2);
    }

    /** Rows that are equal are computed once: by operations that reuse a value, reorder it, or mix it with constants. */
    @Test
    void inABatchIsThatOfSinglePoints() {
        Tensor index = Tensor.of(new int[] {2, 0, 2});
        List<Function<Tensor, Tensor>> functions = List.of(
                t -> t.mul(t).add(t.exp().mul(t)).sub(t.sin().mul(t)),
                t -> t.matmul(w.transpose()).tanh().matmul(w),
                t -> t.softmax(-1).mul(t.cumsum(-1)).add(t.flip(-1)),
                t -> t.indexSelect(-1, index).mul(t).add(t.sum(Dims.KEEP, -1)),
                t -> Tensor.concat(-1, t, t.mul(2)).logSumExp(Dims.KEEP, -1).add(t),
                t -> Tensor.where(t.gt(0.5), t.square(), t.exp()).mul(Tensor.of(1, 2, 3)),
                t -> t.unsqueeze(-1).mul(t.unsqueeze(-2)).reshape(t.shape().dim(0), 9),
                t -> t.pow(t).slice(-1, 0, 2),
                t -> t.square().sum(Dims.KEEP, -1).sqrt(),
                t -> t.sub(t.mean(Dims.KEEP, -1)).abs().amax(Dims.KEEP, -1));
        Tensor at = Tensor.of(0.3, 1.2, 0.7);
        for (Function<Tensor, Tensor> f : functions) {
            Function<Tensor, Tensor> ofOne = t -> f.apply(t.unsqueeze(0)).squeeze(0);
            assertClose(
                    Transforms.jacobian(f, at, JacobianMode.BATCH), Transforms.jacobian(ofOne, at, JacobianMode.ROWS));
        }
    }

    @Test
    void ofRowsIsThatOfEachRow() {
        Tensor rows = Tensor.of(new double[][] {{0.1, 0.2, 0.3}, {1, -1, 0.5}, {0, 2, 1}, {-1, 0, 1}});
        Function<Tensor, Tensor> narrow = t -> t.matmul(w.transpose()).tanh();
        Function<Tensor, Tensor> wide =
                t -> t.tanh().matmul(w.transpose()).exp().matmul(w.mul(0.1));
        for (Function<Tensor, Tensor> f : List.of(narrow, wide)) {
            Tensor jacobians = Transforms.batchJacobian(f, rows);
            for (int b = 0; b < 4; b++) {
                assertClose(
                        jacobians.slice(0, b, b + 1).squeeze(0),
                        Transforms.jacobian(f, rows.slice(0, b, b + 1).squeeze(0)));
            }
        }
        assertThat(Transforms.batchJacobian(t -> t.square().sum(1), rows).data())
                .isEqualTo(rows.mul(2).data());
    }
}
