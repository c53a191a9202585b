package io.adjoint.core;

import java.util.OptionalInt;

/**
 * An index of one axis, or, for a mask or an ellipsis, of several axes.
 *
 * @hidden
 */
@Internal
public final class AxisIndex {
    /** The kinds of indices. */
    sealed interface Kind permits At, Range, NewAxis, Ellipsis, Picks, Mask {}

    record At(int index) implements Kind {}

    record Range(OptionalInt from, OptionalInt to, int step) implements Kind {}

    record NewAxis() implements Kind {}

    record Ellipsis() implements Kind {}

    record Picks(NdArray index) implements Kind {}

    record Mask(NdArray mask) implements Kind {}

    final Kind kind;
    private final String text;

    private AxisIndex(Kind kind, String text) {
        this.kind = kind;
        this.text = text;
    }

    /** Selects one entry of the axis, and removes the axis. */
    public static AxisIndex at(int index) {
        return new AxisIndex(new At(index), Integer.toString(index));
    }

    /**
     * Every {@code step}-th entry from {@code from} to {@code to} (exclusive); a range without one of these bounds reaches to the end of
     * the axis on that side.
     */
    public static AxisIndex range(OptionalInt from, OptionalInt to, int step) {
        String ends = text(from) + ":" + text(to);
        return new AxisIndex(new Range(from, to, step), step == 1 ? ends : ends + ":" + step);
    }

    private static String text(OptionalInt end) {
        return end.isPresent() ? Integer.toString(end.getAsInt()) : "";
    }

    /** A new axis of size 1. */
    public static AxisIndex newAxis() {
        return new AxisIndex(new NewAxis(), "None");
    }

    /** The ellipsis: keeps all entries of every axis that the other indices don't index. */
    public static AxisIndex ellipsis() {
        return new AxisIndex(new Ellipsis(), "...");
    }

    /** The entries at the indices that an INT32 array holds; the array's axes replace the indexed axis. */
    public static AxisIndex picks(NdArray index) {
        return new AxisIndex(new Picks(index), index.size() > 10 ? "indices " + index.shape() : index.toString());
    }

    /** The entries where a BOOL mask is true; the mask has the shape of the axes that it indexes. */
    public static AxisIndex mask(NdArray mask) {
        return new AxisIndex(new Mask(mask), "mask " + mask.shape());
    }

    /** The index in NumPy's notation, such as {@code 0:8:2}. */
    @Override
    public String toString() {
        return text;
    }
}
