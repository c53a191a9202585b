package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Window;

/**
 * The partial inverse of max pooling over the last three axes, {@link Tensor#maxUnpool3d}: zeros with the elements at the indices of {@link
 * Tensor#maxPool3dWithIndices}.
 *
 * <p>Shapes: inputs {@code [N, C, D, H, W]} twice, elements and INT32 indices, output {@code [N, C, D′, H′, W′]}, all also with other
 * leading axes.
 */
public final class MaxUnpool3d extends MaxUnpooling {
    /**
     * A block that undoes pooling by adjacent windows of one size along each axis.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    public MaxUnpool3d(int kernel) {
        this(Pooling.adjacent("MaxUnpool3d", kernel));
    }

    /**
     * A block that undoes pooling by windows, whose stride is their size if none is set.
     *
     * @throws IllegalArgumentException if a setting of the window is for other than 3 axes
     */
    public MaxUnpool3d(Window window) {
        super("MaxUnpool3d", 3, window);
    }

    @Override
    Tensor unpooled(Tensor x, Tensor indices, int... sizes) {
        return x.maxUnpool3d(indices, sizes);
    }
}
