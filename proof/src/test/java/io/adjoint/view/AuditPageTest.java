package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the page of an audit: a promise holds only if each of its test classes ran in this build, without a failure. */
class AuditPageTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path root;

    @BeforeEach
    void writePromises() throws IOException {
        write("proof/src/test/resources/io/adjoint/proof/audit.txt", """
                # Sums are <right>.
                **/SumTest.java

                # Products are right.
                **/ProductTest.java
                **/PowerTest.java
                """);
        write("proof/src/test/resources/io/adjoint/proof/hashes.txt", "");
        write("proof/src/test/resources/io/adjoint/proof/hashes-operations.txt", "");
        write("core/target/adjoint-core-1.2.jar", "a jar");
        report("SumTest", "<testcase name=\"a\"><system-out>largest error: 0.5</system-out></testcase>", 0);
        report("ProductTest", "<testcase name=\"b\"/>", 0);
        report("PowerTest", "<testcase name=\"c\"/>", 0);
    }

    @CanIgnoreReturnValue
    private Path write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text);
    }

    @CanIgnoreReturnValue
    private Path report(String name, String cases, int skipped) throws IOException {
        return write(
                "core/target/surefire-reports/TEST-io.adjoint.core." + name + ".xml",
                "<testsuite name=\"io.adjoint.core." + name + "\" time=\"1.26\" tests=\"1\" skipped=\"" + skipped
                        + "\">" + cases + "</testsuite>");
    }

    private AuditPage audit() throws IOException {
        return AuditPage.read(root, "1.2", START);
    }

    @Test
    void namesPromisesResultsMeasurementsAndFiles() throws IOException {
        assertThat(audit().holds()).isTrue();
        assertThat(audit().page().html())
                .contains("<title>Audit of Adjoint 1.2</title>")
                .contains("<p>passed: all 2 promises hold, by 3 tests.</p>")
                .contains(
                        "Sums are &lt;right&gt;.<div class=\"soft\">passed</div></th><td><div>SumTest: 1 tests, 1.3 s</div>")
                .contains(">largest error: 0.5</pre>")
                .contains("adjoint-core-1.2.jar</th><td>fc8bd814")
                .contains("2026-01-02T03:04:05Z")
                .doesNotContain("FAILED");
    }

    @Test
    void aFailureBreaksThePromise() throws IOException {
        report("PowerTest", "<testcase name=\"c\"><failure message=\"m\">expected 2 &lt; 1</failure></testcase>", 0);
        assertThat(audit().holds()).isFalse();
        assertThat(audit().page().html())
                .contains("<p class=\"wrong\">FAILED: 1 of 2 promises, by 3 tests.</p>")
                .contains("Products are right.<div class=\"wrong\">FAILED</div>", "1.3 s, failed: 1</div>")
                .contains("<h3>PowerTest: c</h3>", ">expected 2 &lt; 1</pre>");
    }

    @Test
    void anErrorBreaksThePromise() throws IOException {
        report("SumTest", "<testcase name=\"c\"><error>crashed</error></testcase>", 0);
        assertThat(audit().holds()).isFalse();
    }

    @Test
    void aClassWithoutAReportBreaksThePromise() throws IOException {
        Files.delete(root.resolve("core/target/surefire-reports/TEST-io.adjoint.core.SumTest.xml"));
        assertThat(audit().holds()).isFalse();
        assertThat(audit().page().html()).contains("<h3>SumTest: SumTest</h3>", "none of its tests ran");
    }

    @Test
    void aReportOfAnEarlierBuildDoesNotCount() throws IOException {
        Files.setLastModifiedTime(report("SumTest", "", 0), FileTime.from(START.minusSeconds(1)));
        assertThat(audit().holds()).isFalse();
    }

    @Test
    void aClassWhoseTestsAreAllSkippedBreaksThePromise() throws IOException {
        report("SumTest", "<testcase name=\"a\"><skipped/></testcase>", 1);
        assertThat(audit().holds()).isFalse();
    }
}
