package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.LibraryOps.plain;
import static io.adjoint.core.DType.FLOAT64;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.ArrayElements;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Correction;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Dims;
import io.adjoint.core.InPlace;
import io.adjoint.core.IndexParser;
import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.Order;
import io.adjoint.core.PadMode;
import io.adjoint.core.Padding;
import io.adjoint.core.Replacement;
import io.adjoint.core.SamplingKernels;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Side;
import io.adjoint.core.Sizes;
import io.adjoint.core.Triangle;
import io.adjoint.core.Window;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

// Long because it is a façade: documented one-liners that users look up in one place, and no logic.
/**
 * An array that keeps the graph of the operations by which it was computed. Operations on tensors of which one {@linkplain #requiresGrad()
 * requires a gradient} are recorded; {@link #backward()} on the result walks the recorded graph back and accumulates gradients in the
 * leaves.
 *
 * <p>Tensors are immutable and may be shared between threads; only a leaf's {@link #grad()} and, by {@link #assign}, its elements change.
 * Operations of two tensors broadcast as NumPy's do and never mix dtypes. Axes may be negative to count from the end; where an operation
 * takes several axes, giving none means all axes.
 *
 * <dl>
 *   <dt>Creation: {@link #of(double...)}, {@link #zeros(int...)}, {@link #arange(double)}, {@link #randn(RandomGenerator, int...)} …
 *   <dd>Static methods, which make constants; {@code requiresGrad(true)} makes a parameter of one. The dtype is the first argument; the
 *       shape, the values and the generator follow. Sizes instead of a shape come last. A seed gives the same random numbers on every JDK:
 *       they are drawn element by element in row-major order, in double for each dtype, by one call of the generator's {@code nextLong()}
 *       for each number. ({@link #multinomial} without replacement calls it once for each weight.)
 *   <dt>Arithmetic: {@link #add(Tensor)}, {@link #mul(double)}, {@link #pow(double)}, {@link #maximum(Tensor)} …
 *   <dd>Two tensors must have the same floating dtype and shapes that broadcast. {@code add}, {@code sub}, {@code mul}, {@code
 *       floorDivide}, {@code remainder}, {@code maximum}, {@code minimum} and {@code clamp} take INT32, too: exactly, or with an {@link
 *       ArithmeticException} where the result would be out of range. A number that is combined with an INT32 tensor must be an integer.
 *       Kotlin calls {@code plus}, {@code minus}, {@code times}, {@code div} and {@code unaryMinus} for the operators {@code +}, {@code -},
 *       {@code *}, {@code /} and unary {@code -}; Groovy calls the first two and {@code div}.
 *   <dt>Comparisons and conditions: {@link #gt(double)}, {@link #isNaN()}, {@link #any(int...)} …
 *   <dd>They return BOOL masks without gradient; {@link #where(Tensor, Tensor, Tensor)} selects by masks.
 *   <dt>Functions of each element: {@link #exp()}, {@link #tanh()}, {@link #relu()} …
 *   <dd>FLOAT64 values are within 2 units in the last place, except where a method says otherwise; FLOAT32 ones are within 1, most of them
 *       the nearest float. NaN gives NaN with a gradient of NaN. All are differentiable any number of times. Examples are rounded to four
 *       decimals.
 *   <dt>Reductions and scans: {@link #sum(int...)}, {@link #mean(int...)}, {@link #argMax(int)}, {@link #cumsum(int)} …
 *   <dd>A reduction computes one element from all elements along some axes; a scan computes each element from the elements up to it.
 *   <dt>Shapes: {@link #reshape(int...)}, {@link #permute(int...)}, {@link #slice(int, int, int)}, {@link #concat(int, Tensor...)} …
 *   <dd>They reshape, reorder, cut, join and repeat tensors, also INT32 ones. A wrong axis, size or number is a {@link ShapeException}.
 *   <dt>Indexing and sorting: {@link #get(Index...)}, {@link #gather(int, Tensor)}, {@link #sort(int)} …
 *   <dd>An index is INT32 ({@link DTypeException} if not) and counts from 0, but in {@code get} also from the end; one that is out of
 *       range is a {@link ShapeException} that names it, the axis and its size. Where an index repeats, gradients add up.
 *   <dt>Matrices: {@link #matmul(Tensor)}, {@link #einsum(String, Tensor...)}, {@link #solve(Tensor)}, {@link #svd()} …
 *   <dd>The last two axes are a matrix, the axes before them a batch. A decomposition computes in double and takes finite elements only;
 *       its error names the matrix of the batch that it cannot decompose.
 *   <dt>Signals (1d), images (2d) and volumes (3d): convolutions, pooling and interpolation
 *   <dd>Convolutions take {@code [batch, channels, sizes...]}, or {@code [channels, sizes...]} without a batch; pooling works on the
 *       last axes, with any number of axes before them.
 * </dl>
 */
@CheckReturnValue
public final class Tensor {
    private final NdArray data;
    /** The node of this tensor in the graph; null if the tensor needs no gradient. A leaf keeps its node while it is frozen. */
    final @Nullable Node node;
    /**
     * True if this tensor was computed from gradients of a pass without {@link GraphMode#CREATE}; messages then say that the pass was not
     * recorded.
     */
    private final boolean ofGradient;

    Tensor(NdArray data, @Nullable Node node) {
        this(data, node, false);
    }

    Tensor(NdArray data, @Nullable Node node, boolean ofGradient) {
        this.data = data;
        this.node = node;
        this.ofGradient = ofGradient;
    }

    /** The node to which operations on this tensor link; null if this tensor is a constant or frozen. */
    @Nullable
    Node node() {
        return isFrozen() ? null : node;
    }

    boolean isFrozen() {
        return node != null && node.isFrozen();
    }

    boolean isOfGradient() {
        return ofGradient;
    }

    /** This tensor, marked as a gradient unless it is recorded. */
    Tensor asGradient() {
        return node == null && !ofGradient ? new Tensor(data, null, true) : this;
    }

    // ---- creation: of given elements ----

    /** A constant over an array. */
    public static Tensor of(NdArray data) {
        return new Tensor(data, null);
    }

    /** A FLOAT64 vector of numbers written one by one; an array keeps its element type. */
    public static Tensor of(double... values) {
        return of(NdArray.of(Shape.of(values.length), values));
    }

    /** As {@link #of(double...)}: whole numbers written one by one are FLOAT64, too, in Kotlin and Groovy as in Java. */
    public static Tensor of(int first, int... rest) {
        return of(NdArray.generate(DType.FLOAT64, Shape.of(rest.length + 1), k -> k == 0 ? first : rest[k - 1]));
    }

    /** A FLOAT32 vector. */
    public static Tensor of(float[] values) {
        return of(NdArray.of(Shape.of(values.length), values));
    }

    /** An INT32 vector, for labels and indices. */
    public static Tensor of(int[] values) {
        return of(NdArray.of(Shape.of(values.length), values));
    }

    /** A BOOL vector, a mask. */
    public static Tensor of(boolean[] values) {
        return of(NdArray.of(Shape.of(values.length), values));
    }

    /** A BOOL vector of truth values written one by one. */
    public static Tensor of(boolean first, boolean... rest) {
        return of(NdArray.generate(DType.BOOL, Shape.of(rest.length + 1), k -> (k == 0 ? first : rest[k - 1]) ? 1 : 0));
    }

    /** A FLOAT64 matrix of the given rows, which must be equally long. */
    public static Tensor of(double[][] rows) {
        return fromArray(rows);
    }

    /** A FLOAT32 matrix of the given rows, which must be equally long. */
    public static Tensor of(float[][] rows) {
        return fromArray(rows);
    }

    /** An INT32 matrix of the given rows, which must be equally long. */
    public static Tensor of(int[][] rows) {
        return fromArray(rows);
    }

    /** A BOOL matrix of the given rows, which must be equally long. */
    public static Tensor of(boolean[][] rows) {
        return fromArray(rows);
    }

    /** A FLOAT64 scalar. */
    public static Tensor scalar(double value) {
        return made(() -> NdArray.scalar(DType.FLOAT64, value));
    }

    /**
     * A copy of a Java array of {@code double}, {@code float}, {@code int} or {@code boolean} of any rank, such as a
     * {@code double[][][]}, in that dtype.
     *
     * @throws IllegalArgumentException if this is not such an array
     * @throws ShapeException if the arrays in it are not equally long, or one is null
     */
    public static Tensor fromArray(Object array) {
        return of(NdArray.fromArray(array));
    }

    // ---- creation: of one value ----

    /** A FLOAT64 tensor of zeros with the given sizes. */
    public static Tensor zeros(int... sizes) {
        return zeros(FLOAT64, sizes);
    }

    /** A FLOAT64 tensor of zeros. */
    public static Tensor zeros(Shape shape) {
        return zeros(FLOAT64, shape);
    }

    /** A tensor of zeros with the given sizes. */
    public static Tensor zeros(DType dtype, int... sizes) {
        return zeros(dtype, Shape.of("zeros", sizes));
    }

    /** A tensor of zeros. */
    public static Tensor zeros(DType dtype, Shape shape) {
        return made(() -> NdArray.zeros(dtype, shape));
    }

    /** A FLOAT64 tensor of ones with the given sizes. */
    public static Tensor ones(int... sizes) {
        return ones(FLOAT64, sizes);
    }

    /** A FLOAT64 tensor of ones. */
    public static Tensor ones(Shape shape) {
        return ones(FLOAT64, shape);
    }

    /** A tensor of ones with the given sizes. */
    public static Tensor ones(DType dtype, int... sizes) {
        return ones(dtype, Shape.of("ones", sizes));
    }

    /** A tensor of ones. */
    public static Tensor ones(DType dtype, Shape shape) {
        return full(dtype, shape, 1);
    }

    /** A FLOAT64 tensor of one value with the given sizes. */
    public static Tensor full(double value, int... sizes) {
        return full(FLOAT64, value, sizes);
    }

    /** A FLOAT64 tensor of one value. */
    public static Tensor full(Shape shape, double value) {
        return full(FLOAT64, shape, value);
    }

    /** As {@link #full(DType, Shape, double)}, with the given sizes. */
    public static Tensor full(DType dtype, double value, int... sizes) {
        return full(dtype, Shape.of("full", sizes), value);
    }

    /**
     * A tensor of one value.
     *
     * @throws IllegalArgumentException if an element of the dtype {@linkplain DType#holds cannot hold} the value
     */
    public static Tensor full(DType dtype, Shape shape, double value) {
        return made(() -> NdArray.full(dtype, shape, value));
    }

    /** A tensor of zeros with another's shape and dtype. */
    public static Tensor zerosLike(Tensor other) {
        return made(() -> NdArray.zerosLike(other.data()));
    }

    /** A tensor of ones with another's shape and dtype. */
    public static Tensor onesLike(Tensor other) {
        return made(() -> NdArray.onesLike(other.data()));
    }

    /** A tensor of one value with another's shape and dtype. */
    public static Tensor fullLike(Tensor other, double value) {
        return made(() -> NdArray.fullLike(other.data(), value));
    }

    /** A tensor that is not computed from other tensors, so it doesn't end with a step of a {@link Workspace}. */
    private static Tensor made(Supplier<NdArray> elements) {
        return of(Lease.outside(elements));
    }

    // ---- creation: of values that follow a law ----

    /** The FLOAT64 vector {@code 0, 1, 2 …} of the whole numbers less than {@code end}. */
    public static Tensor arange(double end) {
        return arange(0, end);
    }

    /** The FLOAT64 vector {@code start, start + 1 …} up to but without {@code end}. */
    public static Tensor arange(double start, double end) {
        return arange(start, end, 1);
    }

    /** The FLOAT64 vector {@code start, start + step …} up to but without {@code end}; the step may be negative. */
    public static Tensor arange(double start, double end, double step) {
        return arange(FLOAT64, start, end, step);
    }

    /**
     * The vector {@code start, start + step …} up to but without {@code end}; the step may be negative.
     *
     * @throws IllegalArgumentException if a number is not finite, the step is 0 or leads away from the end, or the dtype is INT32 and start
     *     or step is not an integer
     */
    public static Tensor arange(DType dtype, double start, double end, double step) {
        return made(() -> NdArray.arange(dtype, start, end, step));
    }

    /** The FLOAT64 vector of {@code count} numbers from {@code start} to {@code end}, both included, at equal distances. */
    public static Tensor linspace(double start, double end, int count) {
        return linspace(FLOAT64, start, end, count);
    }

    /**
     * The vector of {@code count} numbers from {@code start} to {@code end}, both included, at equal distances; if the count is 1, the
     * start.
     */
    public static Tensor linspace(DType dtype, double start, double end, int count) {
        return made(() -> NdArray.linspace(dtype, start, end, count));
    }

    /** The FLOAT64 identity matrix. */
    public static Tensor eye(int n) {
        return eye(FLOAT64, n, n);
    }

    /** The FLOAT64 matrix with ones on its main diagonal, else zeros. */
    public static Tensor eye(int rows, int columns) {
        return eye(FLOAT64, rows, columns);
    }

    /** The matrix with ones on its main diagonal, else zeros. */
    public static Tensor eye(DType dtype, int rows, int columns) {
        return made(() -> NdArray.eye(dtype, rows, columns));
    }

    // ---- creation: of random numbers ----

    /** A FLOAT64 tensor drawn evenly from {@code [0, 1)}, with the given sizes. */
    public static Tensor rand(RandomGenerator random, int... sizes) {
        return rand(FLOAT64, random, sizes);
    }

    /** A FLOAT64 tensor drawn evenly from {@code [0, 1)}. */
    public static Tensor rand(Shape shape, RandomGenerator random) {
        return rand(FLOAT64, shape, random);
    }

    /** A floating tensor drawn evenly from {@code [0, 1)}, with the given sizes. */
    public static Tensor rand(DType dtype, RandomGenerator random, int... sizes) {
        return rand(dtype, Shape.of("rand", sizes), random);
    }

    /** A floating tensor drawn evenly from {@code [0, 1)}. */
    public static Tensor rand(DType dtype, Shape shape, RandomGenerator random) {
        return Sampling.uniform("rand", dtype, shape, 0, 1, random);
    }

    /**
     * A FLOAT64 tensor drawn from the standard normal distribution, with the given sizes: 63 bits of a {@code nextLong()} are inverted by
     * M. J. Wichura's algorithm AS 241 (1988), and the lowest is the sign. The largest magnitude is 9.16.
     *
     * <p>{@code Tensor.randn(new Generator(1), 4) // [-1.31536328, -1.14334523, 0.12585198, 1.14120857]}
     */
    public static Tensor randn(RandomGenerator random, int... sizes) {
        return randn(FLOAT64, random, sizes);
    }

    /** A FLOAT64 tensor drawn from the standard normal distribution. */
    public static Tensor randn(Shape shape, RandomGenerator random) {
        return randn(FLOAT64, shape, random);
    }

    /** A floating tensor drawn from the standard normal distribution, with the given sizes. */
    public static Tensor randn(DType dtype, RandomGenerator random, int... sizes) {
        return randn(dtype, Shape.of("randn", sizes), random);
    }

    /** A floating tensor drawn from the standard normal distribution. */
    public static Tensor randn(DType dtype, Shape shape, RandomGenerator random) {
        return Sampling.normal("randn", dtype, shape, 0, 1, random);
    }

    /** As {@link #uniform(DType, Shape, double, double, RandomGenerator)}, FLOAT64 and with the given sizes. */
    public static Tensor uniform(double low, double high, RandomGenerator random, int... sizes) {
        return uniform(FLOAT64, low, high, random, sizes);
    }

    /** As {@link #uniform(DType, Shape, double, double, RandomGenerator)}, FLOAT64. */
    public static Tensor uniform(Shape shape, double low, double high, RandomGenerator random) {
        return uniform(FLOAT64, shape, low, high, random);
    }

    /** As {@link #uniform(DType, Shape, double, double, RandomGenerator)}, with the given sizes. */
    public static Tensor uniform(DType dtype, double low, double high, RandomGenerator random, int... sizes) {
        return uniform(dtype, Shape.of("uniform", sizes), low, high, random);
    }

    /**
     * A floating tensor drawn evenly from {@code [low, high)}; if both bounds are equal, all elements are this number.
     *
     * @throws IllegalArgumentException if a bound is not finite, {@code low > high}, or no FLOAT32 number lies between them
     */
    public static Tensor uniform(DType dtype, Shape shape, double low, double high, RandomGenerator random) {
        return Sampling.uniform("uniform", dtype, shape, low, high, random);
    }

    /** As {@link #normal(DType, Shape, double, double, RandomGenerator)}, FLOAT64 and with the given sizes. */
    public static Tensor normal(double mean, double std, RandomGenerator random, int... sizes) {
        return normal(FLOAT64, mean, std, random, sizes);
    }

    /** As {@link #normal(DType, Shape, double, double, RandomGenerator)}, FLOAT64. */
    public static Tensor normal(Shape shape, double mean, double std, RandomGenerator random) {
        return normal(FLOAT64, shape, mean, std, random);
    }

    /** As {@link #normal(DType, Shape, double, double, RandomGenerator)}, with the given sizes. */
    public static Tensor normal(DType dtype, double mean, double std, RandomGenerator random, int... sizes) {
        return normal(dtype, Shape.of("normal", sizes), mean, std, random);
    }

    /**
     * A floating tensor drawn from the normal distribution of a mean and a standard deviation.
     *
     * @throws IllegalArgumentException if the mean is not finite, or the standard deviation is negative or not finite
     */
    public static Tensor normal(DType dtype, Shape shape, double mean, double std, RandomGenerator random) {
        return Sampling.normal("normal", dtype, shape, mean, std, random);
    }

    /**
     * A tensor of normal numbers, each with a mean and a standard deviation of its own; the two broadcast. Nothing is recorded: with
     * gradients it is {@code mean.add(std.mul(Tensor.randn(shape, random)))}.
     *
     * @throws IllegalArgumentException if a mean is not finite, or a standard deviation is negative or not finite
     */
    public static Tensor normal(Tensor mean, Tensor std, RandomGenerator random) {
        return Sampling.normal(mean, std, random);
    }

    /** As {@link #randint(Shape, int, int, RandomGenerator)}, with the given sizes. */
    public static Tensor randint(int low, int high, RandomGenerator random, int... sizes) {
        return randint(Shape.of("randint", sizes), low, high, random);
    }

    /**
     * An INT32 tensor drawn evenly from the numbers {@code low} (inclusive) to {@code high} (exclusive).
     *
     * @throws IllegalArgumentException if there are no such numbers
     */
    public static Tensor randint(Shape shape, int low, int high, RandomGenerator random) {
        return Sampling.randint(shape, low, high, random);
    }

    /**
     * A tensor of ones and zeros, of the probabilities' shape and dtype: each element is 1 with its probability.
     *
     * @throws IllegalArgumentException if a probability is not between 0 and 1
     */
    public static Tensor bernoulli(Tensor probabilities, RandomGenerator random) {
        return Sampling.bernoulli(probabilities, random);
    }

    /** The INT32 numbers 0 to n − 1 in a random order, each order as likely as the others. */
    public static Tensor permutation(int n, RandomGenerator random) {
        return made(() -> SamplingKernels.permutation(n, random));
    }

    /** As {@link #multinomial(Tensor, int, Replacement, RandomGenerator)}, without replacement: no index is drawn twice. */
    public static Tensor multinomial(Tensor weights, int count, RandomGenerator random) {
        return multinomial(weights, count, Replacement.WITHOUT, random);
    }

    /**
     * INT32 indices drawn in proportion to weights, {@code count} for a vector, or for each row of a matrix.
     *
     * @param weights from 0 on; their sum need not be 1
     * @throws IllegalArgumentException if a weight is negative, infinite or NaN, or too few are positive
     */
    public static Tensor multinomial(Tensor weights, int count, Replacement replacement, RandomGenerator random) {
        return of(SamplingKernels.multinomial(weights.data(), count, replacement, random));
    }

    // ---- description and access ----

    /**
     * The elements.
     *
     * @throws GraphException within a backward rule, if they were changed in place after the operation that saved them
     */
    public NdArray data() {
        long modified = ArrayElements.modified(data);
        if (modified != 0) {
            BackwardPass pass = ThreadState.current().pass();
            if (pass != null) {
                pass.requireUnchanged(this, modified);
            }
        }
        return data;
    }

    /** As {@link Lease#requireLiveStill}; {@link #data()}, which checks for changes as well, is for those who read elements. */
    void requireLiveStill() {
        Lease.requireLiveStill(data);
    }

    /** A copy of the elements as a Java array: see {@link NdArray#toArray(Class)}. */
    public <T> T toArray(Class<T> type) {
        return data().toArray(type);
    }

    /** The shape: the size of each axis. */
    public Shape shape() {
        return data.shape();
    }

    /** The element type. */
    public DType dtype() {
        return data.dtype();
    }

    /** The only element. */
    public double item() {
        ThreadState.current().read(this);
        return data().item();
    }

    /**
     * Returns whether this tensor has a gradient in backward passes: it is a leaf that requires a gradient, or was computed from such a
     * leaf.
     */
    public boolean requiresGrad() {
        return node() != null;
    }

    /** Returns whether this was not computed by a recorded operation. */
    public boolean isLeaf() {
        return node == null || node.isLeaf();
    }

    /**
     * A leaf with the same elements that requires a gradient; this tensor itself does not change. With {@code false}, this tensor itself,
     * which must not require a gradient.
     *
     * @throws GraphException if this was computed from tensors that require a gradient ({@link #detach()} returns it without its graph),
     *     or, with {@code false}, if this is a leaf that requires a gradient
     * @throws DTypeException if the elements are INT32 or BOOL
     */
    public Tensor requiresGrad(boolean required) {
        if (!isLeaf()) {
            throw new GraphException("requiresGrad: this tensor of shape " + shape() + " was computed by '"
                    + requiredNode("leaf").op + "'; only a leaf can be changed: call detach() first");
        }
        if (required) {
            dtype().requireFloating("requiresGrad");
        }
        if (!required && requiresGrad()) {
            throw new GraphException(
                    "requiresGrad: this leaf of shape " + shape() + " requires a gradient, and every use of"
                            + " it counts on that; detach() gives a constant over the same elements, and a parameter that the"
                            + " optimizer is not given stays as it is");
        }
        return required == requiresGrad() ? this : new Tensor(data, Node.leaf(data));
    }

    /**
     * Makes this leaf a constant for all operations from now on, until {@link #unfreeze}, and clears its gradient.
     *
     * @throws GraphException if this is not a leaf that requires a gradient, frozen or not
     */
    public void freeze() {
        ownLeaf("freeze").freeze(true);
        zeroGrad();
    }

    /**
     * Undoes {@link #freeze}.
     *
     * @throws GraphException if this is not a leaf that requires a gradient, frozen or not
     */
    public void unfreeze() {
        ownLeaf("unfreeze").freeze(false);
    }

    private Node ownLeaf(String op) {
        Node own = node;
        if (own == null || !own.isLeaf()) {
            throw new GraphException(op + ": only a leaf that requires grad can be frozen, but this tensor of shape "
                    + shape() + (own == null ? " requires none" : " was computed by '" + own.op + "'"));
        }
        return own;
    }

    /** A constant with the same elements, without the recorded graph. */
    public Tensor detach() {
        return node == null ? this : plain("detach", Attributes.NONE, data, this);
    }

    /** This tensor converted to another dtype; the gradient is converted back. */
    public Tensor to(DType target) {
        return ArithmeticRules.to(this, target);
    }

    // ---- gradients ----

    /**
     * The gradient accumulated so far in this leaf, or in a tensor that {@link #retainGrad} was called on; null before the first
     * backward pass and after {@link #zeroGrad()}.
     */
    public @Nullable Tensor grad() {
        GradientSlot slot = GradientSlot.of(this);
        return slot == null ? null : slot.get();
    }

    /**
     * Replaces the accumulated gradient; null clears it.
     *
     * @throws GraphException if this keeps no gradient, or shape or dtype differ
     */
    public void setGrad(@Nullable Tensor gradient) {
        GradientSlot slot = GradientSlot.of(this);
        if (slot == null || !slot.keeps()) {
            throw new GraphException(
                    "setGrad: only a leaf that requires grad keeps a gradient, or a tensor after retainGrad()");
        }
        if (gradient != null && (!gradient.shape().equals(shape()) || gradient.dtype() != dtype())) {
            throw new GraphException("setGrad: the gradient is " + gradient.dtype() + " " + gradient.shape()
                    + ", but the tensor is " + dtype() + " " + shape());
        }
        slot.set(gradient);
    }

    /** Clears the accumulated gradient. */
    public void zeroGrad() {
        setGrad(null);
    }

    /** Makes this tensor keep its gradient as leaves do, in all backward passes from now on; hooks run before. */
    @CanIgnoreReturnValue
    public Tensor retainGrad() {
        requiredNode("retainGrad").ownSlot().keep();
        return this;
    }

    /**
     * Registers a function of this tensor's gradient in a backward pass, summed over all uses; its result replaces the gradient.
     * Hooks run in the order of their registration, before the gradient is kept or passed on.
     *
     * <p>A hook runs as a backward rule does: unrecorded, unless the pass has the mode {@link GraphMode#CREATE}. A hook that differentiates
     * its own computations runs them within {@link Autograd#enableGrad}, and may start a backward pass there.
     *
     * @throws GraphException if this requires no gradient
     */
    @CanIgnoreReturnValue
    public Hook onGradient(UnaryOperator<Tensor> hook) {
        return requiredNode("onGradient").ownSlot().before(hook);
    }

    /**
     * Registers an action that runs after a backward pass has accumulated a gradient in this leaf, such as a step of its optimizer. By then
     * the gradients of all leaves are accumulated; if a hook throws, these gradients stay, and the hooks after it do not run.
     *
     * @throws GraphException if this is not a leaf that requires a gradient
     */
    @CanIgnoreReturnValue
    public Hook afterAccumulation(Consumer<Tensor> hook) {
        if (!isLeaf()) {
            throw new GraphException("afterAccumulation: this tensor was computed by '"
                    + requiredNode("afterAccumulation").op + "'; only leaves accumulate: use onGradient");
        }
        return requiredNode("afterAccumulation").ownSlot().after(() -> hook.accept(this));
    }

    private Node requiredNode(String op) {
        if (node == null) {
            throw new GraphException(op + ": this tensor of shape " + shape()
                    + " does not require grad; requiresGrad(true) returns a new tensor that does");
        }
        return node;
    }

    /**
     * Accumulates the gradient of this scalar in every leaf that it was computed from, and releases the graph.
     *
     * @throws GraphException if this is not a scalar, requires no gradient, or its graph was released before
     */
    public void backward() {
        backward(GraphMode.FREE);
    }

    /** As {@link #backward()}; the mode says whether the graph is released or kept. */
    public void backward(GraphMode graph) {
        Passes.backward(this, Passes.implicitSeed("backward", this), graph);
    }

    /** As {@link #backward()}, for a tensor of any shape, with its upstream gradient, of the same shape and dtype. */
    public void backward(Tensor gradient) {
        backward(gradient, GraphMode.FREE);
    }

    /** As {@link #backward(Tensor)}; the mode says whether the graph is released or kept. */
    public void backward(Tensor gradient, GraphMode graph) {
        Passes.backward(this, gradient, graph);
    }

    /**
     * Replaces the elements of this leaf in place.
     *
     * @throws GraphException if this was computed by a recorded operation
     */
    public void assign(NdArray values) {
        if (!isLeaf()) {
            throw new GraphException("assign: this tensor was computed by '" + requiredNode("leaf").op
                    + "'; only a leaf can be changed");
        }
        InPlace.assign(data, values);
    }

    // ---- arithmetic ----

    /** {@code this + other}. */
    public Tensor add(Tensor other) {
        return ArithmeticRules.add(this, other);
    }

    /** {@code this + c}. */
    public Tensor add(double c) {
        return ArithmeticRules.add(this, c);
    }

    /** {@code this − other}. */
    public Tensor sub(Tensor other) {
        return ArithmeticRules.sub(this, other);
    }

    /** {@code this − c}. */
    public Tensor sub(double c) {
        return ArithmeticRules.sub(this, c);
    }

    /** {@code this · other}, element by element. */
    public Tensor mul(Tensor other) {
        return ArithmeticRules.mul(this, other);
    }

    /** {@code c · this}. */
    public Tensor mul(double c) {
        return ArithmeticRules.mul(this, c);
    }

    /** {@code this / other}, element by element. */
    public Tensor div(Tensor other) {
        return ArithmeticRules.div(this, other);
    }

    /** {@code this / c}. */
    public Tensor div(double c) {
        return ArithmeticRules.div(this, c);
    }

    /** {@code c − this}: 1 − x is {@code x.rsub(1)}. */
    public Tensor rsub(double c) {
        return ArithmeticRules.rsub(this, c);
    }

    /** {@code c / this}: 1 / x is {@code x.rdiv(1)}. */
    public Tensor rdiv(double c) {
        return ArithmeticRules.rdiv(this, c);
    }

    /** {@code this} to the power c; the gradient {@code c·xᶜ⁻¹} of {@code x⁰} is 0 everywhere. */
    public Tensor pow(double c) {
        return PowerRules.pow(this, c);
    }

    /**
     * {@code this} to the power {@code other}, element by element. The gradient to the exponent is {@code xʸ·log x}, the limit 0 where
     * the base is 0 and the exponent positive, and NaN where the base is negative; where both are 0, all derivatives are 0.
     */
    public Tensor pow(Tensor other) {
        return PowerRules.pow(this, other);
    }

    /** {@code this·(1 − weight) + end·weight}, exact at both ends. */
    public Tensor lerp(Tensor end, double weight) {
        return ArithmeticRules.lerp(this, end, weight);
    }

    /** {@code this·(1 − weight) + end·weight}, element by element, exact at both ends; all three broadcast. */
    public Tensor lerp(Tensor end, Tensor weight) {
        return ArithmeticRules.lerp(this, end, weight);
    }

    /**
     * {@code this − other·⌊this/other⌋}, which has the sign of {@code other}, as Python's {@code %}; NaN where that is 0. The gradient
     * is 1 to this and {@code −⌊this/other⌋} to the other.
     */
    public Tensor remainder(Tensor other) {
        return ArithmeticRules.remainder(this, other);
    }

    /** As {@link #remainder(Tensor)}, of a number. */
    public Tensor remainder(double c) {
        return ArithmeticRules.remainder(this, ArithmeticRules.constant("remainder", this, c));
    }

    /**
     * The remainder of division with the quotient truncated, {@code a − b·trunc(a/b)}, which has the sign of this, as Java's
     * {@code %}; NaN where {@code other} is 0. The gradient is 1 to this and minus the truncated quotient to the other.
     */
    public Tensor fmod(Tensor other) {
        return ArithmeticRules.fmod(this, other);
    }

    /** As {@link #fmod(Tensor)}, of a number. */
    public Tensor fmod(double c) {
        return ArithmeticRules.fmod(this, c);
    }

    /** {@code ⌊this/other⌋}, exactly: {@code x = y·x.floorDivide(y) + x.remainder(y)}; the gradient is 0. */
    public Tensor floorDivide(Tensor other) {
        return ArithmeticRules.floorDivide(this, other);
    }

    /** As {@link #floorDivide(Tensor)}, by a number. */
    public Tensor floorDivide(double c) {
        return ArithmeticRules.floorDivide(this, ArithmeticRules.constant("floorDivide", this, c));
    }

    /**
     * The angle, from −π to π, of the point whose ordinate is this and whose abscissa is {@code x}; at the origin the gradient is
     * NaN.
     */
    public Tensor atan2(Tensor x) {
        return ArithmeticRules.atan2(this, x);
    }

    /** {@code √(this² + other²)} without overflow; where both are 0 the gradient is NaN. */
    public Tensor hypot(Tensor other) {
        return ArithmeticRules.hypot(this, other);
    }

    /** {@code log(eˣ + eʸ)} without overflow; of two −∞ it is −∞ and the gradient 0. */
    public Tensor logAddExp(Tensor other) {
        return ArithmeticRules.logAddExp(this, other);
    }

    /** {@code log₂(2ˣ + 2ʸ)} without overflow; of two −∞ it is −∞ and the gradient 0. */
    public Tensor logAddExp2(Tensor other) {
        return ArithmeticRules.logAddExp2(this, other);
    }

    /** {@code this·log(other)}, which is 0 where this is 0, for any other operand except NaN. */
    public Tensor xlogy(Tensor other) {
        return ArithmeticRules.xlogy(this, other);
    }

    /** {@code this·log(1 + other)}, with all digits where other is small; 0 where this is 0, for any other operand except NaN. */
    public Tensor xlog1py(Tensor other) {
        return ArithmeticRules.xlog1py(this, other);
    }

    /**
     * The regularized lower incomplete gamma function {@code P(a, x) = 1/Γ(a)·∫₀ˣ t^(a−1)·exp(−t) dt}: the distribution function of a gamma
     * distribution. This tensor is a; both broadcast. NaN for negative a or x. Differentiable in both: any number of times in x, twice in
     * a.
     *
     * <p>{@code Tensor.of(0.5, 2, 1e4).igamma(Tensor.of(1, 3, 1e4)) // [0.8427, 0.8009, 0.5013]}
     *
     * @throws GraphException in a backward pass for a derivative of third order in a
     */
    public Tensor igamma(Tensor x) {
        return SpecialRules.igamma(this, x);
    }

    /**
     * The regularized upper incomplete gamma function {@code Q(a, x) = 1 − P(a, x)}, with all digits where it is nearly 0; as
     * {@link #igamma}.
     *
     * <p>{@code Tensor.of(0.5, 2, 1e4).igammac(Tensor.of(1, 3, 1e4)) // [0.1573, 0.1991, 0.4987]}
     *
     * @throws GraphException in a backward pass for a derivative of third order in a
     */
    public Tensor igammac(Tensor x) {
        return SpecialRules.igammac(this, x);
    }

    /**
     * The inverse of {@link #igamma} in x: the x at which {@code P(a, x)} is p, a quantile of a gamma distribution. This tensor is a. NaN
     * for p outside of [0, 1].
     *
     * <p>{@code Tensor.of(0.5, 2, 1e4).igammaInv(Tensor.of(0.5)) // [0.2275, 1.6783, 9999.6667]}
     *
     * @throws GraphException in a backward pass for a derivative of third order in a
     */
    public Tensor igammaInv(Tensor p) {
        return SpecialRules.igammaInv(this, p);
    }

    /**
     * The inverse of {@link #igammac} in x: the x at which {@code Q(a, x)} is q, also for a q that is nearly 0. This tensor is a.
     *
     * <p>{@code Tensor.of(2).igammacInv(Tensor.of(1e-300, 0.5)) // [697.3242, 1.6783]}
     *
     * @throws GraphException in a backward pass for a derivative of third order in a
     */
    public Tensor igammacInv(Tensor q) {
        return SpecialRules.igammacInv(this, q);
    }

    /**
     * The regularized incomplete beta function {@code I(a, b, x) = 1/B(a, b)·∫₀ˣ t^(a−1)·(1 − t)^(b−1) dt}: the distribution function of a
     * beta distribution. This tensor is a; all three broadcast. NaN for negative a or b and for x outside of [0, 1]. Differentiable in all
     * three: any number of times in x, twice in a and b.
     *
     * <p>{@code Tensor.of(0.5, 2).betainc(Tensor.of(0.5, 3), Tensor.of(0.25)) // [0.3333, 0.2617]}
     *
     * @throws GraphException in a backward pass for a derivative of third order in a and b
     */
    public Tensor betainc(Tensor b, Tensor x) {
        return SpecialRules.betainc(this, b, x);
    }

    /**
     * The inverse of {@link #betainc} in x: the x at which {@code I(a, b, x)} is p, a quantile of a beta distribution. This tensor is a.
     * NaN for p outside of [0, 1].
     *
     * <p>{@code Tensor.of(0.5, 2).betaincInv(Tensor.of(0.5, 3), Tensor.of(0.5)) // [0.5, 0.3857]}
     *
     * @throws GraphException in a backward pass for a derivative of third order in a and b
     */
    public Tensor betaincInv(Tensor b, Tensor p) {
        return SpecialRules.betaincInv(this, b, p);
    }

    /**
     * The zeta function of Hurwitz, {@code Σ 1/(q + k)ˢ} over k ≥ 0; Riemann's for q = 1. This tensor is s. ∞ for s = 1 and for q = 0, −1,
     * …; NaN for smaller s and other negative q. Differentiable in q.
     *
     * <p>{@code Tensor.of(2, 3, 1).zeta(Tensor.of(1)) // [1.6449, 1.2021, inf]}
     *
     * @throws GraphException in a backward pass for the derivative in s
     */
    public Tensor zeta(Tensor q) {
        return SpecialRules.zeta(this, q);
    }

    /** The larger element of each pair; in a tie each element gets half of the gradient; a NaN gives NaN. */
    public Tensor maximum(Tensor other) {
        return SelectionRules.maximum(this, other);
    }

    /** {@link #clampMin} under NumPy's name. */
    public Tensor maximum(double c) {
        return SelectionRules.clamp("maximum", this, data().maximum(c), c, Double.POSITIVE_INFINITY);
    }

    /** The smaller element of each pair; in a tie each element gets half of the gradient; a NaN gives NaN. */
    public Tensor minimum(Tensor other) {
        return SelectionRules.minimum(this, other);
    }

    /** {@link #clampMax} under NumPy's name. */
    public Tensor minimum(double c) {
        return SelectionRules.clamp("minimum", this, data().minimum(c), Double.NEGATIVE_INFINITY, c);
    }

    /**
     * The larger element of each pair; of a number and NaN the number. The whole gradient goes to the chosen element, in a tie to this
     * tensor's element.
     */
    public Tensor fmax(Tensor other) {
        return SelectionRules.fmax(this, other);
    }

    /**
     * The smaller element of each pair; of a number and NaN the number. The whole gradient goes to the chosen element, in a tie to this
     * tensor's element.
     */
    public Tensor fmin(Tensor other) {
        return SelectionRules.fmin(this, other);
    }

    /**
     * The elements limited to {@code [min, max]}; if max is less than min, every element becomes max. The gradient passes to elements
     * strictly between the bounds, and is 0 for elements at the bounds and beyond, NaN for NaN.
     *
     * @throws IllegalArgumentException if a bound is NaN
     */
    public Tensor clamp(double min, double max) {
        return SelectionRules.clamp("clamp", this, data().clamp(min, max), min, max);
    }

    /**
     * As {@link #clamp(double, double)} with a bound for each element; in a tie, the element and the bound get half of the gradient each.
     */
    public Tensor clamp(Tensor min, Tensor max) {
        return SelectionRules.clamp(this, min, max);
    }

    /** As {@link #clamp(double, double)}, with a bound below only. */
    public Tensor clampMin(double min) {
        return SelectionRules.clamp("clampMin", this, data().clampMin(min), min, Double.POSITIVE_INFINITY);
    }

    /** As {@link #clamp(double, double)}, with a bound above only. */
    public Tensor clampMax(double max) {
        return SelectionRules.clamp("clampMax", this, data().clampMax(max), Double.NEGATIVE_INFINITY, max);
    }

    /**
     * This tensor with the elements where the BOOL mask is true replaced by the value; the gradient passes only where the mask is false.
     *
     * @throws ShapeException if the mask does not broadcast to this shape
     */
    public Tensor maskedFill(Tensor mask, double value) {
        return SelectionRules.maskedFill(this, mask, value);
    }

    /** As {@link #nanToNum(double)}, with 0 for NaN. */
    public Tensor nanToNum() {
        return nanToNum(0);
    }

    /**
     * Finite elements as they are, NaN replaced by the given number, and the infinities by the largest and the smallest finite number of
     * the dtype.
     *
     * <p>{@code Tensor.of(1, Double.NaN).nanToNum(7) // [1, 7]}
     */
    public Tensor nanToNum(double nan) {
        return SelectionRules.nanToNum(this, () -> with("nan", nan), data().nanToNum(nan));
    }

    /**
     * Finite elements as they are, NaN and the infinities replaced by numbers, which take the dtype; replaced elements have the gradient 0.
     *
     * <p>{@code Tensor.of(1, Double.NaN, Double.NEGATIVE_INFINITY).nanToNum(7, 8, 9) // [1, 7, 9]}
     *
     * @param positive the number in place of +∞
     * @param negative the number in place of −∞
     */
    public Tensor nanToNum(double nan, double positive, double negative) {
        Attributes attributes = () -> with("nan", nan, "positive", positive, "negative", negative);
        return SelectionRules.nanToNum(this, attributes, data().nanToNum(nan, positive, negative));
    }

    // ---- operators of Kotlin and Groovy ----

    /** {@link #add(Tensor)}. */
    public Tensor plus(Tensor other) {
        return add(other);
    }

    /** {@link #add(double)}. */
    public Tensor plus(double c) {
        return add(c);
    }

    /** {@link #sub(Tensor)}. */
    public Tensor minus(Tensor other) {
        return sub(other);
    }

    /** {@link #sub(double)}. */
    public Tensor minus(double c) {
        return sub(c);
    }

    /** {@link #mul(Tensor)}. */
    public Tensor times(Tensor other) {
        return mul(other);
    }

    /** {@link #mul(double)}. */
    public Tensor times(double c) {
        return mul(c);
    }

    /** {@link #neg()}. */
    public Tensor unaryMinus() {
        return neg();
    }

    // ---- comparisons and conditions ----

    /** True where {@code this == other} ({@code 0 == -0}; NaN equals nothing); of equal dtypes and shapes that broadcast. */
    public Tensor eq(Tensor other) {
        return plain("eq", Attributes.NONE, data().eq(other.data()), this, other);
    }

    /** True where {@code this == c} ({@code 0 == -0}; NaN equals nothing). */
    public Tensor eq(double c) {
        return plain("eq", () -> with("number", c), data().eq(c), this);
    }

    /** True where {@code this != other} (NaN differs from everything); of equal dtypes and shapes that broadcast. */
    public Tensor ne(Tensor other) {
        return plain("ne", Attributes.NONE, data().ne(other.data()), this, other);
    }

    /** True where {@code this != c} (NaN differs from everything). */
    public Tensor ne(double c) {
        return plain("ne", () -> with("number", c), data().ne(c), this);
    }

    /** True where {@code this < other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    public Tensor lt(Tensor other) {
        return plain("lt", Attributes.NONE, data().lt(other.data()), this, other);
    }

    /** True where {@code this < c}. */
    public Tensor lt(double c) {
        return plain("lt", () -> with("number", c), data().lt(c), this);
    }

    /** True where {@code this <= other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    public Tensor le(Tensor other) {
        return plain("le", Attributes.NONE, data().le(other.data()), this, other);
    }

    /** True where {@code this <= c}. */
    public Tensor le(double c) {
        return plain("le", () -> with("number", c), data().le(c), this);
    }

    /** True where {@code this > other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    public Tensor gt(Tensor other) {
        return plain("gt", Attributes.NONE, data().gt(other.data()), this, other);
    }

    /** True where {@code this > c}. */
    public Tensor gt(double c) {
        return plain("gt", () -> with("number", c), data().gt(c), this);
    }

    /** True where {@code this >= other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    public Tensor ge(Tensor other) {
        return plain("ge", Attributes.NONE, data().ge(other.data()), this, other);
    }

    /** True where {@code this >= c}. */
    public Tensor ge(double c) {
        return plain("ge", () -> with("number", c), data().ge(c), this);
    }

    /** True where both masks are true; for BOOL masks that broadcast. */
    public Tensor and(Tensor other) {
        return plain("and", Attributes.NONE, data().and(other.data()), this, other);
    }

    /** True where at least one of the masks is true; for BOOL masks that broadcast. */
    public Tensor or(Tensor other) {
        return plain("or", Attributes.NONE, data().or(other.data()), this, other);
    }

    /** True where exactly one of the masks is true; for BOOL masks that broadcast. */
    public Tensor xor(Tensor other) {
        return plain("xor", Attributes.NONE, data().xor(other.data()), this, other);
    }

    /** True where this BOOL mask is false. */
    public Tensor not() {
        return plain("not", Attributes.NONE, data().not(), this);
    }

    /** True where an element is NaN. */
    public Tensor isNaN() {
        return plain("isNaN", Attributes.NONE, data().isNaN(), this);
    }

    /** True where an element is infinite. */
    public Tensor isInf() {
        return plain("isInf", Attributes.NONE, data().isInf(), this);
    }

    /** True where an element is neither infinite nor NaN. */
    public Tensor isFinite() {
        return plain("isFinite", Attributes.NONE, data().isFinite(), this);
    }

    /** True where at least one element of this BOOL mask along the axes is true; false for no elements. */
    public Tensor any(int... axes) {
        return any(Dims.DROP, axes);
    }

    /** As {@link #any(int...)}; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor any(Dims dims, int... axes) {
        NdArray value = data().any(dims, axes);
        return plain("any", Attributes.reducing(shape(), dims, shape().axes("any", axes)), value, this);
    }

    /** True where all elements of this BOOL mask along the axes are true; true for no elements. */
    public Tensor all(int... axes) {
        return all(Dims.DROP, axes);
    }

    /** As {@link #all(int...)}; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor all(Dims dims, int... axes) {
        NdArray value = data().all(dims, axes);
        return plain("all", Attributes.reducing(shape(), dims, shape().axes("all", axes)), value, this);
    }

    /** Returns whether each element is close to the other's, {@code |this − other| ≤ 10⁻⁸ + 10⁻⁵·|other|}; NaN is close to nothing. */
    public boolean allClose(Tensor other) {
        return allClose(other, 1e-5, 1e-8);
    }

    /**
     * Returns whether {@code |this − other| ≤ atol + rtol·|other|} for each element; infinities must be equal.
     *
     * @throws ShapeException if the shapes differ
     */
    public boolean allClose(Tensor other, double rtol, double atol) {
        return data().allClose(other.data(), rtol, atol);
    }

    // ---- elementary and special functions of each element ----

    /**
     * The absolute value, {@code |x|}, of INT32 too; at the kink 0 the gradient is 0.
     *
     * <p>{@code Tensor.of(-2, 0, 3).abs() // [2, 0, 3]}
     */
    public Tensor abs() {
        return PointwiseRules.ABS.of(this);
    }

    /**
     * The inverse of cos, {@code arccos(x)}, from 0 to π; infinite gradient at ±1, NaN beyond.
     *
     * <p>{@code Tensor.of(-1, 0, 1).acos() // [3.1416, 1.5708, 0]}
     */
    public Tensor acos() {
        return PointwiseRules.ACOS.of(this);
    }

    /**
     * The inverse of cosh, {@code arcosh(x)}, for x ≥ 1; infinite gradient at 1, NaN below.
     *
     * <p>{@code Tensor.of(1, 2, 0).acosh() // [0, 1.317, nan]}
     */
    public Tensor acosh() {
        return PointwiseRules.ACOSH.of(this);
    }

    /**
     * The inverse of sin, {@code arcsin(x)}, from −π/2 to π/2; infinite gradient at ±1, NaN beyond.
     *
     * <p>{@code Tensor.of(-1, 0, 1).asin() // [-1.5708, 0, 1.5708]}
     */
    public Tensor asin() {
        return PointwiseRules.ASIN.of(this);
    }

    /**
     * The inverse of sinh, {@code arsinh(x)}, of any number.
     *
     * <p>{@code Tensor.of(-1, 0, 1).asinh() // [-0.8814, 0, 0.8814]}
     */
    public Tensor asinh() {
        return PointwiseRules.ASINH.of(this);
    }

    /**
     * The inverse of tan, {@code arctan(x)}, from −π/2 to π/2.
     *
     * <p>{@code Tensor.of(-1, 0, 1).atan() // [-0.7854, 0, 0.7854]}
     */
    public Tensor atan() {
        return PointwiseRules.ATAN.of(this);
    }

    /**
     * The inverse of tanh, {@code artanh(x)}; value and gradient are infinite at ±1, NaN beyond.
     *
     * <p>{@code Tensor.of(0, 0.5, 1).atanh() // [0, 0.5493, inf]}
     */
    public Tensor atanh() {
        return PointwiseRules.ATANH.of(this);
    }

    /**
     * Rounds up, to the smallest integer that is not below x; the gradient is 0 everywhere, but NaN for NaN.
     *
     * <p>{@code Tensor.of(-1.5, 0.2, 2).ceil() // [-1, 1, 2]}
     */
    public Tensor ceil() {
        return PointwiseRules.CEIL.of(this);
    }

    /**
     * The cosine of radians, {@code cos(x)}; NaN at ±∞.
     *
     * <p>{@code Tensor.of(0, 1, 2).cos() // [1, 0.5403, -0.4161]}
     */
    public Tensor cos() {
        return PointwiseRules.COS.of(this);
    }

    /**
     * The hyperbolic cosine, {@code cosh(x) = (eˣ + e⁻ˣ)/2}.
     *
     * <p>{@code Tensor.of(-1, 0, 1).cosh() // [1.5431, 1, 1.5431]}
     */
    public Tensor cosh() {
        return PointwiseRules.COSH.of(this);
    }

    /**
     * Degrees in radians, {@code x · π/180}.
     *
     * <p>{@code Tensor.of(0, 90, 180).deg2rad() // [0, 1.5708, 3.1416]}
     */
    public Tensor deg2rad() {
        return PointwiseRules.DEG2RAD.of(this);
    }

    /**
     * The logarithmic derivative of Γ, {@code ψ(x) = Γ′(x) / Γ(x)}; NaN at the poles −1, −2, …, the one-sided limit at ±0.
     * Absolute error below 2⁻⁵⁸ next to the zeros left of 0.
     *
     * <p>{@code Tensor.of(1, 2, 0.5).digamma() // [-0.5772, 0.4228, -1.9635]}
     */
    public Tensor digamma() {
        return PointwiseRules.DIGAMMA.of(this);
    }

    /**
     * The summand of an entropy, {@code −x · log(x)}; 0 at 0 with infinite gradient, −∞ below with gradient NaN.
     *
     * <p>{@code Tensor.of(0, 0.5, -1).entr() // [0, 0.3466, -inf]}
     */
    public Tensor entr() {
        return PointwiseRules.ENTR.of(this);
    }

    /**
     * The error function, {@code 2/√π·∫₀ˣ exp(−t²) dt}, from −1 to 1.
     *
     * <p>{@code Tensor.of(-1, 0, 1).erf() // [-0.8427, 0, 0.8427]}
     */
    public Tensor erf() {
        return PointwiseRules.ERF.of(this);
    }

    /**
     * The complementary error function, {@code 1 − erf(x)}, with all digits where erf is nearly 1.
     *
     * <p>{@code Tensor.of(-1, 0, 1).erfc() // [1.8427, 1, 0.1573]}
     */
    public Tensor erfc() {
        return PointwiseRules.ERFC.of(this);
    }

    /**
     * The scaled complementary error function, {@code exp(x²) · erfc(x)}, also where erfc is rounded to 0; infinite where it
     * overflows, below −26.6 in FLOAT64.
     *
     * <p>{@code Tensor.of(-1, 0, 100).erfcx() // [5.009, 1, 0.0056]}
     */
    public Tensor erfcx() {
        return PointwiseRules.ERFCX.of(this);
    }

    /**
     * The inverse of erf, the y of which x is the erf; value and gradient are infinite at ±1, NaN beyond.
     *
     * <p>{@code Tensor.of(-0.5, 0, 1).erfinv() // [-0.4769, 0, inf]}
     */
    public Tensor erfinv() {
        return PointwiseRules.ERFINV.of(this);
    }

    /**
     * The exponential, {@code exp(x)}; infinite where it overflows, above 709.78 in FLOAT64.
     *
     * <p>{@code Tensor.of(-1, 0, 1).exp() // [0.3679, 1, 2.7183]}
     */
    public Tensor exp() {
        return PointwiseRules.EXP.of(this);
    }

    /**
     * The power of 2, {@code 2^x}.
     *
     * <p>{@code Tensor.of(-1, 0, 3).exp2() // [0.5, 1, 8]}
     */
    public Tensor exp2() {
        return PointwiseRules.EXP2.of(this);
    }

    /**
     * The exponential less 1, {@code exp(x) − 1}, with all digits near 0.
     *
     * <p>{@code Tensor.of(-1, 0, 1).expm1() // [-0.6321, 0, 1.7183]}
     */
    public Tensor expm1() {
        return PointwiseRules.EXPM1.of(this);
    }

    /**
     * Rounds down, to the largest integer that is not above x; the gradient is 0 everywhere, but NaN for NaN.
     *
     * <p>{@code Tensor.of(-1.5, 0.2, 2).floor() // [-2, 0, 2]}
     */
    public Tensor floor() {
        return PointwiseRules.FLOOR.of(this);
    }

    /**
     * The fraction, {@code x − trunc(x)}, with the sign of x; the gradient is 1, at the jumps too.
     *
     * <p>{@code Tensor.of(-1.5, 0.25, 2).frac() // [-0.5, 0.25, 0]}
     */
    public Tensor frac() {
        return PointwiseRules.FRAC.of(this);
    }

    /**
     * The modified Bessel function of the first kind and order 0, {@code I₀(x) = Σ (x/2)²ᵏ/(k!)²}.
     *
     * <p>{@code Tensor.of(-1, 0, 2).i0() // [1.2661, 1, 2.2796]}
     */
    public Tensor i0() {
        return PointwiseRules.I0.of(this);
    }

    /**
     * The scaled modified Bessel function {@code exp(−|x|) · I₀(x)}, which doesn't overflow; at 0 its derivative is 0.
     *
     * <p>{@code Tensor.of(-1, 0, 1000).i0e() // [0.4658, 1, 0.0126]}
     */
    public Tensor i0e() {
        return PointwiseRules.I0E.of(this);
    }

    /**
     * The modified Bessel function of the first kind and order 1, {@code I₁(x)}, the derivative of {@link #i0}.
     *
     * <p>{@code Tensor.of(-1, 0, 2).i1() // [-0.5652, 0, 1.5906]}
     */
    public Tensor i1() {
        return PointwiseRules.I1.of(this);
    }

    /**
     * The scaled modified Bessel function {@code exp(−|x|) · I₁(x)}, which doesn't overflow.
     *
     * <p>{@code Tensor.of(-1, 0, 1000).i1e() // [-0.2079, 0, 0.0126]}
     */
    public Tensor i1e() {
        return PointwiseRules.I1E.of(this);
    }

    /**
     * The logarithm of the Γ function, {@code log(|Γ(x)|)}; ∞ at the poles 0, −1, …, with gradient NaN, at ±0 the one-sided limit.
     * Absolute error below 2⁻⁵⁸ next to the zeros left of 0.
     *
     * <p>{@code Tensor.of(0.5, 1, 4).lgamma() // [0.5724, 0, 1.7918]}
     */
    public Tensor lgamma() {
        return PointwiseRules.LGAMMA.of(this);
    }

    /**
     * The natural logarithm, {@code log(x)}; −∞ at 0 with infinite gradient, NaN below, as is its gradient.
     *
     * <p>{@code Tensor.of(0, 1, 2).log() // [-inf, 0, 0.6931]}
     */
    public Tensor log() {
        return PointwiseRules.LOG.of(this);
    }

    /**
     * The logarithm to base 10, {@code log₁₀(x)}; −∞ at 0 with infinite gradient, NaN below, as is its gradient.
     *
     * <p>{@code Tensor.of(0, 1, 1000).log10() // [-inf, 0, 3]}
     */
    public Tensor log10() {
        return PointwiseRules.LOG10.of(this);
    }

    /**
     * The logarithm of 1 + x, {@code log(1 + x)}, with all digits near 0; −∞ at −1, NaN below, as is its gradient.
     *
     * <p>{@code Tensor.of(-1, 0, 1).log1p() // [-inf, 0, 0.6931]}
     */
    public Tensor log1p() {
        return PointwiseRules.LOG1P.of(this);
    }

    /**
     * The logarithm to base 2, {@code log₂(x)}; −∞ at 0 with infinite gradient, NaN below, as is its gradient.
     *
     * <p>{@code Tensor.of(0, 1, 8).log2() // [-inf, 0, 3]}
     */
    public Tensor log2() {
        return PointwiseRules.LOG2.of(this);
    }

    /**
     * The logarithm of {@link #ndtr}, {@code log(Φ(x))}, also where ndtr is rounded to 0.
     *
     * <p>{@code Tensor.of(-100, 0, 2).logNdtr() // [-5005.5242, -0.6931, -0.023]}
     */
    public Tensor logNdtr() {
        return PointwiseRules.LOG_NDTR.of(this);
    }

    /**
     * The logarithm of the multivariate gamma function of dimension p, {@code p(p − 1)/4·log π + Σ log Γ(x − j/2), j < p};
     * NaN for x up to (p − 1)/2.
     *
     * <p>{@code Tensor.of(1, 2, 5).multigammaln(2) // [1.1447, 0.4516, 6.2042]}
     *
     * @throws IllegalArgumentException if p is not positive
     */
    public Tensor multigammaln(int p) {
        return SpecialRules.multigammaln(this, p);
    }

    /**
     * The distribution function of the standard normal distribution, {@code Φ(x)}, with all digits where it is nearly 0.
     *
     * <p>{@code Tensor.of(-2, 0, 1).ndtr() // [0.0228, 0.5, 0.8413]}
     */
    public Tensor ndtr() {
        return PointwiseRules.NDTR.of(this);
    }

    /**
     * The inverse of {@link #ndtr}, {@code Φ⁻¹(x)}: the quantiles of the standard normal distribution; value and gradient are infinite at 0
     * and 1, NaN beyond.
     *
     * <p>{@code Tensor.of(0.025, 0.5, 1).ndtri() // [-1.96, 0, inf]}
     */
    public Tensor ndtri() {
        return PointwiseRules.NDTRI.of(this);
    }

    /**
     * The opposite number, {@code −x}, of INT32 too.
     *
     * <p>{@code Tensor.of(-1, 0, 2).neg() // [1, 0, -2]}
     */
    public Tensor neg() {
        return PointwiseRules.NEG.of(this);
    }

    /**
     * The derivative of {@link #digamma} of the given order n, {@code ψ⁽ⁿ⁾(x)}, digamma itself for order 0. At the poles 0, −1, …
     * ∞ for odd orders and NaN for even ones, but at ±0 the one-sided limit. For even orders less accurate next to the zeros
     * left of 0.
     *
     * <p>{@code Tensor.of(1, 2, 0.5).polygamma(1) // [1.6449, 0.6449, 4.9348]}
     *
     * @throws IllegalArgumentException if the order is negative, or above 100
     */
    public Tensor polygamma(int order) {
        return ActivationRules.polygamma(this, order);
    }

    /**
     * Radians in degrees, {@code x · 180/π}.
     *
     * <p>{@code Tensor.of(0, 1, 3).rad2deg() // [0, 57.2958, 171.8873]}
     */
    public Tensor rad2deg() {
        return PointwiseRules.RAD2DEG.of(this);
    }

    /**
     * The reciprocal, {@code 1 / x}; infinite at ±0, with a gradient of −∞.
     *
     * <p>{@code Tensor.of(-2, 0, 4).reciprocal() // [-0.5, inf, 0.25]}
     */
    public Tensor reciprocal() {
        return PointwiseRules.RECIPROCAL.of(this);
    }

    /**
     * Rounds: the nearest integer, halves to even; the gradient is 0 everywhere, but NaN for NaN.
     *
     * <p>{@code Tensor.of(0.5, 1.5, -2.7).round() // [0, 2, -3]}
     */
    public Tensor round() {
        return PointwiseRules.ROUND.of(this);
    }

    /**
     * The reciprocal of the square root, {@code 1 / √x}; infinite at 0, as its gradient is, NaN below.
     *
     * <p>{@code Tensor.of(0, 1, 4).rsqrt() // [inf, 1, 0.5]}
     */
    public Tensor rsqrt() {
        return PointwiseRules.RSQRT.of(this);
    }

    /**
     * The sign, −1, 0 or 1; the gradient is 0 everywhere, but NaN for NaN.
     *
     * <p>{@code Tensor.of(-2, 0, 3).sign() // [-1, 0, 1]}
     */
    public Tensor sign() {
        return PointwiseRules.SIGN.of(this);
    }

    /**
     * The sine of radians, {@code sin(x)}; NaN at ±∞.
     *
     * <p>{@code Tensor.of(0, 1, 2).sin() // [0, 0.8415, 0.9093]}
     */
    public Tensor sin() {
        return PointwiseRules.SIN.of(this);
    }

    /**
     * The normalised cardinal sine, {@code sin(π·x) / (π·x)}; 1 at 0, with gradient 0.
     *
     * <p>{@code Tensor.of(0, 0.5, 1).sinc() // [1, 0.6366, 0]}
     */
    public Tensor sinc() {
        return ActivationRules.sinc(this);
    }

    /**
     * The hyperbolic sine, {@code sinh(x) = (eˣ − e⁻ˣ)/2}.
     *
     * <p>{@code Tensor.of(-1, 0, 1).sinh() // [-1.1752, 0, 1.1752]}
     */
    public Tensor sinh() {
        return PointwiseRules.SINH.of(this);
    }

    /**
     * The square root, {@code √x}; infinite gradient at 0, NaN below.
     *
     * <p>{@code Tensor.of(0, 2, 4).sqrt() // [0, 1.4142, 2]}
     */
    public Tensor sqrt() {
        return PointwiseRules.SQRT.of(this);
    }

    /**
     * The square, {@code x²}.
     *
     * <p>{@code Tensor.of(-2, 0, 3).square() // [4, 0, 9]}
     */
    public Tensor square() {
        return PointwiseRules.SQUARE.of(this);
    }

    /**
     * The tangent of radians, {@code tan(x)}; NaN at ±∞.
     *
     * <p>{@code Tensor.of(-1, 0, 1).tan() // [-1.5574, 0, 1.5574]}
     */
    public Tensor tan() {
        return PointwiseRules.TAN.of(this);
    }

    /**
     * The hyperbolic tangent, {@code tanh(x)}, from −1 to 1.
     *
     * <p>{@code Tensor.of(-1, 0, 1).tanh() // [-0.7616, 0, 0.7616]}
     */
    public Tensor tanh() {
        return PointwiseRules.TANH.of(this);
    }

    /**
     * Rounds towards 0: x without its fraction; the gradient is 0 everywhere, but NaN for NaN.
     *
     * <p>{@code Tensor.of(-1.5, 0.2, 2).trunc() // [-1, 0, 2]}
     */
    public Tensor trunc() {
        return PointwiseRules.TRUNC.of(this);
    }

    // ---- activation functions of each element ----

    /**
     * The exponential linear unit with α = 1, as {@link #elu()}: {@code x above 0, eˣ − 1 below}.
     *
     * <p>{@code Tensor.of(-1, 0, 1).celu() // [-0.6321, 0, 1]}
     */
    public Tensor celu() {
        return celu(1);
    }

    /**
     * The continuously differentiable exponential linear unit, {@code x above 0, α·(exp(x/α) − 1) below}, from −α; at 0 the
     * gradient is 1 and the second derivative 0.
     *
     * <p>{@code Tensor.of(-1, 0, 1).celu(2) // [-0.7869, 0, 1]}
     *
     * @throws IllegalArgumentException if α is not a positive number
     */
    public Tensor celu(double alpha) {
        return ActivationRules.celu(this, alpha);
    }

    /**
     * The exponential linear unit, {@link #elu(double)} with α = 1: {@code x above 0, eˣ − 1 below}.
     *
     * <p>{@code Tensor.of(-1, 0, 1).elu() // [-0.6321, 0, 1]}
     */
    public Tensor elu() {
        return elu(1);
    }

    /**
     * The exponential linear unit, {@code x above 0, α·(eˣ − 1) below}, from −α; at the kink 0 the gradient is α and
     * the second derivative 0.
     *
     * <p>{@code Tensor.of(-1, 0, 1).elu(2) // [-1.2642, 0, 1]}
     *
     * @throws IllegalArgumentException if α is not a finite number
     */
    public Tensor elu(double alpha) {
        return ActivationRules.elu(this, alpha);
    }

    /**
     * The Gaussian error linear unit, {@code x · Φ(x)} with Φ the standard normal distribution function; NaN at −∞.
     *
     * <p>{@code Tensor.of(-1, 0, 1).gelu() // [-0.1587, 0, 0.8413]}
     */
    public Tensor gelu() {
        return PointwiseRules.GELU.of(this);
    }

    /**
     * An approximation of {@link #gelu} by tanh, {@code x/2·(1 + tanh u), u = √(2/π)·(x + 0.044715·x³)}; NaN at −∞.
     *
     * <p>{@code Tensor.of(-1, 0, 1).geluTanh() // [-0.1588, 0, 0.8412]}
     */
    public Tensor geluTanh() {
        return PointwiseRules.GELU_TANH.of(this);
    }

    /**
     * Elements with a gap around 0, {@code x where |x| > λ, else 0}; at ±λ the gradient is 0.
     *
     * <p>{@code Tensor.of(-1, 0.5, 2).hardshrink(0.5) // [-1, 0, 2]}
     *
     * @throws IllegalArgumentException if λ is not a finite number from 0 on
     */
    public Tensor hardshrink(double lambda) {
        return ActivationRules.hardshrink(this, lambda);
    }

    /**
     * The sigmoid of straight pieces, {@code (x + 3)/6 between 0 and 1}; at the kinks ±3 the gradient is 0.
     *
     * <p>{@code Tensor.of(-4, 0, 1).hardsigmoid() // [0, 0.5, 0.6667]}
     */
    public Tensor hardsigmoid() {
        return PointwiseRules.HARDSIGMOID.of(this);
    }

    /**
     * The silu of straight pieces, {@code x · hardsigmoid(x)}; gradient 0 at the kink −3, 1 at 3, second derivative 0 at both.
     *
     * <p>{@code Tensor.of(-4, -1, 1).hardswish() // [0, -0.3333, 0.6667]}
     */
    public Tensor hardswish() {
        return ActivationRules.hardswish(this);
    }

    /**
     * The tanh of straight pieces, {@link #hardtanh(double, double)}: {@code x between −1 and 1}.
     *
     * <p>{@code Tensor.of(-3, 0.5, 2).hardtanh() // [-1, 0.5, 1]}
     */
    public Tensor hardtanh() {
        return hardtanh(-1, 1);
    }

    /**
     * The tanh of straight pieces, {@code x between the bounds}, beyond them the nearer bound; at the bounds the gradient is 0.
     *
     * <p>{@code Tensor.of(-3, 0.5, 3).hardtanh(0, 2) // [0, 0.5, 2]}
     *
     * @throws IllegalArgumentException unless min &lt; max
     */
    public Tensor hardtanh(double min, double max) {
        return ActivationRules.hardtanh(this, min, max);
    }

    /**
     * The leaky rectifier, {@link #leakyRelu(double)} with slope 0.01: {@code x above 0, x/100 below}.
     *
     * <p>{@code Tensor.of(-1, 0, 2).leakyRelu() // [-0.01, 0, 2]}
     */
    public Tensor leakyRelu() {
        return leakyRelu(0.01);
    }

    /**
     * The leaky rectifier, {@code x above 0, slope·x below}; at the kink 0 the gradient is the slope.
     *
     * <p>{@code Tensor.of(-1, 0, 2).leakyRelu(0.2) // [-0.2, 0, 2]}
     *
     * @throws IllegalArgumentException if the slope is not a finite number
     */
    public Tensor leakyRelu(double slope) {
        return ActivationRules.leakyRelu(this, slope);
    }

    /**
     * The logarithm of the sigmoid, {@code log(sigmoid(x))} = −log(1 + e⁻ˣ), at most 0, without overflow.
     *
     * <p>{@code Tensor.of(-1, 0, 1).logSigmoid() // [-1.3133, -0.6931, -0.3133]}
     */
    public Tensor logSigmoid() {
        return PointwiseRules.LOG_SIGMOID.of(this);
    }

    /**
     * The self-gated unit mish, {@code x · tanh(log(1 + exp(x)))}; NaN at −∞.
     *
     * <p>{@code Tensor.of(-1, 0, 1).mish() // [-0.3034, 0, 0.8651]}
     */
    public Tensor mish() {
        return PointwiseRules.MISH.of(this);
    }

    /**
     * The leaky rectifier whose slopes are learned (He et al., 2015), {@code x above 0, weight·x below}; at the kink 0 the gradient of x
     * is the weight.
     *
     * <p>{@code Tensor.of(-1, 0, 2).prelu(Tensor.of(0.25)) // [-0.25, 0, 2]}
     *
     * @param weight a slope for all elements, {@code []} or {@code [1]}, or one for each channel: {@code [C]}, if this tensor is
     *     {@code [N, C, ...]}
     * @throws ShapeException if it is of another shape
     * @throws DTypeException if the types differ or are not floating
     */
    public Tensor prelu(Tensor weight) {
        return ActivationRules.prelu(this, weight);
    }

    /**
     * The rectifier, {@code max(x, 0)}; at the kink 0 the gradient is 0, NaN gives NaN.
     *
     * <p>{@code Tensor.of(-1, 0, 2).relu() // [0, 0, 2]}
     */
    public Tensor relu() {
        return PointwiseRules.RELU.of(this);
    }

    /**
     * The rectifier that ends at 6, {@code x between 0 and 6}; at the kinks 0 and 6 the gradient is 0.
     *
     * <p>{@code Tensor.of(-1, 3, 8).relu6() // [0, 3, 6]}
     */
    public Tensor relu6() {
        return ActivationRules.hardtanh("relu6", this, 0, 6);
    }

    /**
     * The scaled exponential linear unit, {@code s·x above 0, s·α·(eˣ − 1) below; s ≈ 1.05, α ≈ 1.67}: s = 1.0507009873554805 and
     * α = 1.6732632423543772 keep mean and variance of deep layers near 0 and 1. At the kink 0 the gradient is sα and the
     * second derivative 0.
     *
     * <p>{@code Tensor.of(-1, 0, 1).selu() // [-1.1113, 0, 1.0507]}
     */
    public Tensor selu() {
        return ActivationRules.selu(this);
    }

    /**
     * The logistic function, {@code σ(x) = 1 / (1 + exp(−x))}, from 0 to 1.
     *
     * <p>{@code Tensor.of(-1, 0, 1).sigmoid() // [0.2689, 0.5, 0.7311]}
     */
    public Tensor sigmoid() {
        return PointwiseRules.SIGMOID.of(this);
    }

    /**
     * The sigmoid linear unit, also known as swish, {@code x · sigmoid(x)}; NaN at −∞.
     *
     * <p>{@code Tensor.of(-1, 0, 1).silu() // [-0.2689, 0, 0.7311]}
     */
    public Tensor silu() {
        return PointwiseRules.SILU.of(this);
    }

    /**
     * The smooth rectifier, {@link #softplus(double, double)} with β = 1 and threshold 20: {@code log(1 + eˣ), x itself above 20}.
     *
     * <p>{@code Tensor.of(-1, 0, 1).softplus() // [0.3133, 0.6931, 1.3133]}
     */
    public Tensor softplus() {
        return softplus(1, 20);
    }

    /**
     * The smooth rectifier, {@code log(1 + exp(βx)) / β, x itself where βx is above the threshold}, with gradient 1 there.
     *
     * <p>{@code Tensor.of(-1, 0, 1).softplus(2, 20) // [0.0635, 0.3466, 1.0635]}
     *
     * @throws IllegalArgumentException if β is not a positive number, or the threshold is NaN
     */
    public Tensor softplus(double beta, double threshold) {
        return ActivationRules.softplus(this, beta, threshold);
    }

    /**
     * Elements pulled towards 0, {@code x − λ above λ, x + λ below −λ, else 0}; at ±λ the gradient is 0.
     *
     * <p>{@code Tensor.of(-1, 0.5, 2).softshrink(0.5) // [-0.5, 0, 1.5]}
     *
     * @throws IllegalArgumentException if λ is not a finite number from 0 on
     */
    public Tensor softshrink(double lambda) {
        return ActivationRules.softshrink(this, lambda);
    }

    /**
     * The sign of a soft step, {@code x / (1 + |x|)}, from −1 to 1; at 0 the second derivative is 0.
     *
     * <p>{@code Tensor.of(-1, 0, 3).softsign() // [-0.5, 0, 0.75]}
     */
    public Tensor softsign() {
        return PointwiseRules.SOFTSIGN.of(this);
    }

    /**
     * Elements above a threshold, {@code x above the threshold, else the value}; at the threshold the gradient is 0.
     *
     * <p>{@code Tensor.of(-1, 0.5, 2).threshold(0.5, 7) // [7, 7, 2]}
     *
     * @throws IllegalArgumentException if the threshold is NaN
     */
    public Tensor threshold(double threshold, double value) {
        return ActivationRules.threshold(this, threshold, value);
    }

    // ---- sums, products, means and spreads: over the given axes, over all if none is given ----

    /** The sum over axes; an empty sum is 0. */
    public Tensor sum(int... axes) {
        return sum(Dims.DROP, axes);
    }

    /** The sum over axes; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor sum(Dims dims, int... axes) {
        return ReductionRules.sum(this, dims, axes);
    }

    /** The mean over axes; NaN for no elements. */
    public Tensor mean(int... axes) {
        return mean(Dims.DROP, axes);
    }

    /** The mean over axes; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor mean(Dims dims, int... axes) {
        return ReductionRules.mean(this, dims, axes);
    }

    /** The sum over axes of the elements that are not NaN, 0 if there are none; NaN elements have the gradient 0. */
    public Tensor nanSum(int... axes) {
        return nanSum(Dims.DROP, axes);
    }

    /** As {@link #nanSum(int...)}; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor nanSum(Dims dims, int... axes) {
        return ReductionRules.nanSum(this, dims, axes);
    }

    /** The mean over axes of the elements that are not NaN, NaN if there are none; NaN elements have the gradient 0. */
    public Tensor nanMean(int... axes) {
        return nanMean(Dims.DROP, axes);
    }

    /** As {@link #nanMean(int...)}; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor nanMean(Dims dims, int... axes) {
        return ReductionRules.nanMean(this, dims, axes);
    }

    /** The product over axes; an empty product is 1. Gradients of all orders are right with any number of zeros. */
    public Tensor prod(int... axes) {
        return prod(Dims.DROP, axes);
    }

    /** The product over axes; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor prod(Dims dims, int... axes) {
        return ReductionRules.prod(this, dims, axes);
    }

    /** The variance over axes, {@code Σ(x − mean)² / (n − 1)}; NaN of fewer than two elements. */
    public Tensor var(int... axes) {
        return var(Dims.DROP, axes);
    }

    /** As {@link #var(int...)}; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor var(Dims dims, int... axes) {
        return var(Correction.BESSEL, dims, axes);
    }

    /** As {@link #var(Correction, Dims, int...)}, without the axes that are reduced. */
    public Tensor var(Correction correction, int... axes) {
        return var(correction, Dims.DROP, axes);
    }

    /**
     * The variance over axes, {@code Σ(x − mean)² / (n − correction)}; with {@link Dims#KEEP} the axes stay; a negative divisor
     * is taken as 0.
     */
    public Tensor var(Correction correction, Dims dims, int... axes) {
        return ReductionRules.var(this, correction, dims, axes);
    }

    /** The standard deviation over axes, the root of {@link #var(int...)}; of equal elements its gradient is 0. */
    public Tensor std(int... axes) {
        return std(Dims.DROP, axes);
    }

    /** As {@link #std(int...)}; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor std(Dims dims, int... axes) {
        return std(Correction.BESSEL, dims, axes);
    }

    /** As {@link #std(Correction, Dims, int...)}, without the axes that are reduced. */
    public Tensor std(Correction correction, int... axes) {
        return std(correction, Dims.DROP, axes);
    }

    /** The root of {@link #var(Correction, Dims, int...)}; of equal elements its gradient is 0. */
    public Tensor std(Correction correction, Dims dims, int... axes) {
        return ReductionRules.std(this, correction, dims, axes);
    }

    /** The number of elements that are not 0, as INT32 and without gradient; NaN is not 0. */
    public Tensor countNonZero(int... axes) {
        return countNonZero(Dims.DROP, axes);
    }

    /** As {@link #countNonZero(int...)}; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor countNonZero(Dims dims, int... axes) {
        return ReductionRules.countNonZero(this, dims, axes);
    }

    /**
     * The norm of order p over axes, {@code (Σ|x|ᵖ)^(1/p)}; of order ∞ the largest |x|, of order −∞ the smallest, of order 0 the
     * number of elements that are not 0. Where the norm is 0, its gradients of all orders are 0; elements that tie for the largest
     * or smallest share the gradient evenly; an element that is 0 gets none if p ≤ 1.
     */
    public Tensor vectorNorm(double p, int... axes) {
        return vectorNorm(p, Dims.DROP, axes);
    }

    /** As {@link #vectorNorm(double, int...)}; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor vectorNorm(double p, Dims dims, int... axes) {
        return NormRules.vectorNorm(this, p, dims, axes);
    }

    /** The vectors along an axis divided by their norms of order p, as {@link #normalize(int, double, double)} with eps 10⁻¹². */
    public Tensor normalize(int axis, double p) {
        return normalize(axis, p, 1e-12);
    }

    /**
     * The vectors along an axis divided by their norms of order p, or by eps if that is greater. The gradient of a vector of norm 0
     * is 0.
     *
     * @throws IllegalArgumentException if eps is not positive
     */
    public Tensor normalize(int axis, double p, double eps) {
        return NormRules.normalize(this, axis, p, eps);
    }

    /** {@code log Σ exp x} over axes without overflow. */
    public Tensor logSumExp(int... axes) {
        return logSumExp(Dims.DROP, axes);
    }

    /** {@code log Σ exp x} over axes; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor logSumExp(Dims dims, int... axes) {
        return ReductionRules.logSumExp(this, dims, axes);
    }

    /** {@code exp xᵢ / Σ exp xⱼ} along an axis, without overflow. */
    public Tensor softmax(int axis) {
        return ReductionRules.softmax(this, axis);
    }

    /** {@code xᵢ − log Σ exp xⱼ} along an axis, without overflow. */
    public Tensor logSoftmax(int axis) {
        return ReductionRules.logSoftmax(this, axis);
    }

    // ---- largest, smallest and middle elements; a NaN counts as each of them ----

    /** The largest element over axes; ties share the gradient evenly. */
    public Tensor amax(int... axes) {
        return amax(Dims.DROP, axes);
    }

    /** The largest element over axes; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor amax(Dims dims, int... axes) {
        return ExtremeRules.amax(this, dims, axes);
    }

    /** The smallest element over axes; ties share the gradient evenly. */
    public Tensor amin(int... axes) {
        return amin(Dims.DROP, axes);
    }

    /** The smallest element over axes; with {@link Dims#KEEP} the axes stay, with size 1. */
    public Tensor amin(Dims dims, int... axes) {
        return ExtremeRules.amin(this, dims, axes);
    }

    /** The largest element of all; ties share the gradient evenly. */
    public Tensor max() {
        return ExtremeRules.max(this);
    }

    /** The largest elements along an axis and their indices; of several equal elements the first, which gets the whole gradient. */
    public IndexedValues max(int axis) {
        return max(Dims.DROP, axis);
    }

    /** As {@link #max(int)}; with {@link Dims#KEEP} the axis stays, with size 1. */
    public IndexedValues max(Dims dims, int axis) {
        return ExtremeRules.max(this, dims, axis);
    }

    /** The smallest element of all; ties share the gradient evenly. */
    public Tensor min() {
        return ExtremeRules.min(this);
    }

    /** The smallest elements along an axis and their indices; of several equal elements the first, which gets the whole gradient. */
    public IndexedValues min(int axis) {
        return min(Dims.DROP, axis);
    }

    /** As {@link #min(int)}; with {@link Dims#KEEP} the axis stays, with size 1. */
    public IndexedValues min(Dims dims, int axis) {
        return ExtremeRules.min(this, dims, axis);
    }

    /** The middle element in ascending order, or the lower of the two middle elements; ties share the gradient evenly. */
    public Tensor median() {
        return ExtremeRules.median(this);
    }

    /**
     * The middle elements along an axis, as {@link #median()}, and their indices; of several equal elements the first, which gets the whole
     * gradient.
     */
    public IndexedValues median(int axis) {
        return median(Dims.DROP, axis);
    }

    /** As {@link #median(int)}; with {@link Dims#KEEP} the axis stays, with size 1. */
    public IndexedValues median(Dims dims, int axis) {
        return ExtremeRules.median(this, dims, axis);
    }

    /**
     * The values that occur most often along an axis, of several the smallest, and their indices; of equal elements the first, which gets
     * the whole gradient. All NaN count as one value, the largest.
     */
    public IndexedValues mode(int axis) {
        return mode(Dims.DROP, axis);
    }

    /** As {@link #mode(int)}; with {@link Dims#KEEP} the axis stays, with size 1. */
    public IndexedValues mode(Dims dims, int axis) {
        return ExtremeRules.mode(this, dims, axis);
    }

    /**
     * The q-quantile of all elements: the value at position {@code q·(n − 1)} of the sorted elements, linearly interpolated between
     * neighbours.
     *
     * @throws IllegalArgumentException unless {@code 0 ≤ q ≤ 1}
     */
    public Tensor quantile(double q) {
        return ExtremeRules.quantile(this, q);
    }

    /** The q-quantile of the elements along an axis; see {@link #quantile(double)}. */
    public Tensor quantile(double q, int axis) {
        return quantile(q, Dims.DROP, axis);
    }

    /** As {@link #quantile(double, int)}; with {@link Dims#KEEP} the axis stays, with size 1. */
    public Tensor quantile(double q, Dims dims, int axis) {
        return ExtremeRules.quantile(this, q, dims, axis);
    }

    /** The {@link #median()} of the elements that are not NaN; NaN if there are none. */
    public Tensor nanMedian() {
        return ExtremeRules.nanMedian(this);
    }

    /** As {@link #median(int)}, of the elements that are not NaN; the first element if there are none. */
    public IndexedValues nanMedian(int axis) {
        return nanMedian(Dims.DROP, axis);
    }

    /** As {@link #nanMedian(int)}; with {@link Dims#KEEP} the axis stays, with size 1. */
    public IndexedValues nanMedian(Dims dims, int axis) {
        return ExtremeRules.nanMedian(this, dims, axis);
    }

    /** The {@link #quantile(double)} of the elements that are not NaN; NaN if there are none. */
    public Tensor nanQuantile(double q) {
        return ExtremeRules.nanQuantile(this, q);
    }

    /** The q-quantile of the elements along an axis that are not NaN; see {@link #nanQuantile(double)}. */
    public Tensor nanQuantile(double q, int axis) {
        return nanQuantile(q, Dims.DROP, axis);
    }

    /** As {@link #nanQuantile(double, int)}; with {@link Dims#KEEP} the axis stays, with size 1. */
    public Tensor nanQuantile(double q, Dims dims, int axis) {
        return ExtremeRules.nanQuantile(this, q, dims, axis);
    }

    /** The INT32 index of the first largest element among all in row-major order, without gradient. */
    public Tensor argMax() {
        return ExtremeRules.argMax(this);
    }

    /** The INT32 index of the first largest element along an axis, without gradient. */
    public Tensor argMax(int axis) {
        return argMax(Dims.DROP, axis);
    }

    /** As {@link #argMax(int)}; with {@link Dims#KEEP} the axis stays, with size 1. */
    public Tensor argMax(Dims dims, int axis) {
        return ExtremeRules.argMax(this, dims, axis);
    }

    /** The INT32 index of the first smallest element among all in row-major order, without gradient. */
    public Tensor argMin() {
        return ExtremeRules.argMin(this);
    }

    /** The INT32 index of the first smallest element along an axis, without gradient. */
    public Tensor argMin(int axis) {
        return argMin(Dims.DROP, axis);
    }

    /** As {@link #argMin(int)}; with {@link Dims#KEEP} the axis stays, with size 1. */
    public Tensor argMin(Dims dims, int axis) {
        return ExtremeRules.argMin(this, dims, axis);
    }

    // ---- scans ----

    /** {@code yₖ = x₀ + … + xₖ} along an axis. */
    public Tensor cumsum(int axis) {
        return CumulativeRules.cumsum(this, axis, false);
    }

    /** {@code yₖ = x₀ · … · xₖ} along an axis. Gradients of all orders are right with any number of zeros. */
    public Tensor cumprod(int axis) {
        return CumulativeRules.cumprod(this, axis, false);
    }

    /** {@code yₖ = log(exp x₀ + … + exp xₖ)} along an axis, without overflow. */
    public Tensor logCumsumExp(int axis) {
        return CumulativeRules.logCumsumExp(this, axis);
    }

    /** The cumulative maximum along an axis, with the index of each element; the last of several equal elements gets the gradient. */
    public IndexedValues cummax(int axis) {
        return ExtremeRules.cummax(this, axis);
    }

    /** The cumulative minimum along an axis, with the index of each element; the last of several equal elements gets the gradient. */
    public IndexedValues cummin(int axis) {
        return ExtremeRules.cummin(this, axis);
    }

    /** The differences {@code xₖ₊₁ − xₖ} along the last axis. */
    public Tensor diff() {
        return diff(-1, 1);
    }

    /**
     * The differences {@code xₖ₊₁ − xₖ} along an axis, taken n times; each time the axis becomes shorter by one, as long as it can.
     *
     * @throws IllegalArgumentException if n is negative
     */
    public Tensor diff(int axis, int n) {
        return CumulativeRules.diff(this, axis, n);
    }

    // ---- other shapes: views, unless the elements don't lie in row-major order ----

    /** The same elements in row-major order under another shape; one size may be −1, and is inferred from the others. */
    public Tensor reshape(int... dims) {
        return ShapingRules.reshape(this, shape().reshaped(dims));
    }

    /** The same elements in row-major order under another shape. */
    public Tensor reshape(Shape target) {
        return ShapingRules.reshape(this, target);
    }

    /** All elements in row-major order as a vector; a scalar becomes a vector of one. */
    public Tensor flatten() {
        return reshape(Shape.of(shape().size()));
    }

    /** This tensor with the given axis and all axes after it joined to one axis; {@code flatten(1)} keeps the batch axis. */
    public Tensor flatten(int firstAxis) {
        return flatten(firstAxis, -1);
    }

    /** This tensor with the axes from the first to the last, both included, joined to one axis. */
    public Tensor flatten(int firstAxis, int lastAxis) {
        return ShapingRules.flatten(this, firstAxis, lastAxis);
    }

    /** Splits one axis into several; one size may be −1, and is inferred. The opposite of {@link #flatten(int, int)}. */
    public Tensor unflatten(int axis, int... sizes) {
        return ShapingRules.unflatten(this, axis, sizes);
    }

    /** This tensor without the given axes, whose sizes must be 1, or without all axes of size 1 if none is given. */
    public Tensor squeeze(int... axes) {
        return reshape(data().squeeze(axes).shape());
    }

    /** This tensor with a new axis of size 1, which has the given position in the result. */
    public Tensor unsqueeze(int axis) {
        return reshape(data().unsqueeze(axis).shape());
    }

    // ---- other orders: views, but for roll ----

    /** This tensor with the last two axes swapped; a tensor of fewer axes is returned as it is. */
    public Tensor transpose() {
        return shape().rank() < 2 ? this : transpose(-2, -1);
    }

    /** Two axes swapped. */
    public Tensor transpose(int axis0, int axis1) {
        return ShapingRules.transpose(this, axis0, axis1);
    }

    /** Two axes swapped: NumPy's name for {@link #transpose(int, int)}. */
    public Tensor swapAxes(int axis0, int axis1) {
        return transpose(shape().axis("swapAxes", axis0), shape().axis("swapAxes", axis1));
    }

    /** The axes in another order: axis k of the result is axis {@code axes[k]} of this tensor. */
    public Tensor permute(int... axes) {
        return ShapingRules.permute(this, axes);
    }

    /** This tensor with one axis moved to another position; the other axes keep their order. */
    public Tensor moveAxis(int from, int to) {
        return moveAxis(new int[] {from}, new int[] {to});
    }

    /** Axis {@code from[k]} becomes axis {@code to[k]}; the others fill the other positions in their order. */
    public Tensor moveAxis(int[] from, int[] to) {
        return ShapingRules.moveAxis(this, from, to);
    }

    /** This tensor with the entries of the given axes, or of all axes if none is given, in reverse order. */
    public Tensor flip(int... axes) {
        return ShapingRules.flip(this, axes);
    }

    /** As {@link #rot90(int, int, int)} in the plane of the first two axes. */
    public Tensor rot90(int k) {
        return rot90(0, 1, k);
    }

    /** This tensor turned by k times 90°, from the first of two axes towards the second; in the other direction if k is negative. */
    public Tensor rot90(int axis0, int axis1, int k) {
        return ShapingRules.rot90(this, axis0, axis1, k);
    }

    /** As {@link #roll(int, int)} for all elements in row-major order, as if they were a vector. */
    public Tensor roll(int shift) {
        return flatten().roll(0, shift).reshape(shape());
    }

    /**
     * The entries of an axis moved by {@code shift} positions, backwards if it is negative; entries that leave at one end come in at the
     * other.
     */
    public Tensor roll(int axis, int shift) {
        return roll(new int[] {axis}, new int[] {shift});
    }

    /** As {@link #roll(int, int)} for several axes; shifts of the same axis add up. */
    public Tensor roll(int[] axes, int[] shifts) {
        return RepeatingRules.roll(this, axes, shifts);
    }

    // ---- parts: views ----

    /** The elements {@code from} (inclusive) to {@code to} (exclusive) of one axis. */
    public Tensor slice(int axis, int from, int to) {
        return slice(axis, from, to, 1);
    }

    /**
     * Every {@code step}-th element from {@code from} (inclusive) to {@code to} (exclusive) of one axis; backwards if the step is negative.
     */
    public Tensor slice(int axis, int from, int to, int step) {
        return ShapingRules.slice(this, axis, from, to, step);
    }

    /** The {@code length} entries of one axis from {@code from} on, which counts from the end if it is negative. */
    public Tensor narrow(int axis, int from, int length) {
        return ShapingRules.narrow(this, axis, from, length);
    }

    /** One entry of an axis, which is removed; the index counts from the end if it is negative. */
    public Tensor select(int axis, int index) {
        return ShapingRules.select(this, axis, index);
    }

    /**
     * Parts of equal size along an axis; the last part is smaller if the size doesn't divide the axis's size.
     *
     * @throws IllegalArgumentException if the size is not positive
     */
    public List<Tensor> split(int axis, int size) {
        return JoiningRules.split(this, axis, size);
    }

    /** Parts of the given sizes along an axis; they must add up to its size. */
    public List<Tensor> split(int axis, int[] sizes) {
        return JoiningRules.split(this, axis, sizes);
    }

    /**
     * At most {@code count} parts along an axis: of equal size, rounded up, until nothing is left; the last may be smaller.
     *
     * @throws IllegalArgumentException if the number is not positive
     */
    public List<Tensor> chunk(int axis, int count) {
        return JoiningRules.chunk(this, axis, count);
    }

    /** All entries of an axis, as tensors without this axis. */
    public List<Tensor> unbind(int axis) {
        return JoiningRules.unbind(this, axis);
    }

    // ---- copies: broadcastTo and expand are views ----

    /** This tensor repeated along new axes and along axes of size 1. */
    public Tensor broadcastTo(Shape target) {
        return ShapingRules.broadcastTo(this, target);
    }

    /** As {@link #broadcastTo}; a size of −1 stands for this tensor's own size. */
    public Tensor expand(int... sizes) {
        return broadcastTo(Sizes.expanded(shape(), sizes));
    }

    /**
     * Sums over the axes along which broadcasting {@code target} to this shape would repeat elements: the adjoint of {@link #broadcastTo}.
     */
    public Tensor sumTo(Shape target) {
        return ShapingRules.sumTo(this, target);
    }

    /**
     * Copies of this tensor side by side, the given number along each axis. Fewer numbers than axes are for the last axes; further numbers
     * in front make new axes.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    public Tensor tile(int... copies) {
        return RepeatingRules.tiled(this, Sizes.tiled(shape(), copies));
    }

    /** As {@link #tile}, with at least one number for each axis. */
    public Tensor repeat(int... copies) {
        return RepeatingRules.tiled(this, Sizes.repeated(shape(), copies));
    }

    /** The vector of all elements in row-major order, each repeated {@code count} times. */
    public Tensor repeatInterleave(int count) {
        return flatten().repeatInterleave(0, count);
    }

    /**
     * This tensor with each entry of an axis repeated {@code count} times, one after the other.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public Tensor repeatInterleave(int axis, int count) {
        return RepeatingRules.repeatInterleave(this, axis, count);
    }

    /**
     * This tensor with entry k of an axis repeated {@code counts[k]} times.
     *
     * @throws IllegalArgumentException if a count is negative
     */
    public Tensor repeatInterleave(int axis, int[] counts) {
        return RepeatingRules.repeatInterleave(this, axis, counts);
    }

    /** As {@link #repeatInterleave(int, int[])}, with the counts in an INT32 vector. */
    public Tensor repeatInterleave(int axis, Tensor counts) {
        return RepeatingRules.repeatInterleave(this, axis, counts);
    }

    /** As {@link #pad(PadMode, int...)} with zeros. */
    public Tensor pad(int... lastAxesFirst) {
        return pad(PadMode.ZEROS, lastAxesFirst);
    }

    /**
     * This tensor padded at both ends of its last axes, by a pair of numbers, before and after, for each axis: the first pair is for the
     * last axis, the second pair for the axis before it, and so on. {@code pad(1, 1, 2, 2)} puts one column on the left and on the right of
     * a matrix, and two rows above and below. A negative number takes entries away.
     */
    public Tensor pad(PadMode mode, int... lastAxesFirst) {
        return PaddingRules.pad(this, mode, lastAxesFirst);
    }

    /** As {@link #pad(PadMode, int...)}, with the given value instead of zeros. */
    public Tensor padConstant(double value, int... lastAxesFirst) {
        return PaddingRules.constant(this, value, lastAxesFirst);
    }

    // ---- diagonals: an offset counts columns to the right of the main one, or rows below it if it is negative ----

    /** The elements on and below the main diagonal of the matrices over the last two axes; all other elements are 0. */
    public Tensor tril() {
        return tril(0);
    }

    /** As {@link #tril()}, of the diagonal {@code offset} columns right of the main one. */
    public Tensor tril(int offset) {
        return DiagonalRules.tril(this, offset);
    }

    /** The elements on and above the main diagonal of the matrices over the last two axes; all other elements are 0. */
    public Tensor triu() {
        return triu(0);
    }

    /** As {@link #triu()}, of the diagonal {@code offset} columns right of the main one. */
    public Tensor triu(int offset) {
        return DiagonalRules.triu(this, offset);
    }

    /** The main diagonal of the matrices over the first two axes, as a new last axis that replaces these two axes; a view. */
    public Tensor diagonal() {
        return diagonal(0);
    }

    /**
     * As {@link #diagonal()}, of the diagonal {@code offset} columns right of the main one, or {@code −offset} rows below it; it
     * is empty if it lies outside of the matrices.
     */
    public Tensor diagonal(int offset) {
        return diagonal(0, 1, offset);
    }

    /** As {@link #diagonal(int)} of the matrices over two other axes, of which the first counts their rows. */
    public Tensor diagonal(int axis0, int axis1, int offset) {
        return DiagonalRules.diagonal(this, axis0, axis1, offset);
    }

    /** Square matrices, in the last two axes of the result, with the last axis of this tensor as main diagonal, else 0. */
    public Tensor diagEmbed() {
        return diagEmbed(0);
    }

    /** As {@link #diagEmbed()}, {@code offset} columns right of the main diagonal, which makes the matrices larger by |offset|. */
    public Tensor diagEmbed(int offset) {
        return diagEmbed(-2, -1, offset);
    }

    /** As {@link #diagEmbed(int)}, in two other axes of the result. The opposite of {@link #diagonal(int, int, int)}. */
    public Tensor diagEmbed(int axis0, int axis1, int offset) {
        return DiagonalRules.diagEmbed("diagEmbed", this, axis0, axis1, offset);
    }

    /** A vector as main diagonal of a matrix of zeros; of a matrix its main diagonal. */
    public Tensor diag() {
        return diag(0);
    }

    /** As {@link #diag()}, of the diagonal {@code offset} columns right of the main one. */
    public Tensor diag(int offset) {
        return DiagonalRules.diag(this, offset);
    }

    // ---- indexing: the index language ----

    /**
     * The elements at indices, one index per axis, as {@code x[...]} in NumPy: {@code x.get(all(), at(3), range(0, 8, 2), newAxis())} with
     * the factories of {@link Index}. Axes that are not mentioned stay whole. Numbers, ranges and new axes give a view; lists, tensors and
     * masks copy. Several of these are broadcast together, and their axes replace the indexed axes, or come first if other axes lie between
     * these. A single number only removes its axis, as in PyTorch.
     *
     * @throws ShapeException if there are too many indices, one is out of range, or lists do not broadcast
     * @throws IllegalArgumentException if there is more than one ellipsis
     */
    public Tensor get(Index... indices) {
        return IndexingRules.get("get", this, Index.axes(indices));
    }

    /**
     * As {@link #get(Index...)}, in NumPy's notation without the outer brackets: {@code x.get("..., -1, 0:8:2, [3, 0, 1], None")}.
     *
     * @throws IllegalArgumentException if the text is not an index, with the position in it
     */
    public Tensor get(String indices) {
        return IndexingRules.get("get", this, IndexParser.parse(indices));
    }

    /**
     * This tensor with the elements at the indices replaced by the values, which are broadcast: NumPy's {@code x[...] = values}, but as a
     * new tensor. If several values are written to one element, the last in row-major order stays, and only this one gets a gradient.
     *
     * @throws ShapeException if the values do not broadcast to the shape of the elements that the indices pick
     */
    public Tensor indexPut(Tensor values, Index... indices) {
        return IndexingRules.indexPut(this, values, Index.axes(indices));
    }

    // ---- indexing: one axis ----

    /** {@code out[i][j] = this[index[i][j]][j]} for axis 0 and likewise for others; the INT32 index has this tensor's rank. */
    public Tensor gather(int axis, Tensor index) {
        return IndexingRules.gather(this, axis, index);
    }

    /**
     * This tensor with {@code source[i][j]} at {@code [index[i][j]][j]} for axis 0 and likewise for others: the opposite of
     * {@link #gather}. If several values are written to one element, the last in row-major order stays, and only this one gets a gradient.
     * A source longer than the index is cut.
     */
    public Tensor scatter(int axis, Tensor index, Tensor source) {
        return IndexingRules.scatter(this, axis, index, source);
    }

    /** As {@link #scatter}, but adds the source's elements to this tensor's elements. */
    public Tensor scatterAdd(int axis, Tensor index, Tensor source) {
        return IndexingRules.scatterAdd(this, axis, index, source);
    }

    /** The entries of one axis whose numbers a one-dimensional INT32 index holds, in the index's order. */
    public Tensor indexSelect(int axis, Tensor index) {
        return IndexingRules.indexSelect(this, axis, index);
    }

    /** The entries of one axis with the given numbers, in the order of the numbers. */
    public Tensor indexSelect(int axis, int... index) {
        return indexSelect(axis, Tensor.of(index));
    }

    /** This tensor with the source's entry k along one axis added to the entry {@code index[k]}; the index has one axis. */
    public Tensor indexAdd(int axis, Tensor index, Tensor source) {
        return IndexingRules.indexAdd(this, axis, index, source);
    }

    // ---- indexing: all elements, rows ----

    /** The elements where the BOOL mask is true, in row-major order along one axis; this tensor and the mask broadcast. */
    public Tensor maskedSelect(Tensor mask) {
        return IndexingRules.maskedSelect(this, mask);
    }

    /** The elements at INT32 positions in row-major order, in the shape of the index. */
    public Tensor take(Tensor index) {
        return IndexingRules.take(this, index);
    }

    /** The rows of this table at INT32 indices of any shape; the result's shape is the indices' shape followed by a row's shape. */
    public Tensor embedding(Tensor indices) {
        return IndexingRules.embedding(this, indices);
    }

    /** As {@link #embedding(Tensor)}; the row of the padding index gets no gradient. */
    public Tensor embedding(Tensor indices, int padding) {
        return IndexingRules.embedding(this, indices, padding);
    }

    /** The indices of the elements that are not 0: INT32, a row for each of them, in row-major order, a column for each axis. */
    public Tensor nonZero() {
        return IndexingRules.nonZero(this);
    }

    /** The one-hot vectors of INT32 classes along a new last axis, with 1 at the class and 0 elsewhere; INT32. */
    public Tensor oneHot(int classes) {
        return plain("oneHot", () -> with("classes", classes), data().oneHot(classes), this);
    }

    /** The number of times that each of the classes 0, 1, … occurs among INT32 elements of any shape; INT32. */
    public Tensor binCount(int classes) {
        return IndexingRules.binCount(this, classes);
    }

    // ---- sorting: NaN counts as largest, equal elements stay in their order ----

    /** The elements along an axis in ascending order, and their original indices. */
    public IndexedValues sort(int axis) {
        return sort(axis, Order.ASCENDING);
    }

    /** The elements along an axis in ascending or descending order, and their original indices. */
    public IndexedValues sort(int axis, Order order) {
        return SortingRules.sort(this, axis, order);
    }

    /** The INT32 indices that sort an axis in ascending order. */
    public Tensor argSort(int axis) {
        return argSort(axis, Order.ASCENDING);
    }

    /** The INT32 indices that sort an axis in ascending or descending order. */
    public Tensor argSort(int axis, Order order) {
        return plain("argSort", () -> with("axis", axis, "order", order), data().argSort(axis, order), this);
    }

    /** The k largest elements along the last axis, the largest first, and their indices. */
    public IndexedValues topK(int k) {
        return topK(-1, k);
    }

    /** The k largest elements along an axis, the largest first, and their indices. */
    public IndexedValues topK(int axis, int k) {
        return topK(axis, k, Order.DESCENDING);
    }

    /**
     * The first k elements of an axis in the given order, and their indices: the k largest for {@link Order#DESCENDING}, the k smallest for
     * {@link Order#ASCENDING}.
     */
    public IndexedValues topK(int axis, int k, Order order) {
        return SortingRules.topK(this, axis, k, order);
    }

    /** For each value the INT32 index at which it can be inserted into this ascending vector: the number of elements that are less. */
    public Tensor searchSorted(Tensor values) {
        return searchSorted(values, Side.LEFT);
    }

    /**
     * For each value the INT32 index at which it can be inserted into this ascending vector: the number of elements that are less or, for
     * {@link Side#RIGHT}, not greater.
     *
     * @throws IllegalArgumentException if the elements do not ascend
     */
    public Tensor searchSorted(Tensor values, Side side) {
        return plain("searchSorted", () -> with("side", side), data().searchSorted(values.data(), side), this, values);
    }

    /** The different elements in ascending order, the index of each element among them, and their counts. */
    public Unique unique() {
        return SortingRules.unique(this);
    }

    // ---- matrices: products ----

    /**
     * The matrix product {@code Σₖ aᵢₖ·bₖⱼ} over the last two axes, {@code [..., n, k], [..., k, m] → [..., n, m]}; the leading ones
     * broadcast. A vector is a row on the left and a column on the right, and its axis is removed. The bits of an element do not depend on
     * the operands' layout in memory.
     *
     * @throws ShapeException if an operand has no axes, the inner sizes differ, or leading sizes do not broadcast
     * @throws DTypeException if the dtypes differ or are INT32
     */
    public Tensor matmul(Tensor other) {
        return LinalgRules.matmul(this, other);
    }

    /**
     * The scalar product {@code Σ aᵢ·bᵢ} of two vectors of equal length; FLOAT32 products are added up in double.
     *
     * @throws ShapeException if an operand is not a vector or the lengths differ
     */
    public Tensor dot(Tensor other) {
        return LinalgRules.dot(this, other);
    }

    /** The matrix {@code aᵢ·bⱼ} of two vectors. */
    public Tensor outer(Tensor other) {
        return LinalgRules.outer(this, other);
    }

    /** The sum of products over the last axes, which are equally long: {@code [..., k], [,,, k] → [..., ,,,]}; scalars multiply. */
    public Tensor inner(Tensor other) {
        return LinalgRules.inner(this, other);
    }

    /** The sum of products over the last axes of this tensor and as many first axes of the other, in order. */
    public Tensor tensorDot(Tensor other, int axes) {
        return LinalgRules.tensorDot(this, other, axes);
    }

    /** The sum of products over pairs of axes, one of this tensor and one of the other; the result has the remaining axes of both. */
    public Tensor tensorDot(Tensor other, int[] axes, int[] otherAxes) {
        return LinalgRules.tensorDot(this, other, axes, otherAxes);
    }

    /** The Kronecker product: each element times the other tensor, along all axes; the tensor of lower rank gets leading axes of size 1. */
    public Tensor kron(Tensor other) {
        return LinalgRules.kron(this, other);
    }

    /** The cross product of vectors of 3 elements along the last axis; the other axes broadcast. */
    public Tensor cross(Tensor other) {
        return cross(-1, other);
    }

    /** The cross product of vectors of 3 elements, along an axis of the shape to which both tensors broadcast. */
    public Tensor cross(int axis, Tensor other) {
        return LinalgRules.cross(axis, this, other);
    }

    /** The sum of the diagonal of each matrix, square or not. */
    public Tensor trace() {
        return trace(0);
    }

    /**
     * The sum of a diagonal of each matrix: {@code offset} columns right of the main diagonal, or {@code −offset} rows below it if
     * negative; 0 if the diagonal is outside of the matrix.
     */
    public Tensor trace(int offset) {
        return LinalgRules.trace(this, offset);
    }

    /** The square matrix to an integer power; for a negative exponent a power of the inverse, for 0 the identity. */
    public Tensor matrixPower(int exponent) {
        return LinalgRules.matrixPower(this, exponent);
    }

    /**
     * The exponential of the square matrix, {@code I + A + A²/2! + A³/3! + …}, by scaling and squaring of a Padé approximant; for A·t the
     * solution of {@code x′ = A·x} is {@code exp(A·t)·x(0)}. The gradient has all orders.
     */
    public Tensor matrixExp() {
        return ExponentialRules.matrixExp(this);
    }

    // ---- matrices: solutions and determinants ----

    /**
     * The inverse; {@link #solve} is faster and more exact than a product with the inverse.
     *
     * @throws IllegalArgumentException if a matrix is singular, a pivot of its LU decomposition being exactly 0
     */
    public Tensor inv() {
        return SolvingRules.inv("inv", this);
    }

    /**
     * The solution X of {@code A·X = B}; the leading axes broadcast. B is a vector or a batch of vectors if it has one axis or the shape of
     * this tensor without the last axis.
     *
     * @throws IllegalArgumentException if a matrix is singular, a pivot of its LU decomposition being exactly 0
     */
    public Tensor solve(Tensor right) {
        return SolvingRules.solve("solve", this, right);
    }

    /**
     * The solution X of {@code T·X = B}, where T is the given triangle of this matrix with its diagonal; the other elements
     * are not read, and have the gradient 0. B is as in {@link #solve}, and the leading axes broadcast.
     *
     * @throws IllegalArgumentException if an element of the diagonal is 0
     */
    public Tensor solveTriangular(Tensor right, Triangle triangle) {
        return SolvingRules.solveTriangular(this, right, triangle);
    }

    /**
     * The least-squares solution X, which minimises {@code |A·X − B|}; if there are several, the one of minimum norm. B may be one vector.
     * For matrices of full rank the solution has gradients of all orders; for other matrices only as long as the rank does not change.
     */
    public Tensor lstsq(Tensor right) {
        return SolvingRules.lstsq(this, right);
    }

    /** The pseudo-inverse; singular values up to {@code max(m, n)} machine epsilons times the largest count as 0. */
    public Tensor pinv() {
        return SolvingRules.pinv(this);
    }

    /** The pseudo-inverse; singular values up to {@code rcond} times the largest count as 0. */
    public Tensor pinv(double rcond) {
        return SolvingRules.pinv(this, rcond);
    }

    /**
     * The determinant, 0 if the matrix is singular; its gradient, the cofactors, is right there too, and so are gradients of
     * higher order. The third derivative at a singular matrix computes the determinants of all n² minors.
     */
    public Tensor det() {
        return SolvingRules.det(this);
    }

    /** The sign of the determinant, and {@code log |det A|} without overflow: −∞ if the matrix is singular, which has no gradient. */
    public Decomposition.SignedLog slogDet() {
        return SolvingRules.slogDet(this);
    }

    // ---- matrices: factors ----

    /**
     * The lower triangular L of {@code A = L·Lᵀ} of the symmetric part {@code (A + Aᵀ)/2}; so the gradient is symmetric.
     *
     * @throws IllegalArgumentException if it is not positive-definite
     */
    public Tensor cholesky() {
        return DecompositionRules.cholesky(this);
    }

    /**
     * Q with orthonormal columns and upper triangular R without negative diagonal elements: {@code A = Q·R}. The gradient needs the
     * first {@code min(m, n)} columns to be independent.
     */
    public Decomposition.QR qr() {
        return DecompositionRules.qr(this);
    }

    /**
     * The reduced singular value decomposition {@code A = U·diag(s)·Vᵀ}. In each column of U the first element that is not negligible
     * (over 1e-8) is positive, which fixes the signs. The vectors of equal singular values are not unique, and their gradients are
     * not finite; {@link #svdvals} has gradients there.
     */
    public Decomposition.SVD svd() {
        return DecompositionRules.svd(this);
    }

    /** The singular values in descending order; of a value of 0 the gradient is 0. */
    public Tensor svdvals() {
        return DecompositionRules.svdvals("svdvals", this);
    }

    /**
     * Eigenvalues, ascending, and eigenvectors, as columns, of the symmetric part {@code (A + Aᵀ)/2}. In each vector the first element
     * that is not negligible (over 1e-8) is positive, which fixes the signs. The vectors of equal eigenvalues are not unique, and
     * their gradients are not finite; {@link #eigvalsh} has gradients there.
     */
    public Decomposition.Eigen eigh() {
        return DecompositionRules.eigh(this);
    }

    /** The eigenvalues of the symmetric part {@code (A + Aᵀ)/2} in ascending order. */
    public Tensor eigvalsh() {
        return DecompositionRules.eigvalsh(this);
    }

    // ---- matrices: norms and distances ----

    /** The Frobenius norm {@code √Σ aᵢⱼ²}; at the zero matrix its gradients of first and second order are 0. */
    public Tensor matrixNorm() {
        return DistanceRules.matrixNorm(this);
    }

    /**
     * The matrix norm of order p: orders 1 and −1 give the largest and the smallest sum of a column's absolute values, ∞ and −∞ the
     * largest and the smallest sum of a row's absolute values, 2 and −2 the largest and the smallest singular value. Ties share the
     * gradient.
     */
    public Tensor matrixNorm(double p) {
        return DistanceRules.matrixNorm(this, p);
    }

    /** The nuclear norm, the sum of the singular values. */
    public Tensor nuclearNorm() {
        return DecompositionRules.svdvals("nuclearNorm", this).sum(-1);
    }

    /**
     * The Euclidean distance of each row of this tensor's matrices from each row of the other tensor's matrices, {@code [..., p, k], [...,
     * r, k] → [..., p, r]}.
     */
    public Tensor cdist(Tensor other) {
        return cdist(other, 2);
    }

    /** As {@link #cdist(Tensor)}, with the distance by a norm of order {@code p > 0}; for equal points its gradients are 0. */
    public Tensor cdist(Tensor other, double p) {
        return DistanceRules.cdist(this, other, p);
    }

    /** The Euclidean distances of each two rows, {@code [n, k] → [n(n − 1)/2]}: of the first and all later ones, and so on. */
    public Tensor pdist() {
        return pdist(2);
    }

    /** The distances by a norm of order {@code p > 0} of each two rows; for equal points its gradients are 0. */
    public Tensor pdist(double p) {
        return DistanceRules.pdist(this, p);
    }

    // ---- convolutions: with a bias or without; the options are always there, new ConvOptions() for stride 1 without
    // padding ----

    /** {@link #conv1d(Tensor, Tensor, ConvOptions)} without bias. */
    public Tensor conv1d(Tensor weight, ConvOptions options) {
        return conv1d(weight, null, options);
    }

    /**
     * The convolution over the last axis: at each output position, and for each output channel, the sum of input times weight over
     * the kernel and the channels of its group, plus the bias of that channel. The weight is not flipped (a cross-correlation).
     *
     * @param weight {@code [out, channels / groups, k]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis ⌊(size + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1,
     *     or the size with {@link ConvOptions#samePadding}
     * @throws ShapeException if channels, groups, weight and bias do not fit, or the kernel is longer than the input
     *     with its padding
     * @throws DTypeException if the types differ or are not floating
     */
    public Tensor conv1d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.convolution(1, this, weight, bias, options);
    }

    /** {@link #conv2d(Tensor, Tensor, ConvOptions)} without bias. */
    public Tensor conv2d(Tensor weight, ConvOptions options) {
        return conv2d(weight, null, options);
    }

    /**
     * The convolution over the last two axes: at each output position, and for each output channel, the sum of input times weight over
     * the kernel and the channels of its group, plus the bias of that channel. The weight is not flipped (a cross-correlation).
     *
     * @param weight {@code [out, channels / groups, k, l]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis ⌊(size + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1,
     *     or the size with {@link ConvOptions#samePadding}
     * @throws ShapeException if channels, groups, weight and bias do not fit, or the kernel is longer than the input
     *     with its padding
     * @throws DTypeException if the types differ or are not floating
     */
    public Tensor conv2d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.convolution(2, this, weight, bias, options);
    }

    /** {@link #conv3d(Tensor, Tensor, ConvOptions)} without bias. */
    public Tensor conv3d(Tensor weight, ConvOptions options) {
        return conv3d(weight, null, options);
    }

    /**
     * The convolution over the last three axes: at each output position, and for each output channel, the sum of input times weight
     * over the kernel and the channels of its group, plus the bias of that channel. The weight is not flipped (a
     * cross-correlation).
     *
     * @param weight {@code [out, channels / groups, k, l, m]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis ⌊(size + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1,
     *     or the size with {@link ConvOptions#samePadding}
     * @throws ShapeException if channels, groups, weight and bias do not fit, or the kernel is longer than the input
     *     with its padding
     * @throws DTypeException if the types differ or are not floating
     */
    public Tensor conv3d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.convolution(3, this, weight, bias, options);
    }

    /** {@link #convTranspose1d(Tensor, Tensor, ConvOptions)} without bias. */
    public Tensor convTranspose1d(Tensor weight, ConvOptions options) {
        return convTranspose1d(weight, null, options);
    }

    /**
     * The adjoint of {@link #conv1d(Tensor, Tensor, ConvOptions)} by its input: each element times the weight, added up where the
     * kernel had read it; plus the bias.
     *
     * @param weight {@code [channels, out / groups, k]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis (size − 1)·stride − 2·padding + dilation·(k − 1) + 1 + output padding
     * @throws ShapeException if channels, groups, weight and bias do not fit, or an axis would be empty
     * @throws DTypeException if the types differ or are not floating
     */
    public Tensor convTranspose1d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.transposed(1, this, weight, bias, options);
    }

    /** {@link #convTranspose2d(Tensor, Tensor, ConvOptions)} without bias. */
    public Tensor convTranspose2d(Tensor weight, ConvOptions options) {
        return convTranspose2d(weight, null, options);
    }

    /**
     * The adjoint of {@link #conv2d(Tensor, Tensor, ConvOptions)} by its input: each element times the weight, added up where the
     * kernel had read it; plus the bias.
     *
     * @param weight {@code [channels, out / groups, k, l]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis (size − 1)·stride − 2·padding + dilation·(k − 1) + 1 + output padding
     * @throws ShapeException if channels, groups, weight and bias do not fit, or an axis would be empty
     * @throws DTypeException if the types differ or are not floating
     */
    public Tensor convTranspose2d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.transposed(2, this, weight, bias, options);
    }

    /** {@link #convTranspose3d(Tensor, Tensor, ConvOptions)} without bias. */
    public Tensor convTranspose3d(Tensor weight, ConvOptions options) {
        return convTranspose3d(weight, null, options);
    }

    /**
     * The adjoint of {@link #conv3d(Tensor, Tensor, ConvOptions)} by its input: each element times the weight, added up where the
     * kernel had read it; plus the bias.
     *
     * @param weight {@code [channels, out / groups, k, l, m]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis (size − 1)·stride − 2·padding + dilation·(k − 1) + 1 + output padding
     * @throws ShapeException if channels, groups, weight and bias do not fit, or an axis would be empty
     * @throws DTypeException if the types differ or are not floating
     */
    public Tensor convTranspose3d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.transposed(3, this, weight, bias, options);
    }

    /**
     * The elements under the window at each output position, as columns: {@code [batch, channels · window, positions]}, zeros for padding.
     * The number of axes over which the window slides is the number of its sizes; a window with one number for all axes slides over all
     * axes but the first two. The stride is 1 by default.
     *
     * @throws ShapeException if the window does not fit
     */
    public Tensor unfold(Window window) {
        return ConvolutionRules.unfold(this, window);
    }

    /**
     * The adjoint of {@link #unfold}: {@code [batch, channels · window, positions]} to {@code [batch, channels, sizes...]}; where windows
     * overlap, elements are summed, and elements on the padding are left out.
     *
     * @throws ShapeException if unfolding such sizes doesn't give this shape
     */
    public Tensor fold(Window window, int... sizes) {
        return ConvolutionRules.fold(this, window, sizes);
    }

    // ---- interpolation ----

    /**
     * Resizes all axes after the axis of the batch and the axis of the channels:
     * {@code images.interpolate(Interpolation.LINEAR, 8)} makes images of 8 × 8 by bilinear interpolation.
     *
     * @param sizes one size for all resized axes, or a size for each
     * @throws ShapeException if the number of sizes is another one, there are fewer than 3 axes, or an axis has no elements
     */
    public Tensor interpolate(Interpolation mode, int... sizes) {
        return PoolingRules.interpolate(this, mode, sizes);
    }

    /**
     * As {@link #interpolate}, with sizes that are the input's sizes times factors, rounded down. The distance between sampled positions is
     * 1 / factor elements of the input, as with PyTorch's {@code scale_factor}, also where the size is rounded.
     *
     * @param factors one factor for all resized axes, or a factor for each
     */
    public Tensor interpolateBy(Interpolation mode, double... factors) {
        return PoolingRules.interpolateBy(this, mode, factors);
    }

    // ---- pooling: the largest element, the mean of each window ----

    /** {@link #maxPool1d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    public Tensor maxPool1d(int kernel) {
        return maxPool1d(PoolingRules.adjacent("maxPool1d", kernel));
    }

    /**
     * The largest element of each window on the last axis; NaN if the window has a NaN. The stride is the kernel's size by default; padding
     * counts as −∞. The gradient goes to the first of the largest, in row-major order.
     *
     * @throws ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    public Tensor maxPool1d(Window window) {
        return PoolingRules.maximum("maxPool1d", 1, this, window).values();
    }

    /**
     * As {@link #maxPool1d(Window)}, with the indices of the elements, INT32 and of the same shape as these: PyTorch's {@code
     * return_indices}. An index is the element's position along the last axis, without padding. If there are several NaN, the index of the
     * first is returned.
     */
    public IndexedValues maxPool1dWithIndices(Window window) {
        return PoolingRules.maximum("maxPool1dWithIndices", 1, this, window);
    }

    /** {@link #maxPool2d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    public Tensor maxPool2d(int kernel) {
        return maxPool2d(PoolingRules.adjacent("maxPool2d", kernel));
    }

    /**
     * The largest element of each window on the last two axes; NaN if the window has a NaN. The stride is the kernel's size by default;
     * padding counts as −∞. The gradient goes to the first of the largest, in row-major order.
     *
     * @throws ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    public Tensor maxPool2d(Window window) {
        return PoolingRules.maximum("maxPool2d", 2, this, window).values();
    }

    /**
     * As {@link #maxPool2d(Window)}, with the indices of the elements, INT32 and of the same shape as these: PyTorch's {@code
     * return_indices}. An index is the element's row-major position in its plane, which is spanned by the last two axes, without padding.
     * If there are several NaN, the index of the first is returned.
     */
    public IndexedValues maxPool2dWithIndices(Window window) {
        return PoolingRules.maximum("maxPool2dWithIndices", 2, this, window);
    }

    /** {@link #maxPool3d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    public Tensor maxPool3d(int kernel) {
        return maxPool3d(PoolingRules.adjacent("maxPool3d", kernel));
    }

    /**
     * The largest element of each window on the last three axes; NaN if the window has a NaN. The stride is the kernel's size by default;
     * padding counts as −∞. The gradient goes to the first of the largest, in row-major order.
     *
     * @throws ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    public Tensor maxPool3d(Window window) {
        return PoolingRules.maximum("maxPool3d", 3, this, window).values();
    }

    /**
     * As {@link #maxPool3d(Window)}, with the indices of the elements, INT32 and of the same shape as these: PyTorch's {@code
     * return_indices}. An index is the element's row-major position in its volume, which is spanned by the last three axes, without
     * padding. If there are several NaN, the index of the first is returned.
     */
    public IndexedValues maxPool3dWithIndices(Window window) {
        return PoolingRules.maximum("maxPool3dWithIndices", 3, this, window);
    }

    /** {@link #avgPool1d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    public Tensor avgPool1d(int kernel) {
        return avgPool1d(PoolingRules.adjacent("avgPool1d", kernel));
    }

    /** {@link #avgPool1d(Window, Padding)} in which the padding counts. */
    public Tensor avgPool1d(Window window) {
        return avgPool1d(window, Padding.COUNTED);
    }

    /**
     * The mean of each window on the last axis. The stride is the kernel's size by default.
     *
     * @throws ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    public Tensor avgPool1d(Window window, Padding padding) {
        return PoolingRules.average(1, this, window, padding);
    }

    /** {@link #avgPool2d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    public Tensor avgPool2d(int kernel) {
        return avgPool2d(PoolingRules.adjacent("avgPool2d", kernel));
    }

    /** {@link #avgPool2d(Window, Padding)} in which the padding counts. */
    public Tensor avgPool2d(Window window) {
        return avgPool2d(window, Padding.COUNTED);
    }

    /**
     * The mean of each window on the last two axes. The stride is the kernel's size by default.
     *
     * @throws ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    public Tensor avgPool2d(Window window, Padding padding) {
        return PoolingRules.average(2, this, window, padding);
    }

    /** {@link #avgPool3d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    public Tensor avgPool3d(int kernel) {
        return avgPool3d(PoolingRules.adjacent("avgPool3d", kernel));
    }

    /** {@link #avgPool3d(Window, Padding)} in which the padding counts. */
    public Tensor avgPool3d(Window window) {
        return avgPool3d(window, Padding.COUNTED);
    }

    /**
     * The mean of each window on the last three axes. The stride is the kernel's size by default.
     *
     * @throws ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    public Tensor avgPool3d(Window window, Padding padding) {
        return PoolingRules.average(3, this, window, padding);
    }

    // ---- pooling: of parts ----

    /**
     * The largest elements of the given number of parts of the last axis. Part i is from ⌊i·size/parts⌋ to ⌈(i+1)·size/parts⌉.
     * Gradients as with {@link #maxPool1d(Window)}.
     */
    public Tensor adaptiveMaxPool1d(int... sizes) {
        return PoolingRules.adaptiveMaximum(1, this, sizes);
    }

    /** The mean of each part, with the parts of {@link #adaptiveMaxPool1d}. */
    public Tensor adaptiveAvgPool1d(int... sizes) {
        return PoolingRules.adaptiveAverage(1, this, sizes);
    }

    /**
     * The largest elements of the given numbers of parts of the last two axes, one for both or one for each. Part i is from
     * ⌊i·size/parts⌋ to ⌈(i+1)·size/parts⌉. Gradients as with {@link #maxPool2d(Window)}.
     */
    public Tensor adaptiveMaxPool2d(int... sizes) {
        return PoolingRules.adaptiveMaximum(2, this, sizes);
    }

    /** The mean of each part, with the parts of {@link #adaptiveMaxPool2d}. */
    public Tensor adaptiveAvgPool2d(int... sizes) {
        return PoolingRules.adaptiveAverage(2, this, sizes);
    }

    /**
     * The largest elements of the given numbers of parts of the last three axes, one for all or one for each. Part i is from
     * ⌊i·size/parts⌋ to ⌈(i+1)·size/parts⌉. Gradients as with {@link #maxPool3d(Window)}.
     */
    public Tensor adaptiveMaxPool3d(int... sizes) {
        return PoolingRules.adaptiveMaximum(3, this, sizes);
    }

    /** The mean of each part, with the parts of {@link #adaptiveMaxPool3d}. */
    public Tensor adaptiveAvgPool3d(int... sizes) {
        return PoolingRules.adaptiveAverage(3, this, sizes);
    }

    // ---- pooling: the inverse of taking the largest ----

    /**
     * The partial inverse of {@link #maxPool1dWithIndices}: zeros with the elements at their indices along the last axis. If several
     * elements have one index, the last in row-major order stays, and only this one gets a gradient.
     *
     * @param indices INT32, of this tensor's shape
     * @param sizes the sizes of the last axis of the output, which is one
     * @throws ShapeException if the indices are of another shape, or one is not in a plane of these sizes
     * @throws DTypeException if the elements are not floating, or the indices not INT32
     */
    public Tensor maxUnpool1d(Tensor indices, int... sizes) {
        return UnpoolingRules.unpooled(1, this, indices, sizes);
    }

    /**
     * The partial inverse of {@link #maxPool2dWithIndices}: zeros with the elements at their row-major indices in the plane, which is
     * spanned by the last two axes. If several elements have one index, the last in row-major order stays, and only this one gets a
     * gradient.
     *
     * @param indices INT32, of this tensor's shape
     * @param sizes the sizes of the last two axes of the output, one for all or one for each
     * @throws ShapeException if the indices are of another shape, or one is not in a plane of these sizes
     * @throws DTypeException if the elements are not floating, or the indices not INT32
     */
    public Tensor maxUnpool2d(Tensor indices, int... sizes) {
        return UnpoolingRules.unpooled(2, this, indices, sizes);
    }

    /**
     * The partial inverse of {@link #maxPool3dWithIndices}: zeros with the elements at their row-major indices in the volume, which is
     * spanned by the last three axes. If several elements have one index, the last in row-major order stays, and only this one gets a
     * gradient.
     *
     * @param indices INT32, of this tensor's shape
     * @param sizes the sizes of the last three axes of the output, one for all or one for each
     * @throws ShapeException if the indices are of another shape, or one is not in a plane of these sizes
     * @throws DTypeException if the elements are not floating, or the indices not INT32
     */
    public Tensor maxUnpool3d(Tensor indices, int... sizes) {
        return UnpoolingRules.unpooled(3, this, indices, sizes);
    }

    // ---- operations of several tensors ----

    /**
     * The elements of {@code a} where the BOOL mask is true, else the elements of {@code b}; all three broadcast.
     *
     * <p>The gradient of the operand that is not chosen is 0, but a NaN or infinite derivative further back in the graph turns this 0 into
     * NaN, since 0·∞ is NaN: {@code where(x.gt(0), x.sqrt(), 0)} has the gradient NaN at −1. Either make that operand's input harmless by a
     * {@code where} of its own, {@code where(x.gt(0), where(x.gt(0), x, 1).sqrt(), 0)}, or leave it to {@link #where(Tensor, Tensor,
     * UnaryOperator, UnaryOperator)}.
     */
    public static Tensor where(Tensor mask, Tensor a, Tensor b) {
        return SelectionRules.where(mask, a, b);
    }

    /** As {@link #where(Tensor, Tensor, Tensor)}, with a number where the mask is true. */
    public static Tensor where(Tensor mask, double a, Tensor b) {
        return SelectionRules.where(mask, a, b);
    }

    /** As {@link #where(Tensor, Tensor, Tensor)}, with a number where the mask is false. */
    public static Tensor where(Tensor mask, Tensor a, double b) {
        return SelectionRules.where(mask, a, b);
    }

    /**
     * The function {@code a} of the elements of x where the BOOL mask is true, and the function {@code b} of all other elements: {@code
     * where(x.gt(0), x, Tensor::sqrt, v -> v.mul(0))}. Each function gets only its own elements, so a NaN or ∞ that it would have for other
     * elements doesn't reach the gradient, and takes no time.
     *
     * @param x broadcasts with the mask
     * @param a an elementwise function: it gets a vector of the selected elements, and returns as many numbers, or one for all. It is not
     *     called if none is selected
     * @param b likewise, for all other elements
     */
    public static Tensor where(Tensor mask, Tensor x, UnaryOperator<Tensor> a, UnaryOperator<Tensor> b) {
        return SelectionRules.where(mask, x, a, b);
    }

    /** A number to the power of each element; the gradient {@code y·log base} is 0 if the base is 0 and the exponent not negative. */
    public static Tensor pow(double base, Tensor exponent) {
        return PowerRules.pow(base, exponent);
    }

    /** Tensors joined along an existing axis; all other sizes must be equal. */
    public static Tensor concat(int axis, Tensor... parts) {
        return concat(axis, List.of(parts));
    }

    /** As {@link #concat(int, Tensor...)}. */
    public static Tensor concat(int axis, List<Tensor> parts) {
        return JoiningRules.concat("concat", axis, parts);
    }

    /** Tensors of equal shape joined along a new axis, which has the given position in the result. */
    public static Tensor stack(int axis, Tensor... parts) {
        return stack(axis, List.of(parts));
    }

    /** As {@link #stack(int, Tensor...)}. */
    public static Tensor stack(int axis, List<Tensor> parts) {
        return JoiningRules.stack(axis, parts);
    }

    /** Tensors joined side by side: vectors and scalars along their only axis, tensors of two or more axes along axis 1. */
    public static Tensor hstack(Tensor... parts) {
        return JoiningRules.hstack(List.of(parts));
    }

    /** Tensors joined one below the other, along axis 0; vectors and scalars are rows. */
    public static Tensor vstack(Tensor... parts) {
        return JoiningRules.vstack(List.of(parts));
    }

    /** The coordinates of a grid, {@link GridOrder#IJ in the order of the indices of an array}. */
    public static List<Tensor> meshgrid(Tensor... coordinates) {
        return meshgrid(GridOrder.IJ, coordinates);
    }

    /**
     * The coordinates of the points of a grid. From n vectors (or scalars, which count as vectors of one number) it makes n tensors with n
     * axes: one axis for each vector, in the given order. The k-th tensor holds, at every point, the k-th vector's number at the point's
     * index along that vector's axis. Nothing is copied: the tensors are views.
     */
    public static List<Tensor> meshgrid(GridOrder order, Tensor... coordinates) {
        return JoiningRules.meshgrid(order, List.of(coordinates));
    }

    /**
     * The sum of products that an equation of Einstein's notation describes: {@code einsum("ij,jk->ik", a, b)} is the matrix product.
     *
     * <p>Each operand has a letter for each axis, and {@code ...} for any further axes, which broadcast. Axes with the same letter share
     * one index, also within one operand (its diagonal); size 1 is repeated. Letters that are not in the output are summed over. Without
     * {@code ->} the output has the axes of {@code ...}, then the letters that occur once, sorted.
     *
     * @throws IllegalArgumentException if this is not an equation for this number of operands
     * @throws ShapeException if the operands do not fit the equation
     */
    public static Tensor einsum(String equation, Tensor... operands) {
        return EinsumRules.of(equation, List.of(operands));
    }

    /** The elements as NumPy prints them, followed by a remark if the tensor requires a gradient. */
    @Override
    public String toString() {
        return data + (node == null ? "" : node.isLeaf() ? " (requires grad)" : " (from " + node.op + ")");
    }
}
