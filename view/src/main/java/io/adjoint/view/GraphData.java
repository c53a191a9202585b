package io.adjoint.view;

import io.adjoint.autograd.Recording.Kind;
import io.adjoint.autograd.view.ChainRule;
import io.adjoint.autograd.view.ChainRule.Vertex;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes the graph of a {@link ChainRule}, and the steps of a {@link StepsWalk}, as JSON into a page, in which a script draws the graph.
 */
final class GraphData {
    private static final int LONGEST = 36;
    private static final int MOST_LINES = 8;

    private GraphData() {}

    /** Writes the element in which the graph is drawn, with its controls. */
    static void frame(Markup markup) {
        markup.open("div", "class=drawing");
        markup.open("div", "class=controls");
        markup.element("button", "Whole graph", "type=button", "id=fit", "aria-pressed=false");
        markup.open("span", "id=blocks").close();
        markup.close();
        markup.empty(
                "div", "id=graph", "class=graph", "tabindex=0", "role=region", "aria-label=Graph of the computation");
        markup.open("ul", "class=kinds");
        markup.element("li", "parameter: requires grad", "class=leaf");
        markup.element("li", "constant", "class=constant");
        markup.element("li", "computed", "class=computed");
        markup.element("li", "result", "class=root");
        markup.close().close();
    }

    /** Writes the JSON of graphs as a data block, which browsers don't execute. */
    static void write(Markup markup, List<String> graphs) {
        String json = "[" + String.join(",", graphs) + "]";
        markup.raw("<script type=\"application/json\" id=\"graphs\">")
                .raw(json.replace("<", "\\u003c"))
                .raw("</script>");
    }

    /** The JSON of a graph all of whose numbers are shown from the start. */
    static String of(ChainRule rule) {
        return graph(rule, Map.of(), Map.of(), List.of());
    }

    /** The JSON of a walk: its graph and its steps. */
    static String of(StepsWalk walk) {
        return graph(walk.rule, walk.told, walk.completed, walk.steps);
    }

    private static String graph(
            ChainRule rule, Map<Integer, Integer> told, Map<Integer, Integer> completed, List<ChainStep> steps) {
        List<Vertex> vertices = rule.vertices();
        String[] paths = paths(vertices);
        String nodes = vertices.stream()
                .map(vertex -> node(vertex, vertex.index() == rule.root(), paths[vertex.index()], told, completed))
                .collect(Collectors.joining(","));
        String walked = steps.stream().map(GraphData::step).collect(Collectors.joining(","));
        return "{\"root\":" + rule.root() + ",\"layers\":{" + layers(vertices) + "},\"nodes\":[" + nodes
                + "],\"steps\":[" + walked + "]}";
    }

    private static String node(
            Vertex vertex, boolean isRoot, String path, Map<Integer, Integer> told, Map<Integer, Integer> completed) {
        boolean isOperation = vertex.kind() == Kind.OPERATION;
        String whole = vertex.name() + " = " + vertex.formula();
        String title =
                !isOperation ? vertex.name() : whole.length() <= LONGEST ? whole : vertex.name() + " = " + vertex.op();
        return "{\"kind\":"
                + Json.text(
                        isRoot
                                ? "root"
                                : isOperation
                                        ? "computed"
                                        : vertex.kind().name().toLowerCase(Locale.ROOT))
                + ",\"title\":" + Json.text(cut(title))
                + ",\"type\":" + Json.text(vertex.type())
                + ",\"path\":" + Json.text(path)
                + ",\"inputs\":" + vertex.inputs().stream().distinct().toList()
                + ",\"value\":" + lines(vertex.value())
                + ",\"grad\":" + lines(vertex.gradient())
                + ",\"elements\":" + elements(vertex.value())
                + ",\"gradElements\":" + elements(vertex.gradient())
                + ",\"told\":" + told.getOrDefault(vertex.index(), 0)
                + ",\"done\":" + completed.getOrDefault(vertex.index(), 0)
                + "}";
    }

    private static String step(ChainStep step) {
        ChainStep.Question question = step.question;
        return "{\"node\":" + step.vertex + ",\"from\":" + step.from + ",\"phase\":" + Json.text(step.phase.text())
                + (question == null
                        ? "}"
                        : ",\"ask\":" + Json.text(question.text()) + ",\"answer\":" + number(question.answer()) + "}");
    }

    /**
     * The path of the layer of each vertex. For a leaf or constant it is the longest common beginning of the paths of the operations that
     * use the leaf or constant.
     */
    private static String[] paths(List<Vertex> vertices) {
        String[] paths = new String[vertices.size()];
        for (Vertex vertex : vertices) {
            if (vertex.kind() == Kind.OPERATION) {
                String path = path(vertex.layer());
                paths[vertex.index()] = path;
                for (int input : vertex.inputs()) {
                    if (vertices.get(input).kind() != Kind.OPERATION) {
                        paths[input] = paths[input] == null ? path : common(paths[input], path);
                    }
                }
            }
        }
        return Arrays.stream(paths).map(path -> path == null ? "" : path).toArray(String[]::new);
    }

    /** The text of each layer in which a tensor was computed, such as {@code 0: Dense(2 -> 2)}, by the layer's path. */
    private static String layers(List<Vertex> vertices) {
        return vertices.stream()
                .map(Vertex::layer)
                .filter(layer -> !path(layer).isEmpty())
                .distinct()
                .map(layer -> Json.text(path(layer)) + ":" + Json.text(cut(layer)))
                .collect(Collectors.joining(","));
    }

    /** The path at the beginning of a layer's text, before the colon and the description of the block; empty if the text has no colon. */
    private static String path(String layer) {
        int end = layer.indexOf(": ");
        return end < 0 ? "" : layer.substring(0, end);
    }

    private static String common(String a, String b) {
        String[] first = a.split("\\.", -1);
        String[] second = b.split("\\.", -1);
        int same = 0;
        while (same < Math.min(first.length, second.length) && first[same].equals(second[same])) {
            same++;
        }
        return String.join(".", Arrays.copyOf(first, same));
    }

    private static String lines(Optional<ChainRule.Value> value) {
        List<String> rows = value.map(ChainRule.Value::rows).orElse(List.of());
        String shown =
                rows.stream().limit(MOST_LINES).map(row -> Json.text(cut(row))).collect(Collectors.joining(","));
        return "[" + shown + (rows.size() > MOST_LINES ? ",\"…\"]" : "]");
    }

    private static String elements(Optional<ChainRule.Value> value) {
        return value.map(ChainRule.Value::elements).orElse(List.of()).stream()
                .map(GraphData::number)
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** A number with all its digits; infinities and NaN, which JSON doesn't have, as a string. */
    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : Json.text(ChainRule.number(value));
    }

    private static String cut(String line) {
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }
}
