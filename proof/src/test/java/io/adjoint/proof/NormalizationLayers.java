package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.hasBias;
import static io.adjoint.proof.LayerCatalogue.layer;

import io.adjoint.core.Shape;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.BatchNorm3d;
import io.adjoint.nn.layer.GroupNorm;
import io.adjoint.nn.layer.InstanceNorm1d;
import io.adjoint.nn.layer.InstanceNorm2d;
import io.adjoint.nn.layer.InstanceNorm3d;
import io.adjoint.nn.layer.LayerNorm;
import io.adjoint.nn.layer.LocalResponseNorm;
import io.adjoint.nn.layer.NormOptions;
import io.adjoint.nn.layer.RMSNorm;
import java.util.List;

/** The rows of {@link LayerCatalogue} for normalizations. */
final class NormalizationLayers {
    private static final NormOptions PLAIN = new NormOptions();

    static final List<LayerCatalogue.Row> ROWS = List.of(
            layer(
                    BatchNorm1d.class,
                    init -> new BatchNorm1d(2, PLAIN.cumulativeAverage(), init),
                    "(3,2,l?)->(3,2,l?)",
                    (init, a) -> new BatchNorm1d(a.integer("channels"), options(a), init)),
            layer(
                    BatchNorm2d.class,
                    init -> new BatchNorm2d(2, init),
                    "(2,2,h,2)->(2,2,h,2)",
                    (init, a) -> new BatchNorm2d(a.integer("channels"), options(a), init)),
            layer(
                    BatchNorm3d.class,
                    init -> new BatchNorm3d(2, PLAIN.trackRunningStats(false), init),
                    "(2,2,d,1,2)->(2,2,d,1,2)",
                    (init, a) -> new BatchNorm3d(a.integer("channels"), options(a), init)),
            layer(
                    InstanceNorm1d.class,
                    init -> new InstanceNorm1d(2, init),
                    "(n?,2,3)->(n?,2,3)",
                    (init, a) -> new InstanceNorm1d(a.integer("channels"), options(a), init)),
            layer(
                    InstanceNorm2d.class,
                    init -> new InstanceNorm2d(2, PLAIN.affine(true), init),
                    "(n?,2,h,2)->(n?,2,h,2)",
                    (init, a) -> new InstanceNorm2d(a.integer("channels"), options(a), init)),
            layer(
                    InstanceNorm3d.class,
                    init -> new InstanceNorm3d(2, PLAIN.trackRunningStats(true), init),
                    "(n,2,2,1,2)->(n,2,2,1,2)",
                    (init, a) -> new InstanceNorm3d(a.integer("channels"), options(a), init)),
            layer(
                    LayerNorm.class,
                    init -> new LayerNorm(3, init),
                    "(n,l?,3)->(n,l?,3)",
                    (init, a) -> new LayerNorm(Shape.of(a.integers("shape")), options(a), init)),
            layer(
                    RMSNorm.class,
                    init -> new RMSNorm(Shape.of(3), PLAIN.eps(0.1), init),
                    "(n,l?,3)->(n,l?,3)",
                    (init, a) -> new RMSNorm(Shape.of(a.integers("shape")), options(a), init)),
            layer(
                    GroupNorm.class,
                    init -> new GroupNorm(2, 4, init),
                    "(n,4,l?)->(n,4,l?)",
                    (init, a) -> new GroupNorm(a.integer("groups"), a.integer("channels"), options(a), init)),
            layer(
                    LocalResponseNorm.class,
                    init -> new LocalResponseNorm(3, 0.5, 0.75, 1),
                    "(n,c,l?)->(n,c,l?)",
                    (init, a) -> new LocalResponseNorm(
                            a.integer("size"), a.number("alpha"), a.number("beta"), a.number("k"))));

    private NormalizationLayers() {}

    private static NormOptions options(Arguments a) {
        NormOptions options = PLAIN;
        options = a.has("eps") ? options.eps(a.number("eps")) : options;
        options = a.has("momentum") ? options.momentum(a.number("momentum")) : options;
        options = a.has("cumulative") ? options.cumulativeAverage() : options;
        options = a.has("affine") ? options.affine(a.flag("affine")) : options;
        options = hasBias(a) ? options : options.withoutBias();
        return a.has("track") ? options.trackRunningStats(a.flag("track")) : options;
    }
}
