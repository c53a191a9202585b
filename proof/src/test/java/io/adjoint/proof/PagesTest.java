package io.adjoint.proof;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Tests what pages say about the repository: links, commands, counts; and that a reader finds each page and the way on from it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTest {
    private static final Pattern CODE =
            Pattern.compile("^( *)(```+|~~~+).*?^ *\\2 *$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("(?:]\\(|src=\"|srcset=\")([^)\"\\s]+)");
    private static final Pattern HEADING = Pattern.compile("^#+ +(.+?)\\s*$", Pattern.MULTILINE);
    private static final Pattern CLASS = Pattern.compile("(?:mainClass=|--module \\w+/)(io\\.adjoint[\\w.]+)");
    private static final Pattern PROFILES = Pattern.compile("mvn[^\\n`]* -P ?([\\w,]+)");

    /** Pages that are looked up in, not read from the first line to the last: they end without a way on. */
    private static final Set<String> LOOKED_UP =
            Set.of("docs/README.md", "docs/operations.md", "README.md", "CONTRIBUTING.md", "SECURITY.md");

    private final Map<String, String> pages = new HashMap<>();

    @BeforeAll
    void read() throws IOException {
        List<Path> paths = new ArrayList<>(DocumentationTest.pages());
        paths.add(DocumentationTest.ROOT.resolve("docs/spark.md"));
        for (Path path : paths) {
            pages.put(DocumentationTest.ROOT.relativize(path).toString().replace('\\', '/'), Files.readString(path));
        }
    }

    @Test
    void linksLeadToFilesAndHeadingsThatExist() {
        List<String> broken = new ArrayList<>();
        pages.forEach((page, text) -> links(text).forEach(link -> {
            String[] parts = link.split("#", 2);
            Path file = parts[0].isEmpty()
                    ? DocumentationTest.ROOT.resolve(page)
                    : DocumentationTest.ROOT
                            .resolve(page)
                            .resolveSibling(parts[0])
                            .normalize();
            String target = DocumentationTest.ROOT.relativize(file).toString().replace('\\', '/');
            if (!Files.exists(file)) {
                broken.add(page + ": " + link);
            } else if (parts.length == 2
                    && pages.containsKey(target)
                    && !anchors(text(target)).contains(parts[1])) {
                broken.add(page + ": " + link + " names no heading");
            }
        }));
        assertThat(broken).isEmpty();
    }

    @Test
    void theIndexNamesEachPage() {
        Set<String> linked = new HashSet<>(links(text("docs/README.md")));
        assertThat(pages.keySet().stream()
                        .filter(page -> page.matches("docs/[^/]+\\.md") && !page.equals("docs/README.md"))
                        .map(page -> page.substring("docs/".length())))
                .allMatch(linked::contains, "linked from docs/README.md");
    }

    @Test
    void theDesignNamesEachPageForMaintainers() {
        Set<String> linked = new HashSet<>(links(text("docs/design.md")));
        assertThat(pages.keySet().stream()
                        .filter(page -> page.startsWith("docs/internals/"))
                        .map(page -> page.substring("docs/".length())))
                .allMatch(linked::contains, "linked from docs/design.md");
    }

    @Test
    void eachGuideEndsWithTheWayOn() {
        assertThat(pages.keySet().stream()
                        .filter(page -> !page.startsWith("docs/internals/") && !LOOKED_UP.contains(page))
                        .filter(page -> !text(page).stripTrailing().matches("(?s).*\\nNext: [^\\n]*]\\([^\\n]*")))
                .isEmpty();
    }

    @Test
    void readmeHasAtMost120Lines() {
        assertThat(text("README.md").lines().count()).isLessThanOrEqualTo(120);
    }

    @Test
    void guidesHaveAtMost51500Words() {
        Set<String> others = Set.of(
                "docs/README.md",
                "docs/operations.md",
                "docs/performance.md",
                "README.md",
                "CONTRIBUTING.md",
                "SECURITY.md");
        assertThat(pages.keySet().stream()
                        .filter(page -> !page.startsWith("docs/internals/") && !others.contains(page))
                        .mapToLong(page -> text(page).split("\\s+").length)
                        .sum())
                .as("words of all guides; shorten one of them")
                .isLessThanOrEqualTo(51_500);
    }

    @Test
    void pagesCountTheNamesOfPyTorch() throws IOException {
        try (Stream<String> lines = Files.lines(DocumentationTest.ROOT.resolve("docs/pytorch.tsv"))) {
            String count = String.format(Locale.ROOT, "%,d", lines.skip(1).count());
            for (String page : List.of("docs/README.md", "docs/pytorch.md")) {
                assertThat(text(page)).contains(count + " ");
            }
        }
    }

    @Test
    void commandsNameClassesAndProfilesThatExist() throws IOException {
        StringBuilder poms = new StringBuilder();
        try (Stream<Path> files = Files.find(DocumentationTest.ROOT, 2, (path, type) -> path.endsWith("pom.xml"))) {
            for (Path pom : files.toList()) {
                poms.append(Files.readString(pom));
            }
        }
        List<String> missing = new ArrayList<>();
        for (String page : pages.keySet()) {
            CLASS.matcher(text(page)).results().map(found -> found.group(1)).forEach(name -> {
                String source = "src/main/java/" + name.replace('.', '/') + ".java";
                if (Stream.of("examples", "benchmarks", "view", "io")
                        .noneMatch(module -> Files.exists(
                                DocumentationTest.ROOT.resolve(module).resolve(source)))) {
                    missing.add(page + ": " + name);
                }
            });
            PROFILES.matcher(text(page))
                    .results()
                    .flatMap(found -> Stream.of(found.group(1).split(",")))
                    .forEach(profile -> {
                        if (!poms.toString().contains("<id>" + profile + "</id>")) {
                            missing.add(page + ": -P" + profile);
                        }
                    });
        }
        assertThat(missing).isEmpty();
    }

    private String text(String page) {
        return requireNonNull(pages.get(page), page);
    }

    private static List<String> links(String page) {
        String prose = COMMENT.matcher(CODE.matcher(page).replaceAll("")).replaceAll("");
        return LINK.matcher(prose)
                .results()
                .map(found -> found.group(1))
                .filter(link -> !link.matches("\\w+:.*"))
                .toList();
    }

    /** The anchors of the headings of a page, as GitHub and GitLab make them. */
    private static Set<String> anchors(String page) {
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(CODE.matcher(page).replaceAll(""))
                .results()
                .map(PagesTest::anchor)
                .forEach(anchor -> {
                    String unique = anchor;
                    for (int i = 1; !anchors.add(unique); i++) {
                        unique = anchor + "-" + i;
                    }
                });
        return anchors;
    }

    private static String anchor(MatchResult heading) {
        return heading.group(1)
                .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\p{M} _-]", "")
                .replace(' ', '-');
    }
}
