package io.adjoint.nn.data;

import io.adjoint.core.MalformedDataException;
import io.adjoint.core.Messages;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Texts of one line: a backslash, tab, line feed and carriage return are written {@code \\}, {@code \t}, {@code \n} and {@code \r}. So any
 * texts can be stored one a line, or separated by tabs.
 */
final class EscapedText {
    private static final String ESCAPED = "\\\t\n\r";
    private static final String LETTERS = "\\tnr";

    private EscapedText() {}

    static String escape(String text) {
        StringBuilder line = new StringBuilder();
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            int which = ESCAPED.indexOf(c);
            if (which < 0) {
                line.append(c);
            } else {
                line.append('\\').append(LETTERS.charAt(which));
            }
        }
        return line.toString();
    }

    /**
     * The text of a line.
     *
     * @throws IllegalArgumentException if a backslash has no meaning
     */
    static String unescape(String line) {
        StringBuilder text = new StringBuilder();
        for (int k = 0; k < line.length(); k++) {
            char c = line.charAt(k);
            if (c == '\\') {
                k++;
                int which = k < line.length() ? LETTERS.indexOf(line.charAt(k)) : -1;
                if (which < 0) {
                    throw new IllegalArgumentException(
                            Messages.quoted(line) + " has a backslash that isn't followed by one of \\, t, n and r");
                }
                c = ESCAPED.charAt(which);
            }
            text.append(c);
        }
        return text.toString();
    }

    /**
     * The lines of a text, which end with LF or CRLF; the last one may lack its end.
     *
     * @throws MalformedDataException if the text is null
     */
    static List<String> lines(String owner, @Nullable String text) {
        if (text == null) {
            throw new MalformedDataException(
                    owner + ": there is no text; the file's metadata lack it: save text() under the name by"
                            + " which it is read");
        }
        if (text.isEmpty()) {
            return List.of();
        }
        // Editors of Windows put a byte order mark before a text that they save.
        int start = text.startsWith("\ufeff") ? 1 : 0;
        String whole = text.substring(start, text.length() - (text.endsWith("\n") ? 1 : 0));
        return Stream.of(whole.split("\n", -1))
                .map(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)
                .toList();
    }
}
