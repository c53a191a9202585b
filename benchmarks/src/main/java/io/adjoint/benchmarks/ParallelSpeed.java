package io.adjoint.benchmarks;

import io.adjoint.autograd.Tensor;
import io.adjoint.benchmarks.Workloads.Training;
import io.adjoint.core.Backend;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.ConnectOptions;
import io.adjoint.nn.parallel.Rendezvous;
import io.adjoint.nn.train.DataParallel;
import io.adjoint.nn.train.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prints the time of a training step of several workloads by one program, by a worker with shards, and by two workers that are threads or
 * JVMs of this machine, as rows of {@code docs/internals/workers.md}, and the arguments of {@link WorkersModel}. Each variant runs in a
 * process of its own, which has the options of this one; they take turns.
 *
 * <pre>{@code
 * java --add-modules jdk.incubator.vector -Xmx500m -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.ParallelSpeed
 * }</pre>
 */
public final class ParallelSpeed {
    private static final List<Workloads> WORKLOADS = List.of(Workloads.MLP_S, Workloads.MLP_L, Workloads.CNN);
    private static final int ROUNDS = 9;
    /**
     * The seconds of the warm-up. Two JVMs on two cores share the cores with their JIT compilers, and for the first ten seconds they are
     * several times slower.
     */
    private static final double WARM_UP = 15;

    /** The seconds of a measured round. */
    private static final double MEASURED = 0.7;

    private static final String SECRET = "ParallelSpeed.secret";
    private static final String RESULT = "result ";

    /** The result of the last step, stored so that the JIT doesn't eliminate the step. */
    @SuppressWarnings("UnusedVariable")
    private static volatile Tensor last = Tensor.of();

    /** A way to make a training step. With 0 shards the step is made without {@link DataParallel}. */
    private enum Variant {
        PLAIN("plain step", 0, 1, false, false),
        ONE_SHARD("one worker, 1 shard", 1, 1, false, false),
        SHARDS("one worker, 8 shards", 8, 1, false, false),
        PLAIN_CORE("plain step on one core", 0, 1, false, true),
        SHARDS_CORE("one worker on one core, 8 shards", 8, 1, false, true),
        THREADS_2("two threads, 2 shards", 2, 2, false, true),
        THREADS_8("two threads, 8 shards", 8, 2, false, true),
        THREADS_ALL("two threads, each with the loops of all cores, 2 shards", 2, 2, false, false),
        JVMS_2("two JVMs of one core, 2 shards", 2, 2, true, true),
        JVMS_8("two JVMs of one core, 8 shards", 8, 2, true, true);

        private final String text;
        private final int shards;
        private final int workers;
        private final boolean isJvms;
        private final boolean isOneCore;

        Variant(String text, int shards, int workers, boolean isJvms, boolean isOneCore) {
            this.text = text;
            this.shards = shards;
            this.workers = workers;
            this.isJvms = isJvms;
            this.isOneCore = isOneCore;
        }
    }

    private ParallelSpeed() {}

    /** Measures all variants, each in processes of this program with arguments, by which it is a worker. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            measure();
            return;
        }
        Workloads workload = Workloads.valueOf(args[0]);
        Variant variant = Variant.valueOf(args[1]);
        String secret = args.length > 2 ? System.getenv(SECRET) : ConnectOptions.newSecret();
        ConnectOptions options = new ConnectOptions(2, secret).timeout(Duration.ofHours(1));
        if (args.length > 2) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2]));
            try (Collective workers = Collective.connect(address, 1, options)) {
                work(workload, variant, workers);
            }
        } else if (variant.isJvms) {
            try (Rendezvous rendezvous = Rendezvous.open()) {
                Process other = start(
                        secret,
                        workload.name(),
                        variant.name(),
                        "" + rendezvous.address().getPort());
                try (Collective workers = rendezvous.accept(options)) {
                    work(workload, variant, workers);
                }
                other.waitFor();
            }
        } else if (variant.workers > 1) {
            List<Boolean> unused = Collective.threads(
                    variant.workers,
                    workers -> variant.isOneCore
                            ? serve(workload, variant, workers)
                            : CompletableFuture.supplyAsync(
                                            () -> serve(workload, variant, workers), task -> new Thread(task).start())
                                    .join());
        } else {
            work(workload, variant, Collective.alone());
        }
        if (args.length == 2) {
            System.out.println(RESULT + peak());
        }
    }

    // ---- a worker ----

    private static void work(Workloads workload, Variant variant, Collective workers) {
        if (variant.isOneCore) {
            ForkJoinPool one = new ForkJoinPool(1);
            one.submit(() -> serve(workload, variant, workers)).join();
            one.shutdown();
        } else {
            serve(workload, variant, workers);
        }
    }

    /**
     * Reads numbers of steps from lines of the standard input until its end, makes these steps, and prints their times. Only the worker of
     * rank 0 reads and prints.
     */
    private static boolean serve(Workloads workload, Variant variant, Collective workers) {
        Supplier<Tensor> step = step(workload, variant, workers);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try {
            while (true) {
                String line = workers.rank() == 0 ? commands.readLine() : null;
                double asked = line == null ? 0 : Double.parseDouble(line);
                int steps = (int) workers.broadcast(NdArray.scalar(DType.FLOAT64, asked), 0)
                        .item();
                if (steps == 0) {
                    return true;
                }
                workers.barrier();
                long sent = written();
                long begin = System.nanoTime();
                for (int k = 0; k < steps; k++) {
                    last = step.get();
                }
                long end = System.nanoTime();
                if (workers.rank() == 0) {
                    System.out.println(RESULT + (end - begin) / 1e3 / steps + " " + (written() - sent) / steps);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Supplier<Tensor> step(Workloads workload, Variant variant, Collective workers) {
        Training own = build(workload);
        if (variant.shards == 0) {
            return own;
        }
        // All workers begin with the weights and the batch of the worker of rank 0.
        Map<String, NdArray> state = new LinkedHashMap<>();
        own.net().state().forEach((name, array) -> state.put(name, workers.broadcast(array, 0)));
        own.net().load(state);
        Batch batch = new Batch(
                Tensor.of(workers.broadcast(own.x().data(), 0)),
                Tensor.of(workers.broadcast(own.y().data(), 0)));
        DataParallel<Batch> parallel = new DataParallel<>(own.net(), own.optimizer(), workers, variant.shards);
        return () -> {
            own.optimizer().zeroGrad();
            Outcome outcome = parallel.backward(
                    batch, part -> Outcome.of(own.criterion(), own.net().forward(part.x()), part.y()));
            own.optimizer().step();
            return outcome.loss();
        };
    }

    /** Builds a worker's model and batch. Two threads can't build at the same time, since the workloads share a random generator. */
    private static synchronized Training build(Workloads workload) {
        return (Training) workload.build(DType.FLOAT32);
    }

    /** The bytes that this process has written to files and sockets; 0 on systems other than Linux. */
    private static long written() throws IOException {
        return number(Path.of("/proc/self/io"), "wchar:");
    }

    /** The peak resident memory of this process in kB; 0 on systems other than Linux. */
    static long peak() throws IOException {
        return number(Path.of("/proc/self/status"), "VmHWM:");
    }

    private static long number(Path file, String name) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        }
    }

    // ---- the measurement ----

    private static Process start(@Nullable String secret, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ParallelSpeed.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (secret != null) {
            builder.environment().put(SECRET, secret);
        }
        return builder.start();
    }

    /** A running variant: the process of its only worker or of rank 0, and the results read from it. */
    private static final class Running {
        private final Variant variant;
        private final Process process;
        private final PrintStream commands;
        private final BufferedReader results;
        private final double[] micros = new double[ROUNDS];
        private int steps = 1;
        private double sent;
        private double peak;

        Running(Workloads workload, Variant variant) throws IOException {
            this.variant = variant;
            process = start(null, workload.name(), variant.name());
            commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
            results = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        }

        private String[] result() throws IOException {
            String line = results.readLine();
            while (line != null && !line.startsWith(RESULT)) {
                line = results.readLine();
            }
            if (line == null) {
                throw new IOException("the process of " + variant + " has ended");
            }
            return line.substring(RESULT.length()).split(" ", -1);
        }

        private double run() throws IOException {
            commands.println(steps);
            String[] numbers = result();
            sent = Double.parseDouble(numbers[1]);
            return Double.parseDouble(numbers[0]);
        }

        void warmUp() throws IOException {
            long begin = System.nanoTime();
            while ((System.nanoTime() - begin) / 1e9 < WARM_UP) {
                steps = (int) Math.max(1, MEASURED * 1e6 / run());
            }
        }

        void measure(int round) throws IOException {
            micros[round] = run();
        }

        void end() throws IOException, InterruptedException {
            commands.close();
            peak = Double.parseDouble(result()[0]);
            process.waitFor();
            Arrays.sort(micros);
        }

        double median() {
            return micros[ROUNDS / 2];
        }
    }

    private static void measure() throws IOException, InterruptedException {
        System.out.println(Backend.describe());
        System.out.println(
                "| workload | a step by | µs, median | fastest | ÷ plain step | kB sent | memory of a JVM, MB |");
        System.out.println("|---|---|---|---|---|---|---|");
        List<String> model = new ArrayList<>();
        for (Workloads workload : WORKLOADS) {
            Map<Variant, Running> all = measure(workload);
            all.values().forEach(running -> print(workload, running, all));
            Running core = all.get(Variant.SHARDS_CORE);
            Running jvms = all.get(Variant.JVMS_8);
            if (core != null && jvms != null) {
                int samples = build(workload).x().shape().dim(0);
                model.add(String.format(Locale.ROOT, "%s:%d:%.0f:%.0f", workload, samples, core.median(), jvms.sent));
            }
        }
        System.out.println("\narguments of WorkersModel: " + String.join(" ", model));
    }

    private static Map<Variant, Running> measure(Workloads workload) throws IOException, InterruptedException {
        Map<Variant, Running> all = new LinkedHashMap<>();
        for (Variant variant : Variant.values()) {
            Running running = new Running(workload, variant);
            all.put(variant, running);
            running.warmUp();
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Running running : all.values()) {
                running.measure(round);
            }
        }
        for (Running running : all.values()) {
            running.end();
        }
        return all;
    }

    private static void print(Workloads workload, Running running, Map<Variant, Running> all) {
        Running plain = all.getOrDefault(Variant.PLAIN, running);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %,.0f | %,.0f | %.2f | %s | %.0f |%n",
                workload,
                running.variant.text,
                running.median(),
                running.micros[0],
                running.median() / plain.median(),
                running.variant.isJvms ? String.format(Locale.ROOT, "%,.1f", running.sent / 1e3) : "",
                running.peak / 1e3);
    }
}
