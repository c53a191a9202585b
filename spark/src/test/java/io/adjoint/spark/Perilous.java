package io.adjoint.spark;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The small model, whose computation fails once, after some batches; a file marks that it has failed.
 *
 * @param marker the file that is made by the worker that fails
 * @param batches the number of parts of batches that a worker computes before it fails
 * @param dropout the probability of dropout
 */
record Perilous(String marker, int batches, Peril peril, double dropout) implements ModelFactory {
    Perilous(String marker, int batches, Peril peril) {
        this(marker, batches, peril, 0.1);
    }

    /** The number of parts of batches that were computed in this JVM. */
    static final AtomicInteger COMPUTED = new AtomicInteger();

    /** The ways to fail. */
    enum Peril {
        /** The process is killed. */
        KILL,
        /** The process is stopped for five seconds. */
        PAUSE,
        /** The process waits until it is ended. */
        WAIT,
        /** There is no failure. */
        NONE,
        /** A file can't be read. */
        FILE,
        /** A program has a mistake. */
        ERROR
    }

    @Override
    public Layer of(Shape inputs, int outputs, Generator rng) {
        return new Failing(Mlp.of(inputs, outputs, dropout, rng), this);
    }

    private static final class Failing extends Layer {
        private final Layer model;
        private final transient Perilous perilous;
        private int computed;

        Failing(Layer model, Perilous perilous) {
            this.model = child("model", model);
            this.perilous = perilous;
        }

        @Override
        protected Tensor compute(Tensor x) {
            COMPUTED.incrementAndGet();
            if (++computed > perilous.batches && perilous.peril != Peril.NONE) {
                perilous.fail();
            }
            return model.forward(x);
        }
    }

    private void fail() {
        try {
            Files.createFile(Path.of(marker));
            if (peril == Peril.ERROR) {
                throw new ArithmeticException("the program is ended");
            }
            if (peril == Peril.KILL) {
                new Armed().fireAndEnd();
            }
            if (peril == Peril.WAIT) {
                Thread.sleep(Long.MAX_VALUE);
            }
            if (peril == Peril.PAUSE) {
                long pid = ProcessHandle.current().pid();
                Process pause =
                        new ProcessBuilder("sh", "-c", "kill -STOP " + pid + "; sleep 5; kill -CONT " + pid).start();
                pause.waitFor();
                return;
            }
            throw new UncheckedIOException(new IOException("a disk was full for a moment"));
        } catch (FileAlreadyExistsException e) {
            // The model has failed before.
            return;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
