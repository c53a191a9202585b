package io.adjoint.autograd.view;

import static java.util.stream.Collectors.joining;

import io.adjoint.autograd.Recording.Kind;
import io.adjoint.autograd.view.GraphModel.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Writes the graph of a {@link GraphModel} in the Mermaid language, which Markdown viewers draw. */
final class GraphMermaid {
    private GraphMermaid() {}

    static String of(GraphModel model, int limit) {
        List<Entry> shown = model.youngest(limit);
        int hidden = model.entries().size() - shown.size();
        Set<Entry> visible = new HashSet<>(shown);
        StringBuilder out = new StringBuilder("flowchart TB\n");
        if (hidden > 0) {
            out.append("  more[\"").append(escape(GraphText.hidden(hidden))).append("\"]\n");
        }
        for (Entry entry : shown) {
            String lines = Stream.concat(
                            GraphText.lines(entry).stream().map(GraphMermaid::escape),
                            GraphText.gradient(entry).stream().map(line -> "<b>" + escape(line) + "</b>"))
                    .collect(joining("<br>"));
            boolean round = entry.kind == Kind.OPERATION;
            out.append("  n").append(entry.index).append(round ? "([\"" : "[\"").append(lines);
            out.append(round ? "\"]):::" : "\"]:::")
                    .append(style(entry, model.root()))
                    .append('\n');
        }
        for (Entry entry : shown) {
            for (String input : GraphText.inputs(entry, visible)) {
                out.append("  " + input + (input.equals(GraphText.MORE) ? " -.-> n" : " --> n") + entry.index + "\n");
            }
        }
        for (Kind kind : Kind.values()) {
            out.append("  classDef " + name(kind) + " fill:" + GraphText.fill(kind) + ",stroke:#5b6270,color:#1d2330");
            out.append(kind == Kind.CONSTANT ? ",stroke-dasharray:4 3\n" : "\n");
        }
        return out.append("  classDef root fill:" + GraphText.ROOT + ",stroke:#5b6270,color:#1d2330,stroke-width:2px\n")
                .toString();
    }

    private static String style(Entry entry, Entry root) {
        return entry == root ? "root" : name(entry.kind);
    }

    private static String name(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Replaces characters that Mermaid would interpret in labels, as HTML or Markdown, by their character codes. */
    private static String escape(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> {
            if ("\"#&;<>`*_\\".indexOf(c) >= 0) {
                out.append('#').append(c).append(';');
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }
}
