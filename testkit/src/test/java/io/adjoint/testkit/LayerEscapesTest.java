package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.testkit.PlantedLayers.Planted;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The checks of layers find planted faults, but for those with an excuse, and right layers cause no alarm however unusual they are. */
@Tag("slow")
class LayerEscapesTest {
    /** Returns the first check that fails, none by the empty text. */
    private static String finder(LayerSpec spec) {
        List<Runnable> checks = new ArrayList<>();
        Stream.of(LayerCheck.values()).forEach(check -> checks.add(() -> LayerProperties.check(spec, check)));
        Operation operation = spec.operation();
        Stream.of(OperationCheck.values())
                .forEach(check -> checks.add(() -> OperationProperties.check(operation, check)));
        for (Runnable check : checks) {
            try {
                check.run();
            } catch (AssertionError found) {
                return Objects.requireNonNull(found.getMessage())
                        .lines()
                        .findFirst()
                        .orElseThrow();
            }
        }
        return "";
    }

    @Test
    void exactlyTheFaultsWithAnExcuseEscape() {
        List<Planted> faults = PlantedLayers.all();
        // As docs/property-testing.md says.
        assertThat(faults).hasSize(54);
        assertThat(faults.stream().filter(fault -> !fault.excuse().isEmpty())).hasSize(4);
        List<String> surprises = new ArrayList<>();
        for (Planted fault : faults) {
            String finder = finder(fault.spec());
            if (finder.isEmpty() != !fault.excuse().isEmpty()) {
                surprises.add((finder.isEmpty() ? "escapes: " + fault.name() : "found: " + finder));
            }
        }
        assertThat(surprises).isEmpty();
    }

    @Test
    void rightLayersCauseNoAlarm() {
        List<String> alarms = new ArrayList<>();
        for (LayerSpec spec : RightLayers.all()) {
            try {
                LayerProperties.check(spec);
            } catch (AssertionError alarm) {
                alarms.add(alarm.getMessage());
            }
        }
        assertThat(alarms).isEmpty();
    }
}
