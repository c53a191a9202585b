package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.block;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.nn.BagMode;
import io.adjoint.nn.Init;
import io.adjoint.nn.layer.Embedding;
import io.adjoint.nn.layer.EmbeddingBag;
import io.adjoint.nn.layer.EmbeddingOptions;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.Locale;

/** The rows of {@link LayerCatalogue} for embeddings. */
final class EmbeddingLayers {
    private static final Values INDICES = Values.integers(0, 2);

    static final List<LayerCatalogue.Row> ROWS = List.of(
            row(
                    block(
                            Embedding.class,
                            init -> new Embedding(3, 2, init),
                            (table, x) -> table.forward(x[0]),
                            "(...)",
                            EmbeddingLayers::embedding),
                    INDICES),
            bag("(n,3)->(n,2)", INDICES),
            bag("(n,3),(n,3)->(n,2)", INDICES, Values.between(-2, 2)));

    private EmbeddingLayers() {}

    private static LayerCatalogue.Row row(LayerCatalogue.Row row, Values... inputs) {
        return new LayerCatalogue.Row(row.type(), row.spec().within(inputs), row.golden());
    }

    private static LayerCatalogue.Row bag(String shapes, Values... inputs) {
        return row(
                block(
                        EmbeddingBag.class,
                        init -> new EmbeddingBag(3, 2, BagMode.SUM, new EmbeddingOptions(), init),
                        EmbeddingLayers::forward,
                        shapes,
                        (init, a) -> new EmbeddingBag(
                                a.integer("count"),
                                a.integer("features"),
                                BagMode.valueOf(a.text("mode").toUpperCase(Locale.ROOT)),
                                options(a),
                                init)),
                inputs);
    }

    private static Embedding embedding(Init init, Arguments a) {
        return a.has("pretrained")
                ? Embedding.of(
                        init.zeros(Shape.of(a.integer("count"), a.integer("features")))
                                .data(),
                        options(a))
                : new Embedding(a.integer("count"), a.integer("features"), options(a), init);
    }

    private static Tensor forward(EmbeddingBag bag, Tensor... x) {
        if (x[x.length - 1].dtype().isFloating()) {
            return x.length == 2 ? bag.weighted(x[0], x[1]) : bag.weighted(x[0], x[1], x[2]);
        }
        return x.length == 1 ? bag.forward(x[0]) : bag.forward(x[0], x[1]);
    }

    private static EmbeddingOptions options(Arguments a) {
        EmbeddingOptions options = new EmbeddingOptions();
        options = a.has("padding") ? options.paddingIndex(a.integer("padding")) : options;
        options = a.has("maxNorm") ? options.maxNorm(a.number("maxNorm")) : options;
        options = a.has("normType") ? options.normType(a.number("normType")) : options;
        return a.flag("scaleGradByFreq") ? options.scaleGradByFreq() : options;
    }
}
