package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.optim.Schedule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the recipes of docs/pytorch.tsv, the Java expressions between backticks, and compares them with what PyTorch computed. The cases are
 * in {@code recipes.tsv}, which {@code recipes.py} writes: a recipe, the expression in PyTorch that it replaces, and its value. Lines
 * {@code given} and {@code object} declare the variables of all recipes.
 */
class RecipesTest {
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final Pattern NAME = Pattern.compile("[A-Za-z]\\w*(\\.[A-Za-z]\\w*)*");
    private static final Gson GSON = new Gson();

    private static final List<String[]> LINES = lines();

    @TempDir
    Path folder;

    /**
     * A case: a recipe, an expression in PyTorch that it replaces, the value of this expression as JSON, and the variables that it gives
     * another value, {@code x = [1.0, NaN]}.
     */
    private record Case(String recipe, String original, String expected, List<String> own) {}

    private static List<String[]> lines() {
        try {
            return new String(
                            Objects.requireNonNull(RecipesTest.class.getResourceAsStream("recipes.tsv"))
                                    .readAllBytes(),
                            StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<Case> cases() {
        return LINES.stream()
                .filter(cells -> !cells[0].equals("given") && !cells[0].equals("object"))
                .map(cells ->
                        new Case(cells[0], cells[1], cells[2], List.of(cells).subList(3, cells.length)))
                .toList();
    }

    // ---- each recipe has a case ----

    @Test
    void eachRecipeHasACaseOfItsRowAndEachNameIsThere() throws IOException {
        List<Case> cases = cases();
        Set<String> all = cases.stream().map(Case::recipe).collect(Collectors.toSet());
        List<String> wrong = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (PyTorchNamesTest.Row row : PyTorchNamesTest.rows()) {
            List<String> recipes = new ArrayList<>();
            for (MatchResult code : CODE.matcher(row.note()).results().toList()) {
                String text = code.group(1);
                if (all.contains(text)) {
                    recipes.add(text);
                } else if (!NAME.matcher(text).matches()) {
                    wrong.add(row.name() + ": no case for " + text);
                } else if (!isThere(text, row.equivalents())) {
                    wrong.add(row.name() + ": there is no " + text);
                }
            }
            seen.addAll(recipes);
            String name = row.name().substring(row.name().indexOf('\t') + 1).replaceFirst("_$", "");
            Pattern own = Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "_?(?!\\w)");
            if (!recipes.isEmpty()
                    && cases.stream()
                            .filter(one -> recipes.contains(one.recipe()))
                            .noneMatch(one -> own.matcher(one.original()).find())) {
                wrong.add(row.name() + ": no case of it among those of " + recipes);
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(seen).containsAll(all);
    }

    /** Returns whether there is a class, its member, or a method of a tensor or of one of the classes of a row's equivalents. */
    private static boolean isThere(String name, List<String> equivalents) {
        return PyTorchNamesTest.exists(name)
                || Stream.concat(
                                Stream.of(
                                        "Tensor",
                                        "Autograd",
                                        "Layer",
                                        "Dataset",
                                        "DataStream",
                                        "DataLoader",
                                        "Schedule"),
                                equivalents.stream())
                        .anyMatch(owner -> PyTorchNamesTest.exists(owner.replaceFirst("\\..*", "") + "." + name));
    }

    // ---- each recipe computes what PyTorch computes ----

    @TestFactory
    List<DynamicTest> recipes() throws Exception {
        List<Case> cases = cases();
        Constructor<?> made = compiled(cases).getDeclaredConstructor();
        made.setAccessible(true);
        return cases.stream()
                .map(one -> DynamicTest.dynamicTest(one.recipe() + " for " + one.original(), () -> {
                    Method method = made.getDeclaringClass().getDeclaredMethod("recipe" + cases.indexOf(one));
                    method.setAccessible(true);
                    compare(JsonParser.parseString(one.expected()), method.invoke(made.newInstance()));
                }))
                .toList();
    }

    /** Compiles a class, a block, with the variables as fields and a method for each case. */
    private Class<?> compiled(List<Case> cases) throws Exception {
        List<String> source = new ArrayList<>();
        DocumentationTest.IMPORTS.forEach(imported -> source.add("import " + imported + ";"));
        source.add("import io.adjoint.distributions.*;");
        source.add("import java.math.BigInteger;");
        source.add("import java.security.SecureRandom;");
        source.add("class Recipes extends Block {");
        for (String[] cells : LINES) {
            if (cells[0].equals("given")) {
                source.add("final " + declaration(cells[1], cells[2]) + ";");
            } else if (cells[0].equals("object")) {
                source.add("final " + cells[1] + ";");
            }
        }
        for (int k = 0; k < cases.size(); k++) {
            source.add("Object recipe" + k + "() {");
            for (String given : cases.get(k).own()) {
                String[] parts = given.split(" = ", 2);
                source.add(declaration(parts[0], parts[1]) + ";");
            }
            source.add("return " + cases.get(k).recipe() + "; }");
        }
        source.add("}");
        Path file = folder.resolve("Recipes.java");
        Files.write(file, source);
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        errors,
                        "-proc:none",
                        "-encoding",
                        "UTF-8",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        file.toString());
        assertThat(code).as(errors.toString(StandardCharsets.UTF_8)).isZero();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            return loader.loadClass("Recipes");
        }
    }

    /** The declaration of a variable with a value that is given as JSON: a number, or the elements of a tensor. */
    private static String declaration(String name, String json) {
        String type = json.matches(".*(true|false).*") ? "boolean" : json.contains(".") ? "double" : "int";
        int rank = json.length() - json.replaceFirst("^\\[+", "").length();
        return rank == 0
                ? type + " " + name + " = " + json
                : "Tensor " + name + " = Tensor.fromArray(new " + type + "[]".repeat(rank)
                        + json.replace('[', '{')
                                .replace(']', '}')
                                .replace("Infinity", "1 / 0.0")
                                .replace("NaN", "0 / 0.0")
                        + ")";
    }

    /** Compares a result with numbers, lists of numbers, the shape of random numbers, or the name of a class. */
    private static void compare(JsonElement expected, Object found) throws Exception {
        if (expected.isJsonObject()) {
            assertThat(GSON.toJsonTree(((Tensor) found).shape().toArray()))
                    .isEqualTo(expected.getAsJsonObject().get("shape"));
        } else if (expected.isJsonPrimitive()
                && expected.getAsJsonPrimitive().isString()
                && !(found instanceof DType)) {
            assertThat(named(found.getClass())).contains(expected.getAsString());
            if (found instanceof AutoCloseable open) {
                open.close();
            }
        } else {
            compareNumbers(expected, plain(found));
        }
    }

    /** The simple names of a class, its superclasses and its interfaces. */
    private static List<String> named(@Nullable Class<?> type) {
        return type == null
                ? List.of()
                : Stream.concat(
                                Stream.of(type.getSimpleName()),
                                Stream.concat(
                                                Arrays.stream(type.getInterfaces()),
                                                Stream.ofNullable(type.getSuperclass()))
                                        .flatMap(above -> named(above).stream()))
                        .toList();
    }

    /** A result as numbers and nested lists of numbers: a schedule by its first values, a record by its components. */
    private static JsonElement plain(Object found) throws Exception {
        if (found instanceof Tensor tensor) {
            return plain(tensor.data());
        }
        if (found instanceof NdArray array) {
            return nested(array);
        }
        if (found instanceof Shape shape) {
            return GSON.toJsonTree(shape.toArray());
        }
        if (found instanceof Schedule schedule) {
            return GSON.toJsonTree(
                    IntStream.range(0, 12).mapToDouble(schedule::at).toArray());
        }
        if (found instanceof List<?> list) {
            return all(list);
        }
        if (found instanceof Record parts) {
            List<Object> components = new ArrayList<>();
            for (RecordComponent component : parts.getClass().getRecordComponents()) {
                components.add(component.getAccessor().invoke(parts));
            }
            return all(components);
        }
        return GSON.toJsonTree(found instanceof Float f ? (Object) f.doubleValue() : found);
    }

    private static JsonElement all(List<?> parts) throws Exception {
        List<JsonElement> each = new ArrayList<>();
        for (Object part : parts) {
            each.add(plain(part));
        }
        return GSON.toJsonTree(each);
    }

    private static JsonElement nested(NdArray array) {
        if (array.shape().rank() > 0) {
            return GSON.toJsonTree(IntStream.range(0, array.shape().dim(0))
                    .mapToObj(k -> nested(array.select(0, k)))
                    .toList());
        }
        double value = array.item();
        return GSON.toJsonTree(
                switch (array.dtype()) {
                    case BOOL -> (Object) (value == 1);
                    case INT32 -> (Object) (int) value;
                    default -> (Object) value;
                });
    }

    private static void compareNumbers(JsonElement expected, JsonElement found) {
        if (expected.isJsonArray()) {
            assertThat(found.isJsonArray()).as("%s is a list", found).isTrue();
            assertThat(found.getAsJsonArray()).hasSize(expected.getAsJsonArray().size());
            for (int k = 0; k < expected.getAsJsonArray().size(); k++) {
                compareNumbers(
                        expected.getAsJsonArray().get(k), found.getAsJsonArray().get(k));
            }
        } else if (expected.getAsJsonPrimitive().isNumber()
                && expected.getAsString().matches(".*[.e].*")) {
            double number = expected.getAsDouble();
            assertThat(found.getAsString()).matches(".*[.E].*");
            assertThat(found.getAsDouble()).isCloseTo(number, within(1e-12 * Math.max(1, Math.abs(number))));
        } else {
            assertThat(found).isEqualTo(expected);
        }
    }
}
