package io.adjoint.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.view.Browser;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

class SiteBrowserTest extends Browser {
    private void visit(String page, Look look) {
        String site = SiteTest.SITE.toUri().toString();
        open(site + page, site, look);
        await(() -> Objects.equals(
                script("return document.querySelectorAll('.language-mermaid, .mermaid:not(:has(svg))').length"), 0L));
    }

    /** A page of each kind: home, diagram, footnotes, much code, rows of numbers, a text, a program. */
    private static Stream<String> pages() {
        return Stream.of(
                "index.html",
                "docs/graph.html",
                "docs/comparison.html",
                "docs/first-model.html",
                "docs/internals/edges.html",
                "LICENSE.html",
                "examples/src/main/java/io/adjoint/examples/Xor.java.html");
    }

    private static List<String> texts(String selector) {
        return driver().findElements(By.cssSelector(selector)).stream()
                .filter(WebElement::isDisplayed)
                .map(WebElement::getText)
                .toList();
    }

    private static void press(CharSequence... keys) {
        new Actions(driver()).sendKeys(keys).perform();
    }

    @ParameterizedTest
    @EnumSource(names = {"NARROW_DARK", "WIDE"})
    void eachKindOfPageIsSound(Look look) {
        pages().forEach(page -> {
            visit(page, look);
            assertSound(page.replaceAll(".*/|\\.html", "") + "-" + look);
        });
    }

    @ParameterizedTest
    @MethodSource("pages")
    void eachKindOfPageIsValid(String page) {
        assertValid(SiteTest.SITE.resolve(page));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void noPageIsWiderThanItsWindow(String page) {
        visit(page, Look.WIDE);
        for (int width : new int[] {360, 600, 880, 1024, 1280, 1920, 2560}) {
            size(width, 900, 1);
            assertThat(script("return document.documentElement.scrollWidth"))
                    .as("at %d pixels", width)
                    .isEqualTo((long) width);
        }
    }

    @Test
    void theListOfPagesIsFoldedOnATelephone() {
        visit("docs/tensors.html", Look.NARROW);
        assertThat(texts(".pages a")).isEmpty();
        find(".pages summary").click();
        assertThat(texts(".pages a")).contains("Tensors", "Custom operations");
        visit("docs/tensors.html", Look.WIDE);
        assertThat(texts(".pages [aria-current]")).containsExactly("Tensors");
        assertThat(texts(".contents a")).isNotEmpty();
    }

    @Test
    void aSearchByKeyboardFindsASectionByItsHeadingAndByItsWords() {
        visit("docs/internals/edges.html", Look.WIDE);
        press("/");
        press("training loop");
        await(() -> !texts("#found a").isEmpty());
        assertThat(texts("#found strong").get(0)).containsIgnoringCase("loop");
        press(Keys.ESCAPE);
        assertThat(texts("#found a")).isEmpty();

        find("#words").clear();
        press("gradients at kinks");
        assertThat(texts("#found strong")).contains("Gradients at kinks");
        assertThat(texts("#found mark")).isNotEmpty();
        assertSound("search");
        press(Keys.ARROW_DOWN, Keys.ENTER);
        assertThat(driver().getCurrentUrl()).endsWith("docs/design.html#gradients-at-kinks");
    }

    @Test
    void aSearchForNothingThatIsThereSaysSo() {
        visit("index.html", Look.NARROW_DARK);
        find("#words").sendKeys("zyzzyva");
        await(() -> texts("#found output").contains("Nothing found"));
        assertSound("search-nothing");
    }

    @Test
    void theFirstKeyLeadsPastTheListOfPages() {
        visit("docs/tensors.html", Look.WIDE);
        press(Keys.TAB);
        assertThat(driver().switchTo().activeElement().getText()).isEqualTo("Skip to the text");
        press(Keys.ENTER);
        assertThat(driver().switchTo().activeElement().getTagName()).isEqualTo("main");
    }

    @Test
    void codeIsCopied() {
        visit("docs/tensors.html", Look.WIDE);
        driver().executeCdpCommand(
                        "Browser.grantPermissions",
                        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        String code = find(".code code").getText();
        script("document.querySelector('.code button').click()");
        await(() -> Objects.equals(script("return document.querySelector('.code button').textContent"), "Copied"));
        assertThat((String) driver().executeAsyncScript("navigator.clipboard.readText().then(arguments[0])"))
                .isEqualToIgnoringWhitespace(code);
    }

    @Test
    void onPaperThereIsTheTextAlone() {
        visit("docs/tensors.html", Look.WIDE_DARK);
        driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
        assertThat(texts("body > header, .pages, .contents, .way, footer, .code button"))
                .isEmpty();
        assertThat(texts("h1")).containsExactly("Tensors");
        assertThat(find("html").getCssValue("background-color")).isEqualTo("rgba(255, 255, 255, 1)");
        driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
    }
}
