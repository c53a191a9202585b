package io.adjoint.view;

/**
 * Draws curves as SVG paths, with marks where a value has no position: a cross for NaN, a triangle at the edge for infinity, and for zero
 * and negative values on a log axis.
 *
 * @param width the width of the drawing
 * @param height the height
 * @param scale the axis of the values
 * @param begin the place at the left edge
 * @param end the place at the right edge, after {@code begin}
 */
record Plot(int width, int height, Scale scale, double begin, double end) {
    /**
     * The number of units of a curve's coordinates in one unit of the chart's other coordinates. The units are this small so that a curve's
     * coordinates can be integers.
     */
    static final int FINE = 10;

    /** Half of the size of a mark, in fine units, by which it stays within the plot. */
    private static final int MARK = 45;

    private static final int RING = 50;

    /** Writes a curve: its line, its single points, its marks, and a ring around its best point unless that is -1. */
    void write(Markup markup, Series points, int best) {
        StringBuilder line = new StringBuilder();
        StringBuilder dots = new StringBuilder();
        StringBuilder marks = new StringBuilder();
        long beforeX = 0;
        long beforeY = Math.round(FINE * height / 2.0);
        boolean isDrawing = false;
        char before = ' ';
        for (int k = 0; k < points.size(); k++) {
            double value = points.y(k);
            long x = x(points.x(k));
            char kind = scale.has(value) ? ' ' : Double.isNaN(value) ? 'x' : value > 0 ? '^' : 'v';
            if (kind == ' ') {
                long y = y(value);
                line.append(isDrawing ? " " + (x - beforeX) + "," + (y - beforeY) : "M" + x + "," + y + "l0,0");
                boolean isAlone = !isDrawing && (k + 1 == points.size() || !scale.has(points.y(k + 1)));
                dots.append(isAlone ? "M" + x + "," + y + "l0,0" : "");
                beforeX = x;
                beforeY = y;
            } else if (kind != before) {
                marks.append(mark(kind, x, beforeY));
            }
            isDrawing = kind == ' ';
            before = kind;
        }
        path(markup, "line", line.toString());
        path(markup, "dots", dots.toString());
        path(markup, "odd", marks.toString());
        if (best >= 0) {
            double value = points.y(best);
            path(markup, "best", scale.has(value) ? ring(x(points.x(best)), y(value)) : "");
        }
    }

    private long x(double place) {
        return Math.round(FINE * width * ((place - begin) / (end - begin)));
    }

    private long y(double value) {
        return Math.round(FINE * height * (1 - scale.at(value)));
    }

    private String mark(char kind, long x, long y) {
        long left = within(x, FINE * width) - MARK;
        return switch (kind) {
            case 'x' -> "M" + left + "," + (within(y, FINE * height) - MARK) + "l90,90m0,-90l-90,90";
            case '^' -> "M" + left + ",100l45,-80l45,80z";
            default -> "M" + left + "," + (FINE * height - 100) + "l45,80l45,-80z";
        };
    }

    /** The coordinate nearest to another at which a mark is within the drawing. */
    private static long within(long coordinate, int size) {
        return Math.max(MARK, Math.min(size - MARK, coordinate));
    }

    private static String ring(long x, long y) {
        return "M" + (x - RING) + "," + y + "a50,50 0 1,0 100,0a50,50 0 1,0 -100,0";
    }

    private static void path(Markup markup, String kind, String path) {
        markup.empty(
                "path", "class=" + kind, "vector-effect=non-scaling-stroke", "d=" + (path.isEmpty() ? "M0,0" : path));
    }
}
