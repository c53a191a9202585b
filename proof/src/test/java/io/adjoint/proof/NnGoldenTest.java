package io.adjoint.proof;

import io.adjoint.core.DType;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays what PyTorch 2.6 computed in float64: outputs, gradients and running statistics of layers and losses, trajectories of
 * optimizers, values of schedules; each in both floating types. The system property {@code adjoint.golden.nn} names another file of the
 * same format to replay.
 */
class NnGoldenTest {
    @TestFactory
    Stream<DynamicTest> layersLossesOptimizersAndSchedulesAreThoseOfTheGoldenFiles() throws IOException {
        return GoldenRows.readAll("adjoint.golden.nn", "nn").stream()
                .flatMap(row -> Stream.of(DType.FLOAT64, DType.FLOAT32)
                        .map(dtype -> DynamicTest.dynamicTest(
                                row.get("name").getAsString() + " " + row.get("args") + " in " + dtype,
                                () -> new Replay(row, dtype).run())));
    }
}
