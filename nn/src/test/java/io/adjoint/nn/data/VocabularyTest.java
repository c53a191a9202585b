package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final List<List<String>> TEXTS =
            List.of(List.of("b", "a", "c"), List.of("a", "d", "b"), List.of("e", "<pad>", "a"));

    @Test
    void specialTokensComeFirstThenTheFrequentThenTheNaturalOrder() {
        assertThat(Vocabulary.count(TEXTS, 1).tokens()).containsExactly("a", "b", "<pad>", "c", "d", "e");
        assertThat(Vocabulary.count(TEXTS, 2, "<pad>", "<unk>").tokens()).containsExactly("<pad>", "<unk>", "a", "b");
        assertThat(Vocabulary.of(List.of("b", "a", "b")).tokens()).containsExactly("b", "a");
        assertThat(Vocabulary.sorted(List.of("b", "a", "b")).tokens()).containsExactly("a", "b");
    }

    @Test
    void textsAreEncodedAndDecoded() {
        Vocabulary vocabulary = Vocabulary.count(TEXTS, 1, "<unk>").unknown("<unk>");
        Tensor encoded = vocabulary.encode(List.of("b", "z", "a"));

        assertThat(encoded.data()).isEqualTo(NdArray.of(Shape.of(3), new int[] {2, 0, 1}));
        assertThat(vocabulary.decode(encoded)).containsExactly("b", "<unk>", "a");
        assertThat(vocabulary.contains("z")).isFalse();
        assertThat(vocabulary.contains("a")).isTrue();
        assertThat(vocabulary.size()).isEqualTo(7);
        assertThat(vocabulary.token(1)).isEqualTo("a");
        assertThat(vocabulary.encode(List.of()).shape()).isEqualTo(Shape.of(0));
    }

    @Test
    void vocabulariesOfTheSameTokensAreEqual() {
        Vocabulary one = Vocabulary.of(List.of("a", "b"));

        assertThat(one).isEqualTo(Vocabulary.sorted(List.of("b", "a"))).hasToString("Vocabulary[a, b]");
        assertThat(one.hashCode())
                .isEqualTo(Vocabulary.sorted(List.of("b", "a")).hashCode());
        assertThat(one).isNotEqualTo(one.unknown("a")).isNotEqualTo(Vocabulary.of(List.of("b", "a")));
    }

    @Test
    void whatIsNotInItIsNamed() {
        Vocabulary vocabulary = Vocabulary.of(List.of("a", "b"));

        refused(() -> vocabulary.encode(List.of("a", "z")))
                .withMessage(
                        "Vocabulary: 'z' is none of the 2 tokens [a, b]; unknown(token) says which of them stands for"
                                + " those that are not known");
        refused(() -> vocabulary.unknown("<unk>")).withMessageContaining("'<unk>' is none of the 2 tokens");
        refused(() -> vocabulary.decode(Tensor.of(new int[] {2})))
                .withMessage("Vocabulary: there is no token 2 of 2, numbered from 0");
        thrown(DTypeException.class, () -> vocabulary.decode(Tensor.of(1.0)))
                .withMessageContaining("Vocabulary.decode");
        thrown(ShapeException.class, () -> vocabulary.decode(Tensor.of(new int[][] {{1}})))
                .withMessage("Vocabulary.decode: expected the numbers of one text [L], got [1, 1]");
        refused(() -> Vocabulary.count(TEXTS, 0)).withMessageContaining("at least 1, got 0");
    }

    @Test
    void aParsedTextIsTheSameVocabulary() {
        Vocabulary words = Vocabulary.of(List.of("a", "", "b c", "\\", "\n", "\r", "x\ty", "\\?", "é😀", "<unk>"));

        for (Vocabulary each : List.of(
                words, words.unknown("<unk>"), words.unknown(""), words.unknown("\\?"), Vocabulary.of(List.of()))) {
            assertThat(Vocabulary.parse(each.text())).isEqualTo(each);
        }
        assertThat(Vocabulary.of(List.of("<unk>", "a", "\\")).unknown("<unk>").text())
                .isEqualTo("\\?<unk>\na\n\\\\\n");
        assertThat(Vocabulary.parse("a\r\nb").tokens()).containsExactly("a", "b");
    }

    @Test
    void aTextThatIsNoVocabularyIsRefused() {
        thrown(MalformedDataException.class, () -> Vocabulary.parse("a\nb\na\n"))
                .withMessage("Vocabulary: token 3: 'a' is there twice");
        thrown(MalformedDataException.class, () -> Vocabulary.parse("\\?a\n\\?b\n"))
                .withMessage("Vocabulary: token 2: two tokens are marked as the unknown one");
        thrown(MalformedDataException.class, () -> Vocabulary.parse("a\nb\\"))
                .withMessageContaining("token 2: 'b\\' has a backslash that isn't followed by one of");
        thrown(MalformedDataException.class, () -> Vocabulary.parse(null))
                .withMessageContaining("Vocabulary: there is no text");
    }
}
