package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/**
 * Finds the smallest case that fails by trying all small ones in the order of their size: shapes, then layouts, then elements. It doesn't
 * use the way in which cases shrink.
 */
final class Oracle {
    private static final long MOST_COMPLEX = 3;
    static final List<OperationCheck> CHECKS = Arrays.stream(OperationCheck.values())
            .filter(check -> check != OperationCheck.EMPTY && check != OperationCheck.SCALAR)
            .toList();

    private Oracle() {}

    static Method method(String property) {
        return Arrays.stream(FaultyOperations.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(property))
                .findFirst()
                .orElseThrow();
    }

    private static Signature signature(Method method) {
        GradientProperty settings = GradientHook.settings(method).orElseThrow();
        return settings.shapes().isEmpty()
                ? new Signature(Signature.elementwise(1).inputs(), Optional.empty())
                : Signature.parse(settings.shapes());
    }

    private static boolean areAllowed(Method method, Tensor... tensors) {
        for (int k = 0; k < tensors.length; k++) {
            Values values = Joint.values(method.getParameters()[k].getAnnotation(Domain.class))
                    .forDifferences();
            double[] elements = tensors[k].data().toDoubleArray();
            if (!Arrays.stream(elements).allMatch(values::contains)
                    || (values.isDistinct()
                            && Arrays.stream(elements).distinct().count() < elements.length)) {
                return false;
            }
        }
        return true;
    }

    static Operation operation(String property, Function<Tensor[], Tensor> function) {
        return GradientHook.operation(method(property)).computing((inputs, numbers) -> function.apply(inputs));
    }

    /** The distance of the smallest failing case from the simplest case; none if no small case fails. */
    static Optional<List<Long>> smallest(Fault fault) {
        Random random = new Random(1);
        Signature signature = signature(method(fault.property()));
        Map<String, ShapePlan> drawn = new LinkedHashMap<>();
        for (int k = 0; k < 3000; k++) {
            ShapePlan shapes = ShapePlan.draw(signature, Limits.DEFAULT, random);
            drawn.put(shapes.shapes().toString(), shapes);
        }
        List<ShapePlan> sorted = new ArrayList<>(drawn.values());
        sorted.sort(Comparator.comparing(plan -> ShapeTree.distance(plan.shapes()), Arrays::compare));
        for (ShapePlan plan : sorted) {
            int total = plan.shapes().stream().mapToInt(Shape::size).sum();
            for (Layout layout : total > 4 ? new Layout[0] : new Layout[] {Layout.CONTIGUOUS, Layout.FLIPPED}) {
                for (long complexity = 0; complexity <= MOST_COMPLEX; complexity++) {
                    if (anyFails(fault, plan, layout, new double[total], 0, complexity)) {
                        long[] distance = ShapeTree.distance(plan.shapes());
                        return Optional.of(
                                List.of(distance[0], distance[1], layout == Layout.CONTIGUOUS ? 0L : 1L, complexity));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The distance of a case from the simplest case. */
    static List<Long> distance(Case drawn) {
        Values values = Values.between(-3, 3);
        long[] shapes =
                ShapeTree.distance(drawn.inputs().stream().map(Tensor::shape).toList());
        long views = drawn.inputs().stream()
                .filter(input -> Literals.of(input).startsWith("Layout"))
                .count();
        long complexity = drawn.inputs().stream()
                .flatMapToLong(
                        input -> Arrays.stream(input.data().toDoubleArray()).mapToLong(values::complexity))
                .sum();
        return List.of(shapes[0], shapes[1], views, complexity);
    }

    /** Returns whether a case fails whose elements have that complexity in total. */
    private static boolean anyFails(
            Fault fault, ShapePlan plan, Layout layout, double[] elements, int at, long complexity) {
        if (at == elements.length) {
            return complexity == 0 && fails(fault, plan, layout, elements);
        }
        double[] simple = Values.between(-3, 3).simple();
        for (int k = 0; k <= complexity; k++) {
            elements[at] = simple[k];
            if (anyFails(fault, plan, layout, elements, at + 1, complexity - k)) {
                return true;
            }
        }
        return false;
    }

    private static boolean fails(Fault fault, ShapePlan plan, Layout layout, double[] elements) {
        List<Shape> shapes = plan.shapes();
        Tensor[] tensors = new Tensor[shapes.size()];
        int at = 0;
        for (int k = 0; k < tensors.length; k++) {
            int size = shapes.get(k).size();
            double[] own = Arrays.copyOfRange(elements, at, at + size);
            tensors[k] = layout.of(Tensor.of(own).reshape(shapes.get(k)));
            at += size;
        }
        if (!areAllowed(method(fault.property()), tensors)) {
            return false;
        }
        Operation operation = operation(fault.property(), fault.function().get());
        Case drawn = new Case(List.of(tensors), List.of(), plan.result(), List.of());
        for (OperationCheck check : CHECKS) {
            try {
                check.check(operation, drawn.copy());
            } catch (RuntimeException | AssertionError failure) {
                return true;
            }
        }
        return false;
    }
}
