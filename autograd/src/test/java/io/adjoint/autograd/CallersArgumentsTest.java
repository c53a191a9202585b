package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Arrays and lists that are passed belong to the caller, who may change them before the backward pass. */
class CallersArgumentsTest {
    private final Tensor x = Tensor.of(new double[][] {{1, 2}, {3, 4}}).requiresGrad(true);

    @Test
    void axesMayChangeAfterTheCall() {
        int[] axes = {1};
        Tensor y = x.sum(axes);
        axes[0] = 0;
        y.backward(Tensor.of(10, 20));

        assertThat(Leaves.gradient(x).toDoubleArray()).containsExactly(10, 10, 20, 20);
    }

    @Test
    void anArrayOfOneAxisMayCount() {
        int[] axis = new int[1];
        Tensor sum = Tensor.scalar(0);
        for (axis[0] = 0; axis[0] < 2; axis[0]++) {
            sum = sum.add(x.amax(axis).mul(Tensor.of(1, 10)).sum());
        }
        sum.backward();

        assertThat(Leaves.gradient(x).toDoubleArray()).containsExactly(0, 1, 1, 20);
    }

    @Test
    void valuesOfSeveralOutputsMayBeReplacedAfterTheCall() {
        List<NdArray> values = new ArrayList<>(List.of(x.data(), x.data().sum()));
        List<Tensor> outputs =
                Autograd.ops("both", values, List.of(x), g -> List.of(g.get(0).add(g.get(1))));
        values.set(0, NdArray.scalar(x.dtype(), 0));
        outputs.get(0).sum().add(outputs.get(1)).backward();

        assertThat(Leaves.gradient(x).toDoubleArray()).containsExactly(2, 2, 2, 2);
    }

    @Test
    void aListThatAFunctionWasDifferentiatedAtMayChangeBeforeItsPullback() {
        List<Tensor> at = new ArrayList<>(List.of(Tensor.of(1, 2), Tensor.of(3, 4)));
        Transforms.Linear<List<Tensor>, Tensor> vjp =
                Transforms.vjp(all -> all.get(0).mul(all.get(1)), at);
        at.clear();

        assertThat(vjp.pull(Tensor.of(1, 10)).stream().map(Tensor::data))
                .containsExactly(NdArray.of(Shape.of(2), 3, 40), NdArray.of(Shape.of(2), 1, 20));
    }
}
