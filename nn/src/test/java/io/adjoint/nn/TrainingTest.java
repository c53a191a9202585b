package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Optimizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingTest {
    /** Trains a classifier whose arrays are large enough for several threads; returns its parameters. */
    private static List<NdArray> train(DType dtype) {
        Random rng = new Random(7);
        int samples = 512;
        Tensor x = Tensor.of(NdArray.wrap(
                        Shape.of(samples, 200),
                        rng.doubles(samples * 200L, -1, 1).toArray()))
                .to(dtype);
        Tensor y = Tensor.of(rng.ints(samples, 0, 150).toArray());
        Init init = new Init(rng).dtype(dtype);
        Layer model = new Sequential(new Dense(200, 300, init), new Tanh(), new Dense(300, 150, init));
        Optimizer optimizer = new Adam(model.parameters(), 0.01);
        CrossEntropy loss = new CrossEntropy();
        for (int epoch = 0; epoch < 2; epoch++) {
            for (Batch batch : new DataLoader<>(Dataset.of(x, y), 256).shuffle(rng)) {
                optimizer.zeroGrad();
                loss.forward(model.forward(batch.x()), batch.y()).backward();
                optimizer.step();
            }
        }
        return model.parameters().stream().map(Tensor::data).toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void aTrainingGivesTheSameBitsOnOneThreadAndOnTwo(DType dtype) throws ExecutionException, InterruptedException {
        List<List<NdArray>> results = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            ForkJoinPool pool = new ForkJoinPool(threads);
            try {
                results.add(pool.submit(() -> train(dtype)).get());
            } finally {
                pool.shutdown();
            }
        }

        assertThat(results.get(0)).isEqualTo(results.get(1));
    }

    @Test
    void tenThousandStepsFitIntoSixtyFourMegabytes() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FixedXor.class.getName(),
                        "10000")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(Double.parseDouble(output.strip())).isLessThan(0.0075);
    }
}
