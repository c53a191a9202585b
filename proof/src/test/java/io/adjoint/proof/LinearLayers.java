package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.block;
import static io.adjoint.proof.LayerCatalogue.hasBias;
import static io.adjoint.proof.LayerCatalogue.layer;

import io.adjoint.core.NdArray;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.AdaptiveLogSoftmax;
import io.adjoint.nn.layer.Bilinear;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.ConvTranspose1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.layer.SpectralNorm;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.layer.WeightNorm;
import io.adjoint.nn.layer.WeightedLayer;
import io.adjoint.testkit.LayerSpec;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.function.UnaryOperator;

/** The rows of {@link LayerCatalogue} for linear layers and containers. */
final class LinearLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(
            layer(
                    Dense.class,
                    init -> new Dense(2, 3, init),
                    "(...,2)->(...,3)",
                    (init, a) -> hasBias(a)
                            ? new Dense(a.integer("in"), a.integer("out"), init)
                            : Dense.withoutBias(a.integer("in"), a.integer("out"), init)),
            block(
                    Bilinear.class,
                    init -> new Bilinear(2, 3, 2, init),
                    (bilinear, x) -> bilinear.forward(x[0], x[1]),
                    "(n,2),(n,3)",
                    (init, a) -> hasBias(a)
                            ? new Bilinear(a.integer("in1"), a.integer("in2"), a.integer("out"), init)
                            : Bilinear.withoutBias(a.integer("in1"), a.integer("in2"), a.integer("out"), init)),
            adaptiveLogSoftmax(),
            weightNorm(),
            spectralNorm(LayerSpec::evaluationOnly),
            // In training, the layer's estimates of singular vectors are constants for the gradient, but finite
            // differences would see them change.
            spectralNorm(spec ->
                    spec.except(OperationCheck.GRADIENT, OperationCheck.HIGHER_GRADIENTS, OperationCheck.SCALAR)),
            layer(
                    Sequential.class,
                    init -> new Sequential(new Dense(2, 3, init), new Tanh(), new Dense(3, 2, init), new Sigmoid()),
                    "(n,2)->(n,2)",
                    (init, a) -> new Sequential()));

    private LinearLayers() {}

    private static LayerCatalogue.Row adaptiveLogSoftmax() {
        LayerCatalogue.Row row = block(
                AdaptiveLogSoftmax.class,
                init -> new AdaptiveLogSoftmax(4, 7, new int[] {2, 4}, init),
                (layer, x) -> x.length == 1 ? layer.forward(x[0]) : layer.forward(x[0], x[1]),
                "(n?,4),(n?)->(n?)",
                (init, a) ->
                        new AdaptiveLogSoftmax(a.integer("in"), a.integer("classes"), a.integers("cutoffs"), init));
        LayerSpec spec = row.spec().within(Values.between(-2, 2), Values.integers(0, 6));
        return new LayerCatalogue.Row(row.type(), spec, row.golden());
    }

    /** The row of WeightNorm; its parameters are drawn from positive numbers, since the norm has a kink at 0. */
    private static LayerCatalogue.Row weightNorm() {
        LayerCatalogue.Row row = layer(
                WeightNorm.class,
                init -> WeightNorm.of(new Dense(2, 3, init)),
                "(n,2)->(n,3)",
                (init, a) -> WeightNorm.of(inner(init, a)));
        LayerSpec spec = row.spec().parametersWithin(Values.between(0.5, 1.5));
        return new LayerCatalogue.Row(row.type(), spec, row.golden());
    }

    private static LayerCatalogue.Row spectralNorm(UnaryOperator<LayerSpec> setting) {
        LayerCatalogue.Row row = layer(
                SpectralNorm.class,
                init -> {
                    Dense dense = new Dense(2, 3, init);
                    dense.weight()
                            .assign(NdArray.full(init.dtype(), dense.weight().shape(), 1));
                    return SpectralNorm.of(dense, init.generator());
                },
                "(n,2)->(n,3)",
                (init, a) -> SpectralNorm.of(inner(init, a), init.generator()));
        LayerSpec spec = setting.apply(row.spec().parametersWithin(Values.between(0.5, 1.5)));
        return new LayerCatalogue.Row(row.type(), spec, row.golden());
    }

    /** Makes the wrapped layer: Dense, or a convolution with kernel 2, possibly transposed. */
    private static WeightedLayer inner(Init init, Arguments a) {
        int in = a.integer("in");
        int out = a.integer("out");
        return switch (a.text("layer")) {
            case "Dense" -> new Dense(in, out, init);
            case "Conv2d" -> new Conv2d(in, out, 2, init);
            default -> new ConvTranspose1d(in, out, 2, init);
        };
    }
}
