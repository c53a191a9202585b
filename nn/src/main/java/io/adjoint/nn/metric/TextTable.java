package io.adjoint.nn.metric;

import java.util.Arrays;
import java.util.Locale;

/** Columns of numbers as text, with four decimals. */
final class TextTable {
    private static final int MOST_ROWS = 20;

    private TextTable() {}

    /** A row for each element of the columns, or for some at equal distances, the first and the last among them. */
    static String of(String[] headers, double[]... columns) {
        int rows = columns[0].length;
        int shown = Math.min(rows, MOST_ROWS);
        String[] lines = new String[shown + 1];
        Arrays.fill(lines, "");
        for (int c = 0; c < headers.length; c++) {
            String[] cells = new String[shown + 1];
            cells[0] = headers[c];
            int width = headers[c].length();
            for (int k = 0; k < shown; k++) {
                int row = shown == 1 ? 0 : (int) ((long) k * (rows - 1) / (shown - 1));
                cells[k + 1] = String.format(Locale.ROOT, "%.4f", columns[c][row]);
                width = Math.max(width, cells[k + 1].length());
            }
            for (int k = 0; k <= shown; k++) {
                lines[k] += (c == 0 ? "" : "  ") + " ".repeat(width - cells[k].length()) + cells[k];
            }
        }
        String table = String.join("\n", lines);
        return shown < rows ? table + "\n(" + shown + " of " + rows + " rows)" : table;
    }
}
