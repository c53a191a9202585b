package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.layer;

import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.Identity;
import io.adjoint.nn.layer.Lambda;
import io.adjoint.nn.layer.Residual;
import io.adjoint.nn.layer.Unflatten;
import java.util.List;

/** Rows of layers that change shapes, and of those that wrap others. */
final class ShapeLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(
            layer(
                    Flatten.class,
                    init -> new Flatten(),
                    "(n,2,3)->(n,6)",
                    (init, a) -> a.has("axis") ? new Flatten(a.integer("axis")) : new Flatten()),
            layer(
                    Unflatten.class,
                    init -> new Unflatten(1, 2, -1),
                    "(n,6,m)->(n,2,3,m)",
                    (init, a) -> new Unflatten(a.integer("axis"), a.integers("sizes"))),
            layer(Identity.class, init -> new Identity(), "(...)->(...)", (init, a) -> new Identity()),
            layer(
                    Lambda.class,
                    init -> new Lambda("square", x -> x.square()),
                    "(...)->(...)",
                    (init, a) -> new Lambda("square", x -> x.square())),
            layer(
                    Residual.class,
                    init -> new Residual(new Dense(2, 3, init), new Dense(2, 3, init)),
                    "(...,2)->(...,3)",
                    (init, a) -> a.flag("shortcut")
                            ? new Residual(new Dense(2, 3, init), new Dense(2, 3, init))
                            : new Residual(new Dense(2, 2, init))));

    private ShapeLayers() {}
}
