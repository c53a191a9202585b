package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An array that remembers how it was computed. Operations on tensors of which one {@linkplain #requiresGrad() requires a gradient}
 * are recorded; {@link #backward()} on the result walks the record back and accumulates gradients in the leaves.
 *
 * <p>Tensors are immutable and may be shared between threads; only a leaf's {@link #grad()} and, by {@link #assign}, its elements
 * change. Operations of two tensors broadcast as NumPy's do and never mix dtypes. Axes may be negative to count from the end; where
 * several may be given, none means all. Operations are inherited from an interface for each family.
 */
@CheckReturnValue
public final class Tensor extends Creation
        implements ArithmeticMethods,
                OperatorMethods,
                ComparisonMethods,
                PointwiseMethods,
                ActivationMethods,
                ReductionMethods,
                ShapingMethods,
                IndexingMethods,
                LinalgMethods,
                ConvolutionMethods,
                PoolingMethods {
    private final NdArray data;
    /** The record of how this tensor was computed, even if a leaf has been frozen since; null if no gradient needs it. */
    final @Nullable Node node;
    /** True if this was computed from gradients of a pass that was not recorded; then messages mention the missing recording. */
    private final boolean ofGradient;

    Tensor(NdArray data, @Nullable Node node) {
        this(data, node, false);
    }

    Tensor(NdArray data, @Nullable Node node, boolean ofGradient) {
        this.data = data;
        this.node = node;
        this.ofGradient = ofGradient;
    }

    /** The node that operations on this tensor link to; null if it is a constant or frozen. */
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

    // ---- description and access ----

    /**
     * The elements.
     *
     * @throws GraphException within a backward rule, if they were changed in place after the operation that saved them
     */
    public NdArray data() {
        long modified = data.modified();
        if (modified != 0) {
            Recorder.current().checkUnchanged(this, modified);
        }
        return data;
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
        return data().item();
    }

    /** Returns whether a gradient can be asked for: this is a leaf that requires one, or was computed from such a leaf. */
    public boolean requiresGrad() {
        return node() != null;
    }

    /** Returns whether this was not computed by a recorded operation. */
    public boolean isLeaf() {
        return node == null || node.isLeaf();
    }

    /**
     * A leaf over the same elements that requires a gradient; this tensor itself does not change. With false, this tensor if it
     * requires none.
     *
     * @throws GraphException if this was computed from tensors that require a gradient ({@link #detach()} cuts it off first), or with
     *     false, if this is a leaf that requires one
     * @throws io.adjoint.core.DTypeException if the elements are INT32 or BOOL
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

    /** The same elements without the record of how they were computed. */
    public Tensor detach() {
        return node == null ? this : of(data);
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
        Arrivals arrivals = Arrivals.of(this);
        return arrivals == null ? null : arrivals.get();
    }

    /**
     * Replaces the accumulated gradient; null clears it.
     *
     * @throws GraphException if this keeps no gradient, or shape or dtype differ
     */
    public void setGrad(@Nullable Tensor gradient) {
        Arrivals arrivals = Arrivals.of(this);
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

    /** Makes this tensor keep its gradient as leaves do, in all backward passes from now on; hooks run before. */
    @CanIgnoreReturnValue
    public Tensor retainGrad() {
        requiredNode("retainGrad").ownArrivals().keep();
        return this;
    }

    /**
     * Registers a function of this tensor's gradient in a backward pass, summed over all uses; its result replaces the gradient.
     * Hooks run in the order of their registration, before the gradient is kept or passed on.
     *
     * <p>A hook runs as a backward rule does: unrecorded, unless the pass is with {@link GraphMode#CREATE}. One that computes
     * something in order to differentiate it does so within {@link Autograd#enableGrad}, and may start a backward pass from there.
     *
     * @throws GraphException if this requires no gradient
     */
    @CanIgnoreReturnValue
    public Hook onGradient(UnaryOperator<Tensor> hook) {
        return requiredNode("onGradient").ownArrivals().before(hook);
    }

    /**
     * Registers an action that runs after a backward pass has accumulated a gradient in this leaf, such as a step of its optimizer. By then
     * the gradients of all leaves are accumulated; if a hook throws, they stay, and the hooks that would have come after it do not run.
     *
     * @throws GraphException if this is not a leaf that requires a gradient
     */
    @CanIgnoreReturnValue
    public Hook afterAccumulation(Consumer<Tensor> hook) {
        if (!isLeaf()) {
            throw new GraphException("afterAccumulation: this tensor was computed by '"
                    + requiredNode("afterAccumulation").op + "'; only leaves accumulate: use onGradient");
        }
        return requiredNode("afterAccumulation").ownArrivals().after(() -> hook.accept(this));
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

    /** As {@link #backward()}; the mode says how much of the graph stays. */
    public void backward(GraphMode graph) {
        Passes.backward(this, Passes.implicitSeed("backward", this), graph);
    }

    /** As {@link #backward()}, for a tensor of any shape, with its upstream gradient, of the same shape and dtype. */
    public void backward(Tensor gradient) {
        backward(gradient, GraphMode.FREE);
    }

    /** As {@link #backward(Tensor)}; the mode says how much of the graph stays. */
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

    // ---- operations of several tensors ----

    /**
     * The elements of {@code a} where the BOOL mask is true, else those of {@code b}; all three broadcast.
     *
     * <p>The gradient of the operand not taken is 0, but a NaN or infinite derivative further back still spoils it, since 0·∞ is
     * NaN: {@code where(x.gt(0), x.sqrt(), 0)} has the gradient NaN at −1. Either make that operand's input harmless by a {@code
     * where} of its own, {@code where(x.gt(0), where(x.gt(0), x, 1).sqrt(), 0)}, or leave it to {@link #where(Tensor, Tensor,
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
     * {@code a} of the elements of x where the BOOL mask is true, {@code b} of the others:
     * {@code where(x.gt(0), x, Tensor::sqrt, v -> v.mul(0))}. Neither function sees an element of the other's, so its NaN or ∞ for it
     * neither spoils the gradient nor costs time.
     *
     * @param x broadcasts with the mask
     * @param a an elementwise function: it gets a vector of the selected elements, and returns as many numbers, or one for all. It is not
     *     called if none is selected
     * @param b likewise, for the others
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

    /** Tensors of equal shape joined along a new axis, which is the given one of the result. */
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
     * <p>Each operand has a letter for each axis, {@code ...} for any further ones, which broadcast. Axes of one letter are walked
     * together, also within one operand (its diagonal); size 1 is repeated. What is not in the output is summed over. Without
     * {@code ->} the output has the axes of {@code ...}, then the letters that occur once, sorted.
     *
     * @throws IllegalArgumentException if this is no equation for this number of operands
     * @throws io.adjoint.core.ShapeException if the operands do not fit it
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
