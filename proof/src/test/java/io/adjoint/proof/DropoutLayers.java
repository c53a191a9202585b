package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.layer;

import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.AlphaDropout;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Dropout1d;
import io.adjoint.nn.layer.Dropout2d;
import io.adjoint.nn.layer.Dropout3d;
import java.util.List;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/** The rows of {@link LayerCatalogue} for dropout. */
final class DropoutLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(
            row(Dropout.class, Dropout::new, "(...)->(...)"),
            row(Dropout1d.class, Dropout1d::new, "(n,c,2)->(n,c,2)"),
            row(Dropout2d.class, Dropout2d::new, "(n,c,2,1)->(n,c,2,1)"),
            row(Dropout3d.class, Dropout3d::new, "(n,c,2,1,2)->(n,c,2,1,2)"),
            row(AlphaDropout.class, AlphaDropout::new, "(...)->(...)"));

    private DropoutLayers() {}

    private static LayerCatalogue.Row row(
            Class<? extends Layer> type, BiFunction<Double, RandomGenerator, Layer> layer, String shapes) {
        return layer(
                type,
                init -> layer.apply(0.5, init.generator()),
                shapes,
                (init, a) -> layer.apply(a.number("p"), init.generator()));
    }
}
