package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Sliding;
import io.adjoint.core.Window;
import io.adjoint.nn.Block;

/**
 * The partial inverse of max pooling over the last two axes, {@link Tensor#maxUnpool2d}: zeros with the elements at the indices of {@link
 * Tensor#maxPool2dWithIndices}.
 *
 * <p>Shapes: inputs {@code [N, C, H, W]} twice, elements and INT32 indices, output {@code [N, C, H′, W′]}, all also with
 * other leading axes.
 */
public final class MaxUnpool2d extends Block {
    private static final int AXES = 2;

    private final Window window;

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
     * @throws IllegalArgumentException if a setting of the window is for another number of axes
     */
    public MaxUnpool2d(Window window) {
        Sliding.requireAxes("MaxUnpool2d", AXES, window);
        this.window = window;
    }

    /**
     * The elements at their indices in the plane, between zeros.
     *
     * @param indices INT32, of the same shape as x, as {@link Tensor#maxPool2dWithIndices} returns them
     * @param sizes the output's sizes of the axes that were pooled, one for all or one for each; without sizes it is (size − 1)·stride −
     *     2·padding + dilation·(kernel − 1) + 1. Pooling gives several input sizes one output size, so sizes that differ from this one by
     *     less than a stride are allowed.
     * @throws io.adjoint.core.ShapeException if x has too few axes, the indices are of another shape, one is not in the plane, or the
     *     window doesn't pool these sizes to the sizes of x
     * @throws io.adjoint.core.DTypeException if x is not floating, or the indices not INT32
     * @throws IllegalArgumentException if there are sizes for another number of axes
     */
    public Tensor forward(Tensor x, Tensor indices, int... sizes) {
        return within(() -> x.maxUnpool2d(indices, Sliding.unpooled("MaxUnpool2d", x.shape(), AXES, window, sizes)));
    }

    @Override
    protected String describe() {
        return window.describe();
    }
}
