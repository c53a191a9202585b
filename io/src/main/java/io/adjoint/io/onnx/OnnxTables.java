package io.adjoint.io.onnx;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.Columns;
import io.adjoint.nn.layer.FillMissing;
import io.adjoint.nn.layer.MissingIndicator;
import io.adjoint.nn.layer.OneHot;
import io.adjoint.nn.layer.Standardize;
import io.adjoint.nn.layer.ToIndices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
                        Standardize.class,
                        (g, layer, x) ->
                                g.op("Div").of(g.op("Sub").of(x, buffer(g, layer, "mean")), buffer(g, layer, "std")))
                .layer(
                        FillMissing.class,
                        (g, layer, x) -> g.op("Where").of(g.op("IsNaN").of(x), buffer(g, layer, "value"), x))
                .layer(
                        MissingIndicator.class,
                        (g, layer, x) -> cast(g, g.op("IsNaN").of(x), FLOAT))
                .layer(ToIndices.class, (g, layer, x) -> cast(g, x, INT32))
                .layer(OneHot.class, OnnxTables::oneHot)
                .layer(Columns.class, OnnxTables::columns);
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

    private static OnnxValue columns(OnnxGraph g, Columns layer, OnnxValue x) {
        int[] dims = g.dims(layer, x);
        int axis = x.rank() - 1;
        List<OnnxValue> parts = new ArrayList<>();
        for (int k = 0; k < layer.children().size(); k++) {
            OnnxValue own = OnnxShapes.slice(g, x, axis, layer.first(k), layer.end(k));
            parts.add(g.child(Integer.toString(k), own));
        }
        return g.op("Concat").integer("axis", axis).to(dims, parts.toArray(OnnxValue[]::new));
    }
}
