package io.adjoint.proof;

import static io.adjoint.proof.Entry.binary;
import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Entry.number;
import static io.adjoint.proof.Places.ranges;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The catalogue's entries for operations each of whose results is one of the operands: maximum, minimum, clamping, and selection by masks.
 */
final class SelectionFamily implements Family {
    private static final Values DISTINCT = Values.between(-2, 2).distinct();
    private static final Values MASK = Values.booleans();
    private static final Values ANY = Values.between(-2, 2);

    @Override
    public String title() {
        return "Extremes, bounds and masks";
    }

    @Override
    public List<Entry> entries() {
        return Stream.of(extremes(), bounds(), masks()).flatMap(List::stream).toList();
    }

    private static List<Entry> extremes() {
        return List.of(
                binary("maximum", Tensor::maximum, DISTINCT, (a, b) -> a > b ? a : b, 2),
                number("maximum (number)", x -> x.maximum(0.5), ANY.awayFrom(0.5), x -> x > 0.5 ? x : 0.5, 2)
                        .rejects("NaN as the bound", x -> x.maximum(Double.NaN), "NaN"),
                binary("minimum", Tensor::minimum, DISTINCT, (a, b) -> a < b ? a : b, 2),
                number("minimum (number)", x -> x.minimum(0.5), ANY.awayFrom(0.5), x -> x < 0.5 ? x : 0.5, 2)
                        .rejects("NaN as the bound", x -> x.minimum(Double.NaN), "NaN"),
                binary("fmax", Tensor::fmax, DISTINCT, (a, b) -> a > b ? a : b, 2),
                binary("fmin", Tensor::fmin, DISTINCT, (a, b) -> a < b ? a : b, 2));
    }

    private static List<Entry> bounds() {
        return List.of(
                entry("clamp", t -> t[0].clamp(t[1], t[2]))
                        .shapes("(...),(...),(...)->(...)")
                        .within(DISTINCT)
                        .reference(SelectionFamily::clamped)
                        .order(2)
                        .covering("clamp(Tensor,Tensor)")
                        .rejects(CommonMistakes.ofTwo((a, b) -> a.clamp(b, a)))
                        .rejects(
                                "an upper bound that does not broadcast",
                                x -> x.clamp(x, Tensor.of(1, 2)),
                                "[2, 3] … [2]"),
                number(
                                "clamp (numbers)",
                                x -> x.clamp(-0.5, 1),
                                ANY.awayFrom(-0.5, 1),
                                x -> x < -0.5 ? -0.5 : x > 1 ? 1 : x,
                                2)
                        .covering("clamp(double,double)")
                        .rejects("NaN as a bound", x -> x.clamp(0, Double.NaN), "bounds … NaN"),
                number("clampMin", x -> x.clampMin(0.5), ANY.awayFrom(0.5), x -> x > 0.5 ? x : 0.5, 2)
                        .fails("NaN as the bound", x -> x.clampMin(Double.NaN), "clampMin: … NaN"),
                number("clampMax", x -> x.clampMax(0.5), ANY.awayFrom(0.5), x -> x < 0.5 ? x : 0.5, 2)
                        .fails("NaN as the bound", x -> x.clampMax(Double.NaN), "clampMax: … NaN"));
    }

    private static List<Entry> masks() {
        return List.of(
                entry("where", t -> Tensor.where(t[0], t[1], t[2]))
                        .shapes("(...),(...),(...)->(...)")
                        .within(MASK, ANY, ANY)
                        .reference(SelectionFamily::chosen)
                        .order(2)
                        .covering("where(Tensor,Tensor,Tensor)")
                        .rejects("a floating mask", x -> Tensor.where(x, x, x), "mask … FLOAT64 … to(BOOL)")
                        .rejects(
                                "two dtypes",
                                x -> Tensor.where(x.gt(0), x, x.to(DType.FLOAT32)),
                                "FLOAT64 … FLOAT32 … to(")
                        .rejects(
                                "a mask that does not broadcast",
                                x -> Tensor.where(Tensor.of(true, false), x, x),
                                "[2] … [2, 3]"),
                entry("where (else a number)", t -> Tensor.where(t[0], t[1], 0.5))
                        .shapes("(...),(...)->(...)")
                        .within(MASK, ANY)
                        .referenceEach((mask, x) -> mask == 0 ? 0.5 : x)
                        .order(2)
                        .covering("where(Tensor,Tensor,double)")
                        .rejects(ofMask((mask, x) -> Tensor.where(mask, x, 0.5))),
                entry("where (a number)", t -> Tensor.where(t[0], 0.5, t[1]))
                        .shapes("(...),(...)->(...)")
                        .within(MASK, ANY)
                        .referenceEach((mask, x) -> mask == 0 ? x : 0.5)
                        .order(2)
                        .covering("where(Tensor,double,Tensor)")
                        .rejects(ofMask((mask, x) -> Tensor.where(mask, 0.5, x))),
                entry("where (functions)", t -> Tensor.where(t[0], t[1], Tensor::exp, x -> x.mul(x.square())))
                        .shapes("(...),(...)->(...)")
                        .within(MASK, ANY)
                        .referenceEach((mask, x) -> mask == 0 ? x * x * x : Math.exp(x))
                        .order(3)
                        .covering("where(Tensor,Tensor,UnaryOperator,UnaryOperator)")
                        .rejects(ofMask((mask, x) -> Tensor.where(mask, x, Tensor::exp, Tensor::neg)))
                        .rejects(
                                "a function that reduces in part",
                                x -> Tensor.where(x.gt(2), x, v -> v.slice(0, 0, 2), Tensor::neg),
                                "first function … [2] … [4] … one for all")
                        .rejects(
                                "a function that changes the dtype",
                                x -> Tensor.where(x.gt(2), x, Tensor::exp, v -> v.to(DType.FLOAT32)),
                                "second function … FLOAT32 [2] … FLOAT64 [2]"),
                nanToNum(),
                entry("maskedFill", t -> t[1].maskedFill(t[0], 0.5))
                        .shapes("(a?,b?,c?),(a?,b?,c?)->(a?,b?,c?)")
                        .within(MASK, ANY)
                        .referenceEach((mask, x) -> mask == 0 ? x : 0.5)
                        .order(2)
                        .covering("maskedFill(Tensor,double)")
                        .rejects(ofMask((mask, x) -> x.maskedFill(mask, 0.5)))
                        .rejects(
                                "a mask larger than the tensor",
                                x -> x.sum().maskedFill(x.gt(0), 0),
                                "[2, 3] … [] … where("));
    }

    /** The entry of nanToNum, of elements whose large ones are NaN, or of elements whose large ones are infinite. */
    private static Entry nanToNum() {
        return entry("nanToNum", (t, form) -> {
                    Tensor mask = t[0].gt(0.5);
                    return switch (form[0]) {
                        case 0 -> t[0].maskedFill(mask, Double.NaN).nanToNum();
                        case 1 -> t[0].maskedFill(mask, Double.NaN).nanToNum(7);
                        case 2 ->
                            t[0].maskedFill(mask, Double.POSITIVE_INFINITY).nanToNum(7, 8, 9);
                        default ->
                            t[0].maskedFill(mask, Double.NEGATIVE_INFINITY).nanToNum(7, 8, 9);
                    };
                })
                .shapes("(...)->(...)")
                .within(ANY.awayFrom(0.5))
                .arguments(shapes -> ranges(0, 3))
                .reference((inputs, form) -> {
                    double replaced = List.of(0, 7, 8, 9).get(form[0]);
                    return Reference.build(inputs[0].shape(), index -> {
                        double x = inputs[0].get(index);
                        return x > 0.5 ? replaced : x;
                    });
                })
                .order(2)
                .covering("nanToNum()", "nanToNum(double)", "nanToNum(double,double,double)")
                .rejects(CommonMistakes.ofOne(Tensor::nanToNum));
    }

    /** Adds wrong calls that all operations of a mask and a tensor refuse. */
    private static UnaryOperator<Entry> ofMask(BinaryOperator<Tensor> operation) {
        return entry -> entry.rejects("a floating mask", x -> operation.apply(x, x), "mask … FLOAT64 … to(BOOL)")
                .rejects(
                        "a mask that does not broadcast",
                        x -> operation.apply(Tensor.of(new boolean[] {true, false}), x),
                        "[2] … [2, 3]")
                .rejects(CommonMistakes.ofBackward(x -> operation.apply(x.gt(3), x)));
    }

    private static NdArray chosen(NdArray[] inputs, int... arguments) {
        return Reference.build(
                common(inputs),
                index -> Reference.broadcast(inputs[Reference.broadcast(inputs[0], index) == 0 ? 2 : 1], index));
    }

    private static NdArray clamped(NdArray[] inputs, int... arguments) {
        return Reference.build(common(inputs), index -> {
            double atLeast = Math.max(Reference.broadcast(inputs[0], index), Reference.broadcast(inputs[1], index));
            return Math.min(atLeast, Reference.broadcast(inputs[2], index));
        });
    }

    /** The shape that three arrays broadcast to. */
    static Shape common(NdArray... inputs) {
        return Shape.broadcast(
                "reference", inputs[0].shape(), Shape.broadcast("reference", inputs[1].shape(), inputs[2].shape()));
    }

    @Override
    public Map<String, Golden> golden() {
        return Map.of(
                "maximum", ArithmeticFamily.golden("maximum", Tensor::maximum).getValue(),
                "minimum", ArithmeticFamily.golden("minimum", Tensor::minimum).getValue(),
                "where", (inputs, arguments) -> Tensor.where(arguments.mask("cond"), inputs[0], inputs[1]),
                "maskedFill",
                        (inputs, arguments) -> inputs[0].maskedFill(arguments.mask("mask"), arguments.number("value")),
                "clamp",
                        (inputs, arguments) -> inputs[0].clamp(
                                arguments.number("min", Double.NEGATIVE_INFINITY),
                                arguments.number("max", Double.POSITIVE_INFINITY)));
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        Map<String, Function<Tensor[], Tensor>> special = new HashMap<>();
        special.put("maximum ties", t -> t[0].maximum(t[1]));
        special.put("minimum ties", t -> t[0].minimum(t[1]));
        special.put("maximum nan", t -> t[0].maximum(t[1]));
        special.put("minimum nan", t -> t[0].minimum(t[1]));
        special.put("fmax nan", t -> t[0].fmax(t[1]));
        special.put("fmin nan", t -> t[0].fmin(t[1]));
        special.put("fmax of nan", t -> t[0].fmax(t[1]));
        special.put("clamp", t -> t[0].clamp(0, 1));
        special.put("clamp min>max", t -> t[0].clamp(2, 1));
        special.put("clamp tensors", t -> t[0].clamp(t[1], t[2]));
        special.put("clampMin", t -> t[0].clampMin(0));
        special.put("clampMax", t -> t[0].clampMax(0));
        special.put("where(x>0,sqrt(x),0)", t -> Tensor.where(t[0].gt(0), t[0].sqrt(), 0));
        special.put(
                "where double",
                t -> Tensor.where(t[0].gt(0), Tensor.where(t[0].gt(0), t[0], 1).sqrt(), 0));
        special.put("where functions", t -> Tensor.where(t[0].gt(0), t[0], Tensor::sqrt, x -> Tensor.scalar(0)));
        special.put("nanToNum", t -> t[0].nanToNum());
        special.put("nanToNum (numbers)", t -> t[0].nanToNum(1, 2, 3));
        special.put("maskedFill", t -> t[0].maskedFill(t[0].isNaN(), 7));
        return special;
    }
}
