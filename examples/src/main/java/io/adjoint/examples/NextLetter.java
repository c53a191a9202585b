package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Embedding;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.TransformerEncoder;
import io.adjoint.nn.layer.TransformerOptions;

/**
 * The networks of {@link Names}. For texts INT32 {@code [N, T]} they compute logits {@code [N, T, letters]} of the letter that follows each
 * letter.
 */
final class NextLetter {
    private NextLetter() {}

    /** A network with an LSTM, whose state summarizes the letters so far. */
    static final class Recurrent extends Layer {
        final Embedding embedding;
        private final Dropout dropout;
        final LSTM lstm;
        final Dense output;

        Recurrent(int letters, Init init) {
            embedding = child("embedding", new Embedding(letters, 32, init));
            dropout = child("dropout", new Dropout(0.2, init.generator()));
            lstm = child("lstm", new LSTM(32, 128, init));
            output = child("output", new Dense(128, letters, init));
        }

        @Override
        protected Tensor compute(Tensor text) {
            Tensor features = dropout.forward(embedding.forward(text));
            return output.forward(dropout.forward(lstm.forward(features).sequence()));
        }
    }

    /** A transformer in which each letter attends to itself and the letters before it. */
    static final class Attentive extends Layer {
        private static final int WIDTH = 64;
        final Letters letters;
        final TransformerEncoder encoder;
        final Dense output;

        Attentive(int letters, Init init) {
            TransformerOptions options = new TransformerOptions()
                    .feedForward(4 * WIDTH)
                    .normFirst(true)
                    .finalNorm(true);
            this.letters = child("letters", new Letters(letters, JdkNames.LONGEST, WIDTH, init));
            encoder = child("encoder", new TransformerEncoder(2, WIDTH, 4, options, init));
            output = child("output", new Dense(WIDTH, letters, init));
        }

        @Override
        protected Tensor compute(Tensor text) {
            return output.forward(encoder.forward(letters.forward(text), new AttentionMask().causal()));
        }
    }
}
