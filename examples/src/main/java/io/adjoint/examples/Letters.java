package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Vocabulary;
import io.adjoint.nn.layer.Embedding;
import io.adjoint.nn.layer.LearnedPositions;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The input layer of a transformer that reads texts letter by letter: adds the embedding of each letter and the embedding of its position.
 */
final class Letters extends Layer {
    /** The token before and behind a text, which is also the padding; it has the number 0 in a vocabulary. */
    static final String END = "";

    /**
     * The factor by which the vectors are multiplied. The vectors are drawn from N(0, 1). Without the factor they would be much larger than
     * what the first layers of the transformer add to them.
     */
    static final double SCALE = 0.3;

    final Embedding embedding;
    final LearnedPositions positions;

    /** Makes a layer that maps texts {@code [N, T]} of at most {@code longest} letters to vectors {@code [N, T, width]}. */
    Letters(int letters, int longest, int width, Init init) {
        embedding = child("embedding", new Embedding(letters, width, init));
        positions = child("positions", new LearnedPositions(longest, width, init));
    }

    @Override
    protected Tensor compute(Tensor text) {
        return positions.forward(embedding.forward(text)).mul(SCALE);
    }

    /** The letters of a text: its code points as strings. */
    static List<String> of(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    /** The vocabulary of {@link #END} and all letters of the texts. */
    static Vocabulary vocabulary(Collection<String> texts) {
        Stream<String> all =
                texts.stream().flatMap(text -> of(text).stream()).distinct().sorted();
        return Vocabulary.of(Stream.concat(Stream.of(END), all).toList());
    }
}
