package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Values;
import java.util.stream.Stream;

/** Signs and integers near a number: functions made of straight pieces. */
final class RoundingEntries {
    /** Between jumps at the integers. */
    private static final Values STEPS = Values.between(-2.95, 2.95).awayFrom(-2, -1, 0, 1, 2);

    private RoundingEntries() {}

    static Stream<Entry> all() {
        return Stream.of(
                ElementaryFamily.of(
                        Operation.unary("abs", Tensor::abs)
                                .within(Values.between(-3, 3).awayFrom(0))
                                .referenceEach(Math::abs)
                                .order(2),
                        Tensor::abs),
                ElementaryFamily.of(
                        Operation.unary("ceil", Tensor::ceil)
                                .within(STEPS)
                                .referenceEach((double x) -> -Math.floor(-x))
                                .order(2),
                        Tensor::ceil),
                ElementaryFamily.of(
                        Operation.unary("floor", Tensor::floor)
                                .within(STEPS)
                                .referenceEach((double x) -> -Math.ceil(-x))
                                .order(2),
                        Tensor::floor),
                ElementaryFamily.of(
                        Operation.unary("frac", Tensor::frac)
                                .within(STEPS)
                                .referenceEach((double x) -> x % 1)
                                .order(2),
                        Tensor::frac),
                ElementaryFamily.of(
                        Operation.unary("neg", Tensor::neg)
                                .within(Values.between(-3, 3))
                                .referenceEach((double x) -> 0 - x)
                                .order(2),
                        Tensor::neg),
                ElementaryFamily.of(
                        Operation.unary("round", Tensor::round)
                                .within(Values.between(-2.9, 2.9).awayFrom(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5))
                                .referenceEach((double x) -> Math.floor(x + 0.5))
                                .order(2),
                        Tensor::round),
                ElementaryFamily.of(
                        Operation.unary("sign", Tensor::sign)
                                .within(Values.between(-3, 3).awayFrom(0))
                                .referenceEach((double x) -> x < 0 ? -1 : 1)
                                .order(2),
                        Tensor::sign),
                ElementaryFamily.of(
                        Operation.unary("trunc", Tensor::trunc)
                                .within(STEPS)
                                .referenceEach((double x) -> x - x % 1)
                                .order(2),
                        Tensor::trunc));
    }
}
