package io.adjoint.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Parses indices in NumPy's notation, such as {@code "..., -1, 0:8:2, [3, 0], None"}.
 *
 * @hidden
 */
@Internal
public final class IndexParser {
    private static final List<String> NEW_AXIS = List.of("None", "np.newaxis", "newaxis");
    private static final List<String> TRUE = List.of("True", "true");
    private static final List<String> FALSE = List.of("False", "false");

    private final String text;
    private int at;

    private IndexParser(String text) {
        this.text = text;
    }

    /**
     * Parses a text into indices.
     *
     * @throws IllegalArgumentException if the text is not a list of indices; the message gives the position of the error
     */
    public static AxisIndex[] parse(String text) {
        return new IndexParser(text).indices();
    }

    private AxisIndex[] indices() {
        List<AxisIndex> indices = new ArrayList<>();
        skipSpaces();
        while (at < text.length()) {
            indices.add(index());
            if (at < text.length() && !skip(",")) {
                throw error("a comma or the end", at);
            }
        }
        return indices.toArray(new AxisIndex[0]);
    }

    private AxisIndex index() {
        if (skip("...") || skip("…")) {
            return AxisIndex.ellipsis();
        }
        if (skipOne(NEW_AXIS)) {
            return AxisIndex.newAxis();
        }
        if (peek('[')) {
            return new ListIndex().parse();
        }
        OptionalInt from = number();
        if (!skip(":")) {
            return AxisIndex.at(from.orElseThrow(
                    () -> error("a number, a range such as 0:8:2, a list such as [3, 0], ... or None", at)));
        }
        OptionalInt to = number();
        int stepAt = at;
        OptionalInt step = skip(":") ? number() : OptionalInt.empty();
        if (step.isPresent() && step.getAsInt() == 0) {
            throw error("a step that is not 0", stepAt + 1);
        }
        return AxisIndex.range(from, to, step.orElse(1));
    }

    /** Reads a number; empty if there is no number at this position. */
    private OptionalInt number() {
        int start = at;
        int end = start;
        if (end < text.length() && (text.charAt(end) == '-' || text.charAt(end) == '+')) {
            end++;
        }
        int digits = end;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        if (end == digits) {
            return OptionalInt.empty();
        }
        if (end < text.length() && text.charAt(end) == '.') {
            throw error("a whole number", start);
        }
        try {
            int number = Integer.parseInt(text.substring(start, end));
            at = end;
            skipSpaces();
            return OptionalInt.of(number);
        } catch (NumberFormatException tooLarge) {
            throw error("a number between -2147483648 and 2147483647", start);
        }
    }

    /** A list whose elements are all numbers, or all {@code True} or {@code False}, or all lists of one length. */
    private final class ListIndex {
        private final List<Integer> elements = new ArrayList<>();
        private final List<Integer> dims = new ArrayList<>();
        private int numbers;
        private int leafDepth = -1;

        AxisIndex parse() {
            int start = at;
            list(0);
            NdArray array = NdArray.of(
                    Shape.of(dims.stream().mapToInt(size -> size).toArray()),
                    elements.stream().mapToInt(element -> element).toArray());
            if (numbers > 0 && numbers < elements.size()) {
                throw error("either numbers or True and False", start);
            }
            return numbers == 0 && !elements.isEmpty() ? AxisIndex.mask(array.to(DType.BOOL)) : AxisIndex.picks(array);
        }

        private void list(int depth) {
            int start = at;
            skip("[");
            boolean first = depth == dims.size();
            if (first) {
                dims.add(0);
            }
            int count = 0;
            while (!skip("]")) {
                if (count > 0 && !skip(",")) {
                    throw error("a comma or a closing bracket", at);
                }
                element(depth);
                count++;
            }
            if (first) {
                dims.set(depth, count);
            } else if (dims.get(depth) != count) {
                throw error("a list of " + dims.get(depth) + " elements like the one before", start);
            }
        }

        private void element(int depth) {
            int start = at;
            boolean nested = peek('[');
            if (nested ? leafDepth >= 0 && leafDepth <= depth : dims.size() > depth + 1) {
                throw error("lists that are nested equally deep", start);
            }
            if (nested) {
                list(depth + 1);
                return;
            }
            leafDepth = depth;
            if (skipOne(TRUE)) {
                elements.add(1);
            } else if (skipOne(FALSE)) {
                elements.add(0);
            } else {
                elements.add(number().orElseThrow(() -> error("a number, True or False", start)));
                numbers++;
            }
        }
    }

    private boolean peek(char character) {
        return at < text.length() && text.charAt(at) == character;
    }

    private boolean skipOne(List<String> words) {
        return words.stream().anyMatch(this::skip);
    }

    /** Returns whether a word stands at this position; if so, skips the word and the spaces after it. */
    @CanIgnoreReturnValue
    private boolean skip(String word) {
        boolean here = text.startsWith(word, at);
        if (here) {
            at += word.length();
            skipSpaces();
        }
        return here;
    }

    private void skipSpaces() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException error(String expected, int position) {
        return new IllegalArgumentException("get: \"" + text + "\": expected " + expected + " at position " + position
                + ", but found "
                + (position >= text.length() ? "the end" : "'" + text.substring(position) + "'"));
    }
}
