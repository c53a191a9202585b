package io.adjoint.proof;

import io.adjoint.core.Window;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.AdaptiveAvgPool1d;
import io.adjoint.nn.layer.AdaptiveAvgPool2d;
import io.adjoint.nn.layer.AdaptiveAvgPool3d;
import io.adjoint.nn.layer.AdaptiveMaxPool1d;
import io.adjoint.nn.layer.AdaptiveMaxPool2d;
import io.adjoint.nn.layer.AdaptiveMaxPool3d;
import io.adjoint.nn.layer.AvgPool1d;
import io.adjoint.nn.layer.AvgPool2d;
import io.adjoint.nn.layer.AvgPool3d;
import io.adjoint.nn.layer.GlobalAvgPool;
import io.adjoint.nn.layer.GlobalMaxPool;
import io.adjoint.nn.layer.MaxPool1d;
import io.adjoint.nn.layer.MaxPool2d;
import io.adjoint.nn.layer.MaxPool3d;
import io.adjoint.testkit.LayerSpec;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.function.Function;

/** Rows of layers that pool. */
final class PoolingLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(
            pooling(MaxPool1d.class, new MaxPool1d(2), "(...,5)->(...,2)", a -> new MaxPool1d(window(a))),
            pooling(MaxPool2d.class, new MaxPool2d(2), "(...,5,2)->(...,2,1)", a -> new MaxPool2d(window(a))),
            pooling(MaxPool3d.class, new MaxPool3d(2), "(...,5,2,2)->(...,2,1,1)", a -> new MaxPool3d(window(a))),
            pooling(
                    AvgPool1d.class,
                    new AvgPool1d(2),
                    "(...,5)->(...,2)",
                    a -> new AvgPool1d(window(a), countsPadding(a))),
            pooling(
                    AvgPool2d.class,
                    new AvgPool2d(2),
                    "(...,5,2)->(...,2,1)",
                    a -> new AvgPool2d(window(a), countsPadding(a))),
            pooling(
                    AvgPool3d.class,
                    new AvgPool3d(2),
                    "(...,5,2,2)->(...,2,1,1)",
                    a -> new AvgPool3d(window(a), countsPadding(a))),
            pooling(
                    AdaptiveMaxPool1d.class,
                    new AdaptiveMaxPool1d(2),
                    "(...,5)->(...,2)",
                    a -> new AdaptiveMaxPool1d(a.integers("sizes"))),
            pooling(
                    AdaptiveMaxPool2d.class,
                    new AdaptiveMaxPool2d(2),
                    "(...,5,3)->(...,2,2)",
                    a -> new AdaptiveMaxPool2d(a.integers("sizes"))),
            pooling(
                    AdaptiveMaxPool3d.class,
                    new AdaptiveMaxPool3d(2),
                    "(...,3,2,1)->(...,2,2,2)",
                    a -> new AdaptiveMaxPool3d(a.integers("sizes"))),
            pooling(
                    AdaptiveAvgPool1d.class,
                    new AdaptiveAvgPool1d(2),
                    "(...,5)->(...,2)",
                    a -> new AdaptiveAvgPool1d(a.integers("sizes"))),
            pooling(
                    AdaptiveAvgPool2d.class,
                    new AdaptiveAvgPool2d(2),
                    "(...,5,3)->(...,2,2)",
                    a -> new AdaptiveAvgPool2d(a.integers("sizes"))),
            pooling(
                    AdaptiveAvgPool3d.class,
                    new AdaptiveAvgPool3d(2),
                    "(...,3,2,1)->(...,2,2,2)",
                    a -> new AdaptiveAvgPool3d(a.integers("sizes"))),
            pooling(GlobalAvgPool.class, new GlobalAvgPool(), "(n,c,3,2)->(n,c)", a -> new GlobalAvgPool()),
            pooling(GlobalMaxPool.class, new GlobalMaxPool(), "(n,c,3,2)->(n,c)", a -> new GlobalMaxPool()));

    private PoolingLayers() {}

    private static LayerCatalogue.Row pooling(
            Class<? extends Layer> type, Layer layer, String shapes, Function<Arguments, Layer> golden) {
        String name = type.getSimpleName();
        return new LayerCatalogue.Row(
                type,
                LayerSpec.of(name, init -> layer)
                        .shapes(shapes)
                        .within(Values.between(-2, 2).distinct())
                        .order(2),
                a -> LayerSpec.of(name, init -> golden.apply(a)));
    }

    private static Window window(Arguments a) {
        Window window = Window.kernel(a.integers("kernel"));
        window = a.has("stride") ? window.stride(a.integers("stride")) : window;
        window = a.has("padding") ? window.padding(a.integers("padding")) : window;
        window = a.has("dilation") ? window.dilation(a.integers("dilation")) : window;
        return a.flag("ceilMode") ? window.ceilMode() : window;
    }

    private static boolean countsPadding(Arguments a) {
        return !a.has("countPadding") || a.flag("countPadding");
    }
}
