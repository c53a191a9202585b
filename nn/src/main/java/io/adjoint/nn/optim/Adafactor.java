package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Dims;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;

/**
 * Adafactor (Shazeer and Stern, 2018), as PyTorch has it: second moments of a matrix are kept as one factor for its rows and one for its
 * columns, instead of an array of its shape. With gradient g, parameter p, learning rate η, weight decay λ, and the number t of steps
 * that p has made, RMS being the root of the mean square of all elements:
 *
 * <pre>{@code
 * w = t^β₂Decay,  α = max(ε₂, RMS(p))·min(η, 1/√t)
 * p = p − η·λ·p
 * R = (1 − w)·R + w·mean of g² along each row
 * C = (1 − w)·C + w·mean of g² along each column
 * v = R·C / max(mean of R, ε₁)
 * u = g/√max(v, ε₁²)
 * p = p − α·u/max(1, RMS(u)/clipping)
 * }</pre>
 *
 * <p>A vector has v = (1 − w)·v + w·g² instead; more than two axes are a batch of matrices. By default η = 0.01, λ = 0,
 * β₂Decay = −0.8, ε₁ is the distance from 1 to the next number of the parameter's type, ε₂ = 0.001, clipping = 1. The settings return this
 * optimizer.
 */
public final class Adafactor extends FluentOptimizer<Adafactor> {
    private final Setting beta2Decay =
            setting("beta2Decay", -0.8, v -> v <= 0 && v > Double.NEGATIVE_INFINITY, "be finite and not positive");
    /** The number ε₁ of the formula; NaN stands for the machine epsilon of the parameter's dtype. */
    private final Setting eps1 = setting(
            "eps1",
            Double.NaN,
            v -> Double.isNaN(v) || SettingTable.isNotNegative(v),
            SettingTable.NOT_NEGATIVE + ", or NaN for the eps of the type");

    private final Setting eps2 = notNegative("eps2", 1e-3);
    private final Setting clipping =
            setting("clipping", 1, v -> v >= 1 && v < Double.POSITIVE_INFINITY, "be finite and at least 1");

    /** Adafactor with learning rate 0.01. */
    public Adafactor(List<Tensor> parameters) {
        this(parameters, 0.01);
    }

    /**
     * Adafactor with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public Adafactor(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /**
     * Sets the exponent of the steps.
     *
     * @throws IllegalArgumentException if it is positive or not finite
     */
    @CanIgnoreReturnValue
    public Adafactor beta2Decay(double decay) {
        return with(beta2Decay, decay);
    }

    /**
     * Sets ε₁, which bounds second moments, NaN for the value of the parameter's type, and ε₂, which bounds the scale of a parameter from
     * below.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    @CanIgnoreReturnValue
    public Adafactor eps(double ofMoments, double ofScale) {
        eps2.require(ofScale);
        set(eps1, ofMoments);
        return with(eps2, ofScale);
    }

    /**
     * Sets the root mean square above which a step is scaled down, PyTorch's {@code d}.
     *
     * @throws IllegalArgumentException if it is below 1 or not finite
     */
    @CanIgnoreReturnValue
    public Adafactor clipping(double threshold) {
        return with(clipping, threshold);
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double rate = group.learningRate();
        double weightDecay = group.weightDecay();
        double take = StrictMath.pow(t, group.get(beta2Decay));
        double relative = Math.min(rate, 1 / Math.sqrt(t));
        double bound = group.get(eps1);
        double smallest = group.get(eps2);
        double limit = group.get(clipping);
        List<StateArray> carried = List.of(
                new StateArray("rowFactor", parameter -> factor(parameter, -1)),
                new StateArray("columnFactor", parameter -> factor(parameter, -2)));
        return Update.ours(carried, (parameter, gradient, arrays) -> {
            if (parameter.size() == 0) {
                return () -> {};
            }
            double eps = Double.isNaN(bound) ? parameter.dtype().eps() : bound;
            double step = Math.max(smallest, rms(parameter)) * relative;
            NdArray[] factors = factors(gradient, arrays, take);
            NdArray moments = moments(factors, gradient.shape().rank(), eps);
            NdArray scaled = gradient.div(moments.map(v -> Math.sqrt(Math.max(v, eps * eps))));
            double shrunk = step / Math.max(1, rms(scaled) / limit);
            NdArray next = parameter.mul(1 - rate * weightDecay).sub(scaled.mul(shrunk));
            return () -> {
                for (int k = 0; k < factors.length; k++) {
                    InPlace.assign(arrays[k], factors[k]);
                }
                InPlace.assign(parameter, next);
            };
        });
    }

    /**
     * Makes a factor of the second moments before the first step, of zeros: R for axis −1, C for axis −2. The factor of a matrix has the
     * matrix's shape with size 1 along the axis; of a vector's two factors, the first has the vector's shape, and the second is empty.
     */
    private static NdArray factor(NdArray parameter, int axis) {
        int[] sizes = parameter.shape().toArray();
        if (sizes.length < 2) {
            return NdArray.zeros(parameter.dtype(), axis == -1 ? parameter.shape() : Shape.of(0));
        }
        sizes[sizes.length + axis] = 1;
        return NdArray.zeros(parameter.dtype(), Shape.of(sizes));
    }

    /** The factors after a step; for a vector only its full second moments. */
    private static NdArray[] factors(NdArray gradient, NdArray[] before, double take) {
        NdArray squares = gradient.mul(gradient);
        int dims = gradient.shape().rank();
        if (dims < 2) {
            return new NdArray[] {blend(before[0], squares, take)};
        }
        return new NdArray[] {
            blend(before[0], squares.mean(Dims.KEEP, dims - 1), take),
            blend(before[1], squares.mean(Dims.KEEP, dims - 2), take)
        };
    }

    private static NdArray moments(NdArray[] factors, int dims, double eps) {
        if (dims < 2) {
            return factors[0];
        }
        NdArray scale = factors[0].mean(Dims.KEEP, dims - 2).map(v -> Math.max(v, eps));
        return factors[0].mul(factors[1]).div(scale);
    }

    private static NdArray blend(NdArray mean, NdArray value, double take) {
        return mean.add(value.sub(mean).mul(take));
    }

    private static double rms(NdArray array) {
        return array.vectorNorm(2).item() / Math.sqrt(array.size());
    }
}
