package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Dims;

/** Rotations of points in space, whose three coordinates are axis 0: [3, …]. */
final class Rotations {
    private Rotations() {}

    /**
     * Points rotated about an axis by the axis's length, by Rodrigues' formula
     * {@code x·cos θ + (a × x)·sin θ + a·(a·x)·(1 − cos θ)} with θ the length and a the direction of the axis.
     */
    static Tensor about(Tensor axis, Tensor x) {
        // Never 0, so that there is a direction, and a derivative, for a rotation by 0, too.
        Tensor theta = axis.square().sum(Dims.KEEP, 0).maximum(1e-30).sqrt();
        Tensor a = axis.div(theta);
        Tensor cos = theta.cos();
        Tensor along = a.mul(x).sum(Dims.KEEP, 0).mul(cos.rsub(1));
        return x.mul(cos).add(a.cross(0, x).mul(theta.sin())).add(a.mul(along));
    }
}
