package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that pages quote, below a comment that names the file. */
class QuotationsTest {
    private static final Pattern QUOTATION =
            Pattern.compile("<!-- quote: (\\S+) -->\n```text\n(.*?)\n```\n", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = "docs/design.md")
    void aPageQuotesItsSourcesAsTheyAre(String page) throws IOException {
        String text = Files.readString(DocumentationTest.ROOT.resolve(page));
        assertThat(QUOTATION.matcher(text).results()).isNotEmpty().allSatisfy(QuotationsTest::requireTrue);
    }

    private static void requireTrue(MatchResult quotation) throws IOException {
        Path source = DocumentationTest.ROOT.resolve(quotation.group(1));
        assertThat(unindented(Files.readString(source))).contains(unindented(quotation.group(2)));
    }

    private static String unindented(String lines) {
        return lines.replaceAll("(?m)^ +", "");
    }
}
