package io.adjoint.proof;

import io.adjoint.autograd.IndexedValues;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Padding;
import io.adjoint.core.Window;
import io.adjoint.nn.Block;
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
import io.adjoint.nn.layer.LpPool1d;
import io.adjoint.nn.layer.LpPool2d;
import io.adjoint.nn.layer.LpPool3d;
import io.adjoint.nn.layer.MaxPool1d;
import io.adjoint.nn.layer.MaxPool2d;
import io.adjoint.nn.layer.MaxPool3d;
import io.adjoint.nn.layer.MaxUnpool1d;
import io.adjoint.nn.layer.MaxUnpool2d;
import io.adjoint.nn.layer.MaxUnpool3d;
import io.adjoint.testkit.LayerSpec;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The rows of {@link LayerCatalogue} for pooling layers. */
final class PoolingLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(
            pooling(MaxPool1d.class, new MaxPool1d(2), "(...,5)->(...,2)", a -> new MaxPool1d(window(a))),
            pooling(MaxPool2d.class, new MaxPool2d(2), "(...,5,2)->(...,2,1)", a -> new MaxPool2d(window(a))),
            pooling(MaxPool3d.class, new MaxPool3d(2), "(...,5,2,2)->(...,2,1,1)", a -> new MaxPool3d(window(a))),
            pooling(AvgPool1d.class, new AvgPool1d(2), "(...,5)->(...,2)", a -> new AvgPool1d(window(a), counted(a))),
            pooling(
                    AvgPool2d.class,
                    new AvgPool2d(2),
                    "(...,5,2)->(...,2,1)",
                    a -> new AvgPool2d(window(a), counted(a))),
            pooling(
                    AvgPool3d.class,
                    new AvgPool3d(2),
                    "(...,5,2,2)->(...,2,1,1)",
                    a -> new AvgPool3d(window(a), counted(a))),
            norms(LpPool1d.class, new LpPool1d(2, 2), "(...,5)->(...,2)", a -> new LpPool1d(a.number("p"), window(a))),
            norms(
                    LpPool2d.class,
                    new LpPool2d(3, 2),
                    "(...,5,2)->(...,2,1)",
                    a -> new LpPool2d(a.number("p"), window(a))),
            norms(
                    LpPool3d.class,
                    new LpPool3d(2, 2),
                    "(...,5,2,2)->(...,2,1,1)",
                    a -> new LpPool3d(a.number("p"), window(a))),
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
            pooling(GlobalMaxPool.class, new GlobalMaxPool(), "(n,c,3,2)->(n,c)", a -> new GlobalMaxPool()),
            unpooling(
                    MaxUnpool1d.class,
                    new MaxUnpool1d(2),
                    MaxUnpool1d::forward,
                    "(...,5)->(...,4)",
                    a -> new MaxUnpool1d(window(a)),
                    Tensor::maxPool1dWithIndices),
            unpooling(
                    MaxUnpool2d.class,
                    new MaxUnpool2d(2),
                    MaxUnpool2d::forward,
                    "(...,5,2)->(...,4,2)",
                    a -> new MaxUnpool2d(window(a)),
                    Tensor::maxPool2dWithIndices),
            unpooling(
                    MaxUnpool3d.class,
                    new MaxUnpool3d(2),
                    MaxUnpool3d::forward,
                    "(...,5,2,2)->(...,4,2,2)",
                    a -> new MaxUnpool3d(window(a)),
                    Tensor::maxPool3dWithIndices));

    private PoolingLayers() {}

    private static LayerCatalogue.Row pooling(
            Class<? extends Layer> type, Layer layer, String shapes, Function<Arguments, Layer> golden) {
        return row(type, layer, shapes, Values.between(-2, 2).distinct(), golden);
    }

    /** Makes a row with positive inputs, since powers with fractional exponents have no real value for negative numbers. */
    private static LayerCatalogue.Row norms(
            Class<? extends Layer> type, Layer layer, String shapes, Function<Arguments, Layer> golden) {
        return row(type, layer, shapes, Values.between(0.2, 2), golden);
    }

    private static LayerCatalogue.Row row(
            Class<? extends Layer> type, Layer layer, String shapes, Values values, Function<Arguments, Layer> golden) {
        String name = type.getSimpleName();
        return new LayerCatalogue.Row(
                type,
                LayerSpec.of(name, init -> layer).shapes(shapes).within(values).order(2),
                a -> LayerSpec.of(name, init -> golden.apply(a)));
    }

    /** Makes a row of unpooling; the input is pooled first, so that the indices are tested, too. */
    private static <B extends Block> LayerCatalogue.Row unpooling(
            Class<B> type,
            B block,
            Unpooling<B> forward,
            String shapes,
            Function<Arguments, B> golden,
            BiFunction<Tensor, Window, IndexedValues> pool) {
        String name = type.getSimpleName();
        return new LayerCatalogue.Row(
                type,
                LayerSpec.of(name, init -> block, (b, x) -> forward.of(b, pool.apply(x[0], Window.kernel(2))))
                        .shapes(shapes)
                        .within(Values.between(-2, 2).distinct())
                        .order(2),
                a -> LayerSpec.of(
                        name,
                        init -> golden.apply(a),
                        (b, x) -> forward.of(
                                b, pool.apply(x[0], window(a)), a.has("sizes") ? a.integers("sizes") : new int[0])));
    }

    private interface Unpooling<B> {
        Tensor forward(B block, Tensor x, Tensor indices, int... sizes);

        default Tensor of(B block, IndexedValues pooled, int... sizes) {
            return forward(block, pooled.values(), pooled.indices(), sizes);
        }
    }

    static Window window(Arguments a) {
        Window window = Window.kernel(a.integers("kernel"));
        window = a.has("stride") ? window.stride(a.integers("stride")) : window;
        window = a.has("padding") ? window.padding(a.integers("padding")) : window;
        window = a.has("dilation") ? window.dilation(a.integers("dilation")) : window;
        return a.flag("ceilMode") ? window.ceilMode() : window;
    }

    private static Padding counted(Arguments a) {
        return a.isFalse("countPadding") ? Padding.EXCLUDED : Padding.COUNTED;
    }
}
