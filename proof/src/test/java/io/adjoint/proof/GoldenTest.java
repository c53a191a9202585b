package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.proof.Family.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares values, gradients and second-order products with those that PyTorch 2.6 computed in float64; most of these were confirmed by
 * finite differences. The system property {@code adjoint.golden} names another file of this format to be compared with.
 */
class GoldenTest {
    private static final double POINTWISE = 1e-12;

    /**
     * The absolute difference that is always accepted: rounding errors remain where terms of about 1 cancel. For example, PyTorch's sin 2π
     * is −2.4e-16 in place of 0.
     */
    private static final double RESIDUE = 1e-15;

    @TestFactory
    Stream<DynamicNode> valuesGradientsAndSecondOrderProductsAreThoseOfTheGoldenFile() throws IOException {
        Map<String, Golden> operations = new HashMap<>();
        Catalogue.FAMILIES.forEach(family -> operations.putAll(family.golden()));
        Map<String, List<JsonObject>> rows = GoldenRows.read("adjoint.golden", "gradients.jsonl.gz").stream()
                .collect(Collectors.groupingBy(
                        row -> row.get("op").getAsString(), LinkedHashMap::new, Collectors.toList()));
        return rows.entrySet().stream()
                .map(group -> DynamicContainer.dynamicContainer(
                        group.getKey(),
                        group.getValue().stream()
                                .map(row ->
                                        DynamicTest.dynamicTest(row.get("id").getAsString(), () -> {
                                            assertThat(operations)
                                                    .as("the operations that the catalogue maps")
                                                    .containsKey(group.getKey());
                                            replay(row, Objects.requireNonNull(operations.get(group.getKey())));
                                        }))));
    }

    private static void replay(JsonObject row, Golden operation) {
        double tolerance = Math.min(row.get("tol").getAsDouble(), isPointwise(row) ? POINTWISE : 1);
        List<Tensor> inputs = new ArrayList<>();
        List<Tensor> differentiated = new ArrayList<>();
        for (JsonElement element : row.getAsJsonArray("inputs")) {
            JsonObject input = element.getAsJsonObject();
            boolean leaf = input.get("grad").getAsBoolean();
            Tensor tensor = GoldenRows.tensor(input).requiresGrad(leaf);
            inputs.add(tensor);
            if (leaf) {
                differentiated.add(tensor);
            }
        }

        Arguments arguments = new Arguments(row.has("attrs") ? row.getAsJsonObject("attrs") : new JsonObject());
        if (arguments.flag("sameInput")) {
            inputs.add(inputs.get(0));
        }
        Tensor value = operation.apply(inputs.toArray(new Tensor[0]), arguments);
        assertClose("value", value, row.getAsJsonObject("output"), tolerance, 0);

        List<Tensor> gradients =
                gradients(value, GoldenRows.tensor(row.getAsJsonObject("cotangent")), differentiated, GraphMode.CREATE);
        assertAllClose("gradient", gradients, row.getAsJsonArray("grads"), tolerance);
        if (!row.has("hvp")) {
            return;
        }
        Tensor products = Tensor.scalar(0);
        for (int k = 0; k < gradients.size(); k++) {
            Tensor direction =
                    GoldenRows.tensor(row.getAsJsonArray("direction").get(k).getAsJsonObject());
            products = products.add(gradients.get(k).mul(direction).sum());
        }
        assertAllClose(
                "second-order product",
                gradients(products, Tensor.scalar(1), differentiated, GraphMode.FREE),
                row.getAsJsonArray("hvp"),
                tolerance,
                1);
    }

    /** Returns whether a row is of an elementwise function, which must agree to more digits than a sum. */
    private static boolean isPointwise(JsonObject row) {
        String id = row.get("id").getAsString();
        return (id.startsWith("unary/") || id.startsWith("binary/")) && !isInexact(row);
    }

    /** Returns whether PyTorch's derivatives of the row's function are less accurate: those of its digamma have 10 right digits. */
    private static boolean isInexact(JsonObject row) {
        String op = row.get("op").getAsString();
        return op.equals("lgamma") || op.equals("digamma");
    }

    private static List<Tensor> gradients(Tensor value, Tensor upstream, List<Tensor> inputs, GraphMode graph) {
        if (!value.requiresGrad()) {
            return inputs.stream().map(input -> input.detach().mul(0)).toList();
        }
        Gradients found = Autograd.gradients(List.of(value), List.of(upstream), inputs, graph);
        return inputs.stream()
                .map(input -> found.find(input).orElseGet(() -> Tensor.zerosLike(input)))
                .toList();
    }

    private static void assertAllClose(String what, List<Tensor> actual, JsonArray expected, double tolerance) {
        assertAllClose(what, actual, expected, tolerance, 0);
    }

    /**
     * Compares arrays. The tolerance is relative to the expected number, or to {@code floor} if the number is smaller. Second-order
     * products are sums of terms of about 1 that may cancel: in the golden rows of logaddexp there is 1.7e-18 in place of 0, and a number
     * in a row of atan2 has a relative error of 1.6e-12, as exact arithmetic shows.
     */
    private static void assertAllClose(
            String what, List<Tensor> actual, JsonArray expected, double tolerance, double floor) {
        assertThat(actual).as("number of each %s", what).hasSize(expected.size());
        for (int k = 0; k < actual.size(); k++) {
            assertClose(what + " of input " + k, actual.get(k), expected.get(k).getAsJsonObject(), tolerance, floor);
        }
    }

    private static void assertClose(String what, Tensor actual, JsonObject expected, double tolerance, double floor) {
        Tensor wanted = GoldenRows.tensor(expected);
        assertThat(actual.shape()).as("shape of the %s", what).isEqualTo(wanted.shape());
        double[] a = actual.detach().data().toDoubleArray();
        double[] b = wanted.data().toDoubleArray();
        for (int e = 0; e < a.length; e++) {
            boolean same = Double.compare(a[e], b[e]) == 0
                    || Math.abs(a[e] - b[e]) <= RESIDUE
                    || Math.abs(a[e] - b[e]) <= tolerance * (b[e] == 0 ? 1 : Math.max(Math.abs(b[e]), floor));
            assertThat(same)
                    .as("%s, element %d: %s, golden %s, tolerance %s", what, e, a[e], b[e], tolerance)
                    .isTrue();
        }
    }
}
