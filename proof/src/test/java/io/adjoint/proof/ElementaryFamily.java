package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;

/** Functions of one number that a calculator has, and the special ones. */
final class ElementaryFamily implements Family {
    /** Between poles. */
    private static final Values GAMMA =
            Values.between(-2.8, 6).awayFrom(-2, -1, 0).gap(0.2);

    @Override
    public String title() {
        return "Elementary functions";
    }

    @Override
    public List<Entry> entries() {
        return Stream.concat(functions(), Stream.of(polygamma())).toList();
    }

    private static Stream<Entry> functions() {
        return Stream.concat(
                RoundingEntries.all(),
                Stream.of(
                        of(
                                Operation.unary("acos", Tensor::acos)
                                        .within(Values.between(-0.95, 0.95))
                                        .referenceEach(Math::acos)
                                        .order(3),
                                Tensor::acos),
                        of(
                                Operation.unary("acosh", Tensor::acosh)
                                        .within(Values.between(1.1, 6))
                                        .referenceEach((double x) -> Math.log(x + Math.sqrt(x * x - 1)))
                                        .order(3),
                                Tensor::acosh),
                        of(
                                Operation.unary("asin", Tensor::asin)
                                        .within(Values.between(-0.95, 0.95))
                                        .referenceEach(Math::asin)
                                        .order(3),
                                Tensor::asin),
                        of(
                                Operation.unary("asinh", Tensor::asinh)
                                        .within(Values.between(-4, 4))
                                        .referenceEach((double x) -> Math.copySign(
                                                Math.log1p(Math.abs(x) + x * x / (1 + Math.sqrt(x * x + 1))), x))
                                        .order(3),
                                Tensor::asinh),
                        of(
                                Operation.unary("atan", Tensor::atan)
                                        .within(Values.between(-4, 4))
                                        .referenceEach(Math::atan)
                                        .order(3),
                                Tensor::atan),
                        of(
                                Operation.unary("atanh", Tensor::atanh)
                                        .within(Values.between(-0.95, 0.95))
                                        .referenceEach((double x) -> (Math.log1p(x) - Math.log1p(-x)) / 2)
                                        .order(3),
                                Tensor::atanh),
                        of(
                                Operation.unary("cos", Tensor::cos)
                                        .within(Values.between(-4, 4))
                                        .referenceEach(Math::cos)
                                        .order(3),
                                Tensor::cos),
                        of(
                                Operation.unary("cosh", Tensor::cosh)
                                        .within(Values.between(-4, 4))
                                        .referenceEach((double x) -> (Math.exp(x) + Math.exp(-x)) / 2)
                                        .order(3),
                                Tensor::cosh),
                        of(
                                Operation.unary("deg2rad", Tensor::deg2rad)
                                        .within(Values.between(-400, 400))
                                        .referenceEach(Math::toRadians)
                                        .order(2),
                                Tensor::deg2rad),
                        of(
                                Operation.unary("digamma", Tensor::digamma)
                                        .within(GAMMA)
                                        .referenceEach(NaiveFunctions::digamma)
                                        .order(3),
                                Tensor::digamma),
                        of(
                                Operation.unary("entr", Tensor::entr)
                                        .within(Values.between(0.05, 4))
                                        .referenceEach((double x) -> x * Math.log(1 / x))
                                        .order(3),
                                Tensor::entr),
                        of(
                                Operation.unary("erf", Tensor::erf)
                                        .within(Values.between(-2.5, 2.5))
                                        .referenceEach(NaiveFunctions::erf)
                                        .order(3),
                                Tensor::erf),
                        of(
                                Operation.unary("erfc", Tensor::erfc)
                                        .within(Values.between(-2.5, 2.5))
                                        .referenceEach(NaiveFunctions::erfc)
                                        .order(3),
                                Tensor::erfc),
                        of(
                                Operation.unary("erfinv", Tensor::erfinv)
                                        .within(Values.between(-0.95, 0.95))
                                        .referenceEach(NaiveFunctions::erfinv)
                                        .order(3),
                                Tensor::erfinv),
                        of(
                                Operation.unary("exp", Tensor::exp)
                                        .within(Values.between(-4, 4))
                                        .referenceEach(Math::exp)
                                        .order(3),
                                Tensor::exp),
                        of(
                                Operation.unary("exp2", Tensor::exp2)
                                        .within(Values.between(-4, 4))
                                        .referenceEach((double x) -> Math.exp(x * Math.log(2)))
                                        .order(3),
                                Tensor::exp2),
                        of(
                                Operation.unary("expm1", Tensor::expm1)
                                        .within(Values.between(-4, 4))
                                        .referenceEach(Math::expm1)
                                        .order(3),
                                Tensor::expm1),
                        of(
                                Operation.unary("lgamma", Tensor::lgamma)
                                        .within(GAMMA)
                                        .referenceEach(NaiveFunctions::lgamma)
                                        .order(3),
                                Tensor::lgamma),
                        of(
                                Operation.unary("log", Tensor::log)
                                        .within(Values.between(0.05, 9))
                                        .referenceEach(Math::log)
                                        .order(3),
                                Tensor::log),
                        of(
                                Operation.unary("log10", Tensor::log10)
                                        .within(Values.between(0.05, 9))
                                        .referenceEach((double x) -> Math.log(x) / Math.log(10))
                                        .order(3),
                                Tensor::log10),
                        of(
                                Operation.unary("log1p", Tensor::log1p)
                                        .within(Values.between(-0.95, 9))
                                        .referenceEach(Math::log1p)
                                        .order(3),
                                Tensor::log1p),
                        of(
                                Operation.unary("log2", Tensor::log2)
                                        .within(Values.between(0.05, 9))
                                        .referenceEach((double x) -> Math.log(x) / Math.log(2))
                                        .order(3),
                                Tensor::log2),
                        of(
                                Operation.unary("rad2deg", Tensor::rad2deg)
                                        .within(Values.between(-7, 7))
                                        .referenceEach(Math::toDegrees)
                                        .order(2),
                                Tensor::rad2deg),
                        of(
                                Operation.unary("reciprocal", Tensor::reciprocal)
                                        .within(Values.between(-3, 3)
                                                .awayFrom(0)
                                                .gap(0.2))
                                        .referenceEach((double x) -> 1 / x)
                                        .order(3),
                                Tensor::reciprocal),
                        of(
                                Operation.unary("rsqrt", Tensor::rsqrt)
                                        .within(Values.between(0.1, 9))
                                        .referenceEach((double x) -> Math.pow(x, -0.5))
                                        .order(3),
                                Tensor::rsqrt),
                        of(
                                Operation.unary("sin", Tensor::sin)
                                        .within(Values.between(-4, 4))
                                        .referenceEach(Math::sin)
                                        .order(3),
                                Tensor::sin),
                        of(
                                Operation.unary("sinc", Tensor::sinc)
                                        .within(Values.between(-4, 4))
                                        .referenceEach(NaiveFunctions::sinc)
                                        .order(3),
                                Tensor::sinc),
                        of(
                                Operation.unary("sinh", Tensor::sinh)
                                        .within(Values.between(-4, 4))
                                        .referenceEach((double x) -> (Math.expm1(x) - Math.expm1(-x)) / 2)
                                        .order(3),
                                Tensor::sinh),
                        of(
                                Operation.unary("sqrt", Tensor::sqrt)
                                        .within(Values.between(0.1, 9))
                                        .referenceEach((double x) -> Math.pow(x, 0.5))
                                        .order(3),
                                Tensor::sqrt),
                        of(
                                Operation.unary("square", Tensor::square)
                                        .within(Values.between(-3, 3))
                                        .referenceEach((double x) -> x * x)
                                        .order(3),
                                Tensor::square),
                        of(
                                Operation.unary("tan", Tensor::tan)
                                        .within(Values.between(-1.2, 1.2))
                                        .referenceEach((double x) -> Math.sin(x) / Math.cos(x))
                                        .order(3),
                                Tensor::tan)));
    }

    private static Entry polygamma() {
        return CommonMistakes.ofOne(
                        entry(
                                Operation.of("polygamma", (inputs, order) -> inputs[0].polygamma(order[0]))
                                        .shapes("(...)->(...)")
                                        .within(GAMMA)
                                        .arguments(shapes -> Arbitraries.integers()
                                                .between(1, 4)
                                                .map(order -> new int[] {order}))
                                        .reference((inputs, order) -> Reference.build(
                                                inputs[0].shape(),
                                                index -> NaiveFunctions.polygamma(order[0], inputs[0].get(index))))
                                        .order(3),
                                "polygamma(int)"),
                        "polygamma",
                        x -> x.polygamma(2))
                .rejects("a negative order", x -> x.polygamma(-1), "polygamma", "0 to 100", "-1")
                .rejects("an order beyond what is exact", x -> x.polygamma(101), "polygamma", "0 to 100", "101");
    }

    static Entry of(Operation operation, UnaryOperator<Tensor> function) {
        return CommonMistakes.ofOne(entry(operation, operation.name() + "()"), operation.name(), function);
    }

    @Override
    public Map<String, Golden> golden() {
        Map<String, Golden> all = new HashMap<>();
        functions()
                .forEach(entry -> all.put(
                        entry.name(), (inputs, arguments) -> entry.operation().apply(inputs)));
        return all;
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        Map<String, Function<Tensor[], Tensor>> all = new HashMap<>();
        // A name, perhaps with what is special of it: "asin 1".
        functions().forEach(entry -> {
            for (String of : List.of("", " 1", " -2", " beyond")) {
                all.put(entry.name() + of, entry.operation()::apply);
            }
        });
        all.put("floor/round", inputs -> inputs[0].floor().add(inputs[0].round()));
        all.put("x*log(x)", inputs -> inputs[0].mul(inputs[0].log()));
        all.put("polygamma 2", inputs -> inputs[0].polygamma(2));
        all.put("polygamma 3", inputs -> inputs[0].polygamma(3));
        return all;
    }
}
