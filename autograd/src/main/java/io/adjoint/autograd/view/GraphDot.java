package io.adjoint.autograd.view;

import static java.util.stream.Collectors.joining;

import io.adjoint.autograd.Recording.Kind;
import io.adjoint.autograd.view.GraphModel.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Writes the graph of a {@link GraphModel} in Graphviz's DOT language. */
final class GraphDot {
    private GraphDot() {}

    static String of(GraphModel model, int limit) {
        List<Entry> shown = model.youngest(limit);
        int hidden = model.entries().size() - shown.size();
        Set<Entry> visible = new HashSet<>(shown);
        StringBuilder out = new StringBuilder("digraph adjoint {\n  node [fontname=\"monospace\", fontsize=11];\n");
        if (hidden > 0) {
            out.append("  more [shape=plaintext, label=\"")
                    .append(escape(GraphText.hidden(hidden)))
                    .append("\"];\n");
        }
        for (Entry entry : shown) {
            String lines = Stream.concat(GraphText.lines(entry).stream(), GraphText.gradient(entry).stream())
                    .map(GraphDot::escape)
                    .collect(joining("\\n"));
            String layer = entry.layer.isEmpty() ? "" : ", tooltip=\"" + escape(entry.layer) + "\"";
            out.append("  n").append(entry.index).append(" [").append(style(entry, model.root()));
            out.append(", label=\"").append(lines).append('"').append(layer).append("];\n");
        }
        for (Entry entry : shown) {
            for (String input : GraphText.inputs(entry, visible)) {
                out.append("  " + input + " -> n" + entry.index);
                out.append(input.equals(GraphText.MORE) ? " [style=dashed];\n" : ";\n");
            }
        }
        return out.append("}\n").toString();
    }

    private static String style(Entry entry, Entry root) {
        String style = entry.kind == Kind.OPERATION ? "shape=ellipse" : "shape=box";
        style += entry.kind == Kind.CONSTANT ? ", style=\"filled,dashed\"" : ", style=filled";
        return style + ", fillcolor=\"" + (entry == root ? GraphText.ROOT : GraphText.fill(entry.kind)) + "\""
                + (entry == root ? ", penwidth=2" : "");
    }

    /** Escapes characters that Graphviz would interpret in labels: backslashes, quotes and HTML entities. */
    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("&", "&amp;");
    }
}
