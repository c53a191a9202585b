package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests values and gradients at kinks, ties, poles, infinities and NaN, and for tensors without elements, by the table
 * {@code special-values.txt}.
 */
class SpecialValuesTest {
    private static final double TOLERANCE = 1e-12;

    @TestFactory
    Stream<DynamicTest> whatTheTableSays() throws IOException {
        Map<String, Function<Tensor[], Tensor>> functions = new HashMap<>();
        Catalogue.FAMILIES.forEach(family -> functions.putAll(family.special()));
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SpecialValuesTest.class.getResourceAsStream("special-values.txt"), "the table"),
                StandardCharsets.UTF_8))) {
            return table
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", -1))
                    .map(row -> DynamicTest.dynamicTest(row[0], () -> {
                        assertThat(functions.containsKey(row[0]))
                                .as("%s: no function of this name; add it to special() of its family", row[0])
                                .isTrue();
                        check(row, Objects.requireNonNull(functions.get(row[0])));
                    }))
                    .toList()
                    .stream();
        }
    }

    private static void check(String[] row, Function<Tensor[], Tensor> function) throws IOException {
        Tensor[] inputs = lists(row[1]).stream()
                .map(list -> Tensor.of(list.stream()
                                .mapToDouble(Objects::requireNonNull)
                                .toArray())
                        .requiresGrad(true))
                .toArray(Tensor[]::new);
        Tensor value = function.apply(inputs);
        assertSame("value", value, lists(row[2]).get(0));
        if (row[3].endsWith("n/a")) {
            return;
        }
        // Some backward rules compute plain and recorded passes differently, so both are tested.
        assertAllSame(
                "gradient of a pass that is not recorded",
                gradients(function.apply(inputs).sum(), GraphMode.FREE, inputs),
                lists(row[3]));
        List<Tensor> gradients = gradients(value.sum(), GraphMode.CREATE, inputs);
        assertAllSame("gradient", gradients, lists(row[3]));
        if (row[4].endsWith("n/a")) {
            return;
        }
        Tensor sum = gradients.stream().map(Tensor::sum).reduce(Tensor.scalar(0), Tensor::add);
        assertAllSame("second gradient", gradients(sum, GraphMode.FREE, inputs), lists(row[4]));
    }

    private static List<Tensor> gradients(Tensor value, GraphMode graph, Tensor... inputs) {
        if (!value.requiresGrad()) {
            return Stream.of(inputs).map(input -> Tensor.zerosLike(input)).toList();
        }
        Gradients found = Autograd.gradients(List.of(value), List.of(Tensor.scalar(1)), List.of(inputs), graph);
        return Stream.of(inputs)
                .map(input -> found.find(input).orElseGet(() -> Tensor.zerosLike(input)))
                .toList();
    }

    private static void assertAllSame(String what, List<Tensor> actual, List<List<@Nullable Double>> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int k = 0; k < expected.size(); k++) {
            assertSame(what + " of input " + k, actual.get(k), expected.get(k));
        }
    }

    private static void assertSame(String what, Tensor actual, List<@Nullable Double> expected) {
        double[] elements = actual.detach().data().toDoubleArray();
        assertThat(elements).as(what).hasSameSizeAs(expected);
        for (int e = 0; e < elements.length; e++) {
            Double wanted = expected.get(e);
            assertThat(wanted == null || isSame(elements[e], wanted))
                    .as("%s, element %d: %s, expected %s", what, e, elements[e], wanted)
                    .isTrue();
        }
    }

    private static boolean isSame(double actual, double expected) {
        return actual == expected
                || (Double.isNaN(actual) && Double.isNaN(expected))
                || Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
    }

    /** The lists in a cell such as {@code g=[[1.0, nan], [inf]]}; a single list, or a single number, is read as a list with one list. */
    private static List<List<@Nullable Double>> lists(String cell) throws IOException {
        String json =
                cell.substring(cell.indexOf('=') + 1).replace("nan", "NaN").replace("inf", "Infinity");
        JsonReader reader = new JsonReader(new StringReader(json));
        reader.setStrictness(Strictness.LENIENT);
        List<List<@Nullable Double>> lists = new ArrayList<>();
        read(reader, lists, new ArrayList<>(), 0);
        return lists;
    }

    private static void read(
            JsonReader reader, List<List<@Nullable Double>> lists, List<@Nullable Double> numbers, int depth)
            throws IOException {
        if (reader.peek() != JsonToken.BEGIN_ARRAY) {
            if (reader.peek() == JsonToken.NULL) {
                reader.nextNull();
                numbers.add(null);
            } else {
                numbers.add(reader.nextDouble());
            }
            if (depth == 0) {
                lists.add(numbers);
            }
            return;
        }
        reader.beginArray();
        List<@Nullable Double> own = new ArrayList<>();
        boolean nested = false;
        while (reader.hasNext()) {
            nested |= reader.peek() == JsonToken.BEGIN_ARRAY;
            read(reader, lists, own, depth + 1);
        }
        reader.endArray();
        if (!nested) {
            lists.add(own);
        }
    }
}
