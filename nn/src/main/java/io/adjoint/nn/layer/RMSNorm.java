package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import java.util.random.RandomGenerator;

/**
 * Normalization by the root mean square (Zhang and Sennrich, 2019): {@code x/√(mean x² + ε)·w} over the last axes of each sample, the same
 * in training and evaluation. Unless set, ε is the machine epsilon of the layer's dtype: 2⁻⁵², or 2⁻²³ of FLOAT32. See
 * {@link Functional#rmsNorm}.
 *
 * <p>Shapes: input and output {@code [..., shape]}; parameter {@code weight} of ones, of the shape.
 */
public final class RMSNorm extends Normalization {
    private final boolean hasMachineEps;

    /** Normalization over the last axis, which has the given size. */
    public RMSNorm(int features, RandomGenerator init) {
        this(Shape.of("RMSNorm", features), init);
    }

    /** Normalization over the last axis, which has the given size; see {@link #RMSNorm(Shape, NormOptions, RandomGenerator)}. */
    public RMSNorm(int features, NormOptions options, RandomGenerator init) {
        this(Shape.of("RMSNorm", features), options, init);
    }

    /** Normalization over the last axes, which have the given shape. */
    public RMSNorm(Shape shape, RandomGenerator init) {
        this(shape, new NormOptions(), init);
    }

    /**
     * Normalization over the last axes.
     *
     * @param shape their sizes
     * @param options eps, affine
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if the shape has no axis or a size of 0, or the options set a bias or running statistics
     */
    public RMSNorm(Shape shape, NormOptions options, RandomGenerator init) {
        super(
                normalized("RMSNorm", shape),
                options.affineOr(true),
                Init.of(init).dtype().eps(),
                options,
                init);
        options.requireNoStatistics("RMSNorm");
        options.requireNoBias("RMSNorm");
        hasMachineEps = options.eps == null;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.rmsNorm(x, shape, weight, eps(x.dtype()));
    }

    @Override
    public double eps() {
        return weight == null ? eps : eps(weight.dtype());
    }

    /**
     * The ε for inputs of a dtype: that of the options, or without one the machine epsilon of the dtype.
     *
     * @hidden
     */
    public double eps(DType dtype) {
        return hasMachineEps && dtype.isFloating() ? dtype.eps() : eps;
    }

    @Override
    boolean canHaveBias() {
        return false;
    }

    @Override
    protected String describe() {
        return described(shape.toString());
    }
}
