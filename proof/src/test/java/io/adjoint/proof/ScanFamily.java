package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.ReductionFamily.alongAxis;
import static io.adjoint.proof.ReductionFamily.formAndAxis;
import static io.adjoint.proof.ReductionFamily.numbers;
import static io.adjoint.proof.ReductionFamily.oneOf;
import static io.adjoint.proof.ReductionFamily.withNaN;

import io.adjoint.autograd.IndexedValues;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.testkit.Axes;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.Combinators;

/** The catalogue's entries for extremes, ranks and scans along an axis. */
final class ScanFamily implements Family {
    private static final Values DISTINCT = Values.between(-20, 20).distinct();
    private static final double[] PARTS = {0, 0.25, 0.5, 0.9, 1};

    @Override
    public String title() {
        return "Extremes, ranks and scans";
    }

    @Override
    public List<Entry> entries() {
        return List.of(
                extreme("amax", "max", Tensor::amax, Tensor::amax, Tensor::max, Slices::max),
                extreme("amin", "min", Tensor::amin, Tensor::amin, Tensor::min, Slices::min),
                chosen("max", Tensor::max, Tensor::max, Slices::max),
                chosen("min", Tensor::min, Tensor::min, Slices::min),
                chosen("median", Tensor::median, Tensor::median, ScanFamily::median),
                medianOfAll("median of all", x -> x, Tensor::median),
                chosen(
                                "nanMedian",
                                (x, axis) -> withNaN(x).nanMedian(axis),
                                (x, dims, axis) -> withNaN(x).nanMedian(dims, axis),
                                ScanFamily::median)
                        .reference((inputs, a) -> Slices.reduced(
                                withNaN(inputs[0]), dims(a[0]), new int[] {a[1]}, x -> median(numbers(x))))
                        .dims(2, 4),
                medianOfAll(
                        "nanMedian of all",
                        x -> Tensor.concat(0, Tensor.of(Double.NaN).to(x.dtype()), x.flatten()),
                        Tensor::nanMedian),
                chosen("mode", Tensor::mode, Tensor::mode, ModeEntries::mode),
                ModeEntries.indices(),
                quantile("quantile", Tensor::quantile, Tensor::quantile, Tensor::quantile)
                        .rejects("INT32 elements", x -> x.to(DType.INT32).quantile(0.5), "INT32 … to(FLOAT64)"),
                quantile(
                                "nanQuantile",
                                (x, q) -> withNaN(x).nanQuantile(q),
                                (x, q, axis) -> withNaN(x).nanQuantile(q, axis),
                                (x, q, dims, axis) -> withNaN(x).nanQuantile(q, dims, axis))
                        .reference((inputs, a) -> Slices.reduced(
                                withNaN(inputs[0]),
                                dims(a[0]),
                                a[0] == 2 ? new int[0] : new int[] {a[1]},
                                x -> quantile(PARTS[a[2]], numbers(x))))
                        .dims(2, 4)
                        .rejects("INT32 elements", x -> x.to(DType.INT32).nanQuantile(0.5), "INT32 … to(FLOAT64)"),
                indices(),
                argExtreme("argMax", Tensor::argMax, Tensor::argMax, Tensor::argMax, (a, b) -> b > a ? 1 : 0),
                argExtreme("argMin", Tensor::argMin, Tensor::argMin, Tensor::argMin, (a, b) -> b < a ? 1 : 0),
                alongAxis("cumsum", Tensor::cumsum, x -> scan(Double::sum, x)),
                alongAxis("cumprod", Tensor::cumprod, x -> scan((a, b) -> a * b, x)),
                alongAxis("logCumsumExp", Tensor::logCumsumExp, x -> scan(ScanFamily::logAddExp, x)),
                soFar("cummax", (x, axis) -> x.cummax(axis).values(), Math::max),
                soFar("cummin", (x, axis) -> x.cummin(axis).values(), Math::min),
                diff());
    }

    private static double logAddExp(double a, double b) {
        double greater = Math.max(a, b);
        return greater + Math.log1p(Math.exp(Math.min(a, b) - greater));
    }

    private static double[] scan(DoubleBinaryOperator step, double... x) {
        double[] result = x.clone();
        for (int k = 1; k < x.length; k++) {
            result[k] = step.applyAsDouble(result[k - 1], x[k]);
        }
        return result;
    }

    private static double median(double... x) {
        return DoubleStream.of(x).sorted().toArray()[(x.length - 1) / 2];
    }

    // ---- extremes over axes ----

    private static Entry extreme(
            String name,
            String all,
            ReductionFamily.Brief brief,
            ReductionFamily.Full full,
            Function<Tensor, Tensor> ofAll,
            ToDoubleFunction<double[]> reference) {
        String adjective = name.equals("amax") ? "largest" : "smallest";
        return ReductionFamily.reduction(
                        name, (x, axes) -> axes.length == 0 ? ofAll.apply(x) : brief.of(x, axes), full, reference)
                .within(DISTINCT)
                // A tensor without elements has no extreme.
                .except(OperationCheck.EMPTY)
                .covering(name + "(int[])", name + "(Dims,int[])", all + "()")
                .rejects("an axis out of range", x -> brief.of(x, 2), "axis 2 … [2, 3] … -2 to 1")
                .rejects("an axis named twice", x -> full.of(x, Dims.KEEP, 0, -2), "axis -2 … twice … [0, -2]")
                .fails("nothing", x -> ofAll.apply(x.slice(0, 0, 0)), all + ": … [0, 3] … no elements")
                .rejects(
                        "nothing over several axes",
                        x -> brief.of(x.unsqueeze(1).slice(0, 0, 0), 0, 2),
                        "[0, 1, 3] … no " + adjective)
                .rejects("BOOL elements", x -> brief.of(x.to(DType.BOOL)), "BOOL … to(FLOAT64)");
    }

    // ---- extremes along one axis; arguments: a number for the form of the call, and the axis ----

    @FunctionalInterface
    private interface OfAxis<T> {
        T of(Tensor x, int axis);
    }

    @FunctionalInterface
    private interface OfAxisKept<T> {
        T of(Tensor x, Dims dims, int axis);
    }

    /** The axis is kept in the form that the argument 1 stands for. */
    private static Dims dims(int form) {
        return form == 1 ? Dims.KEEP : Dims.DROP;
    }

    private static Entry alongOne(String name, OfAxis<Tensor> brief, OfAxisKept<Tensor> full) {
        return entry(name, (t, a) -> a[0] == 0 ? brief.of(t[0], a[1]) : full.of(t[0], dims(a[0]), a[1]))
                .shapes("(...)")
                .axes(1, 3)
                .within(DISTINCT)
                .arguments(formAndAxis(3))
                // Without elements, there is none to choose.
                .except(OperationCheck.EMPTY);
    }

    private static Entry chosen(
            String name,
            OfAxis<IndexedValues> brief,
            OfAxisKept<IndexedValues> full,
            ToDoubleFunction<double[]> reference) {
        return alongOne(
                        name,
                        (x, axis) -> brief.of(x, axis).values(),
                        (x, dims, axis) -> full.of(x, dims, axis).values())
                .reference((inputs, a) -> Slices.reduced(inputs[0], dims(a[0]), new int[] {a[1]}, reference))
                .order(2)
                .covering(name + "(int)", name + "(Dims,int)")
                .rejects("an axis out of range", x -> brief.of(x, 2), "axis 2 … [2, 3] … -2 to 1")
                .rejects("nothing", x -> full.of(x.slice(0, 0, 0), Dims.KEEP, 0), "axis 0 … [0, 3] … no elements")
                .rejects("no axes", x -> brief.of(x.sum(), 0), "axis 0 … [] … no axes");
    }

    private static Entry medianOfAll(String name, UnaryOperator<Tensor> before, UnaryOperator<Tensor> median) {
        Entry entry = entry(name, t -> median.apply(before.apply(t[0])))
                .shapes("(...)->()")
                .within(DISTINCT)
                .reference((inputs, none) -> Slices.reduced(inputs[0], Dims.DROP, none, ScanFamily::median))
                .order(2)
                // A tensor without elements has no median.
                .except(OperationCheck.EMPTY)
                .rejects("nothing", x -> median.apply(x.slice(0, 0, 0)), "[0, 3] … no elements")
                .rejects("nothing, without rows", x -> median.apply(x.slice(1, 0, 0)), "[2, 0] … no elements")
                .fails(
                        "backward with another shape",
                        x -> {
                            Tensor value = median.apply(x);
                            value.backward(Tensor.of(1, 2));
                            return value;
                        },
                        "backward … [2] … []");
        return entry.covering(entry.row() + "()");
    }

    @FunctionalInterface
    private interface OfAll {
        Tensor of(Tensor x, double q);
    }

    @FunctionalInterface
    private interface Along {
        Tensor of(Tensor x, double q, int axis);
    }

    @FunctionalInterface
    private interface AlongKept {
        Tensor of(Tensor x, double q, Dims dims, int axis);
    }

    private static Entry quantile(String name, OfAll all, Along along, AlongKept kept) {
        return entry(name, (t, a) -> {
                    double q = PARTS[a[2]];
                    return switch (a[0]) {
                        case 0 -> along.of(t[0], q, a[1]);
                        case 1 -> kept.of(t[0], q, Dims.KEEP, a[1]);
                        default -> all.of(t[0], q);
                    };
                })
                .shapes("(...)")
                .axes(1, 3)
                .within(DISTINCT)
                .argumentsOf(shape -> Combinators.combine(oneOf(3), Axes.one(shape), oneOf(PARTS.length))
                        .as((form, axis, part) -> new int[] {form, axis, part}))
                .reference((inputs, a) -> Slices.reduced(
                        inputs[0],
                        dims(a[0]),
                        a[0] == 2 ? new int[0] : new int[] {a[1]},
                        x -> quantile(PARTS[a[2]], x)))
                .order(2)
                // A tensor without elements has no quantiles.
                .except(OperationCheck.EMPTY)
                .covering(name + "(double)", name + "(double,int)", name + "(double,Dims,int)")
                .rejects("q above 1", x -> all.of(x, 1.5), "q is 1.5 … from 0 to 1")
                .rejects("q = NaN", x -> along.of(x, Double.NaN, 0), "q is NaN … from 0 to 1")
                .rejects("an axis out of range", x -> along.of(x, 0.5, 2), "axis 2 … [2, 3] … -2 to 1")
                .rejects("nothing", x -> all.of(x.slice(0, 0, 0), 0.5), "[0, 3] … no elements");
    }

    private static double quantile(double q, double... x) {
        double[] sorted = DoubleStream.of(x).sorted().toArray();
        double position = q * (x.length - 1);
        double below = sorted[(int) Math.floor(position)];
        double above = sorted[(int) Math.ceil(position)];
        return below + (above - below) * (position - Math.floor(position));
    }

    private static Entry argExtreme(
            String name,
            Function<Tensor, Tensor> all,
            OfAxis<Tensor> brief,
            OfAxisKept<Tensor> full,
            DoubleBinaryOperator isMore) {
        return entry(name, (t, a) -> switch (a[0]) {
                    case 0 -> brief.of(t[0], a[1]);
                    case 3 -> all.apply(t[0]);
                    default -> full.of(t[0], dims(a[0]), a[1]);
                })
                .shapes("(...)")
                .axes(1, 3)
                .within(Values.between(-3, 3).withSpecials())
                .arguments(formAndAxis(4))
                .reference((inputs, a) -> Slices.reduced(
                        inputs[0], dims(a[0]), a[0] == 3 ? new int[0] : new int[] {a[1]}, x -> first(isMore, x)))
                .order(0)
                .except(OperationCheck.EMPTY)
                .covering(name + "()", name + "(int)", name + "(Dims,int)")
                .rejects("an axis out of range", x -> brief.of(x, -3), "axis -3 … [2, 3] … -2 to 1")
                .rejects("nothing", x -> all.apply(x.slice(1, 0, 0)), "[2, 0] … no elements")
                .rejects("no axes", x -> full.of(x.sum(), Dims.KEEP, 0), "axis 0 … [] … no axes");
    }

    private static int first(DoubleBinaryOperator isMore, double... x) {
        int best = 0;
        for (int k = 1; k < x.length && !Double.isNaN(x[best]); k++) {
            best = Double.isNaN(x[k]) || isMore.applyAsDouble(x[best], x[k]) == 1 ? k : best;
        }
        return best;
    }

    /** The entry of the indices that max, min, median, cummax and cummin return, also for equal elements. */
    private static Entry indices() {
        List<OfAxis<IndexedValues>> chosen =
                List.of(Tensor::max, Tensor::min, Tensor::median, Tensor::cummax, Tensor::cummin);
        return entry("indices", (t, a) -> chosen.get(a[0]).of(t[0], a[1]).indices())
                .shapes("(...)")
                .axes(1, 3)
                .dims(1, 4)
                .within(Values.integers(-2, 2))
                .arguments(formAndAxis(chosen.size()))
                .reference(ScanFamily::indices)
                .order(0)
                .except(OperationCheck.EMPTY)
                .fails("max of nothing", x -> x.slice(1, 0, 0).max(1), "max … axis 1 … [2, 0] … no elements")
                .fails("median of nothing", x -> x.slice(1, 0, 0).median(1), "median … axis 1 … [2, 0]")
                .fails("cummax of no axis", x -> x.cummax(5), "cummax … axis 5 … [2, 3] … -2 to 1");
    }

    private static NdArray indices(NdArray[] inputs, int... a) {
        ToDoubleFunction<double[]> one = a[0] == 0
                ? x -> first((best, v) -> v > best ? 1 : 0, x)
                : a[0] == 1
                        ? x -> first((best, v) -> v < best ? 1 : 0, x)
                        : x -> IntStream.range(0, x.length)
                                .filter(k -> x[k] == median(x))
                                .findFirst()
                                .orElseThrow();
        int sign = a[0] == 3 ? 1 : -1;
        return a[0] < 3
                ? Slices.reduced(inputs[0], Dims.DROP, new int[] {a[1]}, one)
                : Slices.along(
                        inputs[0],
                        a[1],
                        x -> IntStream.range(0, x.length)
                                .mapToDouble(end -> IntStream.rangeClosed(0, end)
                                        .reduce((best, k) -> sign * x[k] >= sign * x[best] ? k : best)
                                        .orElseThrow())
                                .toArray());
    }

    private static Entry soFar(String name, OfAxis<Tensor> function, DoubleBinaryOperator step) {
        Entry row = alongAxis(name, function::of, x -> scan(step, x));
        return entry(row.operation())
                .within(DISTINCT)
                .covering(name + "(int)")
                .rejects("an axis out of range", x -> function.of(x, 2), "axis 2 … [2, 3] … -2 to 1")
                .rejects("an axis out of range, from the end", x -> function.of(x, -3), "axis -3 … [2, 3]")
                .rejects("no axes", x -> function.of(x.sum(), 0), "axis 0 … [] … no axes");
    }

    private static Entry diff() {
        return entry("diff", (t, a) -> a[0] == 4 ? t[0].diff() : t[0].diff(a[1], a[0]))
                .shapes("(...)")
                .axes(1, 3)
                .arguments(formAndAxis(5))
                .reference((inputs, a) -> Slices.along(inputs[0], a[0] == 4 ? -1 : a[1], x -> {
                    double[] rest = x;
                    for (int k = 0; k < (a[0] == 4 ? 1 : a[0]); k++) {
                        double[] from = rest;
                        rest = IntStream.range(1, Math.max(from.length, 1))
                                .mapToDouble(e -> from[e] - from[e - 1])
                                .toArray();
                    }
                    return rest;
                }))
                .order(2)
                .covering("diff()", "diff(int,int)")
                .rejects("an axis out of range", x -> x.diff(2, 1), "axis 2 … [2, 3] … -2 to 1")
                .rejects("a negative n", x -> x.diff(0, -1), "n is -1 … cumsum")
                .rejects("INT32 elements", x -> x.to(DType.INT32).diff(), "INT32 … to(FLOAT64)");
    }

    // ---- golden rows and special values ----

    @Override
    public Map<String, Golden> golden() {
        Map<String, Golden> all = new HashMap<>(Map.of(
                "amax", (t, a) -> t[0].amax(a.dims(), a.integers("axis")),
                "amin", (t, a) -> t[0].amin(a.dims(), a.integers("axis")),
                "cumsum", (t, a) -> t[0].cumsum(a.integer("axis")),
                "cumprod", (t, a) -> t[0].cumprod(a.integer("axis")),
                "diff", (t, a) -> t[0].diff(a.integer("axis", -1), a.integer("n", 1)),
                "mode",
                        (t, a) -> t[0].indexSelect(a.integer("axis"), a.integers("index"))
                                .mode(a.dims(), a.integer("axis"))
                                .values()));
        all.replaceAll((name, golden) -> golden.ofScalarsToo());
        return all;
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        return Map.ofEntries(
                Map.entry("max all ties", t -> t[0].max()),
                Map.entry("max with nan", t -> t[0].max()),
                Map.entry("min with nan", t -> t[0].min()),
                Map.entry("max dim nan", t -> t[0].max(0).values()),
                Map.entry("amax ties", t -> t[0].amax()),
                Map.entry("amax ties dim", t -> t[0].amax(0)),
                Map.entry("amax zeros", t -> t[0].amax()),
                Map.entry("amax -inf", t -> t[0].amax()),
                Map.entry("max dim ties", t -> t[0].max(0).values()),
                Map.entry("amin all equal", t -> t[0].amin()),
                Map.entry("median ties", t -> t[0].median()),
                Map.entry("median nan", t -> t[0].median()),
                Map.entry("nanmedian", t -> t[0].nanMedian()),
                Map.entry("nanmedian ties", t -> t[0].nanMedian()),
                Map.entry("nanmedian of none", t -> t[0].nanMedian()),
                Map.entry("nanquantile", t -> t[0].nanQuantile(0.4)),
                Map.entry("nanquantile inf", t -> t[0].nanQuantile(0.5)),
                Map.entry("quantile inf", t -> t[0].quantile(0.5)),
                Map.entry("cummax ties", t -> t[0].cummax(0).values()),
                Map.entry("cummin nan", t -> t[0].cummin(0).values()),
                Map.entry("cumprod zero", t -> t[0].cumprod(0)),
                Map.entry("cumprod zero2", t -> t[0].cumprod(0)),
                Map.entry("logcumsumexp -inf", t -> t[0].logCumsumExp(0)));
    }
}
