package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Layer;
import java.util.stream.IntStream;

/** A layer that pools each channel to one number. */
abstract class GlobalPooling extends Layer {
    /** All axes except the axes of batch and channels. */
    static int[] spatial(String name, Tensor x) {
        int rank = x.shape().rank();
        if (rank < 3) {
            throw new ShapeException(name + ": expected input [N, C, sizes...] with at least 3 axes, got " + x.shape());
        }
        return IntStream.range(2, rank).toArray();
    }
}
