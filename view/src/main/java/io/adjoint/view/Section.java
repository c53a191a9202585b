package io.adjoint.view;

import java.util.function.Consumer;

/**
 * A part of a page under a heading.
 *
 * @param id the name of its element, unique in the page
 * @param title the heading
 * @param body writes all below the heading
 */
record Section(String id, String title, Consumer<Markup> body) {
    /** Writes the heading and the body, without the element around them. */
    void writeContent(Markup markup) {
        markup.element("h2", title, "id", id + "-title");
        body.accept(markup);
    }

    /** Writes the element. */
    void write(Markup markup) {
        markup.open("section", "id", id, "aria-labelledby", id + "-title");
        writeContent(markup);
        markup.close();
    }
}
