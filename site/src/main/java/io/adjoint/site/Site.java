package io.adjoint.site;

import io.adjoint.view.ChainRulePages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The web site: each Markdown file of the repository's root and of docs, the files and folders to which they link, and the Javadoc that the
 * build has made. A page has the path of its source. Links are relative, so the site works from files and below any address; in the
 * policy of its pages, {@code file:} stands beside {@code 'self'}, since files need not have one origin.
 */
public final class Site {
    private static final Pattern MARKDOWN_LINK = Pattern.compile("\\[([^]]*)]\\(([^)]*)\\)");
    private static final Pattern LINK = Pattern.compile("\\b(href|src|srcset)=\"([^\"]*)\"");
    private static final Pattern ELSEWHERE = Pattern.compile("#.*|[a-z]+:.*");
    private static final Pattern COPIED = Pattern.compile(".*\\.(html|png)");
    private static final Pattern MODULE = Pattern.compile("<module>(\\w+)</module>");
    private static final Pattern DESCRIPTION = Pattern.compile("<description>(.*?)</description>");
    private static final String HOME = "README.md";
    private static final String INDEX = "docs/README.md";
    private static final String API = "api/index.html";
    private static final String REPORT = "docs/report.html";
    private static final String CHAIN_RULE = "docs/xor.html";

    private final Path root;
    private final Path target;
    private final String version;
    private final String template;
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private final Deque<String> pending = new ArrayDeque<>();
    private final List<String> words = new ArrayList<>();

    /** A page in the navigation; its path is that of its source, if it has one. */
    private record Entry(String group, String title, String path) {}

    /**
     * A site that is yet to be written.
     *
     * @param root the folder of the repository
     * @param target the folder of the site
     * @param version the version of the library, for the pages
     */
    Site(Path root, Path target, String version) throws IOException {
        this.root = root.toAbsolutePath().normalize();
        this.target = target;
        this.version = version;
        template = text("page.html");
    }

    /**
     * Writes the site, with a backward pass step by step; the build adds the report of a training.
     *
     * @param arguments the folder of the repository, the folder of the site, and the versions of the library and of Mermaid
     */
    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[1]);
        Site site = new Site(Path.of(arguments[0]), target, arguments[2]);
        String mermaid = "/META-INF/resources/webjars/mermaid/" + arguments[3];
        site.write("mermaid.js", resource(mermaid + "/dist/mermaid.min.js"));
        site.write("mermaid.LICENSE.txt", resource(mermaid + "/LICENSE"));
        site.write();
        ChainRulePages.xor().write(target.resolve(CHAIN_RULE));
    }

    /** Writes all pages but those that the library makes itself. */
    void write() throws IOException {
        list();
        writeJavadoc();
        while (!pending.isEmpty()) {
            writePage(pending.remove());
        }
        write("site.css", text("/io/adjoint/view/page.css") + text("site.css"));
        for (String file : List.of("site.js", "icon.svg")) {
            write(file, resource(file));
        }
        write("words.js", "adjointWords = [\n" + String.join(",\n", words) + "];\n");
    }

    /** Lists the pages: those that the index names, in its order, the other Markdown files, and pages without a source. */
    private void list() throws IOException {
        String group = "";
        for (String line : Files.readAllLines(root.resolve(INDEX))) {
            if (line.startsWith("## ")) {
                group = line.substring(3);
            } else if (!group.isEmpty()) {
                Matcher link =
                        MARKDOWN_LINK.matcher(line.startsWith("|") ? line.substring(0, line.indexOf('|', 1)) : line);
                while (link.find()) {
                    String title = link.group(1);
                    String path = resolve(INDEX, link.group(2));
                    entries.add(new Entry(
                            group, title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1), path));
                }
            }
        }
        for (String folder : List.of("", "docs/", "docs/internals/")) {
            for (String name : names(root.resolve(folder))) {
                String path = folder + name;
                if (name.endsWith(".md")
                        && !path.equals(HOME)
                        && !path.equals(INDEX)
                        && entries.stream().noneMatch(entry -> entry.path.equals(path))) {
                    String title = new MarkdownPage(Files.readString(root.resolve(path))).title();
                    entries.add(new Entry(folder.equals("docs/internals/") ? "Internals" : "Project", title, path));
                }
            }
        }
        found(HOME);
        found(INDEX);
        entries.forEach(entry -> found(entry.path));
        found("docs/pytorch.html");
        entries.add(new Entry("In the browser", "A report of a training", REPORT));
        entries.add(new Entry("In the browser", "The chain rule of XOR", CHAIN_RULE));
        entries.add(new Entry("In the browser", "PyTorch’s names", "docs/pytorch.html"));
    }

    private void found(String path) {
        if (known.add(path)) {
            pending.add(path);
        }
    }

    private void writePage(String path) throws IOException {
        Path source = root.resolve(path);
        String name = path.substring(path.lastIndexOf('/') + 1);
        String file = file(path);
        if (COPIED.matcher(path).matches()) {
            write(file, Files.readAllBytes(source));
        } else if (path.endsWith(".md")) {
            MarkdownPage page = new MarkdownPage(Files.readString(source));
            write(file, page(path, page.title(), page.about(), linked(path, page.html()), page.sections()));
            for (MarkdownPage.Section section : page.sections()) {
                String address = section.level() == 1 ? file : file + "#" + section.id();
                words.add(Stream.of(address, page.title(), section.title(), section.text())
                        .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                        .collect(Collectors.joining(",", "[", "]")));
            }
        } else if (Files.isDirectory(source)) {
            String links = names(source).stream()
                    .map(item -> "<li><a href=\"%s/%s\">%2$s</a></li>\n".formatted(name, escape(item)))
                    .collect(Collectors.joining());
            write(file, page(path, name, "", linked(path, "<h1>" + path + "</h1><ul>" + links + "</ul>"), List.of()));
        } else {
            String language = name.substring(name.lastIndexOf('.') + 1);
            String code = "<h1>%s</h1><p>%s</p><pre class=\"file\"><code class=\"language-%s\">%s</code></pre>"
                    .formatted(name, path, language, escape(Files.readString(source)));
            write(file, page(path, name, path, code, List.of()));
        }
    }

    private String page(String path, String title, String about, String content, List<MarkdownPage.Section> sections) {
        boolean draws = content.contains("class=\"language-mermaid\"");
        String contents = sections.stream()
                .filter(section -> section.level() == 2 || section.level() == 3)
                .map(section -> "<li class=\"level%s\"><a href=\"#%s\">%s</a></li>\n"
                        .formatted(section.level(), section.id(), escape(section.title())))
                .collect(Collectors.joining());
        return template.replace("{title}", path.equals(HOME) ? "Adjoint" : escape(title) + " · Adjoint")
                .replace("{about}", escape(about))
                .replace("{home}", path.equals(HOME) ? " class=\"home\"" : "")
                // Mermaid writes styles into its pictures.
                .replace("{inline}", draws ? " 'unsafe-inline'" : "")
                .replace("{scripts}", draws ? "<script src=\"{root}mermaid.js\" defer></script>\n" : "")
                .replace(
                        "{javadoc}",
                        Files.exists(target.resolve(API)) || path.equals(API)
                                ? "<a href=\"{root}" + API + "\">Javadoc</a>"
                                : "")
                .replace("{version}", version)
                .replace("{pages}", pages(path))
                .replace("{hidden}", contents.isEmpty() ? " hidden" : "")
                .replace("{contents}", contents)
                .replace("{way}", way(path))
                .replace("{root}", "../".repeat((int)
                                file(path).chars().filter(c -> c == '/').count()))
                // Last, since it may have any text.
                .replace("{content}", content);
    }

    /** The links to all pages, in their groups. */
    private String pages(String path) {
        return entries.stream()
                .collect(Collectors.groupingBy(
                        Entry::group,
                        LinkedHashMap::new,
                        Collectors.mapping(
                                entry -> "<li>"
                                        + anchor(entry, entry.path.equals(path) ? " aria-current=\"page\"" : "", "")
                                        + "</li>\n",
                                Collectors.joining())))
                .entrySet()
                .stream()
                .map(group -> "<p class=\"group\">" + group.getKey() + "</p><ul>\n" + group.getValue() + "</ul>\n")
                .collect(Collectors.joining());
    }

    /** The links to the page before and the page after. */
    private String way(String path) {
        List<Entry> pages =
                entries.stream().filter(entry -> entry.path.endsWith(".md")).toList();
        int at = pages.stream().map(Entry::path).toList().indexOf(path);
        return (at < 1 ? "" : anchor(pages.get(at - 1), " rel=\"prev\"", "<small>Previous</small> "))
                + (at < 0 || at == pages.size() - 1
                        ? ""
                        : anchor(pages.get(at + 1), " rel=\"next\"", "<small>Next</small> "));
    }

    private String anchor(Entry entry, String attributes, String before) {
        return "<a href=\"{root}%s\"%s>%s%s</a>".formatted(file(entry.path), attributes, before, escape(entry.title));
    }

    /** The content of a page with the addresses on the site in its links. The targets of the links become pages, too. */
    private String linked(String page, String html) {
        Path folder = Objects.requireNonNull(root.resolve(file(page)).getParent());
        return LINK.matcher(html).replaceAll(link -> {
            if (ELSEWHERE.matcher(link.group(2)).matches()) {
                return Matcher.quoteReplacement(link.group());
            }
            String[] parts = link.group(2).split("(?=#)", 2);
            String path = resolve(page, parts[0]);
            if (!Files.exists(root.resolve(path))) {
                throw new IllegalArgumentException(
                        page + " links to " + link.group(2) + ", but there is no file " + path);
            }
            found(path);
            String address = slashes(folder.relativize(root.resolve(file(path)))) + (parts.length > 1 ? parts[1] : "");
            return Matcher.quoteReplacement(link.group(1) + "=\"" + address + "\"");
        });
    }

    /** The file of the site for a file or folder of the repository, or for a page without a source. */
    private String file(String path) {
        if (path.endsWith(".md")) {
            return path.replaceAll("\\bREADME\\.md$", "index.md").replaceAll("md$", "html");
        }
        return COPIED.matcher(path).matches()
                ? path
                : path + (Files.isDirectory(root.resolve(path)) ? "/index.html" : ".html");
    }

    /** The path in the repository to which a link on a page leads. */
    private static String resolve(String page, String link) {
        return slashes(Path.of(page).resolveSibling(link).normalize());
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Copies the Javadoc of each module that has one, and writes an index of the modules. */
    private void writeJavadoc() throws IOException {
        StringBuilder rows = new StringBuilder();
        Matcher modules = MODULE.matcher(Files.readString(root.resolve("pom.xml")));
        while (modules.find()) {
            String module = modules.group(1);
            Path javadoc = root.resolve(module).resolve("target/reports/apidocs");
            if (Files.exists(javadoc.resolve("index.html"))) {
                Matcher about = DESCRIPTION.matcher(
                        Files.readString(root.resolve(module).resolve("pom.xml")));
                rows.append("<tr><td><a href=\"%s/index.html\">%1$s</a></td><td>%s</td></tr>\n"
                        .formatted(module, about.find() ? about.group(1) : ""));
                try (Stream<Path> files = Files.walk(javadoc)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        write("api/" + module + "/" + slashes(javadoc.relativize(file)), Files.readAllBytes(file));
                    }
                }
            }
        }
        if (!rows.isEmpty()) {
            String table = "<h1>Javadoc</h1><table><thead><tr><th>module</th><th>has</th></tr></thead><tbody>" + rows
                    + "</tbody></table>";
            write(API, page(API, "Javadoc", "The Javadoc of each module.", table, List.of()));
        }
    }

    /** The names in a folder, without the folders of builds. */
    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> Objects.requireNonNull(file.getFileName()).toString())
                    .filter(name -> !name.equals("target") && !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private void write(String file, byte[] content) throws IOException {
        Path path = target.resolve(file);
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.write(path, content);
    }

    private void write(String file, String content) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Site.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static String text(String name) throws IOException {
        return new String(resource(name), StandardCharsets.UTF_8);
    }
}
