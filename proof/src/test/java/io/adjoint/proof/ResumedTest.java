package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Replacement;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.BatchSampler;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.Sampler;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.NormOptions;
import io.adjoint.nn.layer.SpectralNorm;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.optim.WeightAverage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests that every stateful object, when a new one is loaded with its state, continues with the bits of the uninterrupted run. The state is
 * saved before the first step and after each step, also during warm-up, cool-down, patience and at the end of an epoch.
 */
class ResumedTest {
    /**
     * The stateful objects of a run, and the run's step.
     *
     * @param parts the stateful objects
     * @param step makes the step with a number, and returns its result
     */
    private record Run(List<Stateful> parts, IntFunction<Object> step) {
        List<Map<String, NdArray>> states() {
            return parts.stream().map(Stateful::state).toList();
        }
    }

    /**
     * A test of stateful objects; {@code start} begins a run; with another seed, everything that a state restores starts from other
     * numbers.
     */
    private record Row(String name, int steps, LongFunction<Run> start) {}

    @TestFactory
    Stream<DynamicTest> aStateAfterAnyStepGoesOnWithTheSameBits() throws IOException {
        return Stream.of(optimizers(), plateaus(), averages(), generators(), loaders(), blocks())
                .flatMap(List::stream)
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
    }

    private static void check(Row row) {
        Run whole = row.start().apply(1);
        List<List<Map<String, NdArray>>> states = new ArrayList<>(List.of(whole.states()));
        List<Object> given = new ArrayList<>();
        for (int step = 0; step < row.steps(); step++) {
            given.add(whole.step().apply(step));
            states.add(whole.states());
        }
        for (int begun = 0; begun <= row.steps(); begun++) {
            Run resumed = row.start().apply(2 + begun);
            for (int part = 0; part < resumed.parts().size(); part++) {
                resumed.parts().get(part).load(states.get(begun).get(part));
            }
            assertThat(resumed.states()).as("after %d steps", begun).isEqualTo(states.get(begun));
            for (int step = begun; step < row.steps(); step++) {
                assertThat(resumed.step().apply(step))
                        .as("step %d of a run that was resumed after %d", step, begun)
                        .isEqualTo(given.get(step));
            }
            assertThat(resumed.states()).as("the end, after %d steps", begun).isEqualTo(states.get(row.steps()));
        }
    }

    // ---- optimizers and averages ----

    /** The settings of all golden rows, and further settings under which averaging begins early, or a history is filled. */
    private static List<Row> optimizers() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (JsonObject golden : GoldenRows.published("nn/optimizers.jsonl.gz")) {
            rows.add(optimizer(golden.get("name").getAsString(), golden.getAsJsonObject("args")));
        }
        JsonObject soon = new JsonObject();
        soon.addProperty("lr", 0.05);
        soon.addProperty("start", 3);
        rows.add(optimizer("ASGD", soon));
        JsonObject filling = new JsonObject();
        filling.addProperty("lr", 0.5);
        filling.addProperty("maxIterations", 1);
        filling.addProperty("history", 4);
        rows.add(optimizer("LBFGS", filling));
        return rows;
    }

    private static Row optimizer(String name, JsonObject args) {
        OptimizerCatalogue.Row row = OptimizerCatalogue.ALL.stream()
                .filter(candidate -> candidate.type().getSimpleName().equals(name))
                .findFirst()
                .orElseThrow();
        // Eight steps are made, since RAdam rectifies from its sixth step on.
        return new Row(name + " " + args, 8, seed -> {
            Layer model = model(seed);
            Optimizer optimizer = row.golden().apply(row.taken(model.parameters()), new Arguments(args));
            return new Run(List.of(model, optimizer), step -> trained(model, optimizer, step));
        });
    }

    private static Layer model(long seed) {
        return new Dense(3, 2, new Init(new Generator(seed)));
    }

    /** Makes a step on data of its own. Step 3 also changes the learning rate, which is part of the state. */
    private static Object trained(Layer model, Optimizer optimizer, int step) {
        Tensor x = Tensor.randn(new Generator(step), 4, 3)
                .to(model.parameters().get(0).dtype());
        if (step == 3) {
            optimizer.learningRate(optimizer.learningRate() / 2);
        }
        Tensor loss = optimizer.step(() -> {
            optimizer.zeroGrad();
            Tensor value = model.forward(x).sub(1).square().mean();
            value.backward();
            return value;
        });
        return loss.detach().data();
    }

    private static List<Row> averages() {
        return List.of(
                average("exponential average", model -> WeightAverage.ema(model, 0.75)),
                average("mean of all", WeightAverage::swa));
    }

    private static Row average(String name, Function<Layer, WeightAverage> kind) {
        return new Row(name, 4, seed -> {
            Layer model = model(seed);
            SGD sgd = new SGD(model.parameters(), 0.1);
            WeightAverage average = kind.apply(model);
            return new Run(List.of(model, average), step -> {
                Object loss = trained(model, sgd, step);
                average.update();
                return loss;
            });
        });
    }

    // ---- learning rates ----

    private static List<Row> plateaus() {
        return List.of(
                plateau(
                        "plateau",
                        new double[] {5, 4, 4, 4, 4, 4, 4, 3, 3, 3, Double.NaN, 3, 3, 3},
                        p -> p.patience(1)),
                plateau(
                        "plateau that cools down",
                        new double[] {5, 5, 5, 5, 5, 5, 4, 5, 5, 5, 5, 5, 5, 5, 5},
                        p -> p.patience(1).cooldown(2)),
                plateau(
                        "plateau of a score",
                        new double[] {1, 2, 2, 3, 2.9, 2.9, 3.05, 3, 3, 3, 3},
                        p -> p.goal(Goal.MAX).patience(0).cooldown(1).absoluteThreshold(0.1)),
                plateau(
                        "plateau with a smallest rate",
                        new double[] {1, 1, 1, 1, 1, 1},
                        p -> p.patience(0).minRate(0.1).minDecrease(0.2)));
    }

    private static Row plateau(String name, double[] metrics, Function<Plateau, Plateau> settings) {
        return new Row(name, metrics.length, seed -> {
            Plateau plateau = settings.apply(new Plateau(1).factor(0.5));
            return new Run(List.of(plateau), step -> plateau.step(metrics[step]));
        });
    }

    // ---- random numbers and data ----

    private static List<Row> generators() {
        List<Function<Generator, Object>> draws = List.of(
                Generator::nextInt,
                Generator::nextDouble,
                Generator::nextGaussian,
                Generator::nextBoolean,
                rng -> rng.nextInt(7),
                rng -> Tensor.randn(rng, 3).data(),
                Generator::nextGaussian,
                Generator::nextFloat,
                rng -> Tensor.uniform(0, 1, rng, 3).data(),
                Generator::nextLong);
        return List.of(new Row("generator", draws.size(), seed -> {
            Generator rng = new Generator(seed);
            return new Run(List.of(rng), step -> draws.get(step).apply(rng));
        }));
    }

    private static List<Row> loaders() {
        return List.of(
                loader("loader in order", (loader, rng) -> loader),
                loader("loader that shuffles", DataLoader::shuffle),
                loader(
                        "loader that shuffles, with workers",
                        (loader, rng) -> loader.shuffle(rng).workers(2)),
                loader(
                        "loader without the last batch",
                        (loader, rng) -> loader.shuffle(rng).dropLast(true)),
                loader(
                        "loader with repetitions",
                        (loader, rng) -> loader.sampler(Sampler.weighted(
                                        new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 9, Replacement.WITH))
                                .generator(rng)),
                loader(
                        "loader of like lengths",
                        (loader, rng) ->
                                loader.shuffle(rng).batchSampler(BatchSampler.ofSimilarLength(k -> k % 3, 2))));
    }

    /** A loader of randomly augmented samples, over several epochs. */
    private static Row loader(
            String name, BiFunction<DataLoader<List<Object>>, Generator, DataLoader<List<Object>>> of) {
        return new Row(name, 11, seed -> {
            Dataset<Object> noisy =
                    Dataset.of(11, k -> (Object) k).augment((k, random) -> List.of(k, random.nextDouble()));
            Generator rng = new Generator(seed);
            DataLoader<List<Object>> loader =
                    of.apply(new DataLoader<>(noisy, 3, samples -> List.copyOf(samples)).generator(rng), rng);
            List<Iterator<List<Object>>> epoch = new ArrayList<>();
            return new Run(List.of(loader), step -> {
                // An epoch of which all batches were taken before the state was saved has no batch left.
                while (epoch.isEmpty() || !epoch.get(0).hasNext()) {
                    epoch.clear();
                    epoch.add(loader.iterator());
                }
                return epoch.get(0).next();
            });
        });
    }

    // ---- blocks ----

    /** Blocks whose buffers change in training. */
    private static List<Row> blocks() {
        return List.of(
                block("batch norm", (init, rng) -> new BatchNorm1d(3, init)),
                block(
                        "batch norm that averages all",
                        (init, rng) -> new BatchNorm1d(3, new NormOptions().cumulativeAverage(), init)),
                block("spectral norm", (init, rng) -> SpectralNorm.of(new Dense(3, 3, init), rng)));
    }

    private static Row block(String name, BiFunction<Init, Generator, Layer> layer) {
        return new Row(name, 4, seed -> {
            Generator rng = new Generator(seed);
            Init init = new Init(rng);
            Layer model = new Sequential(layer.apply(init, rng), new Tanh(), new Dense(3, 2, init));
            SGD sgd = new SGD(model.parameters(), 0.1);
            return new Run(List.of(model, sgd), step -> trained(model, sgd, step));
        });
    }
}
