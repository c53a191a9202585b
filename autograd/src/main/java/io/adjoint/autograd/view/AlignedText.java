package io.adjoint.autograd.view;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lines of {@code left = formula = numbers = result} with aligned equality signs, and headings between them. A line that is too long is
 * broken before its equality signs, one piece per line.
 */
final class AlignedText {
    private static final int WIDTH = 100;
    private static final String EQUALS = " = ";

    /** One line of the text; a heading if only {@code left} is given. */
    private record Row(
            String left,
            @Nullable String formula,
            @Nullable String numbers,
            @Nullable String result) {
        boolean isHeading() {
            return formula == null && numbers == null && result == null;
        }

        int length() {
            return size(formula) + size(numbers) + size(result);
        }
    }

    private final List<Row> rows = new ArrayList<>();

    void heading(String text) {
        rows.add(new Row(text, null, null, null));
    }

    void row(String left, @Nullable String formula, @Nullable String numbers, @Nullable String result) {
        rows.add(new Row(left, formula, numbers, result));
    }

    private static int size(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** The width of a column including the equality sign before the column; 0 if the column is empty in every line. */
    private static int column(List<Row> rows, Function<Row, @Nullable String> cell) {
        int widest = rows.stream().mapToInt(row -> size(cell.apply(row))).max().orElse(0);
        return widest == 0 ? 0 : widest + EQUALS.length();
    }

    void appendTo(StringBuilder out) {
        int left = rows.stream()
                .filter(row -> !row.isHeading())
                .mapToInt(row -> row.left.length())
                .max()
                .orElse(0);
        List<Row> aligned = new ArrayList<>(rows);
        aligned.removeIf(row -> row.result == null);
        int formula = column(aligned, Row::formula);
        int numbers = column(aligned, Row::numbers);
        while (!aligned.isEmpty() && left + formula + numbers + column(aligned, Row::result) > WIDTH) {
            aligned.remove(Collections.max(aligned, Comparator.comparingInt(Row::length)));
            formula = column(aligned, Row::formula);
            numbers = column(aligned, Row::numbers);
        }
        for (Row row : rows) {
            if (row.isHeading()) {
                out.append(cut(row.left, WIDTH));
            } else if (aligned.contains(row)) {
                StringBuilder line = new StringBuilder(pad(row.left, left));
                cell(line, row.formula, formula);
                cell(line, row.numbers, numbers);
                cell(line, row.result, 0);
                out.append(line.toString().stripTrailing());
            } else {
                broken(out, row, left);
            }
            out.append('\n');
        }
    }

    private static void cell(StringBuilder line, @Nullable String text, int width) {
        line.append(pad(text == null ? "" : EQUALS + text, width));
    }

    /**
     * Writes a line that is too long: the formula, and below the formula the rest, on one line if the rest fits. Numbers longer than a line
     * are left out; all other text is cut to the length of a line.
     */
    private static void broken(StringBuilder out, Row row, int left) {
        int room = WIDTH - left - EQUALS.length();
        String numbers = size(row.numbers) > room ? null : row.numbers;
        List<String> lines = new ArrayList<>();
        if (size(numbers) + EQUALS.length() + size(row.result) <= room) {
            lines.add(join(numbers, row.result));
        } else {
            lines.add(join(numbers));
            lines.add(join(row.result));
        }
        lines.add(0, join(row.formula));
        lines.removeIf(String::isEmpty);
        String indented =
                lines.stream().map(line -> EQUALS + cut(line, room)).collect(joining("\n" + " ".repeat(left)));
        out.append(pad(row.left, left)).append(indented);
    }

    private static String join(@Nullable String... pieces) {
        return Stream.of(pieces).filter(Objects::nonNull).collect(joining(EQUALS));
    }

    private static String cut(String line, int room) {
        return line.length() <= room ? line : line.substring(0, room - 3) + "...";
    }

    /** The text with spaces behind it up to the width. */
    static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
