package io.adjoint.view;

import java.util.function.Consumer;

/**
 * A section of a page.
 *
 * @param id the id of its HTML element, unique in the page
 * @param title the heading
 * @param content writes the heading and the content below it, without the enclosing element
 */
record Section(String id, String title, Consumer<Markup> content) {
    /** A section whose body is written below its heading. */
    static Section of(String id, String title, Consumer<Markup> body) {
        return new Section(id, title, markup -> {
            markup.element("h2", title, "id=" + id + "-title");
            body.accept(markup);
        });
    }

    /** The content as it is now. */
    String text() {
        Markup now = new Markup();
        content.accept(now);
        return now.toString();
    }

    /** Writes the section element with its content. */
    void write(Markup markup) {
        markup.open("section", "id=" + id, "aria-labelledby=" + id + "-title");
        content.accept(markup);
        markup.close();
    }
}
