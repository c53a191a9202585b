package io.adjoint.core;

import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Prepares foreign text, such as names and fields in files, for messages: shortened, and without characters that could control a terminal.
 *
 * @hidden
 */
@Internal
public final class Messages {
    /** The largest number of characters of a quoted text. */
    private static final int LONGEST = 100;

    /** The largest number of characters of a message about a file. */
    private static final int LONGEST_PROBLEM = 2000;

    /** The largest number of names that a list shows. */
    private static final int MOST = 10;

    /** Characters that a terminal or a log could take as commands, such as control characters and ends of lines. */
    private static final Pattern NO_TEXT = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]+");

    private Messages() {}

    /** A text that another program sent, in one line: control and format characters and ends of lines become a space. */
    public static String oneLine(String text) {
        return NO_TEXT.matcher(text).replaceAll(" ");
    }

    /** A text in which control and format characters and unpaired surrogates are replaced by escapes such as \\u001b. */
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

    /** A printable text in quotes; of a long text only the beginning, and the number of its characters. */
    public static String quoted(String text) {
        return "'" + beginning(text, LONGEST)
                + (text.length() > LONGEST ? "…' (" + text.length() + " characters)" : "'");
    }

    /** A printable message about a file; of a long message only the beginning, since it may contain names of any length. */
    public static String problem(String text) {
        return beginning(text, LONGEST_PROBLEM)
                + (text.length() > LONGEST_PROBLEM ? "… (" + text.length() + " characters)" : "");
    }

    /** A list of names in brackets; if there are many, only the first names and the number of all names. */
    public static String list(Collection<String> names) {
        String first = names.stream()
                .limit(MOST)
                .map(name -> beginning(name, LONGEST) + (name.length() > LONGEST ? "…" : ""))
                .collect(Collectors.joining(", "));
        return "[" + first + (names.size() > MOST ? ", … " + names.size() + " in all" : "") + "]";
    }

    /** The first characters of a text, without splitting a surrogate pair. */
    private static String beginning(String text, int count) {
        if (text.length() <= count) {
            return printable(text);
        }
        int end = Character.isHighSurrogate(text.charAt(count - 1)) ? count - 1 : count;
        return printable(text.substring(0, end));
    }
}
