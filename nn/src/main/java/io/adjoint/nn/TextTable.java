package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.Internal;
import java.util.ArrayList;
import java.util.List;

/**
 * Formats rows of cells as text. Each column is as wide as its longest cell. Lines are separated by a line feed on every platform, and the
 * last line has no separator.
 *
 * @hidden
 */
@Internal
public final class TextTable {
    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * The layout of a column.
     *
     * @param isLeft true if cells are aligned left
     * @param width the smallest width, in characters
     * @param grows true if longer cells make the column wider; otherwise a longer cell shifts only the rest of its own row
     * @param gap the number of spaces before the column; ignored for the first column
     * @hidden
     */
    @CheckReturnValue
    public record Column(boolean isLeft, int width, boolean grows, int gap) {
        /** A copy with a minimum width. */
        public Column atLeast(int width) {
            return new Column(isLeft, width, true, gap);
        }

        /** A copy with a fixed width, which doesn't grow with longer cells. */
        public Column exactly(int width) {
            return new Column(isLeft, width, false, gap);
        }

        /** A copy with another number of spaces before the column; 2 by default. */
        public Column gap(int spaces) {
            return new Column(isLeft, width, grows, spaces);
        }
    }

    /** A table without rows. If a row has more cells than the table has columns, these cells use the layout of the last column. */
    public TextTable(Column... columns) {
        this.columns = List.of(columns);
    }

    /** A left-aligned column, for texts. */
    public static Column left() {
        return new Column(true, 0, true, 2);
    }

    /** A right-aligned column, for numbers. */
    public static Column right() {
        return new Column(false, 0, true, 2);
    }

    /** Adds a row; a row without cells is an empty line. */
    @CanIgnoreReturnValue
    public TextTable row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    private Column column(int k) {
        return columns.get(Math.min(k, columns.size() - 1));
    }

    private int width(int k) {
        int width = column(k).width();
        for (List<String> row : rows) {
            if (column(k).grows() && k < row.size()) {
                width = Math.max(width, length(row.get(k)));
            }
        }
        return width;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The lines of all rows. */
    @Override
    public String toString() {
        int most = rows.stream().mapToInt(List::size).max().orElse(0);
        List<StringBuilder> lines = new ArrayList<>();
        rows.forEach(row -> lines.add(new StringBuilder()));
        for (int k = 0; k < most; k++) {
            Column column = column(k);
            int width = width(k);
            for (int r = 0; r < lines.size(); r++) {
                if (k < rows.get(r).size()) {
                    String cell = rows.get(r).get(k);
                    String rest = " ".repeat(Math.max(0, width - length(cell)));
                    lines.get(r)
                            .append(" ".repeat(k == 0 ? 0 : column.gap()))
                            .append(column.isLeft() ? "" : rest)
                            .append(cell)
                            .append(column.isLeft() ? rest : "");
                }
            }
        }
        return String.join("\n", lines);
    }
}
