package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Messages;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and their numbers, from 0 on: the words or characters of texts, or the names of classes.
 *
 * <pre>{@code
 * Vocabulary words = Vocabulary.count(texts, 2, "<pad>", "<unk>").unknown("<unk>");
 * Tensor ids = words.encode(Tokens.words(text));   // INT32 [L]
 * }</pre>
 *
 * <p>Immutable.
 */
@CheckReturnValue
public final class Vocabulary {
    private final List<String> tokens;
    private final Map<String, Integer> numbers;
    /** The number returned for unknown tokens; −1 if unknown tokens are errors. */
    private final int unknown;

    private Vocabulary(List<String> tokens, Map<String, Integer> numbers, int unknown) {
        this.tokens = tokens;
        this.numbers = numbers;
        this.unknown = unknown;
    }

    private static Vocabulary of(Set<String> distinct) {
        List<String> tokens = List.copyOf(distinct);
        Map<String, Integer> numbers = new HashMap<>();
        tokens.forEach(token -> numbers.put(token, numbers.size()));
        return new Vocabulary(tokens, numbers, -1);
    }

    /** The tokens in the order of their first occurrence. */
    public static Vocabulary of(Collection<String> tokens) {
        return of(new LinkedHashSet<>(tokens));
    }

    /** The tokens in their natural order, as for the names of classes. */
    public static Vocabulary sorted(Collection<String> tokens) {
        return of(new TreeSet<>(tokens));
    }

    /**
     * The tokens that occur often enough: first the special ones, in their order, then those of the texts, the more frequent the
     * earlier and equally frequent ones in their natural order.
     *
     * @param texts the tokens of each text
     * @param minFrequency the smallest number of occurrences, 1 for all
     * @param specials tokens such as {@code <pad>}, whatever their frequency
     * @throws IllegalArgumentException if the frequency is less than 1
     */
    public static Vocabulary count(Iterable<? extends Collection<String>> texts, int minFrequency, String... specials) {
        Settings.requireCount(Vocabulary.class, "frequency", minFrequency);
        Map<String, Integer> counts = new TreeMap<>();
        texts.forEach(text -> text.forEach(token -> counts.merge(token, 1, Integer::sum)));
        Set<String> tokens = new LinkedHashSet<>(Arrays.asList(specials));
        counts.entrySet().stream()
                .filter(count -> count.getValue() >= minFrequency)
                // The sort is stable, so equal counts keep the natural order of the map.
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(count -> tokens.add(count.getKey()));
        return of(tokens);
    }

    /**
     * The same vocabulary, in which tokens that it does not have get the number of one of its tokens, such as {@code <unk>}; without
     * this they are errors.
     *
     * @throws IllegalArgumentException if the token is not in the vocabulary
     */
    public Vocabulary unknown(String token) {
        return new Vocabulary(tokens, numbers, require(token));
    }

    /** The number of tokens. */
    public int size() {
        return tokens.size();
    }

    /** The tokens in the order of their numbers. */
    public List<String> tokens() {
        return tokens;
    }

    /** Returns whether a token is in the vocabulary. */
    public boolean contains(String token) {
        return numbers.containsKey(token);
    }

    /**
     * The number of a token.
     *
     * @throws IllegalArgumentException if it is not in the vocabulary, and {@link #unknown(String)} was not called
     */
    public int index(String token) {
        Integer number = numbers.get(token);
        return number != null ? number : unknown >= 0 ? unknown : require(token);
    }

    private int require(String token) {
        Integer number = numbers.get(token);
        if (number == null) {
            throw new IllegalArgumentException(
                    "Vocabulary: " + Messages.quoted(token) + " is none of the " + tokens.size() + " tokens "
                            + Messages.list(tokens)
                            + "; unknown(token) says which of them stands for those that are not known");
        }
        return number;
    }

    /**
     * The token of a number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public String token(int index) {
        if (index < 0 || index >= tokens.size()) {
            throw new IllegalArgumentException(
                    "Vocabulary: there is no token " + index + " of " + tokens.size() + ", numbered from 0");
        }
        return tokens.get(index);
    }

    /**
     * The numbers of tokens, INT32 {@code [L]}.
     *
     * @throws IllegalArgumentException as {@link #index}
     */
    public Tensor encode(List<String> text) {
        return Tensor.of(text.stream().mapToInt(this::index).toArray());
    }

    /**
     * The tokens of numbers INT32 {@code [L]}.
     *
     * @throws IllegalArgumentException if a number is none of a token
     * @throws ShapeException if the tensor is not of one axis
     * @throws DTypeException if it is not INT32
     */
    public List<String> decode(Tensor indices) {
        indices.dtype().requireIndex("Vocabulary.decode");
        if (indices.shape().rank() != 1) {
            throw new ShapeException("Vocabulary.decode: expected the numbers of one text [L], got " + indices.shape());
        }
        return IntStream.of(indices.data().toIntArray()).mapToObj(this::token).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Vocabulary v && v.tokens.equals(tokens) && v.unknown == unknown;
    }

    @Override
    public int hashCode() {
        return 31 * tokens.hashCode() + unknown;
    }

    @Override
    public String toString() {
        return "Vocabulary" + tokens;
    }
}
