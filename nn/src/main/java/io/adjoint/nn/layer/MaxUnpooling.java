package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Sliding;
import io.adjoint.core.Window;
import io.adjoint.nn.Block;

/**
 * A block that puts elements back where max pooling had found them, between zeros. It is {@link MaxUnpool1d}, {@link MaxUnpool2d} or
 * {@link MaxUnpool3d}.
 */
abstract class MaxUnpooling extends Block {
    private final String name;
    private final int axes;
    private final Window window;

    MaxUnpooling(String name, int axes, Window window) {
        Sliding.requireAxes(name, axes, window);
        this.name = name;
        this.axes = axes;
        this.window = window;
    }

    /**
     * The elements at their indices in the plane, between zeros.
     *
     * @param indices INT32, of the same shape as x, as {@code maxPool2dWithIndices} and the like return them
     * @param sizes the output's sizes of the axes that were pooled, one for all or one for each; without sizes it is (size − 1)·stride −
     *     2·padding + dilation·(kernel − 1) + 1. Pooling gives several input sizes one output size, so sizes that differ from this one by
     *     less than a stride are allowed.
     * @throws io.adjoint.core.ShapeException if x has too few axes, the indices are of another shape, one is not in the plane, or the
     *     window doesn't pool these sizes to the sizes of x
     * @throws io.adjoint.core.DTypeException if x is not floating, or the indices not INT32
     * @throws IllegalArgumentException if there are sizes for another number of axes
     */
    public Tensor forward(Tensor x, Tensor indices, int... sizes) {
        return within(() -> unpooled(x, indices, Sliding.unpooled(name, x.shape(), axes, window, sizes)));
    }

    abstract Tensor unpooled(Tensor x, Tensor indices, int... sizes);

    @Override
    protected final String describe() {
        return window.describe();
    }
}
