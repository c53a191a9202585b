package io.adjoint.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a site of a few files, and the links of the whole one, which the build has written before. */
class SiteTest {
    static final Path SITE = Path.of("target", "site").toAbsolutePath();
    private static final Pattern LINK = Pattern.compile("\\b(?:href|src|srcset)=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]*)\"");

    private static final Pattern SCRIPT = Pattern.compile("<script>.*?</script>", Pattern.DOTALL);

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        write("pom.xml", "<modules><module>core</module></modules>");
        write(
                "README.md",
                "# A library\n\nFor *everyone*. See [the docs](docs/README.md#start) and [the licence](LICENSE).\n");
        write("LICENSE", "Free & \"easy\"");
        write("docs/README.md", """
                # Documentation

                An [introduction](other.md).

                ## Start

                | page | after it you can |
                |---|---|
                | [tensors](tensors.md), [Other](other.md) | do more than [this](../LICENSE) |

                ## Project

                [Licence](../LICENSE)
                """);
        write("docs/tensors.md", """
                # Tensors

                <!-- java: run -->
                ```java
                int a = 1; // <one>
                ```

                ## A `view`, or a copy

                | | b |
                |---|---|
                | [src](../src) | text |

                ## A view or a copy

                Again.
                """);
        write("docs/other.md", "# Other\n\n<picture><source srcset=\"a.png\"><img src=\"a.png\" alt=\"\"></picture>\n");
        write("docs/a.png", "png");
        write("docs/pytorch.html", "<p>names</p>");
        write("docs/internals/kernels.md", "# Kernels\n");
        write("src/A.java", "class A {}");
        write("core/pom.xml", "<description>Arrays.</description>");
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve("repository").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private String page(String file) throws IOException {
        if (Files.notExists(folder.resolve("site"))) {
            new Site(folder.resolve("repository"), folder.resolve("site"), "1.2").write();
        }
        return Files.readString(folder.resolve("site").resolve(file));
    }

    @Test
    void linksLeadToPagesFilesAndFolders() throws IOException {
        assertThat(page("index.html")).contains("href=\"docs/index.html#start\"", "href=\"LICENSE.html\"");
        assertThat(page("docs/tensors.html")).contains("href=\"../src/index.html\"");
        assertThat(page("docs/other.html")).contains("srcset=\"a.png\"");
        assertThat(page("docs/a.png")).isEqualTo("png");
        assertThat(page("LICENSE.html")).contains("Free &amp; &quot;easy&quot;");
        assertThat(page("src/index.html")).contains("href=\"A.java.html\"");
        assertThat(page("src/A.java.html")).contains("class A {}");
    }

    @Test
    void aLinkToNoFileIsAnError() throws IOException {
        write("docs/other.md", "# Other\n\n[gone](gone.md#far)\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> page("index.html"))
                .withMessage("docs/other.md links to gone.md#far, but there is no file docs/gone.md");
    }

    @Test
    void headingsHaveAnchorsAsOnGitHub() throws IOException {
        assertThat(page("docs/tensors.html"))
                .contains("<h2 id=\"a-view-or-a-copy\">", "<h2 id=\"a-view-or-a-copy-1\">")
                .contains("<a href=\"#a-view-or-a-copy\">A view, or a copy</a>");
    }

    @Test
    void theIndexGivesTheOrderAndTheGroups() throws IOException {
        assertThat(page("docs/other.html")
                        .replaceAll("(?s).*<summary>(.*)</details>.*", "$1")
                        .replaceAll("<[^>]*>|\\n", " ")
                        .replaceAll(" +", " "))
                .isEqualTo(
                        "All pages Start Tensors Other Project Licence Internals Kernels In the browser A report of a training"
                                + " The chain rule of XOR PyTorch’s names ");
        assertThat(page("docs/other.html"))
                .contains("<a href=\"../docs/other.html\" aria-current=\"page\">")
                .contains("<a href=\"../docs/tensors.html\" rel=\"prev\"><small>Previous</small> Tensors</a>")
                .contains("<a href=\"../docs/internals/kernels.html\" rel=\"next\"><small>Next</small> Kernels</a>");
    }

    @Test
    void commentsAreNotShownAndCodeIsText() throws IOException {
        assertThat(page("docs/tensors.html"))
                .doesNotContain("java: run")
                .contains("<pre><code class=\"language-java\">int a = 1; // &lt;one&gt;\n</code></pre>");
    }

    @Test
    void theSearchHasTheWordsOfEachSection() throws IOException {
        assertThat(page("words.js"))
                .startsWith("adjointWords = [\n[")
                .contains("[\"docs/tensors.html\",\"Tensors\",\"Tensors\",\"int a = 1; // <one>\"]")
                .contains("[\"docs/tensors.html#a-view-or-a-copy\",\"Tensors\",\"A view, or a copy\",\"b src text\"]")
                .contains(
                        "[\"index.html\",\"A library\",\"A library\",\"For everyone. See the docs and the licence.\"]");
    }

    @Test
    void theJavadocThatTheBuildHasMadeIsCopied() throws IOException {
        write("core/target/reports/apidocs/index.html", "core's");
        assertThat(page("api/index.html")).contains("<a href=\"core/index.html\">core</a></td><td>Arrays.");
        assertThat(page("api/core/index.html")).isEqualTo("core's");
        assertThat(page("docs/other.html")).contains("<a href=\"../api/index.html\">Javadoc</a>");
    }

    @Test
    void withoutJavadocNoPageLinksToIt() throws IOException {
        assertThat(page("docs/other.html")).doesNotContain("Javadoc");
    }

    @Test
    void everyLinkOfTheWholeSiteLeadsToAFileAndAnAnchorInIt() throws IOException {
        Map<Path, Set<String>> anchors = new HashMap<>();
        List<String> broken = new ArrayList<>();
        List<Path> pages;
        try (Stream<Path> files = Files.walk(SITE)) {
            pages = files.filter(file -> file.toString().endsWith(".html"))
                    .filter(file -> !SITE.relativize(file).startsWith("api") || file.endsWith("api/index.html"))
                    .toList();
        }
        for (Path page : pages) {
            anchors.put(page, found(ID, page).collect(Collectors.toSet()));
        }
        for (Path page : pages) {
            found(LINK, page).filter(link -> !link.matches("[a-z]+:.*")).forEach(link -> {
                String[] parts = link.split("#", 2);
                Path file = parts[0].isEmpty()
                        ? page
                        : page.resolveSibling(parts[0]).normalize();
                if (!Files.isRegularFile(file)
                        || (parts.length == 2
                                && !anchors.getOrDefault(file, Set.of()).contains(parts[1]))) {
                    broken.add(SITE.relativize(page) + ": " + link);
                }
            });
        }
        assertThat(broken).isEmpty();
        assertThat(pages).hasSizeGreaterThan(80);
    }

    private static Stream<String> found(Pattern pattern, Path page) throws IOException {
        String html = SCRIPT.matcher(Files.readString(page)).replaceAll("");
        return pattern.matcher(html).results().map((MatchResult found) -> found.group(1));
    }
}
