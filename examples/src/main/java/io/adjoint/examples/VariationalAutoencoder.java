package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.distributions.Bernoulli;
import io.adjoint.distributions.KL;
import io.adjoint.distributions.Normal;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.train.Every;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.util.List;
import java.util.Locale;

/**
 * Learns to draw digits: a variational autoencoder (Kingma and Welling 2014). The encoder gives the distribution of a few latent numbers of
 * an image, the decoder that of the pixels for latent numbers.
 */
public final class VariationalAutoencoder extends Training {
    private static final int LATENT = 8;
    private static final int BATCH = 64;
    private static final double LEARNING_RATE = 3e-3;
    private static final Normal PRIOR = new Normal(0, 1);

    private final Model model;
    private final Tensor train;
    final Tensor test;
    private final Parts<Batch> parts;

    /** Both networks; as a layer it restores images. */
    static final class Model extends Layer {
        private final Sequential encoder;
        private final Sequential decoder;

        Model(Init init) {
            encoder = child(
                    "encoder",
                    new Sequential(
                            new Dense(DigitsData.PIXELS, 128, init), new ReLU(), new Dense(128, 2 * LATENT, init)));
            decoder = child(
                    "decoder",
                    new Sequential(new Dense(LATENT, 128, init), new ReLU(), new Dense(128, DigitsData.PIXELS, init)));
        }

        /** The latent numbers of images {@code [images, 64]}: a batch {@code [images, 8]} of distributions. */
        Normal encode(Tensor images) {
            List<Tensor> halves = encoder.forward(images).chunk(1, 2);
            return new Normal(halves.get(0), halves.get(1).exp());
        }

        /** The pixels {@code [images, 64]} for latent numbers {@code [images, 8]}. */
        Bernoulli decode(Tensor latent) {
            return Bernoulli.ofLogits(decoder.forward(latent));
        }

        /** Without distributions, whose checks of parameters have no operation in ONNX. */
        @Override
        protected Tensor compute(Tensor images) {
            Tensor mean = encoder.forward(images).slice(1, 0, LATENT);
            return decoder.forward(mean).sigmoid();
        }
    }

    VariationalAutoencoder(ExampleOptions arguments) {
        super(arguments, 60);
        DigitsData data = DigitsData.load();
        train = blackOrWhite(data.train().x());
        test = blackOrWhite(data.test().x());
        model = new Model(new Init(rng));
        Adam optimizer = new Adam(model.parameters(), LEARNING_RATE);
        DataLoader<Batch> batches =
                new DataLoader<>(Dataset.of(train, data.train().y()), BATCH).shuffle(rng);
        Trainer<Batch> trainer = Trainer.of(model, optimizer, this::outcome)
                .schedule(new CosineAnnealing(LEARNING_RATE, epochs), Every.EPOCH);
        parts = new Parts<>(model, optimizer, batches, trainer);
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run("Learns to draw digits.", new ExampleOptions(), VariationalAutoencoder::new, args);
    }

    private static Tensor blackOrWhite(Tensor greys) {
        return greys.ge(0.5).to(greys.dtype());
    }

    private Outcome outcome(Batch batch) {
        return new Outcome(nats(batch.x(), rng).mean());
    }

    /** An upper bound of {@code −log p(image)} for each image, the negative ELBO, by one sample of the latent numbers. */
    private Tensor nats(Tensor images, Generator rng) {
        Normal posterior = model.encode(images);
        Tensor reconstruction = model.decode(posterior.rsample(rng)).logProb(images);
        return KL.divergence(posterior, PRIOR).sum(1).sub(reconstruction.sum(1));
    }

    /** Probabilities of the pixels of images, restored from the means of their latent numbers. */
    Tensor restored(Tensor images) {
        return model.forward(images);
    }

    /** Probabilities of the pixels of images that the decoder draws from the prior. */
    Tensor dreams(int images, Generator rng) {
        return model.decode(PRIOR.sample(rng, images, LATENT)).probs();
    }

    @Override
    String baseline() {
        Bernoulli independent = Bernoulli.ofProbs(train.mean(0));
        return String.format(
                Locale.ROOT,
                "Baseline: independent pixels take %.2f nats an image",
                independent.logProb(test).sum(1).mean().neg().item());
    }

    @Override
    Figure test() {
        double mean = nats(test, new Generator(0)).mean().item();
        return new Figure("nats an image", mean, String.format(Locale.ROOT, "%.2f", mean));
    }

    @Override
    Parts<Batch> parts() {
        return parts;
    }
}
