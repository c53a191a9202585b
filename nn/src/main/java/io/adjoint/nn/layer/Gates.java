package io.adjoint.nn.layer;

/** The gates of a recurrent cell, whose rows of the parameters follow one another. */
enum Gates {
    RNN(1, 1),
    GRU(3, 4),
    LSTM(4, 5);

    final int count;
    /** The number of arrays per step that {@link GateLoops#forward} keeps for {@link GateLoops#backward}. */
    final int kept;

    Gates(int count, int kept) {
        this.count = count;
        this.kept = kept;
    }

    /** Returns whether the state consists of h, which may be projected, and a cell state c, not of h alone. */
    boolean hasCell() {
        return this == LSTM;
    }

    /**
     * Returns whether a gate needs the product with the input and the product with h separately, and h itself, not just the sum of the
     * products.
     */
    boolean isSeparate() {
        return this == GRU;
    }
}
