package io.adjoint.proof;

import static io.adjoint.testkit.Values.between;

import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.CELU;
import io.adjoint.nn.layer.ELU;
import io.adjoint.nn.layer.GELU;
import io.adjoint.nn.layer.GLU;
import io.adjoint.nn.layer.Hardshrink;
import io.adjoint.nn.layer.Hardsigmoid;
import io.adjoint.nn.layer.Hardswish;
import io.adjoint.nn.layer.Hardtanh;
import io.adjoint.nn.layer.LeakyReLU;
import io.adjoint.nn.layer.LogSigmoid;
import io.adjoint.nn.layer.LogSoftmax;
import io.adjoint.nn.layer.Mish;
import io.adjoint.nn.layer.PReLU;
import io.adjoint.nn.layer.RReLU;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.ReLU6;
import io.adjoint.nn.layer.SELU;
import io.adjoint.nn.layer.SiLU;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.layer.Softmax;
import io.adjoint.nn.layer.Softmin;
import io.adjoint.nn.layer.Softplus;
import io.adjoint.nn.layer.Softshrink;
import io.adjoint.nn.layer.Softsign;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.layer.Tanhshrink;
import io.adjoint.nn.layer.Threshold;
import io.adjoint.testkit.LayerSpec;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.function.Function;

/** The rows of {@link LayerCatalogue} for activation layers. */
final class ActivationLayers {
    private static final Values SMOOTH = between(-3, 3);
    private static final Values KINKED = SMOOTH.awayFrom(0);
    private static final Values HARD = between(-5, 5).awayFrom(-3, 3);

    static final List<LayerCatalogue.Row> ROWS = List.of(
            activation(ReLU.class, KINKED, new ReLU()),
            activation(ReLU6.class, between(-3, 9).awayFrom(0, 6), new ReLU6()),
            activation(Sigmoid.class, SMOOTH, new Sigmoid()),
            activation(Tanh.class, SMOOTH, new Tanh()),
            activation(SELU.class, KINKED, new SELU()),
            activation(SiLU.class, SMOOTH, new SiLU()),
            activation(Mish.class, SMOOTH, new Mish()),
            activation(Softsign.class, KINKED, new Softsign()),
            activation(Hardsigmoid.class, HARD, new Hardsigmoid()),
            activation(Hardswish.class, HARD, new Hardswish()),
            activation(LogSigmoid.class, SMOOTH, new LogSigmoid()),
            activation(Tanhshrink.class, SMOOTH, new Tanhshrink()),
            activation(GELU.class, SMOOTH, new GELU(), a -> a.has("approximate") ? GELU.tanh() : new GELU()),
            activation(
                    LeakyReLU.class,
                    KINKED,
                    new LeakyReLU(),
                    a -> a.has("slope") ? new LeakyReLU(a.number("slope")) : new LeakyReLU()),
            activation(ELU.class, KINKED, new ELU(), a -> a.has("alpha") ? new ELU(a.number("alpha")) : new ELU()),
            activation(CELU.class, KINKED, new CELU(), a -> a.has("alpha") ? new CELU(a.number("alpha")) : new CELU()),
            activation(
                    Softplus.class,
                    SMOOTH,
                    new Softplus(),
                    a -> a.has("beta") ? new Softplus(a.number("beta"), a.number("threshold")) : new Softplus()),
            activation(
                    Hardtanh.class,
                    SMOOTH.awayFrom(-1, 1),
                    new Hardtanh(),
                    a -> a.has("min") ? new Hardtanh(a.number("min"), a.number("max")) : new Hardtanh()),
            activation(
                    Softshrink.class,
                    SMOOTH.awayFrom(-0.5, 0.5),
                    new Softshrink(),
                    a -> a.has("lambda") ? new Softshrink(a.number("lambda")) : new Softshrink()),
            activation(
                    Hardshrink.class,
                    SMOOTH.awayFrom(-0.5, 0.5),
                    new Hardshrink(),
                    a -> a.has("lambda") ? new Hardshrink(a.number("lambda")) : new Hardshrink()),
            activation(
                    Threshold.class,
                    KINKED,
                    new Threshold(0, -1),
                    a -> new Threshold(a.number("threshold"), a.number("value"))),
            new LayerCatalogue.Row(
                    PReLU.class,
                    LayerSpec.of("PReLU", init -> new PReLU(2, init))
                            .shapes("(n,2,m)->(n,2,m)")
                            .within(KINKED)
                            .order(2),
                    a -> LayerSpec.of("PReLU", init -> new PReLU(a.integer("channels", 1), init))),
            new LayerCatalogue.Row(
                    RReLU.class,
                    LayerSpec.of("RReLU", init -> new RReLU(init.generator()))
                            .shapes("(...)->(...)")
                            .within(KINKED)
                            .order(2),
                    a -> LayerSpec.of(
                            "RReLU",
                            init -> new RReLU(
                                    a.number("lower", 1.0 / 8), a.number("upper", 1.0 / 3), init.generator()))),
            alongAxis(Softmax.class, "(...,3)->(...,3)", Softmax::new),
            alongAxis(Softmin.class, "(...,3)->(...,3)", Softmin::new),
            alongAxis(LogSoftmax.class, "(...,3)->(...,3)", LogSoftmax::new),
            alongAxis(GLU.class, "(...,4)->(...,2)", GLU::new));

    private ActivationLayers() {}

    private static LayerCatalogue.Row activation(Class<? extends Layer> type, Values values, Layer layer) {
        return activation(type, values, layer, a -> layer);
    }

    private static LayerCatalogue.Row activation(
            Class<? extends Layer> type, Values values, Layer layer, Function<Arguments, Layer> golden) {
        String name = type.getSimpleName();
        return new LayerCatalogue.Row(
                type,
                LayerSpec.of(name, init -> layer)
                        .shapes("(...)->(...)")
                        .within(values)
                        .order(2),
                a -> LayerSpec.of(name, init -> golden.apply(a)));
    }

    private static LayerCatalogue.Row alongAxis(
            Class<? extends Layer> type, String shapes, Function<Integer, Layer> factory) {
        return LayerCatalogue.layer(
                type, init -> factory.apply(-1), shapes, (init, a) -> factory.apply(a.integer("axis")));
    }
}
