package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import nu.validator.client.EmbeddedValidator;
import nu.validator.client.EmbeddedValidator.OutputFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Tests of pages in Chromium, one browser a class. Without the browser or its driver they are skipped. A page is opened as a file or by an
 * address of this machine; {@link #assertSound} checks what is promised of every page.
 */
public abstract class Browser {
    private static final Path SCREENS = Path.of("target", "screens");
    private static final Pattern REQUEST =
            Pattern.compile("\"method\":\"Network\\.requestWillBeSent\".*?\"documentURL\":\"(.*?)\""
                    + ".*?\"request\":\\{.*?\"url\":\"(.*?)\"");
    /**
     * Runs axe and returns the violations of its rules. axe takes most of its time for the contrast of each text. An element has the
     * contrast of an earlier element if both have the same style, within elements of the same styles; it is left out then, as are hundreds
     * of rows of a table.
     */
    private static final String VIOLATIONS = """
            const done = arguments[arguments.length - 1];
            const known = new Map();
            const asked = new Set();
            const mark = (element, around) => {
              const style = getComputedStyle(element);
              const key = [around, element.tagName, element.getAttribute("class"), style.display, style.visibility, style.opacity, style.color,
                style.backgroundColor, style.backgroundImage, style.fontSize, style.fontWeight].join();
              if (!known.has(key)) known.set(key, known.size);
              const id = known.get(key);
              // Of a single character axe doesn't tell the contrast.
              if (asked.has(id)) element.setAttribute("data-alike", "");
              else if (element.textContent.trim().length > 1) asked.add(id);
              for (const child of element.children) mark(child, id);
            };
            mark(document.documentElement, -1);
            axe.configure({rules: [{id: "color-contrast", selector: ":not([data-alike])"}]});
            axe.run({resultTypes: ["violations"]})
              .then(found => found.violations.map(rule => rule.id + ": " + rule.help
                + rule.nodes.slice(0, 3).map(node => "\\n   " + node.html + " " + node.failureSummary).join("")))
              .catch(error => ["axe failed: " + error])
              .then(lines => {
                for (const element of document.querySelectorAll("[data-alike]")) element.removeAttribute("data-alike");
                done(lines);
              });\
            """;

    private static final int HEIGHT = 900;
    /** The largest height of a page that a screenshot shows whole. */
    private static final int MOST_PIXELS = 6000;

    /** Selenium's logger. It would warn that it doesn't know this version's protocol, of which these tests use nothing that changes. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    @TempDir
    private static @Nullable Path profile;

    private static @Nullable ChromeDriver driver;

    private String own = "";

    /** The width of the window in pixels, and whether the reader prefers dark pages. */
    protected enum Look {
        /** A telephone. */
        NARROW(375, false),
        /** A telephone at night. */
        NARROW_DARK(375, true),
        /** A screen. */
        WIDE(1440, false),
        /** A screen at night. */
        WIDE_DARK(1440, true);

        private final int width;
        private final boolean dark;

        Look(int width, boolean dark) {
            this.width = width;
            this.dark = dark;
        }
    }

    @BeforeAll
    static void start() {
        String binary = System.getProperty("adjoint.chromium", "/usr/bin/chromium");
        String service = System.getProperty("webdriver.chrome.driver", "/usr/bin/chromedriver");
        boolean isThere = Files.isExecutable(Path.of(binary)) && Files.isExecutable(Path.of(service));
        if (!isThere) {
            System.out.println("There is no " + binary + " with " + service + ": pages were not tried in a browser.");
        }
        assumeTrue(isThere, "a browser and its driver");
        SELENIUM.setLevel(Level.SEVERE);
        System.setProperty("webdriver.chrome.driver", service);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(binary);
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless=new",
                "--disable-gpu",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-dev-shm-usage",
                "--disable-sync",
                "--hide-scrollbars",
                "--no-first-run",
                "--no-sandbox",
                "--user-data-dir=" + profile);
        driver = new ChromeDriver(options);
        driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(2));
    }

    @AfterAll
    static void stop() {
        if (driver != null) {
            driver.quit();
            driver = null;
        }
    }

    protected static ChromeDriver driver() {
        return Objects.requireNonNull(driver, "the browser");
    }

    /** Opens a file. */
    protected void open(Path page, Look look) {
        open(page.toUri().toString(), look);
    }

    /** Opens an address of this machine. */
    protected void open(String page, Look look) {
        open(page, page, look);
    }

    /**
     * Opens an address of this machine. Motion is reduced, so that tests need not wait for it.
     *
     * @param page the address
     * @param site the beginning of the addresses that the page may request
     * @param look the window
     */
    protected void open(String page, String site, Look look) {
        own = site;
        driver().manage().logs().get(LogType.BROWSER);
        driver().manage().logs().get(LogType.PERFORMANCE);
        size(look.width, HEIGHT, 1);
        driver().executeCdpCommand(
                        "Emulation.setEmulatedMedia",
                        Map.of(
                                "features",
                                List.of(
                                        Map.of("name", "prefers-color-scheme", "value", look.dark ? "dark" : "light"),
                                        Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        driver().get(page);
    }

    /** Sets the size of the window, and the number of a screen's pixels in a pixel of CSS. */
    protected static void size(long width, long height, int scale) {
        driver().executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", false));
    }

    /**
     * Asserts that the open page writes nothing to the console, requests nothing but its own addresses, is no wider than the window, and is
     * accessible as far as axe can tell; and saves a screenshot of it.
     *
     * @param name of the picture, below {@code target/screens}
     */
    protected void assertSound(String name) {
        screenshot(name);
        assertThat(driver().manage().logs().get(LogType.BROWSER).getAll())
                .as("console of %s", name)
                .isEmpty();
        assertThat(requests())
                .as("requests of %s", name)
                .allSatisfy(url -> assertThat(url)
                        .matches(at -> at.startsWith(own) || at.startsWith("data:"), "is the page's own"));
        long overflow = (Long) Objects.requireNonNull(
                script("return document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        assertThat(overflow).as("pixels of %s beyond the window", name).isZero();
        script(axe());
        assertThat((List<?>) driver().executeAsyncScript(VIOLATIONS))
                .as("axe on %s", name)
                .isEmpty();
        // The log entries and requests of axe are not the page's.
        driver().manage().logs().get(LogType.BROWSER);
        driver().manage().logs().get(LogType.PERFORMANCE);
    }

    private static String axe() {
        try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(in, "axe").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The addresses that the page has requested since it was opened or checked last. The browser loads its own pages in new windows. */
    private static List<String> requests() {
        return driver().manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(LogEntry::getMessage)
                .map(REQUEST::matcher)
                .filter(request -> request.find() && !request.group(1).startsWith("chrome:"))
                .map(request -> request.group(2))
                .toList();
    }

    /** Saves a screenshot of the whole page. */
    protected void screenshot(String name) {
        long width = (Long) Objects.requireNonNull(script("return window.innerWidth"));
        long height = (Long) Objects.requireNonNull(script("return Math.ceil(document.documentElement.scrollHeight)"));
        size(width, Math.min(MOST_PIXELS, Math.max(HEIGHT, height)), 1);
        byte[] picture = capture(Map.of());
        size(width, HEIGHT, 1);
        try {
            Files.createDirectories(SCREENS);
            Files.write(SCREENS.resolve(name + ".png"), picture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A picture of the window, in the format PNG; {@code options} are Chromium's, such as {@code clip}. */
    protected static byte[] capture(Map<String, Object> options) {
        Object data =
                driver().executeCdpCommand("Page.captureScreenshot", options).get("data");
        return Base64.getDecoder().decode((String) Objects.requireNonNull(data));
    }

    /** Asserts that the file is HTML without an error. */
    protected static void assertValid(Path page) {
        // The validator needs a large stack for its schemas.
        FutureTask<String> messages = new FutureTask<>(() -> {
            EmbeddedValidator validator = new EmbeddedValidator();
            validator.setOutputFormat(OutputFormat.GNU);
            return validator.validate(page);
        });
        new Thread(null, messages, "validator", 1L << 26).start();
        try {
            // The validator doesn't know this property of SVG 2.
            assertThat(messages.get()
                            .lines()
                            .filter(line -> !line.contains(" info") && !line.contains("“vector-effect” doesn't exist")))
                    .as("Nu on %s", page)
                    .isEmpty();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The result of a script: a number, text or list; null if it gives none. */
    @CanIgnoreReturnValue
    @Nullable
    protected static Object script(String body, Object... arguments) {
        return ((JavascriptExecutor) driver()).executeScript(body, arguments);
    }

    /** The first element that a selector of CSS finds. */
    protected static WebElement find(String selector) {
        return driver().findElement(By.cssSelector(selector));
    }

    /** Waits until a condition holds; the page learns of a change twice a second. */
    protected static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the end of the time to wait").isLessThan(end);
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
