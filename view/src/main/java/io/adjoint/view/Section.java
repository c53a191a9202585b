package io.adjoint.view;

import java.util.function.Consumer;

/**
 * A section of a page.
 *
 * @param id the id of its HTML element, unique in the page
 * @param title the heading
 * @param body writes the content below the heading
 */
record Section(String id, String title, Consumer<Markup> body) {
    /** Writes the heading and the body without the enclosing element. */
    void writeContent(Markup markup) {
        markup.element("h2", title, "id", id + "-title");
        body.accept(markup);
    }

    /** This section with its body as it is now. */
    Section written() {
        Markup now = new Markup();
        body.accept(now);
        String text = now.toString();
        return new Section(id, title, markup -> markup.raw(text));
    }

    /** Writes the section element with its content. */
    void write(Markup markup) {
        markup.open("section", "id", id, "aria-labelledby", id + "-title");
        writeContent(markup);
        markup.close();
    }
}
