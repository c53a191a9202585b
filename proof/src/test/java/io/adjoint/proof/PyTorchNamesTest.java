package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests the table docs/pytorch.tsv, from which the page of PyTorch's names is made. The list of names, {@code torch-names.tsv}, was printed
 * by PyTorch 2.6. It has the public names of PyTorch's modules, of {@code torch.Tensor}, {@code nn.Module} and {@code Optimizer}. Of the
 * module {@code torch}, which has many internals, it has the functions and those types, numbers and context managers that are documented.
 */
class PyTorchNamesTest {
    private static final List<String> PACKAGES = List.of(
            "io.adjoint.core.",
            "io.adjoint.autograd.",
            "io.adjoint.autograd.transforms.",
            "io.adjoint.autograd.view.",
            "io.adjoint.distributions.",
            "io.adjoint.nn.",
            "io.adjoint.nn.data.",
            "io.adjoint.nn.layer.",
            "io.adjoint.nn.loss.",
            "io.adjoint.nn.metric.",
            "io.adjoint.nn.optim.",
            "io.adjoint.nn.parallel.",
            "io.adjoint.nn.train.",
            "io.adjoint.io.",
            "io.adjoint.io.onnx.",
            "io.adjoint.view.");

    /** A row of the table: the name with its group, the equivalents in Adjoint, separated by commas, and a note. */
    record Row(String name, List<String> equivalents, String note) {}

    static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        Path table = DocumentationTest.ROOT.resolve("docs/pytorch.tsv");
        for (String line : Files.readAllLines(table, StandardCharsets.UTF_8)) {
            String[] cells = line.split("\t", -1);
            assertThat(cells).as(line).hasSize(4);
            List<String> equivalents = cells[2].isEmpty() ? List.of() : List.of(cells[2].split(", "));
            rows.add(new Row(cells[0] + "\t" + cells[1], equivalents, cells[3]));
        }
        return rows.subList(1, rows.size());
    }

    @Test
    void eachNameOfPyTorchHasOneRow() throws IOException {
        List<String> names;
        try (Stream<String> lines = new String(
                        Objects.requireNonNull(PyTorchNamesTest.class.getResourceAsStream("torch-names.tsv"))
                                .readAllBytes(),
                        StandardCharsets.UTF_8)
                .lines()) {
            names = lines.toList();
        }

        assertThat(names).hasSize(2070);
        assertThat(rows()).extracting(Row::name).containsExactlyElementsOf(names);
    }

    @Test
    void aRowHasAnEquivalentOrAReason() throws IOException {
        assertThat(rows())
                .allSatisfy(row -> assertThat(
                                row.equivalents().isEmpty() && row.note().isBlank())
                        .as(row.name())
                        .isFalse());
    }

    @Test
    void eachEquivalentIsThere() throws IOException {
        Map<String, Boolean> found = new HashMap<>();
        for (Row row : rows()) {
            for (String equivalent : row.equivalents()) {
                assertThat(found.computeIfAbsent(equivalent, PyTorchNamesTest::exists))
                        .as("%s as the equivalent of %s", equivalent, row.name())
                        .isTrue();
            }
        }
        assertThat(found).hasSizeGreaterThan(400);
        assertThat(exists("Tensor.absent")).isFalse();
        assertThat(exists("Absent")).isFalse();
    }

    /** Returns whether a name is that of a public class, or of a public or protected method or field of one. */
    static boolean exists(String name) {
        String owner = name.replaceFirst("\\..*", "");
        return PACKAGES.stream()
                .map(prefix -> type(prefix + owner))
                .filter(Objects::nonNull)
                .anyMatch(type -> Modifier.isPublic(type.getModifiers())
                        && (owner.equals(name) || hasMember(type, name.substring(owner.length() + 1))));
    }

    private static @Nullable Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static boolean hasMember(Class<?> type, String member) {
        return Arrays.stream(type.getMethods()).map(Method::getName).anyMatch(member::equals)
                || Arrays.stream(type.getFields()).map(Field::getName).anyMatch(member::equals)
                || Arrays.stream(type.getDeclaredMethods())
                        .filter(method -> Modifier.isProtected(method.getModifiers()))
                        .map(Method::getName)
                        .anyMatch(member::equals);
    }
}
