package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.block;
import static io.adjoint.proof.LayerCatalogue.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Columns;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Embedding;
import io.adjoint.nn.layer.FillMissing;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.MissingIndicator;
import io.adjoint.nn.layer.OneHot;
import io.adjoint.nn.layer.Standardize;
import io.adjoint.nn.layer.ToIndices;
import io.adjoint.testkit.LayerSpec;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The rows of {@link LayerCatalogue} for layers of a table. Golden rows fit a layer to rows before it computes. */
final class TableLayers {
    private static final Tensor ROWS_TO_FIT = Tensor.of(new double[][] {{1, -3}, {Double.NaN, 5}, {2, 0.5}});

    static final List<LayerCatalogue.Row> ROWS = List.of(
            fitted(
                    Standardize.class,
                    init -> Standardize.of(ROWS_TO_FIT),
                    "(...,2)->(...,2)",
                    a -> new Standardize(a.integer("features")),
                    Standardize::fit),
            fitted(
                    FillMissing.class,
                    init -> new FillMissing(2).fit(ROWS_TO_FIT),
                    "(...,2)->(...,2)",
                    a -> new FillMissing(a.integer("features"), FillMissing.Strategy.valueOf(a.text("strategy"))),
                    FillMissing::fit),
            withoutGradient(layer(
                    MissingIndicator.class,
                    init -> new MissingIndicator(),
                    "(...)->(...)",
                    (init, a) -> new MissingIndicator())),
            ofIndices(OneHot.class, new OneHot(2, 2), (init, a) -> new OneHot(a.integers("sizes"))),
            ofIndices(
                    ToIndices.class,
                    new ToIndices(),
                    (init, a) -> new Sequential(
                            new ToIndices(),
                            new Embedding(a.integer("count"), a.integer("features"), init),
                            new Flatten(-2))),
            fitted(
                    Columns.class,
                    init -> new Columns()
                            .add(0, 2, new Dense(2, 1, init))
                            .add(1, 3, new Standardize(2))
                            .fit(Tensor.of(new double[][] {{1, 2, 3}, {4, 6, 5}})
                                    .to(init.dtype())),
                    "(...,3)->(...,3)",
                    a -> new Columns()
                            .add(0, 2, new Sequential(new FillMissing(2), new Standardize(2)))
                            .add(0, 2, new MissingIndicator())
                            .add(2, 4, new OneHot(3, 4))
                            .add(3, 4, new Standardize(1)),
                    Columns::fit));

    private TableLayers() {}

    private static <L extends Layer> LayerCatalogue.Row fitted(
            Class<L> type,
            Function<Init, Layer> factory,
            String shapes,
            Function<Arguments, L> golden,
            BiFunction<L, Tensor, L> fit) {
        String name = type.getSimpleName();
        return new LayerCatalogue.Row(
                type,
                LayerSpec.of(name, factory).shapes(shapes).order(2),
                a -> LayerSpec.of(
                        name,
                        init -> golden.apply(a),
                        (layer, x) -> fit.apply(layer, a.tensor("rows")).forward(x[0])));
    }

    private static LayerCatalogue.Row withoutGradient(LayerCatalogue.Row row) {
        return new LayerCatalogue.Row(row.type(), row.spec().order(0), row.golden());
    }

    /** The row of a layer of floating indices, which are drawn as integers so that no check changes them a little. */
    private static LayerCatalogue.Row ofIndices(
            Class<? extends Layer> type, Layer layer, BiFunction<Init, Arguments, Layer> golden) {
        LayerCatalogue.Row row = block(
                Layer.class, init -> layer, (block, x) -> block.forward(x[0].to(DType.FLOAT64)), "(...,2)", golden);
        return new LayerCatalogue.Row(
                type,
                row.spec().within(Values.integers(0, 1)).order(0).except(OperationCheck.FLOATS),
                layer(type, init -> layer, "(...)", golden).golden());
    }
}
