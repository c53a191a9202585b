package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests the table of imports in docs/using.md. */
class ImportsPageTest {
    private static final Pattern ROW = Pattern.compile("\\| `(io\\.adjoint[a-z.]*)` \\| (.*) \\|");
    private static final Pattern TYPE = Pattern.compile("`([A-Z]\\w*)`");

    @Test
    void eachTypeIsPublicInThePackageThatThePageNames() throws IOException, ReflectiveOperationException {
        List<String> checked = new ArrayList<>();
        Matcher row = ROW.matcher(Files.readString(DocumentationTest.ROOT.resolve("docs/using.md")));
        while (row.find()) {
            Matcher type = TYPE.matcher(row.group(2));
            while (type.find()) {
                String name = row.group(1) + "." + type.group(1);
                assertThat(Modifier.isPublic(Class.forName(name).getModifiers()))
                        .as(name)
                        .isTrue();
                checked.add(name);
            }
        }
        assertThat(checked)
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(80)
                .contains("io.adjoint.autograd.Index", "io.adjoint.autograd.IndexedValues")
                .contains("io.adjoint.autograd.GraphMode");
    }
}
