package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests that each JDK from 17 on that is found computes the committed hashes, with a pool of one thread and of seven, without vectors and
 * with them. A JDK is found beside the JDK of this JVM, or by an environment variable whose name begins with {@code JAVA_HOME}. Prints a
 * line of each run, which the page of an audit shows.
 */
@Tag("slow")
@Tag("any-jdk")
class EveryJdkTest {
    private static final int OLDEST = 17;
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");
    private static final String PARALLELISM = "-Djava.util.concurrent.ForkJoinPool.common.parallelism=";

    private static final List<List<String>> SETTINGS = List.of(
            List.of("-Dadjoint.backend=default", PARALLELISM + 1, "-XX:TieredStopAtLevel=1"),
            List.of(
                    "-Dadjoint.backend=simd",
                    PARALLELISM + 7,
                    "-Dadjoint.simd.minWork=0",
                    "--add-modules=jdk.incubator.vector"));

    private static List<Path> jdks() throws IOException {
        Path running = Path.of(System.getProperty("java.home"));
        try (Stream<Path> beside = Files.list(running.resolveSibling(""))) {
            Stream<Path> named = System.getenv().entrySet().stream()
                    .filter(variable -> variable.getKey().startsWith("JAVA_HOME"))
                    .map(variable -> Path.of(variable.getValue()));
            return Stream.of(Stream.of(running), named, beside)
                    .flatMap(some -> some)
                    .filter(EveryJdkTest::isNewEnough)
                    .map(EveryJdkTest::real)
                    .distinct()
                    .toList();
        }
    }

    private static boolean isNewEnough(Path jdk) {
        try {
            Matcher version = VERSION.matcher(Files.readString(jdk.resolve("release")));
            return version.find() && Integer.parseInt(version.group(1)) >= OLDEST;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> computesTheCommittedHashes() throws IOException {
        return jdks().stream()
                .flatMap(jdk -> SETTINGS.stream()
                        .map(options -> DynamicTest.dynamicTest(jdk + " " + options, () -> run(jdk, options))));
    }

    private static void run(Path jdk, List<String> options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(jdk.resolve("bin").resolve("java").toString()));
        command.addAll(options);
        command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path"), Hashes.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            output.lines().filter(line -> line.startsWith("Java ")).forEach(System.out::println);
        } finally {
            process.destroyForcibly();
        }
    }
}
