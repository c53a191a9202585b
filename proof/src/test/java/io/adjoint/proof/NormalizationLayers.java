package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.layer;

import io.adjoint.nn.layer.BatchNorm2d;
import java.util.List;

/** Rows of normalizations. */
final class NormalizationLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(layer(
            BatchNorm2d.class,
            init -> new BatchNorm2d(2, init),
            "(2,2,h,2)->(2,2,h,2)",
            (init, a) -> new BatchNorm2d(a.integer("channels"), a.number("eps"), a.number("momentum"), init)));

    private NormalizationLayers() {}
}
