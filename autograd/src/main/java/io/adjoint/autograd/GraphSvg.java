package io.adjoint.autograd;

import io.adjoint.autograd.GraphLayout.Box;
import io.adjoint.autograd.GraphModel.Entry;
import io.adjoint.autograd.GraphModel.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The graph as a picture that needs nothing but what is in it. */
final class GraphSvg {
    private static final double MARGIN = 20;
    private static final double LINE = 15;
    private static final double PADDING = 9;
    /** How wide a letter is, in the title and elsewhere. */
    private static final double TITLE_LETTER = 7.9;

    private static final double LETTER = 6.7;
    private static final String LEAF = "#e4f3e6";
    private static final String CONSTANT = "#f4f4f5";
    private static final String STEP = "#e8effb";
    private static final String ROOT = "#fff0d9";
    private static final String STYLE = "text{font:11px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
            + "fill:#3b4252;text-anchor:middle;white-space:pre}"
            + ".t{font-size:13px;font-weight:bold;fill:#1d2330}.g{fill:#b3261e}"
            + ".leaf{fill:" + LEAF + ";stroke:#4c9a58}.constant{fill:" + CONSTANT
            + ";stroke:#9a9ba1;stroke-dasharray:4 3}"
            + ".step{fill:" + STEP + ";stroke:#5b7fbf}.root{fill:" + ROOT + ";stroke:#d18b1f;stroke-width:2}"
            + ".line{fill:none;stroke:#8a909c;stroke-width:1.3}.cut{stroke-dasharray:4 3}";

    private final GraphModel model;
    private final List<Entry> shown;
    private final int hidden;
    private final Map<Entry, Box> boxes = new LinkedHashMap<>();
    private final Box more;
    private final GraphLayout layout;
    private final StringBuilder out = new StringBuilder();

    private GraphSvg(GraphModel model, int limit) {
        this.model = model;
        this.shown = model.youngest(limit);
        this.hidden = model.entries().size() - shown.size();
        this.more = new Box(GraphText.hidden(hidden).length() * LETTER, LINE);
        Map<Box, List<Box>> inputs = new HashMap<>();
        List<Box> all = new ArrayList<>();
        if (hidden > 0) {
            all.add(more);
        }
        for (Entry entry : shown) {
            Box box = box(entry);
            boxes.put(entry, box);
            all.add(box);
            Set<Box> from = new LinkedHashSet<>();
            entry.inputs.forEach(input -> from.add(boxes.getOrDefault(input, more)));
            inputs.put(box, new ArrayList<>(from));
        }
        this.layout = new GraphLayout(all, inputs);
    }

    static String of(GraphModel model, int limit) {
        return new GraphSvg(model, limit).draw();
    }

    /** The colour of a box, as Graphviz is told it too. */
    static String fill(Entry entry, Entry root) {
        return entry == root
                ? ROOT
                : switch (entry.kind) {
                    case LEAF -> LEAF;
                    case CONSTANT -> CONSTANT;
                    case STEP -> STEP;
                };
    }

    private static Box box(Entry entry) {
        List<String> lines = GraphText.lines(entry);
        List<String> gradient = GraphText.gradient(entry);
        double width = lines.get(0).length() * TITLE_LETTER;
        for (int k = 1; k < lines.size(); k++) {
            width = Math.max(width, lines.get(k).length() * LETTER);
        }
        for (String line : gradient) {
            width = Math.max(width, line.length() * LETTER);
        }
        double sides = entry.kind == Kind.STEP ? 4 * PADDING : 2 * PADDING;
        return new Box(Math.max(44, width + sides), (lines.size() + gradient.size()) * LINE + 1.4 * PADDING);
    }

    private String draw() {
        double width = 0;
        double height = 0;
        for (Box box : layout.boxes()) {
            width = Math.max(width, box.x + box.width / 2 + 2 * MARGIN);
            height = Math.max(height, box.y + box.height / 2 + 2 * MARGIN);
        }
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" viewBox=\"%s %s %s %s\" role=\"img\">\n",
                width, height, -MARGIN, -MARGIN, width, height);
        out.append("<title>")
                .append(escape(title()))
                .append("</title>\n<style>")
                .append(STYLE)
                .append("</style>\n");
        out.append(
                "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\""
                        + " orient=\"auto\"><path d=\"M0 0.8L8 4L0 7.2z\" fill=\"#8a909c\"/></marker></defs>\n");
        add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"#ffffff\"/>\n", -MARGIN, -MARGIN, width, height);
        layout.boxes().forEach(this::lines);
        if (hidden > 0) {
            text(more.x, more.y + 4, "", GraphText.hidden(hidden));
        }
        boxes.forEach(this::node);
        return out.append("</svg>\n").toString();
    }

    private String title() {
        Entry root = model.root();
        return "How " + (root.name.isEmpty() ? root.op : root.name) + " " + root.shape + " was computed";
    }

    private void lines(Box from) {
        String css = from.source() == more ? "line cut" : "line";
        double bottom = from.y + from.height / 2;
        if (from.isPassage()) {
            add("<path class=\"" + css + "\" d=\"M%s %sV%s\"/>\n", from.x, from.y - from.height / 2, bottom);
        }
        for (Box to : from.below()) {
            double top = to.y - to.height / 2;
            double middle = (bottom + top) / 2;
            String arrow = to.isPassage() ? "" : " marker-end=\"url(#arrow)\"";
            add(
                    "<path class=\"" + css + "\"" + arrow + " d=\"M%s %sC%s %s %s %s %s %s\"/>\n",
                    from.x,
                    bottom,
                    from.x,
                    middle,
                    to.x,
                    middle,
                    to.x,
                    top);
        }
    }

    private void node(Entry entry, Box box) {
        String css = entry == model.root() ? "root" : entry.kind.name().toLowerCase(Locale.ROOT);
        double round = entry.kind == Kind.STEP ? Math.min(20, box.height / 2) : 3;
        out.append("<g>");
        if (!entry.layer.isEmpty()) {
            out.append("<title>").append(escape(entry.layer)).append("</title>");
        }
        add(
                "<rect class=\"" + css + "\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\"/>",
                box.x - box.width / 2,
                box.y - box.height / 2,
                box.width,
                box.height,
                round);
        double y = box.y - box.height / 2 + 0.7 * PADDING + 11;
        String lineCss = " class=\"t\"";
        for (String line : GraphText.lines(entry)) {
            text(box.x, y, lineCss, line);
            lineCss = "";
            y += LINE;
        }
        for (String line : GraphText.gradient(entry)) {
            text(box.x, y, " class=\"g\"", line);
            y += LINE;
        }
        out.append("</g>\n");
    }

    private void text(double x, double y, String css, String text) {
        add("<text" + css + " x=\"%s\" y=\"%s\">", x, y);
        out.append(escape(text)).append("</text>");
    }

    /** Appends markup with numbers in it. */
    private void add(String markup, double... numbers) {
        int at = 0;
        for (double number : numbers) {
            int hole = markup.indexOf("%s", at);
            out.append(markup, at, hole).append(number(number));
            at = hole + 2;
        }
        out.append(markup, at, markup.length());
    }

    /** To a tenth of a pixel. */
    private static String number(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
