package io.adjoint.autograd;

import io.adjoint.autograd.Index.At;
import io.adjoint.autograd.Index.Ellipsis;
import io.adjoint.autograd.Index.Mask;
import io.adjoint.autograd.Index.NewAxis;
import io.adjoint.autograd.Index.Part;
import io.adjoint.autograd.Index.Picks;
import io.adjoint.autograd.Index.Range;
import io.adjoint.core.Indices;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Indices of all axes of a shape, checked: the view that numbers, ranges and new axes make, and the axes of this view that lists,
 * tensors and masks pick from.
 */
final class IndexPlan {
    private final String op;
    private final Shape shape;
    private final List<UnaryOperator<NdArray>> steps = new ArrayList<>();
    /** The picked axes of the view, ascending. */
    final List<Integer> axes = new ArrayList<>();
    /** The indices picked from each, counted from the front. */
    final List<NdArray> picks = new ArrayList<>();

    /** The next axis of the shape, and where it is in the view. */
    private int axis;

    private int at;

    IndexPlan(String op, Shape shape, Index... indices) {
        this.op = op;
        this.shape = shape;
        int spare = shape.rank() - consumed(indices);
        boolean open = Arrays.stream(indices).noneMatch(index -> index.part instanceof Ellipsis);
        if (spare < 0) {
            throw new ShapeException(
                    op + ": too many indices for " + shape + ": " + Arrays.toString(indices) + " are for "
                            + (shape.rank() - spare) + " axes, but it has " + shape.rank()
                            + (open ? "" : "; the ellipsis may stand for none"));
        }
        for (Index index : indices) {
            add(index.part, spare);
        }
    }

    private int consumed(Index... indices) {
        int consumed = 0;
        int ellipses = 0;
        for (Index index : indices) {
            if (index.part instanceof Mask mask) {
                consumed += mask.mask().shape().rank();
            } else if (index.part instanceof Ellipsis) {
                ellipses++;
            } else if (!(index.part instanceof NewAxis)) {
                consumed++;
            }
        }
        if (ellipses > 1) {
            throw new IllegalArgumentException(op + ": " + Arrays.toString(indices) + " has " + ellipses
                    + " ellipses; with more than one it isn't clear which axes each stands for");
        }
        return consumed;
    }

    private void add(Part part, int spare) {
        int position = at;
        if (part instanceof At one) {
            int index = one.index();
            int size = shape.dim(axis);
            if (index < -size || index >= size) {
                throw new ShapeException(op + ": index " + index + " is out of range for axis " + axis + " of " + shape
                        + ", which has " + size + " elements");
            }
            steps.add(x -> x.select(position, index));
            axis++;
        } else if (part instanceof Range range) {
            slice(range, shape.dim(axis));
            axis++;
            at++;
        } else if (part instanceof NewAxis) {
            steps.add(x -> x.unsqueeze(position));
            at++;
        } else if (part instanceof Ellipsis) {
            axis += spare;
            at += spare;
        } else if (part instanceof Picks picked) {
            pick(Indices.fromFront(op, picked.index(), axis, shape));
        } else if (part instanceof Mask mask) {
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
        steps.add(empty ? x -> x.slice(position, 0, 0) : x -> x.slice(position, from, to, step));
    }

    /** One end of a range within the axis, as far as the walk can come. */
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

    boolean looksAtAll() {
        return steps.isEmpty();
    }

    /** The view of an array of the shape. */
    NdArray view(NdArray x) {
        NdArray view = x;
        for (UnaryOperator<NdArray> step : steps) {
            view = step.apply(view);
        }
        return view;
    }
}
