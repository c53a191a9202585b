package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.GELU;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.testkit.LayerSpec;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A row for each layer and each other block of nn. */
final class LayerCatalogue {
    /**
     * A block.
     *
     * @param type its class
     * @param spec what the kit checks it by
     * @param golden creates it from the arguments of a golden row
     */
    record Row(Class<? extends Block> type, LayerSpec spec, Function<Arguments, Block> golden) {}

    private static final Init INIT = new Init(new Generator(1));

    static final List<Row> ROWS = List.of(
            layer(Dense.class, init -> new Dense(2, 3, init), "(...,2)->(...,3)", LayerCatalogue::dense),
            activation(ReLU.class, new ReLU(), Values.between(-2, 2).awayFrom(0)),
            activation(Sigmoid.class, new Sigmoid(), Values.between(-2, 2)),
            activation(Tanh.class, new Tanh(), Values.between(-2, 2)),
            activation(GELU.class, new GELU(), Values.between(-2, 2)),
            layer(
                    Sequential.class,
                    init -> new Sequential(new Dense(2, 3, init), new Tanh(), new Dense(3, 2, init), new Sigmoid()),
                    "(n,2)->(n,2)",
                    a -> new Sequential()),
            layer(Conv2d.class, init -> new Conv2d(2, 3, 2, init), "(n,2,3,3)->(n,3,2,2)", LayerCatalogue::conv2d),
            layer(
                    BatchNorm2d.class,
                    init -> new BatchNorm2d(2, init),
                    "(2,2,h,2)->(2,2,h,2)",
                    a -> new BatchNorm2d(a.integer("channels"), a.number("eps"), a.number("momentum"), INIT)),
            block(
                    LSTM.class,
                    init -> new LSTM(2, 3, init),
                    (lstm, x) -> lstm.forward(x[0], new LSTM.State(x[1], x[2])),
                    "(n,t,2),(n,3),(n,3)",
                    a -> new LSTM(a.integer("in"), a.integer("hidden"), INIT)));

    private LayerCatalogue() {}

    private static Row layer(
            Class<? extends Layer> type,
            Function<Init, Layer> factory,
            String shapes,
            Function<Arguments, Block> golden) {
        return new Row(
                type, LayerSpec.of(type.getSimpleName(), factory).shapes(shapes).order(2), golden);
    }

    private static Row activation(Class<? extends Layer> type, Layer layer, Values values) {
        return new Row(
                type,
                LayerSpec.of(type.getSimpleName(), init -> layer)
                        .shapes("(...)->(...)")
                        .within(values)
                        .order(2),
                a -> layer);
    }

    private static <B extends Block> Row block(
            Class<B> type,
            Function<Init, B> factory,
            BiFunction<B, Tensor[], Object> forward,
            String shapes,
            Function<Arguments, Block> golden) {
        return new Row(
                type,
                LayerSpec.of(type.getSimpleName(), factory, forward)
                        .shapes(shapes)
                        .order(2),
                golden);
    }

    private static Block dense(Arguments a) {
        int in = a.integer("in");
        int out = a.integer("out");
        return hasBias(a) ? new Dense(in, out, INIT) : Dense.withoutBias(in, out, INIT);
    }

    private static Block conv2d(Arguments a) {
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
                ? new Conv2d(in, out, kernel, options, INIT)
                : Conv2d.withoutBias(in, out, kernel, options, INIT);
    }

    private static boolean hasBias(Arguments a) {
        return !a.has("bias") || a.flag("bias");
    }
}
