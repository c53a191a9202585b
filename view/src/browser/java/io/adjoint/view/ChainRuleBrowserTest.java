package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.GraphView;
import io.adjoint.core.Generator;
import io.adjoint.nn.layer.Dense;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

class ChainRuleBrowserTest extends Browser {
    private static final Path XOR = ChainRulePages.FOLDER.resolve("xor.html");
    private static final Path DEEP = ChainRulePages.FOLDER.resolve("deep.html");

    @BeforeAll
    static void write() {
        Map<String, ChainRulePage> pages = ChainRulePages.all();
        pages.forEach(ChainRulePages::write);
        ChainRulePages.write("deep", ChainRulePages.deep());
    }

    /** Everything that a reader sees of the walk. */
    private static String seen() {
        return find("#where").getText() + find("#card").getAttribute("innerHTML") + script("""
            return [...document.querySelectorAll("#graph .box, #graph .edge")].map(each => each.getAttribute("class") + each.textContent
                + [...each.querySelectorAll("text")].map(text => getComputedStyle(text).visibility)).join("\\n");\
            """);
    }

    private static void press(CharSequence key) {
        new Actions(driver()).sendKeys(key).perform();
    }

    private static boolean isEnabled(String selector) {
        return find(selector).isEnabled();
    }

    /** Walks on into the middle of the backward pass. */
    private static void walkIn() {
        while (isEnabled("#step") && !find("#where").getText().contains("backward")) {
            press(Keys.ARROW_RIGHT);
        }
        press(Keys.ARROW_RIGHT);
    }

    @ParameterizedTest
    @EnumSource
    void xorIsSoundFromBeginToEnd(Look look) {
        open(XOR, look);
        assertSound("xor-begin-" + look);
        walkIn();
        assertSound("xor-" + look);
        press(Keys.END);
        assertThat(isEnabled("#step")).isFalse();
        assertSound("xor-end-" + look);
    }

    @ParameterizedTest
    @ValueSource(strings = {"neuron", "softmax", "lstm", "attention", "wrong-rule"})
    void otherPagesAreSound(String name) {
        for (Look look : List.of(Look.NARROW_DARK, Look.WIDE)) {
            open(ChainRulePages.FOLDER.resolve(name + ".html"), look);
            walkIn();
            assertSound(name + "-" + look);
        }
    }

    @Test
    void pagesAreValid() {
        for (String name : List.of("xor", "lstm", "wrong-rule", "deep")) {
            assertValid(ChainRulePages.FOLDER.resolve(name + ".html"));
        }
    }

    @Test
    void backAfterForwardIsWhereItWasByButtonsAndKeys() {
        open(XOR, Look.WIDE);
        List<String> forward = new ArrayList<>(List.of(seen()));
        while (isEnabled("#step")) {
            if (forward.size() % 2 == 0) {
                find("#step").click();
            } else {
                press(Keys.ARROW_RIGHT);
            }
            forward.add(seen());
        }
        assertThat(forward).hasSizeGreaterThan(15).doesNotHaveDuplicates();
        for (int at = forward.size() - 2; at >= 0; at--) {
            if (at % 2 == 0) {
                find("#back").click();
            } else {
                press(Keys.ARROW_LEFT);
            }
            assertThat(seen()).as("step %d", at).isEqualTo(forward.get(at));
        }
        press(Keys.END);
        assertThat(seen()).isEqualTo(forward.get(forward.size() - 1));
        find("#reset").click();
        assertThat(seen()).isEqualTo(forward.get(0));
    }

    @Test
    void theCardTellsTheNumbersOfTheList() {
        open(XOR, Look.WIDE);
        for (int at = 0; isEnabled("#step"); at++) {
            String listed = (String) script("return document.getElementById(arguments[0]).textContent", "s0-" + at);
            assertThat(find("#card").getAttribute("textContent")).isEqualTo(listed);
            press(Keys.ARROW_RIGHT);
        }
    }

    @Test
    void otherTrainingStepsHaveOtherNumbers() {
        open(XOR, Look.WIDE);
        press(Keys.END);
        String first = seen();
        script("const pass = document.getElementById('pass'); pass.value = '4'; pass.dispatchEvent(new"
                + " Event('change'))");
        assertThat(seen()).isNotEqualTo(first);
        press(Keys.HOME);
        assertThat(find("#card").getAttribute("textContent"))
                .isEqualTo(script("return document.getElementById('s4-0').textContent"));
    }

    @Test
    void playWalksByItselfAndPauses() throws InterruptedException {
        open(XOR, Look.WIDE);
        find("#play").click();
        assertThat(find("#play").getAttribute("aria-pressed")).isEqualTo("true");
        await(() -> !find("#where").getText().contains("Step 1 of"));
        find("#play").click();
        String at = find("#where").getText();
        // This is longer than the time between two steps.
        Thread.sleep(2500);
        assertThat(find("#where").getText()).isEqualTo(at);
        assertThat(find("#play").getAttribute("aria-pressed")).isEqualTo("false");
    }

    @Test
    void aQuizAsksBeforeItTells() {
        open(ChainRulePages.FOLDER.resolve("neuron.html"), Look.NARROW);
        find("#quiz").click();
        find("#step").click();
        assertThat(find("#card").getText()).contains("What is v1?").doesNotContain("0.4");
        assertThat(find("#where").getText()).doesNotContain("0.4");
        assertThat(script("""
            return [...document.querySelectorAll("#graph .value")].filter(text => getComputedStyle(text).visibility === "visible")
                .map(text => text.textContent).join(" ");\
            """)).asString().doesNotContain("0.4");
        assertSound("quiz-asked");
        find("#answer").sendKeys("0.7" + Keys.ENTER);
        assertThat(find("#card").getText()).contains("✗ Not that");
        find("#answer").clear();
        find("#answer").sendKeys("0.4" + Keys.ENTER);
        assertThat(find("#where").getText()).startsWith("✓ Right.").contains("0.4");
        press(Keys.ARROW_RIGHT);
        driver().findElements(By.cssSelector("#card form button")).get(1).click();
        assertThat(find("#where").getText()).contains("Result: 0.5");
        find("#quiz").click();
        assertSound("quiz-over");
    }

    @Test
    void hundredsOfTensorsAreFoldedByTheirBlocks() {
        open(DEEP, Look.WIDE);
        long folded = (Long) Objects.requireNonNull(script("return document.querySelectorAll('#graph .box').length"));
        assertThat(folded).isLessThan(30);
        screenshot("deep-folded");
        find("#graph .folder").sendKeys(Keys.ENTER);
        long opened = (Long) Objects.requireNonNull(script("return document.querySelectorAll('#graph .box').length"));
        assertThat(opened).isGreaterThan(folded + 10);
        assertThat(script("return document.activeElement.textContent"))
                .asString()
                .startsWith("▾");
        press(Keys.ENTER);
        assertThat(script("return document.querySelectorAll('#graph .box').length"))
                .isEqualTo(folded);
        for (int k = 0; k < 20; k++) {
            find("#step").click();
        }
        assertThat(find("#where").getText()).contains("Step 21 of");
        assertThat(script("return document.querySelectorAll('#graph .box.on').length"))
                .isEqualTo(1L);
        find("#graph .folder").sendKeys(Keys.ENTER);
        // The lists of other pages are checked; for the 30,000 elements of this one, which is folded, axe would take
        // half a minute.
        script("document.querySelector('#steps details').remove()");
        assertSound("deep-opened");
    }

    @Test
    void graphsHaveAPageOfTheirOwn() {
        Path file = ChainRulePages.FOLDER.resolve("graph.html");
        Dense dense = new Dense(3, 2, new Generator(1));
        GraphPage.of(GraphView.of(() -> dense.forward(Tensor.of(1, 2, 3)).tanh().sum()))
                .write(file);
        for (Look look : List.of(Look.NARROW, Look.WIDE_DARK)) {
            open(file, look);
            assertThat(find("#graph").getText()).contains("tanh");
            find("#fit").click();
            assertSound("graph-" + look);
        }
        assertValid(file);
    }

    @Test
    void aGraphOfManyTensorsIsDrawn() {
        Path file = ChainRulePages.FOLDER.resolve("many.html");
        GraphPage.of(GraphView.of(() -> {
                    Tensor x = Tensor.of(1, 2).requiresGrad(true);
                    Tensor sum = x;
                    for (int k = 0; k < 3000; k++) {
                        sum = sum.sin();
                    }
                    return sum.add(x).sum();
                }))
                .write(file);
        open(file, Look.WIDE);
        assertThat(script("return document.querySelectorAll('#graph .box').length"))
                .isEqualTo(3003L);
        // Each edge leads from the lower end of one box to the upper end of a box below it.
        assertThat(script("""
                        return [...document.querySelectorAll("#graph .edge")].every(edge => {
                          const [from, to] = edge.getAttribute("d").slice(1).split("L").map(point => Number(point.split(",")[1]));
                          return from < to;
                        })\
                        """)).isEqualTo(true);
    }
}
