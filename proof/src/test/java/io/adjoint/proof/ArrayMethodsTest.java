package io.adjoint.proof;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.IndexedValues;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.IndexedArrays;
import io.adjoint.core.NdArray;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests that a method of {@link NdArray} computes the same bits as the method of {@link Tensor} with its name and parameters, or fails with
 * the same error.
 */
class ArrayMethodsTest {
    /** Methods of {@code NdArray} that a tensor doesn't have, or has with other parameters. */
    private static final Set<String> WITHOUT_COUNTERPART =
            Set.of("argTopK", "copy", "generate", "map", "of", "pad", "scalar", "test", "unique", "zip");

    private static final Tensor NUMBERS = Tensor.of(new double[][] {{0.5, 1, 1.5}, {2, 2.5, 3}});

    private static final List<Tensor> RECEIVERS = List.of(
            NUMBERS,
            NUMBERS.flip(0),
            NUMBERS.rsub(1.75),
            Tensor.of(new double[][] {{-0.0, Double.NaN, Double.POSITIVE_INFINITY}, {Double.NEGATIVE_INFINITY, 0, -1}}),
            NUMBERS.to(DType.FLOAT32).rsub(2),
            Tensor.of(new int[][] {{0, 1, 1}, {1, 0, 1}}),
            Tensor.of(new boolean[][] {{true, false, true}, {false, false, true}}),
            Tensor.scalar(0.75),
            Tensor.of(1, 2, 4));

    private static final Tensor INDEX = Tensor.of(new int[] {1, 0, 1});

    /** Arguments of methods whose sample calls in {@link SampleCalls} fit a single tensor, or fail for each of {@link #RECEIVERS}. */
    private static final Map<String, Function<Tensor, List<Object>>> ARGUMENTS = Map.ofEntries(
            entry("where(NdArray,NdArray,NdArray)", x -> List.of(NUMBERS.gt(1), x, x.flip())),
            entry("where(NdArray,double,NdArray)", x -> List.of(NUMBERS.gt(1), 1.0, x)),
            entry("where(NdArray,NdArray,double)", x -> List.of(NUMBERS.gt(1), x, 1.0)),
            entry("get(String)", x -> List.of("..., ::-2")),
            entry("oneHot(int)", x -> List.of(3)),
            entry("squeeze(int[])", x -> List.of((Object) new int[0])),
            entry("any(int[])", x -> List.of((Object) new int[] {1})),
            entry("any(Dims,int[])", x -> List.of(Dims.KEEP, new int[] {0})),
            entry("all(int[])", x -> List.of((Object) new int[] {1})),
            entry("all(Dims,int[])", x -> List.of(Dims.KEEP, new int[] {0})),
            entry("diagonal(int,int,int)", x -> List.of(1, 0, 1)),
            entry("matmul(NdArray)", x -> List.of(x.transpose())),
            entry("gather(int,NdArray)", x -> List.of(1, Tensor.of(new int[][] {{2, 0}, {1, 1}}))),
            entry("scatter(int,NdArray,NdArray)", x -> List.of(1, Tensor.of(new int[][] {{2, 0, 1}, {0, 1, 2}}), x)),
            entry("scatterAdd(int,NdArray,NdArray)", x -> List.of(1, Tensor.of(new int[][] {{2, 0, 2}, {1, 1, 1}}), x)),
            entry("indexSelect(int,NdArray)", x -> List.of(0, INDEX)),
            entry("indexAdd(int,NdArray,NdArray)", x -> List.of(1, INDEX, x)),
            entry("fromArray(Object)", x -> List.of((Object) new float[][] {{1, 2}, {3, 4}})));

    @TestFactory
    Stream<DynamicTest> computeTheBitsOfTheTensorsMethods() {
        return counterparts()
                .map(method -> DynamicTest.dynamicTest(PublicApi.signature(method), () -> {
                    Method counterpart = Tensor.class.getMethod(
                            method.getName(),
                            Arrays.stream(method.getParameterTypes())
                                    .map(ArrayMethodsTest::ofTensors)
                                    .toArray(Class<?>[]::new));
                    int computed = 0;
                    for (Tensor x : RECEIVERS) {
                        List<Object> arguments = arguments(method, counterpart, x);
                        Object expected = outcome(counterpart, x, arguments);
                        Object found = outcome(
                                method,
                                x.data(),
                                arguments.stream().map(ArrayMethodsTest::arrays).toList());
                        assertThat(found).as("of %s", x).isEqualTo(arrays(expected));
                        computed += found instanceof String ? 0 : 1;
                    }
                    assertThat(computed).isPositive();
                }));
    }

    private static List<Object> arguments(Method method, Method counterpart, Tensor x) {
        String signature = PublicApi.signature(method).substring("NdArray.".length());
        Function<Tensor, List<Object>> own = ARGUMENTS.get(signature);
        return own == null ? SampleCalls.of(counterpart, x).arguments() : own.apply(x);
    }

    @Test
    void thePageNamesThemAll() throws IOException {
        String page = Files.readString(Path.of("../docs/internals/ndarray.md"));
        String table = page.substring(page.indexOf("| of arrays |"), page.indexOf("`var` and `std` take"));
        Set<String> named = Pattern.compile("`(\\w+)[`(]")
                .matcher(table)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> expected = counterparts().map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
        expected.addAll(WITHOUT_COUNTERPART);

        assertThat(named).isEqualTo(expected);
    }

    /**
     * The methods of {@code NdArray} for which {@code Tensor} has a method of the same name and parameters, with tensors in place of
     * arrays.
     */
    private static Stream<Method> counterparts() {
        Set<String> ofTensors = Arrays.stream(Tensor.class.getMethods())
                .filter(method -> returnsValue(method, Tensor.class, IndexedValues.class))
                .map(method -> method.getName() + Arrays.toString(method.getParameterTypes()))
                .collect(Collectors.toSet());
        return Arrays.stream(NdArray.class.getMethods())
                .filter(method -> returnsValue(method, NdArray.class, IndexedArrays.class))
                .filter(method -> ofTensors.contains(method.getName()
                        + Arrays.toString(Arrays.stream(method.getParameterTypes())
                                .map(ArrayMethodsTest::ofTensors)
                                .toArray())));
    }

    private static boolean returnsValue(Method method, Class<?> own, Class<?> withIndices) {
        return PublicApi.isOurs(method)
                && (method.getReturnType() == own
                        || method.getReturnType() == withIndices
                        || method.getName().equals("allClose"));
    }

    private static Class<?> ofTensors(Class<?> type) {
        return type == NdArray.class ? Tensor.class : type == NdArray[].class ? Tensor[].class : type;
    }

    /** Returns the result of a call, or its error as a text. */
    private static Object outcome(Method method, @Nullable Object receiver, List<?> arguments)
            throws IllegalAccessException {
        method.setAccessible(true);
        try {
            return method.invoke(receiver, arguments.toArray());
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        }
    }

    /** Replaces tensors by their arrays, also in an array, a list, or a record of values and indices; returns any other object itself. */
    private static @Nullable Object arrays(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return tensor.data();
        } else if (value instanceof Tensor[] tensors) {
            return Arrays.stream(tensors).map(Tensor::data).toArray(NdArray[]::new);
        } else if (value instanceof IndexedValues found) {
            return new IndexedArrays(found.values().data(), found.indices().data());
        }
        return value instanceof List<?> list
                ? list.stream().map(ArrayMethodsTest::arrays).toList()
                : value;
    }
}
