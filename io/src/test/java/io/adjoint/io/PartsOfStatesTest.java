package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Tanh;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Saves and loads parts of a model's state, selected by their names. */
class PartsOfStatesTest {
    private static Sequential model(long seed) {
        Generator rng = new Generator(seed);
        return new Sequential(new Dense(2, 3, rng), new Tanh(), new Dense(3, 1, rng));
    }

    @Test
    void onlyTheNamesThatAreFoundAreWrittenAndLoaded() {
        Sequential saved = model(1);
        Map<String, NdArray> head = new StateDict(saved).only("^2\\.").state();
        Sequential model = model(2);
        Map<String, NdArray> before = model.state();

        LoadReport report = new StateDict(model).only("^2\\.").load(head);

        assertThat(head).containsOnlyKeys("2.weight", "2.bias");
        assertThat(report.loaded()).containsExactlyInAnyOrder("2.weight", "2.bias");
        assertThat(report.ignored()).containsExactly("0.weight", "0.bias");
        assertThat(report.isExact()).isTrue();
        assertThat(model.state().get("2.weight")).isEqualTo(saved.state().get("2.weight"));
        assertThat(model.state().get("0.weight")).isEqualTo(before.get("0.weight"));
    }

    @Test
    void otherArraysOfAStateAreLeftAloneAndReported() {
        Sequential model = model(2);
        Map<String, NdArray> before = model.state();
        LoadReport report = new StateDict(model).only("0\\.weight").load(model(1).state());

        assertThat(report.loaded()).containsExactly("0.weight");
        assertThat(report.ignored()).contains("0.bias", "2.weight", "2.bias");
        assertThat(model.state().get("2.weight")).isEqualTo(before.get("2.weight"));
    }

    @Test
    void severalChoicesAddUpAndIgnoreTakesAwayFromThem() {
        Sequential model = model(1);

        assertThat(new StateDict(model).only("^0\\.").only("bias").state())
                .containsOnlyKeys("0.weight", "0.bias", "2.bias");
        assertThat(new StateDict(model).only("^0\\.").ignore("bias").state()).containsOnlyKeys("0.weight");
    }

    @Test
    void aMissingArrayOfThePartIsAnError() {
        Sequential model = model(1);
        Map<String, NdArray> part = new StateDict(model).only("2\\.weight").state();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StateDict(model).only("^2\\.").load(part))
                .withMessageContaining("missing")
                .withMessageContaining("2.bias");
    }
}
