package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import org.junit.jupiter.api.Test;

/** Wrong inputs, lengths, states and settings of recurrent networks: messages with the path, the shapes and the way out. */
class RecurrentErrorsTest {
    private static final RecurrentOptions ONE = new RecurrentOptions();
    private static final RecurrentOptions TWO = ONE.layers(2).bidirectional();

    private final Generator rng = new Generator(1);
    private final Init init = new Init(rng);
    private final Tensor x = Tensor.randn(rng, 3, 4, 2);
    private final Tensor lengths = lengths(3, 0, 4);

    private static Tensor lengths(int... each) {
        return Tensor.of(each);
    }

    private static final class Encoding extends Block {
        private final LSTM encoder;

        Encoding(Init init) {
            encoder = child("encoder", new LSTM(2, 5, TWO.projection(3), init));
        }

        Recurrent.Output<LSTM.State> forward(Tensor x, Tensor lengths) {
            return within(() -> encoder.forward(x, lengths));
        }

        Recurrent.Output<LSTM.State> forward(Tensor x, LSTM.State state) {
            return within(() -> encoder.forward(x, state));
        }
    }

    private static final String PATH = "encoder: LSTM(2 -> 5, 2 layers, bidirectional, projection 3): lstm: ";

    @Test
    void wrongInputsAreRefusedWithThePathAndTheWayOut() {
        Encoding model = new Encoding(init);
        thrown(ShapeException.class, () -> model.forward(Tensor.zeros(4, 2), lengths))
                .withMessage(PATH + "expected input [N, T, 2], got [4, 2]");
        thrown(ShapeException.class, () -> model.forward(Tensor.zeros(3, 4, 5), lengths))
                .withMessage(PATH + "expected input [N, T, 2], got [3, 4, 5]");
        thrown(DTypeException.class, () -> model.forward(x.to(DType.FLOAT32), lengths))
                .withMessageStartingWith(PATH + "cannot mix FLOAT64 with FLOAT32; convert one with to(FLOAT64)");
    }

    @Test
    void wrongLengthsAreRefused() {
        Encoding model = new Encoding(init);
        thrown(ShapeException.class, () -> model.forward(x, lengths(1, 2)))
                .withMessage(PATH + "expected lengths [3], one for each sequence of the input [3, 4, 2], got [2]");
        thrown(DTypeException.class, () -> model.forward(x, Tensor.of(1.0, 2, 3)))
                .withMessage(PATH + "the lengths are FLOAT64, but must be INT32; convert them with to(INT32)");
        for (int wrong : new int[] {-1, 5}) {
            refused(() -> model.forward(x, lengths(4, wrong, 0)))
                    .withMessage(PATH + "the length of sequence 1 is " + wrong
                            + ", but must be from 0 to 4, the steps of the input [3, 4, 2]");
        }
    }

    @Test
    void wrongStatesAreRefused() {
        Encoding model = new Encoding(init);
        Tensor h = Tensor.zeros(4, 3, 3);
        Tensor c = Tensor.zeros(4, 3, 5);
        thrown(ShapeException.class, () -> model.forward(x, new LSTM.State(c, c)))
                .withMessage(
                        PATH + "expected a state whose hidden is [4, 3, 3] for the input [3, 4, 2], got [4, 3, 5]");
        thrown(ShapeException.class, () -> model.forward(x, new LSTM.State(h, h)))
                .withMessage(PATH + "expected a state whose cell is [4, 3, 5] for the input [3, 4, 2], got [4, 3, 3]");
        thrown(DTypeException.class, () -> model.forward(x, new LSTM.State(h, c.to(DType.FLOAT32))))
                .withMessageContaining("cannot mix FLOAT64 with FLOAT32");
        GRUCell cell = new GRUCell(2, 5, init);
        thrown(ShapeException.class, () -> cell.forward(Tensor.zeros(3, 2), new GRU.State(Tensor.zeros(5))))
                .withMessage(
                        "GRUCell(2 -> 5): gru: expected a state whose hidden is [3, 5] for the input [3, 2], got [5]");
        thrown(ShapeException.class, () -> cell.forward(Tensor.zeros(2)))
                .withMessage("GRUCell(2 -> 5): gru: expected input [N, 2], got [2]");
        thrown(DTypeException.class, () -> cell.forward(Tensor.zeros(DType.FLOAT32, 3, 2)))
                .withMessageContaining("cannot mix FLOAT64 with FLOAT32");
    }

    @Test
    void settingsAreCheckedWhereTheyAreSetOrByTheClassThatHasNoUseForThem() {
        refused(() -> ONE.layers(0)).withMessage("RecurrentOptions: the number of layers must be at least 1, got 0");
        refused(() -> ONE.dropout(Double.NaN, rng))
                .withMessage("RecurrentOptions: the probability of dropout must be from 0 to 1, got NaN");
        refused(() -> ONE.projection(0))
                .withMessage("RecurrentOptions: the size of the projection must be at least 1, got 0");
        refused(() -> new LSTM(2, 5, ONE.projection(5), init))
                .withMessage("LSTM: the projection must be smaller than the 5 hidden units, got 5");
        refused(() -> new GRU(2, 5, ONE.projection(2), init))
                .withMessage("GRU: there is no projection but in an LSTM, got one to 2");
        refused(() -> new LSTM(2, 5, ONE.nonlinearity(RNN.Nonlinearity.RELU), init))
                .withMessage("LSTM: the nonlinearity RELU is for an RNN; this one has its own gates");
        refused(() -> new LSTMCell(2, 5, TWO, init))
                .withMessage("LSTMCell: a cell has one layer, one direction and no dropout, got options 2 layers,"
                        + " bidirectional; use LSTM");
        refused(() -> new RNN(0, 5, init)).withMessageStartingWith("RNN: expected at least 1 input and 1 hidden unit");
    }
}
