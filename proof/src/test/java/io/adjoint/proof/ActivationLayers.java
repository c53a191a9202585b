package io.adjoint.proof;

import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.GELU;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.testkit.LayerSpec;
import io.adjoint.testkit.Values;
import java.util.List;

/** Rows of functions of each element as layers. */
final class ActivationLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(
            activation(ReLU.class, new ReLU(), Values.between(-2, 2).awayFrom(0)),
            activation(Sigmoid.class, new Sigmoid(), Values.between(-2, 2)),
            activation(Tanh.class, new Tanh(), Values.between(-2, 2)),
            activation(GELU.class, new GELU(), Values.between(-2, 2)));

    private ActivationLayers() {}

    private static LayerCatalogue.Row activation(Class<? extends Layer> type, Layer layer, Values values) {
        LayerSpec spec = LayerSpec.of(type.getSimpleName(), init -> layer)
                .shapes("(...)->(...)")
                .within(values)
                .order(2);
        return new LayerCatalogue.Row(type, spec, a -> spec);
    }
}
