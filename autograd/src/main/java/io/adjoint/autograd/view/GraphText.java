package io.adjoint.autograd.view;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import io.adjoint.autograd.Recording.Kind;
import io.adjoint.autograd.view.GraphModel.Entry;
import io.adjoint.core.DType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes the graph of a {@link GraphModel} as text, with one line for each tensor. */
final class GraphText {
    /** The colour in pictures of the tensor that is the result of the computation. */
    static final String ROOT = "#fff0d9";

    /** The id in pictures of the node that stands for the tensors that are not shown. */
    static final String MORE = "more";

    private static final int MOST_INPUTS = 8;
    private static final int WIDEST_HEAD = 48;
    private static final int WIDEST_VALUE = 44;

    private GraphText() {}

    static String of(GraphModel model, int limit) {
        List<Entry> shown = model.youngest(limit);
        List<String> heads = shown.stream().map(GraphText::head).toList();
        List<String> values = shown.stream()
                .map(entry -> entry.value == null ? "" : "  value " + few(entry.value))
                .toList();
        int head = width(heads, WIDEST_HEAD);
        int value = width(values, WIDEST_VALUE);
        StringBuilder out = new StringBuilder();
        int hidden = model.entries().size() - shown.size();
        if (hidden > 0) {
            out.append(hidden(hidden)).append('\n');
        }
        for (int k = 0; k < shown.size(); k++) {
            Numbers gradient = shown.get(k).gradient;
            String line = AlignedText.pad(AlignedText.pad(heads.get(k), head) + values.get(k), head + value)
                    + (gradient == null ? "" : "  grad " + few(gradient));
            out.append(line.stripTrailing()).append('\n');
        }
        return out.toString();
    }

    /** The line that replaces the tensors that are not shown. */
    static String hidden(int count) {
        return "... " + count + " older tensors are not shown; atMost(...) shows more";
    }

    private static String head(Entry entry) {
        StringBuilder head = new StringBuilder(id(entry) + " = " + entry.call + " " + type(entry));
        if (entry.kind == Kind.OPERATION) {
            String inputs =
                    entry.inputs.stream().limit(MOST_INPUTS).map(GraphText::id).collect(joining(", "));
            head.append(" (").append(inputs).append(entry.inputs.size() > MOST_INPUTS ? ", ...)" : ")");
        }
        return head + (entry.layer.isEmpty() ? "" : " in " + entry.layer);
    }

    private static String id(Entry entry) {
        return "%" + (entry.name.isEmpty() ? entry.index : entry.name);
    }

    /** A tensor's shape, after its dtype unless the dtype is FLOAT64. */
    static String type(Entry entry) {
        return entry.dtype == DType.FLOAT64
                ? entry.shape.toString()
                : entry.dtype.name().toLowerCase(Locale.ROOT) + " " + entry.shape;
    }

    private static String few(Numbers numbers) {
        return numbers.isFew() ? numbers.toString() : numbers.rows().get(0);
    }

    /** The lines of a tensor's label in a picture: title, dtype and shape, and value. The {@link #gradient} has lines of its own. */
    static List<String> lines(Entry entry) {
        List<String> lines = new ArrayList<>();
        lines.add(title(entry));
        Numbers value = entry.value;
        if (value == null || entry.shape.rank() > 0 || entry.dtype != DType.FLOAT64) {
            lines.add(type(entry));
        }
        if (value != null) {
            lines.addAll(value.rows());
        }
        return lines;
    }

    /** The lines for a tensor's gradient in a picture. */
    static List<String> gradient(Entry entry) {
        List<String> lines = new ArrayList<>();
        if (entry.gradient != null) {
            lines.addAll(entry.gradient.rows());
            lines.set(0, "grad " + lines.get(0));
            lines.replaceAll(line -> line.startsWith("grad ") ? line : "     " + line);
        }
        return lines;
    }

    /** The ids in pictures of a tensor's inputs, each once, {@link #MORE} for all that are not visible. */
    static Set<String> inputs(Entry entry, Set<Entry> visible) {
        return entry.inputs.stream()
                .map(input -> visible.contains(input) ? "n" + input.index : MORE)
                .collect(toCollection(LinkedHashSet::new));
    }

    /** The colour of a tensor in pictures. */
    static String fill(Kind kind) {
        return switch (kind) {
            case LEAF -> "#e4f3e6";
            case CONSTANT -> "#f4f4f5";
            case OPERATION -> "#e8effb";
        };
    }

    private static String title(Entry entry) {
        return entry.name.isEmpty()
                ? entry.call
                : entry.kind == Kind.OPERATION ? entry.name + " = " + entry.call : entry.name;
    }

    private static int width(List<String> texts, int most) {
        return texts.stream()
                .mapToInt(String::length)
                .filter(n -> n <= most)
                .max()
                .orElse(0);
    }
}
