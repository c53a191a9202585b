package io.adjoint.proof;

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
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

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

    private MetricCatalogue() {}

    private static Average average(Arguments a) {
        return Average.valueOf(a.text("average").toUpperCase(Locale.ROOT));
    }
}
