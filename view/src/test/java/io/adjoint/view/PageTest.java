package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.GraphView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    private static Page page(String title) {
        return new Page(
                title,
                "about",
                List.of(Section.of("a", "One", m -> m.element("p", "1")), Section.of("b", "Two", m -> {})),
                List.of(),
                List.of(),
                false);
    }

    @Test
    void aPageHasItsPartsAndAddressesNobody() {
        String html = page("<b>\"Title\"").html();
        assertThat(html)
                .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
                .contains("<title>&lt;b&gt;&quot;Title&quot;</title>")
                .contains("<li><a href=\"#a\">One</a></li>")
                .contains("<section id=\"a\" aria-labelledby=\"a-title\"><h2 id=\"a-title\">One</h2><p>1</p></section>")
                .contains("default-src &#39;none&#39;")
                .doesNotContain("http:", "https:");
    }

    @Test
    void aFileIsReplacedAsAWholeInAFolderThatIsMade(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a/b/page.html");
        page("first").write(file);
        page("second").write(file);
        assertThat(file).content().isEqualTo(page("second").html());
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aNameMayBeAsLongAsAFilesMayBe(@TempDir Path folder) {
        Path file = folder.resolve("n".repeat(250) + ".html");
        page("long").write(file);
        assertThat(file).content().isEqualTo(page("long").html());
    }

    @Test
    void aFolderIsNoFileToWrite() {
        assertThatThrownBy(() -> page("root").write(Path.of("/")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot write the page /: it is a folder");
    }

    @Test
    void aTitleIsNotEmpty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Report(" "))
                .withMessage("Report: the title must not be empty, got ' '");
        GraphPage graph = GraphPage.of(GraphView.of(() -> Tensor.of(1, 2).sum()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> graph.title(""))
                .withMessage("GraphPage: the title must not be empty, got ''");
    }
}
