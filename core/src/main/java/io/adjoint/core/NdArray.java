package io.adjoint.core;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.loops.BinaryKernel;
import io.adjoint.core.loops.BinaryOp;
import io.adjoint.core.loops.Kernel;
import io.adjoint.core.loops.MultiplyAdds;
import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.math.BesselFunctions;
import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.ErrorFunctions;
import io.adjoint.core.math.FloatSeries;
import io.adjoint.core.math.GammaFunctions;
import io.adjoint.core.math.IncompleteGamma;
import io.adjoint.core.math.Powers;
import io.adjoint.core.math.Remainders;
import io.adjoint.core.math.Trigonometry;
import io.adjoint.core.parallel.Clock;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

// Long because it is a façade: documented one-liners that users look up in one place, and no logic.
/**
 * An n-dimensional array: an element type, a shape, and strides over a Java array.
 *
 * <p>Arrays are immutable by contract, so {@link #transpose}, {@link #permute}, {@link #slice}, {@link #broadcastTo}, {@link #flip} and
 * {@link #reshape} are views that share the elements and cost nothing. Only {@link InPlace} changes elements; the owner of a parameter uses
 * it. Operations of two arrays broadcast as NumPy's do, and never mix element types ({@link DTypeException}); an axis may be negative to
 * count from the end. An operation computes the same bits as the tensor's operation of the same name, whose documentation says more.
 *
 * <p>Within a step of a workspace, the array that an operation returns ends with the step, and so does an array from {@link #zeros} or
 * {@link #arange}. Arrays from {@link #of}, {@link #wrap}, {@link #fromArray}, {@link #generate} and {@link #copy} stay valid after the
 * step.
 */
@CheckReturnValue
public final class NdArray {
    /** The number of elements that are compared at a time. */
    private static final int BLOCK = 8192;

    final DType dtype;
    final Shape shape;
    /**
     * The distances between neighbours along each axis. If the elements lie in row-major order, and only then, this is the shape's own Java
     * array of strides, so that {@link #isDense} compares references only; the constructor replaces strides that are equal.
     */
    final int[] strides;

    final int offset;
    /** The Java array, or an {@link Expression}. */
    private final Object storage;

    private final @Nullable NdArray owner;
    /**
     * The step of a program with which this array ends, so that reading the array throws an exception; null if the array stays readable.
     */
    private @Nullable Lease lease;

    private long modified;

    NdArray(
            DType dtype,
            Shape shape,
            int[] strides,
            int offset,
            Object storage,
            @Nullable NdArray owner,
            @Nullable Lease lease) {
        this.dtype = dtype;
        this.shape = shape;
        this.strides = isRowMajor(strides, shape) ? shape.strides() : strides;
        this.offset = offset;
        this.storage = storage;
        this.owner = owner;
        this.lease = lease;
        // Threads may share arrays without synchronization, as if all fields were final.
        VarHandle.storeStoreFence();
    }

    @Nullable
    Lease lease() {
        return lease;
    }

    /** Releases this array from its step, so that it stays readable when the step ends. */
    void release() {
        lease = null;
    }

    /** Returns whether the step that computed this array has ended, so that the array is not readable any more. */
    boolean hasEnded() {
        Lease step = lease;
        // The lease is read again, since another thread may have kept this array before the step ended.
        return step != null && step.hasEnded() && lease != null;
    }

    /** Throws if this array has ended. */
    void requireLive() {
        if (hasEnded()) {
            throw Fusion.refusal(this);
        }
    }

    /**
     * Throws if this array ended while another thread than the step's read it: the reader, who calls this after its last read, may have got
     * elements of a later result.
     */
    void requireLiveStill() {
        if (lease != null) {
            // No element may be read after this fence; Lease.end() has the other half.
            VarHandle.loadLoadFence();
            requireLive();
        }
    }

    /** Returns whether this array has no elements to read: it has an {@link Expression} in their place (is deferred), or it has ended. */
    boolean lacksElements() {
        return storage instanceof Expression || hasEnded();
    }

    /**
     * Returns whether the elements are readable and lie consecutively in row-major order. For an ended array this is false, so kernels take
     * the path that refuses it before they divide the work among threads.
     */
    boolean isDense() {
        return strides == shape.strides() && !lacksElements();
    }

    /**
     * The Java array with the elements; kernels get it by this method only. Throws if this array is deferred, or has ended: its Java array
     * may hold the elements of another array by then.
     */
    Object elements() {
        requireElements();
        return storage;
    }

    /** The Java array or {@link Expression}, without a check, for code that doesn't read elements. */
    Object storage() {
        return storage;
    }

    /** Throws if this array has no elements: either the elements have not been computed yet, or the array's step has ended. */
    void requireElements() {
        if (lacksElements()) {
            throw Fusion.refusal(this);
        }
    }

    /** Returns whether all positions share one element, whose value has been computed already. */
    boolean isNumber() {
        for (int axis = 0; axis < strides.length; axis++) {
            if (shape.dims()[axis] != 1 && strides[axis] != 0) {
                return false;
            }
        }
        return shape.size() > 0 && !lacksElements();
    }

    private static boolean isRowMajor(int[] strides, Shape shape) {
        if (strides == shape.strides()) {
            return true;
        }
        for (int axis = 0; axis < strides.length && shape.size() > 0; axis++) {
            if (shape.dims()[axis] != 1 && strides[axis] != shape.strides()[axis]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The result of a kernel, with a new Java array to which no other code refers. The result ends with the thread's current {@link Lease},
     * if there is one.
     */
    static NdArray adopt(DType dtype, Shape shape, Object storage) {
        return new NdArray(dtype, shape, shape.strides(), 0, storage, null, Lease.current());
    }

    /** An array that uses the caller's Java array; it belongs to no {@link Lease}, so it stays readable. */
    private static NdArray over(DType dtype, Shape shape, Object values) {
        return new NdArray(dtype, shape, shape.strides(), 0, values, null, null);
    }

    // ---- creation ----

    /** A FLOAT64 array of the given shape with a copy of the values in row-major order. */
    public static NdArray of(Shape shape, double... values) {
        return over(DType.FLOAT64, checkLength("NdArray.of", shape, values.length), values.clone());
    }

    /** A FLOAT32 array of the given shape with a copy of the values in row-major order. */
    public static NdArray of(Shape shape, float[] values) {
        return over(DType.FLOAT32, checkLength("NdArray.of", shape, values.length), values.clone());
    }

    /** An INT32 array of the given shape with a copy of the values in row-major order. */
    public static NdArray of(Shape shape, int[] values) {
        return over(DType.INT32, checkLength("NdArray.of", shape, values.length), values.clone());
    }

    /** A BOOL array of the given shape with a copy of the values in row-major order. */
    public static NdArray of(Shape shape, boolean[] values) {
        Object copy = DType.BOOL.storage().allocate(values.length);
        NestedArrays.copy(values, 0, copy, 0, values.length);
        return over(DType.BOOL, checkLength("NdArray.of", shape, values.length), copy);
    }

    /** A FLOAT64 array that uses the given Java array without a copy: a caller that keeps the Java array must not change it. */
    public static NdArray wrap(Shape shape, double[] values) {
        return over(DType.FLOAT64, checkLength("NdArray.wrap", shape, values.length), values);
    }

    /** A FLOAT32 array that uses the given Java array without a copy: a caller that keeps the Java array must not change it. */
    public static NdArray wrap(Shape shape, float[] values) {
        return over(DType.FLOAT32, checkLength("NdArray.wrap", shape, values.length), values);
    }

    /** An INT32 array that uses the given Java array without a copy: a caller that keeps the Java array must not change it. */
    public static NdArray wrap(Shape shape, int[] values) {
        return over(DType.INT32, checkLength("NdArray.wrap", shape, values.length), values);
    }

    private static Shape checkLength(String op, Shape shape, int length) {
        if (shape.size() != length) {
            throw new ShapeException(op + ": the shape " + shape + " takes " + shape.size()
                    + (shape.size() == 1 ? " element, but got " : " elements, but got ") + length);
        }
        return shape;
    }

    /**
     * An array of one value.
     *
     * @throws DTypeException if an element of that type {@linkplain DType#holds cannot hold} the value
     */
    public static NdArray full(DType dtype, Shape shape, double value) {
        return full("full", dtype, shape, value);
    }

    private static NdArray full(String op, DType dtype, Shape shape, double value) {
        dtype.requireHolds(op, value);
        if (Double.doubleToRawLongBits(value) == 0) {
            return zeros(dtype, shape);
        }
        NdArray result = empty(dtype, shape);
        dtype.storage().fill(result.elements(), 0, shape.size(), value);
        return result;
    }

    /** A scalar, shape {@code []}. */
    public static NdArray scalar(DType dtype, double value) {
        return full("scalar", dtype, Shape.scalar(), value);
    }

    /** An array of zeros. */
    public static NdArray zeros(DType dtype, Shape shape) {
        return adopt(dtype, shape, ArrayElements.zeros(dtype, shape.size()));
    }

    /** An array of ones. */
    public static NdArray ones(DType dtype, Shape shape) {
        return full("ones", dtype, shape, 1);
    }

    /** Zeros of another array's shape and dtype. */
    public static NdArray zerosLike(NdArray other) {
        return zeros(other.dtype, other.shape);
    }

    /** Ones of another array's shape and dtype. */
    public static NdArray onesLike(NdArray other) {
        return ones(other.dtype, other.shape);
    }

    /** One value in another array's shape and dtype. */
    public static NdArray fullLike(NdArray other, double value) {
        return full("fullLike", other.dtype, other.shape, value);
    }

    /** The matrix with ones on its main diagonal, else zeros. */
    public static NdArray eye(DType dtype, int rows, int columns) {
        return adopt(dtype, Shape.of("eye", rows, columns), k -> k / columns == k % columns ? 1 : 0);
    }

    /** An array whose elements are undefined. */
    static NdArray empty(DType dtype, Shape shape) {
        return adopt(dtype, shape, ArrayElements.empty(dtype, shape.size()));
    }

    /** {@code 0, 1, … n−1}. */
    public static NdArray arange(DType dtype, int n) {
        return adopt(dtype, Shape.of("arange", n), i -> i);
    }

    /**
     * The vector {@code start, start + step …} up to but without {@code end}; the step may be negative.
     *
     * @throws IllegalArgumentException if a number is not finite, the step is 0 or leads away from the end, or the dtype is INT32 and start
     *     or step is not an integer
     */
    public static NdArray arange(DType dtype, double start, double end, double step) {
        double count = Math.ceil((end - start) / step);
        if (!Double.isFinite(count) || !Double.isFinite(step) || count < 0) {
            throw new IllegalArgumentException(
                    "arange: expected finite numbers, and a step that leads from start to end; got start " + start
                            + ", end " + end + " and step " + step);
        }
        if (count > Integer.MAX_VALUE) {
            throw new ShapeException("arange: from " + start + " to " + end + " by " + step
                    + " are more than 2147483647 elements, the most that a Java array holds");
        }
        dtype.requireHolds("arange", start);
        dtype.requireHolds("arange", step);
        dtype.requireHolds("arange", count == 0 ? start : start + (count - 1) * step);
        return adopt(dtype, Shape.of((int) count), k -> start + k * step);
    }

    /**
     * The vector of {@code count} numbers from {@code start} to {@code end}, both included, at equal distances; if the count is 1, the
     * start.
     */
    public static NdArray linspace(DType dtype, double start, double end, int count) {
        dtype.requireFloating("linspace");
        if (!Double.isFinite(end - start) || count < 0) {
            throw new IllegalArgumentException("linspace: expected finite ends and a count from 0 on, got " + start
                    + ", " + end + " and " + count);
        }
        double step = (end - start) / (count - 1);
        // Each element is computed from the nearer end, so that both ends are exact.
        return adopt(
                dtype,
                Shape.of(count),
                k -> k < count - k ? start + (k == 0 ? 0 : k * step) : end - (count - 1 - k) * step);
    }

    /** The array whose element k in row-major order is {@code element(k)}; the function is called for one k after the other. */
    public static NdArray generate(DType dtype, Shape shape, IntToDoubleFunction element) {
        return over(dtype, shape, elements(dtype, shape, element));
    }

    private static NdArray adopt(DType dtype, Shape shape, IntToDoubleFunction element) {
        return adopt(dtype, shape, elements(dtype, shape, element));
    }

    private static Object elements(DType dtype, Shape shape, IntToDoubleFunction element) {
        Object elements = dtype.storage().allocate(shape.size());
        for (int k = 0; k < shape.size(); k++) {
            dtype.storage().set(elements, k, element.applyAsDouble(k));
        }
        return elements;
    }

    /**
     * A copy of a Java array of {@code double}, {@code float}, {@code int} or {@code boolean} of any rank, such as {@code double[][][]}.
     *
     * @throws IllegalArgumentException if this is not such an array
     * @throws ShapeException if the arrays in it are not equally long, or one is null
     */
    public static NdArray fromArray(Object array) {
        return Lease.outside(() -> NestedArrays.read(array));
    }

    // ---- description and access ----

    /** The element type. */
    public DType dtype() {
        return dtype;
    }

    /** The shape: the size of each axis. */
    public Shape shape() {
        return shape;
    }

    /** The number of elements. */
    public int size() {
        return shape.size();
    }

    /**
     * Returns whether the elements lie consecutively in row-major order; a product or a copy of such an array needs no rearranging.
     */
    public boolean isContiguous() {
        requireLive();
        return isDense();
    }

    /**
     * The element at the given index, one number per axis, negative ones counted from the end.
     *
     * @throws ShapeException if there are too few or too many numbers, or one is out of range
     */
    public double get(int... index) {
        requireElements();
        if (index.length != shape.rank()) {
            throw new ShapeException("get: " + Arrays.toString(index) + " has " + index.length + " numbers, but "
                    + shape + " has " + shape.rank() + " axes");
        }
        int at = offset;
        for (int axis = 0; axis < index.length; axis++) {
            int size = shape.dims()[axis];
            if (index[axis] < -size || index[axis] >= size) {
                throw new ShapeException("get: index " + index[axis] + " is out of range for axis " + axis + " of "
                        + shape + ", which has " + size + " elements");
            }
            at += (index[axis] < 0 ? index[axis] + size : index[axis]) * strides[axis];
        }
        return dtype.storage().get(elements(), at);
    }

    /**
     * The elements at indices in NumPy's notation without the outer brackets, {@code x.get("..., -1, 0:8:2, [3, 0, 1], None")}: numbers,
     * ranges and new axes give a view, lists copy. Several lists are broadcast together, and their axes replace the indexed axes, or come
     * first if other axes lie between these.
     *
     * @throws ShapeException if there are too many indices, one is out of range, or lists do not broadcast
     * @throws IllegalArgumentException if the text is not an index, with the position in it, or has more than one ellipsis
     */
    public NdArray get(String indices) {
        return new IndexPlan("get", shape, IndexParser.parse(indices)).of(this);
    }

    /**
     * The only element.
     *
     * @throws ShapeException if there is not exactly one element
     */
    public double item() {
        requireElements();
        if (shape.size() != 1) {
            throw new ShapeException("item: " + shape + " has " + shape.size()
                    + " elements, not one; take get(index), or reduce first, e.g. with sum() or mean()");
        }
        return dtype.storage().get(elements(), offset);
    }

    /** A copy of the elements in row-major order, widened or converted to double. */
    public double[] toDoubleArray() {
        double[] copy = new double[size()];
        read(0, copy.length, copy);
        return copy;
    }

    /** A copy of the elements in row-major order, rounded to float. */
    public float[] toFloatArray() {
        return (float[]) to(DType.FLOAT32).copy().elements();
    }

    /** A copy of the elements in row-major order, converted to int as a Java cast does. */
    public int[] toIntArray() {
        return (int[]) to(DType.INT32).copy().elements();
    }

    /** A copy of the elements in row-major order, true where they are not 0. */
    public boolean[] toBooleanArray() {
        boolean[] copy = new boolean[size()];
        NestedArrays.copy(to(DType.BOOL).copy().elements(), 0, copy, 0, copy.length);
        return copy;
    }

    /**
     * A copy as a Java array of this rank and element type: {@code toArray(double[][].class)} of a FLOAT64 matrix.
     *
     * @throws IllegalArgumentException if the type does not fit, or this is a scalar
     */
    public <T> T toArray(Class<T> type) {
        return NestedArrays.write(this, type);
    }

    /**
     * This array converted to another element type, rounded as by a Java cast; to BOOL, true where an element is not 0. If this array
     * already has that type, the array itself.
     */
    public NdArray to(DType target) {
        return target == dtype ? this : ElementwiseKernels.convert(this, target);
    }

    /** A dense copy that shares no elements with this array, and doesn't end with a step. */
    public NdArray copy() {
        return Lease.outside(() -> CopyKernels.copy(this));
    }

    /** This array if its elements lie consecutively in row-major order, else a dense copy. */
    public NdArray contiguous() {
        return isDense() ? this : CopyKernels.copy(this);
    }

    /** The number of the last change in place to these elements ({@link Clock}), 0 if there was none; views share it. */
    long modified() {
        return owner().modified;
    }

    void markModified() {
        owner().modified = Clock.tick();
    }

    NdArray owner() {
        return owner == null ? this : owner;
    }

    // ---- views ----

    /** The transposed matrix; for a higher rank, this array with the last two axes swapped; a view. */
    public NdArray transpose() {
        return shape.rank() < 2 ? this : transpose(-2, -1);
    }

    /** Two axes swapped; a view. */
    public NdArray transpose(int axis0, int axis1) {
        return Views.transpose(this, axis0, axis1);
    }

    /** Another name of {@link #transpose(int, int)}. */
    public NdArray swapAxes(int axis0, int axis1) {
        return Views.transpose(this, shape.axis("swapAxes", axis0), shape.axis("swapAxes", axis1));
    }

    /** The axes in another order: axis k of the result is axis {@code axes[k]} of this array; a view. */
    public NdArray permute(int... axes) {
        return Views.permute(this, axes);
    }

    /** The elements in another shape, one size of which may be −1, to be inferred; a view where strides can express it. */
    public NdArray reshape(int... dims) {
        return reshape(shape.reshaped(dims));
    }

    /** The elements as a vector; a view where strides can express it. */
    public NdArray flatten() {
        return reshape(Shape.of(size()));
    }

    /** The elements under another shape of the same size; a view where strides can express it. */
    public NdArray reshape(Shape target) {
        return Views.reshape(this, target.size() == size() ? target : shape.reshaped(target.dims()));
    }

    /** The elements {@code from} (inclusive) to {@code to} (exclusive) of one axis; a view. */
    public NdArray slice(int axis, int from, int to) {
        return slice(axis, from, to, 1);
    }

    /**
     * Every {@code step}-th element of one axis, {@code from} inclusive, {@code to} exclusive; backwards if the step is negative; a view.
     */
    public NdArray slice(int axis, int from, int to, int step) {
        return Views.slice(this, axis, from, to, step);
    }

    /** One element of an axis, which is removed; a view. */
    public NdArray select(int axis, int index) {
        return Views.select(this, axis, index);
    }

    /** This array without the given axes, whose sizes must be 1, or without all axes of size 1 if none is given; a view. */
    public NdArray squeeze(int... axes) {
        return Views.squeeze(this, axes);
    }

    /** This array with a new axis of size 1 in front of the given axis; a view. */
    public NdArray unsqueeze(int axis) {
        return Views.unsqueeze(this, axis);
    }

    /** This array with the entries of the given axes, or of all axes if none is given, in reverse order; a view. */
    public NdArray flip(int... axes) {
        return Views.flip(this, axes);
    }

    /** This array repeated along new axes and along axes of size 1; a view. */
    public NdArray broadcastTo(Shape target) {
        return Views.broadcastTo(this, target);
    }

    /** As {@link #broadcastTo}; a size of −1 stands for this array's own size. */
    public NdArray expand(int... sizes) {
        return broadcastTo(Sizes.expanded(shape, sizes));
    }

    /** Copies of this array beside one another, the given number along each axis; fewer numbers than axes are for the last axes. */
    public NdArray tile(int... copies) {
        return tiled(Sizes.tiled(shape, copies));
    }

    /** As {@link #tile}, with at least one number for each axis; further numbers in front make new axes. */
    public NdArray repeat(int... copies) {
        return tiled(Sizes.repeated(shape, copies));
    }

    private NdArray tiled(Sizes.Tiling tiling) {
        return reshape(tiling.once()).broadcastTo(tiling.often()).reshape(tiling.tiled());
    }

    /**
     * A diagonal of the matrices over two axes, as a new last axis that replaces the two axes: the diagonal {@code offset} columns right of
     * the main diagonal, or {@code −offset} rows below it if the offset is negative; a view.
     */
    public NdArray diagonal(int axis0, int axis1, int offset) {
        return Views.diagonal(this, axis0, axis1, offset);
    }

    /** The main diagonal of the matrices over the first two axes, as a new last axis that replaces these two axes; a view. */
    public NdArray diagonal() {
        return diagonal(0, 1, 0);
    }

    // ---- pointwise ----

    // The results of INT32 arrays are exact; a result out of the range of INT32 is an ArithmeticException.

    /** {@code this + other}. */
    public NdArray add(NdArray other) {
        return ElementwiseKernels.binary(BinaryOp.ADD, this, other);
    }

    /** {@code this − other}. */
    public NdArray sub(NdArray other) {
        return ElementwiseKernels.binary(BinaryOp.SUB, this, other);
    }

    /** {@code this · other}, element by element. */
    public NdArray mul(NdArray other) {
        return ElementwiseKernels.binary(BinaryOp.MUL, this, other);
    }

    /** {@code this / other}, element by element; of floating arrays. */
    public NdArray div(NdArray other) {
        return ElementwiseKernels.binary(BinaryOp.DIV, this, other);
    }

    /** {@code this + c}, a number that takes this dtype. */
    public NdArray add(double c) {
        return add(number("add", c));
    }

    /** {@code this − c}, a number that takes this dtype. */
    public NdArray sub(double c) {
        return sub(number("sub", c));
    }

    /** {@code this · c}, a number that takes this dtype. */
    public NdArray mul(double c) {
        return mul(number("mul", c));
    }

    /** {@code this / c}, a number that takes this dtype. */
    public NdArray div(double c) {
        dtype.requireQuotients("div");
        return div(number("div", c));
    }

    /** A constant in this dtype; an error if the dtype cannot represent the number. */
    NdArray number(String op, double c) {
        dtype.requireNumbers(op);
        dtype.requireHolds(op, c);
        return scalar(dtype, c);
    }

    /** The larger element of each pair; NaN if one of them is NaN. */
    public NdArray maximum(NdArray other) {
        return ElementwiseKernels.binary(BinaryOp.MAXIMUM, this, other);
    }

    /** The smaller element of each pair; NaN if one of them is NaN. */
    public NdArray minimum(NdArray other) {
        return ElementwiseKernels.binary(BinaryOp.MINIMUM, this, other);
    }

    NdArray clamp(String op, double min, double max) {
        if (Double.isNaN(min) || Double.isNaN(max)) {
            throw new IllegalArgumentException(
                    op + ": the bounds must be numbers, got " + (Double.isNaN(max) && !Double.isNaN(min) ? max : min));
        }
        requireBound(op, min);
        requireBound(op, max);
        // A loop of its own, since Kernel.each calls a function for each element, which costs more than this one.
        return mapExact(op, (x, i, y, j, n) -> {
            for (int e = 0; e < n; e++) {
                y[j + e] = Math.min(Math.max(x[i + e], min), max);
            }
        });
    }

    private void requireBound(String op, double bound) {
        dtype.requireNumbers(op);
        if (!Double.isInfinite(bound)) {
            dtype.requireHolds(op, bound);
        }
    }

    /** A function of each element, computed in double. */
    public NdArray map(DoubleUnaryOperator function) {
        return map(Kernel.each(function));
    }

    /** A function of each element by a loop of its own, in double unless the kernel has one for floats, too. */
    public NdArray map(Kernel kernel) {
        return map("map", kernel);
    }

    /** As {@link #map(Kernel)}, with the operation's name for messages. */
    public NdArray map(String op, Kernel kernel) {
        return ElementwiseKernels.map(op, this, kernel);
    }

    /** A function of each pair of elements, computed in double. */
    public NdArray zip(NdArray other, DoubleBinaryOperator function) {
        return zip(other, BinaryKernel.each(function));
    }

    /** A function of each pair of elements by a loop of its own, in double unless the kernel has one for floats, too. */
    public NdArray zip(NdArray other, BinaryKernel kernel) {
        return ElementwiseKernels.zip("zip", this, other, kernel);
    }

    /** As {@link #zip(NdArray, DoubleBinaryOperator)}, with the operation's name for messages. */
    public NdArray zip(String op, NdArray other, DoubleBinaryOperator function) {
        return ElementwiseKernels.zip(op, this, other, BinaryKernel.each(function));
    }

    /** As {@link #map(String, Kernel)}, also for INT32 arrays, for which the function must return integers. */
    public NdArray mapExact(String op, Kernel kernel) {
        return ElementwiseKernels.mapExact(op, this, kernel);
    }

    /** As {@link #zip(String, NdArray, DoubleBinaryOperator)}, also for INT32 arrays, for which the results must be integers of 32 bits. */
    public NdArray zipExact(String op, NdArray other, DoubleBinaryOperator function) {
        return ElementwiseKernels.zipExact(op, this, other, function);
    }

    /** The BOOL mask of a condition: true for elements that fulfil it. */
    public NdArray test(DoublePredicate condition) {
        return ElementwiseKernels.test(this, condition);
    }

    /**
     * The BOOL mask of a comparison: true where the comparison holds. BOOL arrays have no order, and the connectives take only BOOL arrays.
     */
    public NdArray compare(Comparison comparison, NdArray other) {
        return ElementwiseKernels.compare(comparison, this, other);
    }

    /** The BOOL mask of a comparison with a number, which need not be of this dtype: labels may be compared with 0.5. */
    public NdArray compare(Comparison comparison, double c) {
        if (comparison.isOrder()) {
            dtype.requireNumbers(comparison.label());
        }
        NdArray own = dtype.holds(c) ? this : to(DType.FLOAT64);
        return own.compare(comparison, scalar(own.dtype, c));
    }

    /** Returns whether each element is close to the other's, {@code |this − other| ≤ 10⁻⁸ + 10⁻⁵·|other|}; NaN is close to nothing. */
    public boolean allClose(NdArray other) {
        return allClose(other, 1e-5, 1e-8);
    }

    /**
     * Returns whether {@code |this − other| ≤ atol + rtol·|other|} for each element; infinities must be equal.
     *
     * @throws ShapeException if the shapes differ
     */
    public boolean allClose(NdArray other, double rtol, double atol) {
        if (!(rtol >= 0) || !(atol >= 0)) {
            throw new IllegalArgumentException(
                    "allClose: rtol and atol must be numbers from 0 on, got " + rtol + " and " + atol);
        }
        if (!shape.equals(other.shape)) {
            throw new ShapeException("allClose: the shapes " + shape + " and " + other.shape
                    + " differ; make them equal with broadcastTo(shape)");
        }
        NdArray far = zip("allClose", other, (x, y) -> {
            // An infinite number is close only to an equal number.
            double allowed = Double.isInfinite(y) ? -1 : atol + rtol * Math.abs(y);
            return x == y || Math.abs(x - y) <= allowed ? 0 : 1;
        });
        return far.sum().item() == 0;
    }

    /** The elements of {@code a} where the BOOL mask is true, else the elements of {@code b}; all three broadcast. */
    public static NdArray where(NdArray mask, NdArray a, NdArray b) {
        return ElementwiseKernels.where(mask, a, b);
    }

    /** As {@link #where(NdArray, NdArray, NdArray)}, with a number where the mask is true. */
    public static NdArray where(NdArray mask, double a, NdArray b) {
        mask.dtype.requireMask("where");
        return where(mask, b.element("where", a), b);
    }

    /** As {@link #where(NdArray, NdArray, NdArray)}, with a number where the mask is false. */
    public static NdArray where(NdArray mask, NdArray a, double b) {
        mask.dtype.requireMask("where");
        return where(mask, a, a.element("where", b));
    }

    private NdArray element(String op, double value) {
        return full(op, dtype, Shape.scalar(), value);
    }

    // ---- functions of each element: of floating arrays, but where one says otherwise ----

    private NdArray each(String op, DoubleUnaryOperator function) {
        return map(op, Kernel.each(function));
    }

    /** The absolute value, {@code |x|}; also for INT32. */
    public NdArray abs() {
        return mapExact("abs", Kernel.each(Math::abs));
    }

    /** The inverse of cos, from 0 to π; NaN beyond ±1. */
    public NdArray acos() {
        return each("acos", StrictMath::acos);
    }

    /** The inverse of cosh, for x ≥ 1; NaN below. */
    public NdArray acosh() {
        return each("acosh", ElementaryFunctions::acosh);
    }

    /** The inverse of sin, from −π/2 to π/2; NaN beyond ±1. */
    public NdArray asin() {
        return each("asin", StrictMath::asin);
    }

    /** The inverse of sinh. */
    public NdArray asinh() {
        return each("asinh", ElementaryFunctions::asinh);
    }

    /** The inverse of tan, from −π/2 to π/2. */
    public NdArray atan() {
        return each("atan", StrictMath::atan);
    }

    /** The inverse of tanh; infinite at ±1, NaN beyond. */
    public NdArray atanh() {
        return each("atanh", ElementaryFunctions::atanh);
    }

    /** The smallest integer that is not below x. */
    public NdArray ceil() {
        return each("ceil", Math::ceil);
    }

    /** The cosine of radians. */
    public NdArray cos() {
        return each("cos", Trigonometry::cos);
    }

    /** The hyperbolic cosine, {@code (eˣ + e⁻ˣ)/2}. */
    public NdArray cosh() {
        return each("cosh", StrictMath::cosh);
    }

    /** Degrees in radians. */
    public NdArray deg2rad() {
        return each("deg2rad", x -> x * (Math.PI / 180));
    }

    /** The logarithmic derivative of Γ, {@code ψ(x) = Γ′(x) / Γ(x)}. */
    public NdArray digamma() {
        return each("digamma", GammaFunctions::digamma);
    }

    /** The summand of an entropy, {@code −x · log(x)}; 0 at 0, −∞ below. */
    public NdArray entr() {
        return each("entr", ElementaryFunctions::entr);
    }

    /** The error function, {@code 2/√π·∫₀ˣ exp(−t²) dt}. */
    public NdArray erf() {
        return map("erf", UnaryFunction.ERF);
    }

    /** The complementary error function, {@code 1 − erf(x)}. */
    public NdArray erfc() {
        return each("erfc", ErrorFunctions::erfc);
    }

    /** The scaled complementary error function, {@code e^(x²)·erfc(x)}. */
    public NdArray erfcx() {
        return each("erfcx", ErrorFunctions::erfcx);
    }

    /** The inverse of erf; infinite at ±1, NaN beyond. */
    public NdArray erfinv() {
        return each("erfinv", ErrorFunctions::erfinv);
    }

    /** The exponential, {@code eˣ}. */
    public NdArray exp() {
        return map("exp", UnaryFunction.EXP);
    }

    /** The power of 2, {@code 2ˣ}. */
    public NdArray exp2() {
        return each("exp2", Powers::exp2);
    }

    /** The exponential less 1, {@code eˣ − 1}, with all digits near 0. */
    public NdArray expm1() {
        return map("expm1", UnaryFunction.EXPM1);
    }

    /** The largest integer that is not above x. */
    public NdArray floor() {
        return each("floor", Math::floor);
    }

    /** The fraction, {@code x − trunc(x)}, with the sign of x. */
    public NdArray frac() {
        return each("frac", x -> x - Remainders.trunc(x));
    }

    /** The Gaussian error linear unit, {@code x·Φ(x)}. */
    public NdArray gelu() {
        return map("gelu", UnaryFunction.GELU);
    }

    /** The approximation of {@link #gelu} by tanh. */
    public NdArray geluTanh() {
        return map("geluTanh", UnaryFunction.GELU_TANH);
    }

    /** The piecewise linear approximation of {@link #sigmoid}, {@code min(max(x + 3, 0), 6) / 6}. */
    public NdArray hardsigmoid() {
        return each("hardsigmoid", x -> Math.min(Math.max(x + 3, 0), 6) / 6);
    }

    /** The modified Bessel function {@code I₀(x)}. */
    public NdArray i0() {
        return each("i0", BesselFunctions::i0);
    }

    /** The scaled modified Bessel function {@code e^(−|x|)·I₀(x)}. */
    public NdArray i0e() {
        return each("i0e", BesselFunctions::i0e);
    }

    /** The modified Bessel function {@code I₁(x)}. */
    public NdArray i1() {
        return each("i1", BesselFunctions::i1);
    }

    /** The scaled modified Bessel function {@code e^(−|x|)·I₁(x)}. */
    public NdArray i1e() {
        return each("i1e", BesselFunctions::i1e);
    }

    /** The logarithm of the Γ function, {@code log |Γ(x)|}. */
    public NdArray lgamma() {
        return each("lgamma", GammaFunctions::lgamma);
    }

    /** The natural logarithm; −∞ at 0, NaN below. */
    public NdArray log() {
        return map("log", UnaryFunction.LOG);
    }

    /** The logarithm to base 10; −∞ at 0, NaN below. */
    public NdArray log10() {
        return each("log10", StrictMath::log10);
    }

    /** The logarithm of 1 + x, with all digits near 0; −∞ at −1, NaN below. */
    public NdArray log1p() {
        return map("log1p", UnaryFunction.LOG1P);
    }

    /** The logarithm to base 2; −∞ at 0, NaN below. */
    public NdArray log2() {
        return each("log2", ElementaryFunctions::log2);
    }

    /** The logarithm of {@link #sigmoid}, without underflow. */
    public NdArray logSigmoid() {
        return map("logSigmoid", UnaryFunction.LOG_SIGMOID);
    }

    /** {@code x·tanh(log(1 + eˣ))}. */
    public NdArray mish() {
        return map("mish", UnaryFunction.MISH);
    }

    /** The logarithm of {@link #ndtr}, also where ndtr is rounded to 0. */
    public NdArray logNdtr() {
        return each("logNdtr", ErrorFunctions::logNdtr);
    }

    /** The standard normal distribution function, {@code Φ(x)}. */
    public NdArray ndtr() {
        return each("ndtr", ErrorFunctions::normalCdf);
    }

    /** The inverse of {@link #ndtr}; infinite at 0 and 1, NaN beyond. */
    public NdArray ndtri() {
        return each("ndtri", ErrorFunctions::ndtri);
    }

    /** The negative, {@code −x}; also for INT32. */
    public NdArray neg() {
        return mapExact("neg", UnaryFunction.NEG);
    }

    /**
     * The derivative of {@link #digamma} of the given order.
     *
     * @throws IllegalArgumentException if the order is negative, or above 100
     */
    public NdArray polygamma(int order) {
        if (order < 0 || order > GammaFunctions.HIGHEST_ORDER) {
            throw new IllegalArgumentException(
                    "polygamma: expected an order from 0 to " + GammaFunctions.HIGHEST_ORDER + ", got " + order);
        }
        return each("polygamma", order == 0 ? GammaFunctions::digamma : x -> GammaFunctions.polygamma(order, x));
    }

    /** Radians in degrees. */
    public NdArray rad2deg() {
        return each("rad2deg", x -> x * (180 / Math.PI));
    }

    /** The reciprocal, {@code 1 / x}; infinite at ±0. */
    public NdArray reciprocal() {
        return map("reciprocal", UnaryFunction.RECIPROCAL);
    }

    /** The rectified linear unit, {@code max(x, 0)}. */
    public NdArray relu() {
        return map("relu", UnaryFunction.RELU);
    }

    /** The nearest integer, halves to even. */
    public NdArray round() {
        return each("round", Math::rint);
    }

    /** The reciprocal of the square root, {@code 1 / √x}; infinite at 0, NaN below. */
    public NdArray rsqrt() {
        return each("rsqrt", x -> 1 / Math.sqrt(x));
    }

    /** The logistic function, {@code 1 / (1 + e⁻ˣ)}. */
    public NdArray sigmoid() {
        return map("sigmoid", UnaryFunction.SIGMOID);
    }

    /** The sign, −1, 0 or 1. */
    public NdArray sign() {
        return each("sign", Math::signum);
    }

    /** The sigmoid linear unit, {@code x·sigmoid(x)}. */
    public NdArray silu() {
        return map("silu", UnaryFunction.SILU);
    }

    /** The sine of radians. */
    public NdArray sin() {
        return each("sin", Trigonometry::sin);
    }

    /** The normalised cardinal sine, {@code sin(π·x) / (π·x)}; 1 at 0. */
    public NdArray sinc() {
        return each("sinc", x -> ElementaryFunctions.sinc(0, x));
    }

    /** The hyperbolic sine, {@code (eˣ − e⁻ˣ)/2}. */
    public NdArray sinh() {
        return each("sinh", StrictMath::sinh);
    }

    /** The smooth rectifier, {@code log(1 + eˣ)}; x itself above 20. */
    public NdArray softplus() {
        return map("softplus", UnaryFunction.SOFTPLUS);
    }

    /** {@code x / (1 + |x|)}. */
    public NdArray softsign() {
        return each("softsign", x -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x)));
    }

    /** The square root; NaN below 0. */
    public NdArray sqrt() {
        return map("sqrt", UnaryFunction.SQRT);
    }

    /** The square, {@code x²}. */
    public NdArray square() {
        return map("square", UnaryFunction.SQUARE);
    }

    /** The tangent of radians. */
    public NdArray tan() {
        return each("tan", StrictMath::tan);
    }

    /** The hyperbolic tangent, from −1 to 1. */
    public NdArray tanh() {
        return map("tanh", UnaryFunction.TANH);
    }

    /** x without its fraction. */
    public NdArray trunc() {
        return each("trunc", Remainders::trunc);
    }

    // ---- functions of two arrays that broadcast, or of an array and a number, which takes its dtype ----

    /** {@code c − this}; also for INT32. */
    public NdArray rsub(double c) {
        NdArray number = number("rsub", c);
        return dtype().isFloating() ? number.sub(this) : number.zipExact("rsub", this, (from, x) -> from - x);
    }

    /** {@code c / this}. */
    public NdArray rdiv(double c) {
        dtype().requireFloating("rdiv");
        return number("rdiv", c).div(this);
    }

    /** {@code this} to the power of a number, with the special values of C's pow. */
    public NdArray pow(double exponent) {
        return map("pow", Kernel.each(x -> Powers.power(x, exponent)));
    }

    /** {@code this·(1 − weight) + end·weight}. */
    public NdArray lerp(NdArray end, double weight) {
        return zip("lerp", end, (x, y) -> x * (1 - weight) + y * weight);
    }

    /** The remainder of the division rounded down, which has the sign of the divisor; also for INT32. */
    public NdArray remainder(NdArray other) {
        return zipExact("remainder", other, Remainders::remainder);
    }

    /** Like {@link #remainder(NdArray)}, with a number as divisor. */
    public NdArray remainder(double c) {
        return remainder(number("remainder", c));
    }

    /** Like {@link #fmod(NdArray)}, with a number as divisor. */
    public NdArray fmod(double c) {
        dtype().requireFloating("fmod");
        return fmod(number("fmod", c));
    }

    /** The quotient rounded down; also for INT32. */
    public NdArray floorDivide(NdArray other) {
        return zipExact("floorDivide", other, Remainders::floorDivide);
    }

    /** Like {@link #floorDivide(NdArray)}, with a number as divisor. */
    public NdArray floorDivide(double c) {
        return floorDivide(number("floorDivide", c));
    }

    /** {@code this} to the power of {@code other}, with the special values of C's pow. */
    public NdArray pow(NdArray other) {
        return zip("pow", other, Powers::power);
    }

    /** The angle of the point {@code (other, this)}, from −π to π. */
    public NdArray atan2(NdArray other) {
        return zip("atan2", other, StrictMath::atan2);
    }

    /** {@code √(this² + other²)}, without overflow. */
    public NdArray hypot(NdArray other) {
        return zip("hypot", other, StrictMath::hypot);
    }

    /** {@code log(eˣ + eʸ)}, without overflow. */
    public NdArray logAddExp(NdArray other) {
        return zip("logAddExp", other, (x, y) -> ElementaryFunctions.logAddExp(1, x, y));
    }

    /** {@code log₂(2ˣ + 2ʸ)}, without overflow. */
    public NdArray logAddExp2(NdArray other) {
        return zip("logAddExp2", other, (x, y) -> ElementaryFunctions.logAddExp(FloatSeries.LN2, x, y));
    }

    /** {@code this·log(other)}, 0 where this is 0. */
    public NdArray xlogy(NdArray other) {
        return zip("xlogy", other, ElementaryFunctions::xlogy);
    }

    /** {@code this·log(1 + other)}, 0 where this is 0. */
    public NdArray xlog1py(NdArray other) {
        return zip("xlog1py", other, ElementaryFunctions::xlog1py);
    }

    /** The regularized lower incomplete gamma function {@code P(a, x)}; this array is a. */
    public NdArray igamma(NdArray x) {
        return zip("igamma", x, (a, v) -> IncompleteGamma.lower(0, a, v));
    }

    /** The regularized upper incomplete gamma function {@code Q(a, x)}; this array is a. */
    public NdArray igammac(NdArray x) {
        return zip("igammac", x, (a, v) -> IncompleteGamma.upper(0, a, v));
    }

    /** The x at which {@link #igamma} is p; this array is a. */
    public NdArray igammaInv(NdArray p) {
        return zip("igammaInv", p, IncompleteGamma::lowerInverse);
    }

    /** The x at which {@link #igammac} is q; this array is a. */
    public NdArray igammacInv(NdArray q) {
        return zip("igammacInv", q, IncompleteGamma::upperInverse);
    }

    /** The Hurwitz zeta function {@code Σ 1/(q + k)ˢ} over k ≥ 0; this array is s. */
    public NdArray zeta(NdArray q) {
        return zip("zeta", q, GammaFunctions::zeta);
    }

    /** The remainder of the division, with the sign of {@code this}. */
    public NdArray fmod(NdArray other) {
        return zip("fmod", other, (x, y) -> x % y);
    }

    /** The larger element of each pair; for a number and NaN, the number. */
    public NdArray fmax(NdArray other) {
        return zip("fmax", other, (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.max(x, y));
    }

    /** The smaller element of each pair; for a number and NaN, the number. */
    public NdArray fmin(NdArray other) {
        return zip("fmin", other, (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.min(x, y));
    }

    // ---- bounds ----

    /** The elements limited to [min, max], where a bound may be infinite; also for INT32. */
    public NdArray clamp(double min, double max) {
        return clamp("clamp", min, max);
    }

    /** The elements, where those below min become min. */
    public NdArray clampMin(double min) {
        return clamp("clampMin", min, Double.POSITIVE_INFINITY);
    }

    /** The elements, where those above max become max. */
    public NdArray clampMax(double max) {
        return clamp("clampMax", Double.NEGATIVE_INFINITY, max);
    }

    /** The larger of each element and c. */
    public NdArray maximum(double c) {
        return clamp("maximum", c, Double.POSITIVE_INFINITY);
    }

    /** The smaller of each element and c. */
    public NdArray minimum(double c) {
        return clamp("minimum", Double.NEGATIVE_INFINITY, c);
    }

    /** Each NaN and infinity replaced by a number, which takes this dtype; of floating arrays. */
    public NdArray nanToNum(double nan, double positive, double negative) {
        return each(
                "nanToNum",
                v -> Double.isNaN(v)
                        ? nan
                        : v == Double.POSITIVE_INFINITY ? positive : v == Double.NEGATIVE_INFINITY ? negative : v);
    }

    /** Each NaN replaced by a number, and each infinity by the largest or smallest finite number of this dtype. */
    public NdArray nanToNum(double nan) {
        double largest = dtype == DType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        return nanToNum(nan, largest, -largest);
    }

    /** Each NaN replaced by 0, and each infinity by the largest or smallest finite number of this dtype. */
    public NdArray nanToNum() {
        return nanToNum(0);
    }

    // ---- masks ----

    /** True where {@code this == other}. */
    public NdArray eq(NdArray other) {
        return compare(Comparison.EQ, other);
    }

    /** True where {@code this == c}. */
    public NdArray eq(double c) {
        return compare(Comparison.EQ, c);
    }

    /** True where {@code this != other}. */
    public NdArray ne(NdArray other) {
        return compare(Comparison.NE, other);
    }

    /** True where {@code this != c}. */
    public NdArray ne(double c) {
        return compare(Comparison.NE, c);
    }

    /** True where {@code this < other}. */
    public NdArray lt(NdArray other) {
        return compare(Comparison.LT, other);
    }

    /** True where {@code this < c}. */
    public NdArray lt(double c) {
        return compare(Comparison.LT, c);
    }

    /** True where {@code this <= other}. */
    public NdArray le(NdArray other) {
        return compare(Comparison.LE, other);
    }

    /** True where {@code this <= c}. */
    public NdArray le(double c) {
        return compare(Comparison.LE, c);
    }

    /** True where {@code this > other}. */
    public NdArray gt(NdArray other) {
        return compare(Comparison.GT, other);
    }

    /** True where {@code this > c}. */
    public NdArray gt(double c) {
        return compare(Comparison.GT, c);
    }

    /** True where {@code this >= other}. */
    public NdArray ge(NdArray other) {
        return compare(Comparison.GE, other);
    }

    /** True where {@code this >= c}. */
    public NdArray ge(double c) {
        return compare(Comparison.GE, c);
    }

    /** True where both BOOL masks are true. */
    public NdArray and(NdArray other) {
        return compare(Comparison.AND, other);
    }

    /** True where at least one of the BOOL masks is true. */
    public NdArray or(NdArray other) {
        return compare(Comparison.OR, other);
    }

    /** True where exactly one of the BOOL masks is true. */
    public NdArray xor(NdArray other) {
        return compare(Comparison.XOR, other);
    }

    /** True where this BOOL mask is false. */
    public NdArray not() {
        dtype().requireMask("not");
        return eq(0);
    }

    /** True where an element is NaN. */
    public NdArray isNaN() {
        return test(Double::isNaN);
    }

    /** True where an element is infinite. */
    public NdArray isInf() {
        return test(Double::isInfinite);
    }

    /** True where an element is neither infinite nor NaN. */
    public NdArray isFinite() {
        return test(Double::isFinite);
    }

    /**
     * True where at least one element of this BOOL mask along the given axes is true (along all axes if none is given); false for no
     * elements.
     */
    public NdArray any(int... axes) {
        return any(Dims.DROP, axes);
    }

    /** Like {@link #any(int...)}; with {@link Dims#KEEP} the axes stay, with size 1. */
    public NdArray any(Dims dims, int... axes) {
        dtype().requireMask("any");
        return sum(dims, shape().axes("any", axes)).gt(0);
    }

    /** True where all elements of this BOOL mask along the given axes are true (along all axes if none is given); true for no elements. */
    public NdArray all(int... axes) {
        return all(Dims.DROP, axes);
    }

    /** Like {@link #all(int...)}; with {@link Dims#KEEP} the axes stay, with size 1. */
    public NdArray all(Dims dims, int... axes) {
        dtype().requireMask("all");
        return not().sum(dims, shape().axes("all", axes)).eq(0);
    }

    /** The number of elements that are not 0, as INT32, over the given axes, or over all axes if none is given. */
    public NdArray countNonZero(int... axes) {
        return countNonZero(Dims.DROP, axes);
    }

    /** Like {@link #countNonZero(int...)}; with {@link Dims#KEEP} the axes stay, with size 1. */
    public NdArray countNonZero(Dims dims, int... axes) {
        return ne(0).sum(dims, shape().axes("countNonZero", axes));
    }

    // ---- reductions: over the given axes, or over all if none is given; with Dims.KEEP the axes stay, with size 1
    // ----

    /** The pairwise sum over axes, accumulated in double; of BOOL the number of true elements, as INT32; an empty sum is 0. */
    public NdArray sum(Dims dims, int... axes) {
        return ReductionKernels.reduce("sum", ReduceOp.SUM, this, dims, axes);
    }

    /** As {@link #sum(Dims, int...)}, without the axes that are reduced. */
    public NdArray sum(int... axes) {
        return sum(Dims.DROP, axes);
    }

    /** The mean over axes; for BOOL the fraction of true elements, as FLOAT64; NaN if there are no elements. Not of INT32. */
    public NdArray mean(Dims dims, int... axes) {
        return ReductionKernels.mean(this, dims, axes);
    }

    /** As {@link #mean(Dims, int...)}, without the axes that are reduced. */
    public NdArray mean(int... axes) {
        return mean(Dims.DROP, axes);
    }

    /** The sum over axes of the elements that are not NaN; 0 if there are none. */
    public NdArray nanSum(Dims dims, int... axes) {
        NdArray numbers = dtype.isFloating() ? where(isNaN(), 0, this) : this;
        return ReductionKernels.reduce("nanSum", ReduceOp.SUM, numbers, dims, axes);
    }

    /** As {@link #nanSum(Dims, int...)}, without the axes that are reduced. */
    public NdArray nanSum(int... axes) {
        return nanSum(Dims.DROP, axes);
    }

    /** The mean over axes of the elements that are not NaN; NaN if there are none. Of floating arrays. */
    public NdArray nanMean(Dims dims, int... axes) {
        dtype.requireFloating("nanMean");
        int[] reduced = shape.axes("nanMean", axes);
        NdArray count = isNaN().not().sum(dims, reduced);
        // In double, as mean() adds and divides: without a NaN the result has the bits of mean().
        return to(DType.FLOAT64)
                .nanSum(dims, reduced)
                .div(count.to(DType.FLOAT64))
                .to(dtype);
    }

    /** As {@link #nanMean(Dims, int...)}, without the axes that are reduced. */
    public NdArray nanMean(int... axes) {
        return nanMean(Dims.DROP, axes);
    }

    /**
     * The variance over axes: the sum of the squared deviations from the mean, divided by {@code n − correction}, or by 0 if that is
     * negative.
     */
    public NdArray var(Correction correction, Dims dims, int... axes) {
        return ReductionKernels.variance("var", false, this, correction, dims, axes);
    }

    /** The square root of {@link #var(Correction, Dims, int...)}. */
    public NdArray std(Correction correction, Dims dims, int... axes) {
        return ReductionKernels.variance("std", true, this, correction, dims, axes);
    }

    /** The norm of order p: {@code (Σ |x|ᵖ)^(1/p)}; of order ±∞ the largest or smallest |x|, of order 0 the number of nonzeros. */
    public NdArray vectorNorm(double p, Dims dims, int... axes) {
        return NormKernels.norm(this, p, dims, axes);
    }

    /** As {@link #vectorNorm(double, Dims, int...)}, without the axes that are reduced. */
    public NdArray vectorNorm(double p, int... axes) {
        return vectorNorm(p, Dims.DROP, axes);
    }

    /** The product over axes; an empty product is 1. */
    public NdArray prod(Dims dims, int... axes) {
        return ReductionKernels.reduce("prod", ReduceOp.PROD, this, dims, axes);
    }

    /** As {@link #prod(Dims, int...)}, without the axes that are reduced. */
    public NdArray prod(int... axes) {
        return prod(Dims.DROP, axes);
    }

    /** The largest element over axes; NaN if an element is NaN. */
    public NdArray amax(Dims dims, int... axes) {
        return ReductionKernels.reduce("amax", ReduceOp.AMAX, this, dims, axes);
    }

    /** As {@link #amax(Dims, int...)}, without the axes that are reduced. */
    public NdArray amax(int... axes) {
        return amax(Dims.DROP, axes);
    }

    /** The smallest element over axes; NaN if an element is NaN. */
    public NdArray amin(Dims dims, int... axes) {
        return ReductionKernels.reduce("amin", ReduceOp.AMIN, this, dims, axes);
    }

    /** As {@link #amin(Dims, int...)}, without the axes that are reduced. */
    public NdArray amin(int... axes) {
        return amin(Dims.DROP, axes);
    }

    /** Sums over the axes along which broadcasting {@code target} to this array's shape would repeat elements. */
    public NdArray sumTo(Shape target) {
        return ReductionKernels.sumTo(this, target);
    }

    /** The INT32 index of the first largest element along an axis; a NaN counts as largest. */
    public NdArray argMax(int axis) {
        return SelectionKernels.argMax(this, axis);
    }

    /** The INT32 index of the first smallest element along an axis; a NaN counts as smallest. */
    public NdArray argMin(int axis) {
        return SelectionKernels.argMin(this, axis);
    }

    /** {@code log Σ exp x} over axes, without overflow; −∞ if all elements are −∞. */
    public NdArray logSumExp(Dims dims, int... axes) {
        return SoftmaxKernels.logSumExp(this, dims, axes);
    }

    /** As {@link #logSumExp(Dims, int...)}, without the axes that are reduced. */
    public NdArray logSumExp(int... axes) {
        return logSumExp(Dims.DROP, axes);
    }

    /** {@code exp xᵢ / Σ exp xⱼ} along an axis, without overflow. */
    public NdArray softmax(int axis) {
        return SoftmaxKernels.softmax(this, axis);
    }

    /** {@code xᵢ − log Σ exp xⱼ} along an axis, without overflow. */
    public NdArray logSoftmax(int axis) {
        return SoftmaxKernels.logSoftmax(this, axis);
    }

    // ---- scans ----

    /** The cumulative sums along an axis: for each element the sum of all elements up to it; also for INT32. */
    public NdArray cumsum(int axis) {
        return ScanKernels.cumsum(this, axis, false);
    }

    /** The cumulative products along an axis: for each element the product of all elements up to it. */
    public NdArray cumprod(int axis) {
        return ScanKernels.cumprod(this, axis, false);
    }

    /** The cumulative {@link #logSumExp} along an axis: for each element, of all elements up to it. */
    public NdArray logCumsumExp(int axis) {
        return ScanKernels.logCumsumExp(this, axis);
    }

    /** The running maximum along an axis, and the index of the last element that is equal to it; NaN counts as the maximum. */
    public IndexedArrays cummax(int axis) {
        return picked(axis, ScanKernels.indexSoFar("cummax", this, axis, false));
    }

    /** The running minimum along an axis, and the index of the last element that is equal to it; NaN counts as the minimum. */
    public IndexedArrays cummin(int axis) {
        return picked(axis, ScanKernels.indexSoFar("cummin", this, axis, true));
    }

    // ---- products and movement ----

    /**
     * The product as NumPy's {@code matmul}: of matrices over the last two axes with the leading axes broadcast; a vector is a row
     * on the left and a column on the right, and its axis is removed from the result.
     */
    public NdArray matmul(NdArray other) {
        NdArray product = MatmulKernels.matmul(this, other);
        MultiplyAdds.add((long) product.size() * shape.dim(-1));
        return product;
    }

    /** The arrays joined along an existing axis. */
    public static NdArray concat(int axis, List<NdArray> parts) {
        return concat("concat", axis, parts);
    }

    /** As {@link #concat(int, List)}. */
    public static NdArray concat(int axis, NdArray... parts) {
        return concat(axis, List.of(parts));
    }

    /** Arrays of equal shape joined along a new axis, which has the given position in the result. */
    public static NdArray stack(int axis, List<NdArray> parts) {
        return CopyKernels.stack(axis, parts);
    }

    /** As {@link #stack(int, List)}. */
    public static NdArray stack(int axis, NdArray... parts) {
        return stack(axis, List.of(parts));
    }

    /** As {@link #concat(int, List)}, with another operation's name in messages. */
    public static NdArray concat(String op, int axis, List<NdArray> parts) {
        return CopyKernels.concat(op, axis, parts);
    }

    /**
     * The adjoint of a view that shows no element twice: zeros of the given shape, with this array's elements at the positions that the
     * view shows.
     */
    public NdArray unview(Shape target, UnaryOperator<NdArray> view) {
        return CopyKernels.unview(this, target, view);
    }

    /**
     * This array padded with a value: {@code before[k]} entries in front of axis k and {@code after[k]} behind it, from the first axis to
     * the last; a negative number takes entries away. A view if nothing is added.
     */
    public NdArray pad(int[] before, int[] after, double value) {
        return CopyKernels.pad(this, before, after, value);
    }

    /** The elements on and below the main diagonal of the matrices over the last two axes; all other elements are 0. */
    public NdArray tril() {
        return tril(0);
    }

    /** The elements on and above the main diagonal of the matrices over the last two axes; all other elements are 0. */
    public NdArray triu() {
        return triu(0);
    }

    /** As {@link #tril()}, of the diagonal {@code offset} columns right of the main one. */
    public NdArray tril(int offset) {
        return CopyKernels.triangle("tril", this, offset, true);
    }

    /** As {@link #triu()}, of the diagonal {@code offset} columns right of the main one. */
    public NdArray triu(int offset) {
        return CopyKernels.triangle("triu", this, offset, false);
    }

    /**
     * {@code out[i][j] = this[index[i][j]][j]} for axis 0, and likewise for other axes: PyTorch's gather. {@code index} is INT32, has this
     * array's rank, and along the other axes is no longer than this array.
     */
    public NdArray gather(int axis, NdArray index) {
        return IndexingKernels.gather(this, axis, index);
    }

    /**
     * The adjoint of {@link #gather}: zeros of the given shape, to which this array's elements are added at the positions that the index
     * gives.
     */
    public NdArray scatterAdd(Shape target, int axis, NdArray index) {
        return IndexingKernels.scatterAdd(null, target, axis, index, this);
    }

    /** This array, to which the source's elements are added at the positions that the index gives, as in {@link #gather}. */
    public NdArray scatterAdd(int axis, NdArray index, NdArray source) {
        return IndexingKernels.scatterAdd(this, shape, axis, index, source);
    }

    /**
     * This array with the source's elements at the positions that the index gives, as in {@link #gather}; if a position occurs several
     * times, the last element stays.
     */
    public NdArray scatter(int axis, NdArray index, NdArray source) {
        return IndexingKernels.scatter(this, axis, index, source);
    }

    /** The one-hot vectors of INT32 classes along a new last axis, with 1 at the class and 0 elsewhere; INT32. */
    public NdArray oneHot(int classes) {
        return IndexingKernels.oneHot(this, classes);
    }

    /** The entries of one axis whose numbers a one-dimensional INT32 index holds, in the index's order. */
    public NdArray indexSelect(int axis, NdArray index) {
        return IndexingKernels.indexSelect(this, axis, index);
    }

    /**
     * The adjoint of {@link #indexSelect}: zeros of the given shape, to whose entries with the index's numbers this array's entries are
     * added.
     */
    public NdArray indexAdd(Shape target, int axis, NdArray index) {
        return IndexingKernels.indexAdd(null, target, axis, index, this);
    }

    /** This array, to whose entries with the numbers of a one-dimensional index the source's entries along this axis are added. */
    public NdArray indexAdd(int axis, NdArray index, NdArray source) {
        return IndexingKernels.indexAdd(this, shape, axis, index, source);
    }

    /** The INT32 indices that sort an axis in ascending or descending order; equal elements keep their order, NaN counts as largest. */
    public NdArray argSort(int axis, Order order) {
        return SortingKernels.argSort("argSort", this, axis, order);
    }

    /** The INT32 indices that sort an axis in ascending order; see {@link #argSort(int, Order)}. */
    public NdArray argSort(int axis) {
        return argSort(axis, Order.ASCENDING);
    }

    /** The elements along an axis in ascending order, and their original indices; see {@link #argSort(int, Order)}. */
    public IndexedArrays sort(int axis) {
        return sort(axis, Order.ASCENDING);
    }

    /** The elements along an axis in ascending or descending order, and their original indices; see {@link #argSort(int, Order)}. */
    public IndexedArrays sort(int axis, Order order) {
        return picked(axis, SortingKernels.argSort("sort", this, axis, order));
    }

    private IndexedArrays picked(int axis, NdArray indices) {
        return new IndexedArrays(gather(axis, indices), indices);
    }

    /** The k largest elements along the last axis, the largest first, and their indices. */
    public IndexedArrays topK(int k) {
        return topK(-1, k);
    }

    /** The k largest elements along an axis, the largest first, and their indices. */
    public IndexedArrays topK(int axis, int k) {
        return topK(axis, k, Order.DESCENDING);
    }

    /**
     * The first k elements of an axis in the given order, and their indices: the k largest for {@link Order#DESCENDING}, the k smallest for
     * {@link Order#ASCENDING}.
     */
    public IndexedArrays topK(int axis, int k, Order order) {
        return picked(axis, argTopK(axis, k, order));
    }

    /** The first k indices of {@link #argSort}, found without sorting the whole axis. */
    public NdArray argTopK(int axis, int k, Order order) {
        return SortingKernels.argTopK(this, axis, k, order);
    }

    /**
     * For each value the INT32 index at which it can be inserted into this ascending vector: the number of elements that are less or, for
     * {@link Side#RIGHT}, not greater.
     */
    public NdArray searchSorted(NdArray values, Side side) {
        return SortingKernels.searchSorted(this, values, side);
    }

    /**
     * Three arrays: the different elements in ascending order; an INT32 array of this shape with each element's index among the different
     * elements; the INT32 counts of the different elements.
     */
    public List<NdArray> unique() {
        return SortingKernels.unique(this);
    }

    // ---- as values ----

    /** Returns whether the other is an array of the same type and shape with equal elements: NaN equals NaN, 0 differs from −0. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof NdArray array
                        && dtype == array.dtype
                        && shape.equals(array.shape)
                        && hasElementsOf(array));
    }

    /**
     * Compares the elements with the elements of an array of the same type and shape, block by block, since there may be no memory for
     * a copy of either array.
     */
    private boolean hasElementsOf(NdArray other) {
        int size = size();
        double[] a = new double[Math.min(size, BLOCK)];
        double[] b = new double[a.length];
        for (int left = size; left > 0; left -= a.length) {
            int count = Math.min(left, a.length);
            read(size - left, size - left + count, a);
            other.read(size - left, size - left + count, b);
            if (!Arrays.equals(a, 0, count, b, 0, count)) {
                return false;
            }
        }
        return true;
    }

    /** Copies the elements of a range of the row-major order, converted to double. */
    private void read(int from, int to, double[] target) {
        Rows rows = new Rows(shape, this);
        rows.walk(
                from,
                to,
                (offsets, at, n) -> dtype.storage().read(elements(), offsets[0], rows.stride(0), target, at - from, n));
        requireLiveStill();
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(toDoubleArray());
    }

    /** The elements in aligned rows, as NumPy prints them; the middle of large arrays is left out. */
    @Override
    public String toString() {
        return ArrayPrinter.print(this);
    }
}
