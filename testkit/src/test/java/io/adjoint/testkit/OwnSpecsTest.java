package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.nn.metric.Metric;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.ParameterGroup;
import io.adjoint.nn.optim.Schedule;
import io.adjoint.nn.optim.Update;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests optimizers, schedules and metrics of users: right ones pass, and each planted fault is found by the check meant for it. */
class OwnSpecsTest {
    /** Descent with momentum of 0.9, and with a fault that a test chooses. */
    private static final class HeavyBall extends Optimizer {
        private final String fault;
        private int steps;

        HeavyBall(List<Tensor> parameters, String fault) {
            super(parameters, 0.1);
            this.fault = fault;
        }

        @Override
        protected Update update(ParameterGroup group, int t) {
            double rate = group.learningRate();
            steps++;
            double step = switch (fault) {
                case "a rate of its own" -> 0.1;
                case "a count of its own" -> rate / steps;
                default -> rate;
            };
            double decay = fault.equals("no weight decay") ? 0 : group.weightDecay();
            float floatDecay = fault.equals("no weight decay in floats") ? 0 : (float) decay;
            double friction = fault.equals("another friction") ? 0.8 : 0.9;
            int unroll = fault.equals("skips the rest of a loop by four") ? 4 : 1;
            return new Update(
                    (operands, from, to) -> {
                        double[] p = operands[0];
                        double[] g = operands[1];
                        double[] v = operands[2];
                        for (int i = from; i < to - (to - from) % unroll; i++) {
                            if (fault.equals("skips small gradients at the end")
                                    && i >= to - 100
                                    && Math.abs(g[i]) < 0.2) {
                                continue;
                            }
                            double gradient = g[i] + decay * p[i];
                            v[i] = friction * v[i] + (fault.equals("wrong in large ones") && i > 15_000 ? 0 : gradient);
                            p[i] -= step * (fault.equals("divides by the gradient") ? v[i] / gradient : v[i]);
                        }
                    },
                    (operands, from, to) -> {
                        for (int i = from; i < to; i++) {
                            float gradient = operands[1][i] + floatDecay * operands[0][i];
                            operands[1][i] += fault.equals("writes the gradient") ? 1 : 0;
                            operands[2][i] = (float) friction * operands[2][i] + gradient;
                            operands[0][i] -= (float) (fault.equals("other floats") ? step / 2 : step) * operands[2][i];
                        }
                    },
                    "velocity");
        }
    }

    /** Descent along the gradient of the step before, of which it keeps the array instead of a copy. */
    private static final class Late extends Optimizer {
        private final IdentityHashMap<NdArray, NdArray> kept = new IdentityHashMap<>();

        Late(List<Tensor> parameters) {
            super(parameters, 0.1);
        }

        @Override
        protected Update update(ParameterGroup group, int t) {
            return new Update(List.of(), (p, g, arrays) -> {
                NdArray next = p.sub(kept.getOrDefault(p, g).mul(group.learningRate()));
                kept.put(p, g);
                return () -> InPlace.assign(p, next);
            });
        }
    }

    private static OptimizerSpec heavyBall(String fault) {
        return OptimizerSpec.of(
                        "heavy ball",
                        parameters -> fault.equals("keeps the gradient")
                                ? new Late(parameters)
                                : new HeavyBall(parameters, fault))
                .reference((p, gradients) -> {
                    double velocity = 0;
                    double element = p;
                    for (double g : gradients) {
                        velocity = 0.9 * velocity + g;
                        element -= 0.1 * velocity;
                    }
                    return element;
                })
                .trajectory(
                        new double[] {1, 2}, new double[][] {{1, 0}, {1, -1}}, new double[][] {{0.9, 2}, {0.71, 2.1}});
    }

    @ParameterizedTest
    @CsvSource({
        "a rate of its own, groups",
        "a count of its own, resume",
        "no weight decay, groups",
        "another friction, reference",
        "another friction, trajectory",
        "wrong in large ones, reference",
        "divides by the gradient, empty",
        "other floats, floats",
        "no weight decay in floats, floats",
        "writes the gradient, gradients",
        "keeps the gradient, gradients",
        "skips the rest of a loop by four, order",
        "skips small gradients at the end, order"
    })
    void faultsOfOptimizersAreFound(String fault, String check) {
        assertThatThrownBy(() -> heavyBall(fault).check())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("heavy ball: " + check + ": ");
    }

    private static ScheduleSpec halving(Supplier<Schedule> schedule) {
        return ScheduleSpec.of("halving", schedule)
                .within(0, 0.1)
                .at(250, 0.025)
                .reference(step -> 0.1 * Math.pow(0.5, Math.floor(step / 100.0)));
    }

    @Test
    void faultsOfSchedulesAreFound() {
        assertThatThrownBy(() ->
                        halving(() -> step -> 0.1 * Math.pow(0.5, step / 100.0)).check())
                .hasMessageContaining("halving: values: at step 250 it is 0.0176");
        assertThatThrownBy(() -> halving(() -> step -> 0.1 - 1e-6 * step).check())
                .hasMessageContaining("halving: bounds: at step ")
                .hasMessageContaining("but must be from 0.0 to 0.1");
        assertThatThrownBy(() -> ScheduleSpec.of("below", () -> step -> -1).check())
                .hasMessageContaining("below: bounds: at step 0 it is -1.0, but must be finite and not negative");
        assertThatThrownBy(() -> halving(() -> new Schedule() {
                            private double value = 0.1;

                            @Override
                            public double at(long step) {
                                value *= step % 100 == 99 ? 0.5 : 1;
                                return value;
                            }
                        })
                        .check())
                .hasMessageContaining("halving: pure: at step ");
        assertThatThrownBy(() -> ScheduleSpec.of("none", () -> step -> 1).steps(0))
                .hasMessage("ScheduleSpec: 'none' needs at least one step, and bounds min <= max, got 0, 0.0 and "
                        + Double.MAX_VALUE);
    }

    /** The fraction of predictions within 0.5 of their targets, with a fault that a test chooses. */
    private static final class Hits implements Metric {
        private final String fault;
        private double hits;
        private double all;
        private Tensor sum = Tensor.of(0);

        Hits(String fault) {
            this.fault = fault;
        }

        @Override
        public void update(Tensor prediction, Tensor target) {
            if (!prediction.shape().equals(target.shape())) {
                all += fault.equals("counts what it refuses") ? 1 : 0;
                if (!fault.equals("takes other shapes")) {
                    throw new IllegalArgumentException("Hits: " + prediction.shape() + " and " + target.shape());
                }
                return;
            }
            NdArray error = prediction.data().sub(target.data()).map(Math::abs);
            double near = 0;
            for (double e : error.toDoubleArray()) {
                near += e < (fault.equals("another bound") ? 1 : 0.5) ? 1 : 0;
            }
            sum = fault.equals("adds up in a tensor") ? sum.add(error.shape().size()) : sum;
            boolean isMean = fault.equals("mean of batches");
            hits += fault.equals("NaN after an empty batch")
                    ? 0.0 * near / error.shape().size()
                    : 0;
            hits += isMean ? near / error.shape().size() : near;
            all += isMean ? 1 : error.shape().size();
        }

        @Override
        public double value() {
            double value = hits / all;
            all += fault.equals("counts questions") ? 1 : 0;
            if (fault.equals("counts a question once")) {
                hits = value;
                all = 1;
            }
            return value;
        }

        @Override
        public void reset() {
            hits = 0;
            all = fault.equals("keeps a count") ? all : 0;
        }

        @Override
        public void declareState(StateFields fields) {
            fields.number("hits", hits, value -> hits = fault.equals("adds what it loads") ? hits + value : value);
            fields.number("all", fault.equals("saves half its state") ? 0 : all, value -> all = value);
        }
    }

    private static MetricSpec hits(String fault) {
        return MetricSpec.of("hits", () -> new Hits(fault))
                .within(Values.between(-1, 1))
                .reference((prediction, target) -> prediction
                        .sub(target)
                        .map(Math::abs)
                        .map(e -> e < 0.5 ? 1 : 0)
                        .mean()
                        .item());
    }

    @ParameterizedTest
    @CsvSource({
        "another bound, reference",
        "mean of batches, batches",
        "NaN after an empty batch, batches",
        "counts questions, value",
        "counts a question once, value",
        "adds what it loads, state",
        "keeps a count, reset",
        "adds up in a tensor, workspace",
        "saves half its state, state",
        "takes other shapes, update",
        "counts what it refuses, update"
    })
    void faultsOfMetricsAreFound(String fault, String check) {
        assertThatThrownBy(() -> hits(fault).check())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("hits: " + check + ": ");
    }

    @Test
    void rightOnesPass() {
        heavyBall("").check();
        halving(() -> step -> 0.1 * Math.pow(0.5, Math.floor(step / 100.0))).check();
        hits("").check();
    }
}
