package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.hasBias;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.layer.GRU;
import io.adjoint.nn.layer.GRUCell;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.LSTMCell;
import io.adjoint.nn.layer.RNN;
import io.adjoint.nn.layer.RNNCell;
import io.adjoint.nn.layer.Recurrent;
import io.adjoint.nn.layer.RecurrentCell;
import io.adjoint.nn.layer.RecurrentOptions;
import io.adjoint.testkit.LayerSpec;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The rows of {@link LayerCatalogue} for recurrent networks and their cells. */
final class RecurrentLayers {
    private static final RecurrentOptions ONE = new RecurrentOptions();

    static final List<LayerCatalogue.Row> ROWS = List.of(
            network(RNN.class, RNN::new, ONE.layers(2), parts -> new RNN.State(parts[0]), ",(2,n,3)"),
            awayFromKinks(network(
                    RNN.class,
                    RNN::new,
                    ONE.nonlinearity(RNN.Nonlinearity.RELU),
                    parts -> new RNN.State(parts[0]),
                    ",(1,n,3)")),
            network(GRU.class, GRU::new, ONE, parts -> new GRU.State(parts[0]), ",(1,n,3)"),
            network(GRU.class, GRU::new, ONE.bidirectional().withoutBias(), parts -> new GRU.State(parts[0]), ""),
            network(LSTM.class, LSTM::new, ONE, parts -> new LSTM.State(parts[0], parts[1]), ",(1,n,3),(1,n,3)"),
            network(
                    LSTM.class,
                    LSTM::new,
                    ONE.projection(2).withoutBias(),
                    parts -> new LSTM.State(parts[0], parts[1]),
                    ""),
            cell(RNNCell.class, RNNCell::new, parts -> new RNN.State(parts[0]), ",(n,3)"),
            cell(GRUCell.class, GRUCell::new, parts -> new GRU.State(parts[0]), ",(n,3)"),
            cell(LSTMCell.class, LSTMCell::new, parts -> new LSTM.State(parts[0], parts[1]), ",(n,3),(n,3)"));

    private RecurrentLayers() {}

    /** A constructor of a recurrent network or cell. */
    private interface Constructor<B> {
        B of(int in, int hidden, RecurrentOptions options, Init init);
    }

    private static <S, B extends Recurrent<S>> LayerCatalogue.Row network(
            Class<B> type,
            Constructor<B> constructor,
            RecurrentOptions options,
            Function<Tensor[], S> state,
            String states) {
        return row(type, constructor, options, "(n,t,2)" + states, (network, x) -> {
            if (x.length == 1) {
                return network.forward(x[0], lengths(x[0]));
            }
            return x[1].dtype() == DType.INT32
                    ? network.forward(x[0], x[1], state.apply(Arrays.copyOfRange(x, 2, x.length)))
                    : network.forward(x[0], state.apply(Arrays.copyOfRange(x, 1, x.length)));
        });
    }

    private static LayerCatalogue.Row awayFromKinks(LayerCatalogue.Row row) {
        Values positive = Values.between(0.1, 1);
        return new LayerCatalogue.Row(row.type(), row.spec().within(positive).parametersWithin(positive), row.golden());
    }

    /** The lengths of sequences, which vary from 0 to the number of steps. */
    private static Tensor lengths(Tensor x) {
        return Tensor.of(NdArray.generate(
                DType.INT32,
                Shape.of(x.shape().dim(0)),
                n -> (2 * n + 1) % (x.shape().dim(1) + 1)));
    }

    private static <S, B extends RecurrentCell<S>> LayerCatalogue.Row cell(
            Class<B> type, Constructor<B> constructor, Function<Tensor[], S> state, String states) {
        return row(
                type,
                constructor,
                ONE,
                "(n,2)" + states,
                (cell, x) -> cell.forward(x[0], state.apply(Arrays.copyOfRange(x, 1, x.length))));
    }

    private static <B extends Block> LayerCatalogue.Row row(
            Class<B> type,
            Constructor<B> constructor,
            RecurrentOptions options,
            String shapes,
            BiFunction<B, Tensor[], Object> forward) {
        String settings = options.toString();
        String name = type.getSimpleName() + (settings.isEmpty() ? "" : " (" + settings + ")");
        return new LayerCatalogue.Row(
                type,
                LayerSpec.of(name, init -> constructor.of(2, 3, options, init), forward)
                        .shapes(shapes)
                        .order(2),
                a -> LayerSpec.of(
                        name, init -> constructor.of(a.integer("in"), a.integer("hidden"), options(a), init), forward));
    }

    private static RecurrentOptions options(Arguments a) {
        RecurrentOptions options = ONE.layers(a.integer("layers", 1));
        if (a.flag("bidirectional")) {
            options = options.bidirectional();
        }
        if (!hasBias(a)) {
            options = options.withoutBias();
        }
        if (a.has("projection")) {
            options = options.projection(a.integer("projection"));
        }
        return a.has("nonlinearity")
                ? options.nonlinearity(
                        RNN.Nonlinearity.valueOf(a.text("nonlinearity").toUpperCase(Locale.ROOT)))
                : options;
    }
}
