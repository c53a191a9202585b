package io.adjoint.nn.layer;

/** The difference of each element and its hyperbolic tangent, {@code x − tanh(x)}. */
public final class Tanhshrink extends Activation {
    /** The layer. */
    public Tanhshrink() {
        super(x -> x.sub(x.tanh()));
    }
}
