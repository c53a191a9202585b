package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.MalformedDataException;
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
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
    /** Marks the token for unknown ones in a text. */
    private static final String UNKNOWN = "\\?";

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
     * The tokens that occur often enough: first the special ones, in their order, then the tokens of the texts, the more frequent the
     * earlier and equally frequent ones in their natural order.
     *
     * @param texts the tokens of each text
     * @param minFrequency the smallest number of occurrences, 1 for all
     * @param specials tokens such as {@code <pad>}, which may have any frequency
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

    // ---- text ----

    /**
     * The vocabulary as a text, one token a line, which {@link #parse} reads: {@code Files.writeString(file, words.text())}. In a token a
     * backslash, tab, line feed and carriage return are written {@code \\}, {@code \t}, {@code \n} and {@code \r}, and {@code \?} before
     * a token marks the {@link #unknown} one.
     */
    public String text() {
        return escaped().stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** The lines of the text. */
    List<String> escaped() {
        return IntStream.range(0, size())
                .mapToObj(k -> (k == unknown ? UNKNOWN : "") + EscapedText.escape(tokens.get(k)))
                .toList();
    }

    /**
     * The vocabulary of a {@linkplain #text text}: {@code Vocabulary.parse(Files.readString(file))}. A file in which a backslash is a token
     * like any other is read by {@code Vocabulary.of(Files.readAllLines(file))}.
     *
     * @throws MalformedDataException if a token is there twice, a backslash has no meaning, two tokens are marked as the unknown one, or
     *     the text is null, as the text of metadata without it
     */
    public static Vocabulary parse(@Nullable String text) {
        return ofEscaped(EscapedText.lines("Vocabulary", text));
    }

    /** The vocabulary of the lines of a text. */
    static Vocabulary ofEscaped(List<String> lines) {
        Set<String> distinct = new LinkedHashSet<>();
        int unknown = -1;
        for (int k = 0; k < lines.size(); k++) {
            String line = lines.get(k);
            boolean isUnknown = line.startsWith(UNKNOWN);
            String token;
            try {
                token = EscapedText.unescape(isUnknown ? line.substring(UNKNOWN.length()) : line);
            } catch (IllegalArgumentException e) {
                throw malformed(k, Objects.toString(e.getMessage()));
            }
            if (!distinct.add(token)) {
                throw malformed(k, Messages.quoted(token) + " is there twice");
            } else if (isUnknown && unknown >= 0) {
                throw malformed(k, "two tokens are marked as the unknown one");
            }
            unknown = isUnknown ? k : unknown;
        }
        Vocabulary known = of(distinct);
        return new Vocabulary(known.tokens, known.numbers, unknown);
    }

    private static MalformedDataException malformed(int index, String problem) {
        return new MalformedDataException("Vocabulary: token " + (index + 1) + ": " + problem);
    }

    // ---- tokens and numbers ----

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
        int found = find(token);
        return found >= 0 ? found : require(token);
    }

    /** The number of a token; if the token is not in the vocabulary, the number of the unknown token, or −1 without one. */
    int find(String token) {
        return numbers.getOrDefault(token, unknown);
    }

    /** The number for unknown tokens; −1 if there is none. */
    int unknown() {
        return unknown;
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
