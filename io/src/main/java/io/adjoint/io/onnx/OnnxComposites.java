package io.adjoint.io.onnx;

import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.AnyDropout;
import io.adjoint.nn.layer.Identity;
import io.adjoint.nn.layer.Lambda;
import io.adjoint.nn.layer.MaxUnpool1d;
import io.adjoint.nn.layer.MaxUnpool2d;
import io.adjoint.nn.layer.MaxUnpool3d;
import io.adjoint.nn.layer.Residual;

/** The export rules of containers and of blocks that do nothing in evaluation, and the blocks that can't be exported. */
final class OnnxComposites {
    private static final String UNPOOLING = "needs the indices of a pooling, which no layer returns";

    private OnnxComposites() {}

    static void addTo(OnnxRules rules) {
        rules.layer(Identity.class, (graph, layer, x) -> x)
                .layer(AnyDropout.class, (graph, layer, x) -> x)
                .layer(Sequential.class, (graph, layer, x) -> {
                    OnnxValue value = x;
                    for (String name : layer.children().keySet()) {
                        value = graph.child(name, value);
                    }
                    return value;
                })
                .layer(
                        Residual.class,
                        (graph, layer, x) -> graph.op("Add").of(graph.child("layer", x), graph.child("shortcut", x)))
                .refused(Lambda.class, "is a function, of which a file can hold nothing: use a layer in its place")
                .refused(MaxUnpool1d.class, UNPOOLING)
                .refused(MaxUnpool2d.class, UNPOOLING)
                .refused(MaxUnpool3d.class, UNPOOLING);
    }
}
