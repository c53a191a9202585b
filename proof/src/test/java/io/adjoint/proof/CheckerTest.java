package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.testkit.Case;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.OperationCheck;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests the checks of operations themselves: they find the faults planted in operations of every family, and accept correct operations. */
@Tag("slow")
@Tag("any-jdk")
class CheckerTest {
    private static final int FAULTS_PER_FAMILY = 20;
    /** The number of faults that can be planted into a family without gradients; faults of backward rules need gradients. */
    private static final int FAULTS_WITHOUT_GRADIENT = 12;
    /**
     * The number of faults that can be planted into a family without gradients and floating inputs; a fault of FLOAT32 results needs a
     * floating input.
     */
    private static final int FAULTS_WITHOUT_FLOATS = 11;

    private static final int CORRECT_CASES = 10_000;
    private static final int TRIES = 60;
    private static final AnyFault NONE =
            new AnyFault("no fault", OperationCheck.VALUE, () -> call -> call.record(call.value(), call::gradients));

    /** All checks except those of large inputs, which take long; CatalogueTest runs them on each row. */
    private static final Set<OperationCheck> CHECKS = EnumSet.complementOf(EnumSet.of(OperationCheck.LARGE));

    /**
     * The first, the middle and the last of the family's operations that are differentiable twice; if none is, of its operations of the
     * highest order.
     */
    private static List<Operation> representatives(Family family) {
        int order = Math.min(2, highestOrder(family));
        List<Operation> candidates = family.entries().stream()
                .map(Entry::operation)
                .filter(operation -> operation.order() >= order)
                .toList();
        return Stream.of(0, candidates.size() / 2, candidates.size() - 1)
                .map(candidates::get)
                .distinct()
                .toList();
    }

    /** The highest order to which an operation of the family is differentiable; 0 in a family of comparisons. */
    private static int highestOrder(Family family) {
        return family.entries().stream()
                .mapToInt(entry -> entry.operation().order())
                .max()
                .orElseThrow();
    }

    /** The reason why a case fails a check; empty if no case fails. */
    private static Optional<Throwable> firstFailure(Operation operation, OperationCheck check, int tries) {
        Optional<Arbitrary<Case>> cases = check.casesOf(operation);
        if (cases.isEmpty()) {
            return Optional.empty();
        }
        RandomGenerator<Case> generator = cases.get().generator(1000);
        Random random = new Random(operation.name().hashCode());
        for (int t = 0; t < tries; t++) {
            try {
                check.check(operation, generator.next(random).value());
            } catch (RuntimeException | AssertionError failure) {
                return Optional.of(failure);
            }
        }
        return Optional.empty();
    }

    @TestFactory
    Stream<DynamicTest> plantedFaultsAreFoundByTheCheckForThem() {
        return Catalogue.FAMILIES.stream()
                .map(family -> DynamicTest.dynamicTest(
                        family.title(), () -> JqwikSession.run(() -> assertFaultsAreFound(family))));
    }

    private static void assertFaultsAreFound(Family family) {
        Set<String> found = new TreeSet<>();
        List<String> missed = new ArrayList<>();
        for (Operation operation : representatives(family)) {
            for (AnyFault fault : AnyFaults.ALL) {
                AtomicBoolean makesADifference = new AtomicBoolean();
                Operation faulty = fault.plantedIn(operation, makesADifference);
                if (firstFailure(faulty, fault.foundBy(), TRIES).isPresent()) {
                    found.add(fault.name());
                } else if (makesADifference.get()) {
                    missed.add(fault + " in " + operation);
                }
            }
        }
        assertThat(missed)
                .as("faults that made a difference and were not found")
                .isEmpty();
        assertThat(found).as("faults found").hasSizeGreaterThanOrEqualTo(expectedFaults(family));
    }

    private static int expectedFaults(Family family) {
        if (highestOrder(family) > 0) {
            return FAULTS_PER_FAMILY;
        }
        return representatives(family).stream()
                        .flatMap(operation -> operation.values().stream())
                        .anyMatch(values -> values.dtype().isFloating())
                ? FAULTS_WITHOUT_GRADIENT
                : FAULTS_WITHOUT_FLOATS;
    }

    /** A check that finds planted faults proves nothing if planting by itself makes checks fail. */
    @TestFactory
    Stream<DynamicTest> plantingNoFaultCausesNoAlarm() {
        return Catalogue.FAMILIES.stream()
                .flatMap(family -> representatives(family).stream())
                .map(operation -> DynamicTest.dynamicTest(
                        operation.name(),
                        () -> JqwikSession.run(() -> {
                            Operation planted = NONE.plantedIn(operation, new AtomicBoolean());
                            for (OperationCheck check : CHECKS) {
                                assertThat(firstFailure(planted, check, 5))
                                        .as(check.toString())
                                        .isEmpty();
                            }
                        })));
    }

    @Test
    void correctCasesCauseNoAlarm() {
        List<Operation> operations = Catalogue.entries().map(Entry::operation).toList();
        AtomicInteger cases = new AtomicInteger();
        // More cases are planned than are needed, since some checks don't apply to some operations.
        int tries = 1 + 2 * CORRECT_CASES / Math.max(1, operations.size() * CHECKS.size());
        JqwikSession.run(() -> {
            for (Operation operation : operations) {
                for (OperationCheck check : CHECKS) {
                    if (check.casesOf(operation).isPresent()) {
                        assertThat(firstFailure(operation, check, tries))
                                .as("%s: %s", operation, check)
                                .isEmpty();
                        cases.addAndGet(tries);
                    }
                }
            }
        });
        assertThat(cases).hasValueGreaterThanOrEqualTo(CORRECT_CASES);
    }
}
