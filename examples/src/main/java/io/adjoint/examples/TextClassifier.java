package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Init;
import io.adjoint.nn.Model;
import io.adjoint.nn.data.Padded;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Embedding;
import io.adjoint.nn.layer.GRU;
import io.adjoint.nn.layer.RecurrentOptions;
import io.adjoint.nn.layer.TransformerEncoder;
import io.adjoint.nn.layer.TransformerOptions;

/** A network that computes logits {@code [N, classes]} for padded texts. */
abstract class TextClassifier extends Model<Padded, Tensor> {
    /** A classifier with a bidirectional GRU, followed by the maximum of each feature over time. */
    static final class Recurrent extends TextClassifier {
        private static final int HIDDEN = 64;
        final Embedding embedding;
        private final Dropout dropout;
        final GRU gru;
        final Dense output;

        Recurrent(int letters, int classes, Init init) {
            embedding = child("embedding", new Embedding(letters, 32, init));
            dropout = child("dropout", new Dropout(0.3, init.generator()));
            gru = child("gru", new GRU(32, HIDDEN, new RecurrentOptions().bidirectional(), init));
            output = child("output", new Dense(2 * HIDDEN, classes, init));
        }

        @Override
        protected Tensor compute(Padded text) {
            Tensor features = dropout.forward(embedding.forward(text.values()));
            Tensor states = gru.forward(features, text.lengths()).sequence();
            Tensor real = text.mask().unsqueeze(2);
            return output.forward(dropout.forward(
                    Tensor.where(real, states, Double.NEGATIVE_INFINITY).amax(1)));
        }
    }

    /** A classifier with a transformer encoder, followed by the mean of each feature over the letters. */
    static final class Attentive extends TextClassifier {
        private static final int WIDTH = 64;
        final Letters letters;
        final TransformerEncoder encoder;
        private final Dropout dropout;
        final Dense output;

        Attentive(int letters, int classes, Init init) {
            TransformerOptions options = new TransformerOptions()
                    .feedForward(2 * WIDTH)
                    .normFirst(true)
                    .finalNorm(true);
            this.letters = child("letters", new Letters(letters, JdkNames.LONGEST, WIDTH, init));
            encoder = child("encoder", new TransformerEncoder(2, WIDTH, 4, options, init));
            dropout = child("dropout", new Dropout(0.1, init.generator()));
            output = child("output", new Dense(WIDTH, classes, init));
        }

        @Override
        protected Tensor compute(Padded text) {
            Tensor states = encoder.forward(letters.forward(text.values()), new AttentionMask().keys(text.mask()));
            Tensor real = text.mask().unsqueeze(2).to(states.dtype());
            return output.forward(dropout.forward(states.mul(real).sum(1).div(real.sum(1))));
        }
    }
}
