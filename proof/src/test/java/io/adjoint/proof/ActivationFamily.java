package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;

/** Functions of one number that networks use between layers. */
final class ActivationFamily implements Family {

    @Override
    public String title() {
        return "Activations";
    }

    @Override
    public List<Entry> entries() {
        return Stream.of(functions(), withDefaults(), withArguments())
                .flatMap(s -> s)
                .toList();
    }

    private static Stream<Entry> functions() {
        return Stream.of(
                of(
                        Operation.unary("gelu", Tensor::gelu)
                                .within(Values.between(-3, 3))
                                .referenceEach((double x) -> x * NaiveFunctions.normalCdf(x))
                                .order(3),
                        Tensor::gelu),
                of(
                        Operation.unary("geluTanh", Tensor::geluTanh)
                                .within(Values.between(-3, 3))
                                .referenceEach((double x) ->
                                        x / (1 + Math.exp(-Math.sqrt(8 / Math.PI) * (x + 0.044715 * x * x * x))))
                                .order(3),
                        Tensor::geluTanh),
                of(
                        Operation.unary("hardsigmoid", Tensor::hardsigmoid)
                                .within(Values.between(-5, 5).awayFrom(-3, 3))
                                .referenceEach((double x) -> Math.max(0, Math.min(1, x / 6 + 0.5)))
                                .order(2),
                        Tensor::hardsigmoid),
                of(
                        Operation.unary("hardswish", Tensor::hardswish)
                                .within(Values.between(-5, 5).awayFrom(-3, 3))
                                .referenceEach((double x) -> x * Math.max(0, Math.min(1, x / 6 + 0.5)))
                                .order(3),
                        Tensor::hardswish),
                of(
                        Operation.unary("logSigmoid", Tensor::logSigmoid)
                                .within(Values.between(-20, 20))
                                .referenceEach((double x) -> -Math.log1p(Math.exp(-x)))
                                .order(3),
                        Tensor::logSigmoid),
                of(
                        Operation.unary("mish", Tensor::mish)
                                .within(Values.between(-6, 6))
                                .referenceEach((double x) -> x * Math.tanh(Math.log1p(Math.exp(x))))
                                .order(3),
                        Tensor::mish),
                of(
                        Operation.unary("relu", Tensor::relu)
                                .within(Values.between(-3, 3).awayFrom(0))
                                .referenceEach((double x) -> x > 0 ? x : 0)
                                .order(2),
                        Tensor::relu),
                of(
                        Operation.unary("relu6", Tensor::relu6)
                                .within(Values.between(-3, 9).awayFrom(0, 6))
                                .referenceEach((double x) -> x > 6 ? 6 : x > 0 ? x : 0)
                                .order(2),
                        Tensor::relu6),
                of(
                        Operation.unary("selu", Tensor::selu)
                                .within(Values.between(-4, 4).awayFrom(0))
                                .referenceEach((double x) ->
                                        1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1)))
                                .order(3),
                        Tensor::selu),
                of(
                        Operation.unary("sigmoid", Tensor::sigmoid)
                                .within(Values.between(-20, 20))
                                .referenceEach((double x) -> 1 / (1 + Math.exp(-x)))
                                .order(3),
                        Tensor::sigmoid),
                of(
                        Operation.unary("silu", Tensor::silu)
                                .within(Values.between(-20, 20))
                                .referenceEach((double x) -> x / (1 + Math.exp(-x)))
                                .order(3),
                        Tensor::silu),
                of(
                        Operation.unary("softsign", Tensor::softsign)
                                .within(Values.between(-4, 4).awayFrom(0))
                                .referenceEach((double x) -> x < 0 ? x / (1 - x) : x / (1 + x))
                                .order(3),
                        Tensor::softsign),
                of(
                        Operation.unary("tanh", Tensor::tanh)
                                .within(Values.between(-6, 6))
                                .referenceEach(Math::tanh)
                                .order(3),
                        Tensor::tanh));
    }

    /** With the arguments that are taken if none are given. */
    private static Stream<Entry> withDefaults() {
        Values kinked = Values.between(-3, 3).awayFrom(0);
        return Stream.of(
                of(
                        Operation.unary("celu", Tensor::celu)
                                .within(kinked)
                                .referenceEach((double x) -> celu(x, 1))
                                .order(3),
                        Tensor::celu),
                of(
                        Operation.unary("elu", Tensor::elu)
                                .within(kinked)
                                .referenceEach((double x) -> elu(x, 1))
                                .order(3),
                        Tensor::elu),
                of(
                        Operation.unary("hardtanh", Tensor::hardtanh)
                                .within(Values.between(-3, 3).awayFrom(-1, 1))
                                .referenceEach((double x) -> x < -1 ? -1 : x > 1 ? 1 : x)
                                .order(2),
                        Tensor::hardtanh),
                of(
                        Operation.unary("leakyRelu", Tensor::leakyRelu)
                                .within(kinked)
                                .referenceEach((double x) -> leakyRelu(x, 0.01))
                                .order(2),
                        Tensor::leakyRelu),
                of(
                        Operation.unary("softplus", Tensor::softplus)
                                .within(Values.between(-18, 18))
                                .referenceEach((double x) -> softplus(x, 1))
                                .order(3),
                        Tensor::softplus));
    }

    private static Stream<Entry> withArguments() {
        Values kinked = Values.between(-3, 3).awayFrom(0);
        return Stream.of(
                of(
                                quarters("celu(α)", Tensor::celu, ActivationFamily::celu)
                                        .within(kinked)
                                        .order(3),
                                "celu(double)",
                                x -> x.celu(2))
                        .rejects("α = 0", x -> x.celu(0), "celu", "positive alpha", "0.0"),
                of(
                                quarters("elu(α)", Tensor::elu, ActivationFamily::elu)
                                        .within(kinked)
                                        .order(3),
                                "elu(double)",
                                x -> x.elu(2))
                        .rejects("α = NaN", x -> x.elu(Double.NaN), "elu", "finite alpha", "NaN"),
                of(hardtanh(), "hardtanh(double,double)", x -> x.hardtanh(0, 2))
                        .rejects(
                                "bounds the wrong way round",
                                x -> x.hardtanh(2, 1),
                                "hardtanh",
                                "min < max",
                                "2.0",
                                "1.0")
                        .rejects("a bound of NaN", x -> x.hardtanh(0, Double.NaN), "hardtanh", "min < max", "NaN"),
                of(
                                quarters("leakyRelu(slope)", Tensor::leakyRelu, ActivationFamily::leakyRelu)
                                        .within(kinked)
                                        .order(2),
                                "leakyRelu(double)",
                                x -> x.leakyRelu(0.2))
                        .rejects(
                                "an infinite slope",
                                x -> x.leakyRelu(Double.POSITIVE_INFINITY),
                                "leakyRelu",
                                "finite slope",
                                "Infinity"),
                of(
                                quarters(
                                                "softplus(β, threshold)",
                                                (x, beta) -> x.softplus(beta, 100),
                                                ActivationFamily::softplus)
                                        .within(Values.between(-8, 8))
                                        .order(3),
                                "softplus(double,double)",
                                x -> x.softplus(2, 9))
                        .rejects("β = −1", x -> x.softplus(-1, 20), "softplus", "positive beta", "-1.0")
                        .rejects("a threshold of NaN", x -> x.softplus(1, Double.NaN), "softplus", "threshold", "NaN"));
    }

    private static Operation hardtanh() {
        return Operation.of("hardtanh(min, max)", (inputs, bounds) -> inputs[0].hardtanh(bounds[0], bounds[1]))
                .shapes("(...)->(...)")
                .within(Values.between(-3.5, 3.5).awayFrom(-3, -2, -1, 0, 1, 2, 3))
                .arguments(shapes -> Arbitraries.integers().between(0, 8).map(k -> new int[] {k / 3 - 3, k % 3 + 1}))
                .reference((inputs, bounds) -> Reference.build(
                        inputs[0].shape(), index -> Math.max(bounds[0], Math.min(bounds[1], inputs[0].get(index)))))
                .order(2);
    }

    @FunctionalInterface
    private interface WithNumber {
        Tensor apply(Tensor x, double argument);
    }

    /** An operation with an argument from ¼ to 2. */
    private static Operation quarters(String name, WithNumber operation, DoubleBinaryOperator reference) {
        return Operation.of(name, (inputs, numbers) -> operation.apply(inputs[0], numbers[0] / 4.0))
                .shapes("(...)->(...)")
                .arguments(shapes -> Arbitraries.integers().between(1, 8).map(k -> new int[] {k}))
                .reference((inputs, numbers) -> Reference.build(
                        inputs[0].shape(), index -> reference.applyAsDouble(inputs[0].get(index), numbers[0] / 4.0)));
    }

    private static double elu(double x, double alpha) {
        return x > 0 ? x : alpha * (Math.exp(x) - 1);
    }

    private static double celu(double x, double alpha) {
        return Math.max(0, x) + Math.min(0, alpha * (Math.exp(x / alpha) - 1));
    }

    private static double leakyRelu(double x, double slope) {
        return Math.max(0, x) + slope * Math.min(0, x);
    }

    private static double softplus(double x, double beta) {
        return Math.log1p(Math.exp(beta * x)) / beta;
    }

    private static Entry of(Operation operation, UnaryOperator<Tensor> function) {
        return of(operation, operation.name() + "()", function);
    }

    private static Entry of(Operation operation, String covers, UnaryOperator<Tensor> function) {
        return CommonMistakes.ofOne(entry(operation, covers), covers.substring(0, covers.indexOf('(')), function);
    }

    @Override
    public Map<String, Golden> golden() {
        Map<String, Golden> all = new HashMap<>();
        Stream.concat(functions(), withDefaults())
                .forEach(entry -> all.put(
                        entry.name(), (inputs, arguments) -> entry.operation().apply(inputs)));
        all.put("logsigmoid", (inputs, arguments) -> inputs[0].logSigmoid());
        return all;
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        Map<String, Function<Tensor[], Tensor>> all = new HashMap<>();
        Stream.concat(functions(), withDefaults()).forEach(entry -> all.put(entry.name(), entry.operation()::apply));
        all.put("leaky_relu", inputs -> inputs[0].leakyRelu(0.1));
        all.put("logsigmoid", inputs -> inputs[0].logSigmoid());
        all.put("softplus 2, 10", inputs -> inputs[0].softplus(2, 10));
        all.put("relu6 sqrt", inputs -> inputs[0].relu6().sqrt());
        return all;
    }
}
