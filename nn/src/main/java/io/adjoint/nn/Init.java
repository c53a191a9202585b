package io.adjoint.nn;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.math.Distributions;
import io.adjoint.core.math.ErrorFunctions;
import io.adjoint.core.math.NormalQuantile;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The source of a model's initial parameters: a generator that has a dtype, which every layer of the model takes, so that both are given
 * once: {@code Init init = new Init(rng).dtype(FLOAT32)}. Another generator makes parameters of FLOAT64. Its methods make parameters,
 * leaves that require a gradient. Random numbers are drawn element by element in row-major order, in double for each dtype, so a FLOAT32
 * parameter is the rounded FLOAT64 one of the same seed. Immutable, but the generator moves on.
 *
 * <p>The methods of Glorot (Xavier) and He (Kaiming) take the shape of a weight {@code [out, in, k…]}, whose fan-in is {@code in·∏k} and
 * whose fan-out is {@code out·∏k}, and a gain ({@link Gain}).
 *
 * @param generator the generator that random parameters are drawn from
 * @param dtype the dtype of the parameters, FLOAT64 or FLOAT32
 */
@CheckReturnValue
public record Init(RandomGenerator generator, DType dtype) implements RandomGenerator {
    /**
     * A source of parameters of the given dtype.
     *
     * @throws IllegalArgumentException if the generator is null
     * @throws DTypeException if the dtype is null or not floating
     */
    public Init {
        generator = Settings.requireGenerator(Init.class, generator);
        if (dtype == null || !dtype.isFloating()) {
            throw new DTypeException("Init: a parameter is FLOAT64 or FLOAT32, not " + dtype);
        }
    }

    /** A source of FLOAT64 parameters. */
    public Init(RandomGenerator generator) {
        this(generator, DType.FLOAT64);
    }

    /** The given generator if it is an Init, else a source of FLOAT64 parameters: a layer makes its parameters so. */
    public static Init of(RandomGenerator generator) {
        return generator instanceof Init init ? init : new Init(generator);
    }

    /** The generator's next number. */
    @Override
    public long nextLong() {
        return generator.nextLong();
    }

    /** A source that draws from the same generator, of another dtype. */
    public Init dtype(DType dtype) {
        return new Init(generator, dtype);
    }

    // ---- parameters of one value ----

    /** A parameter of one value. */
    public Tensor constant(Shape shape, double value) {
        return Tensor.full(dtype, shape, value).requiresGrad(true);
    }

    /** A parameter of zeros. */
    public Tensor zeros(Shape shape) {
        return constant(shape, 0);
    }

    /** A parameter of ones. */
    public Tensor ones(Shape shape) {
        return constant(shape, 1);
    }

    /** A matrix with ones on its main diagonal, else zeros: the identity of as many features as both sizes have. */
    public Tensor eye(int rows, int columns) {
        return parameter(Tensor.eye(dtype, rows, columns).data());
    }

    /** As {@link #dirac(Shape, int)}, with one group. */
    public Tensor dirac(Shape weight) {
        return dirac(weight, 1);
    }

    /**
     * The weight of a convolution that hands on as many channels as possible, in each group: ones in the centre of the kernel from each
     * input channel to the output channel of the same number, else zeros.
     *
     * @param weight the shape {@code [out, in / groups, k…]} with one to three axes k
     * @throws ShapeException if the weight has other axes, or out is not a multiple of the groups
     */
    public Tensor dirac(Shape weight, int groups) {
        Settings.requireCount("dirac", "groups", groups);
        if (weight.rank() < 3 || weight.rank() > 5 || weight.dim(0) % groups != 0) {
            throw new ShapeException(
                    "dirac: expected a weight [out, in / groups, k...] of a convolution, with 3 to 5 axes and an out"
                            + " that is a multiple of the " + groups + " groups, got " + weight);
        }
        int taps = weight.size() == 0 ? 0 : weight.size() / (weight.dim(0) * weight.dim(1));
        int centre = 0;
        for (int axis = 2; axis < weight.rank(); axis++) {
            centre = centre * weight.dim(axis) + weight.dim(axis) / 2;
        }
        int middle = centre;
        int each = weight.dim(0) / groups;
        return parameter(NdArray.generate(dtype, weight, k -> {
            int in = k / taps % weight.dim(1);
            int out = k / taps / weight.dim(1);
            return k % taps == middle && out % each == in ? 1 : 0;
        }));
    }

    private static Tensor parameter(NdArray values) {
        return Tensor.of(values).requiresGrad(true);
    }

    // ---- random parameters ----

    /**
     * A parameter drawn from the uniform distribution on {@code [low, high)}.
     *
     * @throws IllegalArgumentException if a bound is not finite or low is above high
     */
    public Tensor uniform(Shape shape, double low, double high) {
        return Tensor.uniform(dtype, shape, low, high, generator).requiresGrad(true);
    }

    /** A parameter drawn from U(−bound, bound). */
    public Tensor uniform(Shape shape, double bound) {
        return uniform(shape, -bound, bound);
    }

    /**
     * A parameter drawn from the normal distribution N(mean, std²).
     *
     * @throws IllegalArgumentException if the standard deviation is negative or not finite
     */
    public Tensor normal(Shape shape, double mean, double std) {
        return Tensor.normal(dtype, shape, mean, std, generator).requiresGrad(true);
    }

    /**
     * A parameter drawn from the normal distribution N(mean, std²) as far as it lies from low to high, by inversion: one number of the
     * generator for each element.
     *
     * @throws IllegalArgumentException if the mean is not finite, the standard deviation not positive, or the distribution has nothing
     *     between the bounds
     */
    public Tensor truncatedNormal(Shape shape, double mean, double std, double low, double high) {
        if (!Double.isFinite(mean)) {
            throw new IllegalArgumentException("truncatedNormal: the mean must be finite, got " + mean);
        }
        Settings.requirePositive("truncatedNormal", "std", std);
        double a = (low - mean) / std;
        double b = (high - mean) / std;
        // An interval above the mean is mirrored to the lower tail, where probabilities have full relative precision.
        boolean isUpper = a > 0;
        double below = ErrorFunctions.normalCdf(isUpper ? -b : a);
        double width = ErrorFunctions.normalCdf(isUpper ? -a : b) - below;
        if (!(width > 0)) {
            throw new IllegalArgumentException("truncatedNormal: N(" + mean + ", " + std + "²) has nothing between "
                    + low + " and " + high + "; expected low < high, less than 37 standard deviations from the mean");
        }
        return parameter(NdArray.generate(dtype, shape, k -> {
            double z = NormalQuantile.of(below + width * Distributions.openUniform(generator));
            return Math.min(Math.max(mean + std * (isUpper ? -z : z), low), high);
        }));
    }

    /**
     * Orthonormal rows or columns, whichever are fewer, times the gain (Saxe et al., 2014): the Q of a random normal matrix
     * {@code [out, in·∏k]}, uniformly distributed.
     *
     * @param weight the shape {@code [out, in, k…]}, with at least two axes
     * @throws ShapeException if the weight has no fan-in and fan-out
     * @throws IllegalArgumentException if the gain is negative or not finite
     */
    public Tensor orthogonal(Shape weight, double gain) {
        double scale = requireScale("orthogonal", gain, gain);
        requireFans("orthogonal", weight);
        int rows = weight.dim(0);
        int columns = weight.size() / rows;
        Tensor normal = Tensor.randn(DType.FLOAT64, generator, rows, columns);
        Tensor q = rows < columns
                ? normal.transpose().qr().q().transpose()
                : normal.qr().q();
        return parameter(q.mul(scale).to(dtype).data().reshape(weight).copy());
    }

    /**
     * A normal matrix with zeros at random in each column (Martens, 2010).
     *
     * @param sparsity the fraction of each column that is 0, rounded up to elements
     * @throws IllegalArgumentException if the sparsity is not from 0 to 1, or the standard deviation is negative or not finite
     */
    public Tensor sparse(int rows, int columns, double sparsity, double std) {
        Settings.requireFraction("sparse", "sparsity", sparsity);
        NdArray values = Tensor.normal(dtype, Shape.of("sparse", rows, columns), 0, std, generator)
                .data();
        int zeros = (int) Math.ceil(sparsity * rows);
        Tensor[] masks = new Tensor[columns];
        Arrays.setAll(masks, column -> Tensor.permutation(rows, generator).lt(zeros));
        return parameter(
                columns == 0 ? values : NdArray.where(Tensor.stack(1, masks).data(), 0, values));
    }

    /**
     * U(−a, a) with {@code a = gain·√(6 / (fan-in + fan-out))}.
     *
     * @throws ShapeException if the weight has no fan-in and fan-out
     * @throws IllegalArgumentException if the gain is negative or not finite
     */
    public Tensor xavierUniform(Shape weight, double gain) {
        return uniform(weight, xavier("xavierUniform", weight, gain) * Math.sqrt(3));
    }

    /**
     * N(0, σ²) with {@code σ = gain·√(2 / (fan-in + fan-out))}.
     *
     * @throws ShapeException if the weight has no fan-in and fan-out
     * @throws IllegalArgumentException if the gain is negative or not finite
     */
    public Tensor xavierNormal(Shape weight, double gain) {
        return normal(weight, 0, xavier("xavierNormal", weight, gain));
    }

    /**
     * U(−a, a) with {@code a = gain·√(3 / fan-in)}.
     *
     * @throws ShapeException if the weight has no fan-in and fan-out
     * @throws IllegalArgumentException if the gain is negative or not finite
     */
    public Tensor kaimingUniform(Shape weight, double gain) {
        return kaimingUniform(weight, gain, Fan.IN);
    }

    /** As {@link #kaimingUniform(Shape, double)}, with the given fan in place of fan-in. */
    public Tensor kaimingUniform(Shape weight, double gain, Fan fan) {
        return uniform(weight, kaiming("kaimingUniform", weight, gain, fan) * Math.sqrt(3));
    }

    /**
     * N(0, σ²) with {@code σ = gain / √fan-in}.
     *
     * @throws ShapeException if the weight has no fan-in and fan-out
     * @throws IllegalArgumentException if the gain is negative or not finite
     */
    public Tensor kaimingNormal(Shape weight, double gain) {
        return kaimingNormal(weight, gain, Fan.IN);
    }

    /** As {@link #kaimingNormal(Shape, double)}, with the given fan in place of fan-in. */
    public Tensor kaimingNormal(Shape weight, double gain, Fan fan) {
        return normal(weight, 0, kaiming("kaimingNormal", weight, gain, fan));
    }

    /**
     * Glorot's standard deviation, a compromise between preserving the variance of the forward signal and the variance of the gradients.
     */
    private static double xavier(String method, Shape weight, double gain) {
        double std = gain * Math.sqrt(2.0 / (fan(method, weight, Fan.IN) + fan(method, weight, Fan.OUT)));
        return requireScale(method, gain, std);
    }

    /** The standard deviation of He et al. */
    private static double kaiming(String method, Shape weight, double gain, Fan fan) {
        return requireScale(method, gain, gain / Math.sqrt(fan(method, weight, fan)));
    }

    /** Checks the gain. A uniform distribution is √12, less than 4, standard deviations wide, so its bounds are finite if 4·std is. */
    private static double requireScale(String method, double gain, double std) {
        if (!(gain >= 0) || Double.isInfinite(4 * std)) {
            throw new IllegalArgumentException(
                    method + ": the gain must be a number from 0 on for which the weights stay"
                            + " finite, such as those of Gain, got " + gain);
        }
        return std;
    }

    /** The fan-in or fan-out of a weight {@code [out, in, k…]}. */
    private static double fan(String method, Shape shape, Fan fan) {
        requireFans(method, shape);
        return (double) shape.size() / shape.dim(fan == Fan.IN ? 0 : 1);
    }

    private static void requireFans(String method, Shape shape) {
        if (shape.rank() < 2 || shape.size() == 0) {
            throw new ShapeException(
                    method + ": a weight [out, in, ...] with at least one element has a fan-in and fan-out, " + shape
                            + " does not");
        }
    }
}
