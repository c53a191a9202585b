package io.adjoint.autograd.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Evaluates each formula of an explanation, and compares the result with the number that the explanation gives. */
class ExplainFormulasTest {
    private static final List<UnaryOperator<Tensor>> OF_ONE = List.of(
            Tensor::abs,
            Tensor::cos,
            Tensor::exp,
            Tensor::expm1,
            Tensor::log,
            Tensor::log1p,
            Tensor::logSigmoid,
            Tensor::neg,
            Tensor::reciprocal,
            Tensor::rsqrt,
            Tensor::sigmoid,
            Tensor::sign,
            Tensor::silu,
            Tensor::sin,
            Tensor::sqrt,
            Tensor::square,
            Tensor::tanh,
            Tensor::sum,
            Tensor::mean,
            Tensor::logSumExp,
            x -> x.softmax(0),
            x -> x.logSoftmax(0),
            x -> x.add(-2),
            x -> x.add(2),
            x -> x.mul(-2),
            x -> x.div(-2),
            x -> x.rsub(-2),
            x -> x.rdiv(3),
            x -> x.pow(3),
            x -> x.pow(-1.5),
            Tensor::asin,
            Tensor::acos,
            Tensor::atan,
            Tensor::atanh,
            Tensor::asinh,
            Tensor::ceil,
            Tensor::floor,
            Tensor::frac,
            Tensor::round,
            Tensor::trunc,
            Tensor::cosh,
            Tensor::sinh,
            Tensor::tan,
            Tensor::deg2rad,
            Tensor::rad2deg,
            Tensor::entr,
            Tensor::exp2,
            Tensor::log2,
            Tensor::log10,
            Tensor::sinc,
            Tensor::mish,
            Tensor::softsign);
    private static final List<BinaryOperator<Tensor>> OF_TWO = List.of(
            Tensor::add,
            Tensor::sub,
            Tensor::mul,
            Tensor::div,
            Tensor::pow,
            Tensor::remainder,
            Tensor::fmod,
            Tensor::floorDivide,
            Tensor::hypot,
            Tensor::logAddExp,
            Tensor::logAddExp2,
            Tensor::xlogy,
            (a, b) -> a.lerp(b, a.mul(b)),
            (a, b) -> a.neg().sub(b.neg()));

    @TestFactory
    List<DynamicTest> numbersOnBothSidesAreEqual() {
        Tensor a = Tensor.of(0.7).requiresGrad(true);
        Tensor b = Tensor.of(1.3).requiresGrad(true);
        List<DynamicTest> tests = new ArrayList<>();
        for (UnaryOperator<Tensor> function : OF_ONE) {
            tests.add(test(() -> function.apply(a).mul(-3).sum()));
        }
        for (BinaryOperator<Tensor> function : OF_TWO) {
            tests.add(test(() -> function.apply(a, b).mul(-3).sum()));
        }
        return tests;
    }

    private static DynamicTest test(Supplier<Tensor> body) {
        String explained = GraphView.of(body).explain();
        String name = explained
                .lines()
                .filter(line -> line.contains("v1 ="))
                .findFirst()
                .orElseThrow();
        return DynamicTest.dynamicTest(name.strip(), () -> {
            int compared = 0;
            for (String line : explained.lines().toList()) {
                String[] sides = line.split(" = ", -1);
                if (sides.length == 4) {
                    String readable = sides[2].replace(", to each", "");
                    double right = Formulas.evaluate(sides[3]);
                    assertThat(Formulas.evaluate(readable)).as(line).isCloseTo(right, withinPercentage(0.1));
                    compared++;
                }
            }
            assertThat(compared).isGreaterThanOrEqualTo(4);
        });
    }

    @Test
    void knowsEveryOperation() {
        Tensor x = Tensor.of(new double[][] {{1, 2}, {3, -4}}).requiresGrad(true);
        Tensor index = Tensor.of(NdArray.of(Shape.of(1, 2), new int[] {1, 0}));
        List<UnaryOperator<Tensor>> operations = List.of(
                Tensor::relu,
                Tensor::transpose,
                Tensor::amax,
                Tensor::amin,
                v -> v.matmul(v),
                v -> v.reshape(4),
                v -> v.permute(1, 0),
                v -> v.slice(0, 0, 1),
                v -> v.flip(0),
                v -> v.broadcastTo(Shape.of(3, 2, 2)),
                v -> v.sumTo(Shape.of(2)),
                v -> v.gather(0, index),
                v -> v.get("0"),
                v -> v.select(0, 1),
                v -> v.indexSelect(0, 1, 0),
                v -> v.pad(1, 1),
                v -> v.cumsum(0),
                v -> Tensor.where(v.gt(0), v, v.neg()),
                v -> v.to(DType.FLOAT32),
                v -> v.maximum(v.neg()),
                v -> v.minimum(v.neg()),
                v -> Tensor.concat(0, v, v, v, v, v, v, v),
                v -> v.softmax(1),
                v -> v.logSoftmax(1),
                v -> v.logSumExp(1));
        for (UnaryOperator<Tensor> operation : operations) {
            Tensor[] loss = new Tensor[1];
            GraphView view =
                    GraphView.of(() -> loss[0] = operation.apply(x).sum()).name("x", x);
            String explained = view.explain();
            assertThat(explained).doesNotContain("{");
            assertThat(explained.lines().mapToInt(String::length).max().orElseThrow())
                    .isLessThanOrEqualTo(100);
            Tensor gradient = Autograd.gradients(loss[0]).of(x);
            assertThat(explained).endsWith("  ∂L/∂x = " + Numbers.of(gradient) + "\n");
        }
    }

    /** Evaluates a formula of numbers, or of single elements in brackets. */
    private static final class Formulas {
        private final String text;
        private int at;

        private Formulas(String text) {
            this.text = text.replaceAll("[\\[\\]\\s]", "");
        }

        static double evaluate(String text) {
            Formulas formulas = new Formulas(text);
            double value = formulas.sum();
            assertThat(formulas.at).as(text).isEqualTo(formulas.text.length());
            return value;
        }

        private boolean take(String token) {
            boolean there = text.startsWith(token, at);
            at += there ? token.length() : 0;
            return there;
        }

        private double sum() {
            double value = product();
            while (true) {
                if (take("+")) {
                    value += product();
                } else if (take("-")) {
                    value -= product();
                } else {
                    return value;
                }
            }
        }

        private double product() {
            double value = power();
            while (true) {
                if (take("·")) {
                    value *= power();
                } else if (take("/")) {
                    value /= power();
                } else {
                    return value;
                }
            }
        }

        private double power() {
            if (take("-")) {
                return -power();
            }
            double value = atom();
            return take("²") ? value * value : take("^") ? Math.pow(value, atom()) : value;
        }

        private double atom() {
            if (take("(")) {
                double value = sum();
                assertThat(take(")")).isTrue();
                return value;
            } else if (take("|")) {
                double value = sum();
                assertThat(take("|")).isTrue();
                return Math.abs(value);
            }
            if (take("√")) {
                return Math.sqrt(atom());
            } else if (take("⌊")) {
                double value = sum();
                assertThat(take("⌋")).isTrue();
                return Math.floor(value);
            } else if (take("⌈")) {
                double value = sum();
                assertThat(take("⌉")).isTrue();
                return Math.ceil(value);
            }
            Matcher word = Pattern.compile("Σ|π|[a-zA-Z₀-₉]+|[\\d.]+(e-?\\d+)?")
                    .matcher(text)
                    .region(at, text.length());
            assertThat(word.lookingAt()).as(text.substring(at)).isTrue();
            at = word.end();
            return switch (word.group()) {
                case "π" -> Math.PI;
                case "arccos" -> Math.acos(atom());
                case "arcsin" -> Math.asin(atom());
                case "arctan" -> Math.atan(atom());
                case "arsinh" -> {
                    double x = atom();
                    yield Math.log(x + Math.sqrt(x * x + 1));
                }
                case "artanh" -> {
                    double x = atom();
                    yield Math.log((1 + x) / (1 - x)) / 2;
                }
                case "cosh" -> Math.cosh(atom());
                case "sinh" -> Math.sinh(atom());
                case "tan" -> Math.tan(atom());
                case "log₂" -> Math.log(atom()) / Math.log(2);
                case "log₁₀" -> Math.log10(atom());
                case "round" -> Math.rint(atom());
                case "trunc" -> (int) atom();
                case "cos" -> Math.cos(atom());
                case "exp" -> Math.exp(atom());
                case "log" -> Math.log(atom());
                case "sign" -> Math.signum(atom());
                case "sin" -> Math.sin(atom());
                case "sqrt" -> Math.sqrt(atom());
                case "tanh" -> Math.tanh(atom());
                case "sigmoid" -> 1 / (1 + Math.exp(-atom()));
                case "Σ" -> product();
                case "sum", "mean", "logSumExp" -> atom();
                case "softmax" -> 0 * atom() + 1;
                case "logSoftmax" -> 0 * atom();
                default -> Double.parseDouble(word.group());
            };
        }
    }
}
