package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Replacement;
import io.adjoint.core.Shape;
import io.adjoint.nn.Fan;
import io.adjoint.nn.Init;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.Test;

/**
 * Tests that the library computes the bits of the committed hashes on every JDK and machine: for all operations of the catalogue and their
 * gradients, random programs, random numbers, schedules and short trainings. {@code mvn verify -Dadjoint.hashes=write} writes the files
 * anew. A changed line is a change of bits that users notice, which belongs in CHANGELOG.md.
 */
class HashesTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "io", "adjoint", "proof");
    private static final Set<Class<?>> OF_NUMBERS =
            Set.of(ArithmeticFamily.class, ElementaryFamily.class, ActivationFamily.class, LossFamily.class);
    private static final int DRAWS = 20_000;
    private static final int STEPS = 1000;
    private static final int PROGRAMS = 1000;

    @Test
    void operationsHaveTheirBits() throws IOException {
        Path file = FOLDER.resolve("hashes-operations.txt");
        Map<String, List<String[]>> written = Files.readAllLines(file).stream()
                .map(line -> line.split(" \\| ", -1))
                .collect(Collectors.groupingBy(parts -> parts[0]));
        List<String> lines = new ArrayList<>();
        JqwikSession.run(() ->
                Catalogue.FAMILIES.forEach(family -> family.entries().forEach(entry -> {
                    List<String[]> own = written.getOrDefault(entry.name(), List.of());
                    List<HashedOperation> calls = own.isEmpty()
                            ? HashedOperation.choose(entry.operation(), OF_NUMBERS.contains(family.getClass()))
                            : own.stream()
                                    .map(parts -> HashedOperation.parse(entry.operation(), parts[1], parts[2]))
                                    .toList();
                    assertThat(calls).as(entry.name()).isNotEmpty();
                    calls.forEach(call -> lines.add(call.line()));
                })));
        compare(file, lines);
    }

    @Test
    void everythingElseHasItsBits() throws IOException {
        Map<String, String> digests = new TreeMap<>();
        generator().forEach((name, digest) -> digests.put("generator: " + name, digest));
        tensors().forEach((name, digest) -> digests.put("random tensors: " + name, digest));
        ScheduleCatalogue.SPECS.forEach(spec -> digests.put(
                "schedules: " + spec.name(),
                new Digest()
                        .add(LongStream.range(0, Math.min(STEPS, spec.steps()))
                                .mapToDouble(spec.factory().get()::at)
                                .toArray())
                        .text()));
        ShortTrainings.digests().forEach((name, digest) -> digests.put("trainings: " + name, digest));
        RandomPrograms.digests(PROGRAMS).forEach((name, digest) -> digests.put("programs: " + name, digest));
        compare(
                FOLDER.resolve("hashes.txt"),
                digests.entrySet().stream()
                        .map(entry -> entry.getKey() + " | " + entry.getValue())
                        .toList());
    }

    private static void compare(Path file, List<String> lines) throws IOException {
        if ("write".equals(System.getProperty("adjoint.hashes"))) {
            Files.write(file, lines);
        }
        List<String> expected = Files.readAllLines(file);
        assertThat(lines.stream().filter(line -> !expected.contains(line)))
                .as(
                        "lines that %s has otherwise or not at all, by Java %s. A new line is written by -Dadjoint.hashes=write; a changed one is a fault, unless the bits were meant to change",
                        file.getFileName(), Runtime.version())
                .isEmpty();
        assertThat(lines).as("%s", file.getFileName()).containsExactlyElementsOf(expected);
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
