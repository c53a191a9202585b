package io.adjoint.nn.optim;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.BatchNorm1d;
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
    void anExponentialAverageStartsFromTheParametersWhenItWasMade() {
        weights(0);
        WeightAverage ema = WeightAverage.ema(model, 0.75);
        weights(4);
        ema.update();
        assertThat(ema.<Double>within(this::weight)).isEqualTo(1);
        weights(8);
        ema.update();

        assertThat(ema.<Double>within(this::weight)).isEqualTo(2.75);
        assertThat(weight()).isEqualTo(8);
    }

    @Test
    void aComputationThatFailsLeavesTheModelsOwnWeightsAndBuffers() {
        BatchNorm1d norm = new BatchNorm1d(1, new Init(new Generator(1)));
        Sequential normalized = new Sequential(model, norm);
        Map<String, NdArray> before = normalized.state();
        WeightAverage swa = WeightAverage.swa(normalized);
        swa.update();

        thrown(
                        IllegalStateException.class,
                        () -> swa.within(() -> {
                            Tensor unused = normalized.forward(Tensor.of(new double[][] {{1}, {3}}));
                            model.parameters()
                                    .forEach(p -> InPlace.assign(p.data(), NdArray.full(DType.FLOAT64, p.shape(), 7)));
                            throw new IllegalStateException("of the computation");
                        }))
                .withMessage("of the computation");
        assertThat(normalized.state()).isEqualTo(before);
    }

    @Test
    void aSoftUpdateStartsFromWhatTheTargetHas() {
        Dense target = new Dense(1, 1, new Generator(2));
        target.load(Map.of(
                "weight",
                NdArray.zeros(DType.FLOAT64, Shape.of(1, 1)),
                "bias",
                NdArray.zeros(DType.FLOAT64, Shape.of(1))));
        weights(1);
        WeightAverage soft = WeightAverage.ema(model, 0.99, target);
        double expected = 0;
        for (int step = 0; step < 3; step++) {
            soft.update();
            soft.copyTo(target);
            expected = 0.99 * expected + 0.01;
            assertThat(target.weight().data().get(0, 0)).isCloseTo(expected, within(1e-15));
        }

        assertThat(weight()).isEqualTo(1);
        refused(() -> WeightAverage.ema(model, 0.99, new Dense(2, 1, new Generator(1))))
                .withMessageContaining("WeightAverage: the parameters of Dense: the state does not fit");
    }

    @Test
    void aDecayOf0KeepsTheLastParameters() {
        weights(Double.POSITIVE_INFINITY);
        WeightAverage ema = WeightAverage.ema(model, 0);
        weights(0.1);
        ema.update();

        assertThat(ema.<Double>within(this::weight)).isEqualTo(0.1);
    }

    @Test
    void anUpdateWhileTheAverageIsInTheModelIsRefused() {
        weights(0);
        WeightAverage ema = WeightAverage.ema(model, 0.5);
        weights(2);

        thrown(
                        IllegalStateException.class,
                        () -> ema.within(() -> {
                            double nested = ema.<Double>within(this::weight);
                            ema.update();
                            return nested;
                        }))
                .withMessage(
                        "WeightAverage: update() within within(…) would average the average, which is in the model there;"
                                + " update before or after it");
        assertThat(ema.updates()).isZero();
        assertThat(weight()).isEqualTo(2);
        ema.update();
        assertThat(ema.<Double>within(this::weight)).isEqualTo(1);
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

        thrown(
                        IllegalStateException.class,
                        () -> swa.within(() -> {
                            throw new IllegalStateException("failed at " + weight());
                        }))
                .withMessage("failed at 1.0");
        assertThat(weight()).isEqualTo(2);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        WeightAverage swa = WeightAverage.swa(model);
        Map<String, NdArray> state = new LinkedHashMap<>(swa.state());
        state.put("average.bias", NdArray.zeros(DType.FLOAT64, Shape.of(2)));
        refused(() -> swa.load(state))
                .withMessageContaining("WeightAverage: the state does not fit, and nothing was loaded: 'average.bias'");
        refused(() -> swa.load(WeightAverage.ema(model, 0.9).state()))
                .withMessageContaining("missing 'swa.updates' INT32 []; unexpected 'ema.updates'");
        refused(() -> swa.copyTo(new Dense(2, 1, new Generator(1))))
                .withMessageContaining("WeightAverage: the parameters of Dense: the state does not fit");
        assertThat(swa).hasToString("WeightAverage.swa[updates=0]");
        assertThat(WeightAverage.ema(model, 0.9)).hasToString("WeightAverage.ema[decay=0.9, updates=0]");
        refused(() -> WeightAverage.ema(model, 1.5))
                .withMessage("WeightAverage: the decay must be from 0 to 1, got 1.5");
    }

    @Test
    void aModelThatGotAnotherBlockIsNamed() {
        Growing growing = new Growing();
        WeightAverage swa = WeightAverage.swa(growing);
        growing.grow();

        thrown(IllegalStateException.class, swa::update)
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
