package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.distributions.Normal;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.train.Every;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.util.Locale;

/**
 * Forecasts tomorrow's highest temperature with its uncertainty: the network gives mean and scale of a normal distribution, and the loss is
 * the negative logarithm of its density at the true temperature. The test counts how often intervals of the forecast hold it.
 */
public final class Uncertainty extends Training {
    private static final int HIDDEN = 16;
    private static final int BATCH = 64;
    private static final double LEARNING_RATE = 1e-2;

    private final Layer model;
    final WeatherData data = WeatherData.load(1, DType.FLOAT64);
    private final Parts<Batch> parts;

    Uncertainty(ExampleOptions arguments) {
        super(arguments, 60);
        model = new Sequential(
                new Flatten(), new Dense(WeatherData.FEATURES, HIDDEN, rng), new Tanh(), new Dense(HIDDEN, 2, rng));
        Adam optimizer = new Adam(model.parameters(), LEARNING_RATE);
        DataLoader<Batch> batches =
                new DataLoader<>(Dataset.of(data.train().x(), data.train().y()), BATCH).shuffle(rng);
        Trainer<Batch> trainer = Trainer.of(model, optimizer, this::outcome)
                .schedule(new CosineAnnealing(LEARNING_RATE, epochs), Every.EPOCH);
        parts = new Parts<>(model, optimizer, batches, trainer);
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run(
                "Forecasts tomorrow's highest temperature with its uncertainty.",
                new ExampleOptions(),
                Uncertainty::new,
                args);
    }

    /** The distributions of the changes of the temperature, one for each sample. */
    Normal forecast(Batch days) {
        Tensor outputs = model.forward(days.x());
        return new Normal(outputs.select(1, 0), outputs.select(1, 1).exp());
    }

    private static Tensor nats(Normal forecast, Batch days) {
        return forecast.logProb(days.y()).mean().neg();
    }

    private Outcome outcome(Batch days) {
        return new Outcome(nats(forecast(days), days));
    }

    /** The fraction of the held-out days whose change is in the central interval of a probability. */
    double coverage(double probability) {
        Tensor fromCenter = forecast(data.test()).cdf(data.test().y()).sub(0.5).abs();
        return fromCenter.lt(probability / 2).to(DType.FLOAT64).mean().item();
    }

    /** A distribution that is the same for each day. */
    @Override
    String baseline() {
        Tensor changes = data.train().y();
        Normal same = new Normal(changes.mean(), changes.std());
        return String.format(
                Locale.ROOT,
                "Baseline: the same scale each day, %.2f °C, takes %.3f nats",
                same.scale().item(),
                nats(same, data.test()).item());
    }

    @Override
    Figure test() {
        Normal forecast = forecast(data.test());
        System.out.printf(
                Locale.ROOT,
                "Scales from %.2f to %.2f °C%n",
                forecast.scale().amin().item(),
                forecast.scale().amax().item());
        for (double probability : new double[] {0.5, 0.8, 0.9, 0.95}) {
            System.out.printf(
                    Locale.ROOT,
                    "Intervals of %.0f %% hold %.1f %% of the temperatures%n",
                    100 * probability,
                    100 * coverage(probability));
        }
        double nats = nats(forecast, data.test()).item();
        return new Figure("nats a day", nats, String.format(Locale.ROOT, "%.3f", nats));
    }

    @Override
    Parts<Batch> parts() {
        return parts;
    }
}
