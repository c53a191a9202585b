package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;

/**
 * Tells where a table has gaps: 1 for NaN, 0 for a number, without a gradient. Beside the same columns filled by {@link FillMissing} it
 * lets a model learn from gaps; scikit-learn's {@code MissingIndicator} of all features.
 *
 * <p>Shapes: input and output {@code [...]}, of the same floating dtype.
 */
public final class MissingIndicator extends Layer {
    /** A layer of gaps. */
    public MissingIndicator() {}

    /**
     * Ones for gaps and zeros for numbers.
     *
     * @throws io.adjoint.core.DTypeException if the input is not floating
     */
    @Override
    protected Tensor compute(Tensor x) {
        x.dtype().requireFloating("MissingIndicator");
        return x.isNaN().to(x.dtype());
    }
}
