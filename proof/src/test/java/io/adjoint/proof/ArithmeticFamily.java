package io.adjoint.proof;

import static io.adjoint.proof.Entry.binary;
import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Entry.number;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.testkit.Values.between;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;

/** The catalogue's entries for arithmetic of two tensors, or of a tensor and a number. */
final class ArithmeticFamily implements Family {
    private static final Values ANY = between(-2, 2);
    private static final Values NONZERO = ANY.awayFrom(0).gap(0.3);
    /** Dividends whose quotients by {@link #DIVISORS} are not near integers, where the remainder jumps. */
    private static final Values DIVIDENDS =
            between(-2.8, 2.8).awayFrom(-2, -1, 0, 1, 2).gap(0.2);

    private static final Values DIVISORS = between(0.98, 1.02);
    /** Dividends whose quotients by ±1.5 are not near integers. */
    private static final Values NO_MULTIPLES =
            between(-4.3, 4.3).awayFrom(-3, -1.5, 0, 1.5, 3).gap(0.2);

    @Override
    public String title() {
        return "Arithmetic";
    }

    @Override
    public List<Entry> entries() {
        return Stream.of(basics(), powers(), quotients(), functions())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Entry> basics() {
        return List.of(
                binary("add", Tensor::add, ANY, Double::sum, 3),
                number("add (number)", x -> x.add(0.75), ANY, x -> x + 0.75, 3),
                binary("sub", Tensor::sub, ANY, (a, b) -> a - b, 3),
                number("sub (number)", x -> x.sub(0.75), ANY, x -> x - 0.75, 3),
                binary("mul", Tensor::mul, ANY, (a, b) -> a * b, 3),
                number("mul (number)", x -> x.mul(-1.5), ANY, x -> x * -1.5, 3),
                binary("div", Tensor::div, ANY, NONZERO, (a, b) -> a / b, 3),
                number("div (number)", x -> x.div(-1.5), ANY, x -> x / -1.5, 3),
                number("rsub", x -> x.rsub(0.75), ANY, x -> 0.75 - x, 3),
                number("rdiv", x -> x.rdiv(-1.5), NONZERO, x -> -1.5 / x, 3),
                entry("lerp", t -> t[0].lerp(t[1], t[2]))
                        .shapes("(...),(...),(...)->(...)")
                        .reference(ArithmeticFamily::interpolated)
                        .order(3)
                        .covering("lerp(Tensor,Tensor)")
                        .rejects(CommonMistakes.ofTwo((a, b) -> a.lerp(b, a)))
                        .rejects("weights that do not broadcast", x -> x.lerp(x, Tensor.of(1, 2)), "[2, 3] … [2]"),
                binary("lerp (number)", (a, b) -> a.lerp(b, 0.3), ANY, (a, b) -> a + 0.3 * (b - a), 3)
                        .covering("lerp(Tensor,double)"));
    }

    private static NdArray interpolated(NdArray[] inputs, int[] arguments) {
        return Reference.build(SelectionFamily.common(inputs), index -> {
            double a = Reference.broadcast(inputs[0], index);
            return a + Reference.broadcast(inputs[2], index) * (Reference.broadcast(inputs[1], index) - a);
        });
    }

    private static List<Entry> powers() {
        return List.of(
                binary("pow", Tensor::pow, between(0.2, 2.5), ANY, (a, b) -> Math.exp(b * Math.log(a)), 3),
                entry("pow (number)", (t, half) -> t[0].pow(half[0] / 2.0))
                        .shapes("(...)->(...)")
                        .within(between(0.3, 2))
                        .arguments(shapes -> ranges(-4, 6))
                        .reference((inputs, half) -> Reference.each(x -> Math.exp(half[0] / 2.0 * Math.log(x)))
                                .of(inputs, half))
                        .order(3)
                        .covering("pow(double)")
                        .rejects(CommonMistakes.ofOne(x -> x.pow(3))),
                number("pow (of a number)", x -> Tensor.pow(1.7, x), ANY, x -> Math.exp(x * Math.log(1.7)), 3)
                        .covering("pow(double,Tensor)"));
    }

    private static List<Entry> quotients() {
        return List.of(
                binary("remainder", Tensor::remainder, DIVIDENDS, DIVISORS, (a, b) -> a - b * Math.floor(a / b), 2),
                number(
                        "remainder (number)",
                        x -> x.remainder(-1.5),
                        NO_MULTIPLES,
                        x -> x + 1.5 * Math.floor(x / -1.5),
                        2),
                binary(
                        "fmod",
                        Tensor::fmod,
                        DIVIDENDS,
                        DIVISORS,
                        (a, b) -> a - b * (a < 0 ? Math.ceil(a / b) : Math.floor(a / b)),
                        2),
                number(
                        "fmod (number)",
                        x -> x.fmod(-1.5),
                        NO_MULTIPLES,
                        x -> x + 1.5 * (x < 0 ? Math.floor(x / -1.5) : Math.ceil(x / -1.5)),
                        2),
                binary("floorDivide", Tensor::floorDivide, DIVIDENDS, DIVISORS, (a, b) -> Math.floor(a / b), 2),
                number("floorDivide (number)", x -> x.floorDivide(-1.5), NO_MULTIPLES, x -> Math.floor(x / -1.5), 2));
    }

    private static List<Entry> functions() {
        return List.of(
                binary("atan2", Tensor::atan2, NONZERO, ANY, ArithmeticFamily::angle, 3),
                binary("hypot", Tensor::hypot, NONZERO, ANY, (a, b) -> Math.sqrt(a * a + b * b), 3),
                binary(
                        "logAddExp",
                        Tensor::logAddExp,
                        between(-4, 4),
                        (a, b) -> Math.log(Math.exp(a) + Math.exp(b)),
                        3),
                binary(
                        "logAddExp2",
                        Tensor::logAddExp2,
                        between(-4, 4),
                        (a, b) -> Math.log(Math.pow(2, a) + Math.pow(2, b)) / Math.log(2),
                        3),
                binary("xlogy", Tensor::xlogy, ANY, between(0.2, 4), (a, b) -> a == 0 ? 0 : a * Math.log(b), 3));
    }

    private static double angle(double y, double x) {
        double half = Math.atan(y / x);
        return x == 0 ? Math.signum(y) * Math.PI / 2 : x > 0 ? half : half + Math.signum(y) * Math.PI;
    }

    @Override
    public Map<String, Golden> golden() {
        return Map.ofEntries(
                golden("add", Tensor::add),
                golden("sub", Tensor::sub),
                golden("mul", Tensor::mul),
                golden("div", Tensor::div),
                golden("pow", Tensor::pow),
                golden("atan2", Tensor::atan2),
                golden("hypot", Tensor::hypot),
                golden("logaddexp", Tensor::logAddExp),
                golden("logaddexp2", Tensor::logAddExp2),
                golden("remainder", Tensor::remainder),
                golden("fmod", Tensor::fmod),
                golden("xlogy", Tensor::xlogy));
    }

    static Map.Entry<String, Golden> golden(String name, BinaryOperator<Tensor> operation) {
        return Map.entry(name, (inputs, arguments) -> operation.apply(inputs[0], inputs[1]));
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        Map<String, Function<Tensor[], Tensor>> special = new HashMap<>();
        special.put("div 0", t -> t[0].div(t[1]));
        special.put("sub number", t -> t[0].sub(1));
        special.put("rsub", t -> t[0].rsub(1));
        special.put("rdiv", t -> t[0].rdiv(1));
        special.put("rdiv of 0", t -> t[0].rdiv(0));
        special.put("pow(x,0.)", t -> t[0].pow(0));
        special.put("pow(x,1.)", t -> t[0].pow(1));
        special.put("pow(x,2.)", t -> t[0].pow(2));
        special.put("pow(x,.5)", t -> t[0].pow(0.5));
        special.put("pow(x,-1)", t -> t[0].pow(-1));
        special.put("pow(x,y)", t -> t[0].pow(t[1]));
        special.put("pow(x,y) poles", t -> t[0].pow(t[1]));
        special.put("pow(0.,y)", t -> Tensor.pow(0, t[0]));
        special.put("pow(-1.,y)", t -> Tensor.pow(-1, t[0]));
        special.put("xlogy", t -> t[0].xlogy(t[1]));
        special.put("xlogy undefined", t -> t[0].xlogy(t[1]));
        special.put("logaddexp -inf", t -> t[0].logAddExp(t[1]));
        special.put("logaddexp +inf", t -> t[0].logAddExp(t[1]));
        special.put("logaddexp2 -inf", t -> t[0].logAddExp2(t[1]));
        special.put("atan2 00", t -> t[0].atan2(t[1]));
        special.put("hypot 00", t -> t[0].hypot(t[1]));
        special.put("hypot large", t -> t[0].hypot(t[1]));
        special.put("remainder", t -> t[0].remainder(t[1]));
        special.put("remainder undefined", t -> t[0].remainder(t[1]));
        special.put("fmod", t -> t[0].fmod(t[1]));
        special.put("fmod undefined", t -> t[0].fmod(t[1]));
        special.put("floorDivide", t -> t[0].floorDivide(t[1]));
        special.put("lerp number", t -> t[0].lerp(t[1], 0.25));
        special.put("lerp ends", t -> t[0].lerp(t[1], Tensor.of(0, 1)));
        return special;
    }
}
