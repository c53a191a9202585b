package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;
import java.io.Serializable;

/** The feed-forward network of a transformer layer; its blocks are registered as children of that layer. */
@SuppressWarnings("serial")
record FeedForward(Dense linear1, Layer activation, Dropout dropout, Dense linear2) implements Serializable {
    Tensor run(Tensor x) {
        return linear2.forward(dropout.forward(activation.forward(linear1.forward(x))));
    }
}
