package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.testkit.PlantedSines.Hidden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/**
 * Tests that gradient properties find hidden faults, except those with an excuse, and that right operations cause no alarm however hard
 * they are to differentiate numerically. With more tries than 1000 (the profile 'thorough') there are more rounds, with other cases.
 */
@Tag("slow")
@Tag("any-jdk")
class EscapesTest {
    private static final int TRIES = 400;
    /** The number of cases in which some check finds most of the faults. */
    private static final int FEW = 10;

    private static final int ROUNDS = Math.max(1, Search.defaultTries() / 1000);
    private static final int RIGHT_CASES = ROUNDS > 1 ? 20_000 : 2_000;

    /** Returns whether some check finds a fault. All checks try a few of their cases before one tries all, which takes long. */
    private static boolean isFound(Operation operation, int round) {
        long seed = 31L * operation.name().hashCode() + round;
        return isFoundAtOnce(operation, seed)
                || Arrays.stream(OperationCheck.values()).anyMatch(check -> {
                    try {
                        operation.check(check, TRIES, seed);
                        return false;
                    } catch (PropertyFailure failure) {
                        return true;
                    }
                });
    }

    /** Returns whether some check finds a fault in the first few of the cases that a seed gives; a case that fails is not shrunk. */
    static boolean isFoundAtOnce(Operation operation, long seed) {
        return Arrays.stream(OperationCheck.values())
                .anyMatch(check -> check.casesOf(operation)
                        .filter(cases -> !Search.allMatch(
                                cases, check.tries(FEW), seed, drawn -> passes(operation, check, drawn)))
                        .isPresent());
    }

    private static boolean passes(Operation operation, OperationCheck check, Case drawn) {
        try {
            operation.check(check, drawn.copy());
            return true;
        } catch (TestAbortedException assumption) {
            return true;
        } catch (RuntimeException | AssertionError failure) {
            return false;
        }
    }

    @Test
    void exactlyTheFaultsWithAnExcuseEscape() {
        List<Hidden> faults = HiddenFaults.all();
        // docs/internals/property-testing.md names these numbers.
        assertThat(faults.stream().map(Hidden::name).distinct()).hasSize(120);
        assertThat(faults.stream().filter(fault -> !fault.excuse().isEmpty())).hasSize(19);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> surprises = new ArrayList<>();
            for (Hidden fault : faults) {
                boolean isFound = isFound(fault.operation(), round);
                if (isFound != fault.excuse().isEmpty()) {
                    surprises.add((isFound ? "found: " : "escapes: ") + fault.name());
                }
            }
            assertThat(surprises).as("round %s", round).isEmpty();
        }
    }

    @Test
    void faultsOfMemoryThreadsSizesAndRecordingAreFound() {
        List<Hidden> faults = RememberedFaults.all();
        assertThat(faults).hasSizeGreaterThanOrEqualTo(34);
        assertThat(faults.stream()
                        .filter(fault -> !isFound(fault.operation(), 0))
                        .map(Hidden::name))
                .isEmpty();
    }

    @Test
    void hardOperationsCauseNoAlarmButForThoseWithAnExplanation() {
        List<Operation> operations = HardOperations.right();
        assertThat(operations).hasSizeGreaterThanOrEqualTo(47);
        int tries = RIGHT_CASES / operations.size() + 1;
        Map<String, String> alarms = new TreeMap<>();
        JqwikSession.run(() -> {
            for (Operation operation : operations) {
                for (OperationCheck check : OperationCheck.values()) {
                    try {
                        operation.check(check, tries, operation.name().hashCode());
                    } catch (PropertyFailure alarm) {
                        alarms.merge(operation.name(), alarm.toString(), String::concat);
                    }
                }
            }
        });
        // docs/internals/property-testing.md explains these alarms.
        assertThat(alarms.keySet()).as(alarms.toString()).isSubsetOf(HardOperations.EXPLAINED);
    }
}
