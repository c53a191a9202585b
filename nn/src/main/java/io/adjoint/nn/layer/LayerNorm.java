package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.nn.Functional;
import java.util.random.RandomGenerator;

/**
 * Layer normalization (Ba, Kiros and Hinton, 2016): {@code (x − μ)/√(σ² + ε)·w + b} with mean and biased variance over the last axes of
 * each sample, the same in training and evaluation; ε = 10⁻⁵ unless set. See {@link Functional#layerNorm}.
 *
 * <p>Shapes: input and output {@code [..., shape]}; parameters {@code weight} of ones and {@code bias} of zeros, both of the shape.
 */
public final class LayerNorm extends Normalization {
    /** Normalization over the last axis, which has the given size. */
    public LayerNorm(int features, RandomGenerator init) {
        this(Shape.of("LayerNorm", features), init);
    }

    /** Normalization over the last axis, which has the given size; see {@link #LayerNorm(Shape, NormOptions, RandomGenerator)}. */
    public LayerNorm(int features, NormOptions options, RandomGenerator init) {
        this(Shape.of("LayerNorm", features), options, init);
    }

    /** Normalization over the last axes, which have the given shape. */
    public LayerNorm(Shape shape, RandomGenerator init) {
        this(shape, new NormOptions(), init);
    }

    /**
     * Normalization over the last axes.
     *
     * @param shape their sizes
     * @param options eps, affine, bias
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if the shape has no axis or a size of 0, or the options set running statistics
     */
    public LayerNorm(Shape shape, NormOptions options, RandomGenerator init) {
        super(normalized("LayerNorm", shape), options.affineOr(true), 1e-5, options, init);
        options.requireNoStatistics("LayerNorm");
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.layerNorm(x, shape, weight, bias, eps);
    }

    @Override
    protected String describe() {
        return described(shape.toString());
    }
}
