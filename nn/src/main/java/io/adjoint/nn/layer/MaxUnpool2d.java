package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Window;

/**
 * The partial inverse of max pooling over the last two axes, {@link Tensor#maxUnpool2d}: zeros with the elements at the indices of {@link
 * Tensor#maxPool2dWithIndices}.
 *
 * <p>Shapes: inputs {@code [N, C, H, W]} twice, elements and INT32 indices, output {@code [N, C, H′, W′]}, all also with other leading
 * axes.
 */
public final class MaxUnpool2d extends MaxUnpooling {
    /**
     * A block that undoes pooling by adjacent windows of one size along each axis.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    public MaxUnpool2d(int kernel) {
        this(Pooling.adjacent("MaxUnpool2d", kernel));
    }

    /**
     * A block that undoes pooling by windows, whose stride is their size if none is set.
     *
     * @throws IllegalArgumentException if a setting of the window is for other than 2 axes
     */
    public MaxUnpool2d(Window window) {
        super("MaxUnpool2d", 2, window);
    }

    @Override
    Tensor unpooled(Tensor x, Tensor indices, int... sizes) {
        return x.maxUnpool2d(indices, sizes);
    }
}
