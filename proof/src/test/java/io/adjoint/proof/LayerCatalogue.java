package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.testkit.LayerSpec;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** The catalogue of the layers and other blocks of nn; each has one or several rows. */
final class LayerCatalogue {
    /**
     * A row of a block.
     *
     * @param type its class
     * @param spec the properties that the testkit checks
     * @param golden makes the block and its inputs from the arguments of a golden row
     */
    record Row(Class<? extends Block> type, LayerSpec spec, Function<Arguments, LayerSpec> golden) {}

    static final List<Row> ROWS = Stream.of(
                    LinearLayers.ROWS,
                    ActivationLayers.ROWS,
                    ConvolutionLayers.ROWS,
                    PoolingLayers.ROWS,
                    ShapeLayers.ROWS,
                    NormalizationLayers.ROWS,
                    DropoutLayers.ROWS,
                    EmbeddingLayers.ROWS,
                    TableLayers.ROWS,
                    RecurrentLayers.ROWS,
                    AttentionLayers.ROWS)
            .flatMap(List::stream)
            .toList();

    private LayerCatalogue() {}

    /** Makes the row of a layer; the arguments of golden rows are the layer's settings. */
    static Row layer(
            Class<? extends Layer> type,
            Function<Init, Layer> factory,
            String shapes,
            BiFunction<Init, Arguments, Layer> golden) {
        String name = type.getSimpleName();
        return new Row(
                type,
                LayerSpec.of(name, factory).shapes(shapes).order(2),
                a -> LayerSpec.of(name, init -> golden.apply(init, a)));
    }

    /** Makes the row of a block whose forward method has other parameters than a layer's. */
    static <B extends Block> Row block(
            Class<B> type,
            Function<Init, B> factory,
            BiFunction<B, Tensor[], Object> forward,
            String shapes,
            BiFunction<Init, Arguments, B> golden) {
        String name = type.getSimpleName();
        return new Row(
                type,
                LayerSpec.of(name, factory, forward).shapes(shapes).order(2),
                a -> LayerSpec.of(name, init -> golden.apply(init, a), forward));
    }

    /** Returns whether a golden row is of a layer with a bias. */
    static boolean hasBias(Arguments a) {
        return !a.has("bias") || a.flag("bias");
    }
}
