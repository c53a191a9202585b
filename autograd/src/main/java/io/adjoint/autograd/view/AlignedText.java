package io.adjoint.autograd.view;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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
    private static final class Row {
        final String left;
        final @Nullable String formula;
        final @Nullable String numbers;
        final @Nullable String result;
        boolean aligned;

        Row(String left, @Nullable String formula, @Nullable String numbers, @Nullable String result) {
            this.left = left;
            this.formula = formula;
            this.numbers = numbers;
            this.result = result;
            this.aligned = result != null;
        }

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
    private static int column(Stream<@Nullable String> cells) {
        int widest = cells.mapToInt(AlignedText::size).max().orElse(0);
        return widest == 0 ? 0 : widest + EQUALS.length();
    }

    void appendTo(StringBuilder out) {
        int left = rows.stream()
                .filter(row -> !row.isHeading())
                .mapToInt(row -> row.left.length())
                .max()
                .orElse(0);
        int formula;
        int numbers;
        while (true) {
            List<Row> aligned = rows.stream().filter(row -> row.aligned).toList();
            formula = column(aligned.stream().map(row -> row.formula));
            numbers = column(aligned.stream().map(row -> row.numbers));
            int result = column(aligned.stream().map(row -> row.result));
            if (left + formula + numbers + result <= WIDTH || aligned.isEmpty()) {
                break;
            }
            aligned.stream().max(Comparator.comparingInt(Row::length)).orElseThrow().aligned = false;
        }
        for (Row row : rows) {
            if (row.isHeading()) {
                out.append(cut(row.left, WIDTH));
            } else if (row.aligned) {
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

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
