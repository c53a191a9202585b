package io.adjoint.proof;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Draws arguments of operations that move elements, and computes indices for the references of these operations, independently of the
 * library's code.
 */
final class Places {
    private Places() {}

    /** Draws numbers, each between two bounds of its own, inclusive. */
    static Arbitrary<int[]> ranges(int... bounds) {
        List<Arbitrary<Integer>> each = IntStream.range(0, bounds.length / 2)
                .<Arbitrary<Integer>>mapToObj(k -> Arbitraries.integers().between(bounds[2 * k], bounds[2 * k + 1]))
                .toList();
        return each.isEmpty()
                ? Arbitraries.just(new int[0])
                : Combinators.combine(each)
                        .as(numbers -> numbers.stream().mapToInt(n -> n).toArray());
    }

    /** Draws {@code count} numbers between the same bounds, inclusive. */
    static Arbitrary<int[]> several(int count, int min, int max) {
        return ranges(
                IntStream.range(0, 2 * count).map(k -> k % 2 == 0 ? min : max).toArray());
    }

    /** Draws an axis, counted from either end. */
    static Arbitrary<Integer> axis(int rank) {
        return Arbitraries.integers().between(-rank, rank - 1);
    }

    static int fromFront(int axis, int rank) {
        return axis < 0 ? axis + rank : axis;
    }

    static int[] joined(int[] front, int... back) {
        return IntStream.concat(IntStream.of(front), IntStream.of(back)).toArray();
    }

    static int[] rest(int start, int... numbers) {
        return Arrays.copyOfRange(numbers, start, numbers.length);
    }

    static int[] with(int[] numbers, int at, int number) {
        int[] changed = numbers.clone();
        changed[at] = number;
        return changed;
    }

    static int[] without(int[] numbers, int at) {
        return joined(Arrays.copyOf(numbers, at), rest(at + 1, numbers));
    }

    static int[] inserted(int[] numbers, int at, int number) {
        return joined(joined(Arrays.copyOf(numbers, at), number), rest(at, numbers));
    }

    /** The position of an index in row-major order. */
    static int ordinal(Shape shape, int... index) {
        int ordinal = 0;
        for (int axis = 0; axis < index.length; axis++) {
            ordinal = ordinal * shape.dim(axis) + index[axis];
        }
        return ordinal;
    }

    /** The element at a position in row-major order. */
    static double element(NdArray x, int ordinal) {
        int[] index = new int[x.shape().rank()];
        for (int axis = index.length - 1, rest = ordinal; axis >= 0; axis--) {
            index[axis] = rest % x.shape().dim(axis);
            rest /= x.shape().dim(axis);
        }
        return x.get(index);
    }

    /** A copy of the elements, in row-major order, with another shape. */
    static NdArray reshaped(NdArray x, int... dims) {
        Shape shape = Shape.of(dims);
        return Reference.build(shape, index -> element(x, ordinal(shape, index)));
    }

    /** The entries of an axis at the listed indices, in the order of the list. */
    static NdArray entriesOf(NdArray x, int axis, int... entries) {
        Shape shape = Shape.of(with(x.shape().toArray(), axis, entries.length));
        return Reference.build(shape, index -> x.get(with(index, axis, entries[index[axis]])));
    }

    /** Concatenates arrays along an axis. */
    static NdArray concatenated(int axis, NdArray... parts) {
        int total =
                Arrays.stream(parts).mapToInt(part -> part.shape().dim(axis)).sum();
        Shape shape = Shape.of(with(parts[0].shape().toArray(), axis, total));
        return Reference.build(shape, index -> {
            int part = 0;
            int at = index[axis];
            while (at >= parts[part].shape().dim(axis)) {
                at -= parts[part].shape().dim(axis);
                part++;
            }
            return parts[part].get(with(index, axis, at));
        });
    }
}
