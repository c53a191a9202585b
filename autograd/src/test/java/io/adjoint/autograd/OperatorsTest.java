package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The methods that Kotlin and Groovy call for operators are the same as the operations. */
class OperatorsTest {
    private record Operator(String name, BinaryOperator<Tensor> operator, BinaryOperator<Tensor> operation) {}

    private static final List<Operator> OPERATORS = List.of(
            new Operator("plus", Tensor::plus, Tensor::add),
            new Operator(
                    "plus a number",
                    (a, b) -> a.plus(1.5).mul(b),
                    (a, b) -> a.add(1.5).mul(b)),
            new Operator("minus", Tensor::minus, Tensor::sub),
            new Operator(
                    "minus a number",
                    (a, b) -> a.minus(1.5).mul(b),
                    (a, b) -> a.sub(1.5).mul(b)),
            new Operator("times", Tensor::times, Tensor::mul),
            new Operator(
                    "times a number",
                    (a, b) -> a.times(1.5).mul(b),
                    (a, b) -> a.mul(1.5).mul(b)),
            new Operator(
                    "unaryMinus",
                    (a, b) -> a.unaryMinus().mul(b),
                    (a, b) -> a.neg().mul(b)));

    @TestFactory
    Stream<DynamicTest> eachNameGivesTheOperationsValueAndGradients() {
        Tensor a = Tensor.of(new double[][] {{1, -2}, {0.5, 3}}).requiresGrad(true);
        Tensor b = Tensor.of(4, -0.25).requiresGrad(true);
        return OPERATORS.stream()
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    Tensor y = each.operator().apply(a, b);
                    Tensor expected = each.operation().apply(a, b);
                    assertThat(y.data()).isEqualTo(expected.data());
                    List<Tensor> gradients = Autograd.grad(y.sum(), a, b);
                    List<Tensor> expectedGradients = Autograd.grad(expected.sum(), a, b);
                    for (int k = 0; k < 2; k++) {
                        assertThat(gradients.get(k).data())
                                .isEqualTo(expectedGradients.get(k).data());
                    }
                }));
    }
}
