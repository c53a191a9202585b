package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.adjoint.core.DType;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares both floating dtypes with results that PyTorch 2.6 computed in float64: outputs, gradients and running statistics of layers and
 * losses, trajectories of optimizers, and values of schedules. The system property {@code adjoint.golden.nn} names another file of this
 * format to be compared with.
 */
class NnGoldenTest {
    /** Layers that compute only by functions or layers which they are given. */
    static final Set<String> OF_OTHERS = Set.of("Lambda", "Sequential");

    @TestFactory
    Stream<DynamicTest> layersLossesOptimizersAndSchedulesAreThoseOfTheGoldenFiles() throws IOException {
        return GoldenRows.readAll("adjoint.golden.nn", "nn").stream()
                .flatMap(row -> Stream.of(DType.FLOAT64, DType.FLOAT32)
                        .map(dtype -> DynamicTest.dynamicTest(
                                row.get("name").getAsString() + " " + row.get("args") + " in " + dtype,
                                () -> new Replay(row, dtype).run())));
    }

    @Test
    void everyRowOfACatalogueHasGoldenRows() throws IOException {
        // Losses of a prediction and a target have their rows in the golden file of operations.
        Set<String> golden = Stream.concat(
                        GoldenRows.readAll("adjoint.golden.nn", "nn").stream().map(row -> row.get("name")),
                        GoldenRows.published("gradients.jsonl.gz").stream().map(row -> row.get("op")))
                .map(JsonElement::getAsString)
                .collect(Collectors.toSet());
        Set<String> missing = Stream.of(
                        LayerCatalogue.ROWS.stream().map(LayerCatalogue.Row::type),
                        LossCatalogue.ROWS.stream().map(LossCatalogue.Row::type),
                        OptimizerCatalogue.ALL.stream().map(OptimizerCatalogue.Row::type),
                        ScheduleCatalogue.ROWS.stream().map(ScheduleCatalogue.Row::type),
                        MetricCatalogue.ROWS.stream().map(MetricCatalogue.Row::type))
                .flatMap(types -> types.map(Class::getSimpleName))
                .collect(Collectors.toCollection(TreeSet::new));
        missing.addAll(GoldenLosses.all().keySet());
        missing.removeAll(golden);
        missing.removeAll(OF_OTHERS);
        assertThat(missing)
                .as(
                        "rows of catalogues without a golden row: add one to the script of its folder under resources/io/adjoint/proof/nn")
                .isEmpty();
    }
}
