package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.Notation;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the Javadoc of elementwise functions: each example computes the numbers in its comment, and each formula is the catalogue's. */
class JavadocExamplesTest {
    private static final Pattern METHOD =
            Pattern.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*public Tensor (\\w+)\\(([^)]*)\\)", Pattern.DOTALL);
    private static final Pattern EXAMPLE =
            Pattern.compile("\\{@code Tensor\\.of\\(([^)]*)\\)\\.(\\w+)\\(([^)]*)\\) // \\[([^]]*)]}");

    /**
     * A method, read from its source file.
     *
     * @param signature such as {@code hardtanh(double,double)}
     */
    private record Documented(String javadoc, String name, String signature) {
        @Override
        public String toString() {
            return signature;
        }
    }

    static List<Documented> methods() throws IOException {
        List<Documented> methods = new ArrayList<>();
        String source = Files.readString(
                DocumentationTest.ROOT.resolve("autograd/src/main/java/io/adjoint/autograd/Tensor.java"));
        for (String family : List.of("elementary and special functions", "activation functions")) {
            String heading = "// ---- " + family + " of each element ----\n";
            assertThat(source).contains(heading);
            Matcher method = METHOD.matcher(source.split(heading, 2)[1].split("// ----", 2)[0]);
            while (method.find()) {
                String types = method.group(3).replaceAll(" \\w+(?=,|$)", "").replace(" ", "");
                // Methods with tensors as parameters have no such examples.
                if (!types.contains("Tensor")) {
                    methods.add(new Documented(
                            method.group(1).replaceAll("\\s*\\n\\s*\\* ?", " "),
                            method.group(2),
                            method.group(2) + "(" + types + ")"));
                }
            }
        }
        assertThat(methods).hasSizeGreaterThan(60);
        return methods;
    }

    @ParameterizedTest
    @MethodSource("methods")
    void theExampleGivesTheNumbersThatItSays(Documented documented) throws ReflectiveOperationException {
        Matcher example = EXAMPLE.matcher(documented.javadoc());
        assertThat(example.find()).as("an example in %s", documented.javadoc()).isTrue();
        assertThat(example.group(2)).isEqualTo(documented.name());

        double[] actual = call(documented.name(), Tensor.of(numbers(example.group(1))), numbers(example.group(3)))
                .data()
                .toDoubleArray();

        double[] expected = numbers(example.group(4));
        assertThat(actual).hasSameSizeAs(expected);
        for (int k = 0; k < expected.length; k++) {
            if (Double.isFinite(expected[k])) {
                assertThat(actual[k]).as("element %d", k).isCloseTo(expected[k], within(0.5e-4));
            } else {
                assertThat(actual[k]).as("element %d", k).isEqualTo(Double.valueOf(expected[k]));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void theFormulaIsThatOfTheCatalogue(Documented documented) {
        List<String> formulas = Catalogue.FAMILIES.stream()
                .flatMap(family -> family.rows().stream())
                .filter(forms -> forms.stream().anyMatch(form -> form.covers().contains(documented.signature())))
                .flatMap(List::stream)
                .flatMap(form -> form.notation().stream())
                .map(Notation::formula)
                .collect(Collectors.toList());
        assertThat(formulas)
                .as("%s: no row covers it, or its row has no line in operations.txt", documented.signature())
                .isNotEmpty();
        // A function with an entry for integers has one formula for both entries. A formula after a semicolon is
        // another form of the first.
        assertThat(formulas)
                .anyMatch(formula -> documented.javadoc().contains(formula)
                        || Stream.of(formula.split("; ", -1))
                                .anyMatch(part -> documented.javadoc().contains(part)));
    }

    private static double[] numbers(String list) {
        return Stream.of(list.split(",", -1))
                .map(String::strip)
                .filter(number -> !number.isEmpty())
                .mapToDouble(JavadocExamplesTest::number)
                .toArray();
    }

    private static double number(String text) {
        Map<String, Double> special =
                Map.of("inf", Double.POSITIVE_INFINITY, "-inf", Double.NEGATIVE_INFINITY, "nan", Double.NaN);
        return special.containsKey(text) ? special.get(text) : Double.parseDouble(text);
    }

    private static Tensor call(String name, Tensor x, double[] arguments) throws ReflectiveOperationException {
        Method method = Arrays.stream(Tensor.class.getMethods())
                .filter(m -> m.getName().equals(name) && m.getParameterCount() == arguments.length)
                .findFirst()
                .orElseThrow();
        Object[] boxed = new Object[arguments.length];
        for (int k = 0; k < boxed.length; k++) {
            boxed[k] = method.getParameterTypes()[k] == int.class ? (Object) (int) arguments[k] : arguments[k];
        }
        try {
            return (Tensor) method.invoke(x, boxed);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
