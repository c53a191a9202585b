package io.adjoint.view;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Set;

/**
 * A writer of HTML with embedded SVG. All texts and attribute values are escaped. Characters that HTML doesn't allow, and characters that
 * change the writing direction, are replaced by U+FFFD.
 */
final class Markup {
    private static final Set<String> VOID = Set.of("br", "col", "hr", "img", "input", "link", "meta");
    private static final int REPLACEMENT = 0xFFFD;

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; each attribute is {@code name=value}, or the name of one without a value. */
    @CanIgnoreReturnValue
    Markup open(String tag, String... attributes) {
        begin(tag, attributes);
        out.append('>');
        open.push(tag);
        return this;
    }

    /** Closes the innermost element. */
    @CanIgnoreReturnValue
    Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** Writes an element without content. */
    @CanIgnoreReturnValue
    Markup empty(String tag, String... attributes) {
        begin(tag, attributes);
        if (VOID.contains(tag)) {
            out.append('>');
        } else if (open.contains("svg")) {
            out.append("/>");
        } else {
            out.append("></").append(tag).append('>');
        }
        return this;
    }

    /** Writes an element that contains a text. */
    @CanIgnoreReturnValue
    Markup element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** Writes a text. */
    @CanIgnoreReturnValue
    Markup text(String text) {
        escape(text);
        return this;
    }

    /** Writes the head of a table, and opens its body. */
    @CanIgnoreReturnValue
    Markup head(Collection<String> cells) {
        open("thead").open("tr");
        cells.forEach(cell -> element("th", cell, "scope=col"));
        return close().close().open("tbody");
    }

    /** Writes markup without escaping it, such as a script of this module. */
    @CanIgnoreReturnValue
    Markup raw(String markup) {
        out.append(markup);
        return this;
    }

    private void begin(String tag, String... attributes) {
        out.append('<').append(tag);
        for (String attribute : attributes) {
            int end = (attribute + "=").indexOf('=');
            out.append(' ').append(attribute, 0, end).append("=\"");
            escape(attribute.substring(Math.min(attribute.length(), end + 1)));
            out.append('"');
        }
    }

    private void escape(String text) {
        for (int k = 0; k < text.length(); ) {
            int point = text.codePointAt(k);
            k += Character.charCount(point);
            switch (point) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(point) ? point : REPLACEMENT);
            }
        }
    }

    private static boolean isAllowed(int point) {
        boolean isControl = Character.isISOControl(point) && point != '\n' && point != '\t';
        boolean isSurrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        boolean isNoCharacter = (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF);
        boolean isTurn = (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
        return !isControl && !isSurrogate && !isNoCharacter && !isTurn;
    }

    /** Returns the markup; all elements must be closed. */
    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("Markup: " + open + " are open");
        }
        return out.toString();
    }
}
