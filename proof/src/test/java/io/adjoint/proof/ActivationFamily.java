package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Entry.unary;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.testkit.Values.between;

import io.adjoint.autograd.Tensor;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;

/** The catalogue's entries for activation functions. */
final class ActivationFamily implements Family {
    private static final Values KINKED = between(-3, 3).awayFrom(0);

    private static final Values HARD = between(-5, 5).awayFrom(-3, 3);

    private static final Values SHRUNK = between(-3, 3)
            .awayFrom(IntStream.rangeClosed(-8, 8).mapToDouble(k -> k / 4.0).toArray());

    private static final List<Entry> FUNCTIONS = List.of(
            unary("gelu", Tensor::gelu, between(-3, 3), x -> x * NaiveFunctions.normalCdf(x), 3),
            unary(
                    "geluTanh",
                    Tensor::geluTanh,
                    between(-3, 3),
                    x -> x / (1 + Math.exp(-Math.sqrt(8 / Math.PI) * (x + 0.044715 * x * x * x))),
                    3),
            unary("hardsigmoid", Tensor::hardsigmoid, HARD, ActivationFamily::hardsigmoid, 2),
            unary("hardswish", Tensor::hardswish, HARD, x -> x * hardsigmoid(x), 3),
            unary("logSigmoid", Tensor::logSigmoid, between(-20, 20), x -> -Math.log1p(Math.exp(-x)), 3),
            unary("mish", Tensor::mish, between(-6, 6), x -> x * Math.tanh(Math.log1p(Math.exp(x))), 3),
            unary("relu", Tensor::relu, between(-3, 3).awayFrom(0), x -> x > 0 ? x : 0, 2),
            unary("relu6", Tensor::relu6, between(-3, 9).awayFrom(0, 6), x -> x > 6 ? 6 : x > 0 ? x : 0, 2),
            unary(
                    "selu",
                    Tensor::selu,
                    between(-4, 4).awayFrom(0),
                    x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1)),
                    3),
            unary("sigmoid", Tensor::sigmoid, between(-20, 20), x -> 1 / (1 + Math.exp(-x)), 3),
            unary("silu", Tensor::silu, between(-20, 20), x -> x / (1 + Math.exp(-x)), 3),
            unary("softsign", Tensor::softsign, between(-4, 4).awayFrom(0), x -> x < 0 ? x / (1 - x) : x / (1 + x), 3),
            unary("tanh", Tensor::tanh, between(-6, 6), Math::tanh, 3));

    /** Functions called without their optional arguments. */
    private static final List<Entry> DEFAULTS = List.of(
            unary("celu", Tensor::celu, KINKED, x -> celu(x, 1), 3),
            unary("elu", Tensor::elu, KINKED, x -> elu(x, 1), 3),
            unary("hardtanh", Tensor::hardtanh, between(-3, 3).awayFrom(-1, 1), x -> x < -1 ? -1 : x > 1 ? 1 : x, 2),
            unary("leakyRelu", Tensor::leakyRelu, KINKED, x -> leakyRelu(x, 0.01), 2),
            unary("softplus", Tensor::softplus, between(-18, 18), x -> softplus(x, 1), 3));

    @Override
    public String title() {
        return "Activations";
    }

    @Override
    public List<Entry> entries() {
        return Stream.of(FUNCTIONS.stream(), DEFAULTS.stream(), withArguments())
                .flatMap(s -> s)
                .toList();
    }

    private static Stream<Entry> withArguments() {
        return Stream.of(
                quarters("celu(α)", Tensor::celu, KINKED, ActivationFamily::celu, 3)
                        .rejects("α = 0", x -> x.celu(0), "positive alpha … 0.0")
                        .rejects("an infinite α", x -> x.celu(1 / 0.0), "positive alpha … Infinity"),
                quarters("elu(α)", Tensor::elu, KINKED, ActivationFamily::elu, 3)
                        .rejects("α = NaN", x -> x.elu(Double.NaN), "finite alpha … NaN")
                        .rejects("an infinite α", x -> x.elu(-1 / 0.0), "finite alpha … -Infinity"),
                entry("hardtanh(min, max)", (inputs, bounds) -> inputs[0].hardtanh(bounds[0], bounds[1]))
                        .shapes("(...)->(...)")
                        .within(between(-3.5, 3.5).awayFrom(-3, -2, -1, 0, 1, 2, 3))
                        .arguments(shapes ->
                                Arbitraries.integers().between(0, 8).map(k -> new int[] {k / 3 - 3, k % 3 + 1}))
                        .reference((inputs, bounds) -> Reference.build(
                                inputs[0].shape(),
                                index -> Math.max(bounds[0], Math.min(bounds[1], inputs[0].get(index)))))
                        .order(2)
                        .covering("hardtanh(double,double)")
                        .rejects(CommonMistakes.ofOne(x -> x.hardtanh(0, 2)))
                        .rejects("exchanged bounds", x -> x.hardtanh(2, 1), "min < max … 2.0 … 1.0")
                        .rejects("equal bounds", x -> x.hardtanh(1, 1), "min < max … 1.0 … 1.0")
                        .rejects("a bound of NaN", x -> x.hardtanh(0, Double.NaN), "min < max … NaN"),
                quarters("hardshrink", Tensor::hardshrink, SHRUNK, (x, gap) -> Math.abs(x) > gap ? x : 0, 2)
                        .rejects("λ = −1", x -> x.hardshrink(-1), "lambda from 0 on … -1.0")
                        .rejects("λ = NaN", x -> x.hardshrink(Double.NaN), "hardshrink … lambda from 0 on … NaN"),
                quarters(
                                "softshrink",
                                Tensor::softshrink,
                                SHRUNK,
                                (x, gap) -> Math.max(0, x - gap) + Math.min(0, x + gap),
                                2)
                        .rejects("an infinite λ", x -> x.softshrink(1 / 0.0), "lambda from 0 on … Infinity"),
                quarters("threshold", (x, at) -> x.threshold(at, -1), SHRUNK, (x, at) -> x > at ? x : -1, 2)
                        .covering("threshold(double,double)")
                        .rejects("a threshold of NaN", x -> x.threshold(Double.NaN, 0), "threshold … NaN"),
                prelu("prelu", "(n,c,k),(c)"),
                prelu("prelu (one slope)", "(...),(1)"),
                quarters("leakyRelu(slope)", Tensor::leakyRelu, KINKED, ActivationFamily::leakyRelu, 2)
                        .rejects("an infinite slope", x -> x.leakyRelu(1 / 0.0), "finite slope … Infinity"),
                quarters(
                                "softplus(β, threshold)",
                                (x, beta) -> x.softplus(beta, 100),
                                between(-8, 8),
                                ActivationFamily::softplus,
                                3)
                        .covering("softplus(double,double)")
                        .rejects("β = 0", x -> x.softplus(0, 20), "positive beta … 0.0")
                        .rejects("an infinite β", x -> x.softplus(1 / 0.0, 20), "positive beta … Infinity")
                        .rejects("a threshold of NaN", x -> x.softplus(1, Double.NaN), "threshold … NaN"));
    }

    @FunctionalInterface
    private interface WithNumber {
        Tensor apply(Tensor x, double argument);
    }

    /** The entry of a function with an argument that is a multiple of ¼ from ¼ to 2. */
    private static Entry quarters(
            String name, WithNumber function, Values domain, DoubleBinaryOperator reference, int order) {
        Entry entry = entry(name, (inputs, numbers) -> function.apply(inputs[0], numbers[0] / 4.0))
                .shapes("(...)->(...)")
                .within(domain)
                .arguments(shapes -> ranges(1, 8))
                .reference((inputs, numbers) -> Reference.build(
                        inputs[0].shape(), index -> reference.applyAsDouble(inputs[0].get(index), numbers[0] / 4.0)))
                .order(order);
        return entry.covering(entry.row() + "(double)").rejects(CommonMistakes.ofOne(x -> function.apply(x, 2)));
    }

    private static Entry prelu(String name, String shapes) {
        return entry(name, t -> t[0].prelu(t[1]))
                .shapes(shapes)
                .within(KINKED, between(-2, 2))
                .reference((t, a) -> Reference.build(t[0].shape(), index -> {
                    double slope = t[1].get(t[1].size() == 1 ? 0 : index[1]);
                    return Math.max(0, t[0].get(index)) + slope * Math.min(0, t[0].get(index));
                }))
                .order(2)
                .covering("prelu(Tensor)")
                .rejects("slopes of other channels", x -> x.prelu(Tensor.of(1, 2)), "[1], or [3], got [2] … [2, 3]")
                .rejects("a matrix", x -> x.prelu(Tensor.of(new double[][] {{1}})), "[1], or [3], got [1, 1] … [2, 3]")
                .rejects("slopes without channels", x -> x.sum().prelu(Tensor.of(1, 2)), "[C] for an input [N, C, ...]")
                .rejects("two dtypes", x -> x.prelu(Tensor.of(new float[] {1})), "FLOAT64 … FLOAT32 … to(");
    }

    private static double hardsigmoid(double x) {
        return Math.max(0, Math.min(1, x / 6 + 0.5));
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

    @Override
    public Map<String, Golden> golden() {
        Map<String, Golden> all = new HashMap<>();
        Stream.concat(FUNCTIONS.stream(), DEFAULTS.stream())
                .forEach(entry -> all.put(
                        entry.name(), (inputs, arguments) -> entry.operation().apply(inputs)));
        all.put("logsigmoid", (inputs, arguments) -> inputs[0].logSigmoid());
        return all;
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        Map<String, Function<Tensor[], Tensor>> all = new HashMap<>();
        Stream.concat(FUNCTIONS.stream(), DEFAULTS.stream())
                .forEach(entry -> all.put(entry.name(), entry.operation()::apply));
        all.put("hardshrink", inputs -> inputs[0].hardshrink(0.5));
        all.put("softshrink", inputs -> inputs[0].softshrink(0.5));
        all.put("hardshrink 0", inputs -> inputs[0].hardshrink(0));
        all.put("softshrink 0", inputs -> inputs[0].softshrink(0));
        all.put("threshold", inputs -> inputs[0].threshold(0.5, 7));
        all.put("prelu", inputs -> inputs[0].prelu(inputs[1]));
        all.put(
                "prelu of channels",
                inputs -> inputs[0].reshape(2, 2).prelu(inputs[1]).reshape(4));
        all.put("leaky_relu", inputs -> inputs[0].leakyRelu(0.1));
        all.put("logsigmoid", inputs -> inputs[0].logSigmoid());
        all.put("softplus 2, 10", inputs -> inputs[0].softplus(2, 10));
        all.put("relu6 sqrt", inputs -> inputs[0].relu6().sqrt());
        return all;
    }
}
