package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.loss.L1;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.train.Every;
import io.adjoint.nn.train.Trainer;
import java.util.List;
import java.util.Locale;

/** Forecasts tomorrow's highest temperature in Seattle from the last two weeks, by an LSTM. */
public final class Weather extends Training {
    /** The number of days in an input of the network. */
    private static final int DAYS = 14;

    private static final int BATCH = 32;
    private static final double LEARNING_RATE = 3e-3;

    private final Forecast model;
    private final Parts<Batch> parts;
    private final Batch test;

    /** The arguments of this example. */
    static final class Options extends TypedOptions {
        Options() {
            super(DType.FLOAT64);
        }
    }

    /** The network: from the last days it predicts by how much tomorrow is warmer than today. */
    static final class Forecast extends Layer {
        final LSTM memory;
        final Dense output;

        Forecast(Init init) {
            memory = child("memory", new LSTM(WeatherData.FEATURES, 32, init));
            output = child("output", new Dense(32, 1, init));
        }

        @Override
        protected Tensor compute(Tensor days) {
            return output.forward(memory.forward(days).last().hidden().select(0, 0))
                    .squeeze(1);
        }
    }

    Weather(Options options) {
        super(options, 20);
        model = new Forecast(new Init(rng).dtype(options.dtype()));
        Adam optimizer = new Adam(model.parameters(), LEARNING_RATE);

        WeatherData data = WeatherData.load(DAYS, options.dtype());
        DataLoader<Batch> batches =
                new DataLoader<>(Dataset.of(data.train().x(), data.train().y()), BATCH).shuffle(rng);
        test = data.test();

        Trainer<Batch> trainer = Trainer.of(model, optimizer, new L1())
                .schedule(new CosineAnnealing(LEARNING_RATE, epochs), Every.EPOCH)
                .validate("test", List.of(test));
        parts = new Parts<>(model, optimizer, batches, trainer);
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run("Forecasts tomorrow's highest temperature with an LSTM.", new Options(), Weather::new, args);
    }

    /** The mean absolute error of the baseline, which predicts that tomorrow is as warm as today. */
    private double errorOfToday() {
        return test.y().abs().mean().item();
    }

    @Override
    String baseline() {
        return String.format(
                Locale.ROOT, "Baseline: today's temperature has a mean absolute error of %.3f °C", errorOfToday());
    }

    @Override
    Figure test() {
        double error = parts.trainer().evaluate(List.of(test)).loss();
        System.out.printf(Locale.ROOT, "The forecast has a mean absolute error of %.3f °C%n", error);
        return Figure.percent("error, reduction against the baseline", 1 - error / errorOfToday());
    }

    @Override
    Parts<Batch> parts() {
        return parts;
    }
}
