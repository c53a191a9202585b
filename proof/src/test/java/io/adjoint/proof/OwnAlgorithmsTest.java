package io.adjoint.proof;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasParameterTypes;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/**
 * Tests that main code calls no method whose result may depend on the JDK, the platform or the locale, so that no bit of a result does.
 * {@link HashesTest} compares the results themselves.
 */
@AnalyzeClasses(
        packages = {
            "io.adjoint.core",
            "io.adjoint.simd",
            "io.adjoint.autograd",
            "io.adjoint.fit",
            "io.adjoint.distributions",
            "io.adjoint.nn"
        },
        importOptions = DoNotIncludeTests.class)
class OwnAlgorithmsTest {
    /** The methods of {@link Math} whose results their specification determines to the last bit. */
    private static final Set<String> EXACT = Set.of(
            "IEEEremainder",
            "abs",
            "addExact",
            "ceil",
            "copySign",
            "floor",
            "floorDiv",
            "floorMod",
            "fma",
            "getExponent",
            "max",
            "min",
            "multiplyExact",
            "multiplyHigh",
            "negateExact",
            "nextAfter",
            "nextDown",
            "nextUp",
            "rint",
            "round",
            "scalb",
            "signum",
            "sqrt",
            "subtractExact",
            "toIntExact",
            "ulp");

    /**
     * Operations whose bits depend on the platform: elementary functions of lanes, and sums and products over lanes, whose order is not
     * specified.
     */
    private static final Set<String> OF_VECTORS = Set.of(
            "ACOS", "ADD", "ASIN", "ATAN", "ATAN2", "CBRT", "COS", "COSH", "EXP", "EXPM1", "HYPOT", "LOG", "LOG10",
            "LOG1P", "MUL", "POW", "SIN", "SINH", "TAN", "TANH");

    private static final Set<String> GENERATORS = Set.of(
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.concurrent.ThreadLocalRandom",
            "java.util.random.RandomGeneratorFactory");

    @ArchTest
    static final ArchRule nothingOfTheJdksDecidesABit = classes()
            .should(useOnlyAlgorithmsThatAreSpecified())
            .because("a JDK may change all others; use StrictMath or core.math: docs/design.md, Functions and bits");

    private static ArchCondition<JavaClass> useOnlyAlgorithmsThatAreSpecified() {
        return new ArchCondition<>("use only algorithms that are their own or specified to the last bit") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (JavaAccess<?> access : item.getAccessesFromSelf()) {
                    if (isOpen(access)) {
                        events.add(SimpleConditionEvent.violated(item, access.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean isOpen(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getName();
        List<String> parameters = access.getTarget() instanceof HasParameterTypes target
                ? target.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                : List.of();
        if (GENERATORS.contains(owner.getName())) {
            return true;
        }
        return switch (owner.getName()) {
            case "java.lang.Math" -> !EXACT.contains(name) && !name.equals("PI") && !name.equals("E");
            // The compiler of JDK 25 writes a call of getClass on such a reference as a call of the interface's method.
            case "java.util.random.RandomGenerator" ->
                !Set.of("nextLong", "getClass").contains(name) || !parameters.isEmpty();
            case "java.util.DoubleSummaryStatistics" -> true;
            case "java.io.PrintStream", "java.util.Formatter" ->
                Set.of("format", "printf").contains(name);
            case "java.util.Collections" -> name.equals("shuffle");
            case "java.util.stream.DoubleStream" ->
                Set.of("sum", "average", "summaryStatistics", "parallel").contains(name);
            case "java.util.stream.Collectors" -> name.endsWith("Double");
            case "java.util.stream.Stream", "java.util.stream.IntStream", "java.util.stream.LongStream" ->
                name.equals("parallel");
            case "java.util.Arrays" -> name.startsWith("parallel");
            case "jdk.incubator.vector.VectorOperators" -> OF_VECTORS.contains(name);
            case "java.lang.String" -> isOfTheLocale(name, parameters);
            default -> name.equals("parallelStream");
        };
    }

    private static boolean isOfTheLocale(String name, List<String> parameters) {
        return switch (name) {
            case "format" -> parameters.get(0).equals("java.lang.String");
            case "formatted" -> true;
            case "toLowerCase", "toUpperCase", "getBytes" -> parameters.isEmpty();
            default -> false;
        };
    }

    /** A class with one fault in each line, to test that the rule finds them. */
    static final class Offender {
        static final DoubleUnaryOperator REFERENCE = Math::cbrt;

        static double call(double x) {
            return Math.tanh(x);
        }

        static double draw(RandomGenerator random) {
            return random.nextGaussian();
        }

        static long draw(RandomGenerator random, long bound) {
            return random.nextLong(bound);
        }

        static double own() {
            return new SplittableRandom(1).nextLong();
        }

        static void order(List<Integer> numbers) {
            Collections.shuffle(numbers, new Random(1));
        }

        static double sum(double... values) {
            return DoubleStream.of(values).sum();
        }

        @SuppressWarnings("StringCaseLocaleUsage") // the fault
        static String text(double x) {
            return String.format("%f", x).toLowerCase();
        }
    }

    @ArchTest
    static void eachFaultIsFound(JavaClasses ours) {
        JavaClasses faulty = new ClassFileImporter().importClasses(Offender.class);
        List<String> found = classes()
                .should(useOnlyAlgorithmsThatAreSpecified())
                .evaluate(faulty)
                .getFailureReport()
                .getDetails();
        for (String fault : List.of(
                "Math.cbrt(",
                "Math.tanh(",
                "RandomGenerator.nextGaussian(",
                "RandomGenerator.nextLong(long)",
                "SplittableRandom.nextLong(",
                "Collections.shuffle(",
                "DoubleStream.sum(",
                "String.format(",
                "String.toLowerCase(")) {
            assertThat(found).as(fault).anyMatch(line -> line.contains(fault));
        }
        assertThat(ours.size()).isGreaterThan(300);
    }
}
