package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.data.Padded;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.TransformerDecoder;
import io.adjoint.nn.layer.TransformerEncoder;
import io.adjoint.nn.layer.TransformerOptions;

/**
 * A transformer whose encoder reads a text, and whose decoder writes another text letter by letter while it attends to the encoder's
 * output.
 */
final class Translator extends Block {
    private static final int WIDTH = 64;

    final Letters source;
    final Letters target;
    final TransformerEncoder encoder;
    final TransformerDecoder decoder;
    final Dense output;

    /** The encoder's output for texts, and the mask that hides their padding. */
    record Memory(Tensor values, AttentionMask mask) {}

    /** Makes a translator for texts of at most {@code longest} letters to texts of at most {@code longestTarget} letters. */
    Translator(int sourceLetters, int longest, int targetLetters, int longestTarget, Init init) {
        TransformerOptions options = new TransformerOptions()
                .feedForward(4 * WIDTH)
                .dropout(0)
                .normFirst(true)
                .finalNorm(true);
        source = child("source", new Letters(sourceLetters, longest, WIDTH, init));
        target = child("target", new Letters(targetLetters, longestTarget, WIDTH, init));
        encoder = child("encoder", new TransformerEncoder(2, WIDTH, 4, options, init));
        decoder = child("decoder", new TransformerDecoder(1, WIDTH, 4, options, init));
        output = child("output", new Dense(WIDTH, targetLetters, init));
    }

    Memory encode(Padded text) {
        AttentionMask real = new AttentionMask().keys(text.mask());
        return new Memory(encoder.forward(source.forward(text.values()), real), real);
    }

    /** The logits {@code [N, T, letters]} of the letter that follows each of the letters {@code [N, T]}. */
    Tensor decode(Memory memory, Tensor letters) {
        AttentionMask past = new AttentionMask().causal();
        return output.forward(decoder.forward(target.forward(letters), memory.values(), past, memory.mask()));
    }
}
