package io.adjoint.nn.layer;

import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * The layer that resamples all axes but batch and channels to other sizes, {@link Tensor#interpolate}, or by factors, {@link
 * Tensor#interpolateBy}.
 *
 * <p>Shapes: input {@code [N, C, sizes...]}, output {@code [N, C, new sizes...]}.
 */
public final class Upsample extends Layer {
    private final Interpolation mode;
    private final double[] factors;
    private final String description;
    private final UnaryOperator<Tensor> function;

    private Upsample(Interpolation mode, double[] factors, String description, UnaryOperator<Tensor> function) {
        this.mode = mode;
        this.factors = factors;
        this.description = description;
        this.function = function;
    }

    /**
     * A layer with outputs of given sizes.
     *
     * @param sizes one for all of these axes, or one for each
     * @throws IllegalArgumentException if there is none, or one is less than 1
     */
    public static Upsample to(Interpolation mode, int... sizes) {
        if (sizes.length == 0 || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(
                    "Upsample.to: expected sizes of at least 1, one for all axes or one for each, got "
                            + Arrays.toString(sizes));
        }
        int[] own = sizes.clone();
        return new Upsample(mode, new double[0], " to " + Arrays.toString(own), x -> x.interpolate(mode, own));
    }

    /**
     * A layer that multiplies sizes by factors and rounds down.
     *
     * @param factors one for all of these axes, or one for each
     * @throws IllegalArgumentException if there is none, or one is not a positive number
     */
    public static Upsample by(Interpolation mode, double... factors) {
        if (factors.length == 0 || !Arrays.stream(factors).allMatch(factor -> factor > 0 && Double.isFinite(factor))) {
            throw new IllegalArgumentException(
                    "Upsample.by: expected positive factors, one for all axes or one for each, got "
                            + Arrays.toString(factors));
        }
        double[] own = factors.clone();
        return new Upsample(mode, own, " by " + Arrays.toString(own), x -> x.interpolateBy(mode, own));
    }

    @Override
    protected Tensor compute(Tensor x) {
        return function.apply(x);
    }

    /** The values between the elements of the input. */
    public Interpolation mode() {
        return mode;
    }

    /** The factors that sizes are multiplied by, one for all axes or one for each; none if the new sizes are given. */
    public double[] factors() {
        return factors.clone();
    }

    @Override
    protected String describe() {
        return mode + description;
    }
}
