package io.adjoint.nn.metric;

import io.adjoint.nn.TextTable;
import java.util.Locale;

/** Formats the points of a curve as a text table with four decimals. */
final class CurveTable {
    private static final int MOST_ROWS = 20;

    private CurveTable() {}

    /**
     * Makes a table with a row for each point. If a curve has more than {@link #MOST_ROWS} points, the table has only that number of
     * points, evenly spaced in their order, with the first and the last.
     */
    static String of(String[] headers, double[]... columns) {
        int rows = columns[0].length;
        int shown = Math.min(rows, MOST_ROWS);
        TextTable table = new TextTable(TextTable.right()).row(headers);
        for (int k = 0; k < shown; k++) {
            int row = shown == 1 ? 0 : (int) ((long) k * (rows - 1) / (shown - 1));
            String[] cells = new String[columns.length];
            for (int c = 0; c < columns.length; c++) {
                cells[c] = String.format(Locale.ROOT, "%.4f", columns[c][row]);
            }
            table.row(cells);
        }
        return shown < rows ? table + "\n(" + shown + " of " + rows + " rows)" : table.toString();
    }
}
