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

/** The input of a transformer that reads letter by letter: a vector for each letter and one for its position, added up. */
final class Letters extends Layer {
    /** The token before and behind a text, and its padding; a vocabulary's number 0. */
    static final String END = "";

    /** N(0, 1), from which the vectors are drawn, is far more than what the first layers of a transformer add to them. */
    static final double SCALE = 0.3;

    final Embedding embedding;
    final LearnedPositions positions;

    /** Vectors of a width for texts of at most a length, {@code [N, T]} to {@code [N, T, width]}. */
    Letters(int letters, int longest, int width, Init init) {
        embedding = child("embedding", new Embedding(letters, width, init));
        positions = child("positions", new LearnedPositions(longest, width, init));
    }

    @Override
    protected Tensor compute(Tensor text) {
        return positions.forward(embedding.forward(text)).mul(SCALE);
    }

    /** The characters of a text. */
    static List<String> of(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    /** {@link #END} and the characters that occur. */
    static Vocabulary vocabulary(Collection<String> texts) {
        Stream<String> all =
                texts.stream().flatMap(text -> of(text).stream()).distinct().sorted();
        return Vocabulary.of(Stream.concat(Stream.of(END), all).toList());
    }
}
