package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Sizes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operations that pad and crop tensors. */
final class PaddingRules {
    private PaddingRules() {}

    /** The numbers of entries added before and after each axis, from the first axis to the last. */
    @SuppressWarnings("ArrayRecordComponent") // no code calls equals of pads
    private record Pads(int[] before, int[] after) {
        static Pads of(Shape shape, int... lastAxesFirst) {
            int pairs = lastAxesFirst.length / 2;
            if (lastAxesFirst.length % 2 != 0 || pairs > shape.rank()) {
                throw new ShapeException("pad: " + Arrays.toString(lastAxesFirst) + " has " + lastAxesFirst.length
                        + " numbers; expected a pair, before and after, for each padded axis of " + shape
                        + ", the last axis first");
            }
            int[] before = new int[shape.rank()];
            int[] after = new int[shape.rank()];
            for (int k = 0; k < pairs; k++) {
                before[shape.rank() - 1 - k] = lastAxesFirst[2 * k];
                after[shape.rank() - 1 - k] = lastAxesFirst[2 * k + 1];
            }
            return new Pads(before, after);
        }

        boolean isNone() {
            return Arrays.stream(before).allMatch(n -> n == 0)
                    && Arrays.stream(after).allMatch(n -> n == 0);
        }

        Pads opposite() {
            return new Pads(
                    Arrays.stream(before).map(n -> -n).toArray(),
                    Arrays.stream(after).map(n -> -n).toArray());
        }
    }

    static Tensor constant(Tensor x, double value, int... lastAxesFirst) {
        return constant(x, value, Pads.of(x.shape(), lastAxesFirst));
    }

    /** Pads with a constant. The backward rule crops the gradient; the backward rule of cropping pads with zeros. */
    private static Tensor constant(Tensor x, double value, Pads pads) {
        return pads.isNone()
                ? x
                : op(
                        "pad",
                        () -> with("before", pads.before, "after", pads.after, "value", value),
                        x.data().pad(pads.before, pads.after, value),
                        edge(x, g -> constant(g, 0, pads.opposite())));
    }

    static Tensor pad(Tensor x, PadMode mode, int... lastAxesFirst) {
        return pad("pad", "pad in several steps, or with another mode", x, mode, lastAxesFirst);
    }

    /**
     * Pads a tensor for an operation, whose name is in error messages.
     *
     * @param wayOut the advice in the message if the padding has too many entries
     */
    static Tensor pad(String name, String wayOut, Tensor x, PadMode mode, int... lastAxesFirst) {
        if (mode == PadMode.ZEROS) {
            return constant(x, 0, lastAxesFirst);
        }
        Pads pads = Pads.of(x.shape(), lastAxesFirst);
        Tensor result = x;
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            int before = pads.before[axis];
            int after = pads.after[axis];
            result = extended(name, wayOut, result, mode, axis, Math.max(before, 0), Math.max(after, 0));
            result = cropped(result, axis, Math.max(-(long) before, 0), Math.max(-(long) after, 0));
        }
        return result;
    }

    private static Tensor extended(
            String name, String wayOut, Tensor x, PadMode mode, int axis, int before, int after) {
        int size = x.shape().dim(axis);
        int most = switch (mode) {
            case REFLECT -> size - 1;
            case CIRCULAR -> size;
            default -> size == 0 ? 0 : Integer.MAX_VALUE;
        };
        int wanted = Math.max(before, after);
        if (wanted == 0) {
            return x;
        }
        if (wanted > most) {
            throw new ShapeException(
                    name + ": axis " + axis + " of " + x.shape() + " has " + size + " entries, of which "
                            + mode + " makes at most " + Math.max(most, 0) + " on either side, not " + wanted
                            + "; " + wayOut);
        }
        // This call throws an exception if the padded size would be too large.
        Sizes.replaced(name, x.shape(), axis, 1, (long) size + before + after);
        List<Tensor> parts = new ArrayList<>();
        if (before > 0) {
            parts.add(beside(x, mode, axis, before, true));
        }
        parts.add(x);
        if (after > 0) {
            parts.add(beside(x, mode, axis, after, false));
        }
        return JoiningRules.concat("pad", axis, parts);
    }

    private static Tensor beside(Tensor x, PadMode mode, int axis, int count, boolean front) {
        int size = x.shape().dim(axis);
        return switch (mode) {
            case REFLECT -> {
                int from = front ? 1 : size - 1 - count;
                yield x.slice(axis, from, from + count).flip(axis);
            }
            case CIRCULAR -> {
                int from = front ? size - count : 0;
                yield x.slice(axis, from, from + count);
            }
            default -> {
                int edge = front ? 0 : size - 1;
                int[] dims = x.shape().toArray();
                dims[axis] = count;
                yield x.slice(axis, edge, edge + 1).broadcastTo(Shape.of(dims));
            }
        };
    }

    private static Tensor cropped(Tensor x, int axis, long front, long back) {
        int size = x.shape().dim(axis);
        if (front + back > size) {
            throw new ShapeException("pad: cannot take " + front + " entries off the front and " + back
                    + " off the back of axis " + axis + " of " + x.shape() + ", which has " + size);
        }
        return front + back == 0 ? x : x.slice(axis, (int) front, (int) (size - back));
    }
}
