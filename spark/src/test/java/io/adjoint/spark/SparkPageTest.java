package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles the {@code ```java} blocks of docs/spark.md; the test of the module proof compiles those of all other pages, but has no Spark. A
 * block is a class, or statements, which see the classes of the page and the declarations of comments {@code <!-- java: given … -->} above
 * them.
 */
class SparkPageTest {
    private static final String IMPORTS = """
            import io.adjoint.autograd.Tensor;
            import io.adjoint.core.*;
            import io.adjoint.io.*;
            import io.adjoint.nn.*;
            import io.adjoint.nn.data.*;
            import io.adjoint.nn.layer.*;
            import io.adjoint.nn.loss.*;
            import io.adjoint.nn.optim.*;
            import io.adjoint.nn.parallel.*;
            import io.adjoint.nn.train.*;
            import io.adjoint.spark.*;
            import java.util.*;
            import org.apache.spark.sql.Dataset;
            import org.apache.spark.sql.Row;
            import org.apache.spark.sql.SparkSession;
            import org.apache.spark.sql.functions;

            """;
    private static final Pattern BLOCK = Pattern.compile(
            "((?:^<!-- java: given [^\n]* -->\n)*)^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern GIVEN = Pattern.compile("<!-- java: given (.*) -->");

    @TempDir
    Path classes;

    private final JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());

    @TestFactory
    List<DynamicTest> javaBlocks() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "spark.md"));
        List<JavaFileObject> types = new ArrayList<>();
        List<DynamicTest> tests = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(page);
        while (blocks.find()) {
            String code = blocks.group(2);
            long line = page.substring(0, blocks.start(2)).lines().count();
            if (code.startsWith("package ")) {
                continue; // the program of the project in consumers, which is compiled there
            }
            Matcher name = Pattern.compile("public final class (\\w+)").matcher(code);
            if (name.lookingAt()) {
                types.add(source(name.group(1), IMPORTS + code));
                continue;
            }
            StringBuilder given = new StringBuilder();
            GIVEN.matcher(blocks.group(1))
                    .results()
                    .forEach(each -> given.append(each.group(1)).append(";\n"));
            String unit = IMPORTS + "class Block { void block() throws Exception {\n" + given + code + "}}";
            tests.add(DynamicTest.dynamicTest("docs/spark.md:" + line, () -> compile(types, source("Block", unit))));
        }
        assertThat(types).isNotEmpty();
        assertThat(tests).isNotEmpty();
        return tests;
    }

    /** The project in consumers is built and run like any user's. */
    @Test
    void theDependenciesAndTheProgramAreOfAProjectThatIsRun() throws IOException {
        Path project = Path.of("..", "consumers", "spark");
        String pom = Files.readString(project.resolve("pom.xml")).replaceAll("(?m)^ +", "");
        assertThat(pom).contains(block("xml").replaceAll("(?m)^ +", ""));
        assertThat(project.resolve("src/main/java/my/Program.java")).hasContent(block("java\npackage"));
    }

    /** The first block of the page with this beginning. */
    private static String block(String beginning) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "spark.md"));
        String rest = page.substring(page.indexOf("```" + beginning) + "```".length());
        return rest.substring(rest.indexOf('\n') + 1, rest.indexOf("```"));
    }

    private void compile(List<JavaFileObject> types, JavaFileObject block) {
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<JavaFileObject> sources = new ArrayList<>(types);
        sources.add(block);
        List<String> options =
                List.of("-proc:none", "-classpath", System.getProperty("java.class.path"), "-d", classes.toString());
        boolean isCompiled =
                compiler.getTask(null, null, problems, options, null, sources).call();
        assertThat(isCompiled)
                .as(() -> String.join(
                        "\n",
                        problems.getDiagnostics().stream()
                                .map(problem -> problem.getLineNumber() + ": " + problem.getMessage(Locale.ROOT))
                                .toList()))
                .isTrue();
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
