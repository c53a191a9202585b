package io.adjoint.proof;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.metric.Average;
import io.adjoint.nn.metric.AveragePrecision;
import io.adjoint.nn.metric.BalancedAccuracy;
import io.adjoint.nn.metric.BrierScore;
import io.adjoint.nn.metric.CalibrationError;
import io.adjoint.nn.metric.ClassReport;
import io.adjoint.nn.metric.ClassScore;
import io.adjoint.nn.metric.CohenKappa;
import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.metric.F1;
import io.adjoint.nn.metric.FBeta;
import io.adjoint.nn.metric.Jaccard;
import io.adjoint.nn.metric.LogLoss;
import io.adjoint.nn.metric.MatthewsCorrelation;
import io.adjoint.nn.metric.MeanAbsoluteError;
import io.adjoint.nn.metric.MeanAbsolutePercentageError;
import io.adjoint.nn.metric.MeanSquaredError;
import io.adjoint.nn.metric.Metric;
import io.adjoint.nn.metric.Perplexity;
import io.adjoint.nn.metric.Precision;
import io.adjoint.nn.metric.R2;
import io.adjoint.nn.metric.RankingMetric;
import io.adjoint.nn.metric.Recall;
import io.adjoint.nn.metric.RocAuc;
import io.adjoint.nn.metric.RootMeanSquaredError;
import io.adjoint.nn.metric.Specificity;
import io.adjoint.nn.metric.TopKAccuracy;
import io.adjoint.testkit.MetricSpec;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/** The catalogue of nn's metrics. Each row creates its metric from the arguments of a golden row. */
final class MetricCatalogue {
    record Row(Class<? extends Metric> type, Function<Arguments, Metric> golden) {}

    static final List<Row> ROWS = List.of(
            new Row(Accuracy.class, a -> {
                Accuracy accuracy = new Accuracy().threshold(threshold(a));
                return a.flag("multiLabel") ? accuracy.multiLabel() : accuracy;
            }),
            new Row(TopKAccuracy.class, a -> new TopKAccuracy(a.integer("k"))),
            ofClasses(Precision.class, Precision::new),
            ofClasses(Recall.class, Recall::new),
            ofClasses(F1.class, F1::new),
            new Row(FBeta.class, a -> ofLabels(a, new FBeta(a.number("beta"), average(a)))),
            ofClasses(Specificity.class, Specificity::new),
            ofClasses(Jaccard.class, Jaccard::new),
            new Row(BalancedAccuracy.class, a -> new BalancedAccuracy().threshold(threshold(a))),
            new Row(MatthewsCorrelation.class, a -> new MatthewsCorrelation().threshold(threshold(a))),
            new Row(
                    CohenKappa.class,
                    a -> new CohenKappa(
                                    a.has("weights")
                                            ? CohenKappa.Weights.valueOf(
                                                    a.text("weights").toUpperCase(Locale.ROOT))
                                            : CohenKappa.Weights.NONE)
                            .threshold(threshold(a))),
            new Row(ConfusionMatrix.class, a -> new ConfusionMatrix(a.integer("classes"))),
            new Row(ClassReport.class, a -> {
                ClassReport report = new ClassReport(a.texts("names").toArray(new String[0])).threshold(threshold(a));
                return a.flag("multiLabel") ? report.multiLabel() : report;
            }),
            new Row(RocAuc.class, a -> ofLabels(a, new RocAuc())),
            new Row(AveragePrecision.class, a -> ofLabels(a, new AveragePrecision())),
            new Row(MeanAbsoluteError.class, a -> new MeanAbsoluteError()),
            new Row(MeanSquaredError.class, a -> new MeanSquaredError()),
            new Row(RootMeanSquaredError.class, a -> new RootMeanSquaredError()),
            new Row(MeanAbsolutePercentageError.class, a -> new MeanAbsolutePercentageError()),
            new Row(R2.class, a -> new R2()),
            new Row(LogLoss.class, a -> new LogLoss()),
            new Row(BrierScore.class, a -> new BrierScore()),
            new Row(CalibrationError.class, a -> new CalibrationError(a.integer("bins"))),
            new Row(Perplexity.class, a -> new Perplexity(a.integer("ignoreIndex", -100))));

    private static final Values SCORES = Values.between(0.02, 0.98).distinct().gap(1e-3);
    private static final Values YES_OR_NO = Values.integers(0, 1);
    private static final Values THREE = Values.integers(0, 2);

    /** Metrics for the testkit's checks, at least one of each class. */
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
            ofClasses("FBeta", () -> new FBeta(2, Average.WEIGHTED)),
            ofClasses("Specificity", () -> new Specificity(Average.MACRO)),
            ofClasses("Jaccard", () -> new Jaccard(Average.MICRO)),
            ofLabels("Accuracy of labels", () -> new Accuracy().multiLabel()),
            ofLabels("F1 of labels", () -> new F1(Average.MICRO).multiLabel()),
            ofLabels("F1 of samples", () -> new F1(Average.SAMPLES).multiLabel()),
            ofLabels("RocAuc of labels", () -> new RocAuc().multiLabel()),
            ofLabels("ClassReport of labels", () -> new ClassReport().multiLabel()),
            ofClasses("BalancedAccuracy", BalancedAccuracy::new),
            ofClasses("MatthewsCorrelation", MatthewsCorrelation::new),
            ofClasses("CohenKappa", () -> new CohenKappa(CohenKappa.Weights.QUADRATIC)),
            ofClasses("ConfusionMatrix", () -> new ConfusionMatrix(3)),
            ofClasses("ClassReport", ClassReport::new),
            ofOneClass("RocAuc", RocAuc::new).reference((scores, target) -> {
                double pairs = 0;
                double all = 0;
                for (int p = 0; p < target.shape().dim(0); p++) {
                    for (int n = 0; n < target.shape().dim(0); n++) {
                        if (target.get(p) == 1 && target.get(n) == 0) {
                            pairs += scores.get(p) > scores.get(n) ? 1 : scores.get(p) == scores.get(n) ? 0.5 : 0;
                            all++;
                        }
                    }
                }
                return pairs / all;
            }),
            ofOneClass("AveragePrecision", AveragePrecision::new),
            ofOneClass("LogLoss", LogLoss::new),
            ofOneClass("BrierScore", BrierScore::new).reference((p, target) -> {
                NdArray difference = p.sub(target.to(DType.FLOAT64));
                return difference.mul(difference).mean().item();
            }),
            ofOneClass("CalibrationError", () -> new CalibrationError(4)),
            MetricSpec.of("MeanAbsoluteError", MeanAbsoluteError::new)
                    .reference((prediction, target) ->
                            prediction.sub(target).map(Math::abs).mean().item()),
            MetricSpec.of("RootMeanSquaredError", RootMeanSquaredError::new).reference((prediction, target) -> {
                NdArray error = prediction.sub(target);
                return Math.sqrt(error.mul(error).mean().item());
            }),
            MetricSpec.of("MeanSquaredError", MeanSquaredError::new).reference((prediction, target) -> {
                NdArray error = prediction.sub(target);
                return error.mul(error).mean().item();
            }),
            MetricSpec.of("MeanAbsolutePercentageError", MeanAbsolutePercentageError::new)
                    .within(Values.between(0.5, 2))
                    .reference((prediction, target) -> prediction
                            .sub(target)
                            .map(Math::abs)
                            .div(target)
                            .mean()
                            .item()),
            // The elements are distinct, so that the sums of squares, whose ratio R2 uses, are not near 0.
            MetricSpec.of("R2", R2::new)
                    .within(Values.between(-2, 2).distinct())
                    .rtol(1e-9)
                    .floatRtol(1e-3),
            ofClasses("Perplexity", Perplexity::new));

    private MetricCatalogue() {}

    private static MetricSpec ofClasses(String name, Supplier<Metric> factory) {
        return MetricSpec.of(name, factory).shapes("(n,3),(n)").within(SCORES, THREE);
    }

    private static MetricSpec ofOneClass(String name, Supplier<Metric> factory) {
        return MetricSpec.of(name, factory).shapes("(n),(n)").within(SCORES, YES_OR_NO);
    }

    private static MetricSpec ofLabels(String name, Supplier<Metric> factory) {
        return MetricSpec.of(name, factory).shapes("(n,3),(n,3)").within(SCORES, YES_OR_NO);
    }

    private static <S extends ClassScore<S>> Row ofClasses(Class<S> type, Function<Average, S> score) {
        return new Row(type, a -> ofLabels(a, score.apply(average(a))));
    }

    private static <S extends ClassScore<S>> Metric ofLabels(Arguments a, S score) {
        S withThreshold = score.threshold(threshold(a));
        return a.flag("multiLabel") ? withThreshold.multiLabel() : withThreshold;
    }

    private static Metric ofLabels(Arguments a, RankingMetric<?, ?> score) {
        return a.flag("multiLabel") ? score.multiLabel() : score;
    }

    private static double threshold(Arguments a) {
        return a.number("threshold", 0.5);
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
