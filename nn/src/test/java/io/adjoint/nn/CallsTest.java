package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Residual;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallsTest {
    private final Dense dense = new Dense(2, 2, new Generator(1));
    private final Tensor x = Tensor.of(new double[][] {{1, 2}});
    private final Tensor alone = dense.forward(x);
    private final Sequential model = new Sequential(dense);

    @Test
    void aReplacedLayerComputesWithinItsSubstituteOnly() {
        model.replace(Dense.class, layer -> new Residual(layer));
        Block substitute = model.children().values().iterator().next();

        assertThat(Calls.inForce(List.of(model), dense)).isSameAs(substitute);
        assertThat(Calls.inForce(List.of(model, substitute), dense)).isSameAs(dense);
        assertThat(Calls.within(List.of(model), () -> dense.forward(x)).data())
                .isEqualTo(alone.add(x).data());
        assertThat(Calls.within(List.of(model, substitute), () -> dense.forward(x))
                        .data())
                .isEqualTo(alone.data());
        assertThat(dense.forward(x).data()).isEqualTo(alone.add(x).data());
    }
}
