package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that the kit finds 200 planted faults and shrinks their cases, and that it finds nothing where there is no fault. The numbers are
 * in target/shrinking-*.txt.
 */
@Tag("slow")
@Tag("any-jdk")
class ShrinkingTest {
    private static final double REQUIRED = 0.95;
    private static final double MOST_SECONDS = 2;

    /** The result of a search for a fault. */
    private record Result(Fault fault, Optional<Case> smallest, String message, double seconds) {
        boolean isSmallest() {
            return smallest.filter(fault.smallest()).isPresent();
        }

        @Override
        public String toString() {
            return fault.name() + " after " + seconds + " s: " + message;
        }
    }

    private static List<Fault> faults() {
        return Stream.concat(PlantedFaults.all().stream(), PlantedPairFaults.all().stream())
                .toList();
    }

    /** Searches as Maven does, by jqwik's engine, which shrinks. */
    private static Result byEngine(Fault fault) {
        return measured(fault, () -> {
            FaultyOperations.current = fault.function().get();
            return PropertyRunner.failure(FaultyOperations.class, fault.property());
        });
    }

    /** Searches as a catalogue does, check by check, and shrinks by the kit itself. */
    private static Result bySearch(Fault fault) {
        return measured(fault, () -> {
            Operation operation =
                    Oracle.operation(fault.property(), fault.function().get());
            for (OperationCheck check : Oracle.CHECKS) {
                try {
                    operation.check(check, 200, System.nanoTime());
                } catch (PropertyFailure failure) {
                    return Optional.of(failure);
                }
            }
            return Optional.empty();
        });
    }

    private static Result measured(Fault fault, Supplier<Optional<? extends Throwable>> run) {
        // The time that the processor spends on this thread, which excludes other programs.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        Optional<? extends Throwable> failure = run.get();
        double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
        Optional<Case> smallest =
                failure.filter(PropertyFailure.class::isInstance).map(known -> ((PropertyFailure) known).smallest());
        return new Result(fault, smallest, failure.map(Throwable::toString).orElse("not found"), seconds);
    }

    private static void assertSmall(String by, Function<Fault, Result> run) throws IOException {
        List<Fault> faults = faults();
        assertThat(faults).hasSizeGreaterThanOrEqualTo(200);

        List<Result> results = new ArrayList<>();
        // Each round draws other cases.
        int rounds = Math.max(1, Search.defaultTries() / 1000);
        for (int round = 0; round < rounds; round++) {
            faults.forEach(fault -> results.add(run.apply(fault)));
        }

        double[] seconds =
                results.stream().mapToDouble(Result::seconds).sorted().toArray();
        List<Result> missed = results.stream()
                .filter(result -> !result.isSmallest() || result.seconds() > MOST_SECONDS)
                .toList();
        String summary = String.format(
                "%d of %d faults at the smallest case in time; seconds: median %.3f, slowest %.3f, all %.1f",
                results.size() - missed.size(),
                results.size(),
                seconds[seconds.length / 2],
                seconds[seconds.length - 1],
                Arrays.stream(seconds).sum());
        List<String> lines = new ArrayList<>(List.of(summary));
        missed.forEach(result -> lines.add(result.toString()));
        Files.write(Path.of("target", "shrinking-by-" + by + ".txt"), lines);

        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.smallest()).as(result.toString()).isPresent());
        assertThat(missed).as(summary).hasSizeLessThanOrEqualTo((int) ((1 - REQUIRED) * results.size()));
    }

    @Test
    void plantedFaultsEndAtTheSmallestCaseByEngine() throws IOException {
        assertSmall("engine", ShrinkingTest::byEngine);
    }

    @Test
    void plantedFaultsEndAtTheSmallestCaseBySearch() throws IOException {
        assertSmall("search", ShrinkingTest::bySearch);
    }

    /** Compares the smallest case that the engine finds with the smallest that is found by trying all small cases in order. */
    @Test
    void smallestCasesAreTheSmallest() throws IOException {
        List<String> others = new ArrayList<>();
        for (Fault fault : faults()) {
            Optional<List<Long>> known = Oracle.smallest(fault);
            Optional<List<Long>> found = byEngine(fault).smallest().map(Oracle::distance);
            if (!known.equals(found)) {
                others.add(fault.name() + ": " + found + ", not " + known);
            }
        }
        Files.write(Path.of("target", "shrinking-others.txt"), others);
        assertThat(others).hasSizeLessThanOrEqualTo((int) ((1 - REQUIRED) * faults().size()));
    }

    @Test
    void correctOperationsCauseNoAlarm() {
        for (PlantedFaults.Smooth f : PlantedFaults.SMOOTH) {
            FaultyOperations.current = x -> PlantedFaults.correct(f, x[0]);
            assertThat(PropertyRunner.failure(FaultyOperations.class, f.property()))
                    .as(f.name())
                    .isEmpty();
        }
        for (PlantedPairFaults.Pair f : PlantedPairFaults.PAIRS) {
            FaultyOperations.current = x -> f.correct(x[0], x[1]);
            assertThat(PropertyRunner.failure(FaultyOperations.class, "pair"))
                    .as(f.name())
                    .isEmpty();
        }
    }
}
