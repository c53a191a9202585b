package io.adjoint.view;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The page of an audit: the promises of {@code audit.txt}, with the results of the tests that prove them, read from Surefire's reports. The
 * build's profile {@code audit} runs this program after the tests. It is in the package of view, whose parts of pages are not public.
 *
 * @param root the folder of the whole project
 * @param version the version of the library
 * @param start the start of the build; earlier reports don't count
 * @param promises the promises with the results of their tests
 */
record AuditPage(Path root, String version, Instant start, List<Promise> promises) {
    private static final String PASSED = "passed";
    private static final String FAILED = "FAILED";
    private static final int LONGEST_FAILURE = 4000;
    private static final String RESOURCES = "proof/src/test/resources/io/adjoint/proof";

    /** The depth of Surefire's reports below the root. */
    private static final int DEPTH = 4;

    /**
     * The results of a test class.
     *
     * @param failures the messages by the names of the tests
     * @param printed the lines that the tests printed
     */
    record Outcome(
            String name, int tests, int skipped, double seconds, Map<String, String> failures, List<String> printed) {
        String summary() {
            return String.format(Locale.ROOT, "%s: %,d tests, %.1f s", name, tests, seconds)
                    + (failures.isEmpty() ? "" : ", failed: " + failures.size())
                    + (skipped == 0 ? "" : ", skipped: " + skipped);
        }

        /** The outcome of a class without a report of this build: a failure, since nobody knows whether the promise holds. */
        static Outcome missing(String name) {
            return new Outcome(
                    name, 0, 0, 0, Map.of(name, "This class has no report: none of its tests ran."), List.of());
        }
    }

    /** A promise, and the results of the test classes that prove it. */
    record Promise(String text, List<Outcome> outcomes) {
        boolean holds() {
            return !outcomes.isEmpty()
                    && outcomes.stream().allMatch(outcome -> outcome.failures().isEmpty());
        }

        int tests() {
            return outcomes.stream().mapToInt(Outcome::tests).sum();
        }
    }

    /** Writes {@code proof/target/audit.html}; the arguments are the library's version and the start of the build. */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        AuditPage audit = read(root, arguments[0], Instant.parse(arguments[1]));
        Path file = root.resolve("proof").resolve("target").resolve("audit.html");
        audit.page().write(file);
        System.out.println("Audit " + audit.result() + " See " + file);
        System.exit(audit.holds() ? 0 : 1);
    }

    /** Reads the promises and the reports. */
    static AuditPage read(Path root, String version, Instant start) throws IOException {
        Map<String, Outcome> outcomes = new TreeMap<>();
        for (Path report : find(root, start, "\\w+/target/surefire-reports/TEST-.*\\.xml")) {
            Outcome outcome = outcome(report);
            outcomes.put(outcome.name(), outcome);
        }
        List<Promise> promises = new ArrayList<>();
        for (String line : Files.readAllLines(root.resolve(RESOURCES).resolve("audit.txt"))) {
            if (line.startsWith("# ")) {
                promises.add(new Promise(line.substring(2), new ArrayList<>()));
            } else if (!line.isBlank()) {
                String name = line.replaceAll(".*/|\\.java$", "");
                promises.get(promises.size() - 1).outcomes().add(outcomes.getOrDefault(name, Outcome.missing(name)));
            }
        }
        return new AuditPage(root, version, start, promises);
    }

    /** The files of this build whose paths in the project match. */
    private static List<Path> find(Path root, Instant start, String paths) throws IOException {
        FileTime oldest = FileTime.from(start);
        try (Stream<Path> found = Files.find(
                root,
                DEPTH,
                (path, attributes) -> attributes.lastModifiedTime().compareTo(oldest) >= 0
                        && root.relativize(path).toString().replace('\\', '/').matches(paths))) {
            return found.sorted().toList();
        }
    }

    private static Outcome outcome(Path report) throws IOException {
        Element suite;
        try {
            suite = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(report + " is no report of Surefire: " + e.getMessage(), e);
        }
        Map<String, String> failures = new LinkedHashMap<>();
        for (String tag : List.of("failure", "error")) {
            for (Element failure : elements(suite, tag)) {
                failures.put(((Element) failure.getParentNode()).getAttribute("name"), failure.getTextContent());
            }
        }
        String name = suite.getAttribute("name");
        int tests = Integer.parseInt(suite.getAttribute("tests"));
        int skipped = Integer.parseInt(suite.getAttribute("skipped"));
        if (tests == skipped && failures.isEmpty()) {
            failures.put(name, "None of the tests of this class ran.");
        }
        return new Outcome(
                name.substring(name.lastIndexOf('.') + 1),
                tests,
                skipped,
                Double.parseDouble(suite.getAttribute("time")),
                failures,
                elements(suite, "system-out").stream()
                        .flatMap(printed -> printed.getTextContent().strip().lines())
                        .toList());
    }

    private static List<Element> elements(Element parent, String tag) {
        NodeList found = parent.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength())
                .mapToObj(k -> (Element) found.item(k))
                .toList();
    }

    boolean holds() {
        return promises.stream().allMatch(Promise::holds);
    }

    /** The result in a sentence. */
    String result() {
        int tests = promises.stream().mapToInt(Promise::tests).sum();
        long broken = promises.stream().filter(promise -> !promise.holds()).count();
        return broken == 0
                ? String.format(Locale.ROOT, "%s: all %d promises hold, by %,d tests.", PASSED, promises.size(), tests)
                : String.format(
                        Locale.ROOT, "%s: %d of %d promises, by %,d tests.", FAILED, broken, promises.size(), tests);
    }

    Page page() throws IOException {
        List<Section> sections = new ArrayList<>(List.of(Section.of("promises", "Promises", this::writePromises)));
        if (!holds()) {
            sections.add(Section.of("failures", "Failures", this::writeFailures));
        }
        List<String> printed = outcomes().flatMap(o -> o.printed().stream()).toList();
        if (!printed.isEmpty()) {
            sections.add(Section.of(
                    "measured", "Measured", markup -> writeText(markup, "Measured", String.join("\n", printed))));
        }
        Map<String, String> machine = machine();
        sections.add(Section.of("machine", "Machine", markup -> writeFacts(markup, machine)));
        Map<String, String> files = files();
        sections.add(Section.of("files", "SHA-256 of the files", markup -> writeFacts(markup, files)));
        return new Page("Audit of Adjoint " + version, result(), sections, List.of(), List.of(), false);
    }

    private Stream<Outcome> outcomes() {
        return promises.stream().flatMap(promise -> promise.outcomes().stream());
    }

    private void writePromises(Markup markup) {
        if (!holds()) {
            markup.element("p", result(), "class=wrong");
        }
        markup.open("table", "class=facts").head(List.of("promise", "tests"));
        for (Promise promise : promises) {
            boolean holds = promise.holds();
            markup.open("tr").open("th", "scope=row").text(promise.text());
            markup.element("div", holds ? PASSED : FAILED, holds ? "class=soft" : "class=wrong");
            markup.close().open("td");
            promise.outcomes().forEach(outcome -> markup.element("div", outcome.summary()));
            markup.close().close();
        }
        markup.close().close();
    }

    private void writeFailures(Markup markup) {
        outcomes()
                .forEach(outcome -> outcome.failures().forEach((test, message) -> {
                    String title = outcome.name() + ": " + test;
                    boolean isLong = message.length() > LONGEST_FAILURE;
                    markup.element("h3", title);
                    writeText(markup, title, isLong ? message.substring(0, LONGEST_FAILURE) + " …" : message);
                }));
    }

    private static void writeText(Markup markup, String label, String text) {
        markup.element("pre", text, "tabindex=0", "role=region", "aria-label=" + label);
    }

    private static void writeFacts(Markup markup, Map<String, String> facts) {
        markup.open("table", "class=facts").open("tbody");
        facts.forEach((name, value) -> markup.open("tr")
                .element("th", name, "scope=row")
                .element("td", value)
                .close());
        markup.close().close();
    }

    private Map<String, String> machine() {
        Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("started", start.toString());
        facts.put("took", Duration.between(start, end).toSeconds() + " s, with the build");
        String commit = output("git", "rev-parse", "HEAD");
        String changes = output("git", "status", "--porcelain");
        facts.put(
                "commit",
                commit.isEmpty() ? "unknown" : commit + (changes.isEmpty() ? "" : ", and files changed since"));
        facts.put("system", property("os.name") + " " + property("os.version") + ", " + property("os.arch"));
        facts.put(
                "processor", processor() + ", " + Runtime.getRuntime().availableProcessors() + " available to the JVM");
        facts.put(
                "JDK of the tests",
                property("java.vendor") + " " + Runtime.version() + ", " + property("java.vm.name")
                        + "; others are listed as measured");
        return facts;
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }

    private String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException | UncheckedIOException e) {
            String mac = output("sysctl", "-n", "machdep.cpu.brand_string");
            return mac.isEmpty() ? Objects.requireNonNullElse(System.getenv("PROCESSOR_IDENTIFIER"), "unknown") : mac;
        }
    }

    /** The output of a command; empty if it fails. */
    private String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).directory(root.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? output.strip() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** The sums of the jars that were tested, and of the hashes of the bits that they compute. */
    private Map<String, String> files() throws IOException {
        Map<String, String> sums = new TreeMap<>();
        for (Path jar : find(root, start, "\\w+/target/adjoint-\\w+-\\Q" + version + "\\E\\.jar")) {
            sums.put(String.valueOf(jar.getFileName()), sum(jar));
        }
        for (String name : List.of("hashes.txt", "hashes-operations.txt")) {
            sums.put(name, sum(root.resolve(RESOURCES).resolve(name)));
        }
        return sums;
    }

    private static String sum(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
