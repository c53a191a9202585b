package io.adjoint.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.layer.Dense;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightAverageTest {
    private final Dense model = new Dense(1, 1, new Generator(1));

    private void weights(double value) {
        model.parameters().forEach(p -> InPlace.assign(p.data(), NdArray.full(DType.FLOAT64, p.shape(), value)));
    }

    private double weight() {
        return model.parameters().get(0).data().toDoubleArray()[0];
    }

    @Test
    void anExponentialAverageBeginsWithTheFirstUpdate() {
        WeightAverage ema = WeightAverage.ema(model, 0.75);
        weights(4);
        ema.update();
        weights(8);
        ema.update();

        assertThat(ema.<Double>within(this::weight)).isEqualTo(5);
        assertThat(weight()).isEqualTo(8);
    }

    @Test
    void theMeanIsOfAllUpdates() {
        WeightAverage swa = WeightAverage.swa(model);
        for (int value : new int[] {1, 2, 6}) {
            weights(value);
            swa.update();
        }
        swa.copyTo(model);

        assertThat(weight()).isEqualTo(3);
        assertThat(swa.updates()).isEqualTo(3);
    }

    @Test
    void weightsComeBackAfterAFailure() {
        WeightAverage swa = WeightAverage.swa(model);
        weights(1);
        swa.update();
        weights(2);

        assertThatIllegalStateException()
                .isThrownBy(() -> swa.within(() -> {
                    throw new IllegalStateException("failed at " + weight());
                }))
                .withMessage("failed at 1.0");
        assertThat(weight()).isEqualTo(2);
    }

    @Test
    void aStateContinuesWithTheSameBits() {
        WeightAverage one = WeightAverage.ema(model, 0.9);
        WeightAverage other = WeightAverage.ema(model, 0.9);
        one.update();
        weights(0.3);
        one.update();
        other.load(one.state());
        weights(0.7);
        one.update();
        other.update();

        assertThat(other.state()).isEqualTo(one.state());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        WeightAverage swa = WeightAverage.swa(model);
        Map<String, NdArray> state = new LinkedHashMap<>(swa.state());
        state.put("average.bias", NdArray.zeros(DType.FLOAT64, Shape.of(2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> swa.load(state))
                .withMessageContaining("WeightAverage: the state does not fit, and nothing was loaded: 'average.bias'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> swa.load(WeightAverage.ema(model, 0.9).state()))
                .withMessageContaining("missing 'swa.updates' INT32 []; unexpected 'ema.updates'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> swa.copyTo(new Dense(2, 1, new Generator(1))))
                .withMessageContaining("WeightAverage: the state does not fit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightAverage.ema(model, 1.5))
                .withMessage("WeightAverage: the decay must be from 0 to 1, got 1.5");
    }

    @Test
    void aModelThatGotAnotherBlockIsNamed() {
        Growing growing = new Growing();
        WeightAverage swa = WeightAverage.swa(growing);
        growing.grow();

        assertThatIllegalStateException()
                .isThrownBy(swa::update)
                .withMessage(
                        "WeightAverage: the model's parameters were [first.weight, first.bias] when the average was made,"
                                + " and now are [first.weight, first.bias, second.weight, second.bias]; make an average of the"
                                + " complete model");
        assertThat(swa.updates()).isZero();
    }

    /** A block that gets a child after it was made. */
    private static final class Growing extends Block {
        Growing() {
            child("first", new Dense(1, 1, new Generator(1)));
        }

        void grow() {
            child("second", new Dense(1, 1, new Generator(1)));
        }
    }
}
