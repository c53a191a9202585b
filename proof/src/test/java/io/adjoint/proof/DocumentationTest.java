package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.source.util.JavacTask;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles every {@code ```java} block of README.md, CONTRIBUTING.md and docs. A block is a compilation unit, statements or members of a
 * class. It has the imports of the blocks above it on its page, as a reader has; if the page has none, or a comment gives declarations that
 * a reader doesn't see, the usual ones. Comments directly above a block, invisible on the page, say how it is compiled and run:
 *
 * <pre>{@code
 * <!-- java: given Tensor x = Tensor.of(1, 2); -->   declarations that the block needs
 * <!-- java: continues -->                           the block sees the one before it on the same page
 * <!-- java: run -->                                 the block's method check() or main(…) is called as well; a block without one is run
 * }</pre>
 *
 * <p>A block that is run prints what it says: the line {@code System.out.println(x);    // 0.53} prints {@code 0.53}. Comments on the lines
 * below are the further lines of what is printed.
 */
// Long because it reads, compiles and runs the blocks of all pages.
@Tag("slow")
@Tag("any-jdk")
class DocumentationTest {
    /** The folder of the whole project; Surefire's basedir is the folder of this module. */
    static final Path ROOT = Path.of(System.getProperty("basedir", ""))
            .resolve("..")
            .toAbsolutePath()
            .normalize();

    static final List<String> IMPORTS = List.of(
            "java.nio.file.*",
            "java.util.*",
            "java.util.function.*",
            "java.util.random.RandomGenerator",
            "io.adjoint.core.*",
            "io.adjoint.autograd.*",
            "io.adjoint.autograd.equations.*",
            "io.adjoint.autograd.transforms.*",
            "io.adjoint.autograd.view.*",
            "static io.adjoint.autograd.Autograd.*",
            "static io.adjoint.autograd.Edge.*",
            "io.adjoint.nn.*",
            "io.adjoint.nn.data.*",
            "io.adjoint.nn.layer.*",
            "io.adjoint.nn.loss.*",
            "io.adjoint.nn.metric.*",
            "io.adjoint.nn.optim.*",
            "io.adjoint.nn.parallel.*",
            "io.adjoint.nn.train.*",
            "io.adjoint.io.*",
            "io.adjoint.io.onnx.*",
            "io.adjoint.testkit.*",
            "io.adjoint.view.*",
            "io.adjoint.view.Report",
            "net.jqwik.api.*",
            "net.jqwik.api.constraints.*");
    private static final Pattern FENCE = Pattern.compile("\\s*(```+|~~~+)java(\\s.*)?");
    private static final Pattern PRINTED = Pattern.compile("\\s*(System\\.out\\.print.*;)?\\s*// (.*)");
    private static final Pattern PROGRAM = Pattern.compile("class (\\w+) \\{\\s+public static void main\\(");
    private static final Pattern DIRECTIVE = Pattern.compile("<!--\\s*java:\\s*(.*?)\\s*-->", Pattern.DOTALL);

    @TempDir
    Path folder;

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager files =
            compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);

    /** A line of a page; its number is 0 if the test has added the line. */
    private record Line(String text, int number) {}

    /** A block of a page, with the imports of the blocks above it and the settings in the comments above it. */
    private record Block(
            String page,
            int number,
            List<Line> imports,
            List<Line> lines,
            List<Line> given,
            @Nullable Block previous,
            boolean run) {
        String name() {
            return page + ":" + number;
        }
    }

    @TestFactory
    List<DynamicTest> javaBlocks() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            for (Block block : blocks(page)) {
                tests.add(DynamicTest.dynamicTest(block.name(), () -> compile(block)));
            }
        }
        return tests;
    }

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md")
                .map(ROOT::resolve)
                .toList());
        if (Files.isDirectory(ROOT.resolve("docs"))) {
            try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
                docs.filter(path -> path.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        pages.removeIf(Files::notExists);
        // Module spark tests this page by its own SparkPageTest, which has Spark on its class path.
        pages.remove(ROOT.resolve("docs/spark.md"));
        return pages;
    }

    private static List<Block> blocks(Path page) throws IOException {
        String name = ROOT.relativize(page).toString().replace(File.separatorChar, '/');
        List<String> lines = Files.readAllLines(page);
        List<Block> blocks = new ArrayList<>();
        List<Line> imports = new ArrayList<>();
        boolean importsNone = lines.stream().noneMatch(DocumentationTest::isImport);
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                int start = i;
                List<Line> code = new ArrayList<>();
                while (++i < lines.size() && !lines.get(i).strip().equals(fence.group(1))) {
                    code.add(new Line(lines.get(i), i + 1));
                }
                List<Line> given = new ArrayList<>();
                Block previous = null;
                boolean run = false;
                for (String directive : directives(lines, start)) {
                    if (directive.startsWith("given ")) {
                        given.add(new Line(directive.substring("given ".length()) + ";", start));
                    } else if (directive.equals("continues") && !blocks.isEmpty()) {
                        previous = blocks.get(blocks.size() - 1);
                    } else if (directive.equals("run")) {
                        run = true;
                    } else {
                        throw new IllegalStateException(
                                name + ":" + (start + 1) + ": what is 'java: " + directive + "'?");
                    }
                }
                List<Line> above = new ArrayList<>(imports);
                if (importsNone || !given.isEmpty()) {
                    IMPORTS.forEach(imported -> above.add(new Line("import " + imported + ";", 0)));
                }
                blocks.add(new Block(name, start + 1, above, code, given, previous, run));
                code.stream().filter(line -> isImport(line.text())).forEach(imports::add);
            }
        }
        return blocks;
    }

    private static boolean isImport(String line) {
        return line.startsWith("import ") && line.endsWith(";");
    }

    /** The instructions to this test in the comments directly above a line. */
    private static List<String> directives(List<String> lines, int end) {
        int start = end;
        while (start > 0 && lines.get(start - 1).strip().endsWith("-->")) {
            do {
                start--;
            } while (start > 0 && !lines.get(start).strip().startsWith("<!--"));
        }
        return DIRECTIVE
                .matcher(String.join("\n", lines.subList(start, end)))
                .results()
                .map(result -> result.group(1).replace('\n', ' '))
                .toList();
    }

    private void compile(Block block) throws Exception {
        List<Line> unit = new Unit(block).lines();
        List<String> problems = new ArrayList<>();
        for (Diagnostic<?> problem : errors(unit, true)) {
            int index = (int) Math.max(1, problem.getLineNumber()) - 1;
            Line line = index < unit.size() ? unit.get(index) : new Line("", 0);
            int number = line.number() == 0 ? block.number() : line.number();
            problems.add(block.page() + ":" + number + ": " + problem.getMessage(Locale.ROOT) + "\n    " + line.text());
        }
        if (!problems.isEmpty()) {
            fail("The block at %s does not compile.%n%s", block.name(), String.join("\n", problems));
        }
        if (block.run()) {
            run(unit);
        }
    }

    private void run(List<Line> unit) throws Exception {
        Path classes = Files.createTempDirectory(folder, "classes");
        List<String> options = List.of(
                "--release",
                "17",
                "-proc:none",
                "-classpath",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString());
        assertThat(compiler.getTask(null, files, null, options, null, List.of(new Source(unit)))
                        .call())
                .isTrue();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            Matcher program = PROGRAM.matcher(unit.stream().map(Line::text).collect(Collectors.joining("\n")));
            Class<?> block = loader.loadClass("documentation.DocumentationBlock");
            if (program.find()) {
                Class<?> main = loader.loadClass("documentation." + program.group(1));
                assertThat(call(main, "main", (Object) new String[0]).lines()).containsExactlyElementsOf(figures(unit));
            } else if (Stream.of(block.getDeclaredMethods())
                    .anyMatch(method -> method.getName().equals("check"))) {
                call(block, "check");
            } else {
                assertThat(call(block, "block").lines().map(String::strip)).containsExactlyElementsOf(figures(unit));
            }
        }
    }

    /** Calls a method of a block, and returns what it prints. */
    private static String call(Class<?> block, String name, Object... arguments) throws Exception {
        Constructor<?> constructor = block.getDeclaredConstructor();
        constructor.setAccessible(true);
        Method method = Stream.of(block.getDeclaredMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();
        method.setAccessible(true);
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            method.invoke(constructor.newInstance(), arguments);
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** The comments at the ends of lines that print, with the comments that stand alone directly below. */
    private static List<String> figures(List<Line> unit) {
        List<String> figures = new ArrayList<>();
        boolean printed = false;
        for (Line line : unit) {
            Matcher comment = PRINTED.matcher(line.text());
            printed = comment.matches() && (printed || comment.group(1) != null);
            if (printed) {
                figures.add(comment.group(2).strip());
            }
        }
        return figures;
    }

    private List<Diagnostic<?>> errors(List<Line> unit, boolean analyze) throws IOException {
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        // Reading the class files of a release takes longer than parsing a block.
        List<String> options = analyze
                ? List.of("--release", "17", "-proc:none", "-classpath", System.getProperty("java.class.path"))
                : List.of("--source", "17", "-Xlint:-options", "-proc:none");
        JavacTask task = (JavacTask) compiler.getTask(null, files, problems, options, null, List.of(new Source(unit)));
        task.parse();
        if (analyze) {
            task.analyze();
        }
        return problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .collect(Collectors.toList());
    }

    private boolean parses(List<Line> unit) throws IOException {
        return errors(unit, false).isEmpty();
    }

    /** A block and the blocks that it continues, sorted into the parts of one compilation unit. */
    private final class Unit {
        private final List<Line> imports = new ArrayList<>();
        private final List<Line> types = new ArrayList<>();
        private final List<Line> members = new ArrayList<>();
        private final List<Line> statements = new ArrayList<>();
        private Line packageLine = new Line("package documentation;", 0);

        Unit(Block block) throws IOException {
            add(block);
        }

        private void add(Block block) throws IOException {
            if (block.previous() != null) {
                add(block.previous());
            }
            imports.addAll(block.imports());
            List<Line> code = new ArrayList<>();
            for (Line line : block.lines()) {
                if (line.text().startsWith("package ")) {
                    packageLine = line;
                } else if (isImport(line.text())) {
                    imports.add(line);
                } else {
                    code.add(line);
                }
            }
            if (parses(code)) {
                members.addAll(block.given());
                types.addAll(code);
            } else if (!parses(inMethod(code)) && parses(inClass(code))) {
                members.addAll(block.given());
                members.addAll(code);
            } else {
                statements.addAll(block.given());
                statements.addAll(code);
            }
        }

        List<Line> lines() {
            List<Line> lines = new ArrayList<>(List.of(packageLine));
            lines.addAll(imports);
            lines.addAll(types);
            List<Line> body = new ArrayList<>(members);
            body.addAll(method(statements));
            lines.addAll(inClass(body));
            return lines;
        }

        private List<Line> inMethod(List<Line> code) {
            return inClass(method(code));
        }

        private List<Line> method(List<Line> code) {
            return wrap("void block() throws Exception {", code);
        }

        private List<Line> inClass(List<Line> code) {
            return wrap("class DocumentationBlock {", code);
        }

        private List<Line> wrap(String head, List<Line> code) {
            List<Line> lines = new ArrayList<>(List.of(new Line(head, 0)));
            lines.addAll(code);
            lines.add(new Line("}", 0));
            return lines;
        }
    }

    /** A source file in memory, which may contain public classes of any name. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(List<Line> lines) {
            super(URI.create("string:///Documentation.java"), Kind.SOURCE);
            text = lines.stream().map(Line::text).collect(Collectors.joining("\n"));
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return true;
        }

        @Override
        public @Nullable NestingKind getNestingKind() {
            return null;
        }

        @Override
        public @Nullable Modifier getAccessLevel() {
            return null;
        }
    }
}
