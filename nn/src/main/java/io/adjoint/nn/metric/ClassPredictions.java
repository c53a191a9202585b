package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** Predicted and actual classes of a batch. */
@SuppressWarnings("ArrayRecordComponent") // predictions are not compared
record ClassPredictions(int[] predicted, int[] actual) {
    /** The name of the setting for multi-label predictions, for messages. */
    static final String MULTI_LABEL = "multiLabel() of the metric";

    /**
     * Reads predicted and actual classes. Predictions {@code [N, C, d…]} for targets {@code [N, d…]} are scores, and the class with the
     * largest score is predicted. Predictions of the targets' shape are the classes themselves, or floating scores, which predict class 1
     * if they are above the threshold.
     *
     * @param ofLabels the name of the setting for multi-label predictions, which the message proposes if predictions {@code [N, L]} may be
     *     multi-label; null if each element is certainly a sample
     */
    static ClassPredictions of(
            String metric, Tensor prediction, Tensor target, double threshold, @Nullable String ofLabels) {
        Shape shape = prediction.shape();
        if (shape.equals(target.shape())) {
            int samples = shape.rank() == 0 ? 1 : shape.dim(0);
            if (ofLabels != null && shape.rank() > 1 && !shape.equals(column(shape))) {
                throw new ShapeException(metric + ": predictions " + shape + " of the targets' shape "
                        + (shape.rank() == 2
                                ? "may be of " + samples
                                        + " samples with several labels each, or of a sample for each element; for labels use "
                                        + ofLabels
                                        + (target.dtype().isFloating()
                                                ? ", for one-hot targets pass target.argMax(1)"
                                                : "")
                                        + ", for samples"
                                : "are of a sample for each element;")
                        + " pass flatten() of both");
            }
            int[] actual = targets(metric, target);
            return new ClassPredictions(predicted(metric, prediction, threshold), actual);
        }
        requireScores(metric, prediction, target);
        int[] actual = classes(metric, target);
        if (shape.dim(1) == 0) {
            throw new ShapeException(metric + ": there are no classes in predictions " + shape);
        }
        if (prediction.data().test((DoublePredicate) Double::isNaN).sum().item() > 0) {
            throw new IllegalArgumentException(metric + ": there is a NaN among the scores " + shape);
        }
        ClassPredictions classes =
                new ClassPredictions(prediction.data().argMax(1).toIntArray(), actual);
        requireBelow(metric, shape.dim(1), actual);
        return classes;
    }

    /** A shape with the size of axis 0 unchanged and all other sizes 1. */
    private static Shape column(Shape shape) {
        int[] dims = new int[shape.rank()];
        Arrays.fill(dims, 1);
        dims[0] = shape.dim(0);
        return Shape.of(dims);
    }

    /**
     * Reads predictions and targets {@code [N, L]} of L labels, row by row, as classes 0 and 1. Predictions are labels 0 or 1, or floating
     * scores, which predict 1 if they are above the threshold.
     */
    static ClassPredictions ofLabels(String metric, Tensor prediction, Tensor target, double threshold) {
        requireLabels(metric, prediction, target);
        int[] predicted =
                prediction.dtype().isFloating() ? predicted(metric, prediction, threshold) : labels(metric, prediction);
        return new ClassPredictions(predicted, labels(metric, target));
    }

    /** The predicted classes: integer predictions themselves; for floating scores 1 above the threshold, otherwise 0. */
    private static int[] predicted(String metric, Tensor prediction, double threshold) {
        if (!prediction.dtype().isFloating()) {
            return classes(metric, prediction);
        }
        double[] scores = prediction.data().toDoubleArray();
        int[] predicted = new int[scores.length];
        for (int k = 0; k < scores.length; k++) {
            requireNumber(metric, scores[k], k);
            predicted[k] = scores[k] > threshold ? 1 : 0;
        }
        return predicted;
    }

    /** Checks that predictions are floating scores of classes {@code [N, C, d…]} for targets {@code [N, d…]}. */
    static void requireScores(String metric, Tensor prediction, Tensor target) {
        Shape shape = prediction.shape();
        if (shape.rank() < 2 || !shape.reduce(metric, Dims.DROP, 1).equals(target.shape())) {
            throw new ShapeException(
                    metric + ": expected scores [N, C, ...] of classes for targets [N, ...], or predictions"
                            + " of the targets' shape, got " + shape + " for " + target.shape());
        }
        if (shape.dim(1) == 1) {
            throw new ShapeException(
                    metric + ": predictions " + shape + " are scores of one class; of a binary model, pass"
                            + " scores of the targets' shape: squeeze(1)");
        }
        prediction.dtype().requireFloating(metric);
    }

    /** Permutes scores {@code [N, C, d…]} to {@code [N, d…, C]}, so that the scores of a target are consecutive. */
    static NdArray classesLast(Tensor scores) {
        int rank = scores.shape().rank();
        int[] axes = new int[rank];
        for (int axis = 1; axis < rank; axis++) {
            axes[axis] = axis == rank - 1 ? 1 : axis + 1;
        }
        return scores.data().permute(axes);
    }

    static void requireNumber(String metric, double score, int position) {
        if (Double.isNaN(score)) {
            throw new IllegalArgumentException(metric + ": the score at position " + position + " is NaN");
        }
    }

    static void requireBelow(String metric, int classes, int... indices) {
        for (int index : indices) {
            if (index >= classes) {
                throw new IllegalArgumentException(
                        metric + ": class " + index + " is out of range for " + classes + " classes");
            }
        }
    }

    /** Refuses to change a setting after samples were counted. */
    static void requireNoUpdate(String metric, String setting, long samples) {
        if (samples > 0) {
            throw new IllegalStateException(
                    metric + ": " + setting + " must be set before the first update, or after reset(), but " + samples
                            + " samples are counted");
        }
    }

    /** Checks that targets are labels {@code [N, L]} and predictions have their shape. */
    static void requireLabels(String metric, Tensor prediction, Tensor target) {
        Shape shape = target.shape();
        if (shape.rank() != 2 || shape.dim(1) == 0 || !shape.equals(prediction.shape())) {
            throw new ShapeException(metric + ": expected predictions [N, L] of L labels for targets [N, L], got "
                    + prediction.shape() + " for " + shape);
        }
    }

    /** Reads labels 0 and 1 of any dtype. */
    static int[] labels(String metric, Tensor target) {
        int[] labels = targets(metric, target);
        for (int label : labels) {
            if (label > 1) {
                throw new IllegalArgumentException(metric + ": a label is 0 or 1, got " + label);
            }
        }
        return labels;
    }

    /**
     * The classes of targets that have the predictions' shape: as {@link #classes}, or floating 0 and 1 like the targets of binary losses.
     */
    static int[] targets(String metric, Tensor target) {
        if (!target.dtype().isFloating()) {
            return classes(metric, target);
        }
        double[] values = target.data().toDoubleArray();
        int[] classes = new int[values.length];
        for (int k = 0; k < values.length; k++) {
            if (values[k] != 0 && values[k] != 1) {
                throw new IllegalArgumentException(metric + ": a floating target is class 0 or class 1, got "
                        + values[k] + " at position " + k
                        + "; of indices of classes pass target.to(INT32), of probabilities target.gt(0.5)");
            }
            classes[k] = (int) values[k];
        }
        return classes;
    }

    /** Reads INT32 classes, or BOOL elements, where true is class 1. */
    static int[] classes(String metric, Tensor indices) {
        if (indices.dtype().isFloating()) {
            throw new DTypeException(metric + ": classes are INT32, or BOOL if there are two, but the targets "
                    + indices.shape() + " are " + indices.dtype() + "; convert them with to(INT32)");
        }
        int[] classes = indices.data().to(DType.INT32).toIntArray();
        for (int index : classes) {
            if (index < 0) {
                throw new IllegalArgumentException(metric + ": class " + index + " is negative");
            }
        }
        return classes;
    }

    int size() {
        return actual.length;
    }

    int predicted(int k) {
        return predicted[k];
    }

    int actual(int k) {
        return actual[k];
    }

    /** The largest predicted or actual class; −1 if there are no samples. */
    int largest() {
        int largest = -1;
        for (int k = 0; k < actual.length; k++) {
            largest = Math.max(largest, Math.max(actual[k], predicted[k]));
        }
        return largest;
    }
}
