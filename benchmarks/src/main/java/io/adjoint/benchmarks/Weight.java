package io.adjoint.benchmarks;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Prints how much a maintainer has to read: lines of main code (without comments and blank lines) of each module, types of each package,
 * the calls between a user's line and the innermost loop, and the files that an addition touches.
 *
 * <pre>{@code
 * java -Xint -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.Weight .
 * }</pre>
 *
 * For another commit, run this file against its checkout:
 *
 * <pre>{@code
 * java -Xint -cp OTHER/benchmarks/target/benchmarks.jar benchmarks/src/main/java/io/adjoint/benchmarks/Weight.java OTHER
 * }</pre>
 */
public final class Weight {
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/");
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final int SAMPLES = 300;

    /** One class of each kind of addition, in whose place a new one would stand. */
    private static final Map<String, String> ADDITIONS = new TreeMap<>(Map.of(
            "activation", "Mish",
            "layer", "GroupNorm",
            "log", "CsvLog",
            "loss", "Huber",
            "metric", "MeanAbsoluteError",
            "optimizer", "Adagrad",
            "schedule", "PolynomialDecay"));

    /** Takes the result of a walk. */
    private static volatile @Nullable Object unused;

    private Weight() {}

    /** Takes the root of a checkout. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path root = Path.of(args[0]);
        lines(root);
        types(root);
        walks();
        additions(root);
    }

    private static List<Path> files(Path root, Path kind, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(f -> f.toString().endsWith(ending))
                    .filter(f -> f.toString().contains(kind.toString()))
                    .filter(f -> Stream.of("target", "consumers")
                            .noneMatch(s -> root.relativize(f).toString().contains(s)))
                    .sorted()
                    .toList();
        }
    }

    private static String module(Path root, Path file) {
        return root.relativize(file).getName(0).toString();
    }

    private static int code(Path file) {
        try {
            String text = COMMENT.matcher(Files.readString(file)).replaceAll("");
            return (int) text.lines()
                    .map(String::strip)
                    .filter(l -> !l.isEmpty() && !l.startsWith("//"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void lines(Path root) throws IOException {
        for (Path kind : List.of(MAIN, TESTS)) {
            Map<String, Integer> modules = files(root, kind, ".java").stream()
                    .collect(Collectors.groupingBy(
                            f -> module(root, f), TreeMap::new, Collectors.summingInt(Weight::code)));
            System.out.println("code lines in " + kind + ": " + modules);
            modules.keySet().removeAll(List.of("examples", "benchmarks"));
            System.out.println("  without examples and benchmarks: "
                    + modules.values().stream().mapToInt(n -> n).sum());
        }
    }

    private static void types(Path root) throws IOException {
        Map<String, int[]> packages = new TreeMap<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Path> files = files(root, MAIN, ".java").stream()
                .filter(f -> !f.endsWith("package-info.java"))
                .toList();
        var objects = compiler.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(files);
        JavacTask task = (JavacTask) compiler.getTask(null, null, d -> {}, null, null, objects);
        task.parse().forEach(unit -> {
            int[] counts = packages.computeIfAbsent(String.valueOf(unit.getPackageName()), p -> new int[2]);
            for (Tree type : unit.getTypeDecls()) {
                if (type instanceof ClassTree t) {
                    counts[0]++;
                    counts[1] += t.getModifiers().getFlags().contains(Modifier.PUBLIC) ? 1 : 0;
                }
            }
        });
        System.out.println("package: types, public types, generated ones not counted");
        packages.forEach((name, n) -> System.out.println("  " + name + ": " + n[0] + ", " + n[1]));
        System.out.println(
                "  all: " + packages.values().stream().mapToInt(n -> n[0]).sum() + ", "
                        + packages.values().stream().mapToInt(n -> n[1]).sum());
    }

    private static void walks() throws InterruptedException {
        Generator rng = new Generator(1);
        Tensor x = Tensor.randn(rng, 40, 40).requiresGrad(true);
        Tensor image = Tensor.randn(rng, 1, 2, 12, 12);
        Conv2d conv = new Conv2d(2, 4, 3, rng);
        Dense dense = new Dense(40, 40, rng);
        Layer model = new Sequential(dense, new ReLU());
        dense.forward(x).sum().backward();
        SGD sgd = new SGD(model.parameters(), 1e-9);
        Adam adam = new Adam(model.parameters(), 1e-9);
        MSE mse = new MSE();
        List<Batch> batches = List.of(new Batch(x.detach(), x.detach()));
        System.out.println("walk: calls within Adjoint from a user's line to the innermost loop");
        walk("x.sigmoid()", x::sigmoid);
        walk("x.matmul(x)", () -> x.matmul(x));
        walk("x.sigmoid().sum().backward()", () -> {
            x.sigmoid().sum().backward();
            return x;
        });
        walk("SGD.step()", () -> {
            sgd.step();
            return sgd;
        });
        walk("Adam.step()", () -> {
            adam.step();
            return adam;
        });
        walk("conv.forward(image)", () -> conv.forward(image));
        walk("new Conv2d(…)", () -> new Conv2d(20, 40, 3, rng));
        walk(
                "Trainer.fit(…)",
                () -> Trainer.of(model, adam, (Batch b) -> Outcome.of(mse, model.forward(b.x()), b.y()))
                        .fit(batches, 20));
    }

    /** The depth of the deepest stack among the five most frequent ones, each counted by its innermost method. */
    private static void walk(String name, Supplier<?> call) throws InterruptedException {
        Thread worker = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                unused = call.get();
            }
        });
        worker.setDaemon(true);
        worker.start();
        Map<List<String>, Integer> seen = new HashMap<>();
        for (int i = 0; i < SAMPLES; i++) {
            Thread.sleep(2);
            List<String> stack = Arrays.stream(worker.getStackTrace())
                    .filter(f -> f.getClassName().startsWith("io.adjoint.")
                            && !f.getClassName().contains("Weight"))
                    .map(f -> f.getClassName().replaceAll(".*\\.", "") + "." + f.getMethodName())
                    .toList();
            seen.merge(stack, 1, Integer::sum);
        }
        worker.interrupt();
        worker.join(5_000);
        seen.remove(List.of());
        List<String> stack = seen.entrySet().stream()
                .sorted(Map.Entry.<List<String>, Integer>comparingByValue().reversed())
                .limit(5)
                .map(Map.Entry::getKey)
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of());
        System.out.println("  " + name + ": " + stack.size() + ", classes that the samples name: "
                + seen.keySet().stream()
                        .flatMap(List::stream)
                        .map(s -> s.replaceAll("[.$].*", ""))
                        .distinct()
                        .count());
        System.out.println("    " + String.join(" < ", stack));
    }

    private static void additions(Path root) throws IOException {
        System.out.println("addition: its code lines; files that name it, and their lines that do");
        List<Path> files = Stream.of(".java", ".md", ".tsv", ".py", ".txt")
                .flatMap(ending -> {
                    try {
                        return files(root, Path.of(""), ending).stream();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
        for (Map.Entry<String, String> addition : ADDITIONS.entrySet()) {
            Pattern word = Pattern.compile("\\b" + addition.getValue() + "\\b");
            int own = 0;
            int naming = 0;
            int mentions = 0;
            for (Path file : files) {
                if (file.endsWith(addition.getValue() + ".java")) {
                    own += code(file);
                    continue;
                }
                long n = Files.readString(file)
                        .lines()
                        .filter(l -> word.matcher(l).find())
                        .count();
                naming += n > 0 ? 1 : 0;
                mentions += (int) n;
            }
            System.out.println("  " + addition.getKey() + " (" + addition.getValue() + "): " + own + "; " + naming
                    + ", " + mentions);
        }
    }
}
