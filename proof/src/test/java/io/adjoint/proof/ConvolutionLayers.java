package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.hasBias;
import static io.adjoint.proof.LayerCatalogue.layer;

import io.adjoint.core.ConvOptions;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.layer.Conv2d;
import java.util.List;

/** Rows of convolutions. */
final class ConvolutionLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(
            layer(Conv2d.class, init -> new Conv2d(2, 3, 2, init), "(n,2,3,3)->(n,3,2,2)", ConvolutionLayers::conv2d));

    private ConvolutionLayers() {}

    private static Conv2d conv2d(Init init, Arguments a) {
        int in = a.integer("in");
        int out = a.integer("out");
        Shape kernel = Shape.of(a.integers("kernel"));
        ConvOptions options = new ConvOptions();
        if (a.has("stride")) {
            options = options.stride(a.integers("stride"))
                    .padding(a.integers("padding"))
                    .dilation(a.integers("dilation"))
                    .groups(a.integer("groups"));
        }
        return hasBias(a)
                ? new Conv2d(in, out, kernel, options, init)
                : Conv2d.withoutBias(in, out, kernel, options, init);
    }
}
