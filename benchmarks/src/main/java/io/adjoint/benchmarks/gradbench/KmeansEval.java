package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Dims;

/**
 * {@code kmeans}: the sum of the points' squared distances to their nearest centroids, and Newton's direction, the gradient divided by the
 * diagonal of the Hessian. The Hessian has no other entries, so the diagonal is its product with a vector of ones.
 */
final class KmeansEval {
    private KmeansEval() {}

    private record Input(Tensor points, Tensor centroids) {}

    static Eval<Input> eval() {
        return Eval.of(Input.class)
                .function("cost", in -> cost(in.points(), in.centroids()))
                .function("dir", in -> direction(in.points(), in.centroids()));
    }

    private static Tensor direction(Tensor points, Tensor centroids) {
        Transforms.Linear<Tensor, Tensor> gradient = Transforms.vjp(Transforms.grad(c -> cost(points, c)), centroids);
        return gradient.value().div(gradient.pull(Tensor.onesLike(centroids)));
    }

    /** Of the squared distances |p|² + (|c|² − 2·c·p), the parenthesis alone tells which centroid is the nearest. */
    private static Tensor cost(Tensor points, Tensor centroids) {
        Tensor relative = centroids
                .mul(-2)
                .matmul(points.transpose())
                .add(centroids.square().sum(Dims.KEEP, 1));
        return relative.min(0).values().sum().add(points.square().sum());
    }
}
