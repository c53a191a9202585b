package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.block;

import io.adjoint.nn.layer.LSTM;
import java.util.List;

/** Rows of recurrent networks and their cells. */
final class RecurrentLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(block(
            LSTM.class,
            init -> new LSTM(2, 3, init),
            (lstm, x) -> lstm.forward(x[0], new LSTM.State(x[1], x[2])),
            "(n,t,2),(n,3),(n,3)",
            (init, a) -> new LSTM(a.integer("in"), a.integer("hidden"), init)));

    private RecurrentLayers() {}
}
