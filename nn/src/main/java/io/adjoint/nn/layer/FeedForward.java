package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import java.io.Serializable;

/** The feed-forward network of a transformer layer; its blocks are registered as children of that layer. */
@SuppressWarnings("serial")
record FeedForward(Dense linear1, Dropout dropout, Dense linear2, TransformerOptions options) implements Serializable {
    Tensor run(Tensor x) {
        return linear2.forward(dropout.forward(options.activation.apply(linear1.forward(x))));
    }
}
