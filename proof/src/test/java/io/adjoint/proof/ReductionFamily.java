package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.joined;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Correction;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Axes;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** The catalogue's entries for reductions: sums, variances and norms, and for divisions by norms. */
final class ReductionFamily implements Family {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double[] ORDERS = {2, 1, 3, 0.5, 1.5, 0};
    private static final double[] ORDERS_OF_SOMETHING = {INF, -INF, -1};

    @Override
    public String title() {
        return "Reductions";
    }

    // ---- arguments: a number for the form of the call, followed by axes ----

    @FunctionalInterface
    interface Brief {
        Tensor of(Tensor x, int... axes);
    }

    @FunctionalInterface
    interface Full {
        Tensor of(Tensor x, Dims dims, int... axes);
    }

    /** The entry of a reduction over all or some axes, tested in each form of its call. */
    static Entry reduction(String name, Brief brief, Full full, ToDoubleFunction<double[]> reference) {
        Entry entry = entry(name, (t, arguments) -> {
                    Form form = Form.of(arguments);
                    int[] axes = form.axes(1, arguments);
                    return form.isBrief() ? brief.of(t[0], axes) : full.of(t[0], form.dims(), axes);
                })
                .shapes("(...)")
                .argumentsOf(shape -> formAndAxes(shape))
                .reference((inputs, arguments) -> {
                    Form form = Form.of(arguments);
                    return Slices.reduced(inputs[0], form.dims(), form.axes(1, arguments), reference);
                })
                .order(2);
        return entry.covering(entry.row() + "(int[])", entry.row() + "(Dims,int[])");
    }

    private static Arbitrary<int[]> formAndAxes(Shape shape) {
        return Combinators.combine(oneOf(Form.values().length), Axes.some(shape))
                .as((form, axes) -> joined(new int[] {form}, axes));
    }

    /** Draws the number of a form of the call, from 0 to {@code forms} − 1, and an axis. */
    static Function<List<Shape>, Arbitrary<int[]>> formAndAxis(int forms) {
        return shapes ->
                Combinators.combine(oneOf(forms), Axes.one(shapes.get(0))).as((form, axis) -> new int[] {form, axis});
    }

    static Arbitrary<Integer> oneOf(int count) {
        return Arbitraries.of(IntStream.range(0, count).boxed().toList());
    }

    /** The entry of a reduction that refuses INT32. */
    private static Entry floating(String name, Brief brief, Full full, ToDoubleFunction<double[]> reference) {
        return reduction(name, brief, full, reference)
                .rejects(ofAxes(brief))
                .rejects("INT32", x -> brief.of(x.to(DType.INT32)), "INT32 … to(FLOAT64)");
    }

    /** The entry of a reduction that also reduces INT32, without rounding. */
    private static Entry exact(String name, Brief brief, Full full, ToDoubleFunction<double[]> reference) {
        return reduction(name, brief, full, reference)
                .rejects(ofAxes(brief))
                .rejects(
                        "INT32 elements whose result is none",
                        x -> brief.of(Tensor.of(new int[] {Integer.MAX_VALUE, 2})),
                        "out of the range of INT32 … to(FLOAT64)");
    }

    /** Adds wrong calls: with an axis out of range, and with an axis twice. */
    static UnaryOperator<Entry> ofAxes(Brief brief) {
        return entry -> entry.rejects("an axis out of range", x -> brief.of(x, 2), "axis 2 … [2, 3] … -2 to 1")
                .rejects("an axis named twice", x -> brief.of(x, 0, -2), "axis -2 … twice … [0, -2]");
    }

    // ---- entries ----

    @Override
    public List<Entry> entries() {
        return List.of(
                exact("sum", Tensor::sum, Tensor::sum, Slices::sum),
                floating("mean", Tensor::mean, Tensor::mean, Slices::mean),
                ofNumbers("nanSum", Tensor::nanSum, Tensor::nanSum, Slices::sum)
                        .rejects(
                                "INT32 elements whose result is none",
                                x -> Tensor.of(new int[] {Integer.MAX_VALUE, 2}).nanSum(),
                                "out of the range of INT32 … to(FLOAT64)"),
                ofNumbers("nanMean", Tensor::nanMean, Tensor::nanMean, Slices::mean)
                        .rejects("INT32", x -> x.to(DType.INT32).nanMean(), "INT32 … to(FLOAT64)"),
                exact("prod", Tensor::prod, Tensor::prod, Slices::prod).order(3),
                variance(
                        "var",
                        Tensor::var,
                        (x, dims, axes) -> dims == Dims.KEEP ? x.var(Dims.KEEP, axes) : x.var(Correction.NONE, axes),
                        total -> total),
                variance(
                        "std",
                        Tensor::std,
                        (x, dims, axes) -> dims == Dims.KEEP ? x.std(Dims.KEEP, axes) : x.std(Correction.NONE, axes),
                        Math::sqrt),
                floating("logSumExp", Tensor::logSumExp, Tensor::logSumExp, Slices::logSumExp),
                norm(),
                normOfSomething(),
                normalize(),
                alongAxis("softmax", Tensor::softmax, Slices::softmax),
                alongAxis(
                        "logSoftmax",
                        Tensor::logSoftmax,
                        x -> Arrays.stream(x).map(v -> v - Slices.logSumExp(x)).toArray()),
                countNonZero());
    }

    /** The entry of a reduction of the elements that are not NaN. */
    private static Entry ofNumbers(String name, Brief brief, Full full, ToDoubleFunction<double[]> reference) {
        return reduction(
                        name,
                        (x, axes) -> brief.of(withNaN(x), axes),
                        (x, dims, axes) -> full.of(withNaN(x), dims, axes),
                        reference)
                .reference((inputs, arguments) -> {
                    Form form = Form.of(arguments);
                    return Slices.reduced(
                            withNaN(inputs[0]),
                            form.dims(),
                            form.axes(1, arguments),
                            x -> reference.applyAsDouble(numbers(x)));
                })
                .axes(1, 3)
                .dims(2, 3)
                .rejects(ofAxes(brief));
    }

    /** The tensor with NaN as its first element. */
    static Tensor withNaN(Tensor x) {
        return Tensor.where(Tensor.of(isFirst(x.shape())), Double.NaN, x);
    }

    /** The array with NaN as its first element. */
    static NdArray withNaN(NdArray x) {
        return NdArray.where(isFirst(x.shape()), Double.NaN, x);
    }

    private static NdArray isFirst(Shape shape) {
        return NdArray.arange(DType.INT32, shape.size()).eq(0).reshape(shape);
    }

    static double[] numbers(double... x) {
        return DoubleStream.of(x).filter(v -> !Double.isNaN(v)).toArray();
    }

    /**
     * The entry of a variance or standard deviation. Forms without an argument for the correction correct by 1; the form with one is called
     * with 0. Reduced axes have at least two elements, since the correction by 1 has no value for one element.
     */
    private static Entry variance(String name, Brief brief, Full full, DoubleUnaryOperator finish) {
        return floating(name, brief, full, x -> 0)
                .reference((inputs, arguments) -> {
                    Form form = Form.of(arguments);
                    int correction = form.isBrief() || form.dims() == Dims.KEEP ? 1 : 0;
                    return Slices.reduced(
                            inputs[0],
                            form.dims(),
                            form.axes(1, arguments),
                            x -> finish.applyAsDouble(Slices.variance(correction, x)));
                })
                .within(Values.between(-3, 3).distinct())
                .axes(1, 3)
                .dims(2, 3)
                .covering(
                        name + "(int[])",
                        name + "(Dims,int[])",
                        name + "(Correction,int[])",
                        name + "(Correction,Dims,int[])");
    }

    private static Entry vectorNorm(String name, double... orders) {
        return entry(name, (t, arguments) -> {
                    Form form = Form.of(arguments);
                    double p = orders[arguments[1]];
                    int[] axes = form.axes(2, arguments);
                    return form.isBrief() ? t[0].vectorNorm(p, axes) : t[0].vectorNorm(p, form.dims(), axes);
                })
                .shapes("(...)")
                .within(Values.between(-3, 3).awayFrom(0).gap(0.3))
                .argumentsOf(shape -> Combinators.combine(
                                oneOf(Form.values().length), oneOf(orders.length), Axes.some(shape))
                        .as((form, p, axes) -> joined(new int[] {form, p}, axes)))
                .reference((inputs, arguments) -> {
                    Form form = Form.of(arguments);
                    return Slices.reduced(
                            inputs[0], form.dims(), form.axes(2, arguments), x -> Slices.norm(orders[arguments[1]], x));
                })
                .order(2)
                .covering("vectorNorm(double,int[])", "vectorNorm(double,Dims,int[])");
    }

    private static Entry norm() {
        return vectorNorm("vectorNorm", ORDERS)
                .rejects("an axis out of range", x -> x.vectorNorm(2, 2), "axis 2 … [2, 3] … -2 to 1")
                .rejects("p = NaN", x -> x.vectorNorm(Double.NaN), "p is NaN … pass a number")
                .rejects("INT32 elements", x -> x.to(DType.INT32).vectorNorm(2), "INT32 … to(FLOAT64)");
    }

    private static Entry normOfSomething() {
        return vectorNorm("vectorNorm of order ±∞ or negative", ORDERS_OF_SOMETHING)
                // Elements have different absolute values: at equal ones the maximum has a kink.
                .within(Values.between(-3, -0.3).distinct())
                // For no elements, these norms have no value.
                .except(OperationCheck.EMPTY)
                .rejects("p = ∞ of nothing", x -> x.slice(1, 0, 0).vectorNorm(INF, 1), "[2, 0] … largest")
                .rejects("p = −∞ of nothing", x -> x.slice(1, 0, 0).vectorNorm(-INF), "[2, 0] … no norm of order -Inf")
                .rejects("p = −1 of nothing", x -> x.slice(1, 0, 0).vectorNorm(-1), "[2, 0] … no norm of order -1");
    }

    private static Entry normalize() {
        return entry("normalize", (t, arguments) -> switch (arguments[0]) {
                    case 0 -> t[0].normalize(arguments[1], 2);
                    case 1 -> t[0].normalize(arguments[1], 3);
                    default -> t[0].normalize(arguments[1], 1, 20);
                })
                .shapes("(...)->(...)")
                .axes(1, 3)
                .within(Values.between(-3, 3).awayFrom(0).gap(0.3))
                .arguments(formAndAxis(3))
                .reference((inputs, arguments) -> Slices.along(inputs[0], arguments[1], x -> {
                    double length = arguments[0] == 2 ? 20 : Slices.norm(arguments[0] == 0 ? 2 : 3, x);
                    return DoubleStream.of(x).map(v -> v / length).toArray();
                }))
                .order(2)
                .covering("normalize(int,double)", "normalize(int,double,double)")
                .rejects("an axis out of range", x -> x.normalize(2, 2), "axis 2 … [2, 3] … -2 to 1")
                .rejects("ε = 0", x -> x.normalize(1, 2, 0), "eps is 0.0 … positive")
                .rejects("INT32 elements", x -> x.to(DType.INT32).normalize(1, 2), "INT32 … to(FLOAT64)");
    }

    @FunctionalInterface
    interface Along {
        Tensor of(Tensor x, int axis);
    }

    /** The entry of an operation along one axis whose result has the shape of its input. */
    static Entry alongAxis(String name, Along function, UnaryOperator<double[]> reference) {
        return entry(name, (t, axis) -> function.of(t[0], axis[0]))
                .shapes("(...)->(...)")
                .axes(1, 3)
                .argumentsOf(shape -> Axes.one(shape).map(axis -> new int[] {axis}))
                .reference((inputs, axis) -> Slices.along(inputs[0], axis[0], reference))
                .order(2)
                .covering(name + "(int)")
                .rejects("an axis out of range", x -> function.of(x, 2), "axis 2 … [2, 3] … -2 to 1")
                .rejects("no axes", x -> function.of(x.sum(), 0), "axis 0 … [] … no axes")
                .rejects("BOOL elements", x -> function.of(x.to(DType.BOOL), 0), "BOOL … to(FLOAT64)");
    }

    private static Entry countNonZero() {
        return reduction(
                        "countNonZero",
                        Tensor::countNonZero,
                        Tensor::countNonZero,
                        x -> DoubleStream.of(x).filter(v -> v != 0).count())
                .within(Values.between(-1, 1).withSpecials())
                .order(0)
                .rejects("an axis out of range", x -> x.countNonZero(-3), "axis -3 … [2, 3] … -2 to 1")
                .rejects("an axis named twice", x -> x.countNonZero(1, 1), "axis 1 … twice … [1, 1]")
                .rejects("no axes", x -> x.sum().countNonZero(0), "axis 0 … [] … no axes");
    }

    // ---- golden rows and special values ----

    private static Golden goldenOf(Full function) {
        return (t, a) -> function.of(t[0], a.dims(), a.integers("axis"));
    }

    @Override
    public Map<String, Golden> golden() {
        Map<String, Golden> all = new HashMap<>(Map.ofEntries(
                Map.entry("sum", goldenOf(Tensor::sum)),
                Map.entry("mean", goldenOf(Tensor::mean)),
                Map.entry("prod", goldenOf(Tensor::prod)),
                Map.entry("logsumexp", goldenOf(Tensor::logSumExp)),
                Map.entry(
                        "var", (t, a) -> t[0].var(new Correction(a.integer("ddof", 1)), a.dims(), a.integers("axis"))),
                Map.entry(
                        "std", (t, a) -> t[0].std(new Correction(a.integer("ddof", 1)), a.dims(), a.integers("axis"))),
                Map.entry("vectorNorm", (t, a) -> t[0].vectorNorm(order(a.text("p")), a.dims(), a.integers("axis"))),
                Map.entry("softmax", (t, a) -> t[0].softmax(a.integer("axis"))),
                Map.entry("logSoftmax", (t, a) -> t[0].logSoftmax(a.integer("axis"))),
                Map.entry(
                        "normalize",
                        (t, a) -> t[0].normalize(
                                a.integer("axis", 1), a.has("p") ? order(a.text("p")) : 2, a.number("eps", 1e-12)))));
        all.replaceAll((name, golden) -> golden.ofScalarsToo());
        return all;
    }

    private static double order(String p) {
        return Double.parseDouble(p.replace("inf", "Infinity"));
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        return Map.ofEntries(
                Map.entry("norm2", t -> t[0].vectorNorm(2)),
                Map.entry("linalg.norm", t -> t[0].vectorNorm(2)),
                Map.entry("sqrt(sum sq)", t -> t[0].square().sum().sqrt()),
                Map.entry("norm1", t -> t[0].vectorNorm(1)),
                Map.entry("norm inf", t -> t[0].vectorNorm(INF)),
                Map.entry("norm -inf", t -> t[0].vectorNorm(-INF)),
                Map.entry("norm .5", t -> t[0].vectorNorm(0.5)),
                Map.entry("norm 1.5", t -> t[0].vectorNorm(1.5)),
                Map.entry("norm 3", t -> t[0].vectorNorm(3)),
                Map.entry("norm -1", t -> t[0].vectorNorm(-1)),
                Map.entry("norm empty", t -> t[0].vectorNorm(2)),
                Map.entry("normalize 0", t -> t[0].normalize(0, 2)),
                Map.entry("prod zero1", t -> t[0].prod()),
                Map.entry("prod zero2", t -> t[0].prod()),
                Map.entry("prod zero3", t -> t[0].prod()),
                Map.entry("prod empty", t -> t[0].prod()),
                Map.entry("logsumexp", t -> t[0].logSumExp()),
                Map.entry("logsumexp -inf", t -> t[0].logSumExp()),
                Map.entry("logsumexp mixed inf", t -> t[0].logSumExp()),
                Map.entry("logsumexp +inf", t -> t[0].logSumExp()),
                Map.entry("logsumexp empty", t -> t[0].logSumExp()),
                Map.entry("softmax", t -> t[0].softmax(0).mul(Tensor.of(1, 2, 3))),
                Map.entry("softmax all -inf", t -> t[0].softmax(0)),
                Map.entry("softmax one -inf", t -> t[0].softmax(0).mul(Tensor.of(1, 2))),
                Map.entry("softmax empty", t -> t[0].softmax(0)),
                Map.entry("log_softmax", t -> t[0].logSoftmax(0).slice(0, 0, 1)),
                Map.entry("std one", t -> t[0].std()),
                Map.entry("std const", t -> t[0].std()),
                Map.entry("std tenths", t -> t[0].std()),
                Map.entry("var one", t -> t[0].var()),
                Map.entry("var correction 3", t -> t[0].var(new Correction(3))),
                Map.entry("std correction 3", t -> t[0].std(new Correction(3))),
                Map.entry("var unbiased=F one", t -> t[0].var(Correction.NONE)),
                Map.entry("nansum", t -> t[0].nanSum()),
                Map.entry("nanmean", t -> t[0].nanMean()),
                Map.entry("nanmean of none", t -> t[0].nanMean()),
                Map.entry("sum empty", t -> t[0].sum()),
                Map.entry("mean empty", t -> t[0].mean()));
    }
}
