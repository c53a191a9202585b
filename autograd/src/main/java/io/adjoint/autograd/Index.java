package io.adjoint.autograd;

import io.adjoint.core.AxisIndex;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * An index of one axis for {@link Tensor#get(Index...)}, in NumPy's terms. Meant for static import:
 *
 * <pre>{@code x.get(all(), at(-1), range(0, 8, 2), newAxis())    // x[:, -1, 0:8:2, None]}</pre>
 *
 * <p>Numbers below 0 count from the end, −1 is the last. The ends of a range may lie outside the axis, as in NumPy: the range is then
 * clipped to the axis. A single number, a list or a tensor of indices may not.
 */
public final class Index {
    final AxisIndex axis;

    private Index(AxisIndex axis) {
        this.axis = axis;
    }

    static AxisIndex[] axes(Index... indices) {
        return Arrays.stream(indices).map(index -> index.axis).toArray(AxisIndex[]::new);
    }

    /** The whole axis: {@code :}. */
    public static Index all() {
        return range(OptionalInt.empty(), OptionalInt.empty(), 1);
    }

    /** One entry of the axis, which is removed: {@code 3}. */
    public static Index at(int index) {
        return new Index(AxisIndex.at(index));
    }

    /** The entries {@code from} (inclusive) to {@code to} (exclusive): {@code 2:5}. */
    public static Index range(int from, int to) {
        return range(from, to, 1);
    }

    /**
     * Every {@code step}-th entry from {@code from} (inclusive) to {@code to} (exclusive), backwards if the step is negative: {@code
     * 8:0:-2}.
     *
     * @throws IllegalArgumentException if the step is 0
     */
    public static Index range(int from, int to, int step) {
        return range(OptionalInt.of(from), OptionalInt.of(to), checked("range", step));
    }

    /** The entries from the given entry on: {@code 2:}. */
    public static Index from(int from) {
        return range(OptionalInt.of(from), OptionalInt.empty(), 1);
    }

    /** The entries before the given entry: {@code :5}. */
    public static Index to(int to) {
        return range(OptionalInt.empty(), OptionalInt.of(to), 1);
    }

    /**
     * Every {@code step}-th entry, from the last entry backwards if the step is negative: {@code ::-1}.
     *
     * @throws IllegalArgumentException if the step is 0
     */
    public static Index every(int step) {
        return range(OptionalInt.empty(), OptionalInt.empty(), checked("every", step));
    }

    private static int checked(String name, int step) {
        if (step == 0) {
            throw new IllegalArgumentException(
                    "Index." + name + ": the step is 0; expected a positive step, or a negative one to walk backwards");
        }
        return step;
    }

    private static Index range(OptionalInt from, OptionalInt to, int step) {
        return new Index(AxisIndex.range(from, to, step));
    }

    /** A new axis of size 1: {@code None}. */
    public static Index newAxis() {
        return new Index(AxisIndex.newAxis());
    }

    /** All axes that the other indices don't index, as whole axes: {@code ...}, at most once. */
    public static Index ellipsis() {
        return new Index(AxisIndex.ellipsis());
    }

    /** The entries with the given numbers, in the order of the numbers; a number may occur several times: {@code [3, 0, 1]}. */
    public static Index of(int... indices) {
        return new Index(AxisIndex.picks(NdArray.of(Shape.of(indices.length), indices)));
    }

    /**
     * The entries whose numbers an INT32 tensor holds; the axes of this tensor replace the indexed axis.
     *
     * @throws DTypeException if the tensor is not INT32
     */
    public static Index of(Tensor indices) {
        indices.dtype().requireIndex("Index.of");
        return new Index(AxisIndex.picks(indices.data()));
    }

    /**
     * The entries where a BOOL mask is true, in row-major order along one axis. The mask has the shape of the axes that it indexes.
     *
     * @throws DTypeException if the mask is not BOOL
     */
    public static Index mask(Tensor mask) {
        mask.dtype().requireMask("Index.mask");
        return new Index(AxisIndex.mask(mask.data()));
    }

    /** The index in NumPy's notation, such as {@code 0:8:2}. */
    @Override
    public String toString() {
        return axis.toString();
    }
}
