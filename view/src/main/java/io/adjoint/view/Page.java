package io.adjoint.view;

import io.adjoint.nn.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A self-contained HTML page. Its content security policy allows only the styles and scripts in the page, by their hashes, so that markup
 * in a user's data couldn't run even if it were not escaped.
 *
 * @param title the title and heading
 * @param about a line below the heading
 * @param sections the sections of the page, in order
 * @param scripts the names of scripts among the resources of this module
 * @param styles the names of style sheets among these resources, in addition to the style sheet that all pages have
 * @param connects whether the page may connect to the server from which it was loaded
 */
record Page(
        String title,
        String about,
        List<Section> sections,
        List<String> scripts,
        List<String> styles,
        boolean connects) {
    private static final String STYLE = "page.css";

    /** Returns a title that a page may have; refuses an empty one. */
    static String requireTitle(Class<?> owner, String title) {
        Objects.requireNonNull(title, owner.getSimpleName() + ": expected a title, got null");
        Settings.require(!title.isBlank(), owner, "title", "not be empty", "'" + title + "'");
        return title;
    }

    /** The text of the page. */
    String html() {
        List<String> looks = Stream.concat(Stream.of(STYLE), styles.stream())
                .map(Page::resource)
                .toList();
        List<String> code = scripts.stream().map(Page::resource).toList();
        Markup markup = new Markup().raw("<!DOCTYPE html>\n");
        markup.open("html", "lang=en").open("head");
        markup.empty("meta", "charset=utf-8");
        markup.empty("meta", "name=viewport", "content=width=device-width, initial-scale=1");
        markup.empty("meta", "name=color-scheme", "content=light dark");
        markup.empty("meta", "http-equiv=Content-Security-Policy", "content=" + policy(looks, code));
        markup.element("title", title);
        markup.empty("link", "rel=icon", "href=data:,");
        looks.forEach(style -> markup.open("style").raw(style).close());
        markup.close();
        markup.open("body")
                .open("header")
                .element("h1", title)
                .element("p", about)
                .close();
        if (sections.size() > 1 || connects) {
            markup.open("nav", "aria-label=Sections").open("ul");
            for (Section section : sections) {
                markup.open("li")
                        .element("a", section.title(), "href=#" + section.id())
                        .close();
            }
            markup.close().close();
        }
        markup.open("main");
        sections.forEach(section -> section.write(markup));
        markup.close();
        code.forEach(script -> markup.open("script").raw(script).close());
        return markup.close().close().raw("\n").toString();
    }

    /** Writes the page to a file atomically; missing folders are created. */
    void write(Path file) {
        try {
            Path target = file.toAbsolutePath();
            Path folder = target.getParent();
            if (folder == null) {
                throw new IOException("it is a folder");
            }
            Files.createDirectories(folder);
            // Files of createTempFile aren't readable for other users, and a name derived from the name of the target
            // could be too long.
            Path beside = folder.resolve(UUID.randomUUID() + ".new");
            try {
                Files.writeString(beside, html(), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
                Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the page " + file + ": " + e.getMessage(), e);
        }
    }

    private String policy(List<String> looks, List<String> code) {
        return "default-src 'none'; img-src data:; style-src " + hashes(looks)
                + (code.isEmpty() ? "" : "; script-src " + hashes(code))
                + (connects ? "; connect-src 'self'" : "");
    }

    private static String hashes(List<String> texts) {
        return texts.stream().map(Page::hash).collect(Collectors.joining(" "));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
