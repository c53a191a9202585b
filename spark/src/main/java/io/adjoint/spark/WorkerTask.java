package io.adjoint.spark;

import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.CollectiveException;
import io.adjoint.nn.parallel.ConnectOptions;
import io.adjoint.nn.parallel.Rendezvous;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.shuffle.FetchFailedException;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;

/**
 * A task of a barrier stage: it connects to the other tasks, runs a {@link WorkerFunction}, and waits until all tasks have run the
 * function.
 */
final class WorkerTask<T, R> extends AbstractFunction1<Iterator<T>, Iterator<Tuple2<Integer, byte[]>>>
        implements Serializable {
    /** The beginning of the message of an exception after which Spark runs all tasks again. */
    static final String LOST = "a worker was lost: ";

    private final WorkerFunction<T, R> function;
    private final String secret;
    /**
     * The time-out of each operation of the {@link Collective}, and of each exchange of messages between the tasks, at their start and end.
     */
    private final Duration timeout;

    /**
     * The result of a worker: the value of the worker's function. If functions failed, the result of the worker of lowest rank whose
     * function failed has this failure, and the results of all other workers are empty.
     */
    record Result<R>(@Nullable R value, @Nullable WorkerException failure) implements Serializable {
        @SuppressWarnings("unchecked") // the bytes were written by a task with the same type of results
        static <R> Result<R> of(byte[] bytes) {
            // The thread's class loader also finds the classes of results in jars that Spark has added.
            return (Result<R>) new JavaSerializer(SparkEnv.get().conf())
                    .newInstance()
                    .deserialize(
                            ByteBuffer.wrap(bytes),
                            Thread.currentThread().getContextClassLoader(),
                            ClassTag.<Object>apply(Object.class));
        }
    }

    /** The ways in which a worker's function ends, which the workers exchange. */
    private enum End {
        DONE,
        /** The function threw an exception that would occur again in another attempt. */
        FAILED,
        /** Another worker, a file or a connection failed; another attempt may succeed. */
        LOST
    }

    /**
     * The end of a worker's function, which the worker sends to the other workers as text.
     *
     * @param reason why the worker is {@link End#LOST}; else empty
     */
    private record Ending(End end, String reason) {
        static Ending of(@Nullable Throwable failure) {
            if (failure == null) {
                return new Ending(End.DONE, "");
            }
            boolean isLost = failure instanceof CollectiveException
                    || failure instanceof InterruptedException
                    || failure instanceof IOException
                    || failure instanceof UncheckedIOException
                    // Rows could not be fetched from an executor that was lost; Spark computes them again.
                    || failure instanceof FetchFailedException;
            if (!isLost) {
                return new Ending(End.FAILED, "");
            }
            return new Ending(End.LOST, failure.getMessage() == null ? failure.toString() : failure.getMessage());
        }

        /** Reads the text of {@link #toString}. */
        static Ending parse(String text) {
            int space = text.indexOf(' ');
            return new Ending(End.valueOf(text.substring(0, space)), text.substring(space + 1));
        }

        @Override
        public String toString() {
            return end + " " + reason;
        }
    }

    WorkerTask(WorkerFunction<T, R> function, String secret, Duration timeout) {
        this.function = function;
        this.secret = secret;
        this.timeout = timeout;
    }

    @Override
    public Iterator<Tuple2<Integer, byte[]>> apply(Iterator<T> rows) {
        BarrierTaskContext task = BarrierTaskContext.get();
        ConnectOptions options = new ConnectOptions(task.numPartitions(), secret).timeout(timeout);
        if (task.partitionId() > 0) {
            String[] address = addressOfLeader(task, "").split(" ", -1);
            InetSocketAddress leader = new InetSocketAddress(address[0], Integer.parseInt(address[1]));
            return run(task, rows, () -> Collective.connect(leader, task.partitionId(), options));
        }
        try (Rendezvous rendezvous = Rendezvous.open(new InetSocketAddress(host(), 0))) {
            InetSocketAddress address = rendezvous.address();
            String unused = addressOfLeader(task, address.getAddress().getHostAddress() + " " + address.getPort());
            return run(task, rows, () -> rendezvous.accept(options));
        }
    }

    /**
     * Sends the address of rank 0, which rank 0 passes as the message, to all ranks, and returns this address; the other ranks pass an
     * empty message.
     */
    private String addressOfLeader(BarrierTaskContext task, String message) {
        List<String> all = gather(task, message);
        if (all.isEmpty()) {
            throw new IllegalStateException(LOST + "others did not start within " + timeout.toSeconds()
                    + " s after this worker, or Spark has ended this attempt");
        }
        return all.get(0);
    }

    private Iterator<Tuple2<Integer, byte[]>> run(
            BarrierTaskContext task, Iterator<T> rows, Supplier<Collective> meeting) {
        byte[] value = new byte[0];
        Throwable failure = null;
        try (Collective met = meeting.get()) {
            value = run(met, rows);
        } catch (Exception | LinkageError | AssertionError e) {
            failure = e;
        }
        // All tasks agree on how they end, so that Spark runs either all of them again or none.
        Ending own = Ending.of(failure);
        List<Ending> endings =
                gather(task, own.toString()).stream().map(Ending::parse).toList();
        List<End> ends = endings.stream().map(Ending::end).toList();
        if (ends.contains(End.FAILED)) {
            WorkerException first = failure != null && task.partitionId() == ends.indexOf(End.FAILED)
                    ? new WorkerException(task.partitionId(), serializable(failure))
                    : null;
            value = bytes(new Result<>(null, first));
        } else if (ends.isEmpty() || ends.contains(End.LOST)) {
            throw new IllegalStateException(LOST + reason(endings, own, failure), failure);
        }
        return CollectionConverters.asScala(
                List.of(new Tuple2<>(task.partitionId(), value)).iterator());
    }

    private byte[] run(Collective met, Iterator<T> rows) throws Exception {
        try {
            return bytes(new Result<>(function.run(met, CollectionConverters.asJava(rows)), null));
        } catch (Exception | LinkageError | AssertionError e) {
            met.fail(e);
            throw e;
        }
    }

    /**
     * The reason why the lost worker of lowest rank was lost. All workers give this reason in their exceptions, since Spark reports the
     * exception of only one worker. A worker that doesn't know the ends of the other workers gives its own reason.
     */
    private String reason(List<Ending> endings, Ending own, @Nullable Throwable failure) {
        for (Ending ending : endings.isEmpty() ? List.of(own) : endings) {
            if (ending.end() == End.LOST) {
                return ending.reason();
            }
        }
        return "others did not end within " + timeout.toSeconds() + " s after this worker"
                + (failure == null ? "" : ", which failed: " + failure);
    }

    /**
     * Sends a message to all tasks, and returns the messages of all tasks; returns an empty list if a message has not arrived within the
     * time-out, or if Spark has ended this task. The caller then throws an exception, after which Spark interrupts all other tasks.
     */
    private List<String> gather(BarrierTaskContext task, String message) {
        // The call runs in another thread, since Spark's allGather has a time-out of a year, and clears an interrupt.
        // After a time-out of this method the thread waits until Spark ends the attempt.
        CompletableFuture<String[]> all = CompletableFuture.supplyAsync(() -> task.allGather(message), gathering -> {
            Thread thread = new Thread(gathering, "adjoint-gather");
            thread.setDaemon(true);
            thread.start();
        });
        try {
            String[] messages = all.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            // A task that Spark has ended before it ran is marked as interrupted, but its thread isn't interrupted.
            return task.isInterrupted() ? List.of() : List.of(messages);
        } catch (InterruptedException e) {
            // Spark has ended this task.
            Thread.currentThread().interrupt();
            return List.of();
        } catch (TimeoutException | ExecutionException e) {
            return List.of();
        }
    }

    /** Serializes an object by Java's serialization, which Spark also uses for functions, independent of {@code spark.serializer}. */
    private static byte[] bytes(Object object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
            stream.writeObject(object);
        } catch (IOException e) {
            throw new IllegalArgumentException("SparkTraining: the result of a worker can't be sent: " + e, e);
        }
        return bytes.toByteArray();
    }

    /** Returns the failure, or an exception with its text and stack trace if the failure can't be serialized. */
    private static Throwable serializable(Throwable failure) {
        try {
            bytes(failure);
            return failure;
        } catch (IllegalArgumentException e) {
            IllegalStateException text = new IllegalStateException(failure.toString());
            text.setStackTrace(failure.getStackTrace());
            return text;
        }
    }

    /** The address at which other executors reach this one; the loopback address with a local master, which has no other address. */
    private static String host() {
        SparkEnv env = SparkEnv.get();
        return env.executorId().equals("driver")
                ? InetAddress.getLoopbackAddress().getHostAddress()
                : env.blockManager().blockManagerId().host();
    }
}
