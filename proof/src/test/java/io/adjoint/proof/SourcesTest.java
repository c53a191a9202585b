package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests rules for the source files of main code and tests of all modules. */
class SourcesTest {
    private static final int LONGEST_FILE = 400;

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(DocumentationTest.ROOT)) {
            return files.map(DocumentationTest.ROOT::relativize)
                    .filter(SourcesTest::isSource)
                    .toList();
        }
    }

    private static boolean isSource(Path path) {
        return path.toString().endsWith(".java")
                && path.getNameCount() > 1
                && path.getName(1).toString().equals("src");
    }

    @Test
    void noneIsLong() throws IOException {
        assertThat(sources())
                .as("files of more than %d lines without a line '// Long because ...'", LONGEST_FILE)
                .filteredOn(SourcesTest::isTooLong)
                .isEmpty();
    }

    private static boolean isTooLong(Path file) {
        List<String> all = lines(file);
        return all.size() > LONGEST_FILE
                && all.stream().noneMatch(line -> line.strip().startsWith("// Long because"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(DocumentationTest.ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void internalTypesAreNotInTheJavadocPages() throws IOException {
        assertThat(sources())
                .filteredOn(file -> lines(file).contains("@Internal"))
                .hasSizeGreaterThan(10)
                .allMatch(file -> lines(file).contains(" * @hidden"))
                .allSatisfy(file -> assertThat(lines(file).stream()
                                .filter(line -> line.matches("    public .*\\b(class|interface|enum|record) \\w+.*")))
                        .as("types in %s, each of which needs @hidden", file)
                        .hasSizeLessThanOrEqualTo(Collections.frequency(lines(file), "     * @hidden")));
    }

    @Test
    void theAuditNamesTestsThatExist() throws IOException {
        Set<String> names =
                sources().stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        assertThat(lines(Path.of("proof/src/test/resources/io/adjoint/proof/audit.txt")))
                .filteredOn(line -> !line.isEmpty() && !line.startsWith("#"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(names).contains(line.replace("**/", "")));
    }

    @Test
    void noNameStandsForTwoClasses() throws IOException {
        assertThat(sources().stream()
                        .filter(path -> !path.endsWith("package-info.java"))
                        .collect(
                                Collectors.groupingBy(path -> path.getFileName().toString()))
                        .values())
                .filteredOn(paths -> paths.size() > 1)
                .isEmpty();
    }
}
