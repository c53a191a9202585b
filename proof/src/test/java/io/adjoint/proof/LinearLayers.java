package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.hasBias;
import static io.adjoint.proof.LayerCatalogue.layer;

import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.layer.Tanh;
import java.util.List;

/** Rows of layers of products and tables, and of containers. */
final class LinearLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(
            layer(
                    Dense.class,
                    init -> new Dense(2, 3, init),
                    "(...,2)->(...,3)",
                    (init, a) -> hasBias(a)
                            ? new Dense(a.integer("in"), a.integer("out"), init)
                            : Dense.withoutBias(a.integer("in"), a.integer("out"), init)),
            layer(
                    Sequential.class,
                    init -> new Sequential(new Dense(2, 3, init), new Tanh(), new Dense(3, 2, init), new Sigmoid()),
                    "(n,2)->(n,2)",
                    (init, a) -> new Sequential()));

    private LinearLayers() {}
}
