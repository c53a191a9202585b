package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.nn.data.Batch;
import java.util.Locale;

/** The simplest classifier, with which the examples compare themselves: a sample is of the class whose mean is nearest. */
final class NearestMean {
    private NearestMean() {}

    /** The accuracy of this classifier, as a line to print; inputs are {@code [N, …]}. */
    static String baseline(Batch train, Batch test, int classes) {
        return String.format(
                Locale.ROOT,
                "Baseline: the nearest mean of a class is right for %.1f %%",
                100 * accuracy(train, test, classes));
    }

    /** The fraction of the test samples whose class is that of the nearest mean of training samples. */
    static double accuracy(Batch train, Batch test, int classes) {
        Tensor x = train.x().flatten(1, -1);
        Tensor members = train.y()
                .unsqueeze(0)
                .eq(Tensor.arange(classes).to(DType.INT32).unsqueeze(1))
                .to(x.dtype());
        Tensor means = members.matmul(x).div(members.sum(true, 1));
        Tensor distances = test.x().flatten(1, -1).cdist(means);
        return distances.argMin(1).eq(test.y()).mean().item();
    }
}
