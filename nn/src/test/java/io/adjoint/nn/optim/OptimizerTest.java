package io.adjoint.nn.optim;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.TestTensors.gradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerTest {
    private final Tensor parameter = Tensor.of(1, 2).requiresGrad(true);

    static Stream<Function<List<Tensor>, Optimizer>> optimizers() {
        return Stream.of(
                list -> new SGD(list, 0.1),
                list -> new SGD(list, 0.1).momentum(0.9).weightDecay(0.1),
                list -> new Adam(list, 0.1).weightDecay(0.1));
    }

    static Stream<Arguments> optimizersInBothTypes() {
        return optimizers()
                .flatMap(make -> Stream.of(DType.FLOAT64, DType.FLOAT32).map(dtype -> Arguments.of(make, dtype)));
    }

    @Test
    void theTextHasTheSettingsAndWhatTheyAreFor() {
        Tensor other = Tensor.zeros(100, 20).requiresGrad(true);
        SGD sgd = new SGD(List.of(parameter), 0.1).nesterov(0.9).weightDecay(0.01);
        sgd.add(List.of(other)).rateScale(2).set("momentum", 0.5);

        assertThat(sgd)
                .hasToString("SGD(learning rate 0.1, weight decay 0.01, momentum 0.9, Nesterov; 2 parameters of 2,002"
                        + " elements in 2 groups; group 1: rate scale 2.0, momentum 0.5)");
        assertThat(new Adam(List.of(other)).amsgrad().maximize())
                .hasToString("Adam(learning rate 0.001, beta1 0.9, beta2 0.999, eps 1.0E-8, AMSGrad, maximizing; 1"
                        + " parameter of 2,000 elements)");
        assertThat(new LBFGS(List.of(other)).learningRate(0.5).strongWolfe())
                .hasToString("LBFGS(learning rate 0.5, gradient tolerance 1.0E-7, change tolerance 1.0E-9, at most 20"
                        + " iterations, history 100, strong Wolfe conditions; 1 parameter of 2,000 elements)");
        assertThat(Stream.<Optimizer>of(
                                new AdamW(List.of(other)),
                                new NAdam(List.of(other)).decoupled(),
                                new RAdam(List.of(other)),
                                new Adamax(List.of(other)),
                                new RMSprop(List.of(other), 0.01).centered(),
                                new Adagrad(List.of(other), 0.01),
                                new Adadelta(List.of(other)),
                                new Adafactor(List.of(other)),
                                new ASGD(List.of(other), 0.01),
                                new Rprop(List.of(other), 0.01))
                        .map(Optimizer::toString))
                .allMatch(text -> text.contains(", ") && text.endsWith("; 1 parameter of 2,000 elements)"));
    }

    @Test
    void thereIsAtLeastOneParameter() {
        refused(() -> new SGD(List.of(), 0.1))
                .withMessage("SGD: got no parameters; are they registered with parameter() and child()?");
    }

    @Test
    void everyParameterIsALeafThatRequiresGrad() {
        refused(() -> new SGD(List.of(parameter, Tensor.of(1, 2, 3)), 0.1))
                .withMessage(
                        "SGD: parameter 1 of shape [3] does not require grad;" + " create it with requiresGrad(true)");
        refused(() -> new Adam(List.of(parameter.mul(2))))
                .withMessage("Adam: parameter 0 of shape [2] was computed from other tensors;"
                        + " only a leaf can be optimized, use detach()");
    }

    @Test
    void noParameterIsThereTwice() {
        refused(() -> new SGD(List.of(parameter, parameter), 0.1))
                .withMessage("SGD: parameter 1 of shape [2] is in the list more than once");
    }

    @Test
    void everyParameterIsContiguous() {
        NdArray transposed = NdArray.zeros(DType.FLOAT64, Shape.of(2, 3)).transpose();
        refused(() -> new SGD(List.of(Tensor.of(transposed).requiresGrad(true)), 0.1))
                .withMessage("SGD: parameter 0 of shape [3, 2] is not contiguous; make it of data().contiguous()");
    }

    @Test
    void theLearningRateIsNotNegativeAndCanBeChanged() {
        refused(() -> new SGD(List.of(parameter), -1))
                .withMessage("SGD: the learning rate must be finite and not negative, got -1.0");
        SGD sgd = new SGD(List.of(parameter), 0.1);
        refused(() -> sgd.learningRate(Double.NaN))
                .withMessage("SGD: the learning rate must be finite and not negative, got NaN");
        assertThat(sgd.learningRate()).isEqualTo(0.1);

        sgd.learningRate(1);
        parameter.sum().backward();
        sgd.step();
        assertThat(parameter.data().toDoubleArray()).containsExactly(0, 1);
    }

    @ParameterizedTest
    @MethodSource("optimizersInBothTypes")
    void aGradientThatIsPartOfALargerArrayGivesTheSameSteps(Function<List<Tensor>, Optimizer> make, DType dtype) {
        Tensor one = Tensor.full(dtype, 1, 2).requiresGrad(true);
        Tensor other = Tensor.full(dtype, 1, 2).requiresGrad(true);
        Optimizer optimizer = make.apply(List.of(one));
        Optimizer ofOther = make.apply(List.of(other));
        for (int step = 0; step < 3; step++) {
            one.setGrad(Tensor.of(9, 5, 7, 9).to(dtype).slice(0, 1, 3));
            other.setGrad(Tensor.of(5, 7).to(dtype));
            optimizer.step();
            ofOther.step();
        }

        assertThat(one.data().toDoubleArray())
                .containsExactly(other.data().toDoubleArray(), within(dtype == DType.FLOAT64 ? 0 : 1e-6));
    }

    @Test
    void anOptimizerMayBeWrittenForDoublesAlone() {
        Tensor narrow = Tensor.full(DType.FLOAT32, 2, 100, 1001).requiresGrad(true);
        Optimizer signs = new Optimizer(List.of(narrow), 0.25) {
            @Override
            protected Update update(ParameterGroup group, int t) {
                double rate = group.learningRate();
                return new Update((operands, from, to) -> {
                    for (int i = from; i < to; i++) {
                        operands[0][i] -= rate * Math.signum(operands[1][i]);
                    }
                });
            }
        };
        narrow.square().sum().backward();
        signs.step();

        assertThat(narrow.data().toDoubleArray()).containsOnly(1.75);
    }

    @ParameterizedTest
    @MethodSource("optimizersInBothTypes")
    void aStepAllocatesNothingThatGrowsWithTheParameters(Function<List<Tensor>, Optimizer> make, DType dtype) {
        Tensor block = Tensor.full(dtype, 2, 30_000).requiresGrad(true);
        Optimizer optimizer = make.apply(List.of(block));
        block.square().sum().backward();
        optimizer.step();

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int step = 0; step < 10; step++) {
            optimizer.step();
        }
        assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(10 * 4096);
    }

    /** It took 26 s when groups were compared by their lists of parameters. */
    @Test
    @Timeout(5)
    void theTextOfManyParametersTakesNoLongerThanTheyAreMany() {
        List<Tensor> many = Stream.generate(() -> Tensor.zeros(1).requiresGrad(true))
                .limit(40_000)
                .toList();

        assertThat(new SGD(many, 0.1)).hasToString("SGD(learning rate 0.1; 40000 parameters of 40,000 elements)");
    }

    /** For a constant gradient v − a² tends to 0; by rounding it may become negative, and its √ NaN. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void aCentredStepStaysFiniteForAConstantGradient(DType dtype) {
        for (double g : new double[] {1, 0.1, 1e-3, 0.7}) {
            Tensor p = Tensor.zeros(dtype, 3).requiresGrad(true);
            RMSprop centred = new RMSprop(List.of(p), 1e-12).alpha(0.9).centered();
            for (int step = 0; step < 1000; step++) {
                p.setGrad(Tensor.full(dtype, g, 3));
                centred.step();
            }
            for (double value : p.data().toDoubleArray()) {
                assertThat(value).isFinite().isNegative();
            }
            p.setGrad(Tensor.full(dtype, Double.NaN, 3));
            centred.step();
            assertThat(p.data().toDoubleArray()).containsOnly(Double.NaN);
        }
    }

    /** Steps along the difference of twice the gradient and the gradient before, which it keeps. */
    private static final class Extrapolated extends Optimizer {
        private @Nullable NdArray last;

        Extrapolated(List<Tensor> parameters) {
            super(parameters, 0.1);
        }

        @Override
        protected Update update(ParameterGroup group, int step) {
            return new Update(List.of(), (parameter, gradient, carried) -> {
                NdArray direction =
                        last == null ? gradient.copy() : gradient.mul(2).sub(last);
                last = gradient;
                NdArray next = parameter.sub(direction.mul(0.1));
                return () -> InPlace.assign(parameter, next);
            });
        }
    }

    /** Arrays of gradients are used again from 4,096 elements on. */
    @Test
    void aFormulaOfAUserMayKeepItsGradient() {
        Tensor w = Tensor.ones(5_000).requiresGrad(true);
        Extrapolated optimizer = new Extrapolated(List.of(w));
        double[] first = new double[4];
        for (int step = 0; step < 4; step++) {
            optimizer.zeroGrad();
            w.mul(w).mul(0.5).sum().backward();
            optimizer.step();
            first[step] = w.data().toDoubleArray()[0];
        }
        assertThat(first).containsExactly(new double[] {0.9, 0.82, 0.746, 0.6788}, within(1e-12));
    }
}
