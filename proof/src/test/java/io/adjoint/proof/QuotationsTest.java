package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests that sources quoted on pages are equal to their files, which a comment above each quotation names. */
class QuotationsTest {
    private static final Pattern QUOTATION =
            Pattern.compile("<!-- quote: (\\S+) -->\n```(?:text|java)\n(.*?)\n```\n", Pattern.DOTALL);
    private static final Pattern COMMENT = Pattern.compile("<!-- quote:");

    @Test
    void pagesQuoteSourcesAsTheyAre() throws IOException {
        int found = 0;
        for (Path page : DocumentationTest.pages()) {
            String text = Files.readString(page);
            List<MatchResult> quotations = QUOTATION.matcher(text).results().toList();
            assertThat(quotations).as("%s", page).hasSize((int)
                    COMMENT.matcher(text).results().count());
            for (MatchResult quotation : quotations) {
                Path source = DocumentationTest.ROOT.resolve(quotation.group(1));
                assertThat(unindented(Files.readString(source))).contains(unindented(quotation.group(2)));
                found++;
            }
        }
        assertThat(found).isPositive();
    }

    private static String unindented(String lines) {
        return lines.replaceAll("(?m)^ +", "");
    }
}
