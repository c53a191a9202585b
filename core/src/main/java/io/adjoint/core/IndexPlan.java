package io.adjoint.core;

import io.adjoint.core.AxisIndex.At;
import io.adjoint.core.AxisIndex.Ellipsis;
import io.adjoint.core.AxisIndex.Kind;
import io.adjoint.core.AxisIndex.Mask;
import io.adjoint.core.AxisIndex.NewAxis;
import io.adjoint.core.AxisIndex.Picks;
import io.adjoint.core.AxisIndex.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The checked indices of all axes of a shape. Numbers, ranges and new axes make a view; lists, arrays and masks then pick entries along
 * axes of this view.
 *
 * @hidden
 */
@Internal
public final class IndexPlan {
    /**
     * Picks entries from several axes of the view, which are merged into one axis.
     *
     * @param order the permutation of the view's axes that makes the picked axes neighbours; empty if these axes are neighbours already
     * @param axis the merged axis
     * @param merged the shape in which the picked axes are merged
     * @param positions the indices of the picked entries along the merged axis, an INT32 vector
     * @param result the shape of the picked elements, in which the indices' axes replace the merged axis
     * @hidden
     */
    @SuppressWarnings("ArrayRecordComponent") // no code calls equals of picks
    public record Pick(int[] order, int axis, Shape merged, NdArray positions, Shape result) {}

    private final String op;
    private final Shape shape;
    private final List<UnaryOperator<NdArray>> views = new ArrayList<>();
    /** The axes of the view from which entries are picked, in ascending order. */
    private final List<Integer> axes = new ArrayList<>();
    /** For each of {@link #axes} the indices of the picked entries, counted from the front. */
    private final List<NdArray> picks = new ArrayList<>();

    /**
     * The axis of the shape to which the next index applies ({@code axis}), and the position of this axis among the axes of the view
     * ({@code at}).
     */
    private int axis;

    private int at;

    /**
     * Checks indices of arrays of one shape, and plans the views and picks that select the indexed elements.
     *
     * @throws ShapeException if there are too many indices, or an index is out of range
     * @throws IllegalArgumentException if there is more than one ellipsis
     */
    public IndexPlan(String op, Shape shape, AxisIndex... indices) {
        this.op = op;
        this.shape = shape;
        int spare = shape.rank() - consumed(indices);
        boolean open = Arrays.stream(indices).noneMatch(index -> index.kind instanceof Ellipsis);
        if (spare < 0) {
            throw new ShapeException(
                    op + ": too many indices for " + shape + ": " + Arrays.toString(indices) + " are for "
                            + (shape.rank() - spare) + " axes, but it has " + shape.rank()
                            + (open ? "" : "; the ellipsis may stand for none"));
        }
        for (AxisIndex index : indices) {
            add(index.kind, spare);
        }
    }

    private int consumed(AxisIndex... indices) {
        int consumed = 0;
        int ellipses = 0;
        for (AxisIndex index : indices) {
            if (index.kind instanceof Mask mask) {
                consumed += mask.mask().shape().rank();
            } else if (index.kind instanceof Ellipsis) {
                ellipses++;
            } else if (!(index.kind instanceof NewAxis)) {
                consumed++;
            }
        }
        if (ellipses > 1) {
            throw new IllegalArgumentException(op + ": " + Arrays.toString(indices) + " has " + ellipses
                    + " ellipses; with more than one it isn't clear which axes each stands for");
        }
        return consumed;
    }

    private void add(Kind kind, int spare) {
        int position = at;
        if (kind instanceof At one) {
            int index = one.index();
            int size = shape.dim(axis);
            if (index < -size || index >= size) {
                throw new ShapeException(op + ": index " + index + " is out of range for axis " + axis + " of " + shape
                        + ", which has " + size + " elements");
            }
            views.add(x -> x.select(position, index));
            axis++;
        } else if (kind instanceof Range range) {
            slice(range, shape.dim(axis));
            axis++;
            at++;
        } else if (kind instanceof NewAxis) {
            views.add(x -> x.unsqueeze(position));
            at++;
        } else if (kind instanceof Ellipsis) {
            axis += spare;
            at += spare;
        } else if (kind instanceof Picks picked) {
            pick(Indices.fromFront(op, picked.index(), axis, shape));
        } else if (kind instanceof Mask mask) {
            mask(mask.mask());
        }
    }

    private void slice(Range range, int size) {
        boolean backwards = range.step() < 0;
        int first = backwards ? size - 1 : 0;
        int end = backwards ? -1 : size;
        int from = clipped(range.from(), size, first, backwards);
        int to = clipped(range.to(), size, end, backwards);
        if (from == first && to == end && range.step() == 1) {
            return;
        }
        int position = at;
        int step = range.step();
        boolean empty = backwards ? from <= to : from >= to;
        views.add(empty ? x -> x.slice(position, 0, 0) : x -> x.slice(position, from, to, step));
    }

    /**
     * One end of a range, counted from the front and clipped to 0 … size, or to −1 … size − 1 if the step is negative; {@code otherwise} if
     * the range leaves this end open.
     */
    private static int clipped(OptionalInt end, int size, int otherwise, boolean backwards) {
        if (end.isEmpty()) {
            return otherwise;
        }
        int index = end.getAsInt() < 0 ? end.getAsInt() + size : end.getAsInt();
        return backwards ? Math.max(-1, Math.min(index, size - 1)) : Math.max(0, Math.min(index, size));
    }

    private void pick(NdArray index) {
        axes.add(at++);
        picks.add(index);
        axis++;
    }

    private void mask(NdArray mask) {
        Shape own = mask.shape();
        if (own.rank() == 0) {
            throw new ShapeException(
                    op + ": the mask [] has no axes; it needs the sizes of those that it stands for, of " + shape
                            + " from axis " + axis + " on");
        }
        for (int k = 0; k < own.rank(); k++) {
            if (own.dim(k) != shape.dim(axis + k)) {
                throw new ShapeException(op + ": the mask " + own + " does not fit axis " + (axis + k) + " of " + shape
                        + ": the mask has " + own.dim(k) + " entries there, the tensor " + shape.dim(axis + k));
            }
        }
        NdArray split = Indices.split(Indices.positions(mask), own);
        for (int k = 0; k < own.rank(); k++) {
            pick(split.select(1, k));
        }
    }

    /** Returns whether the view is the whole array. */
    public boolean looksAtAll() {
        return views.isEmpty();
    }

    /** The view of an array of the plan's shape: its elements at the plan's numbers and ranges, with the new axes. */
    public NdArray view(NdArray x) {
        NdArray view = x;
        for (UnaryOperator<NdArray> next : views) {
            view = next.apply(view);
        }
        return view;
    }

    /**
     * The entries to pick from a view. The axes of the index arrays replace the picked axes, or come first if other axes lie between the
     * picked axes.
     *
     * @return null if there are no entries to pick
     */
    public @Nullable Pick pick(Shape view) {
        int count = axes.size();
        if (count == 0) {
            return null;
        }
        int first = axes.get(0);
        boolean together = axes.get(count - 1) - first == count - 1;
        int[] order = together ? new int[0] : inFront(view.rank());
        int at = together ? first : 0;
        int[] dims = new int[view.rank()];
        Arrays.setAll(dims, k -> view.dim(together ? k : order[k]));
        Shape whole = Shape.of(op, dims);
        Shape picked = Shape.of(Arrays.copyOfRange(dims, at, at + count));
        NdArray positions = Indices.merge(op, picks, picked);
        return new Pick(
                order,
                at,
                Sizes.replaced(op, whole, at, count, picked.size()),
                positions.flatten(),
                Sizes.replaced(op, whole, at, count, Sizes.of(positions.shape)));
    }

    private int[] inFront(int rank) {
        int[] order = new int[rank];
        int next = 0;
        for (int picked : axes) {
            order[next++] = picked;
        }
        for (int other = 0; other < rank; other++) {
            if (!axes.contains(other)) {
                order[next++] = other;
            }
        }
        return order;
    }

    /** The elements of an array of the plan's shape at the plan's indices. */
    NdArray of(NdArray x) {
        NdArray view = view(x);
        Pick pick = pick(view.shape);
        if (pick == null) {
            return view;
        }
        NdArray front = pick.order().length == 0 ? view : view.permute(pick.order());
        return front.reshape(pick.merged())
                .indexSelect(pick.axis(), pick.positions())
                .reshape(pick.result());
    }
}
