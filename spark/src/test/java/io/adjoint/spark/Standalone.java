package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * A master with two workers, started as the page on Spark says, by the commands that Spark's scripts make. All processes end with this one,
 * however it ends.
 */
final class Standalone {
    /** A script that ends a command when this process ends, and returns the command's status. */
    private static final String GUARD =
            "exec 3<&0; \"$@\" < /dev/null & own=$!; (read end <&3; kill -9 $own) & guard=$!;"
                    + " wait $own; status=$?; kill $guard; exit $status";

    private static final long PATIENCE_SECONDS = 600;

    private final Path folder;
    private final Path home;
    private final String page;
    private final List<Process> processes = new ArrayList<>();
    private String master = "";

    Standalone(Path folder) throws Exception {
        this.folder = folder;
        home = Files.createDirectories(folder.resolve("home"));
        Path jars = Files.createDirectory(home.resolve("jars"));
        for (Path jar : classPath(Files::isRegularFile)) {
            // The library's own jars are left out, since --jars names them.
            if (!jar.getFileName().toString().matches("(adjoint|ejml|fastcsv).*")) {
                Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
            }
        }
        page = Files.readString(Path.of("../docs/spark.md"));
        try {
            Path log = start(
                    "master", "org.apache.spark.deploy.master.Master", words("start-master.sh (.*)"), "--port", "0");
            master = await(log, Pattern.compile("Starting Spark master at (spark://\\S+)"));
            List<String> options = words("start-worker.sh (.*) spark://127.0.0.1:7077");
            for (int k = 0; k < 2; k++) {
                await(
                        start("worker" + k, "org.apache.spark.deploy.worker.Worker", options, master),
                        Pattern.compile("(Successfully registered with master)"));
            }
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private static List<Path> classPath(Predicate<Path> kind) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .filter(kind)
                .toList();
    }

    /** The words of a command of the page. */
    private List<String> words(String command) {
        Matcher matcher = Pattern.compile(command).matcher(page);
        assertThat(matcher.find()).as(command).isTrue();
        return List.of(matcher.group(1).trim().split("\\s+"));
    }

    private Path start(String name, String program, List<String> options, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(options);
        command.addAll(List.of(more));
        command.addAll(command.size() - more.length, List.of("--webui-port", "0"));
        return start(name, command);
    }

    private Path start(String name, List<String> command) throws Exception {
        Path log = folder.resolve(name + ".log");
        List<String> guarded = new ArrayList<>(List.of("sh", "-c", GUARD, "sh"));
        guarded.addAll(launched(command));
        processes.add(builder(guarded)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        return log;
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return builder;
    }

    /** The command that the script spark-class runs. */
    private List<String> launched(List<String> command) throws Exception {
        List<String> launcher =
                new ArrayList<>(List.of(java(), "-cp", home.resolve("jars") + "/*", "org.apache.spark.launcher.Main"));
        launcher.addAll(command);
        Path errors = folder.resolve("launcher.log");
        Process process = builder(launcher).redirectError(errors.toFile()).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed + Files.readString(errors)).isZero();
        return List.of(printed.substring(printed.indexOf("\0\n") + 2).split("\0"));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Waits for a line in the log of the process that was started last. */
    private String await(Path log, Pattern pattern) throws Exception {
        Process process = processes.get(processes.size() - 1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            Matcher matcher = pattern.matcher(Files.readString(log));
            if (matcher.find()) {
                return matcher.group(1);
            }
            Thread.sleep(100);
        }
        throw new AssertionError(log + " has no " + pattern + ":\n" + Files.readString(log));
    }

    /** Submits a program of this module's tests by the command of the page, with its jars. */
    Submission submit(String name, Class<?> program, String... args) throws Exception {
        Matcher command = Pattern.compile("bin/spark-submit (.*?)\n\\s*```", Pattern.DOTALL)
                .matcher(page);
        assertThat(command.find()).isTrue();
        List<String> words = new ArrayList<>(List.of("org.apache.spark.deploy.SparkSubmit"));
        for (String word : command.group(1).replace("\\\n", " ").trim().split("\\s+", -1)) {
            if (word.equals("spark://127.0.0.1:7077")) {
                words.add(master);
            } else if (word.equals("my.Program")) {
                words.add(program.getName());
            } else if (word.equals("my-program.jar")) {
                words.add(jar("my-program.jar", Path.of("target/test-classes")));
            } else if (word.endsWith(".jar")) {
                List<String> jars = new ArrayList<>();
                for (String jar : word.split(",", -1)) {
                    jars.add(jar(jar));
                }
                words.add(String.join(",", jars));
            } else {
                words.add(word);
            }
        }
        words.addAll(List.of(args));
        Path log = start(name, words);
        return new Submission(processes.get(processes.size() - 1), log);
    }

    /** A jar that the page names: one of the class path, or one that is made of a folder of the class path. */
    private String jar(String name) throws IOException {
        String artifact = name.replace(".jar", "");
        String module = artifact.replace("adjoint-", "");
        for (Path path : classPath(Files::exists)) {
            if (path.getFileName().toString().matches(artifact + "-[0-9].*\\.jar")) {
                return path.toString();
            } else if (path.endsWith(Path.of(module, "target", "classes"))) {
                return jar(name, path);
            }
        }
        throw new AssertionError("the class path has no " + name);
    }

    private String jar(String name, Path classes) {
        Path jar = folder.resolve(name);
        if (!Files.exists(jar)) {
            int status = ToolProvider.findFirst("jar")
                    .orElseThrow()
                    .run(System.out, System.err, "-cf", jar.toString(), "-C", classes.toString(), "io");
            assertThat(status).isZero();
        }
        return jar.toString();
    }

    /** A program that was submitted. */
    record Submission(Process process, Path log) {
        void requireSuccess() throws Exception {
            boolean isOver = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(isOver && process.exitValue() == 0)
                    .as(Files.readString(log))
                    .isTrue();
        }

        /** Kills the driver as {@code kill -9} does, and waits for its end. */
        void kill() throws Exception {
            process.getOutputStream().close();
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Kills all processes, and waits for the executors, which end after them. */
    void close() throws Exception {
        List<ProcessHandle> all = new ArrayList<>();
        for (Process process : processes) {
            try (Stream<ProcessHandle> descendants = process.toHandle().descendants()) {
                descendants.forEach(all::add);
            }
        }
        for (Process process : processes) {
            process.getOutputStream().close();
        }
        for (ProcessHandle process : all) {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
