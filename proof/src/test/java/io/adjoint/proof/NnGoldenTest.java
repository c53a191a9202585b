package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays what PyTorch 2.6 computed in float64: outputs, gradients and running statistics of layers and losses, trajectories of
 * optimizers, values of schedules. The system property {@code adjoint.golden.nn} names another file of the same format to replay.
 */
class NnGoldenTest {
    private static final double TOLERANCE = 1e-10;

    @TestFactory
    Stream<DynamicTest> layersLossesOptimizersAndSchedulesAreThoseOfTheGoldenFile() throws IOException {
        List<JsonObject> rows = GoldenRows.read("adjoint.golden.nn", "nn.jsonl.gz");
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.get("name").getAsString() + " " + row.get("args"), () -> replay(row)));
    }

    private static void replay(JsonObject row) {
        switch (row.get("kind").getAsString()) {
            case "layer" -> replayLayer(row);
            case "loss" -> replayLoss(row);
            case "optimizer" -> replayOptimizer(row);
            case "schedule" -> replaySchedule(row);
            default -> throw new IllegalArgumentException("no such kind of row: " + row.get("kind"));
        }
    }

    private static String name(JsonObject row) {
        return row.get("name").getAsString();
    }

    private static Arguments arguments(JsonObject row) {
        return new Arguments(row.getAsJsonObject("args"));
    }

    private static void replayLayer(JsonObject row) {
        LayerCatalogue.Row entry = LayerCatalogue.ROWS.stream()
                .filter(candidate -> candidate.type().getSimpleName().equals(name(row)))
                .findFirst()
                .orElseThrow();
        Block block = entry.golden().apply(arguments(row));
        block.load(arrays(row, "state"));
        if (row.get("train").getAsBoolean()) {
            block.train();
        } else {
            block.eval();
        }
        List<Tensor> inputs = leaves(row);
        List<Tensor> outputs = entry.spec().outputs(block, inputs.toArray(Tensor[]::new));
        Map<String, Tensor> parameters = block.namedParameters();
        List<Tensor> leaves = new ArrayList<>(inputs);
        leaves.addAll(parameters.values());
        Gradients gradients =
                Autograd.gradients(outputs, tensors(row.getAsJsonArray("cotangents")), leaves, GraphMode.FREE);

        assertAllClose("output", outputs, row.getAsJsonArray("outputs"));
        assertAllClose(
                "gradient of input", inputs.stream().map(gradients::of).toList(), row.getAsJsonArray("inputGradients"));
        Map<String, NdArray> expected = arrays(row, "gradients");
        parameters.forEach((path, parameter) ->
                assertClose("gradient of " + path, gradients.of(parameter).data(), at(expected, path)));
        Map<String, NdArray> after = arrays(row, "stateAfter");
        block.state().forEach((path, array) -> assertClose(path, array, at(after, path)));
    }

    private static void replayLoss(JsonObject row) {
        LossCatalogue.Row entry = LossCatalogue.ROWS.stream()
                .filter(candidate -> candidate.type().getSimpleName().equals(name(row)))
                .findFirst()
                .orElseThrow();
        List<Tensor> inputs = leaves(row);
        Tensor output = entry.golden().apply(inputs.toArray(Tensor[]::new), arguments(row));
        Gradients gradients =
                Autograd.gradients(List.of(output), tensors(row.getAsJsonArray("cotangents")), inputs, GraphMode.FREE);

        assertAllClose("output", List.of(output), row.getAsJsonArray("outputs"));
        assertAllClose(
                "gradient of input", inputs.stream().map(gradients::of).toList(), row.getAsJsonArray("inputGradients"));
    }

    private static void replayOptimizer(JsonObject row) {
        OptimizerCatalogue.OptimizerRow entry = OptimizerCatalogue.OPTIMIZERS.stream()
                .filter(candidate -> candidate.type().getSimpleName().equals(name(row)))
                .findFirst()
                .orElseThrow();
        List<Tensor> parameters = tensors(row.getAsJsonArray("parameters")).stream()
                .map(parameter -> parameter.requiresGrad(true))
                .toList();
        Optimizer optimizer = entry.golden().apply(parameters, arguments(row));
        JsonArray gradients = row.getAsJsonArray("gradients");
        for (int step = 0; step < gradients.size(); step++) {
            List<Tensor> given = tensors(gradients.get(step).getAsJsonArray());
            for (int k = 0; k < given.size(); k++) {
                parameters.get(k).setGrad(given.get(k));
            }
            optimizer.step();
            assertAllClose(
                    "after step " + step + ", parameter",
                    parameters,
                    row.getAsJsonArray("trajectory").get(step).getAsJsonArray());
        }
    }

    private static void replaySchedule(JsonObject row) {
        OptimizerCatalogue.ScheduleRow entry = OptimizerCatalogue.SCHEDULES.stream()
                .filter(candidate -> candidate.type().getSimpleName().equals(name(row)))
                .findFirst()
                .orElseThrow();
        Schedule schedule = entry.golden().apply(arguments(row));
        JsonArray values = row.getAsJsonArray("values");
        double[] actual = new double[values.size()];
        double[] expected = new double[values.size()];
        for (int step = 0; step < actual.length; step++) {
            actual[step] = schedule.at(step);
            expected[step] = values.get(step).getAsDouble();
        }
        assertClose(
                "schedule", NdArray.of(Shape.of(actual.length), actual), NdArray.of(Shape.of(actual.length), expected));
    }

    // ---- reading ----

    private static List<Tensor> leaves(JsonObject row) {
        return tensors(row.getAsJsonArray("inputs")).stream()
                .map(input -> input.requiresGrad(true))
                .toList();
    }

    private static List<Tensor> tensors(JsonArray arrays) {
        return arrays.asList().stream()
                .map(array -> GoldenRows.tensor(array.getAsJsonObject()))
                .toList();
    }

    private static Map<String, NdArray> arrays(JsonObject row, String name) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : row.getAsJsonObject(name).entrySet()) {
            arrays.put(
                    entry.getKey(),
                    GoldenRows.tensor(entry.getValue().getAsJsonObject()).data());
        }
        return arrays;
    }

    private static NdArray at(Map<String, NdArray> arrays, String path) {
        return Objects.requireNonNull(arrays.get(path), path);
    }

    // ---- comparing ----

    private static void assertAllClose(String what, List<Tensor> actual, JsonArray expected) {
        assertThat(actual).as("number of each %s", what).hasSize(expected.size());
        for (int k = 0; k < actual.size(); k++) {
            assertClose(
                    what + " " + k,
                    actual.get(k).detach().data(),
                    GoldenRows.tensor(expected.get(k).getAsJsonObject()).data());
        }
    }

    /** Within 1e-10 of the number, or of 1 where it is smaller. */
    private static void assertClose(String what, NdArray actual, NdArray expected) {
        assertThat(actual.shape()).as("shape of %s", what).isEqualTo(expected.shape());
        double[] a = actual.toDoubleArray();
        double[] b = expected.toDoubleArray();
        for (int e = 0; e < a.length; e++) {
            assertThat(Math.abs(a[e] - b[e]))
                    .as("%s, element %d: %s, golden %s", what, e, a[e], b[e])
                    .isLessThanOrEqualTo(TOLERANCE * Math.max(1, Math.abs(b[e])));
        }
    }
}
