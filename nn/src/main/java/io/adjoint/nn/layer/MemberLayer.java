package io.adjoint.nn.layer;

import io.adjoint.nn.Layer;

/** A layer that computes in place of a layer of each model of an {@link Ensemble}; the rows of one model follow the rows of another. */
abstract class MemberLayer extends Layer {
    /** Gives a layer of the ordinary class the parameters and buffers of the k-th model. */
    abstract void writeTo(int k, Layer layer);
}
