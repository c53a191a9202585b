package io.adjoint.examples;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.examples.LearningCurves.Score;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.optim.Adam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains a network to read handwritten digits, and says how well it reads those that it has not seen. */
@Command(name = "Digits", showDefaultValues = true, description = "Trains a network to read handwritten digits.")
public final class Digits implements Callable<Integer> {
    private static final int BATCH = 32;
    private static final double LEARNING_RATE = 3e-3;
    private static final double WEIGHT_DECAY = 1e-3;
    private static final CrossEntropy CROSS_ENTROPY = new CrossEntropy().labelSmoothing(0.1);

    @Option(names = "--seed", description = "The seed of the random numbers: the same seed gives the same network.")
    private long seed = 1;

    @Option(
            names = "--epochs",
            converter = Positive.class,
            description = "The number of passes over the training images.")
    private int epochs = 40;

    @Option(names = "--curves", description = "The file that the learning curves are written to.")
    private Path picture = Path.of("target", "digits-curves.png");

    @SuppressWarnings("UnusedVariable") // picocli looks at it
    @Option(names = "--help", usageHelp = true, description = "Prints this.")
    private boolean help;

    /** Trains; see {@code --help}. */
    public static void main(String[] args) {
        int status = new CommandLine(new Digits()).execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Trains the network, showing how far it is and how well it does, and returns it. */
    static Layer train(DigitsData data, long seed, int epochs, LearningCurves curves) {
        Generator rng = new Generator(seed);
        Layer model = new Sequential(
                new Dense(DigitsData.PIXELS, 128, rng),
                new ReLU(),
                new Dense(128, 64, rng),
                new ReLU(),
                new Dense(64, DigitsData.CLASSES, rng));
        Adam optimizer = new Adam(model.parameters(), LEARNING_RATE).weightDecay(WEIGHT_DECAY);
        DataLoader<Batch> batches =
                new DataLoader<>(Dataset.of(data.train().x(), data.train().y()), BATCH).shuffle(rng);

        try (Progress progress = Progress.of("Training", epochs)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                // A half cosine from the full rate almost to 0 lets the last epochs settle.
                optimizer.learningRate(LEARNING_RATE * (1 + Math.cos(Math.PI * epoch / epochs)) / 2);
                for (Batch batch : batches) {
                    optimizer.zeroGrad();
                    Tensor loss = CROSS_ENTROPY.forward(model.forward(batch.x()), batch.y());
                    loss.backward();
                    optimizer.step();
                }
                curves.add(score(model, data.train()), score(model, data.test()));
                progress.step(curves.last());
            }
        }
        return model;
    }

    /** Loss and accuracy of a model on all of some samples. */
    private static Score score(Layer model, Batch samples) {
        return Autograd.noGrad(() -> {
            Tensor logits = model.forward(samples.x());
            return new Score(CROSS_ENTROPY.forward(logits, samples.y()).item(), accuracy(logits, samples.y()));
        });
    }

    private static double accuracy(Tensor logits, Tensor labels) {
        return logits.argMax(1).eq(labels).mean().item();
    }

    @Override
    public Integer call() throws IOException {
        DigitsData data = DigitsData.load();
        LearningCurves curves = new LearningCurves();
        long start = System.nanoTime();
        Layer model = train(data, seed, epochs, curves);
        double seconds = (System.nanoTime() - start) / 1e9;
        Tensor answers = Autograd.noGrad(() -> model.forward(data.test().x()).argMax(1));
        ConfusionMatrix confusion = new ConfusionMatrix(DigitsData.CLASSES);
        confusion.update(answers, data.test().y());
        System.out.printf(
                Locale.ROOT,
                "Test accuracy %.1f %%: %d of %d, after %d epochs in %.1f s%n%n%s%n%n",
                100 * confusion.value(),
                confusion.correct(),
                confusion.total(),
                epochs,
                seconds,
                confusion);
        curves.save(picture);
        System.out.println("Learning curves: " + picture.toAbsolutePath());
        return 0;
    }

    /** Understands whole numbers from 1 on. */
    static final class Positive implements CommandLine.ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            int number = Integer.parseInt(text);
            if (number < 1) {
                throw new CommandLine.TypeConversionException("must be at least 1, got " + number);
            }
            return number;
        }
    }
}
