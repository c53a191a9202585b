package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.testkit.HiddenFaults.Hidden;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A gradient property finds hidden faults, but for those with an excuse, and right operations cause no alarm however hard they are to
 * differentiate numerically. With more tries than 1000 (the profile 'thorough') there are more rounds, of other cases.
 */
@Tag("slow")
class EscapesTest {
    private static final int TRIES = 400;
    private static final int ROUNDS = Math.max(1, Search.defaultTries() / 1000);
    private static final int RIGHT_CASES = ROUNDS > 1 ? 20_000 : 2_000;

    private static boolean isFound(Operation operation, int round) {
        return Oracle.CHECKS.stream().anyMatch(check -> {
            try {
                OperationProperties.check(
                        operation, check, TRIES, 31L * operation.name().hashCode() + round);
                return false;
            } catch (PropertyFailure failure) {
                return true;
            }
        });
    }

    @Test
    void exactlyTheFaultsWithAnExcuseEscape() {
        List<Hidden> faults = HiddenFaults.all();
        // As docs/property-testing.md says.
        assertThat(faults.stream().map(Hidden::name).distinct()).hasSize(114);
        assertThat(faults.stream().filter(fault -> !fault.excuse().isEmpty())).hasSize(18);
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

    private static Operation hard(String name, double min, double max, UnaryOperator<Tensor> function) {
        return Operation.unary(name, function).within(Values.between(min, max)).order(2);
    }

    private static Operation hardVector(String name, UnaryOperator<Tensor> function) {
        return Operation.unary(name, function).shapes("(n)").order(2);
    }

    private static List<Operation> hard() {
        return Stream.of(
                        hard("exp(20x)", -2, 2, x -> x.mul(20).exp()),
                        hard("sin(100x)", -2, 2, x -> x.mul(100).sin()),
                        hard("sigmoid(100x)", -2, 2, x -> x.mul(100).sigmoid()),
                        hard(
                                "1/(x^2 + 0.003)",
                                -2,
                                2,
                                x -> x.square().add(0.003).reciprocal()),
                        hard("lgamma", 0.01, 30, Tensor::lgamma),
                        hard("x^8", -3, 3, x -> x.pow(8)),
                        hard("x^2 + 1e4", -2, 2, x -> x.square().add(1e4)),
                        hard("x^2 + 1e8", -2, 2, x -> x.square().add(1e8)),
                        hard("x^3 + 1e12", -2, 2, x -> x.pow(3).add(1e12)),
                        // In FLOAT32 nothing is left of x.
                        hard("sin(x + 1e6)", -2, 2, x -> x.add(1e6).sin()).except(OperationCheck.FLOATS),
                        hard("sin(x) + 1e6", -2, 2, x -> x.sin().add(1e6)),
                        hard("1/x", 0.01, 3, Tensor::reciprocal),
                        hard("log", 0.001, 10, Tensor::log),
                        hard("sqrt", 0.01, 10, Tensor::sqrt),
                        hard("tan", -1.5, 1.5, Tensor::tan),
                        hard("tanh(50x)", -2, 2, x -> x.mul(50).tanh()),
                        hardVector("logSumExp(10x)", x -> x.mul(10).logSumExp(0)),
                        hardVector("softmax(20x)", x -> x.mul(20).softmax(0)),
                        hardVector("cumprod", x -> x.cumprod(0)),
                        hardVector("prod", Tensor::prod),
                        Operation.binary("a exp(b)", (a, b) -> a.mul(b.mul(5).exp()))
                                .order(2),
                        Operation.binary("sin(50ab)", (a, b) -> a.mul(b).mul(50).sin())
                                .order(2))
                .toList();
    }

    @Test
    void hardOperationsCauseNoAlarm() {
        List<Operation> operations = hard();
        int tries = RIGHT_CASES / operations.size() + 1;
        List<String> alarms = new ArrayList<>();
        JqwikSession.run(() -> {
            for (Operation operation : operations) {
                for (OperationCheck check : Oracle.CHECKS) {
                    try {
                        OperationProperties.check(
                                operation, check, tries, operation.name().hashCode());
                    } catch (PropertyFailure alarm) {
                        alarms.add(alarm.toString());
                    }
                }
            }
        });
        assertThat(alarms).isEmpty();
    }
}
