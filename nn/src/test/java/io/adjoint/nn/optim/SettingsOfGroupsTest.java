package io.adjoint.nn.optim;

import static io.adjoint.nn.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings by name, of an optimizer and of its groups of parameters, and in states. */
class SettingsOfGroupsTest {
    private final Tensor a = Tensor.of(1, 2).requiresGrad(true);
    private final Tensor b = Tensor.of(3).requiresGrad(true);

    private Adam adam() {
        Adam adam = new Adam(List.of(a), 0.1).betas(0.8, 0.9);
        adam.add(List.of(b));
        return adam;
    }

    private static void step(Optimizer optimizer) {
        optimizer.parameters().forEach(p -> p.setGrad(p.detach()));
        optimizer.step();
    }

    @Test
    void settingsHaveTheNamesOfTheirMethods() {
        Adam adam = adam();
        assertThat(adam.settings())
                .containsExactly(
                        entry("learningRate", 0.1),
                        entry("weightDecay", 0.0),
                        entry("beta1", 0.8),
                        entry("beta2", 0.9),
                        entry("eps", 1e-8));
        adam.set("beta1", 0.5).set("learningRate", 0.2);
        assertThat(adam.get("beta1")).isEqualTo(0.5);
        assertThat(adam.learningRate()).isEqualTo(0.2);
        assertThat(new SGD(List.of(a), 1).nesterov(0.5).get("momentum")).isEqualTo(0.5);
    }

    @Test
    void anUnknownNameAndAValueOutOfRangeAreRefusedAndChangeNothing() {
        Adam adam = adam();
        Map<String, Double> before = adam.settings();
        ParameterGroup group = adam.groups().get(1);
        refused(() -> adam.set("beta", 0.5))
                .withMessage(
                        "Adam: has no setting 'beta'; its settings are [learningRate, weightDecay, beta1, beta2, eps]");
        refused(() -> group.set("beta1", 1)).withMessage("Adam: the beta1 must be at least 0 and less than 1, got 1.0");
        refused(() -> adam.betas(0.5, 1)).withMessageContaining("beta2");
        refused(() -> new Rprop(List.of(a)).set("weightDecay", 0.1))
                .withMessage("Rprop: the weight decay must be 0: steps depend on signs alone, got 0.1");
        assertThat(adam.settings()).isEqualTo(before);
        assertThat(group.get("beta1")).isEqualTo(0.8);
    }

    @Test
    void aGroupFollowsTheOptimizerButInItsOwnSettings() {
        Adam adam = adam();
        ParameterGroup group = adam.groups().get(1).rateScale(0.5).set("beta2", 0.7);
        adam.betas(0.6, 0.65).learningRate(0.4).weightDecay(0.1);

        assertThat(group.get("beta1")).isEqualTo(0.6);
        assertThat(group.get("beta2")).isEqualTo(0.7);
        assertThat(group.learningRate()).isEqualTo(0.2);
        assertThat(group.weightDecay()).isEqualTo(0.1);
        group.learningRate(1);
        adam.learningRate(0.3);
        assertThat(group.learningRate()).isEqualTo(0.5);
        assertThat(adam.groups().get(0).learningRate()).isEqualTo(0.3);
        assertThat(group).hasToString("ParameterGroup(1 parameter; rate scale 0.5, learning rate 1.0, beta2 0.7)");
    }

    @Test
    void aSettingThatIsAnotherClasssIsRefusedByAGroup() {
        SGD sgd = new SGD(List.of(b), 1);
        Setting other = adam().beta1;
        refused(() -> sgd.groups().get(0).get(other)).withMessage("SGD: the setting 'beta1' belongs to Adam");
    }

    @Test
    void aStateRestoresTheSettingsOfTheOptimizerAndOfItsGroups() {
        Adam saved = adam();
        saved.groups().get(1).rateScale(0.5).set("beta1", 0.25).weightDecay(0.1);
        saved.set("eps", 1e-3);
        Map<String, NdArray> state = saved.state();
        assertThat(state.keySet())
                .contains("Adam.eps", "Adam.group1.rateScale", "Adam.group1.weightDecay", "Adam.group1.beta1")
                .doesNotContain("Adam.group0.rateScale", "Adam.group1.beta2");

        Adam loaded = new Adam(List.of(a), 1);
        loaded.add(List.of(b)).set("beta2", 0.3);
        loaded.load(state);
        assertThat(loaded.state()).isEqualTo(state);
        assertThat(loaded.settings()).isEqualTo(saved.settings());
        // The state has no β₂ for this group, so the group has the optimizer's again.
        assertThat(loaded.groups().get(1).get("beta2")).isEqualTo(0.9);
        assertThat(loaded.groups().get(1).learningRate()).isEqualTo(0.05);
    }

    @Test
    void arraysOfAStateAreThoseOfItsSettings() {
        SGD saved = new SGD(List.of(a), 0.1).momentum(0.9);
        step(saved);
        SGD loaded = new SGD(List.of(a), 1);
        loaded.load(saved.state());
        assertThat(loaded.state()).isEqualTo(saved.state()).containsKey("0.momentum");
    }

    @Test
    void aStateOfAnEarlierVersionLeavesTheSettingsOfTheProgram() {
        Adam saved = adam();
        step(saved);
        Map<String, NdArray> old = new LinkedHashMap<>(saved.state());
        old.keySet().removeIf(name -> name.startsWith("Adam.") && !name.equals("Adam.learningRate"));
        assertThat(old.keySet())
                .containsExactly(
                        "Adam.learningRate",
                        "0.steps",
                        "0.firstMoment",
                        "0.secondMoment",
                        "1.steps",
                        "1.firstMoment",
                        "1.secondMoment");

        Adam loaded = new Adam(List.of(a), 1).betas(0.7, 0.75);
        loaded.add(List.of(b)).rateScale(0.5).set("beta2", 0.3);
        loaded.load(old);
        assertThat(loaded.learningRate()).isEqualTo(0.1);
        assertThat(loaded.get("beta1")).isEqualTo(0.7);
        assertThat(loaded.groups().get(1).learningRate()).isEqualTo(0.05);
        assertThat(loaded.groups().get(1).get("beta2")).isEqualTo(0.3);
    }

    @Test
    void aStateWithASettingOutOfItsRangeIsRefusedAsAWhole() {
        Adam adam = adam();
        step(adam);
        Map<String, NdArray> before = adam.state();
        Map<String, NdArray> state = new LinkedHashMap<>(before);
        state.put("Adam.beta2", NdArray.scalar(DType.FLOAT64, 1));
        refused(() -> adam.load(state))
                .withMessage(
                        "Adam: the state does not fit, and nothing was loaded: the beta2 must be at least 0 and less"
                                + " than 1, got 1.0");
        assertThat(adam.state()).isEqualTo(before);
        state.putAll(before);
        state.put("Adam.group2.beta2", NdArray.scalar(DType.FLOAT64, 0.5));
        refused(() -> adam.load(state)).withMessageContaining("unexpected 'Adam.group2.beta2'");
    }

    @Test
    void muonTakesMatricesAlone() {
        refused(() -> new Muon(List.of(a)))
                .withMessage(
                        "Muon: parameter 0 of shape [2] is no matrix; give it to another optimizer, such as AdamW");
    }
}
