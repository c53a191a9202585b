package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.metric.AveragePrecision;
import io.adjoint.nn.metric.CalibrationCurve;
import io.adjoint.nn.metric.CalibrationError;
import io.adjoint.nn.metric.ClassReport;
import io.adjoint.nn.metric.ClassScore;
import io.adjoint.nn.metric.Metric;
import io.adjoint.nn.metric.PrecisionRecallCurve;
import io.adjoint.nn.metric.RankingMetric;
import io.adjoint.nn.metric.RocAuc;
import io.adjoint.nn.metric.RocCurve;

/** Computes a golden row of a metric in a dtype, and compares its value, classes, curves and descriptions. */
record MetricReplay(JsonObject row, DType dtype) {
    /** Computes the row twice, to test that a reset clears the metric's state. */
    void run() {
        String name = row.get("name").getAsString();
        Metric metric = MetricCatalogue.ROWS.stream()
                .filter(candidate -> candidate.type().getSimpleName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no row of the catalogue is of " + name))
                .golden()
                .apply(new Arguments(row.getAsJsonObject("args")));
        for (int run = 0; run < 2; run++) {
            metric.reset();
            for (JsonElement batch : row.getAsJsonArray("batches")) {
                JsonObject both = batch.getAsJsonObject();
                metric.update(tensor(both, "prediction"), tensor(both, "target"));
            }
            double expected = row.get("value").getAsDouble();
            assertNear(metric.value(), expected);
            if (row.has("perClass")) {
                assertNear(
                        metric instanceof ClassScore<?> score
                                ? score.perClass()
                                : ((RankingMetric<?, ?>) metric).perClass(),
                        row,
                        "perClass");
            }
            if (row.has("curve")) {
                assertCurves(metric);
            }
            if (row.has("texts")) {
                row.getAsJsonObject("texts")
                        .entrySet()
                        .forEach(text -> assertThat(((ClassReport) metric).text(Integer.parseInt(text.getKey())))
                                .isEqualTo(text.getValue().getAsString()));
            }
        }
    }

    private double tolerance() {
        return dtype == DType.FLOAT64 ? 1e-10 : 1e-5;
    }

    private Tensor tensor(JsonObject batch, String name) {
        Tensor tensor = GoldenRows.tensor(batch.getAsJsonObject(name));
        return tensor.dtype().isFloating() ? tensor.to(dtype) : tensor;
    }

    private void assertCurves(Metric metric) {
        JsonObject expected = row.getAsJsonObject("curve");
        if (metric instanceof CalibrationError error) {
            CalibrationCurve curve = error.curve();
            assertNear(curve.confidence(), expected, "confidence");
            assertNear(curve.fractionRight(), expected, "fractionRight");
            assertNear(curve.counts(), expected, "counts");
        } else if (metric instanceof RocAuc area) {
            RocCurve curve =
                    expected.has("index") ? area.curve(expected.get("index").getAsInt()) : area.curve();
            assertCurve(curve, expected);
            assertCurve(curve.withoutIntermediate(), row.getAsJsonObject("withoutIntermediate"));
        } else {
            AveragePrecision precision = (AveragePrecision) metric;
            PrecisionRecallCurve curve = expected.has("index")
                    ? precision.curve(expected.get("index").getAsInt())
                    : precision.curve();
            assertCurve(curve, expected);
            assertCurve(curve.withoutIntermediate(), row.getAsJsonObject("withoutIntermediate"));
        }
    }

    private void assertCurve(RocCurve curve, JsonObject expected) {
        assertNear(curve.thresholds(), expected, "thresholds");
        assertNear(curve.falsePositiveRate(), expected, "falsePositiveRate");
        assertNear(curve.truePositiveRate(), expected, "truePositiveRate");
        assertNear(curve.area(), expected.get("area").getAsDouble());
    }

    private void assertCurve(PrecisionRecallCurve curve, JsonObject expected) {
        assertNear(curve.thresholds(), expected, "thresholds");
        assertNear(curve.precision(), expected, "precision");
        assertNear(curve.recall(), expected, "recall");
        assertNear(curve.area(), expected.get("area").getAsDouble());
    }

    private void assertNear(double actual, double expected) {
        if (Double.isNaN(expected)) {
            assertThat(actual).isNaN();
        } else {
            assertThat(actual).isCloseTo(expected, within(tolerance() * Math.max(1, Math.abs(expected))));
        }
    }

    private void assertNear(NdArray actual, JsonObject object, String name) {
        assertThat(actual.toDoubleArray())
                .as(name)
                .containsExactly(
                        object.getAsJsonArray(name).asList().stream()
                                .mapToDouble(JsonElement::getAsDouble)
                                .toArray(),
                        within(tolerance()));
    }
}
