package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.layer;

import io.adjoint.autograd.Interpolation;
import io.adjoint.core.PadMode;
import io.adjoint.core.Window;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.ChannelShuffle;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Ensemble;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.Fold;
import io.adjoint.nn.layer.Identity;
import io.adjoint.nn.layer.Lambda;
import io.adjoint.nn.layer.Pad;
import io.adjoint.nn.layer.PixelShuffle;
import io.adjoint.nn.layer.PixelUnshuffle;
import io.adjoint.nn.layer.Residual;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.layer.Unflatten;
import io.adjoint.nn.layer.Unfold;
import io.adjoint.nn.layer.Upsample;
import java.util.List;

/** The rows of {@link LayerCatalogue} for layers that change shapes, and for layers that wrap other layers. */
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
            layer(
                    Upsample.class,
                    init -> Upsample.by(Interpolation.LINEAR, 2),
                    "(n,c,2,3)->(n,c,4,6)",
                    (init, a) -> upsample(a)),
            layer(
                    PixelShuffle.class,
                    init -> new PixelShuffle(2),
                    "(...,4,2,3)->(...,1,4,6)",
                    (init, a) -> new PixelShuffle(a.integer("factor"))),
            layer(
                    PixelUnshuffle.class,
                    init -> new PixelUnshuffle(2),
                    "(...,1,4,6)->(...,4,2,3)",
                    (init, a) -> new PixelUnshuffle(a.integer("factor"))),
            layer(
                    ChannelShuffle.class,
                    init -> new ChannelShuffle(2),
                    "(n,4,m?)->(n,4,m?)",
                    (init, a) -> new ChannelShuffle(a.integer("groups"))),
            layer(
                    Unfold.class,
                    init -> new Unfold(Window.kernel(2, 1)),
                    "(n?,2,3,2)->(n?,4,4)",
                    (init, a) -> new Unfold(PoolingLayers.window(a))),
            layer(
                    Fold.class,
                    init -> new Fold(Window.kernel(2, 1), 3, 2),
                    "(n?,4,4)->(n?,2,3,2)",
                    (init, a) -> new Fold(PoolingLayers.window(a), a.integers("sizes"))),
            layer(
                    Pad.class,
                    init -> new Pad(1, 2),
                    "(...,3)->(...,6)",
                    (init, a) -> new Pad(PadMode.valueOf(a.text("mode")), a.integers("pads"))),
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
                            : new Residual(new Dense(2, 2, init))),
            layer(
                    Ensemble.class,
                    init -> new Ensemble(List.of(network(init), network(init))),
                    "(n,2)->(2,n,2)",
                    (init, a) -> new Ensemble(List.of(network(init), network(init)))));

    private ShapeLayers() {}

    private static Layer network(Init init) {
        return new Sequential(new Dense(2, 3, init), new Tanh(), new Dense(3, 2, init));
    }

    private static Layer upsample(Arguments a) {
        Interpolation mode = Interpolation.valueOf(a.text("mode"));
        return a.has("sizes")
                ? Upsample.to(mode, a.integers("sizes"))
                : Upsample.by(mode, a.tensor("factors").data().toDoubleArray());
    }
}
