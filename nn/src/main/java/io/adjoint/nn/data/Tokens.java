package io.adjoint.nn.data;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Cuts texts into tokens, for a {@link Vocabulary}. Upper and lower case are kept apart; {@code toLowerCase(Locale.ROOT)} joins them. */
public final class Tokens {
    /**
     * A token: letters, digits and marks, with single apostrophes and hyphens between them; or any other single character except white
     * space.
     */
    private static final Pattern WORD =
            Pattern.compile("[\\p{L}\\p{N}\\p{M}]+(?:['’-][\\p{L}\\p{N}\\p{M}]+)*|[^\\s\\p{Z}]");

    private Tokens() {}

    /** The characters of a text: its Unicode code points. */
    public static List<String> characters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    /**
     * The words of a text, by the grammar {@code token = word | sign}, {@code word = part {("'" | "’" | "-") part}}: a part is one or
     * more of Unicode's letters, numbers and marks, a sign any other code point but white space, which separates tokens. So {@code
     * "Don't stop, e-mail!"} is {@code Don't}, {@code stop}, {@code ,}, {@code e-mail}, {@code !}.
     */
    public static List<String> words(String text) {
        return WORD.matcher(text).results().map(MatchResult::group).toList();
    }
}
