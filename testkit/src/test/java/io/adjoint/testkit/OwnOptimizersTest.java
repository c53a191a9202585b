package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.StateFields;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.ParameterGroup;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.optim.StateArray;
import io.adjoint.nn.optim.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Optimizers outside of the library, which use only public types. */
class OwnOptimizersTest {
    private static final double[] START = {0.5, -1, 2, 0.25, -0.75, 1.5};
    private static final double[][] GRADIENTS = {
        {1, -2, 0.5, 0.25, 1, -0.5}, {-1, 0.5, 2, 0.75, 0.5, -1}, {0.5, 1, -0.25, 1.5, -2, 0.5}
    };

    /** The optimizer Muon (Jordan, 2024). */
    private static final class Muon extends Optimizer {
        Muon(List<Tensor> matrices, double rate) {
            super(matrices, rate);
        }

        @Override
        protected Update update(ParameterGroup group, int t) {
            double rate = group.learningRate();
            double weightDecay = group.weightDecay();
            return new Update(List.of(StateArray.like("momentum")), (p, g, arrays) -> {
                NdArray momentum = arrays[0].mul(0.95).add(g);
                double scale = Math.sqrt(
                        Math.max(1, (double) p.shape().dim(0) / p.shape().dim(1)));
                NdArray step = orthogonal(g.add(momentum.mul(0.95))).mul(rate * scale);
                NdArray next = p.mul(1 - rate * weightDecay).sub(step);
                return () -> {
                    InPlace.assign(arrays[0], momentum);
                    InPlace.assign(p, next);
                };
            });
        }

        private static NdArray orthogonal(NdArray matrix) {
            boolean isTall = matrix.shape().dim(0) > matrix.shape().dim(1);
            NdArray x = (isTall ? matrix.transpose() : matrix)
                    .div(matrix.vectorNorm(2).item() + 1e-7);
            for (int k = 0; k < 5; k++) {
                NdArray a = x.matmul(x.transpose());
                x = x.mul(3.4445)
                        .add(a.mul(-4.7750).add(a.matmul(a).mul(2.0315)).matmul(x));
            }
            return isTall ? x.transpose() : x;
        }
    }

    /** An optimizer with arrays of another dtype and shape than the parameter, and with a number for all parameters. */
    private static final class Counting extends Optimizer {
        double total;

        Counting(List<Tensor> parameters) {
            super(parameters, 1);
        }

        @Override
        protected Update update(ParameterGroup group, int t) {
            return new Update(
                    List.of(
                            new StateArray("start", NdArray::copy),
                            new StateArray("calls", p -> NdArray.zeros(DType.INT32, Shape.of(1))),
                            StateArray.number("scale", 0.5)),
                    (p, g, arrays) -> {
                        double sum = g.sum().item();
                        NdArray calls = arrays[1].add(1);
                        NdArray next = arrays[0].sub(g.mul(arrays[2].item()));
                        return () -> {
                            total += sum;
                            InPlace.assign(arrays[1], calls);
                            InPlace.assign(p, next);
                        };
                    });
        }

        @Override
        public void declareState(StateFields fields) {
            super.declareState(fields);
            fields.number("total", total, value -> total = value);
        }
    }

    private static Tensor start() {
        return Tensor.of(NdArray.of(Shape.of(3, 2), START)).requiresGrad(true);
    }

    private static void step(Optimizer optimizer, int k) {
        optimizer.parameters().get(0).setGrad(Tensor.of(NdArray.of(Shape.of(3, 2), GRADIENTS[k])));
        optimizer.step();
    }

    /** The expected numbers are NumPy's. */
    @Test
    void muonOfPublicTypesMakesTheStepsOfItsFormula() {
        Tensor p = start();
        Optimizer muon = new Muon(List.of(p), 0.02).weightDecay(0.1);
        for (int k = 0; k < GRADIENTS.length; k++) {
            step(muon, k);
        }
        double[] expected = {
            0.49372690769438704,
            -0.9711975154207696,
            1.9532845759222013,
            0.2109083933894026,
            -0.7515016304220605,
            1.493226241605786
        };
        assertThat(p.data().toDoubleArray()).containsExactly(expected, within(1e-12));
    }

    @Test
    void anOptimizerContinuesBitForBitFromTheStateOfItsArrays() {
        for (int at = 0; at < GRADIENTS.length; at++) {
            Optimizer whole = new Muon(List.of(start()), 0.02);
            Optimizer first = new Muon(List.of(start()), 0.02);
            for (int k = 0; k < GRADIENTS.length; k++) {
                step(whole, k);
                if (k < at) {
                    step(first, k);
                }
            }
            Tensor p = start();
            p.assign(first.parameters().get(0).data());
            Optimizer second = new Muon(List.of(p), 1);
            second.load(first.state());
            for (int k = at; k < GRADIENTS.length; k++) {
                step(second, k);
            }
            assertThat(p.data()).isEqualTo(whole.parameters().get(0).data());
            assertThat(second.state()).isEqualTo(whole.state());
        }
    }

    @Test
    void carriedArraysHaveADtypeAShapeAndFirstElementsOfTheirOwn() {
        Counting counting = new Counting(List.of(start()));
        step(counting, 0);
        step(counting, 1);
        Map<String, NdArray> state = counting.state();

        assertThat(state.get("0.start")).isEqualTo(NdArray.of(Shape.of(3, 2), START));
        assertThat(state.get("0.calls")).isEqualTo(NdArray.of(Shape.of(1), new int[] {2}));
        assertThat(state.get("0.scale")).isEqualTo(NdArray.scalar(DType.FLOAT64, 0.5));
        assertThat(state.get("total")).isEqualTo(NdArray.scalar(DType.FLOAT64, 2));
        Counting other = new Counting(List.of(start()));
        other.load(state);
        assertThat(other.state()).isEqualTo(state);
        assertThat(other.total).isEqualTo(2);
    }

    @Test
    @SuppressWarnings("NullAway") // code without null checks may pass null
    void hooksRunBeforeAndAfterEachStepUntilTheyAreRemoved() {
        Tensor p = start();
        SGD sgd = new SGD(List.of(p), 1);
        List<Double> seen = new ArrayList<>();
        Hook before = sgd.beforeStep(() -> seen.add(p.data().get(0, 0)));
        Hook after = sgd.afterStep(() -> seen.add(-p.data().get(0, 0)));
        step(sgd, 0);
        assertThat(seen).containsExactly(0.5, 0.5);
        before.remove();
        after.remove();
        step(sgd, 1);
        assertThat(seen).hasSize(2);

        Runnable twice = () -> seen.add(0.0);
        Hook one = sgd.beforeStep(twice);
        sgd.beforeStep(twice);
        one.remove();
        one.remove();
        step(sgd, 1);
        assertThat(seen).hasSize(3);
        assertThatNullPointerException().isThrownBy(() -> sgd.afterStep(null)).withMessage("the hook is null");

        sgd.beforeStep(() -> {
            throw new IllegalStateException("no step");
        });
        NdArray unchanged = p.data().copy();
        assertThatIllegalStateException().isThrownBy(() -> step(sgd, 2)).withMessage("no step");
        assertThat(p.data()).isEqualTo(unchanged);
    }
}
