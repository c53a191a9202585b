package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the kit finds what it is to find, and how small it makes it: with 200 planted faults, and with none. The numbers are in target/shrinking.txt. */
class ShrinkingTest {
    private static final double REQUIRED = 0.95;
    private static final double MOST_SECONDS = 2;

    /** What became of a fault. */
    private record Result(Fault fault, Optional<Case> smallest, String message, double seconds) {
        boolean isSmallest() {
            return smallest.filter(fault.smallest()).isPresent();
        }

        @Override
        public String toString() {
            return fault.name() + " after " + seconds + " s: " + message;
        }
    }

    private static Result run(Fault fault) {
        long start = System.nanoTime();
        FaultyOperations.current = fault.function().get();
        Optional<Throwable> failure = Engine.failure(FaultyOperations.class, fault.property());
        double seconds = (System.nanoTime() - start) / 1e9;
        Optional<Case> smallest =
                failure.filter(PropertyFailure.class::isInstance).map(known -> ((PropertyFailure) known).smallest());
        return new Result(fault, smallest, failure.map(Throwable::toString).orElse("not found"), seconds);
    }

    @Test
    void plantedFaultsEndAtTheSmallestCase() throws IOException {
        List<Fault> faults = Stream.concat(PlantedFaults.all().stream(), PlantedPairFaults.all().stream())
                .toList();
        assertThat(faults).hasSizeGreaterThanOrEqualTo(200);
        run(faults.get(0));

        List<Result> results = new ArrayList<>();
        // Each run draws other cases.
        int rounds = Math.max(1, Search.defaultTries() / 1000);
        for (int round = 0; round < rounds; round++) {
            for (Fault fault : faults) {
                results.add(run(fault));
            }
        }

        double[] seconds =
                results.stream().mapToDouble(Result::seconds).sorted().toArray();
        List<Result> missed =
                results.stream().filter(result -> !result.isSmallest()).toList();
        String summary = String.format(
                "%d of %d faults at the smallest case; seconds: median %.3f, slowest %.3f, all %.1f",
                results.size() - missed.size(),
                results.size(),
                seconds[seconds.length / 2],
                seconds[seconds.length - 1],
                Arrays.stream(seconds).sum());
        List<String> lines = new ArrayList<>(List.of(summary));
        missed.forEach(result -> lines.add(result.toString()));
        Files.write(Path.of("target", "shrinking.txt"), lines);

        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.smallest()).as(result.toString()).isPresent());
        assertThat(missed).as(summary).hasSizeLessThanOrEqualTo((int) ((1 - REQUIRED) * results.size()));
        assertThat(Arrays.stream(seconds).filter(s -> s < MOST_SECONDS).count())
                .as(summary)
                .isGreaterThanOrEqualTo((long) Math.ceil(REQUIRED * results.size()));
    }

    @Test
    void correctOperationsCauseNoAlarm() {
        for (PlantedFaults.Smooth f : PlantedFaults.SMOOTH) {
            FaultyOperations.current = x -> PlantedFaults.correct(f, x[0]);
            assertThat(Engine.failure(FaultyOperations.class, f.property()))
                    .as(f.name())
                    .isEmpty();
        }
        for (PlantedPairFaults.Pair f : PlantedPairFaults.PAIRS) {
            FaultyOperations.current = x -> f.correct(x[0], x[1]);
            assertThat(Engine.failure(FaultyOperations.class, "pair"))
                    .as(f.name())
                    .isEmpty();
        }
    }
}
