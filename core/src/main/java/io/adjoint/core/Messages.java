package io.adjoint.core;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Texts of others, as names and fields in files, in messages: short, and without characters that would move the cursor of a terminal.
 *
 * @hidden
 */
@Internal
public final class Messages {
    /** The most characters of a text. */
    private static final int LONGEST = 100;

    /** The most characters of a message about a file. */
    private static final int LONGEST_PROBLEM = 2000;

    /** The most names of a list. */
    private static final int MOST = 10;

    private Messages() {}

    /** A text with escapes, as \\u001b, in place of control and format characters and halves of surrogate pairs. */
    public static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean isSeparator = type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
            if (Character.isISOControl(c) || type == Character.FORMAT || type == Character.SURROGATE || isSeparator) {
                printable.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                printable.appendCodePoint(c);
            }
        });
        return printable.toString();
    }

    /** A printable text in quotes, of a long one the beginning and the number of characters. */
    public static String quoted(String text) {
        return "'" + beginning(text, LONGEST)
                + (text.length() > LONGEST ? "…' (" + text.length() + " characters)" : "'");
    }

    /** A printable message about a file, of a long one the beginning: it may have names of any length. */
    public static String problem(String text) {
        return beginning(text, LONGEST_PROBLEM)
                + (text.length() > LONGEST_PROBLEM ? "… (" + text.length() + " characters)" : "");
    }

    /** Names in brackets, of many the first and their number. */
    public static String list(Collection<String> names) {
        String first = names.stream()
                .limit(MOST)
                .map(name -> beginning(name, LONGEST) + (name.length() > LONGEST ? "…" : ""))
                .collect(Collectors.joining(", "));
        return "[" + first + (names.size() > MOST ? ", … " + names.size() + " in all" : "") + "]";
    }

    /** The first characters, with both halves of a surrogate pair or none. */
    private static String beginning(String text, int count) {
        if (text.length() <= count) {
            return printable(text);
        }
        int end = Character.isHighSurrogate(text.charAt(count - 1)) ? count - 1 : count;
        return printable(text.substring(0, end));
    }
}
