package io.adjoint.io.onnx;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.FillMissing;
import io.adjoint.nn.layer.OneHot;
import io.adjoint.nn.layer.ToIndices;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/** The export rules of the layers of a table. */
final class OnnxTables {
    /** The numbers of ONNX for the types to which Cast converts. */
    private static final int FLOAT = 1;

    private static final int INT32 = 6;

    private OnnxTables() {}

    static void addTo(OnnxRules rules) {
        rules.layer(
                        FillMissing.class,
                        (g, layer, x) -> g.op("Where").of(g.op("IsNaN").of(x), buffer(g, layer, "value"), x))
                .layer(ToIndices.class, (g, layer, x) -> cast(g, x, INT32))
                .layer(OneHot.class, OnnxTables::oneHot);
    }

    private static OnnxValue buffer(OnnxGraph g, Layer layer, String name) {
        Buffer buffer = Objects.requireNonNull(layer.namedBuffers().get(name));
        return g.constant(name, buffer.value());
    }

    private static OnnxValue cast(OnnxGraph g, OnnxValue x, int type) {
        return g.op("Cast").integer("to", type).of(x);
    }

    /** Repeats each column as often as it has categories, and compares it with the indices of the categories. */
    private static OnnxValue oneHot(OnnxGraph g, OneHot layer, OnnxValue x) {
        int[] sizes = layer.sizes();
        int[] columns = IntStream.range(0, sizes.length)
                .flatMap(column -> IntStream.generate(() -> column).limit(sizes[column]))
                .toArray();
        double[] indices = Arrays.stream(sizes)
                .flatMap(size -> IntStream.range(0, size))
                .asDoubleStream()
                .toArray();
        OnnxValue repeated = g.op("Gather").integer("axis", x.rank() - 1).of(x, g.integers(columns));
        OnnxValue categories = g.constant(
                "categories", NdArray.of(Shape.of(indices.length), indices).to(DType.FLOAT32));
        return cast(g, g.op("Equal").of(repeated, categories), FLOAT);
    }
}
