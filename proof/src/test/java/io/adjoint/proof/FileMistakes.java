package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.io.Checkpoints;
import io.adjoint.io.Npz;
import io.adjoint.io.Safetensors;
import io.adjoint.io.StateDict;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.AdamW;
import io.adjoint.nn.optim.WeightAverage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The wrong calls with files and checkpoints whose messages docs/errors.md quotes, each in a folder of its own. */
final class FileMistakes {
    private interface Mistake {
        void in(Path folder) throws IOException;
    }

    static final List<ThrowingCallable> ALL = Stream.<Mistake>of(
                    folder -> saved(folder).part("late", model(2)),
                    folder -> {
                        saved(folder);
                        training(folder, 2).part("head", model(2)).resume();
                    },
                    folder -> loadTheStateOfAnotherOptimizer(),
                    folder -> loadTheStateOfAnotherAverage(),
                    folder -> {
                        saved(folder);
                        training(folder, 3).resume();
                    },
                    folder -> {
                        saved(folder);
                        training(folder, 2).save(9);
                    },
                    folder -> saved(folder).save(1),
                    FileMistakes::resumeFromADamagedCheckpoint,
                    folder -> open(
                            Files.write(folder.resolve("model.pt"), new byte[] {(byte) 0x80, 2, 0, 0, 0, 0, 0, 1})),
                    FileMistakes::loadAnNpzAsSafetensors,
                    folder -> new StateDict(model(2)).load(new StateDict(model(3)).state()),
                    folder -> goOnWithOtherBatches())
            .map(FileMistakes::inItsFolder)
            .toList();

    private FileMistakes() {}

    private static ThrowingCallable inItsFolder(Mistake mistake) {
        return () -> {
            Path folder = Files.createTempDirectory("mistake");
            try {
                mistake.in(folder);
            } finally {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        };
    }

    private static Layer model(int outputs) {
        return new Dense(2, outputs, new Init(new Generator(1)));
    }

    private static Checkpoints training(Path folder, int outputs) {
        return new Checkpoints(folder).part("model", model(outputs));
    }

    private static Checkpoints saved(Path folder) {
        Checkpoints checkpoints = training(folder, 2);
        checkpoints.save(2);
        return checkpoints;
    }

    private static void loadTheStateOfAnotherOptimizer() {
        List<Tensor> parameters = model(2).parameters();
        new AdamW(parameters).load(new Adam(parameters).state());
    }

    private static void loadTheStateOfAnotherAverage() {
        Layer model = model(2);
        WeightAverage.swa(model).load(WeightAverage.ema(model, 0.9).state());
    }

    private static void resumeFromADamagedCheckpoint(Path folder) throws IOException {
        Path newest = saved(folder).newest().orElseThrow();
        try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
            file.seek(file.length() - 1);
            int last = file.read();
            file.seek(file.length() - 1);
            file.write(last ^ 1);
        }
        training(folder, 2).resume();
    }

    private static void open(Path file) {
        Safetensors.open(file).close();
    }

    private static void loadAnNpzAsSafetensors(Path folder) {
        Path file = folder.resolve("data.npz");
        Npz.save(file, Map.of("x", Tensor.ones(2).data()));
        open(file);
    }

    private static void goOnWithOtherBatches() {
        Dataset<Integer> numbers = Dataset.of(4, k -> k);
        DataLoader<List<Integer>> loader = new DataLoader<>(numbers, 1, samples -> samples);
        loader.iterator().next();
        new DataLoader<>(numbers, 2, (List<Integer> samples) -> samples).load(loader.state());
    }
}
