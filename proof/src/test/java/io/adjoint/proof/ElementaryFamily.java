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
import java.util.function.Function;
import java.util.stream.Stream;

/** The catalogue's entries for elementary and special functions of one number. */
final class ElementaryFamily implements Family {
    /** Arguments of the gamma functions between their poles. */
    private static final Values GAMMA = between(-2.8, 6).awayFrom(-2, -1, 0).gap(0.2);

    /** Arguments between integers, since these functions jump at integers. */
    private static final Values STEPS = between(-2.95, 2.95).awayFrom(-2, -1, 0, 1, 2);

    private static final Values HALVES = between(-2.9, 2.9).awayFrom(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5);

    /** Piecewise linear functions. */
    private static final List<Entry> PIECES = List.of(
            unary("abs", Tensor::abs, between(-3, 3).awayFrom(0), Math::abs, 2),
            unary("ceil", Tensor::ceil, STEPS, x -> -Math.floor(-x), 2),
            unary("floor", Tensor::floor, STEPS, x -> -Math.ceil(-x), 2),
            unary("frac", Tensor::frac, STEPS, x -> x % 1, 2),
            unary("neg", Tensor::neg, between(-3, 3), x -> 0 - x, 2),
            unary("round", Tensor::round, HALVES, x -> Math.floor(x + 0.5), 2),
            unary("sign", Tensor::sign, between(-3, 3).awayFrom(0), x -> x < 0 ? -1 : 1, 2),
            unary("trunc", Tensor::trunc, STEPS, x -> x - x % 1, 2));

    private static final List<Entry> SMOOTH = List.of(
            unary("acos", Tensor::acos, between(-0.95, 0.95), Math::acos, 3),
            unary("acosh", Tensor::acosh, between(1.1, 6), x -> Math.log(x + Math.sqrt(x * x - 1)), 3),
            unary("asin", Tensor::asin, between(-0.95, 0.95), Math::asin, 3),
            unary("asinh", Tensor::asinh, between(-4, 4), NaiveFunctions::asinh, 3),
            unary("atan", Tensor::atan, between(-4, 4), Math::atan, 3),
            unary("atanh", Tensor::atanh, between(-0.95, 0.95), x -> (Math.log1p(x) - Math.log1p(-x)) / 2, 3),
            unary("cos", Tensor::cos, between(-4, 4), Math::cos, 3),
            unary("cosh", Tensor::cosh, between(-4, 4), x -> (Math.exp(x) + Math.exp(-x)) / 2, 3),
            unary("deg2rad", Tensor::deg2rad, between(-400, 400), Math::toRadians, 2),
            unary("digamma", Tensor::digamma, GAMMA, NaiveFunctions::digamma, 3),
            unary("entr", Tensor::entr, between(0.05, 4), x -> x * Math.log(1 / x), 3),
            unary("erf", Tensor::erf, between(-2.5, 2.5), NaiveFunctions::erf, 3),
            unary("erfc", Tensor::erfc, between(-2.5, 2.5), NaiveFunctions::erfc, 3),
            unary("erfinv", Tensor::erfinv, between(-0.95, 0.95), NaiveFunctions::erfinv, 3),
            unary("exp", Tensor::exp, between(-4, 4), Math::exp, 3),
            unary("exp2", Tensor::exp2, between(-4, 4), x -> Math.exp(x * Math.log(2)), 3),
            unary("expm1", Tensor::expm1, between(-4, 4), Math::expm1, 3),
            unary("lgamma", Tensor::lgamma, GAMMA, NaiveFunctions::lgamma, 3),
            unary("log", Tensor::log, between(0.05, 9), Math::log, 3),
            unary("log10", Tensor::log10, between(0.05, 9), x -> Math.log(x) / Math.log(10), 3),
            unary("log1p", Tensor::log1p, between(-0.95, 9), Math::log1p, 3),
            unary("log2", Tensor::log2, between(0.05, 9), x -> Math.log(x) / Math.log(2), 3),
            unary("rad2deg", Tensor::rad2deg, between(-7, 7), Math::toDegrees, 2),
            unary("reciprocal", Tensor::reciprocal, between(-3, 3).awayFrom(0).gap(0.2), x -> 1 / x, 3),
            unary("rsqrt", Tensor::rsqrt, between(0.1, 9), x -> Math.pow(x, -0.5), 3),
            unary("sin", Tensor::sin, between(-4, 4), Math::sin, 3),
            unary("sinc", Tensor::sinc, between(-4, 4), NaiveFunctions::sinc, 3),
            unary("sinh", Tensor::sinh, between(-4, 4), x -> (Math.expm1(x) - Math.expm1(-x)) / 2, 3),
            unary("sqrt", Tensor::sqrt, between(0.1, 9), x -> Math.pow(x, 0.5), 3),
            unary("square", Tensor::square, between(-3, 3), x -> x * x, 3),
            unary("tan", Tensor::tan, between(-1.2, 1.2), x -> Math.sin(x) / Math.cos(x), 3));

    @Override
    public String title() {
        return "Elementary functions";
    }

    @Override
    public List<Entry> entries() {
        return Stream.concat(functions(), Stream.of(polygamma())).toList();
    }

    private static Stream<Entry> functions() {
        return Stream.concat(PIECES.stream(), SMOOTH.stream());
    }

    private static Entry polygamma() {
        return entry("polygamma", (inputs, order) -> inputs[0].polygamma(order[0]))
                .shapes("(...)->(...)")
                .within(GAMMA)
                .arguments(shapes -> ranges(1, 4))
                .reference((inputs, order) -> Reference.build(
                        inputs[0].shape(), index -> NaiveFunctions.polygamma(order[0], inputs[0].get(index))))
                .order(3)
                .covering("polygamma(int)")
                .rejects(CommonMistakes.ofOne(x -> x.polygamma(2)))
                .rejects(
                        "integers and order 0",
                        x -> Tensor.of(new int[] {1}).polygamma(0),
                        "polygamma: … INT32 … to(FLOAT64)")
                .rejects("a negative order", x -> x.polygamma(-1), "0 to 100 … -1")
                .rejects("an order beyond what is exact", x -> x.polygamma(101), "0 to 100 … 101");
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
        // The names in the table of special values: the name of a function, possibly followed by the special case, such
        // as "asin 1".
        functions().forEach(entry -> {
            for (String of : List.of("", " 1", " -2", " beyond")) {
                all.put(entry.name() + of, entry.operation()::apply);
            }
        });
        all.put("floor/round", inputs -> inputs[0].floor().add(inputs[0].round()));
        all.put("x*log(x)", inputs -> inputs[0].mul(inputs[0].log()));
        all.put("polygamma 0", inputs -> inputs[0].polygamma(0));
        all.put("polygamma 100", inputs -> inputs[0].polygamma(100));
        all.put("polygamma 2", inputs -> inputs[0].polygamma(2));
        all.put("polygamma 3", inputs -> inputs[0].polygamma(3));
        return all;
    }
}
