package io.adjoint.nn.optim;

import static io.adjoint.nn.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.layer.PReLU;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptimizerStateTest {
    private final Tensor a = Tensor.of(1, 2).requiresGrad(true);
    private final Tensor b = Tensor.of(3).requiresGrad(true);

    private void step(Optimizer optimizer) {
        optimizer.zeroGrad();
        a.square().sum().add(b.square().sum()).backward();
        optimizer.step();
    }

    @Test
    void aStateNamesStepsAndArraysOfEachParameter() {
        Optimizer adam = new Adam(List.of(a, b), 0.1);
        assertThat(adam.state().keySet())
                .containsExactly(
                        "Adam.learningRate",
                        "Adam.weightDecay",
                        "Adam.beta1",
                        "Adam.beta2",
                        "Adam.eps",
                        "0.steps",
                        "1.steps");
        step(adam);

        assertThat(adam.state().keySet())
                .containsExactly(
                        "Adam.learningRate",
                        "Adam.weightDecay",
                        "Adam.beta1",
                        "Adam.beta2",
                        "Adam.eps",
                        "0.steps",
                        "0.firstMoment",
                        "0.secondMoment",
                        "1.steps",
                        "1.firstMoment",
                        "1.secondMoment");
        assertThat(adam.state().get("0.steps")).isEqualTo(NdArray.scalar(DType.INT32, 1));
    }

    @Test
    void everyMismatchIsListedAndNothingIsLoaded() {
        Optimizer momentum = new SGD(List.of(a, b), 0.1).momentum(0.9);
        step(momentum);
        Map<String, NdArray> before = momentum.state();
        Map<String, NdArray> state = new LinkedHashMap<>(before);
        state.put("0.momentum", NdArray.zeros(DType.FLOAT64, Shape.of(3)));
        state.remove("1.momentum");
        state.put("2.steps", NdArray.scalar(DType.INT32, 1));

        refused(() -> momentum.load(state))
                .withMessage("SGD: the state does not fit, and nothing was loaded:"
                        + " '0.momentum' is FLOAT64 [3] instead of FLOAT64 [2];"
                        + " missing '1.momentum' FLOAT64 [1];"
                        + " unexpected '2.steps'");
        assertThat(momentum.state()).isEqualTo(before);
    }

    @Test
    void ofAStateThatIsNoOptimizersEverythingIsListedToo() {
        Optimizer adam = new Adam(List.of(a, b), 0.1);
        String missing = "Adam: the state does not fit, and nothing was loaded: missing 'Adam.learningRate' FLOAT64 [];"
                + " missing '0.steps' INT32 []; missing '1.steps' INT32 []";

        refused(() -> adam.load(Map.of())).withMessage(missing);
        refused(() -> adam.load(new PReLU(new Init(new Generator(1))).state()))
                .withMessage(missing + "; unexpected 'weight'");
    }

    @Test
    void aNegativeNumberOfStepsIsRefused() {
        Optimizer adam = new Adam(List.of(a, b), 0.1);
        Map<String, NdArray> state = adam.state();
        state.put("Adam.learningRate", NdArray.scalar(DType.FLOAT64, 5));
        state.put("1.steps", NdArray.scalar(DType.INT32, -3));

        refused(() -> adam.load(state))
                .withMessage("Adam: the state does not fit, and nothing was loaded: the count '1.steps' must not be"
                        + " negative, got -3");
        assertThat(adam.learningRate()).isEqualTo(0.1);
    }

    @Test
    void arraysThatASettingBringsLaterBeginWithTheFirstStep() {
        SGD sgd = new SGD(List.of(a), 0.1);
        step(sgd);
        step(sgd.momentum(0.9).dampening(0.5));

        // Dampening leaves the first gradient with a momentum whole: 0.8 − 0.1·1.6.
        assertThat(a.data().get(0)).isEqualTo(0.8 - 0.1 * 1.6);
        assertThat(sgd.state().get("0.steps")).isEqualTo(NdArray.scalar(DType.INT32, 1));
    }

    @Test
    void aSettingThatAStateDoesNotKnowStaysAlsoInAGroup() {
        Adam adam = new Adam(List.of(a), 0.1);
        adam.add(List.of(b)).set("eps", 0.5).set("beta1", 0.5);
        Map<String, NdArray> state = new HashMap<>(adam.state());
        state.keySet().removeIf(name -> name.endsWith(".eps"));
        Adam other = new Adam(List.of(Tensor.of(a.data().copy()).requiresGrad(true)), 0.1);
        ParameterGroup group = other.add(List.of(Tensor.of(b.data().copy()).requiresGrad(true)));
        group.set("eps", 0.25).set("beta2", 0.5);

        other.load(state);

        assertThat(group.get("eps")).isEqualTo(0.25);
        assertThat(group.get("beta1")).isEqualTo(0.5);
        assertThat(group.get("beta2"))
                .as("a setting that the state has for all parameters")
                .isEqualTo(0.999);
    }

    @Test
    void aStateBetweenAChangeOfSettingsAndItsFirstStepIsLoaded() {
        for (double[] momenta : new double[][] {{0, 0.9}, {0.9, 0}}) {
            SGD sgd = new SGD(List.of(a), 0.1).momentum(momenta[0]);
            step(sgd);
            Map<String, NdArray> state = sgd.momentum(momenta[1]).state();
            Tensor other = Tensor.of(a.data().copy()).requiresGrad(true);
            SGD loaded = new SGD(List.of(other), 0.1);
            loaded.load(state);
            for (int k = 0; k < 3; k++) {
                a.setGrad(Tensor.of(k, -1));
                other.setGrad(Tensor.of(k, -1));
                sgd.step();
                loaded.step();
                assertThat(other.data()).isEqualTo(a.data());
            }
            assertThat(loaded.state()).isEqualTo(sgd.state());
        }
    }

    @Test
    void aGroupHasARateAndADecayOfItsOwn() {
        SGD sgd = new SGD(List.of(a), 0.1).weightDecay(1);
        sgd.add(List.of(b)).rateScale(0.5).weightDecay(0);
        a.setGrad(Tensor.of(0, 0));
        b.setGrad(Tensor.of(1));
        sgd.step();

        assertThat(a.data().toDoubleArray()).containsExactly(0.9, 1.8);
        assertThat(b.data().toDoubleArray()).containsExactly(2.95);
        refused(() -> sgd.add(List.of(a))).withMessage("SGD: parameter 0 of shape [2] is in the list more than once");
        refused(() -> sgd.groups().get(1).rateScale(Double.NaN))
                .withMessage("SGD: the rate scale must be finite and not negative, got NaN");
    }

    @Test
    void aParameterThatMissedStepsIsCorrectedByItsOwnCount() {
        Adam both = new Adam(List.of(a, b), 0.1);
        a.setGrad(Tensor.of(2, 4));
        both.step();
        both.step();
        assertThat(b.item()).isEqualTo(3);
        b.setGrad(Tensor.of(2));
        both.step();
        assertThat(b.item()).isCloseTo(2.9000000005, within(1e-12));
    }

    @Test
    void aStepWithAClosureReturnsTheLossBeforeIt() {
        SGD sgd = new SGD(List.of(b), 0.25);
        Tensor loss = sgd.step(() -> {
            sgd.zeroGrad();
            Tensor square = b.square().sum();
            square.backward();
            return square;
        });

        assertThat(loss.item()).isEqualTo(9);
        assertThat(b.data().toDoubleArray()).containsExactly(1.5);
    }
}
