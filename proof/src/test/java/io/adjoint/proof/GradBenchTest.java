package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.adjoint.autograd.Tensor;
import io.adjoint.benchmarks.gradbench.GradBench;
import io.adjoint.core.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Talks with the tool for GradBench as its evals do. Derivatives are compared with differences of the values that the tool itself gives for
 * neighbouring inputs; values with definitions, where they are short.
 */
@Tag("slow")
@Tag("any-jdk")
class GradBenchTest {
    private static final Gson GSON = new Gson();

    @Test
    void answersAsTheProtocolSays() {
        assertThat(GradBench.answer("{\"id\": 0, \"kind\": \"start\", \"eval\": \"hello\"}"))
                .startsWith("{\"id\":0,\"tool\":\"adjoint\"");
        assertThat(GradBench.answer("{\"id\": 1, \"kind\": \"define\", \"module\": \"hello\"}"))
                .isEqualTo("{\"id\":1,\"success\":true}");
        assertThat(
                        GradBench.answer(
                                "{\"id\": 2, \"kind\": \"evaluate\", \"module\": \"hello\", \"function\": \"double\", \"input\": 3}"))
                .startsWith(
                        "{\"id\":2,\"success\":true,\"output\":6.0,\"timings\":[{\"name\":\"warmup\",\"nanoseconds\":");
        assertThat(GradBench.answer("{\"id\": 3, \"kind\": \"analysis\", \"of\": 2, \"valid\": true}"))
                .isEqualTo("{\"id\":3}");
    }

    @Test
    void saysWhatItLacks() {
        assertThat(GradBench.answer("{\"id\": 1, \"kind\": \"define\", \"module\": \"fft\"}"))
                .contains("\"success\":false", "there is no eval 'fft'");
        assertThat(
                        GradBench.answer(
                                "{\"id\": 2, \"kind\": \"evaluate\", \"module\": \"lse\", \"function\": \"hessian\", \"input\": {}}"))
                .contains("\"success\":false", "no function 'hessian'", "[primal, gradient]");
    }

    @ParameterizedTest
    @CsvSource({"5, ', \"min_runs\": 5, \"min_seconds\": 0'", "1, ''"})
    void runsAsOftenAsTheInputAsks(int runs, String asked) {
        JsonObject input = parse("{'x': [1, 2]" + asked + "}");
        JsonObject message = new JsonObject();
        message.addProperty("id", 1);
        message.addProperty("kind", "evaluate");
        message.addProperty("module", "lse");
        message.addProperty("function", "gradient");
        message.add("input", input);
        JsonObject response =
                JsonParser.parseString(GradBench.answer(message.toString())).getAsJsonObject();
        assertThat(response.getAsJsonArray("timings"))
                .filteredOn(timing -> timing.toString().contains("evaluate"))
                .hasSize(runs);
    }

    @Test
    void gradientsAreDerivativesOfValues() {
        Generator rng = new Generator(1);
        requireGradient("lse", "primal", "gradient", parse("{'x': [0.5, 2, 2, -1]}"), "x");
        requireGradient("llsq", "primal", "gradient", parse("{'x': [0.3, -0.2, 0.7], 'n': 6}"), "x");
        requireGradient("ode", "primal", "gradient", parse("{'x': [0.3, 0.9, 0.7], 's': 3}"), "x");
        requireGradient("det", "primal", "gradient", matrix(rng, 4), "A");
        requireGradient("det", "primal", "gradient", matrix(rng, 8), "A");
        requireGradient("gmm", "objective", "jacobian", mixture(rng, 3, 2, 4), "alpha", "mu", "q", "l");
        JsonObject lstm = new JsonObject();
        lstm.add("main_params", random(rng, 4, 12));
        lstm.add("extra_params", random(rng, 3, 3));
        lstm.add("state", random(rng, 4, 3));
        lstm.add("sequence", random(rng, 6, 3));
        requireGradient("lstm", "objective", "jacobian", lstm, "main_params", "extra_params");
    }

    @Test
    void valuesAreThoseOfTheDefinitions() {
        assertThat(numbers(evaluate("lse", "primal", parse("{'x': [0, 0]}"))))
                .containsExactly(new double[] {Math.log(2)}, within(1e-12));
        assertThat(numbers(evaluate("llsq", "primal", parse("{'x': [0], 'n': 3}"))))
                .containsExactly(new double[] {1}, within(1e-12));
    }

    /** A mixture's density as the eval's page defines it, before any simplification, by products of determinants. */
    @Test
    void mixtureHasTheDefinedDensity() {
        JsonObject in = parse("{'d': 1, 'k': 2, 'n': 2, 'x': [[0.5], [-1]], 'm': 1, 'gamma': 1.5, 'alpha': [0.2, -0.4],"
                + " 'mu': [[0.1], [0.7]], 'q': [[0.3], [-0.6]], 'l': [[], []]}");
        double[] weights = {
            Math.exp(0.2) / (Math.exp(0.2) + Math.exp(-0.4)), Math.exp(-0.4) / (Math.exp(0.2) + Math.exp(-0.4))
        };
        double[] precisions = {Math.exp(0.6), Math.exp(-1.2)};
        double density = 1;
        for (double x : new double[] {0.5, -1}) {
            density *= weights[0] * normal(x - 0.1, precisions[0]) + weights[1] * normal(x - 0.7, precisions[1]);
        }
        for (double precision : precisions) {
            // The Wishart density of one dimension, with 3 degrees of freedom and the scale 1/γ²; Γ(3/2) = √π / 2.
            double scale = 1 / (1.5 * 1.5);
            density *= Math.sqrt(precision)
                    * Math.exp(-precision / scale / 2)
                    / (Math.pow(2 * scale, 1.5) * Math.sqrt(Math.PI) / 2);
        }
        assertThat(numbers(evaluate("gmm", "objective", in))[0]).isCloseTo(Math.log(density), within(1e-12));
    }

    private static double normal(double x, double precision) {
        return Math.sqrt(precision / (2 * Math.PI)) * Math.exp(-precision * x * x / 2);
    }

    @Test
    void newtonsDirectionLeadsFromTheMeanOfTheNearestPoints() {
        JsonObject in = parse("{'points': [[0, 0], [0, 2], [5, 5], [6, 6]], 'centroids': [[0, 0], [6, 6]]}");
        assertThat(numbers(evaluate("kmeans", "cost", in))).containsExactly(4 + 2);
        assertThat(numbers(evaluate("kmeans", "dir", in))).containsExactly(0, -1, 0.5, 0.5);
    }

    @Test
    void determinantsAreThoseOfAFactorization() {
        for (int n : new int[] {1, 2, 5, 8, 9}) {
            JsonObject in = matrix(new Generator(n), n);
            double expected =
                    Tensor.of(numbers(in.get("A"))).reshape(n, n).det().item();
            assertThat(numbers(evaluate("det", "primal", in))[0]).isCloseTo(expected, within(1e-12));
        }
    }

    /** One step of a network of one layer, written out. */
    @Test
    void lstmHasTheDefinedLoss() {
        JsonObject in = parse(
                "{'main_params': [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]], 'extra_params': [[0.9], [1.1], [1.2]],"
                        + " 'state': [[0.25], [0.75]], 'sequence': [[1], [1]]}");
        double cell = 0.75 * sigmoid(0.9 * 0.1 + 0.5) + sigmoid(0.25 * 0.2 + 0.6) * Math.tanh(0.25 * 0.4 + 0.8);
        double prediction = sigmoid(0.9 * 0.3 + 0.7) * Math.tanh(cell) * 1.1 + 1.2;
        assertThat(numbers(evaluate("lstm", "objective", in))[0])
                .isCloseTo(-(prediction - Math.log(Math.exp(prediction) + 2)), within(1e-14));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** The Jacobian has two rows for each observation, of which the output has the first's, and a last one for each weight. */
    @Test
    void bundleAdjustmentHasTheJacobianOfItsErrors() {
        JsonObject in = parse("{'n': 1, 'm': 1, 'p': 11, 'cam': [0.01, 0.2, 0.03, 0.4, 0.5, 0.6, 700, 8, 9, 0.1, 0.02],"
                + " 'x': [1.1, 2.2, 7.3], 'w': 0.8, 'feat': [0.5, -0.5]}");
        JsonObject jacobian = evaluate("ba", "jacobian", in).getAsJsonObject();
        double[][] columns = differences(
                v -> numbers(evaluate("ba", "objective", v)
                        .getAsJsonObject()
                        .getAsJsonObject("reproj_error")
                        .get("elements")),
                in,
                "cam",
                "x",
                "w");
        double[] rows = transposed(columns);
        double[] expected = Arrays.copyOf(rows, 31);
        expected[30] = -2 * 0.8;
        requireClose(numbers(jacobian.get("vals")), expected);
        double[] starts = new double[31];
        for (int row = 0; row < 30; row++) {
            starts[row] = row <= 22 ? 15 * row : 330 + row - 22;
        }
        starts[30] = 341;
        assertThat(numbers(jacobian.get("rows"))).containsExactly(starts);
        double[] cols = new double[31];
        for (int k = 0; k < 30; k++) {
            cols[k] = k % 15;
        }
        cols[30] = 24;
        assertThat(numbers(jacobian.get("cols"))).containsExactly(cols);
    }

    @Test
    void handTrackingHasTheJacobianOfItsErrors() {
        JsonObject simple = hand(new Generator(4));
        JsonObject triangles = hand(new Generator(5));
        triangles.add("us", GSON.toJsonTree(new double[][] {{0.2, 0.3}, {0.6, 0.1}}));
        double[][] columns = differences(v -> numbers(evaluate("ht", "objective", v)), simple, "theta");
        requireClose(numbers(evaluate("ht", "jacobian", simple)), transposed(columns));
        double[][] all = differences(v -> numbers(evaluate("ht", "objective", v)), triangles, "us", "theta");
        double[][] own = new double[28][];
        for (int k = 0; k < 2; k++) {
            own[k] = new double[6];
            System.arraycopy(all[k], 0, own[k], 0, 3);
            System.arraycopy(all[2 + k], 3, own[k], 3, 3);
        }
        System.arraycopy(all, 4, own, 2, 26);
        requireClose(numbers(evaluate("ht", "jacobian", triangles)), transposed(own));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "fr", "rf", "rr"})
    void saddleIsAtTheOrigin(String function) {
        double[] saddle = numbers(evaluate("saddle", function, parse("{'start': [1, 1]}")));
        assertThat(saddle).hasSize(4).containsExactly(new double[] {0, 0, 0, 0}, within(1e-4));
    }

    @Test
    void particleEndsAtTheOriginForTheChargeThatGradBenchExpects() {
        assertThat(numbers(evaluate("particle", "fr", parse("{'w': 0}")))[0])
                .isCloseTo(0.2071918746486116, within(1e-4));
    }

    // ---- messages and differences ----

    private interface Values {
        double[] of(JsonObject input);
    }

    private static void requireGradient(
            String module, String value, String derivative, JsonObject input, String... names) {
        double[][] columns = differences(
                in -> {
                    double[] values = numbers(evaluate(module, value, in));
                    return new double[] {values[values.length - 1]};
                },
                input,
                names);
        requireClose(numbers(evaluate(module, derivative, input)), transposed(columns));
    }

    private static void requireClose(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int k = 0; k < actual.length; k++) {
            assertThat(actual[k]).as("number %d", k).isCloseTo(expected[k], within(1e-6 * (1 + Math.abs(expected[k]))));
        }
    }

    /** For each number in the named parts of an input the derivatives of all values with respect to it, by central differences. */
    private static double[][] differences(Values values, JsonObject input, String... names) {
        List<double[]> columns = new ArrayList<>();
        for (String name : names) {
            for (int k = 0; k < numbers(input.get(name)).length; k++) {
                double[] above = values.of(moved(input, name, k, 1e-6));
                double[] below = values.of(moved(input, name, k, -1e-6));
                double[] column = new double[above.length];
                for (int i = 0; i < column.length; i++) {
                    column[i] = (above[i] - below[i]) / 2e-6;
                }
                columns.add(column);
            }
        }
        return columns.toArray(new double[0][]);
    }

    private static JsonObject moved(JsonObject input, String name, int k, double by) {
        JsonObject copy = input.deepCopy();
        int[] countdown = {k};
        copy.add(name, moved(copy.get(name), countdown, by));
        return copy;
    }

    private static JsonElement moved(JsonElement element, int[] countdown, double by) {
        if (element.isJsonPrimitive()) {
            return countdown[0]-- == 0 ? new JsonPrimitive(element.getAsDouble() + by) : element;
        }
        JsonArray moved = new JsonArray();
        element.getAsJsonArray().forEach(each -> moved.add(moved(each, countdown, by)));
        return moved;
    }

    private static double[] transposed(double[][] columns) {
        double[] rows = new double[columns.length * columns[0].length];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = columns[k % columns.length][k / columns.length];
        }
        return rows;
    }

    private static JsonElement evaluate(String module, String function, JsonObject input) {
        Map<String, Object> message =
                Map.of("id", 1, "kind", "evaluate", "module", module, "function", function, "input", input);
        JsonObject response =
                JsonParser.parseString(GradBench.answer(GSON.toJson(message))).getAsJsonObject();
        assertThat(response.get("success").getAsBoolean())
                .as(response.toString())
                .isTrue();
        return response.get("output");
    }

    /** All numbers in a value, in order. */
    private static double[] numbers(JsonElement value) {
        if (value.isJsonPrimitive()) {
            return new double[] {value.getAsDouble()};
        }
        DoubleStream.Builder numbers = DoubleStream.builder();
        Iterable<JsonElement> parts = value.isJsonArray()
                ? value.getAsJsonArray()
                : value.getAsJsonObject().asMap().values();
        parts.forEach(part -> DoubleStream.of(numbers(part)).forEach(numbers::add));
        return numbers.build().toArray();
    }

    private static JsonObject parse(String json) {
        return JsonParser.parseString(json.replace('\'', '"')).getAsJsonObject();
    }

    private static JsonElement random(Generator rng, int rows, int columns) {
        return GSON.toJsonTree(Tensor.uniform(-1, 1, rng, rows, columns).toArray(double[][].class));
    }

    private static JsonObject matrix(Generator rng, int n) {
        JsonObject in = new JsonObject();
        in.add("A", random(rng, 1, n * n).getAsJsonArray().get(0));
        in.addProperty("ell", n);
        return in;
    }

    private static JsonObject mixture(Generator rng, int d, int k, int n) {
        JsonObject in = parse("{'m': 1, 'gamma': 0.8}");
        in.addProperty("d", d);
        in.addProperty("k", k);
        in.addProperty("n", n);
        in.add("x", random(rng, n, d));
        in.add("alpha", random(rng, 1, k).getAsJsonArray().get(0));
        in.add("mu", random(rng, k, d));
        in.add("q", random(rng, k, d));
        in.add("l", random(rng, k, d * (d - 1) / 2));
        return in;
    }

    /** A hand with the 22 bones of the eval's models, 5 vertices, and 2 points. */
    private static JsonObject hand(Generator rng) {
        int bones = 22;
        int vertices = 5;
        int[] parents = new int[bones];
        for (int bone = 0; bone < bones; bone++) {
            parents[bone] = bone == 0 ? -1 : bone % 4 == 2 ? 1 : bone - 1;
        }
        JsonObject model = new JsonObject();
        model.add("parents", GSON.toJsonTree(parents));
        model.add("base_relatives", transforms(rng, bones));
        model.add("inverse_base_absolutes", transforms(rng, bones));
        model.add("base_positions", random(rng, vertices, 4));
        model.add("weights", random(rng, vertices, bones));
        model.add("triangles", GSON.toJsonTree(new int[][] {{0, 1, 2}, {2, 3, 4}}));
        model.addProperty("is_mirrored", true);
        JsonObject data = new JsonObject();
        data.add("model", model);
        data.add("correspondences", GSON.toJsonTree(new int[] {1, 0}));
        data.add("points", random(rng, 2, 3));
        JsonObject in = new JsonObject();
        in.add("theta", random(rng, 1, 26).getAsJsonArray().get(0));
        in.add("data", data);
        in.add("us", new JsonArray());
        return in;
    }

    private static JsonElement transforms(Generator rng, int count) {
        double[][][] transforms = Tensor.uniform(-0.5, 0.5, rng, count, 4, 4).toArray(double[][][].class);
        for (double[][] transform : transforms) {
            transform[3] = new double[] {0, 0, 0, 1};
        }
        return GSON.toJsonTree(transforms);
    }
}
