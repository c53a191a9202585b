package io.adjoint.view;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.view.ChainRule;
import io.adjoint.autograd.view.GraphView;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The picture of a {@link GraphView} as one HTML file that loads nothing: larger graphs than Mermaid draws, with blocks folded by their
 * paths to boxes that open on a click or Enter. Without scripts it has the graph's {@linkplain GraphView#text() text}.
 *
 * <pre>{@code GraphPage.of(GraphView.of(() -> model.forward(x).sum())).write(Path.of("graph.html"));}</pre>
 */
public final class GraphPage {
    private final GraphView view;
    private String title = "Graph of a computation";

    private GraphPage(GraphView view) {
        this.view = view;
    }

    /** The page of a view, as the view is when it is written. */
    public static GraphPage of(GraphView view) {
        return new GraphPage(Objects.requireNonNull(view, "view"));
    }

    /**
     * Sets the title.
     *
     * @throws IllegalArgumentException if it is empty
     */
    @CanIgnoreReturnValue
    public GraphPage title(String text) {
        title = Page.requireTitle(GraphPage.class, text);
        return this;
    }

    /** The page. */
    public String html() {
        return page().html();
    }

    /**
     * Writes the page to a file, as a whole or not at all; missing folders are made.
     *
     * @throws java.io.UncheckedIOException if that fails
     */
    public void write(Path file) {
        page().write(file);
    }

    private Page page() {
        ChainRule rule = ChainRule.of(view);
        return new Page(
                title,
                rule.vertices().size() + " tensors, each with the operation that computed it.",
                List.of(
                        Section.of("picture", "Picture", markup -> {
                            markup.open("div", "id=walker", "hidden");
                            GraphData.frame(markup);
                            markup.close();
                            GraphData.write(markup, List.of(GraphData.of(rule)));
                        }),
                        Section.of(
                                "text",
                                "Text",
                                markup -> markup.element(
                                        "pre", view.text(), "tabindex=0", "role=region", "aria-label=Graph as text"))),
                List.of("dagre.min.js", "graph.js", "graph-page.js"),
                List.of("graph.css"),
                false);
    }

    /** The title. */
    @Override
    public String toString() {
        return "GraphPage(" + title + ")";
    }
}
