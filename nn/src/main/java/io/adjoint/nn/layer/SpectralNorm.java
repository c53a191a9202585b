package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Buffer;
import java.util.random.RandomGenerator;

/**
 * Spectral normalization (Miyato et al., 2018): a dense or convolutional layer whose weight, a matrix W with a row for each output, is
 * divided by its largest singular value σ. {@code σ = uᵀ·W·v} with estimates u and v of the singular vectors, which are constants for the
 * gradient; each {@link #forward} in training improves them by one iteration of the power method, in evaluation they stay.
 *
 * <p>Shapes: as of the layer that it is made of; parameters {@code bias}, if that has one, and {@code weight}; buffers {@code u [out]} and
 * {@code v}, of the product of the other sizes. Both are drawn from a generator, u first, and improved by 15 iterations.
 */
public final class SpectralNorm extends Reparameterized {
    private static final double EPS = 1e-12;
    private static final int FIRST_ITERATIONS = 15;

    private final Tensor original;
    private final int axis;
    private final Buffer u;
    private final Buffer v;

    private SpectralNorm(WeightedLayer layer, RandomGenerator generator) {
        super(requireTrained("SpectralNorm", layer));
        original = parameter("weight", initial(layer));
        axis = layer.transposed() ? 1 : 0;
        Shape matrix = matrix(original).shape();
        u = buffer("u", random(matrix.dim(0), generator));
        v = buffer("v", random(matrix.dim(1), generator));
        for (int k = 0; k < FIRST_ITERATIONS; k++) {
            improve();
        }
    }

    /**
     * The layer with its weight normalized.
     *
     * @throws IllegalArgumentException if the layer is frozen
     */
    public static SpectralNorm of(WeightedLayer layer, RandomGenerator generator) {
        return new SpectralNorm(layer, generator);
    }

    private NdArray random(int n, RandomGenerator generator) {
        return unit(Tensor.randn(original.dtype(), generator, n).data());
    }

    private static NdArray unit(NdArray vector) {
        double norm = Math.max(EPS, vector.vectorNorm(2).item());
        return vector.map(x -> x / norm);
    }

    /** The weight as a matrix with a row for each output. */
    private Tensor matrix(Tensor weight) {
        return (axis == 0 ? weight : weight.transpose(0, 1)).flatten(1, -1);
    }

    private void improve() {
        NdArray w = matrix(original.detach()).data();
        u.assign(unit(w.matmul(v.value())));
        v.assign(unit(w.transpose().matmul(u.value())));
    }

    /** The weight divided by σ, computed from the current estimates. */
    @Override
    public Tensor weight() {
        Tensor sigma = Tensor.of(u.value()).matmul(matrix(original).matmul(Tensor.of(v.value())));
        return original.div(sigma);
    }

    @Override
    protected Tensor compute(Tensor x) {
        if (isTraining()) {
            improve();
        }
        return super.compute(x);
    }
}
