package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.hasBias;
import static io.adjoint.proof.LayerCatalogue.layer;

import io.adjoint.core.ConvOptions;
import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.Conv1d;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Conv3d;
import io.adjoint.nn.layer.ConvTranspose1d;
import io.adjoint.nn.layer.ConvTranspose2d;
import io.adjoint.nn.layer.ConvTranspose3d;
import java.util.List;

/** The rows of {@link LayerCatalogue} for convolutions. */
final class ConvolutionLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(
            convolution(
                    Conv1d.class,
                    (in, out, init) -> new Conv1d(in, out, 2, init),
                    "(n,2,3)->(n,3,2)",
                    Conv1d::new,
                    Conv1d::withoutBias),
            convolution(
                    Conv2d.class,
                    (in, out, init) -> new Conv2d(in, out, 2, init),
                    "(n,2,3,3)->(n,3,2,2)",
                    Conv2d::new,
                    Conv2d::withoutBias),
            convolution(
                    Conv2d.class,
                    (in, out, init) -> new Conv2d(
                            in,
                            out,
                            Shape.of(2, 3),
                            new ConvOptions().samePadding().paddingMode(PadMode.REFLECT),
                            init),
                    "(n,2,2,3)->(n,3,2,3)",
                    Conv2d::new,
                    Conv2d::withoutBias),
            convolution(
                    Conv3d.class,
                    (in, out, init) -> new Conv3d(in, out, 2, init),
                    "(n,2,3,2,2)->(n,3,2,1,1)",
                    Conv3d::new,
                    Conv3d::withoutBias),
            convolution(
                    ConvTranspose1d.class,
                    (in, out, init) -> new ConvTranspose1d(in, out, 2, init),
                    "(n,2,3)->(n,3,4)",
                    ConvTranspose1d::new,
                    ConvTranspose1d::withoutBias),
            convolution(
                    ConvTranspose2d.class,
                    (in, out, init) -> new ConvTranspose2d(in, out, 2, init),
                    "(n,2,2,3)->(n,3,3,4)",
                    ConvTranspose2d::new,
                    ConvTranspose2d::withoutBias),
            convolution(
                    ConvTranspose3d.class,
                    (in, out, init) -> new ConvTranspose3d(in, out, 2, init),
                    "(n,2,2,1,1)->(n,3,3,2,2)",
                    ConvTranspose3d::new,
                    ConvTranspose3d::withoutBias));

    private ConvolutionLayers() {}

    @FunctionalInterface
    private interface Plain {
        Layer create(int in, int out, Init init);
    }

    @FunctionalInterface
    private interface Full {
        Layer create(int in, int out, Shape kernel, ConvOptions options, Init init);
    }

    private static LayerCatalogue.Row convolution(
            Class<? extends Layer> type, Plain plain, String shapes, Full full, Full withoutBias) {
        return layer(
                type,
                init -> plain.create(2, 3, init),
                shapes,
                (init, a) -> (hasBias(a) ? full : withoutBias)
                        .create(a.integer("in"), a.integer("out"), Shape.of(a.integers("kernel")), options(a), init));
    }

    private static ConvOptions options(Arguments a) {
        ConvOptions options = new ConvOptions();
        options = a.has("stride") ? options.stride(a.integers("stride")) : options;
        options = a.flag("same") ? options.samePadding() : options;
        options = a.has("padding") ? options.padding(a.integers("padding")) : options;
        options = a.has("outputPadding") ? options.outputPadding(a.integers("outputPadding")) : options;
        options = a.has("dilation") ? options.dilation(a.integers("dilation")) : options;
        options = a.has("paddingMode") ? options.paddingMode(PadMode.valueOf(a.text("paddingMode"))) : options;
        return a.has("groups") ? options.groups(a.integer("groups")) : options;
    }
}
