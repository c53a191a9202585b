package io.adjoint.proof;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.Crossing;
import io.adjoint.autograd.equations.Implicit;
import io.adjoint.autograd.equations.ImplicitOptions;
import io.adjoint.autograd.equations.LinearSolver;
import io.adjoint.autograd.equations.OdeEvent;
import io.adjoint.autograd.equations.OdeOptions;
import io.adjoint.autograd.equations.OdeSolution;
import io.adjoint.autograd.equations.Odes;
import io.adjoint.core.Backend;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Replacement;
import io.adjoint.core.Shape;
import io.adjoint.io.Npz;
import io.adjoint.io.Safetensors;
import io.adjoint.nn.Fan;
import io.adjoint.nn.Init;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.sessions.JqwikSession;

/**
 * A committed file of hashes, and the computation of its lines. As a program this class compares both files with the lines that this JVM
 * computes.
 *
 * @param file the name of the file, a test resource of this module
 * @param computed computes the lines
 */
record Hashes(String file, Supplier<List<String>> computed) {
    /** All operations of the catalogue and their gradients. */
    static final Hashes OPERATIONS = new Hashes("hashes-operations.txt", Hashes::operations);

    /** Operations on many elements, random programs, random numbers, distributions, schedules, short trainings, fits and files. */
    static final Hashes REST = new Hashes("hashes.txt", Hashes::rest);

    private static final Set<Class<?>> OF_NUMBERS =
            Set.of(ArithmeticFamily.class, ElementaryFamily.class, ActivationFamily.class, LossFamily.class);
    private static final int DRAWS = 20_000;
    private static final int STEPS = 1000;
    private static final int PROGRAMS = 1000;

    /** Prints on which JVM it runs, and the lines that differ; the exit code is 1 if there are any. */
    public static void main(String[] arguments) {
        List<String> differences = Stream.of(OPERATIONS, REST)
                .flatMap(hashes -> hashes.differences().stream())
                .toList();
        System.out.printf(
                Locale.ROOT,
                "Java %s, %s, %s %s, pool of size %d, %s: %s%n",
                Runtime.version(),
                System.getProperty("java.vm.name"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                ForkJoinPool.commonPool().getParallelism(),
                Backend.describe(),
                differences.isEmpty()
                        ? "all "
                                + (OPERATIONS.committed().size()
                                        + REST.committed().size()) + " hashes are equal"
                        : "other hashes than those committed:");
        differences.forEach(System.out::println);
        System.exit(differences.isEmpty() ? 0 : 1);
    }

    List<String> committed() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Hashes.class.getResourceAsStream(file), file), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines that are only committed, after a minus, and the lines that are only computed, after a plus; ordered by their names. */
    List<String> differences() {
        Set<String> before = new HashSet<>(committed());
        List<String> now = computed.get();
        List<String> differences = new ArrayList<>();
        now.stream().filter(line -> !before.remove(line)).forEach(line -> differences.add("+ " + line));
        before.forEach(line -> differences.add("- " + line));
        differences.sort(Comparator.comparing((String line) -> line.substring(2)));
        return differences;
    }

    private static List<String> operations() {
        Map<String, List<String[]>> committed = OPERATIONS.committed().stream()
                .map(line -> line.split(" \\| ", -1))
                .collect(Collectors.groupingBy(parts -> parts[0]));
        List<String> lines = new ArrayList<>();
        JqwikSession.run(() ->
                Catalogue.FAMILIES.forEach(family -> family.entries().forEach(entry -> {
                    List<String[]> own = committed.getOrDefault(entry.name(), List.of());
                    List<HashedOperation> calls = own.isEmpty()
                            ? HashedOperation.choose(entry.operation(), OF_NUMBERS.contains(family.getClass()))
                            : own.stream()
                                    .map(parts -> HashedOperation.parse(entry.operation(), parts[1], parts[2]))
                                    .toList();
                    if (calls.isEmpty()) {
                        throw new IllegalStateException("no call of " + entry.name() + " to be hashed");
                    }
                    calls.forEach(call -> lines.add(call.line()));
                })));
        return lines;
    }

    private static List<String> rest() {
        Map<String, String> digests = new TreeMap<>();
        generator().forEach((name, digest) -> digests.put("generator: " + name, digest));
        tensors().forEach((name, digest) -> digests.put("random tensors: " + name, digest));
        files().forEach((name, digest) -> digests.put("files: " + name, digest));
        ScheduleCatalogue.SPECS.forEach(spec -> digests.put(
                "schedules: " + spec.name(),
                new Digest()
                        .add(LongStream.range(0, Math.min(STEPS, spec.steps()))
                                .mapToDouble(spec.factory().get()::at)
                                .toArray())
                        .text()));
        LargeCases.digests().forEach((name, digest) -> digests.put("large: " + name, digest));
        equations().forEach((name, digest) -> digests.put("equations: " + name, digest));
        ShortTrainings.digests().forEach((name, digest) -> digests.put("trainings: " + name, digest));
        ShortFits.digests().forEach((name, digest) -> digests.put("fits: " + name, digest));
        ShortDraws.digests().forEach((name, digest) -> digests.put("distributions: " + name, digest));
        RandomPrograms.digests(PROGRAMS).forEach((name, digest) -> digests.put("programs: " + name, digest));
        return digests.entrySet().stream()
                .map(entry -> entry.getKey() + " | " + entry.getValue())
                .toList();
    }

    /** The digests of solutions, an event's time among them, and of their gradients. */
    private static Map<String, String> equations() {
        Map<String, String> digests = new TreeMap<>();
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            Tensor weight = Tensor.randn(dtype, Shape.of(5, 5), new Generator(6))
                    .mul(0.3)
                    .requiresGrad(true);
            Tensor bias = Tensor.randn(dtype, Shape.of(5), new Generator(7));
            Tensor zeros = Tensor.zeros(dtype, Shape.of(5));
            for (LinearSolver solver : List.of(LinearSolver.DENSE, LinearSolver.GMRES)) {
                Tensor root = Implicit.root(
                        x -> weight.matmul(x.tanh()).add(x).sub(bias),
                        zeros,
                        new ImplicitOptions().linearSolver(solver));
                digests.put(
                        "root " + solver + " " + dtype,
                        new Digest()
                                .add(root)
                                .add(Autograd.grad(root.sum(), weight))
                                .text());
            }
            Tensor minimum = Implicit.argmin(
                    x -> weight.matmul(x).sub(bias).exp().sum().add(x.square().sum()), zeros);
            digests.put(
                    "argmin " + dtype,
                    new Digest()
                            .add(minimum)
                            .add(Autograd.grad(minimum.sum(), weight))
                            .text());
            OdeSolution<Tensor> solution = Odes.solve(
                    (t, y) -> weight.matmul(y).add(t).sin(),
                    bias,
                    0,
                    10,
                    new OdeOptions(),
                    OdeEvent.stop("sum", Crossing.ANY, (t, y) -> y.sum().sub(7)));
            digests.put(
                    "solution " + dtype,
                    new Digest()
                            .add(solution.end())
                            .add(solution.endTime())
                            .add(Autograd.grad(solution.end().sum().add(solution.endTime()), weight))
                            .text());
        }
        return digests;
    }

    /** The digests of the bytes of files with arrays of all dtypes. */
    private static Map<String, String> files() {
        Tensor numbers = Tensor.randn(DType.FLOAT64, Shape.of(3, 5), new Generator(5));
        Map<String, NdArray> arrays = new TreeMap<>();
        for (DType dtype : DType.values()) {
            arrays.put(dtype.name(), numbers.data().to(dtype));
            arrays.put(dtype + " transposed", numbers.data().to(dtype).transpose());
        }
        return Map.of("npz", bytes(Npz::save, arrays), "safetensors", bytes(Safetensors::save, arrays));
    }

    private static String bytes(BiConsumer<Path, Map<String, NdArray>> save, Map<String, NdArray> arrays) {
        try {
            Path file = Files.createTempFile("hashes", "");
            try {
                save.accept(file, arrays);
                return new Digest().add(Files.readAllBytes(file)).text();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> generator() {
        Map<String, ToDoubleFunction<Generator>> methods = new TreeMap<>(Map.of(
                "nextDouble()",
                Generator::nextDouble,
                "nextDouble(double,double)",
                generator -> generator.nextDouble(-1.7, 3.1),
                "nextFloat()",
                Generator::nextFloat,
                "nextFloat(float,float)",
                generator -> generator.nextFloat(-1.7f, 3.1f),
                "nextBoolean()",
                generator -> generator.nextBoolean() ? 1 : 0,
                "nextInt()",
                Generator::nextInt,
                "nextInt(int,int)",
                generator -> generator.nextInt(-17, 1_000_000),
                "nextGaussian()",
                Generator::nextGaussian,
                "nextGaussian(double,double)",
                generator -> generator.nextGaussian(0.1, 1.7),
                "nextExponential()",
                Generator::nextExponential));
        methods.put("nextDouble(double)", generator -> generator.nextDouble(3.1));
        methods.put("nextFloat(float)", generator -> generator.nextFloat(3.1f));
        methods.put("nextInt(int)", generator -> generator.nextInt(1_000_000));
        methods.put("nextLong(long)", generator -> generator.nextLong(1L << 50));
        methods.put("nextBytes(byte[])", generator -> {
            byte[] bytes = new byte[5];
            generator.nextBytes(bytes);
            return bytes[4] + 256.0 * bytes[0];
        });
        Map<String, String> digests = new TreeMap<>();
        methods.forEach((name, method) -> {
            Generator generator = new Generator(name.hashCode());
            digests.put(
                    name,
                    new Digest()
                            .add(DoubleStream.generate(() -> method.applyAsDouble(generator))
                                    .limit(DRAWS)
                                    .toArray())
                            .text());
        });
        digests.put(
                "nextLong()", new Digest().add(new Generator(1).longs(DRAWS)).text());
        digests.put(
                "nextLong(long,long)",
                new Digest()
                        .add(new Generator(2).longs(DRAWS, -1L << 61, 3L << 61))
                        .text());
        Generator drawn = new Generator(3);
        long unused = drawn.nextLong();
        digests.put(
                "state()",
                new Digest()
                        .add(Objects.requireNonNull(drawn.state().get("state")).toDoubleArray())
                        .text());
        return digests;
    }

    private static Map<String, String> tensors() {
        Shape shape = Shape.of(100, 60);
        Tensor weights = Tensor.rand(new Generator(4), 3, 500);
        Map<String, Function<Generator, Tensor>> draws = new TreeMap<>(Map.of(
                "randint", random -> Tensor.randint(shape, -5, 1_000_000, random),
                "bernoulli", random -> Tensor.bernoulli(weights, random),
                "normal of tensors", random -> Tensor.normal(weights, weights, random),
                "permutation", random -> Tensor.permutation(5000, random),
                "multinomial", random -> Tensor.multinomial(weights, 1000, Replacement.WITH, random),
                "multinomial without replacement",
                        random -> Tensor.multinomial(weights, 300, Replacement.WITHOUT, random)));
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            Map<String, Function<Init, Tensor>> initial = Map.of(
                    "uniform", init -> init.uniform(shape, -0.3, 0.7),
                    "normal", init -> init.normal(shape, 0.1, 0.3),
                    "xavierUniform", init -> init.xavierUniform(shape, 1.3),
                    "xavierNormal", init -> init.xavierNormal(shape, 1.3),
                    "kaimingUniform", init -> init.kaimingUniform(shape, 1.3),
                    "kaimingNormal", init -> init.kaimingNormal(shape, 1.3),
                    "kaimingNormal out", init -> init.kaimingNormal(shape, 1.3, Fan.OUT),
                    "truncatedNormal", init -> init.truncatedNormal(shape, 0.1, 0.3, -0.2, 1),
                    "orthogonal", init -> init.orthogonal(shape, 1.3),
                    "sparse", init -> init.sparse(100, 60, 0.3, 0.01));
            initial.forEach(
                    (name, draw) -> draws.put(name + " " + dtype, random -> draw.apply(new Init(random).dtype(dtype))));
            draws.put("rand " + dtype, random -> Tensor.rand(dtype, shape, random));
            draws.put("randn " + dtype, random -> Tensor.randn(dtype, Shape.of(DRAWS), random));
        }
        Map<String, String> digests = new TreeMap<>();
        draws.forEach((name, draw) -> digests.put(
                name,
                new Digest().add(draw.apply(new Generator(name.hashCode()))).text()));
        return digests;
    }
}
