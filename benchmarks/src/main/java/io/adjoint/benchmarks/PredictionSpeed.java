package io.adjoint.benchmarks;

import static java.util.Objects.requireNonNull;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Prints the rows that one model predicts in a second, by 1 and by 2 threads that share it, and the rows of a plain loop over the same
 * weights in arrays, as in {@code docs/first-model.md}. Blocks of all kinds take turns in one process, so that other programs on the
 * machine slow all down alike; the fastest block of each kind counts.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.PredictionSpeed 9 16 3
 * }</pre>
 */
public final class PredictionSpeed {
    private static final int BLOCKS = 20;
    private static final long NANOS_OF_BLOCK = 200_000_000;
    private static final int[] ROWS = {1, 100, 10_000};

    private PredictionSpeed() {}

    /** Takes the widths of a network with one hidden layer. */
    public static void main(String[] args) throws InterruptedException {
        int[] widths = Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
        Generator rng = new Generator(1);
        Dense hidden = new Dense(widths[0], widths[1], rng);
        Dense output = new Dense(widths[1], widths[2], rng);
        Sequential model = new Sequential(hidden, new ReLU(), output);
        for (int rows : ROWS) {
            Tensor x = Tensor.randn(rng, rows, widths[0]);
            double[][] weights = {
                hidden.weight().data().toDoubleArray(),
                requireNonNull(hidden.bias()).data().toDoubleArray(),
                output.weight().data().toDoubleArray(),
                requireNonNull(output.bias()).data().toDoubleArray()
            };
            double[] inputs = x.data().toDoubleArray();
            Supplier<Object> predict = () -> model.predict(x);
            Supplier<Object> loop = () -> plain(inputs, widths, weights);
            double[] most = new double[3];
            for (int block = 0; block < BLOCKS; block++) {
                most[0] = Math.max(most[0], perSecond(1, predict));
                most[1] = Math.max(most[1], perSecond(2, predict));
                most[2] = Math.max(most[2], perSecond(1, loop));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s, %,d rows a call: %,.0f rows a second in 1 thread, %,.0f in 2; %,.0f by a plain loop in 1%n",
                    String.join("-", args),
                    rows,
                    most[0] * rows,
                    most[1] * rows,
                    most[2] * rows);
        }
    }

    /** Makes calls in some threads for the time of a block; returns the calls a second of all threads. */
    @SuppressWarnings("UnnecessaryAsync") // The JIT keeps a volatile store.
    private static double perSecond(int threads, Supplier<Object> call) throws InterruptedException {
        long[] calls = new long[threads];
        long[] nanos = new long[threads];
        Thread[] all = IntStream.range(0, threads)
                .mapToObj(k -> new Thread(() -> {
                    long begin = System.nanoTime();
                    long count = 0;
                    // An object of each thread's own: stores of both threads to one would take as long as the calls.
                    AtomicReference<Object> last = new AtomicReference<>("");
                    do {
                        last.set(call.get());
                        count++;
                        nanos[k] = System.nanoTime() - begin;
                    } while (nanos[k] < NANOS_OF_BLOCK);
                    calls[k] = count;
                }))
                .toArray(Thread[]::new);
        for (Thread thread : all) {
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        return IntStream.range(0, threads)
                .mapToDouble(k -> calls[k] * 1e9 / nanos[k])
                .sum();
    }

    /** The outputs of the network for rows one after the other. */
    private static double[] plain(double[] inputs, int[] widths, double[][] weights) {
        int rows = inputs.length / widths[0];
        double[] outputs = new double[rows * widths[2]];
        double[] hidden = new double[widths[1]];
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < widths[1]; j++) {
                double sum = weights[1][j];
                for (int i = 0; i < widths[0]; i++) {
                    sum += inputs[row * widths[0] + i] * weights[0][j * widths[0] + i];
                }
                hidden[j] = Math.max(sum, 0);
            }
            for (int j = 0; j < widths[2]; j++) {
                double sum = weights[3][j];
                for (int i = 0; i < widths[1]; i++) {
                    sum += hidden[i] * weights[2][j * widths[1] + i];
                }
                outputs[row * widths[2] + j] = sum;
            }
        }
        return outputs;
    }
}
