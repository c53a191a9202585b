package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Tests that docs/operations.md is the page that is generated from the catalogue. {@code mvn verify -Dadjoint.pages=write} writes the page
 * anew.
 */
class OperationsPageTest {
    @Test
    void theReferencePageIsThatOfTheCatalogue() throws IOException {
        Path page = Path.of("..", "docs", "operations.md");
        String text = new OperationsPage(GoldenRows.published("gradients.jsonl.gz")).text();
        if ("write".equals(System.getProperty("adjoint.pages"))) {
            Files.writeString(page, text);
        }

        assertThat(page)
                .as("docs/operations.md; -Dadjoint.pages=write writes it anew")
                .hasContent(text);
    }
}
