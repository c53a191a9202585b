package io.adjoint.autograd;

import io.adjoint.core.Comparison;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

// Long because it is a façade: documented one-liners that users look up in one place, and no logic.
/**
 * An array that remembers how it was computed. Operations on tensors of which one {@linkplain #requiresGrad() requires a gradient}
 * are recorded; {@link #backward()} on the result walks the record back and accumulates gradients in the leaves.
 *
 * <p>Tensors are immutable and may be shared between threads; only a leaf's {@link #grad()} and, by {@link #assign}, its elements
 * change. Operations of two tensors broadcast as NumPy's do and never mix dtypes. Axes may be negative to count from the end; where
 * several may be given, none means all.
 */
public final class Tensor {
    private final NdArray data;
    /** How this was computed; null if nothing needs to know. */
    final @Nullable Node node;

    Tensor(NdArray data, @Nullable Node node) {
        this.data = data;
        this.node = node;
    }

    // ---- creation ----

    /** A constant over an array. */
    public static Tensor of(NdArray data) {
        return new Tensor(data, null);
    }

    /** A FLOAT64 vector. */
    public static Tensor of(double... values) {
        return of(NdArray.of(Shape.of(values.length), values));
    }

    /** A FLOAT32 vector. */
    public static Tensor of(float[] values) {
        return of(NdArray.of(Shape.of(values.length), values));
    }

    /** An INT32 vector, for labels and indices. */
    public static Tensor of(int[] values) {
        return of(NdArray.of(Shape.of(values.length), values));
    }

    /** A FLOAT64 matrix of the given rows, which must be equally long. */
    public static Tensor of(double[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        Tensor[] parts = new Tensor[rows.length];
        Arrays.setAll(parts, r -> of(rows[r]));
        return rows.length == 0 ? of(NdArray.zeros(DType.FLOAT64, Shape.of(0, columns))) : stack(0, parts);
    }

    /** A FLOAT64 scalar. */
    public static Tensor scalar(double value) {
        return of(NdArray.scalar(DType.FLOAT64, value));
    }

    // ---- description and access ----

    /**
     * The elements.
     *
     * @throws GraphException within a rule, if they were changed in place after the operation that saved them
     */
    public NdArray data() {
        long modified = data.modified();
        if (modified != 0) {
            Recorder.current().checkUnchanged(this, modified);
        }
        return data;
    }

    /** The side lengths. */
    public Shape shape() {
        return data.shape();
    }

    /** The element type. */
    public DType dtype() {
        return data.dtype();
    }

    /** The only element. */
    public double item() {
        return data().item();
    }

    /** Whether a gradient can be asked for: this is a leaf that requires one, or was computed from such a leaf. */
    public boolean requiresGrad() {
        return node != null;
    }

    /** Whether this was not computed by a recorded operation. */
    public boolean isLeaf() {
        return node == null || node.isLeaf();
    }

    /**
     * A leaf over the same elements that does or does not require a gradient.
     *
     * @throws GraphException if this was computed from tensors that require one; {@link #detach()} cuts it off first
     * @throws io.adjoint.core.DTypeException if the elements are INT32
     */
    public Tensor requiresGrad(boolean required) {
        if (!isLeaf()) {
            throw new GraphException("requiresGrad: this tensor of shape " + shape() + " was computed by '"
                    + requiredNode("leaf").op + "'; only a leaf can be changed: call detach() first");
        }
        if (required && !dtype().isFloating()) {
            throw new io.adjoint.core.DTypeException("requiresGrad: only floating tensors have gradients, this is "
                    + dtype() + "; convert with to(FLOAT64)");
        }
        return required == requiresGrad() ? this : new Tensor(data, required ? Node.leaf(data) : null);
    }

    /** The same elements without the record of how they were computed. */
    public Tensor detach() {
        return node == null ? this : of(data);
    }

    /** This tensor converted to another dtype; the gradient is converted back. */
    public Tensor to(DType target) {
        DType own = dtype();
        return target == own || !target.isFloating()
                ? target == own ? this : of(data().to(target))
                : Autograd.op("to", data().to(target), Edge.edge(this, g -> g.to(own)));
    }

    // ---- gradients ----

    /**
     * The gradient accumulated so far in this leaf, or in a tensor that {@link #retainGrad} was called on; null before the first
     * backward pass and after {@link #zeroGrad()}.
     */
    public @Nullable Tensor grad() {
        Arrivals arrivals = node == null ? null : node.arrivals();
        return arrivals == null ? null : arrivals.get();
    }

    /**
     * Replaces the accumulated gradient; null clears it.
     *
     * @throws GraphException if this keeps no gradient, or shape or dtype differ
     */
    public void setGrad(@Nullable Tensor gradient) {
        Arrivals arrivals = node == null ? null : node.arrivals();
        if (arrivals == null || !arrivals.keeps()) {
            throw new GraphException(
                    "setGrad: only a leaf that requires grad keeps a gradient, or a tensor after retainGrad()");
        }
        if (gradient != null && (!gradient.shape().equals(shape()) || gradient.dtype() != dtype())) {
            throw new GraphException("setGrad: the gradient is " + gradient.dtype() + " " + gradient.shape()
                    + ", but the tensor is " + dtype() + " " + shape());
        }
        arrivals.set(gradient);
    }

    /** Clears the accumulated gradient. */
    public void zeroGrad() {
        setGrad(null);
    }

    /** Makes this tensor keep its gradient as leaves do, that of the backward passes from now on, after the hooks. */
    public Tensor retainGrad() {
        requiredNode("retainGrad").ownArrivals().keep();
        return this;
    }

    /**
     * Registers a function of the gradient that arrives at this tensor in a backward pass, summed; what it returns takes its place.
     * Hooks run in the order of their registration, before the gradient is kept or passed on. They may start backward passes.
     *
     * @throws GraphException if this requires no gradient
     */
    public Hook onGradient(UnaryOperator<Tensor> hook) {
        return requiredNode("onGradient").ownArrivals().before(hook);
    }

    /**
     * Registers what to do after a backward pass has accumulated a gradient in this leaf, such as a step of its optimizer.
     *
     * @throws GraphException if this is not a leaf that requires a gradient
     */
    public Hook afterAccumulation(Consumer<Tensor> hook) {
        if (!isLeaf()) {
            throw new GraphException("afterAccumulation: this tensor was computed by '"
                    + requiredNode("afterAccumulation").op + "'; only leaves accumulate: use onGradient");
        }
        return requiredNode("afterAccumulation").ownArrivals().after(() -> hook.accept(this));
    }

    private Node requiredNode(String op) {
        if (node == null) {
            throw new GraphException(op + ": this tensor of shape " + shape() + " does not require grad; create it with"
                    + " requiresGrad(true)");
        }
        return node;
    }

    /**
     * Accumulates the gradient of this scalar in every leaf that it was computed from, and releases the graph.
     *
     * @throws GraphException if this is not a scalar, requires no gradient, or its graph was released before
     */
    public void backward() {
        backward(Graph.FREE);
    }

    /** As {@link #backward()}, leaving of the graph what is asked for. */
    public void backward(Graph graph) {
        Engine.backward(this, Engine.implicitSeed(this), graph);
    }

    /** As {@link #backward()}, for a tensor of any shape at which the given gradient, of its shape and dtype, arrives. */
    public void backward(Tensor gradient) {
        backward(gradient, Graph.FREE);
    }

    /** As {@link #backward(Tensor)}, leaving of the graph what is asked for. */
    public void backward(Tensor gradient, Graph graph) {
        Engine.backward(this, gradient, graph);
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
        return Arithmetic.add(this, other);
    }

    /** {@code this + c}. */
    public Tensor add(double c) {
        return Arithmetic.add(this, c);
    }

    /** {@code this − other}. */
    public Tensor sub(Tensor other) {
        return Arithmetic.sub(this, other);
    }

    /** {@code this − c}. */
    public Tensor sub(double c) {
        return Arithmetic.add(this, -c);
    }

    /** {@code this · other}, element by element. */
    public Tensor mul(Tensor other) {
        return Arithmetic.mul(this, other);
    }

    /** {@code c · this}. */
    public Tensor mul(double c) {
        return Arithmetic.mul(this, c);
    }

    /** {@code this / other}, element by element. */
    public Tensor div(Tensor other) {
        return Arithmetic.div(this, other);
    }

    /** {@code this / c}. */
    public Tensor div(double c) {
        return Arithmetic.div(this, c);
    }

    /** {@code this} to the power c; the gradient of {@code x⁰} is 0 everywhere. */
    public Tensor pow(double c) {
        return Arithmetic.pow(this, c);
    }

    /** {@code this} to the power {@code other}, element by element; the gradient to the exponent is 0 where the base is 0. */
    public Tensor pow(Tensor other) {
        return Arithmetic.pow(this, other);
    }

    /** The greater of each pair; a tie gives each half of the gradient, a NaN gives NaN. */
    public Tensor maximum(Tensor other) {
        return Arithmetic.maximum(this, other);
    }

    /** The lesser of each pair; a tie gives each half of the gradient, a NaN gives NaN. */
    public Tensor minimum(Tensor other) {
        return Arithmetic.minimum(this, other);
    }

    /**
     * The elements of {@code a} where the INT32 mask is not 0, else those of {@code b}. The gradient of the side not taken is 0, but
     * a NaN or infinite derivative further back still spoils it (0·∞): make that side's input harmless by a {@code where} of its own.
     */
    public static Tensor where(Tensor mask, Tensor a, Tensor b) {
        return Arithmetic.where(mask, a, b);
    }

    // ---- comparison: INT32 masks, without gradient ----

    /** 1 where {@code this == other}. */
    public Tensor eq(Tensor other) {
        return of(data().compare(Comparison.EQ, other.data()));
    }

    /** 1 where {@code this < c}. */
    public Tensor lt(double c) {
        return of(data().compare(Comparison.LT, NdArray.scalar(dtype(), c)));
    }

    /** 1 where {@code this > c}. */
    public Tensor gt(double c) {
        return of(data().compare(Comparison.GT, NdArray.scalar(dtype(), c)));
    }

    // ---- functions of one number: see Pointwise for formula, kinks and rule ----

    /** {@link Pointwise#ABS}. */
    public Tensor abs() {
        return Pointwise.ABS.of(this);
    }

    /** {@link Pointwise#EXP}. */
    public Tensor exp() {
        return Pointwise.EXP.of(this);
    }

    /** {@link Pointwise#LOG}. */
    public Tensor log() {
        return Pointwise.LOG.of(this);
    }

    /** {@link Pointwise#NEG}. */
    public Tensor neg() {
        return Pointwise.NEG.of(this);
    }

    /** {@link Pointwise#RECIPROCAL}. */
    public Tensor reciprocal() {
        return Pointwise.RECIPROCAL.of(this);
    }

    /** {@link Pointwise#RELU}. */
    public Tensor relu() {
        return Pointwise.RELU.of(this);
    }

    /** {@link Pointwise#SIGMOID}. */
    public Tensor sigmoid() {
        return Pointwise.SIGMOID.of(this);
    }

    /** {@link Pointwise#SIGN}. */
    public Tensor sign() {
        return Pointwise.SIGN.of(this);
    }

    /** {@link Pointwise#SQRT}. */
    public Tensor sqrt() {
        return Pointwise.SQRT.of(this);
    }

    /** {@link Pointwise#SQUARE}. */
    public Tensor square() {
        return Pointwise.SQUARE.of(this);
    }

    /** {@link Pointwise#TANH}. */
    public Tensor tanh() {
        return Pointwise.TANH.of(this);
    }

    // ---- reductions ----

    /** The sum over axes; an empty sum is 0. */
    public Tensor sum(int... axes) {
        return sum(false, axes);
    }

    /** The sum over axes, which stay with side 1 if {@code keepDims}. */
    public Tensor sum(boolean keepDims, int... axes) {
        return Reductions.sum(this, keepDims, axes);
    }

    /** The mean over axes; NaN of nothing. */
    public Tensor mean(int... axes) {
        return mean(false, axes);
    }

    /** The mean over axes, which stay with side 1 if {@code keepDims}. */
    public Tensor mean(boolean keepDims, int... axes) {
        return Reductions.mean(this, keepDims, axes);
    }

    /** The greatest element over axes; ties share the gradient evenly. */
    public Tensor amax(int... axes) {
        return amax(false, axes);
    }

    /** The greatest element over axes, which stay with side 1 if {@code keepDims}. */
    public Tensor amax(boolean keepDims, int... axes) {
        return Reductions.amax(this, keepDims, axes);
    }

    /** The least element over axes; ties share the gradient evenly. */
    public Tensor amin(int... axes) {
        return amin(false, axes);
    }

    /** The least element over axes, which stay with side 1 if {@code keepDims}. */
    public Tensor amin(boolean keepDims, int... axes) {
        return Reductions.amin(this, keepDims, axes);
    }

    /** The INT32 index of the first greatest element along an axis, without gradient. */
    public Tensor argMax(int axis) {
        return of(data().argMax(axis));
    }

    /** {@code log Σ exp x} over axes without overflow. */
    public Tensor logSumExp(int... axes) {
        return logSumExp(false, axes);
    }

    /** {@code log Σ exp x} over axes, which stay with side 1 if {@code keepDims}. */
    public Tensor logSumExp(boolean keepDims, int... axes) {
        return Reductions.logSumExp(this, keepDims, axes);
    }

    /** {@code exp xᵢ / Σ exp xⱼ} along an axis, without overflow. */
    public Tensor softmax(int axis) {
        return Reductions.softmax(this, axis);
    }

    /** {@code xᵢ − log Σ exp xⱼ} along an axis, without overflow. */
    public Tensor logSoftmax(int axis) {
        return Reductions.logSoftmax(this, axis);
    }

    // ---- shapes ----

    /** The same elements in row-major order under another shape; one side may be −1. */
    public Tensor reshape(int... sides) {
        return Shaping.reshape(this, shape().reshaped(sides));
    }

    /** The same elements in row-major order under another shape. */
    public Tensor reshape(Shape target) {
        return Shaping.reshape(this, target);
    }

    /** The last two axes swapped; a tensor of fewer axes as it is. */
    public Tensor transpose() {
        return shape().rank() < 2 ? this : transpose(-2, -1);
    }

    /** Two axes swapped. */
    public Tensor transpose(int axis0, int axis1) {
        return Shaping.transpose(this, axis0, axis1);
    }

    /** The axes in another order: axis k of the result is axis {@code axes[k]} of this tensor. */
    public Tensor permute(int... axes) {
        return Shaping.permute(this, axes);
    }

    /** The elements {@code from} (inclusive) to {@code to} (exclusive) of one axis. */
    public Tensor slice(int axis, int from, int to) {
        return slice(axis, from, to, 1);
    }

    /** Every {@code step}-th element from {@code from} (inclusive) to {@code to} (exclusive) of one axis; backwards if negative. */
    public Tensor slice(int axis, int from, int to, int step) {
        return Shaping.slice(this, axis, from, to, step);
    }

    /** The given axes in reverse. */
    public Tensor flip(int... axes) {
        return Shaping.flip(this, axes);
    }

    /** Without the given axes, whose sides must be 1; without all of side 1 if none is given. */
    public Tensor squeeze(int... axes) {
        return Shaping.squeeze(this, axes);
    }

    /** With a new axis of side 1 in front of the given one. */
    public Tensor unsqueeze(int axis) {
        return Shaping.unsqueeze(this, axis);
    }

    /** Repeated along new axes and along axes of side 1. */
    public Tensor broadcastTo(Shape target) {
        return Shaping.broadcastTo(this, target);
    }

    /** The sum over whatever broadcasting {@code target} to this shape repeated: the opposite of {@link #broadcastTo}. */
    public Tensor sumTo(Shape target) {
        return Shaping.sumTo(this, target);
    }

    /** Tensors joined along an existing axis; all other sides must be equal. */
    public static Tensor concat(int axis, Tensor... parts) {
        return Shaping.concat(axis, List.of(parts));
    }

    /** Tensors of equal shape joined along a new axis. */
    public static Tensor stack(int axis, Tensor... parts) {
        return Shaping.stack(axis, List.of(parts));
    }

    // ---- indexing and products ----

    /** {@code out[i][j] = this[index[i][j]][j]} for axis 0 and likewise for others; the INT32 index has this tensor's rank. */
    public Tensor gather(int axis, Tensor index) {
        return Indexing.gather(this, axis, index);
    }

    /**
     * The matrix product over the last two axes, the leading ones broadcast; a vector is a row on the left and a column on the right,
     * and its axis goes.
     */
    public Tensor matmul(Tensor other) {
        return Linalg.matmul(this, other);
    }

    /** The elements as NumPy prints them, then what the tensor remembers. */
    @Override
    public String toString() {
        return data + (node == null ? "" : node.isLeaf() ? " (requires grad)" : " (from " + node.op + ")");
    }
}
