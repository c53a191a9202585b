package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.Schedule;
import io.adjoint.testkit.LayerSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes a golden row of nn in a dtype and compares the results. A FLOAT64 number may differ by 1e-10 times its absolute value or 1,
 * whichever is larger. A FLOAT32 number, computed from rounded inputs, may differ by 1e-5 times the largest absolute value of its array or
 * 1.
 */
record Replay(JsonObject row, DType dtype) {
    void run() {
        switch (row.get("kind").getAsString()) {
            case "layer" -> replayLayer();
            case "loss" -> replayLoss();
            case "optimizer" -> replayOptimizer();
            case "minimization" -> replayMinimization();
            case "schedule" -> replaySchedule();
            case "plateau" -> replayPlateau();
            case "metric" -> new MetricReplay(row, dtype).run();
            default -> throw new IllegalArgumentException("no such kind of row: " + row.get("kind"));
        }
    }

    private Arguments arguments() {
        return new Arguments(row.getAsJsonObject("args"));
    }

    /** The spec of a layer's row. */
    LayerSpec spec() {
        return named(LayerCatalogue.ROWS, LayerCatalogue.Row::type).golden().apply(arguments());
    }

    /** The block of a layer's row, in the state and the mode of the row. */
    Block block(LayerSpec spec) {
        Block block = spec.create(new Init(new Generator(1), dtype));
        Map<String, NdArray> state = arrays("state");
        // A block may have arrays of another dtype than its parameters.
        block.state().forEach((path, own) -> state.computeIfPresent(path, (same, array) -> array.to(own.dtype())));
        block.load(state);
        if (row.get("train").getAsBoolean()) {
            block.train();
        } else {
            block.eval();
        }
        return block;
    }

    private void replayLayer() {
        LayerSpec spec = spec();
        Block block = block(spec);
        List<Tensor> inputs = leaves("inputs");
        List<Tensor> outputs = spec.outputs(block, inputs.toArray(Tensor[]::new));
        Map<String, Tensor> parameters = block.namedParameters();
        List<Tensor> leaves = new ArrayList<>(inputs);
        leaves.addAll(parameters.values());
        Map<Tensor, Tensor> gradients = gradients(outputs, leaves);

        assertAllClose("output", outputs, row.getAsJsonArray("outputs"));
        assertGradients(inputs, gradients);
        JsonObject expected = row.getAsJsonObject("gradients");
        parameters.forEach((path, parameter) ->
                assertGradient("gradient of " + path, gradients.get(parameter), expected.get(path)));
        Map<String, NdArray> after = arrays("stateAfter");
        block.state().forEach((path, array) -> assertClose(path, array, Objects.requireNonNull(after.get(path), path)));
    }

    private void replayLoss() {
        List<Tensor> inputs = leaves("inputs");
        // The golden rows of losses of a prediction and a target are named after operations.
        Family.Golden ofFamily = GoldenLosses.all().get(row.get("name").getAsString());
        Tensor output = (ofFamily != null
                        ? ofFamily
                        : named(LossCatalogue.ROWS, LossCatalogue.Row::type).golden())
                .apply(inputs.toArray(Tensor[]::new), arguments());

        assertAllClose("output", List.of(output), row.getAsJsonArray("outputs"));
        assertGradients(inputs, gradients(List.of(output), inputs));
    }

    private void replayOptimizer() {
        List<Tensor> parameters = leaves("parameters");
        Optimizer optimizer = named(OptimizerCatalogue.ALL, OptimizerCatalogue.Row::type)
                .golden()
                .apply(parameters, arguments());
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
            JsonObject carried = row.getAsJsonObject("states").getAsJsonObject("" + (step + 1));
            if (carried != null) {
                assertCarried("after step " + step + ", ", optimizer.state(), carried);
            }
        }
    }

    /**
     * Compares the arrays in an optimizer's state. All of them must be expected, except counts of steps, which PyTorch doesn't keep for
     * some optimizers, the optimizer's own settings, and empty arrays.
     */
    private void assertCarried(String when, Map<String, NdArray> state, JsonObject expected) {
        expected.asMap()
                .forEach((name, array) -> assertClose(
                        when + name,
                        Objects.requireNonNull(state.get(name), name),
                        GoldenRows.tensor(array.getAsJsonObject()).data()));
        state.forEach((name, array) -> assertThat(expected.has(name)
                        || name.endsWith(".steps")
                        || name.startsWith(row.get("name").getAsString() + ".")
                        || array.size() == 0)
                .as("%s%s is in the golden state", when, name)
                .isTrue());
    }

    private void replayMinimization() {
        List<Tensor> parameters = leaves("parameters");
        Optimizer optimizer = named(OptimizerCatalogue.ALL, OptimizerCatalogue.Row::type)
                .golden()
                .apply(parameters, arguments());
        JsonElement matrix = row.get("matrix");
        JsonArray losses = row.getAsJsonArray("losses");
        for (int step = 0; step < losses.size(); step++) {
            Tensor loss = optimizer.step(() -> {
                optimizer.zeroGrad();
                Tensor z = Tensor.concat(
                        0, parameters.stream().map(Tensor::flatten).toList());
                Tensor value = matrix.isJsonNull()
                        ? valley(z)
                        : tensor(matrix).matmul(z).sub(1).square().sum();
                value.backward();
                return value;
            });
            double golden = losses.get(step).getAsDouble();
            assertClose("loss of step " + step, loss.detach().data(), NdArray.scalar(DType.FLOAT64, golden));
            assertAllClose(
                    "after step " + step + ", parameter",
                    parameters,
                    row.getAsJsonArray("trajectory").get(step).getAsJsonArray());
        }
    }

    /** Rosenbrock's function of as many dimensions as z has elements, with the factor 10. */
    private static Tensor valley(Tensor z) {
        int n = z.shape().dim(0);
        Tensor bend = z.slice(0, 1, n).sub(z.slice(0, 0, n - 1).square());
        return z.sub(1).square().sum().add(bend.square().sum().mul(10));
    }

    private void replaySchedule() {
        Schedule schedule = named(ScheduleCatalogue.ROWS, ScheduleCatalogue.Row::type)
                .golden()
                .apply(arguments());
        JsonArray values = row.getAsJsonArray("values");
        for (int step = 0; step < values.size(); step++) {
            assertRate("at step " + step, schedule.at(step), values.get(step).getAsDouble());
        }
    }

    /** Compares rates with a relative tolerance of 1e-10, or an absolute one of 1e-16 for rates below 1e-6. */
    private static void assertRate(String when, double actual, double expected) {
        assertThat(actual).as(when).isCloseTo(expected, within(1e-10 * Math.max(1e-6, Math.abs(expected))));
    }

    private void replayPlateau() {
        Plateau plateau = ScheduleCatalogue.plateau(arguments());
        JsonArray metrics = row.getAsJsonArray("metrics");
        for (int step = 0; step < metrics.size(); step++) {
            assertRate(
                    "after metric " + step,
                    plateau.step(metrics.get(step).getAsDouble()),
                    row.getAsJsonArray("values").get(step).getAsDouble());
        }
    }

    private <R> R named(List<R> rows, Function<R, Class<?>> type) {
        String name = row.get("name").getAsString();
        return rows.stream()
                .filter(candidate -> type.apply(candidate).getSimpleName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no row of the catalogue is of " + name));
    }

    /** The gradients of the floating leaves, except those that the outputs do not depend on. */
    private Map<Tensor, Tensor> gradients(List<Tensor> outputs, List<Tensor> leaves) {
        List<Tensor> floating =
                leaves.stream().filter(leaf -> leaf.dtype().isFloating()).toList();
        if (outputs.stream().noneMatch(Tensor::requiresGrad)) {
            return Map.of();
        }
        Gradients found =
                Autograd.gradients(outputs, tensors(row.getAsJsonArray("cotangents")), floating, GraphMode.FREE);
        Map<Tensor, Tensor> gradients = new LinkedHashMap<>();
        floating.forEach(leaf -> found.find(leaf).ifPresent(gradient -> gradients.put(leaf, gradient)));
        return gradients;
    }

    // ---- reading ----

    private Tensor tensor(JsonElement array) {
        Tensor tensor = GoldenRows.tensor(array.getAsJsonObject());
        return tensor.dtype().isFloating() ? tensor.to(dtype) : tensor;
    }

    private List<Tensor> tensors(JsonArray arrays) {
        return arrays.asList().stream().map(this::tensor).toList();
    }

    List<Tensor> leaves(String name) {
        return tensors(row.getAsJsonArray(name)).stream()
                .map(tensor -> tensor.dtype().isFloating() ? tensor.requiresGrad(true) : tensor)
                .toList();
    }

    private Map<String, NdArray> arrays(String name) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        row.getAsJsonObject(name)
                .asMap()
                .forEach((path, array) -> arrays.put(path, tensor(array).data()));
        return arrays;
    }

    // ---- comparing ----

    private void assertGradients(List<Tensor> inputs, Map<Tensor, Tensor> gradients) {
        JsonArray expected = row.getAsJsonArray("inputGradients");
        for (int k = 0; k < inputs.size(); k++) {
            assertGradient("gradient of input " + k, gradients.get(inputs.get(k)), expected.get(k));
        }
    }

    /** Compares a gradient. Where PyTorch has none, there must be none or zeros; where the library has none, PyTorch must have zeros. */
    private void assertGradient(String what, @Nullable Tensor actual, JsonElement expected) {
        if (expected.isJsonNull()) {
            assertThat(actual == null || actual.eq(0).all().item() == 1)
                    .as(what + " is not 0")
                    .isTrue();
        } else {
            NdArray golden = GoldenRows.tensor(expected.getAsJsonObject()).data();
            assertClose(what, actual == null ? NdArray.zeros(DType.FLOAT64, golden.shape()) : actual.data(), golden);
        }
    }

    private void assertAllClose(String what, List<Tensor> actual, JsonArray expected) {
        assertThat(actual).as("number of each %s", what).hasSize(expected.size());
        for (int k = 0; k < actual.size(); k++) {
            assertClose(
                    what + " " + k,
                    actual.get(k).detach().data(),
                    GoldenRows.tensor(expected.get(k).getAsJsonObject()).data());
        }
    }

    private void assertClose(String what, NdArray actual, NdArray expected) {
        assertThat(actual.shape()).as("shape of %s", what).isEqualTo(expected.shape());
        double[] a = actual.toDoubleArray();
        double[] b = expected.toDoubleArray();
        double largest =
                Arrays.stream(b).map(Math::abs).filter(Double::isFinite).max().orElse(0);
        for (int e = 0; e < a.length; e++) {
            double bound = dtype == DType.FLOAT64 ? 1e-10 * Math.max(1, Math.abs(b[e])) : 1e-5 * Math.max(1, largest);
            assertThat(a[e] == b[e] || (Double.isNaN(a[e]) && Double.isNaN(b[e])) || Math.abs(a[e] - b[e]) <= bound)
                    .as("%s, element %d: %s, golden %s", what, e, a[e], b[e])
                    .isTrue();
        }
    }
}
