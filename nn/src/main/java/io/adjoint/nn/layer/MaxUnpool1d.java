package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Window;

/**
 * The partial inverse of max pooling over the last axis, {@link Tensor#maxUnpool1d}: zeros with the elements at the indices of {@link
 * Tensor#maxPool1dWithIndices}.
 *
 * <p>Shapes: inputs {@code [N, C, L]} twice, elements and INT32 indices, output {@code [N, C, L′]}, all also with other leading axes.
 */
public final class MaxUnpool1d extends MaxUnpooling {
    /**
     * A block that undoes pooling by adjacent windows.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    public MaxUnpool1d(int kernel) {
        this(Pooling.adjacent("MaxUnpool1d", kernel));
    }

    /**
     * A block that undoes pooling by windows, whose stride is their size if none is set.
     *
     * @throws IllegalArgumentException if a setting of the window is for other than 1 axis
     */
    public MaxUnpool1d(Window window) {
        super("MaxUnpool1d", 1, window);
    }

    @Override
    Tensor unpooled(Tensor x, Tensor indices, int... sizes) {
        return x.maxUnpool1d(indices, sizes);
    }
}
