package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PageBrowserTest extends Browser {
    @TempDir
    private Path folder = Path.of("");

    private Path page() {
        Path file = folder.resolve("page <1>.html");
        new Page(
                        "A page & its <title>",
                        "about",
                        List.of(
                                Section.of("a", "One", m -> m.element("p", "1")),
                                Section.of("b", "Two", m -> m.element("button", "Press"))),
                        List.of(),
                        List.of(),
                        false)
                .write(file);
        return file;
    }

    @ParameterizedTest
    @EnumSource
    void aPageIsSound(Look look) {
        open(page(), look);
        assertSound("page-" + look);
    }

    @Test
    void aPageIsValid() {
        assertValid(page());
    }

    @Test
    void aTextThatIsHardToReadIsFoundAmongOthersThatAreNot() {
        open(page(), Look.WIDE);
        script("""
                const first = document.querySelector("main p");
                first.textContent = "more than a letter";
                for (let k = 0; k < 3; k++) first.after(first.cloneNode(true));
                first.parentElement.lastElementChild.style.color = "#cccccc";\
                """);
        assertThatThrownBy(() -> assertSound("page-hard"))
                .hasMessageContaining("color-contrast")
                .hasMessageContaining("#cccccc");
        assertThat(script("return document.querySelectorAll('[data-alike]').length"))
                .isEqualTo(0L);
    }
}
