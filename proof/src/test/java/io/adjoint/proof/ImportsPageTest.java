package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests the table of imports in docs/using.md. */
class ImportsPageTest {
    private static final Pattern ROW = Pattern.compile("\\| `(io\\.adjoint[a-z.]*)` \\| (.*) \\|");
    private static final Pattern TYPE = Pattern.compile("`([A-Z]\\w*)`");

    @Test
    void eachPackageHasItsMostUsedTypes() throws IOException, ReflectiveOperationException {
        Map<String, List<String>> types = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(DocumentationTest.ROOT.resolve("docs/using.md")));
        while (row.find()) {
            Matcher type = TYPE.matcher(row.group(2));
            while (type.find()) {
                String name = row.group(1) + "." + type.group(1);
                assertThat(Modifier.isPublic(Class.forName(name).getModifiers()))
                        .as(name)
                        .isTrue();
                types.computeIfAbsent(row.group(1), key -> new ArrayList<>()).add(name);
            }
        }

        assertThat(types).containsOnlyKeys(packages());
        assertThat(types.values().stream().flatMap(List::stream)).doesNotHaveDuplicates();
    }

    private static List<String> packages() {
        return DocumentationTest.IMPORTS.stream()
                .filter(imported -> imported.startsWith("io.adjoint.") && imported.endsWith(".*"))
                .map(imported -> imported.replace(".*", ""))
                .toList();
    }
}
