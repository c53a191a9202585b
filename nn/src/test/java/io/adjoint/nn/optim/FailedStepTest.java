package io.adjoint.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a failed step can be made again. */
class FailedStepTest {
    private final Tensor first = Tensor.of(1, 2).requiresGrad(true);
    private final Tensor second = Tensor.of(3).requiresGrad(true);

    /**
     * An optimizer that adds t times the gradient to a sum, and moves the parameter against the sum; it fails where a test tells it to.
     */
    private static final class Sums extends Optimizer {
        int arraysUntilFailure = Integer.MAX_VALUE;
        int formulasUntilFailure = Integer.MAX_VALUE;
        final List<Integer> numbers = new ArrayList<>();

        Sums(List<Tensor> parameters) {
            super(parameters, 0.5);
        }

        @Override
        protected Update update(ParameterGroup group, int t) {
            double rate = group.learningRate();
            StateArray sum = new StateArray("sum", of -> {
                if (--arraysUntilFailure == 0) {
                    throw new OutOfMemoryError("Java heap space");
                }
                return NdArray.zeros(of.dtype(), of.shape());
            });
            return new Update(List.of(sum), (parameter, gradient, arrays) -> {
                numbers.add(t);
                if (--formulasUntilFailure == 0) {
                    throw new IllegalStateException("no step");
                }
                InPlace.assign(arrays[0], arrays[0].add(gradient.mul(t)));
                InPlace.assign(parameter, parameter.sub(arrays[0].mul(rate)));
            });
        }
    }

    private void gradients() {
        first.setGrad(Tensor.of(1, -1));
        second.setGrad(Tensor.of(2));
    }

    @Test
    void nothingHasChangedWhereThereIsNoMemoryForTheArraysOfAParameter() {
        gradients();
        Sums sums = new Sums(List.of(first, second));
        Map<String, NdArray> before = sums.state();
        sums.arraysUntilFailure = 2;

        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(sums::step);
        assertThat(first.data().toDoubleArray()).containsExactly(1, 2);
        assertThat(sums.state()).isEqualTo(before);
        sums.step();
        assertThat(first.data().toDoubleArray()).containsExactly(0.5, 2.5);
        assertThat(second.data().toDoubleArray()).containsExactly(2);
        assertThat(sums.numbers).containsExactly(1, 1);
    }

    @Test
    void whatMakesGradientsDenseIsThereBeforeTheFirstParameterIsUpdated() {
        Tensor matrix = Tensor.ones(2, 3).requiresGrad(true);
        Tensor small = Tensor.ones(DType.FLOAT32, Shape.of(1, 2)).requiresGrad(true);
        List<NdArray> gradients = List.of(
                Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}}).transpose().data(),
                Tensor.of(7).data().broadcastTo(Shape.of(2)),
                Tensor.of(8).to(DType.FLOAT32).data().broadcastTo(Shape.of(1, 2)),
                Tensor.of(9).data());
        List<DenseGradient> dense = DenseGradient.of(gradients);

        assertThat(dense.get(3).dense()).isSameAs(gradients.get(3));
        for (int k = 0; k < 3; k++) {
            NdArray space = dense.get(k).space();
            assertThat(space.isContiguous()).isTrue();
            assertThat(dense.get(k).dense()).isSameAs(space).isEqualTo(gradients.get(k));
        }
        // Gradients of one dtype share one array, which is as large as the largest of them.
        assertThat(dense.get(0).space().toDoubleArray()).containsExactly(7, 7, 5, 2, 4, 6);

        List<Tensor> parameters = List.of(matrix, first, small, second);
        List<NdArray> before = parameters.stream().map(p -> p.data().copy()).toList();
        for (int k = 0; k < 4; k++) {
            parameters.get(k).setGrad(Tensor.of(gradients.get(k)));
        }
        new SGD(parameters, 1).step();
        for (int k = 0; k < 4; k++) {
            assertThat(parameters.get(k).data()).isEqualTo(before.get(k).sub(gradients.get(k)));
        }
    }

    @Test
    void aFormulaThatFailedIsNotCountedAsAStep() {
        second.setGrad(Tensor.of(2));
        Sums sums = new Sums(List.of(second));
        sums.formulasUntilFailure = 1;

        assertThatIllegalStateException().isThrownBy(sums::step);
        sums.step();
        sums.step();
        assertThat(sums.numbers).containsExactly(1, 1, 2);
        assertThat(sums.state()).containsEntry("0.steps", NdArray.scalar(DType.INT32, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,a", "steps", "a,b,steps"})
    void arraysHaveNamesOfTheirOwn(String names) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Update((operands, from, to) -> {}, names.split(",")))
                .withMessage("Update: each array of a parameter needs a name of its own, other than 'steps'; got ["
                        + names.replace(",", ", ") + "]");
    }
}
