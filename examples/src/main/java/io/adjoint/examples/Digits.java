package io.adjoint.examples;

import io.adjoint.core.ConvOptions;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.MaxPool2d;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Unflatten;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.train.Evaluation;
import io.adjoint.nn.train.Every;
import io.adjoint.nn.train.Trainer;
import io.adjoint.view.Report;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Trains a network to classify images of handwritten digits, and prints its accuracy on images that it has not seen. */
public final class Digits extends Training {
    private static final int BATCH = 32;
    private static final double LEARNING_RATE = 3e-3;
    private static final double WEIGHT_DECAY = 1e-3;
    private static final CrossEntropy CROSS_ENTROPY = new CrossEntropy();

    private final DigitsData data = DigitsData.load();
    private final Layer model;
    private final Parts<Batch> parts;
    private final ConfusionMatrix confusion = new ConfusionMatrix(DigitsData.CLASSES);

    /** The arguments of this example. */
    static final class Options extends ExampleOptions {
        @Option(names = "--cnn", description = "Trains a convolutional network.")
        private boolean cnn;

        Options() {
            reportTo(Path.of("target", "digits.html"));
        }
    }

    Digits(Options options) {
        super(options, options.cnn ? 30 : 40);
        Init init = new Init(rng);
        model = options.cnn ? convolutions(init) : dense(init);
        Adam optimizer = new Adam(model.parameters(), LEARNING_RATE).weightDecay(WEIGHT_DECAY);
        DataLoader<Batch> batches =
                new DataLoader<>(Dataset.of(data.train().x(), data.train().y()), BATCH).shuffle(rng);
        Trainer<Batch> trainer = Trainer.of(model, optimizer, CROSS_ENTROPY)
                // The learning rate falls along half a cosine almost to 0, so that the weights settle in the last
                // epochs.
                .schedule(new CosineAnnealing(LEARNING_RATE, epochs), Every.EPOCH)
                .metrics(new Accuracy())
                .validate("test", List.of(data.test()));
        parts = new Parts<>(model, optimizer, batches, trainer);
    }

    private static Layer dense(Init init) {
        return new Sequential(
                new Dense(DigitsData.PIXELS, 128, init),
                new ReLU(),
                new Dense(128, 64, init),
                new ReLU(),
                new Dense(64, DigitsData.CLASSES, init));
    }

    private Layer convolutions(Init init) {
        ConvOptions same = new ConvOptions().padding(1);
        return new Sequential(
                new Unflatten(1, 1, 8, 8),
                new Conv2d(1, 16, 3, same, init),
                new BatchNorm2d(16, init),
                new ReLU(),
                new MaxPool2d(2),
                new Conv2d(16, 32, 3, same, init),
                new BatchNorm2d(32, init),
                new ReLU(),
                new Flatten(),
                new Dropout(rng),
                new Dense(32 * 4 * 4, DigitsData.CLASSES, init));
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run(
                "Trains a network to classify images of handwritten digits.", new Options(), Digits::new, args);
    }

    @Override
    String baseline() {
        return NearestMean.baseline(data.train(), data.test(), DigitsData.CLASSES);
    }

    @Override
    Figure test() {
        confusion.reset();
        Evaluation result = parts.trainer().evaluate(List.of(data.test()), new Accuracy(), confusion);
        System.out.printf("%n%s%n%n", confusion);
        System.out.printf("%d of %d images are classified correctly%n", confusion.correct(), confusion.total());
        return Figure.percent("accuracy", result.value("Accuracy"));
    }

    @Override
    void complete(Report report) {
        super.complete(report);
        report.confusions(confusion);
    }

    @Override
    Parts<Batch> parts() {
        return parts;
    }
}
