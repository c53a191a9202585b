package io.adjoint.proof;

import io.adjoint.core.NdArray;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.metric.Average;
import io.adjoint.nn.metric.AveragePrecision;
import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.metric.F1;
import io.adjoint.nn.metric.LogLoss;
import io.adjoint.nn.metric.MAE;
import io.adjoint.nn.metric.Metric;
import io.adjoint.nn.metric.Perplexity;
import io.adjoint.nn.metric.Precision;
import io.adjoint.nn.metric.R2;
import io.adjoint.nn.metric.RMSE;
import io.adjoint.nn.metric.Recall;
import io.adjoint.nn.metric.RocAuc;
import io.adjoint.nn.metric.TopKAccuracy;
import io.adjoint.testkit.MetricSpec;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/** A row for each metric of nn, which creates it from the arguments of a golden row. */
final class MetricCatalogue {
    record Row(Class<? extends Metric> type, Function<Arguments, Metric> golden) {}

    static final List<Row> ROWS = List.of(
            new Row(
                    Accuracy.class,
                    a -> a.flag("multiLabel")
                            ? Accuracy.multiLabel(a.number("threshold", 0.5))
                            : new Accuracy(a.number("threshold", 0.5))),
            new Row(TopKAccuracy.class, a -> new TopKAccuracy(a.integer("k"))),
            new Row(
                    Precision.class,
                    a -> a.flag("multiLabel")
                            ? Precision.multiLabel(average(a), a.number("threshold", 0.5))
                            : new Precision(average(a), a.number("threshold", 0.5))),
            new Row(
                    Recall.class,
                    a -> a.flag("multiLabel")
                            ? Recall.multiLabel(average(a), a.number("threshold", 0.5))
                            : new Recall(average(a), a.number("threshold", 0.5))),
            new Row(
                    F1.class,
                    a -> a.flag("multiLabel")
                            ? F1.multiLabel(average(a), a.number("threshold", 0.5))
                            : new F1(average(a), a.number("threshold", 0.5))),
            new Row(ConfusionMatrix.class, a -> new ConfusionMatrix(a.integer("classes"))),
            new Row(RocAuc.class, a -> new RocAuc()),
            new Row(AveragePrecision.class, a -> new AveragePrecision()),
            new Row(MAE.class, a -> new MAE()),
            new Row(RMSE.class, a -> new RMSE()),
            new Row(R2.class, a -> new R2()),
            new Row(LogLoss.class, a -> new LogLoss()),
            new Row(Perplexity.class, a -> new Perplexity(a.integer("ignoreIndex", -100))));

    private static final Values SCORES = Values.between(0.02, 0.98).distinct().gap(1e-3);
    private static final Values YES_OR_NO = Values.integers(0, 1);
    private static final Values THREE = Values.integers(0, 2);

    /** Metrics for the kit, of each class at least one. */
    static final List<MetricSpec> SPECS = List.of(
            ofClasses("Accuracy", Accuracy::new).reference((prediction, target) -> {
                double right = 0;
                for (int n = 0; n < target.shape().dim(0); n++) {
                    right += largest(prediction, n) == target.get(n) ? 1 : 0;
                }
                return right / target.shape().dim(0);
            }),
            ofClasses("TopKAccuracy", () -> new TopKAccuracy(2)),
            ofClasses("Precision", () -> new Precision(Average.MACRO)),
            ofClasses("Recall", () -> new Recall(Average.MACRO)),
            ofClasses("F1", () -> new F1(Average.MACRO)),
            MetricSpec.of("F1 of labels", () -> F1.multiLabel(Average.MICRO, 0.5))
                    .shapes("(n,3),(n,3)")
                    .within(SCORES, YES_OR_NO),
            ofClasses("ConfusionMatrix", () -> new ConfusionMatrix(3)),
            ofOneClass("RocAuc", RocAuc::new),
            ofOneClass("AveragePrecision", AveragePrecision::new),
            ofOneClass("LogLoss", LogLoss::new),
            MetricSpec.of("MAE", MAE::new)
                    .reference((prediction, target) ->
                            prediction.sub(target).map(Math::abs).mean(false).item()),
            MetricSpec.of("RMSE", RMSE::new).reference((prediction, target) -> {
                NdArray error = prediction.sub(target);
                return Math.sqrt(error.mul(error).mean(false).item());
            }),
            // Apart from each other by enough that a ratio of two sums of squares is no matter of rounding.
            MetricSpec.of("R2", R2::new)
                    .within(Values.between(-2, 2).distinct())
                    .tolerance(1e-9)
                    .floatTolerance(1e-3),
            ofClasses("Perplexity", Perplexity::new));

    private MetricCatalogue() {}

    private static MetricSpec ofClasses(String name, Supplier<Metric> factory) {
        return MetricSpec.of(name, factory).shapes("(n,3),(n)").within(SCORES, THREE);
    }

    private static MetricSpec ofOneClass(String name, Supplier<Metric> factory) {
        return MetricSpec.of(name, factory).shapes("(n),(n)").within(SCORES, YES_OR_NO);
    }

    private static int largest(NdArray scores, int row) {
        int largest = 0;
        for (int k = 1; k < scores.shape().dim(1); k++) {
            largest = scores.get(row, k) > scores.get(row, largest) ? k : largest;
        }
        return largest;
    }

    private static Average average(Arguments a) {
        return Average.valueOf(a.text("average").toUpperCase(Locale.ROOT));
    }
}
