package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Index;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Correction;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests that every public method of {@link Tensor} can be called through {@link Class#getMethods()} from another package, as Clojure,
 * JavaScript engines and expression languages call it. For each method, lists of arguments of the parameters' types are tried until the
 * method accepts a list.
 */
class ReflectionTest {
    @TestFactory
    Stream<DynamicTest> everyPublicMethodCanBeCalled() {
        return Arrays.stream(Tensor.class.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class)
                .map(method -> DynamicTest.dynamicTest(
                        method.toGenericString(),
                        () -> assertThat(accepts(method, new ArrayList<>()))
                                .as(method.toString())
                                .isTrue()));
    }

    /**
     * Returns whether the method accepts a list of arguments that begins with the chosen ones; the first is the object on which it is
     * called.
     */
    private static boolean accepts(Method method, List<Object> chosen) throws IllegalAccessException {
        if (chosen.size() > method.getParameterCount()) {
            try {
                method.invoke(chosen.get(0), chosen.subList(1, chosen.size()).toArray());
                return true;
            } catch (InvocationTargetException e) {
                return false;
            }
        }
        for (Object candidate : candidates(method, chosen.size())) {
            List<Object> longer = new ArrayList<>(chosen);
            longer.add(candidate);
            if (accepts(method, longer)) {
                return true;
            }
        }
        return false;
    }

    private static List<?> candidates(Method method, int index) {
        if (index > 0) {
            return arguments(method.getParameterTypes()[index - 1]);
        }
        return Modifier.isStatic(method.getModifiers()) ? List.of(Tensor.class) : tensors();
    }

    private static List<?> arguments(Class<?> type) {
        if (type == Tensor.class) {
            return tensors();
        } else if (type == Tensor[].class) {
            return tensors().stream().map(t -> new Tensor[] {t, t}).toList();
        } else if (type == List.class) {
            return tensors().stream().map(List::of).toList();
        } else if (type == NdArray.class) {
            return tensors().stream().map(Tensor::data).toList();
        } else if (type == int.class) {
            return List.of(0, 1, 2);
        } else if (type == double.class) {
            return List.of(1.0, 0.5);
        } else if (type == boolean.class) {
            return List.of(true, false);
        } else if (type == int[].class) {
            return List.of(
                    new int[0],
                    new int[] {0},
                    new int[] {1},
                    new int[] {0, 1},
                    new int[] {3, 3},
                    new int[] {1, 3},
                    new int[] {1, 2, 2});
        } else if (type == Shape.class) {
            return List.of(Shape.of(), Shape.of(3), Shape.of(3, 3));
        } else if (type == String.class) {
            return List.of("0", "i,i->", "ij,jk->ik");
        } else if (type.isEnum()) {
            return List.of(type.getEnumConstants());
        } else if (type == RandomGenerator.class) {
            return List.of(new SplittableRandom(1));
        } else if (type == UnaryOperator.class) {
            return List.of(UnaryOperator.identity());
        } else if (type == Consumer.class) {
            return List.of((Consumer<Object>) ignored -> {});
        } else if (type == Index[].class) {
            return List.of(new Index[] {Index.at(0)}, new Index[0]);
        } else if (type == Window.class) {
            return List.of(Window.kernel(1), Window.kernel(1, 1), Window.kernel(1, 1, 1));
        } else if (type == ConvOptions.class) {
            return List.of(new ConvOptions());
        } else if (type == Correction.class) {
            return List.of(Correction.NONE);
        } else if (type == Class.class) {
            return List.of(double[].class, double[][].class);
        } else if (type == Object.class || type.isArray()) {
            return Stream.of(
                            new double[] {1},
                            new float[] {1},
                            new int[] {1},
                            new double[][] {{1}},
                            new float[][] {{1}},
                            new int[][] {{1}},
                            new boolean[] {true},
                            new boolean[][] {{true}})
                    .filter(type::isInstance)
                    .toList();
        }
        throw new IllegalArgumentException("no arguments of " + type + " are known");
    }

    /** Makes new tensors for each list of arguments, since a backward pass frees the graph, and a method may change a leaf. */
    private static List<Tensor> tensors() {
        Tensor leaf = Tensor.scalar(2).requiresGrad(true);
        Tensor definite = Tensor.of(new double[][] {{4, 1, 0}, {1, 3, 1}, {0, 1, 2}});
        return List.of(
                definite,
                Tensor.of(0.3, 0.2, 0.1),
                leaf,
                leaf.square(),
                Tensor.of(new int[] {0, 1, 1}),
                definite.gt(1),
                Tensor.ones(1, 1, 3),
                Tensor.ones(1, 1, 3, 3),
                Tensor.ones(1, 1, 3, 3, 3),
                Tensor.zeros(1, 1, 3, 3, 3).to(DType.INT32),
                Tensor.ones(1),
                Tensor.ones(1, 4, 1));
    }
}
