package io.adjoint.nn.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The ways in which workers exchange arrays, for tests: all of them are threads of this JVM. */
enum WorkerKind {
    THREADS {
        @Override
        <T> List<T> run(int size, Duration timeout, Function<Collective, T> worker) {
            return Collective.threads(size, timeout, worker);
        }
    },
    SOCKETS {
        @Override
        <T> List<T> run(int size, Duration timeout, Function<Collective, T> worker) {
            ConnectOptions options = new ConnectOptions(size, SECRET).timeout(timeout);
            ExecutorService pool = Executors.newCachedThreadPool();
            try (Rendezvous rendezvous = Rendezvous.open()) {
                InetSocketAddress address = rendezvous.address();
                List<Future<T>> futures = new ArrayList<>();
                for (int rank = 0; rank < size; rank++) {
                    int own = rank;
                    futures.add(pool.submit(() -> {
                        try (Collective collective =
                                own == 0 ? rendezvous.accept(options) : Collective.connect(address, own, options)) {
                            return worker.apply(collective);
                        }
                    }));
                }
                return results(futures);
            } finally {
                pool.shutdownNow();
                end(pool);
            }
        }
    };

    static final String SECRET = "the secret of a test";
    static final Duration LONG = Duration.ofSeconds(30);
    /** A time-out that a test waits for; within it the other workers must connect and take part, even on a loaded machine. */
    static final Duration SHORT = Duration.ofSeconds(2);

    /** Runs workers, and returns their results by rank. */
    abstract <T> List<T> run(int size, Duration timeout, Function<Collective, T> worker);

    private static <T> List<T> results(List<Future<T>> futures) {
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                throw new AssertionError("a worker failed", e.getCause());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return results;
    }

    private static void end(ExecutorService pool) {
        try {
            assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The message of the {@link CollectiveException} that a call throws. */
    static String failure(ThrowingCallable call) {
        Throwable thrown = Assertions.catchThrowable(call);
        assertThat(thrown).isInstanceOf(CollectiveException.class);
        return String.valueOf(thrown.getMessage());
    }

    static NdArray floats(float... values) {
        return NdArray.of(Shape.of(values.length), values);
    }

    /**
     * Random numbers of widely different sizes, so that a sum depends on its order, with some zeros, infinities and NaNs. For INT32, they
     * are small enough for their sums to be in range.
     */
    static NdArray numbers(DType dtype, Shape shape, long seed) {
        Generator random = new Generator(seed);
        return NdArray.generate(dtype, shape, k -> {
            if (dtype == DType.INT32) {
                return random.nextInt(-10_000_000, 10_000_000);
            } else if (dtype == DType.BOOL) {
                return random.nextInt(2);
            }
            double tiny = dtype == DType.FLOAT32 ? Float.MIN_VALUE : Double.MIN_VALUE;
            return switch (random.nextInt(20)) {
                case 0 -> -0.0;
                case 1 -> 0.0;
                case 2 -> tiny * random.nextInt(-9, 10);
                case 3 -> random.nextInt(5) > 0 ? 1 : Double.POSITIVE_INFINITY;
                case 4 -> random.nextInt(5) > 0 ? 1 : Double.NEGATIVE_INFINITY;
                case 5 -> random.nextInt(5) > 0 ? 1 : Double.NaN;
                default -> random.nextGaussian() * Math.scalb(1.0, random.nextInt(-20, 21));
            };
        });
    }
}
