package io.adjoint.site;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.footnotes.FootnoteReference;
import org.commonmark.ext.footnotes.FootnotesExtension;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.Block;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jspecify.annotations.Nullable;

/** A page of Markdown: its sections, and its HTML, with the links of the source. */
final class MarkdownPage {
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create(), FootnotesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("<h([2-4]) id=\"([^\"]*)\">(.*?)</h\\1>", Pattern.DOTALL);

    private final Node document;
    private final Map<Node, String> ids = new HashMap<>();
    private final List<Section> sections = new ArrayList<>();

    /**
     * A heading with the text up to the next one.
     *
     * @param level of the heading, from 1 on
     * @param id the anchor, as GitHub makes it
     * @param title the text of the heading
     * @param text the words below it, on one line
     */
    record Section(int level, String id, String title, String text) {}

    MarkdownPage(String source) {
        document = PARSER.parse(source);
        IdGenerator anchors = IdGenerator.builder().build();
        Heading heading = null;
        StringBuilder text = new StringBuilder();
        for (Node node : children(document)) {
            if (node instanceof Heading next) {
                add(heading, text);
                heading = next;
                ids.put(next, anchors.generateId(text(next)));
            } else {
                append(node, text);
            }
        }
        add(heading, text);
    }

    private void add(@Nullable Heading heading, StringBuilder text) {
        if (heading != null) {
            sections.add(new Section(heading.getLevel(), ids.getOrDefault(heading, ""), text(heading), line(text)));
        }
        text.setLength(0);
    }

    /** The sections in their order; the first has the title of the page. */
    List<Section> sections() {
        return sections;
    }

    /** The title of the page. */
    String title() {
        return sections.get(0).title();
    }

    /** The first paragraph. */
    String about() {
        return children(document).stream()
                .filter(Paragraph.class::isInstance)
                .findFirst()
                .map(MarkdownPage::text)
                .orElse("");
    }

    /** The content as HTML. */
    String html() {
        HtmlRenderer renderer = HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    if (ids.containsKey(node)) {
                        attributes.put("id", ids.get(node));
                    }
                })
                .build();
        String html = COMMENT.matcher(renderer.render(document)).replaceAll("");
        // A table that is wider than the window scrolls alone. An empty cell is not a heading.
        html = html.replace("<table>", "<div class=\"wide\"><table>")
                .replace("</table>", "</table></div>")
                .replace("<th></th>", "<td></td>");
        return HEADING.matcher(html)
                .replaceAll(
                        "<h$1 id=\"$2\">$3<a class=\"anchor\" href=\"#$2\" aria-hidden=\"true\" tabindex=\"-1\">#</a></h$1>");
    }

    private static List<Node> children(Node node) {
        List<Node> children = new ArrayList<>();
        for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
            children.add(child);
        }
        return children;
    }

    /** The words of a node, on one line. */
    private static String text(Node node) {
        StringBuilder text = new StringBuilder();
        append(node, text);
        return line(text);
    }

    private static String line(CharSequence text) {
        return text.toString().strip().replaceAll("\\s+", " ");
    }

    private static void append(Node node, StringBuilder text) {
        if (node instanceof Text words) {
            text.append(words.getLiteral());
        } else if (node instanceof Code code) {
            text.append(code.getLiteral());
        } else if (node instanceof FencedCodeBlock code) {
            text.append(code.getLiteral());
        } else if (node instanceof IndentedCodeBlock code) {
            text.append(code.getLiteral());
        } else if (!(node instanceof FootnoteReference)) {
            children(node).forEach(child -> append(child, text));
        }
        if (node instanceof Block || node instanceof TableCell || node instanceof SoftLineBreak) {
            text.append(' ');
        }
    }
}
