package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.Notation;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Functional;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the catalogue has an entry for every operation, with everything that the reference page needs. */
class CompletenessTest {
    private static final int MISTAKES = 3;

    /** Methods without gradient: they make a tensor of other objects, or concern the recording. */
    private static final Set<String> WITHOUT_GRADIENT = Set.of(
            "of(NdArray)",
            "of(double[])",
            "of(float[])",
            "of(int[])",
            "of(int,int[])",
            "of(boolean[])",
            "of(boolean,boolean[])",
            "of(double[][])",
            "of(float[][])",
            "of(int[][])",
            "of(boolean[][])",
            "scalar(double)",
            "fromArray(Object)",
            "zeros(int[])",
            "zeros(DType,int[])",
            "zerosLike(Tensor)",
            "ones(int[])",
            "ones(DType,int[])",
            "onesLike(Tensor)",
            "zeros(Shape)",
            "zeros(DType,Shape)",
            "ones(Shape)",
            "ones(DType,Shape)",
            "full(Shape,double)",
            "full(DType,Shape,double)",
            "full(double,int[])",
            "full(DType,double,int[])",
            "fullLike(Tensor,double)",
            "arange(double)",
            "arange(double,double)",
            "arange(double,double,double)",
            "arange(DType,double,double,double)",
            "linspace(double,double,int)",
            "linspace(DType,double,double,int)",
            "eye(int)",
            "eye(int,int)",
            "eye(DType,int,int)",
            "rand(RandomGenerator,int[])",
            "rand(Shape,RandomGenerator)",
            "rand(DType,RandomGenerator,int[])",
            "rand(DType,Shape,RandomGenerator)",
            "randn(RandomGenerator,int[])",
            "randn(Shape,RandomGenerator)",
            "randn(DType,RandomGenerator,int[])",
            "randn(DType,Shape,RandomGenerator)",
            "uniform(double,double,RandomGenerator,int[])",
            "uniform(Shape,double,double,RandomGenerator)",
            "uniform(DType,double,double,RandomGenerator,int[])",
            "uniform(DType,Shape,double,double,RandomGenerator)",
            "normal(double,double,RandomGenerator,int[])",
            "normal(Shape,double,double,RandomGenerator)",
            "normal(DType,double,double,RandomGenerator,int[])",
            "normal(DType,Shape,double,double,RandomGenerator)",
            "normal(Tensor,Tensor,RandomGenerator)",
            "randint(int,int,RandomGenerator,int[])",
            "randint(Shape,int,int,RandomGenerator)",
            "bernoulli(Tensor,RandomGenerator)",
            "permutation(int,RandomGenerator)",
            "multinomial(Tensor,int,RandomGenerator)",
            "multinomial(Tensor,int,Replacement,RandomGenerator)",
            "requiresGrad(boolean)",
            "retainGrad()",
            "detach()",
            // Excluded since finite differences can't see rounding; EngineTest tests its gradient.
            "to(DType)",
            "grad()");

    /** Methods that are operators of other languages; the catalogue has these operations under other names. */
    private static final Set<String> OPERATORS = Set.of(
            "plus(Tensor)",
            "plus(double)",
            "minus(Tensor)",
            "minus(double)",
            "times(Tensor)",
            "times(double)",
            "unaryMinus()");

    @Test
    void everyMethodThatReturnsTensorsIsInTheCatalogueOrListedAsWithoutGradient() {
        Set<String> operations = Arrays.stream(Tensor.class.getMethods())
                .filter(method -> returnsTensors(method.getGenericReturnType()))
                .map(CompletenessTest::signature)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed = new TreeSet<>(WITHOUT_GRADIENT);
        listed.addAll(OPERATORS);
        Catalogue.entries().forEach(entry -> listed.addAll(entry.covers()));

        Missing.none(
                "methods of Tensor", "a family of the catalogue, or the name to WITHOUT_GRADIENT", operations, listed);
        assertThat(Catalogue.entries().flatMap(entry -> entry.covers().stream()))
                .doesNotContainAnyElementsOf(WITHOUT_GRADIENT);
    }

    /** Javadoc lists inherited methods by their names only, and reflection can't call methods of a class that isn't public. */
    @ParameterizedTest
    @ValueSource(classes = {Tensor.class, NdArray.class})
    void theClassDeclaresItsOperations(Class<?> type) {
        assertThat(type.getMethods())
                .filteredOn(method -> method.getDeclaringClass() != Object.class)
                .hasSizeGreaterThan(150)
                .allSatisfy(method -> assertThat(method.getDeclaringClass()).isEqualTo(type));
    }

    @Test
    void everyFunctionOfLayersHasARow() {
        Set<String> functions = Stream.of(Functional.class.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .map(name -> name.equals("scaledDotProductAttention") ? "attention" : name) // the golden file's name
                .collect(Collectors.toCollection(TreeSet::new));

        List<String> rows = Catalogue.entries().map(Entry::name).toList();
        assertThat(rows).hasSizeGreaterThan(300);
        Missing.none("functions of Functional without a row: add one to LayerFunctions", functions, rows);
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(",", "(", ")"));
    }

    /** Returns whether a type is a tensor, a list of tensors, or a record with a tensor. */
    private static boolean returnsTensors(Type type) {
        return type == Tensor.class
                || type.getTypeName().equals("java.util.List<" + Tensor.class.getName() + ">")
                || (type instanceof Class<?> raw
                        && raw.isRecord()
                        && Stream.of(raw.getRecordComponents())
                                .map(RecordComponent::getGenericType)
                                .anyMatch(CompletenessTest::returnsTensors));
    }

    @Test
    void namesAreUniqueWithinTheCatalogue() {
        List<String> names = Catalogue.entries().map(Entry::name).toList();

        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void everyOperationInWritingIsInTheCatalogue() {
        assertThat(Catalogue.entries().map(Entry::name)).containsAll(Notation.operations());
    }

    @Test
    void everyRowIsInWriting() {
        assertThat(Catalogue.FAMILIES.stream()
                        .flatMap(family -> family.rows().stream())
                        .map(forms -> forms.get(0))
                        .filter(form -> form.notation()
                                .filter(n ->
                                        !n.formula().isBlank() && !n.gradient().isBlank())
                                .isEmpty())
                        .map(Entry::name))
                .as("rows without formula and gradient in META-INF/adjoint/operations.txt")
                .isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> everyEntryHasReferenceAndMistakes() {
        return Catalogue.entries()
                .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> {
                    assertThat(entry.operation().reference()).as("reference").isPresent();
                    assertThat(entry.mistakes()).as("mistakes").hasSizeGreaterThanOrEqualTo(MISTAKES);
                    assertThat(entry.mistakes())
                            .allSatisfy(mistake -> assertThat(mistake.parts()).isNotEmpty());
                }));
    }
}
