package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.nn.data.Batch;
import java.util.Locale;

/** A simple classifier, the baseline of several examples: it predicts the class whose mean of training samples is nearest to a sample. */
final class NearestMean {
    private NearestMean() {}

    /** A line to be printed with the accuracy of this classifier, for inputs {@code [N, …]}. */
    static String baseline(Batch train, Batch test, int classes) {
        return String.format(
                Locale.ROOT,
                "Baseline: the nearest class mean classifies %.1f %% correctly",
                100 * accuracy(train, test, classes));
    }

    /** The fraction of the test samples that this classifier classifies correctly. */
    static double accuracy(Batch train, Batch test, int classes) {
        Tensor x = train.x().flatten(1, -1);
        Tensor members = train.y()
                .unsqueeze(0)
                .eq(Tensor.arange(classes).to(DType.INT32).unsqueeze(1))
                .to(x.dtype());
        Tensor means = members.matmul(x).div(members.sum(Dims.KEEP, 1));
        Tensor distances = test.x().flatten(1, -1).cdist(means);
        return distances.argMin(1).eq(test.y()).mean().item();
    }
}
