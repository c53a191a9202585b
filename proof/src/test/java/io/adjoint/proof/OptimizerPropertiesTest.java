package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.Optimizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the testkit's properties for every optimizer of the catalogue, and further properties for the library's own optimizers. */
class OptimizerPropertiesTest {
    static List<OptimizerCatalogue.Row> rows() {
        return OptimizerCatalogue.ALL;
    }

    static List<OptimizerCatalogue.Row> withGroups() {
        return rows().stream().filter(row -> row.type() != LBFGS.class).toList();
    }

    private static List<Tensor> parameters(DType dtype) {
        return List.of(
                Tensor.of(new double[][] {{1, -2, 0.5}, {3, 0.25, -1}})
                        .to(dtype)
                        .requiresGrad(true),
                Tensor.of(new double[][] {{0.5, 2}}).to(dtype).requiresGrad(true));
    }

    private static Optimizer stepped(OptimizerCatalogue.Row row) {
        Optimizer optimizer = row.create(parameters(DType.FLOAT64));
        step(optimizer);
        return optimizer;
    }

    private static void step(Optimizer optimizer) {
        Tensor loss = optimizer.step(() -> {
            optimizer.zeroGrad();
            Tensor sum = optimizer.parameters().stream()
                    .map(p -> p.square().square().sum().add(p.exp().sum()))
                    .reduce(Tensor::add)
                    .orElseThrow();
            sum.backward();
            return sum;
        });
        assertThat(loss.requiresGrad()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyOptimizerHasTheKitsProperties(OptimizerCatalogue.Row row) {
        row.spec().check();
    }

    /** The states of Adam and AdamW, for example, differ only in the class's name, which is part of the names of their fields. */
    @ParameterizedTest
    @MethodSource("rows")
    void theStateOfAnotherOptimizerIsRefusedByItsName(OptimizerCatalogue.Row row) {
        Optimizer optimizer = stepped(row);
        Map<String, NdArray> state = optimizer.state();
        for (OptimizerCatalogue.Row other : rows()) {
            if (other.type() != row.type()) {
                Map<String, NdArray> given = stepped(other).state();
                assertThatIllegalArgumentException()
                        .as("%s, given a state of %s: two optimizers need two names", row.type(), other.type())
                        .isThrownBy(() -> optimizer.load(given))
                        .withMessageContaining(
                                "missing '%s.learningRate'", row.type().getSimpleName())
                        .withMessageContaining(
                                "unexpected '%s.learningRate'", other.type().getSimpleName());
                assertThat(optimizer.state()).isEqualTo(state);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("withGroups")
    void aCountOfStepsStopsAtTheLargestInt(OptimizerCatalogue.Row row) {
        List<Tensor> own = parameters(DType.FLOAT64);
        Optimizer optimizer = row.create(own);
        step(optimizer);
        Map<String, NdArray> state = new LinkedHashMap<>(optimizer.state());
        state.put("0.steps", NdArray.scalar(DType.INT32, Integer.MAX_VALUE));
        optimizer.load(state);
        step(optimizer);
        step(optimizer);

        assertThat(optimizer.state().getOrDefault("0.steps", state.get("1.steps")))
                .isEqualTo(NdArray.scalar(DType.INT32, Integer.MAX_VALUE));
        assertThat(Arrays.stream(own.get(0).data().toDoubleArray())).allMatch(Double::isFinite);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void settingsThatAreOutOfRangeAreRefusedByName(OptimizerCatalogue.Row row) {
        Optimizer optimizer = row.create(parameters(DType.FLOAT64));
        String name = row.type().getSimpleName();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> optimizer.weightDecay(-1))
                .withMessageStartingWith(name + ": the weight decay must ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> optimizer.learningRate(Double.POSITIVE_INFINITY))
                .withMessageStartingWith(name + ": the learning rate must ");
    }
}
