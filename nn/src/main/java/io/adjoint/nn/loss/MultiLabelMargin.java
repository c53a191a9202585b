package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;

/**
 * The hinge loss of samples that are of several classes at once: {@code Σ max(0, 1 − (x[t] − x[c])) / C} over each target class t of a
 * sample and each class c that is not a target of it, of scores x of C classes.
 *
 * <p>Shapes: scores {@code [N, C]}, or {@code [C]} for one sample. The target has the same shape and is INT32: a row holds the classes of
 * a sample, and ends at the first −1. Where a margin is met exactly the gradient is 0.
 *
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record MultiLabelMargin(Reduction reduction) implements Loss {
    /** The mean. */
    public MultiLabelMargin() {
        this(Reduction.MEAN);
    }

    /** With another reduction. */
    public MultiLabelMargin reduction(Reduction reduction) {
        return new MultiLabelMargin(reduction);
    }

    /**
     * The loss of each sample.
     *
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the target is not INT32, or the prediction is not floating
     * @throws IllegalArgumentException if a class index is out of range
     */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        Shape shape = prediction.shape();
        if (shape.rank() != 1 && shape.rank() != 2) {
            throw new ShapeException("MultiLabelMargin: expected scores [N, C] or [C], got " + shape);
        }
        prediction.dtype().requireFloating("MultiLabelMargin");
        if (target.dtype() != DType.INT32) {
            throw new DTypeException("MultiLabelMargin: class indices are INT32, but the target " + target.shape()
                    + " is " + target.dtype() + "; convert it with to(INT32)");
        }
        if (!target.shape().equals(shape)) {
            throw new ShapeException("MultiLabelMargin: the prediction is " + shape + ", but the target is "
                    + target.shape() + "; they must be equal: end each row of classes with -1");
        }
        int classes = shape.dim(-1);
        Tensor rows = prediction.reshape(shape.rank() == 1 ? 1 : shape.dim(0), classes);
        Tensor losses = losses(rows, Labels.of(target.data().toIntArray(), rows.shape()));
        return reduction.of(shape.rank() == 1 ? losses.squeeze(0) : losses);
    }

    private static Tensor losses(Tensor x, Labels labels) {
        // If no sample has more than K target classes, there are N × K × C margins: of every target class with every
        // class.
        Tensor ofTargets = x.gather(1, labels.classes()).unsqueeze(2);
        Tensor margins = x.unsqueeze(1).sub(ofTargets).add(1);
        return Tensor.where(labels.pairs(), margins, 0)
                .relu()
                .sum(1, 2)
                .div(x.shape().dim(1));
    }

    /**
     * The target classes of each sample, and the pairs of a target class and another class that are compared.
     *
     * @param classes the target classes, INT32 [N, K]; 0 beyond the last target class of a sample
     * @param pairs true for the pairs of a target class and a class that isn't a target, BOOL [N, K, C]
     */
    private record Labels(Tensor classes, Tensor pairs) {
        static Labels of(int[] target, Shape shape) {
            int samples = shape.dim(0);
            int size = shape.dim(1);
            int[] counts = new int[samples];
            int most = 0;
            boolean[] isLabel = new boolean[target.length];
            for (int n = 0; n < samples; n++) {
                while (counts[n] < size && target[n * size + counts[n]] != -1) {
                    isLabel[n * size + checked(target[n * size + counts[n]], n, counts[n], size)] = true;
                    counts[n]++;
                }
                most = Math.max(most, counts[n]);
            }
            int width = most;
            NdArray classes = NdArray.generate(
                    DType.INT32,
                    Shape.of(samples, width),
                    k -> k % width < counts[k / width] ? target[k / width * size + k % width] : 0);
            NdArray pairs = NdArray.generate(DType.BOOL, Shape.of("MultiLabelMargin", samples, width, size), k -> {
                int n = k / size / width;
                return k / size % width < counts[n] && !isLabel[n * size + k % size] ? 1 : 0;
            });
            return new Labels(Tensor.of(classes), Tensor.of(pairs));
        }

        private static int checked(int index, int sample, int position, int classes) {
            if (index < 0 || index >= classes) {
                throw new IllegalArgumentException("MultiLabelMargin: target " + index + " at [" + sample + ", "
                        + position + "] is out of range for " + classes + " classes; expected 0 to " + (classes - 1)
                        + ", or -1 to end the row");
            }
            return index;
        }
    }
}
