package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.ParameterGroup;
import io.adjoint.nn.optim.Rprop;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of every optimizer of the catalogue. */
class OptimizerPropertiesTest {
    static List<OptimizerCatalogue.Row> rows() {
        return OptimizerCatalogue.ROWS;
    }

    static List<OptimizerCatalogue.Row> withGroups() {
        return rows().stream().filter(row -> row.type() != LBFGS.class).toList();
    }

    private static Optimizer optimizer(OptimizerCatalogue.Row row, List<Tensor> parameters, String... flags) {
        JsonObject settings = new JsonObject();
        settings.addProperty("lr", 0.05);
        for (String flag : flags) {
            settings.addProperty(flag, true);
        }
        return row.golden().apply(parameters, new Arguments(settings));
    }

    private static List<Tensor> parameters(DType dtype) {
        return List.of(
                Tensor.of(new double[][] {{1, -2, 0.5}, {3, 0.25, -1}})
                        .to(dtype)
                        .requiresGrad(true),
                Tensor.of(0.5, 2).to(dtype).requiresGrad(true));
    }

    private static Optimizer stepped(OptimizerCatalogue.Row row) {
        Optimizer optimizer = optimizer(row, parameters(DType.FLOAT64));
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

    private static List<NdArray> values(List<Tensor> parameters) {
        return parameters.stream().map(p -> p.data().copy()).toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aStateInTheMiddleContinuesWithTheSameBits(OptimizerCatalogue.Row row) {
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            List<Tensor> own = parameters(dtype);
            Optimizer one = optimizer(row, own, "amsgrad", "centred", "strongWolfe");
            step(one);
            step(one);
            List<Tensor> others = values(own).stream()
                    .map(array -> Tensor.of(array).requiresGrad(true))
                    .toList();
            Optimizer other = optimizer(row, others, "amsgrad", "centred", "strongWolfe");
            other.load(one.state());
            for (int k = 0; k < 3; k++) {
                step(one);
                step(other);
            }

            assertThat(values(others)).as(dtype.name()).isEqualTo(values(own));
            assertThat(other.state()).as(dtype.name()).isEqualTo(one.state());
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aStateIsLoadedExactlyOrNotAtAll(OptimizerCatalogue.Row row) {
        Optimizer optimizer = stepped(row);
        Map<String, NdArray> state = optimizer.state();
        for (String name : state.keySet()) {
            Map<String, NdArray> missing = new LinkedHashMap<>(state);
            missing.remove(name);
            assertThatIllegalArgumentException()
                    .as("without %s", name)
                    .isThrownBy(() -> optimizer.load(missing))
                    .withMessageStartingWith(row.type().getSimpleName() + ": ");
        }
        assertThat(optimizer.state()).isEqualTo(state);
    }

    /** Those of Adam and AdamW have the same names and shapes, but for the class. */
    @ParameterizedTest
    @MethodSource("rows")
    void theStateOfAnotherOptimizerIsRefusedByItsName(OptimizerCatalogue.Row row) {
        Optimizer optimizer = stepped(row);
        Map<String, NdArray> state = optimizer.state();
        for (OptimizerCatalogue.Row other : rows()) {
            if (other.type() != row.type()) {
                Map<String, NdArray> given = stepped(other).state();
                assertThatIllegalArgumentException()
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
        Optimizer optimizer = optimizer(row, own);
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
    @MethodSource("withGroups")
    void aGroupOfRateZeroStaysWhereItIs(OptimizerCatalogue.Row row) {
        if (row.type() == Rprop.class) {
            return; // its step sizes begin at the rate, but have a smallest one
        }
        List<Tensor> own = parameters(DType.FLOAT64);
        Optimizer optimizer = optimizer(row, own.subList(0, 1));
        optimizer.add(new ParameterGroup(own.subList(1, 2)).rateScale(0));
        List<NdArray> before = values(own);
        step(optimizer);

        assertThat(own.get(0).data()).isNotEqualTo(before.get(0));
        assertThat(own.get(1).data()).isEqualTo(before.get(1));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void frozenParametersStayUntilTheyAreUnfrozen(OptimizerCatalogue.Row row) {
        List<Tensor> own = parameters(DType.FLOAT64);
        own.get(1).freeze();
        Optimizer optimizer = optimizer(row, own);
        List<NdArray> before = values(own);
        step(optimizer);
        assertThat(own.get(1).data()).isEqualTo(before.get(1));

        own.get(1).unfreeze();
        step(optimizer);
        assertThat(own.get(1).data()).isNotEqualTo(before.get(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void everyOptimizerTakesEmptyParameters(DType dtype) {
        for (OptimizerCatalogue.Row row : rows()) {
            List<Tensor> own = List.of(
                    Tensor.zeros(dtype, 0, 3).requiresGrad(true),
                    Tensor.of(1, 2).to(dtype).requiresGrad(true));
            Optimizer optimizer = optimizer(row, own);
            step(optimizer);
            step(optimizer);
            assertThat(Arrays.stream(own.get(1).data().toDoubleArray()))
                    .as(row.type().getSimpleName())
                    .allMatch(Double::isFinite);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void settingsThatAreOutOfRangeAreRefusedByName(OptimizerCatalogue.Row row) {
        Optimizer optimizer = optimizer(row, parameters(DType.FLOAT64));
        String name = row.type().getSimpleName();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> optimizer.weightDecay(-1))
                .withMessageStartingWith(name + ": the weight decay must ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> optimizer.learningRate(Double.POSITIVE_INFINITY))
                .withMessageStartingWith(name + ": the learning rate must ");
    }
}
