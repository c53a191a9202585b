package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Block;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import java.util.ArrayList;
import java.util.List;

/**
 * A long short-term memory (Hochreiter and Schmidhuber, 1997), one layer, forwards in time. For each step, with the gates i, f, g and o:
 *
 * <pre>{@code
 * i, f, o = σ(W·x + b + U·h + d),  g = tanh(W·x + b + U·h + d)
 * c = f·c + i·g
 * h = o·tanh(c)
 * }</pre>
 *
 * <p>Parameters, each drawn from U(−1/√H, 1/√H) in this order, their rows in the order i, f, g, o: {@code inputWeight [4H, in]} (W),
 * {@code hiddenWeight [4H, H]} (U), {@code inputBias [4H]} (b) and {@code hiddenBias [4H]} (d).
 */
public final class LSTM extends Block {
    private final int in;
    private final int hidden;
    private final Tensor inputWeight;
    private final Tensor hiddenWeight;
    private final Tensor inputBias;
    private final Tensor hiddenBias;

    /**
     * The state after a step.
     *
     * @param hidden h, {@code [N, H]}
     * @param cell c, {@code [N, H]}
     */
    public record State(Tensor hidden, Tensor cell) {}

    /**
     * The result of a sequence.
     *
     * @param sequence h after each step, {@code [N, T, H]}
     * @param last the state after the last step
     */
    public record Output(Tensor sequence, State last) {}

    /**
     * A memory of H hidden units.
     *
     * @throws IllegalArgumentException if in or hidden is less than 1, or a weight would have too many elements
     */
    public LSTM(int in, int hidden, Init init) {
        if (in < 1 || hidden < 1 || hidden > Integer.MAX_VALUE / 4) {
            throw new IllegalArgumentException("LSTM: expected at least 1 input and 1 hidden unit, and at most "
                    + Integer.MAX_VALUE / 4 + " of these, got " + in + " and " + hidden);
        }
        this.in = in;
        this.hidden = hidden;
        Shape ofInput = Shape.of("LSTM", 4 * hidden, in);
        Shape ofHidden = Shape.of("LSTM", 4 * hidden, hidden);
        double bound = 1 / Math.sqrt(hidden);
        inputWeight = parameter("inputWeight", init.uniform(ofInput, bound));
        hiddenWeight = parameter("hiddenWeight", init.uniform(ofHidden, bound));
        inputBias = parameter("inputBias", init.uniform(Shape.of(4 * hidden), bound));
        hiddenBias = parameter("hiddenBias", init.uniform(Shape.of(4 * hidden), bound));
    }

    /** The output for sequences {@code [N, T, in]}, from a state of zeros. */
    public Output forward(Tensor x) {
        int samples = x.shape().rank() == 0 ? 0 : x.shape().dim(0);
        Tensor zeros = Tensor.zeros(inputWeight.dtype(), samples, hidden);
        return forward(x, new State(zeros, zeros));
    }

    /**
     * The output for sequences {@code [N, T, in]} that continue from a state.
     *
     * @throws ShapeException if input or state are not so
     * @throws io.adjoint.core.DTypeException if they are not of this block's dtype
     */
    public Output forward(Tensor x, State initial) {
        return within(() -> run(x, initial));
    }

    private Output run(Tensor x, State initial) {
        Shape shape = x.shape();
        if (shape.rank() != 3 || shape.dim(2) != in) {
            throw new ShapeException("lstm: expected input [N, T, " + in + "], got " + shape);
        }
        Shape ofState = Shape.of(shape.dim(0), hidden);
        if (!initial.hidden().shape().equals(ofState) || !initial.cell().shape().equals(ofState)) {
            throw new ShapeException("lstm: expected a state of " + ofState + " for the input " + shape + ", got "
                    + initial.hidden().shape() + " and " + initial.cell().shape());
        }
        Tensor ofInput = Functional.linear(x, inputWeight, inputBias);
        List<Tensor> sequence = new ArrayList<>();
        State state = initial;
        for (int t = 0; t < shape.dim(1); t++) {
            state = step(ofInput.select(1, t), state);
            sequence.add(state.hidden());
        }
        Tensor stacked =
                sequence.isEmpty() ? Tensor.zeros(x.dtype(), shape.dim(0), 0, hidden) : Tensor.stack(1, sequence);
        return new Output(stacked, state);
    }

    private State step(Tensor ofInput, State state) {
        List<Tensor> gates = ofInput.add(Functional.linear(state.hidden(), hiddenWeight, hiddenBias))
                .chunk(4, 1);
        Tensor cell = gates.get(1)
                .sigmoid()
                .mul(state.cell())
                .add(gates.get(0).sigmoid().mul(gates.get(2).tanh()));
        return new State(gates.get(3).sigmoid().mul(cell.tanh()), cell);
    }

    @Override
    protected String describe() {
        return in + " -> " + hidden + (inputWeight.dtype() == DType.FLOAT64 ? "" : ", " + inputWeight.dtype());
    }
}
