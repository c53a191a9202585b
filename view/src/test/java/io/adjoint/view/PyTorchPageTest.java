package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page docs/pytorch.html is made from docs/pytorch.tsv; {@code -Dadjoint.pages=write} writes it anew. */
class PyTorchPageTest {
    private static final Path DOCS = Path.of(System.getProperty("basedir", ""), "..", "docs");

    /** A row of the file. */
    private record Row(String group, String name, String equivalent, String note) {}

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(DOCS.resolve("pytorch.tsv"), StandardCharsets.UTF_8)) {
            String[] cells = line.split("\t", -1);
            rows.add(new Row(cells[0], cells[1], cells[2], cells[3]));
        }
        return rows.subList(1, rows.size());
    }

    private static Page page(List<Row> rows) {
        Map<String, List<Row>> groups = new LinkedHashMap<>();
        rows.forEach(row ->
                groups.computeIfAbsent(row.group(), group -> new ArrayList<>()).add(row));
        List<Section> sections = new ArrayList<>();
        sections.add(Section.of("names", "Names", PyTorchPageTest::writeSearch));
        groups.forEach((group, members) -> {
            String module =
                    group.equals("torch") ? group : "torch." + (group.equals("lr_scheduler") ? "optim." : "") + group;
            sections.add(Section.of(
                    group.toLowerCase(Locale.ROOT).replace('.', '-'),
                    module,
                    markup -> write(markup, module, members)));
        });
        return new Page(
                "PyTorch → Adjoint",
                "Public names of PyTorch 2.6, each with its equivalent or the reason why there is none.",
                sections,
                List.of("search.js"),
                List.of("search.css"),
                false);
    }

    private static void writeSearch(Markup markup) {
        markup.element(
                "p",
                "A name that exists need not mean the same: the last column says where a setting, a default or an argument differs. Where"
                        + " it is empty, no difference is known.");
        markup.open("form", "id=search", "role=search", "hidden");
        markup.element("label", "Names with all of these words: ", "for=words");
        markup.empty("input", "id=words", "type=search", "autocomplete=off", "spellcheck=false");
        markup.text(" ").element("output", "", "id=found", "for=words").close();
    }

    private static void write(Markup markup, String module, List<Row> rows) {
        markup.open("table", "class=facts names").element("caption", rows.size() + " names of " + module);
        markup.open("thead").open("tr");
        List.of("PyTorch", "Adjoint", "Note").forEach(name -> markup.element("th", name, "scope=col"));
        markup.close().close().open("tbody");
        for (Row row : rows) {
            markup.open("tr")
                    .open("th", "scope=row")
                    .element("code", row.name())
                    .close();
            markup.open("td");
            if (row.equivalent().isEmpty()) {
                markup.text("none");
            }
            String[] names = row.equivalent().isEmpty()
                    ? new String[0]
                    : row.equivalent().split(", ");
            for (int k = 0; k < names.length; k++) {
                markup.text(k == 0 ? "" : ", ").element("code", names[k]);
            }
            markup.close().open("td");
            writeNote(markup, row.note());
            markup.close().close();
        }
        markup.close().close();
    }

    /** Writes a note, in which code stands between backticks. */
    private static void writeNote(Markup markup, String note) {
        String[] parts = note.split("`", -1);
        for (int k = 0; k < parts.length; k++) {
            if (k % 2 == 1) {
                markup.element("code", parts[k]);
            } else {
                markup.text(parts[k]);
            }
        }
    }

    @Test
    void thePageHasTheRowsOfTheFile() throws IOException {
        List<Row> rows = rows();
        String html = page(rows).html();
        Path file = DOCS.resolve("pytorch.html");
        if ("write".equals(System.getProperty("adjoint.pages"))) {
            page(rows).write(file);
        }

        assertThat(rows)
                .hasSizeGreaterThan(1800)
                .allSatisfy(row -> assertThat(
                                row.note().chars().filter(c -> c == '`').count())
                        .isEven());
        assertThat(content(Files.readString(file)))
                .as("-Dadjoint.pages=write writes it anew")
                .isEqualTo(content(html));
        assertThat(html.split("<th scope=\"row\">", -1)).hasSize(rows.size() + 1);
    }

    /** The content of a page without its head, whose style all pages share. */
    private static String content(String html) {
        return html.substring(html.indexOf("<main>"), html.indexOf("</main>"));
    }
}
