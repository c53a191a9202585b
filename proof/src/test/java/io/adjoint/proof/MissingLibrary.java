package io.adjoint.proof;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.Ejml;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.io.Npy;
import io.adjoint.io.Safetensors;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Csv;
import io.adjoint.nn.data.CsvOptions;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.train.CsvLog;
import io.adjoint.nn.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A library that {@link MissingLibrariesTest} hides from the class loader that loads this class: a training and all that needs no library
 * must work in a folder, calls that need it fail. The function returns the errors.
 */
public enum MissingLibrary implements Function<Path, List<Throwable>> {
    EJML("ejml-", "org/ejml/") {
        @Override
        List<Supplier<?>> needing(Path folder) {
            Tensor matrix = Tensor.of(new double[][] {{2, 1}, {1, 2}});
            NdArray array = matrix.data();
            return List.of(
                    matrix::inv,
                    matrix::det,
                    matrix::cholesky,
                    matrix::svd,
                    matrix::eigh,
                    () -> matrix.solve(matrix),
                    () -> Ejml.toDMatrix(array));
        }
    },
    FASTCSV("fastcsv-", "de/siegmar/fastcsv/") {
        @Override
        List<Supplier<?>> needing(Path folder) {
            return List.of(() -> Csv.of("a,b\n1,2\n", new CsvOptions()), () -> new CsvLog(folder));
        }
    },
    GSON("gson-", "com/google/gson/") {
        @Override
        List<Supplier<?>> needing(Path folder) {
            Path file = folder.resolve("new.safetensors");
            return List.of(
                    () -> {
                        Safetensors.save(file, Map.of("a", NdArray.zeros(DType.FLOAT64, Shape.of(2))));
                        return file;
                    },
                    () -> Safetensors.load(folder.resolve(SAVED)));
        }
    };

    /** A file that is in the folder before. */
    static final String SAVED = "saved.safetensors";

    /** The file that the training writes. */
    static final String PREDICTED = "predicted.npy";

    /** The beginning of the names of its jars. */
    final String jar;

    /** The beginning of the names of its classes, by which an error names it. */
    final String classes;

    MissingLibrary(String jar, String classes) {
        this.jar = jar;
        this.classes = classes;
    }

    abstract List<Supplier<?>> needing(Path folder);

    @Override
    public List<Throwable> apply(Path folder) {
        Generator rng = new Generator(1);
        Tensor x = Tensor.normal(DType.FLOAT64, Shape.of(64, 20), 0, 1, rng);
        Layer model = new Sequential(new Dense(20, 32, rng), new ReLU(), new Dense(32, 1, rng));
        DataLoader<Batch> batches = new DataLoader<>(Dataset.of(x, x.sum(Dims.KEEP, 1)), 16).shuffle(rng);
        Trainer.of(model, new Adam(model.parameters(), 0.01), new MSE()).fit(batches, 2);
        Npy.save(
                folder.resolve(PREDICTED),
                Autograd.noGrad(() -> model.forward(x)).data());
        List<Throwable> errors = new ArrayList<>();
        for (Supplier<?> call : needing(folder)) {
            try {
                Object unused = call.get();
                errors.add(new AssertionError("a call that needs " + this + " works without"));
            } catch (LinkageError e) {
                errors.add(e);
            }
        }
        return errors;
    }
}
