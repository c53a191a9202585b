package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

class PyTorchBrowserTest extends Browser {
    private static final Path PAGE = Path.of(System.getProperty("basedir", ""), "..", "docs", "pytorch.html")
            .toAbsolutePath()
            .normalize();

    /** The names of PyTorch in the rows that are shown. */
    private static List<String> names() {
        return driver().findElements(By.cssSelector("tbody tr:not([hidden]) th")).stream()
                .filter(WebElement::isDisplayed)
                .map(WebElement::getText)
                .toList();
    }

    private static List<String> titles() {
        return driver().findElements(By.cssSelector("h2, nav a")).stream()
                .filter(WebElement::isDisplayed)
                .map(WebElement::getText)
                .toList();
    }

    private static String found() {
        return find("#found").getText();
    }

    @ParameterizedTest
    @EnumSource
    void thePageIsSound(Look look) {
        open(PAGE, look);
        find("#words").sendKeys("conv transpose");
        assertSound("pytorch-" + look);
    }

    @Test
    void thePageIsSoundWithAllItsNames() {
        open(PAGE, Look.NARROW);
        assertSound("pytorch-all");
    }

    @Test
    void thePageIsValid() {
        assertValid(PAGE);
    }

    @Test
    void aSearchByKeyboardFindsTheRowsWithAllWords() {
        open(PAGE, Look.WIDE);
        assertThat(found()).matches("(\\d+) of \\1 names");
        String all = found();
        for (int k = 0; k < 40 && !"words".equals(script("return document.activeElement.id")); k++) {
            new Actions(driver()).sendKeys(Keys.TAB).perform();
        }
        new Actions(driver()).sendKeys("CLIP grad").perform();
        assertThat(found()).matches("[1-9]\\d? of \\d+ names");
        assertThat(names()).hasSize(Integer.parseInt(found().split(" ", 2)[0]));
        new Actions(driver()).sendKeys(Keys.ENTER).perform();
        assertThat(driver().getCurrentUrl()).endsWith("pytorch.html");
        new Actions(driver()).sendKeys(Keys.ESCAPE).perform();
        assertThat(found()).isEqualTo(all);
    }

    @Test
    void aSearchByMouseLeavesOnlySectionsWithRows() {
        open(PAGE, Look.WIDE);
        find("label[for=words]").click();
        new Actions(driver()).sendKeys("CosineAnnealingLR").perform();
        assertThat(names()).containsExactly("CosineAnnealingLR");
        assertThat(titles()).containsExactly("Names", "torch.optim.lr_scheduler", "Names", "torch.optim.lr_scheduler");
        find("nav li:not([hidden]) a[href='#lr_scheduler']").click();
        assertThat(driver().getCurrentUrl()).endsWith("#lr_scheduler");
        find("#words").clear();
        find("#words").sendKeys("no such name");
        assertThat(names()).isEmpty();
        assertThat(found()).startsWith("0 of ");
    }
}
