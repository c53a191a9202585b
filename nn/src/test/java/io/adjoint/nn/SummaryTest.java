package io.adjoint.nn;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.TransformerEncoder;
import io.adjoint.nn.layer.TransformerOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private final Init init = new Init(new Generator(1));

    @Test
    void listsPathShapesParametersAndMultiplyAdds() {
        Layer model = new Sequential(new Dense(64, 128, init), new ReLU(), new Dense(128, 10, init));

        assertThat(model.summary(Tensor.zeros(2, 64)).toString().lines().map(String::stripTrailing))
                .containsExactly(
                        "layer                  output    parameters  multiply-adds",
                        "Sequential()           [2, 10]        9,610         18,944",
                        "  0: Dense(64 -> 128)  [2, 128]       8,320         16,384",
                        "  1: ReLU()            [2, 128]           0              0",
                        "  2: Dense(128 -> 10)  [2, 10]        1,290          2,560",
                        "9,610 parameters, 9,610 of them trainable; 18,944 multiply-adds");
    }

    @Test
    void countsTheMultiplyAddsOfConvolutions() {
        Layer conv = new Conv2d(3, 8, 3, init);

        assertThat(conv.summary(Tensor.zeros(2, 3, 6, 6)).multiplyAdds()).isEqualTo(2L * 8 * 4 * 4 * 3 * 3 * 3);
    }

    @Test
    void leavesStateAndModeAsTheyAre() {
        Layer norm = new BatchNorm2d(2, init);
        Layer model = new Sequential(new Conv2d(1, 2, 2, init), norm);
        norm.eval();
        Map<String, NdArray> before = model.state();

        Summary summary = model.summary(Tensor.ones(3, 1, 4, 4));

        assertThat(summary.rows()).hasSize(3);
        assertThat(model.state()).isEqualTo(before);
        assertThat(model.isTraining()).isTrue();
        assertThat(norm.isTraining()).isFalse();
    }

    @Test
    void leavesTheModeAsItIsWhenTheModelFails() {
        Layer model = new Sequential(new Dense(2, 3, init));

        thrown(ShapeException.class, () -> model.summary(Tensor.zeros(2, 5)))
                .withMessageStartingWith("0: Dense(2 -> 3): ");
        assertThat(model.isTraining()).isTrue();
    }

    @Test
    void takesBlocksOfOtherInputs() {
        LSTM lstm = new LSTM(3, 4, init);

        Summary summary = Summary.of(lstm, () -> lstm.forward(Tensor.zeros(2, 5, 3)));

        assertThat(summary.rows().get(0).outputs()).contains(Shape.of(2, 5, 4));
        assertThat(summary.multiplyAdds()).isGreaterThanOrEqualTo(2L * 5 * 16 * (3 + 4));
    }

    @Test
    void countsAFrozenAndASharedLayerOnce() {
        Dense shared = new Dense(2, 2, init);
        Layer model = new Sequential(shared, new ReLU(), shared);
        shared.freeze();

        Summary summary = model.summary(Tensor.zeros(1, 2));

        assertThat(summary.parameters()).isEqualTo(6);
        assertThat(summary.rows().get(0).trainable()).isZero();
        assertThat(summary.rows()).extracting(Summary.Row::isRepeated).containsExactly(false, false, false, true);
    }

    @Test
    void refusesAFunctionThatDoesNotRunTheModel() {
        Dense dense = new Dense(2, 2, init);

        refused(() -> Summary.of(dense, () -> Tensor.zeros(1))).withMessageContaining("did not run Dense(2 -> 2)");
    }

    @Test
    void listsOfBlocksHaveNoRowAndNoIndentationOfTheirOwn() {
        Layer encoder = new TransformerEncoder(2, 4, 1, new TransformerOptions(), init);

        assertThat(encoder.summary(Tensor.zeros(1, 3, 4)).toString().lines())
                .noneMatch(line -> line.strip().startsWith("layers:"))
                .anyMatch(line -> line.startsWith("  layers.0: TransformerEncoderLayer("))
                .anyMatch(line -> line.startsWith("    norm1: LayerNorm("));
    }

    @Test
    void aLayerWithoutParametersIsNotCalledShared() {
        ReLU relu = new ReLU();

        assertThat(new Sequential(relu, new Dense(2, 2, init), relu)
                        .summary(Tensor.zeros(1, 2))
                        .toString())
                .doesNotContain("shared");
    }

    @Test
    void aSummaryHasRows() {
        refused(() -> new Summary(List.of()))
                .withMessage(
                        "Summary: expected rows, the model's first, but got none; Summary.of(model, input) makes them");
    }
}
