package io.adjoint.nn.optim;

import static io.adjoint.core.DType.FLOAT32;
import static io.adjoint.core.DType.FLOAT64;
import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a failed step can be made again. */
class FailedStepTest {
    private final Tensor first = Tensor.of(1, 2).requiresGrad(true);
    private final Tensor second = Tensor.of(3).requiresGrad(true);

    /**
     * An optimizer that adds t times the gradient to a sum, and moves the parameter against the sum; it fails where a test tells it to.
     */
    private static final class Sums extends Optimizer {
        int arraysUntilFailure = Integer.MAX_VALUE;
        int formulasUntilFailure = Integer.MAX_VALUE;
        final List<Integer> numbers = new ArrayList<>();

        Sums(List<Tensor> parameters) {
            super(parameters, 0.5);
        }

        @Override
        protected Update update(ParameterGroup group, int t) {
            double rate = group.learningRate();
            StateArray sum = new StateArray("sum", of -> {
                if (--arraysUntilFailure == 0) {
                    throw new OutOfMemoryError("Java heap space");
                }
                return NdArray.zeros(of.dtype(), of.shape());
            });
            return new Update(List.of(sum), (parameter, gradient, arrays) -> {
                numbers.add(t);
                if (--formulasUntilFailure == 0) {
                    throw new IllegalStateException("no step");
                }
                NdArray next = arrays[0].add(gradient.mul(t));
                NdArray moved = parameter.sub(next.mul(rate));
                return () -> {
                    InPlace.assign(arrays[0], next);
                    InPlace.assign(parameter, moved);
                };
            });
        }
    }

    private void gradients() {
        first.setGrad(Tensor.of(1, -1));
        second.setGrad(Tensor.of(2));
    }

    @Test
    void nothingHasChangedWhereThereIsNoMemoryForTheArraysOfAParameter() {
        gradients();
        Sums sums = new Sums(List.of(first, second));
        Map<String, NdArray> before = sums.state();
        sums.arraysUntilFailure = 2;

        thrown(OutOfMemoryError.class, sums::step);
        assertThat(first.data().toDoubleArray()).containsExactly(1, 2);
        assertThat(sums.state()).isEqualTo(before);
        sums.step();
        assertThat(first.data().toDoubleArray()).containsExactly(0.5, 2.5);
        assertThat(second.data().toDoubleArray()).containsExactly(2);
        assertThat(sums.numbers).containsOnly(1);
    }

    @Test
    void nothingHasChangedWhereTheFormulaOfALaterParameterFails() {
        gradients();
        Sums sums = new Sums(List.of(first, second));
        Map<String, NdArray> before = sums.state();
        sums.formulasUntilFailure = 2;

        thrown(IllegalStateException.class, sums::step);
        assertThat(first.data().toDoubleArray()).containsExactly(1, 2);
        assertThat(sums.state()).isEqualTo(before);
        sums.step();
        assertThat(first.data().toDoubleArray()).containsExactly(0.5, 2.5);
        assertThat(second.data().toDoubleArray()).containsExactly(2);
        assertThat(sums.numbers).containsOnly(1);
    }

    /** All optimizers of the package but LBFGS, whose steps have a test of their own. */
    static Stream<Arguments> optimizersInBothTypes() throws Exception {
        Path classes = Path.of(Optimizer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(classes.resolve("io/adjoint/nn/optim"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                Class<?> type = Class.forName("io.adjoint.nn.optim." + name);
                if (Optimizer.class.isAssignableFrom(type)
                        && !Modifier.isAbstract(type.getModifiers())
                        && type != LBFGS.class) {
                    all.add(type);
                }
            }
        }
        assertThat(all).contains(Adam.class, LAMB.class).hasSizeGreaterThan(14);
        return all.stream().flatMap(type -> Stream.of(Arguments.of(type, FLOAT64), Arguments.of(type, FLOAT32)));
    }

    /** Only what allocates can fail, so a step fails before its first change or not at all. */
    @ParameterizedTest
    @MethodSource("optimizersInBothTypes")
    void anOptimizerComputesAllThatAllocatesBeforeItChangesAnything(Class<? extends Optimizer> type, DType dtype)
            throws Exception {
        Shape shape = Shape.of(200, 300);
        Tensor parameter = Tensor.randn(dtype, shape, new Generator(1)).requiresGrad(true);
        NdArray gradient = Tensor.randn(dtype, shape, new Generator(2)).data();
        Optimizer optimizer = type.getConstructor(List.class, double.class).newInstance(List.of(parameter), 0.1);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int t = 1; t <= 3; t++) {
            Update update = optimizer.update(optimizer.groups().get(0), t);
            NdArray[] carried = update.first(parameter.data()).toArray(NdArray[]::new);
            NdArray before = parameter.data().copy();
            List<NdArray> first = Arrays.stream(carried).map(NdArray::copy).toList();

            Runnable change = update.compute(parameter.data(), new DenseGradient(gradient, gradient), carried);
            assertThat(parameter.data()).isEqualTo(before);
            assertThat(List.of(carried)).isEqualTo(first);
            long start = thread.getCurrentThreadAllocatedBytes();
            change.run();
            allocated = Math.min(allocated, thread.getCurrentThreadAllocatedBytes() - start);
            assertThat(parameter.data()).isNotEqualTo(before);
        }
        assertThat(allocated).isLessThan(parameter.data().size());
    }

    @Test
    void aFormulaThatFailedIsNotCountedAsAStep() {
        second.setGrad(Tensor.of(2));
        Sums sums = new Sums(List.of(second));
        sums.formulasUntilFailure = 1;

        thrown(IllegalStateException.class, sums::step);
        sums.step();
        sums.step();
        assertThat(sums.numbers).containsExactly(1, 1, 2);
        assertThat(sums.state()).containsEntry("0.steps", NdArray.scalar(DType.INT32, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,a", "steps", "a,b,steps"})
    void arraysHaveNamesOfTheirOwn(String names) {
        refused(() -> new Update((operands, from, to) -> {}, names.split(",")))
                .withMessage("Update: each array of a parameter needs a name of its own, other than 'steps'; got ["
                        + names.replace(",", ", ") + "]");
    }
}
