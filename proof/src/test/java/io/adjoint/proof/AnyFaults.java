package io.adjoint.proof;

import static io.adjoint.testkit.OperationCheck.COTANGENT_UNCHANGED;
import static io.adjoint.testkit.OperationCheck.EACH_INPUT_ALONE;
import static io.adjoint.testkit.OperationCheck.EMPTY;
import static io.adjoint.testkit.OperationCheck.FLOATS;
import static io.adjoint.testkit.OperationCheck.GRADIENT;
import static io.adjoint.testkit.OperationCheck.HIGHER_GRADIENTS;
import static io.adjoint.testkit.OperationCheck.INPUTS_UNCHANGED;
import static io.adjoint.testkit.OperationCheck.RECORDED;
import static io.adjoint.testkit.OperationCheck.REPEATABLE;
import static io.adjoint.testkit.OperationCheck.SCALAR;
import static io.adjoint.testkit.OperationCheck.UNSHARED;
import static io.adjoint.testkit.OperationCheck.VALUE;
import static io.adjoint.testkit.OperationCheck.VIEWS;
import static io.adjoint.testkit.OperationCheck.ZERO_COTANGENT;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.proof.AnyFault.Call;
import io.adjoint.testkit.OperationCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Faults of every kind, each with the check that has to find it. */
final class AnyFaults {
    /** The smallest absolute difference that counts as a fault, since smaller ones may be within the tolerance of a check. */
    private static final double VISIBLE = 1e-3;

    static final List<AnyFault> ALL = Stream.of(ofValues(), ofRules(), ofHigherRules(), ofState(), ofSpecialCases())
            .flatMap(List::stream)
            .toList();

    private AnyFaults() {}

    /** Changes the right gradients of a backward rule to wrong ones. */
    private interface Rule {
        List<Tensor> spoil(Call call, List<Tensor> right, Tensor upstream);
    }

    private static AnyFault value(
            String name, OperationCheck foundBy, double little, BiFunction<Call, NdArray, NdArray> spoil) {
        return new AnyFault(name, foundBy, () -> call -> {
            NdArray right = call.value();
            NdArray spoilt = spoil.apply(call, right);
            call.compare(right, spoilt, little);
            return call.record(spoilt, call::gradients);
        });
    }

    private static AnyFault rule(String name, OperationCheck foundBy, double little, Rule rule) {
        return new AnyFault(
                name,
                foundBy,
                () -> call -> call.record(call.value(), g -> {
                    List<Tensor> right = call.gradients(g);
                    List<Tensor> spoilt = rule.spoil(call, right, g);
                    for (int k = 0; k < right.size(); k++) {
                        call.compare(
                                right.get(k).detach().data(),
                                spoilt.get(k).detach().data(),
                                little);
                    }
                    return spoilt;
                }));
    }

    /** A fault that changes the gradient of each input in the same way. */
    private static AnyFault each(String name, OperationCheck foundBy, double little, UnaryOperator<Tensor> spoil) {
        return rule(
                name,
                foundBy,
                little,
                (call, right, g) -> right.stream().map(spoil).toList());
    }

    private static NdArray scaled(NdArray array, double factor) {
        return array.map(v -> v * factor);
    }

    // ---- the faults ----

    private static List<AnyFault> ofValues() {
        return List.of(
                value("value off by a millionth", VALUE, VISIBLE * 1e-6, (call, right) -> scaled(right, 1 + 1e-6)),
                value("wrong sign of the value", VALUE, VISIBLE, (call, right) -> scaled(right, -1)),
                value("value with one more axis", VALUE, VISIBLE, (call, right) -> right.unsqueeze(0)),
                value(
                        "value wrong for some inputs only",
                        VALUE,
                        VISIBLE,
                        (call, right) -> right.map(v -> v + (isAnyAbove(call, 0.5) ? 0.01 : 0))),
                new AnyFault("value of an earlier call", VALUE, () -> {
                    Map<Shape, NdArray> earlier = new HashMap<>();
                    return call -> {
                        NdArray right = call.value();
                        NdArray stale = earlier.computeIfAbsent(right.shape(), shape -> right.copy());
                        call.compare(right, stale, VISIBLE);
                        return call.record(stale, call::gradients);
                    };
                }));
    }

    private static boolean isAnyAbove(Call call, double bound) {
        return call.floatingArrays().anyMatch(input -> {
            for (double element : input.toDoubleArray()) {
                if (element > bound) {
                    return true;
                }
            }
            return false;
        });
    }

    private static List<AnyFault> ofRules() {
        return List.of(
                each("wrong sign", GRADIENT, VISIBLE, Tensor::neg),
                each("missing factor", GRADIENT, VISIBLE, right -> right.mul(0.5)),
                each("slightly wrong factor", GRADIENT, VISIBLE / 10, right -> right.mul(1.0005)),
                each("no gradient", GRADIENT, VISIBLE, right -> right.mul(0)),
                each("added constant", GRADIENT, 0, right -> right.add(0.01)),
                rule(
                        "ignored cotangent",
                        GRADIENT,
                        VISIBLE,
                        (call, right, g) -> call.gradients(g.detach().mul(0).add(1))),
                rule("squared cotangent", GRADIENT, VISIBLE, (call, right, g) -> call.gradients(g.mul(g))),
                each("wrong last element", GRADIENT, VISIBLE, AnyFaults::wrongLast),
                each("elements in the opposite order", GRADIENT, VISIBLE, Tensor::flip),
                each("twice as many elements", GRADIENT, VISIBLE, right -> Tensor.concat(0, flat(right), flat(right))),
                each(
                        "wrong factor from three elements on",
                        GRADIENT,
                        VISIBLE,
                        right -> right.mul(right.shape().size() >= 3 ? 2 : 1)),
                rule(
                        "wrong sign for some inputs only",
                        GRADIENT,
                        VISIBLE,
                        (call, right, g) -> right.stream()
                                .map(gradient -> gradient.mul(isAnyAbove(call, 0.5) ? -1 : 1))
                                .toList()),
                rule("lost gradient of the last input", GRADIENT, VISIBLE, (call, right, g) -> {
                    List<Tensor> spoilt = new ArrayList<>(right);
                    int last = spoilt.size() - 1;
                    spoilt.set(last, spoilt.get(last).mul(last == 0 ? 1 : 0));
                    return spoilt;
                }),
                rule(
                        "lost sum over what was broadcast",
                        GRADIENT,
                        VISIBLE,
                        (call, right, g) -> right.stream()
                                .map(gradient -> gradient.mul(
                                        isBroadcast(gradient.shape(), g.shape())
                                                ? (double) gradient.shape().size()
                                                        / g.shape().size()
                                                : 1))
                                .toList()),
                rule("gradients of two inputs exchanged", GRADIENT, VISIBLE, (call, right, g) -> {
                    List<Tensor> spoilt = new ArrayList<>(right);
                    if (spoilt.size() > 1
                            && right.get(0).shape().equals(right.get(1).shape())) {
                        Collections.swap(spoilt, 0, 1);
                    }
                    return spoilt;
                }));
    }

    private static Tensor flat(Tensor x) {
        return x.reshape(-1);
    }

    private static Tensor wrongLast(Tensor right) {
        int size = right.shape().size();
        NdArray signs = NdArray.of(
                right.shape(),
                IntStream.range(0, size)
                        .mapToDouble(e -> e == size - 1 ? -1 : 1)
                        .toArray());
        return right.mul(Tensor.of(signs.to(right.dtype())));
    }

    private static boolean isBroadcast(Shape from, Shape to) {
        return from.broadcastsTo(to) && !from.equals(to) && to.size() > 0;
    }

    /**
     * Faults of second-order gradients; first-order gradients are right. The rules are linear in the upstream gradient, so the second-order
     * gradients with and without the fault are compared.
     */
    private static List<AnyFault> ofHigherRules() {
        return List.of(
                higher(
                        "detached rule",
                        (call, right, g) -> right.stream().map(Tensor::detach).toList()),
                higher("detached cotangent", (call, right, g) -> call.gradients(g.detach())),
                higher(
                        "doubled second derivative",
                        (call, right, g) -> right.stream()
                                .map(gradient -> gradient.mul(2).sub(gradient.detach()))
                                .toList()));
    }

    private static AnyFault higher(String name, Rule rule) {
        return new AnyFault(
                name,
                HIGHER_GRADIENTS,
                () -> call -> call.record(call.value(), g -> {
                    List<Tensor> right = call.gradients(g);
                    right.forEach(gradient -> call.compare(
                            gradient.detach().data(), gradient.detach().mul(0).data(), VISIBLE));
                    return rule.spoil(call, right, g);
                }));
    }

    /** Faults that change arrays of their callers, or results from call to call. */
    private static List<AnyFault> ofState() {
        return List.of(
                new AnyFault("value that changes", REPEATABLE, () -> {
                    AtomicInteger calls = new AtomicInteger();
                    return call -> {
                        NdArray right = call.value();
                        NdArray spoilt = scaled(right, 1 + 1e-9 * calls.incrementAndGet());
                        call.compare(right, spoilt, VISIBLE * 1e-9);
                        return call.record(spoilt, call::gradients);
                    };
                }),
                new AnyFault("gradient that changes", REPEATABLE, () -> {
                    AtomicInteger calls = new AtomicInteger();
                    return each("", REPEATABLE, VISIBLE * 1e-9, right -> right.mul(1 + 1e-9 * calls.incrementAndGet()))
                            .effect()
                            .get();
                }),
                new AnyFault("gradient in a buffer that is used again", REPEATABLE, () -> {
                    Map<Shape, NdArray> buffers = new HashMap<>();
                    return each("", REPEATABLE, VISIBLE, right -> {
                                NdArray own = right.detach().data().copy();
                                NdArray buffer = buffers.computeIfAbsent(own.shape(), shape -> own);
                                InPlace.assign(buffer, own);
                                return Tensor.of(buffer);
                            })
                            .effect()
                            .get();
                }),
                changing("input changed by the value", INPUTS_UNCHANGED, call -> {
                    NdArray right = call.value().copy();
                    call.arrays().forEach(input -> spoilInPlace(call, input));
                    return call.record(right, call::gradients);
                }),
                changing(
                        "input changed by the rule",
                        INPUTS_UNCHANGED,
                        call -> call.record(call.value(), g -> {
                            List<Tensor> right = copies(call.gradients(g));
                            call.leaves()
                                    .forEach(leaf ->
                                            spoilInPlace(call, leaf.detach().data()));
                            return right;
                        })),
                changing(
                        "changed cotangent",
                        COTANGENT_UNCHANGED,
                        call -> call.record(call.value(), g -> {
                            List<Tensor> right = copies(call.gradients(g));
                            spoilInPlace(call, g.detach().data());
                            return right;
                        })),
                changing(
                        "gradient in the buffer of the input",
                        UNSHARED,
                        call -> call.record(call.value(), g -> {
                            List<Tensor> right = copies(call.gradients(g));
                            List<Tensor> shared = new ArrayList<>();
                            for (int k = 0; k < right.size(); k++) {
                                NdArray buffer = call.leaves().get(k).detach().data();
                                InPlace.assign(buffer, right.get(k).data());
                                call.compare(buffer, buffer.map(v -> v + 1), VISIBLE);
                                shared.add(Tensor.of(buffer));
                            }
                            return shared;
                        })));
    }

    private static AnyFault changing(String name, OperationCheck foundBy, Function<Call, Tensor> effect) {
        return new AnyFault(name, foundBy, () -> effect);
    }

    private static List<Tensor> copies(List<Tensor> gradients) {
        return gradients.stream()
                .map(gradient -> Tensor.of(gradient.detach().data().copy()))
                .toList();
    }

    private static void spoilInPlace(Call call, NdArray array) {
        if (array.isContiguous()) {
            NdArray spoilt = array.to(DType.FLOAT64).map(v -> v * 1.5 + 0.125).to(array.dtype());
            call.compare(array, spoilt, VISIBLE);
            InPlace.assign(array, spoilt);
        }
    }

    /** Faults that change results only for some layouts, dtypes, shapes or kinds of backward passes. */
    private static List<AnyFault> ofSpecialCases() {
        return List.of(
                each(
                        "another factor when recorded",
                        RECORDED,
                        VISIBLE * 1e-9,
                        right -> right.mul(Autograd.isRecording() ? 1 + 1e-9 : 1)),
                value(
                        "value that depends on the layout",
                        VIEWS,
                        VISIBLE * 1e-9,
                        (call, right) -> isView(call) ? scaled(right, 1 + 1e-9) : right),
                rule(
                        "gradient that depends on the layout",
                        VIEWS,
                        VISIBLE * 1e-9,
                        (call, right, g) -> right.stream()
                                .map(gradient -> gradient.mul(isView(call) ? 1 + 1e-9 : 1))
                                .toList()),
                each("something of nothing", ZERO_COTANGENT, 0, right -> right.add(1e-12)),
                rule("NaN for an upstream gradient of 0", ZERO_COTANGENT, 0, (call, right, g) -> {
                    Tensor one = g.abs().sum().div(g.abs().sum());
                    call.mark().set(true);
                    return right.stream().map(gradient -> gradient.mul(one)).toList();
                }),
                changing("value that always requires a gradient", EACH_INPUT_ALONE, call -> {
                    call.mark().set(true);
                    Tensor value = call.record(call.value(), call::gradients);
                    return value.requiresGrad() ? value : value.requiresGrad(true);
                }),
                rule(
                        "gradient that depends on who else requires one",
                        EACH_INPUT_ALONE,
                        VISIBLE * 1e-9,
                        (call, right, g) -> right.stream()
                                .map(gradient -> gradient.mul(right.size() > 1 ? 1 + 1e-9 : 1))
                                .toList()),
                changing("empty tensors refused", EMPTY, call -> {
                    if (call.inputs().stream().anyMatch(input -> input.shape().size() == 0)) {
                        call.mark().set(true);
                        throw new IllegalArgumentException("of nothing");
                    }
                    return call.record(call.value(), call::gradients);
                }),
                value(
                        "wrong value of scalars",
                        SCALAR,
                        VISIBLE,
                        (call, right) -> call.floatingArrays()
                                        .allMatch(input -> input.shape().rank() == 0)
                                ? right.map(v -> v + 0.01)
                                : right),
                changing("FLOAT64 value of FLOAT32", FLOATS, call -> {
                    Tensor right = call.record(call.value(), call::gradients);
                    if (right.dtype() == DType.FLOAT32) {
                        call.mark().set(true);
                    }
                    return right.to(DType.FLOAT64);
                }),
                value(
                        "imprecise FLOAT32 value",
                        FLOATS,
                        VISIBLE,
                        (call, right) -> right.dtype() == DType.FLOAT32
                                ? right.map(v -> v + 0.01 * Math.max(1, Math.abs(v)))
                                : right),
                each(
                        "imprecise FLOAT32 gradient",
                        FLOATS,
                        VISIBLE,
                        right -> right.dtype() == DType.FLOAT32
                                ? right.add(right.abs().add(1).mul(0.01))
                                : right));
    }

    private static boolean isView(Call call) {
        return call.arrays().anyMatch(input -> !input.isContiguous());
    }
}
