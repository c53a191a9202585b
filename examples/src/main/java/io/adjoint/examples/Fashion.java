package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.Idx;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.MaxPool2d;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.train.Every;
import io.adjoint.nn.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Trains a convolutional network to classify small grey images of clothes. */
public final class Fashion extends Training {
    private static final int CLASSES = 10;
    private static final int BATCH = 64;
    private static final double LEARNING_RATE = 2e-3;
    private static final CrossEntropy CROSS_ENTROPY = new CrossEntropy();

    private final Batch train;
    private final Batch test;
    private final Layer model;
    private final Parts<Batch> parts;

    /** The arguments of this example. */
    static final class Options extends TypedOptions {
        @Option(
                names = "--data",
                description =
                        "A folder with the whole data set, four files in the IDX format, compressed or not. Without it,"
                                + " the program uses its own 6,000 training and 1,000 test images.")
        private @Nullable Path folder;

        @Option(
                names = "--samples",
                converter = Positive.class,
                description = "The number of training images (default: all).")
        private @Nullable Integer samples;

        Options() {
            super(DType.FLOAT32);
        }
    }

    Fashion(Options options) {
        super(options, 8);
        Batch all = read(options, "train", "train");
        int size = all.y().shape().dim(0);
        int samples = options.samples == null ? size : Math.min(options.samples, size);
        train = new Batch(all.x().slice(0, 0, samples), all.y().slice(0, 0, samples));
        test = read(options, "t10k", "test");
        Init init = new Init(rng).dtype(options.dtype());
        ConvOptions same = new ConvOptions().padding(1);
        model = new Sequential(
                new Conv2d(1, 16, 3, same, init),
                new ReLU(),
                new MaxPool2d(2),
                new Conv2d(16, 32, 3, same, init),
                new ReLU(),
                new MaxPool2d(2),
                new Dropout(0.25, rng),
                new Flatten(),
                new Dense(32 * 7 * 7, 64, init),
                new ReLU(),
                new Dense(64, CLASSES, init));
        Adam optimizer = new Adam(model.parameters(), LEARNING_RATE);
        DataLoader<Batch> batches = new DataLoader<>(Dataset.of(train.x(), train.y()), BATCH).shuffle(rng);
        Trainer<Batch> trainer = Trainer.of(model, optimizer, CROSS_ENTROPY)
                .schedule(new CosineAnnealing(LEARNING_RATE, epochs), Every.EPOCH)
                .metrics(new Accuracy())
                .validate("test", heldOut());
        parts = new Parts<>(model, optimizer, batches, trainer);
    }

    /**
     * Reads images {@code [N, 1, 28, 28]} of values from 0 to 1 and their classes, from the folder in the options or, without one, from
     * the program's resources.
     */
    private static Batch read(Options options, String inFolder, String inProgram) {
        Path folder = options.folder;
        Tensor[] parts = Stream.of("images", "labels")
                .map(part -> folder == null
                        ? Resources.idx("fashion/fashion-" + inProgram + "-" + part + ".idx.gz")
                        : Idx.read(file(folder, inFolder + "-" + part)))
                .toArray(Tensor[]::new);
        return new Batch(parts[0].to(options.dtype()).div(255).unsqueeze(1), parts[1]);
    }

    /**
     * The file for a name: for {@code train-images}, {@code train-images-idx3-ubyte} or, if that doesn't exist,
     * {@code train-images-idx3-ubyte.gz}.
     */
    private static Path file(Path folder, String name) {
        String idx = name + (name.endsWith("images") ? "-idx3-ubyte" : "-idx1-ubyte");
        Path plain = folder.resolve(idx);
        return Files.exists(plain) ? plain : folder.resolve(idx + ".gz");
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run(
                "Trains a convolutional network to classify images of clothes.", new Options(), Fashion::new, args);
    }

    private DataLoader<Batch> heldOut() {
        return new DataLoader<>(Dataset.of(test.x(), test.y()), 500);
    }

    @Override
    String baseline() {
        return NearestMean.baseline(train, test, CLASSES);
    }

    @Override
    Figure test() {
        return Figure.percent("accuracy", parts.trainer().evaluate(heldOut()).value("Accuracy"));
    }

    @Override
    Parts<Batch> parts() {
        return parts;
    }
}
