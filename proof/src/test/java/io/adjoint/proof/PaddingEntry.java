package io.adjoint.proof;

import static io.adjoint.proof.Places.axis;
import static io.adjoint.proof.Places.joined;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.proof.Places.rest;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;

/** The catalogue's entry for padding. */
final class PaddingEntry {
    /** The first argument of {@code pad} tells the overload; from FIRST_MODE on it is a mode's number plus FIRST_MODE. */
    private static final int PAIRS_ONLY = 0;

    private static final int CONSTANT = 1;
    private static final int FIRST_MODE = 2;
    private static final List<PadMode> MODES = List.of(PadMode.values());

    private static final double BORDER = 7.5;

    private PaddingEntry() {}

    static Entry entry() {
        return Entry.entry("pad", PaddingEntry::pad)
                .shapes("(...)")
                .argumentsOf(shape -> ranges(0, FIRST_MODE + MODES.size() - 1, 0, shape.rank())
                        .flatMap(n -> pads(shape, n[0], n[1]).map(pads -> joined(new int[] {n[0]}, pads))))
                .reference((in, a) -> padded(in[0], a[0], rest(1, a)))
                .order(2)
                .covering("pad(int[])", "pad(PadMode,int[])", "padConstant(double,int[])")
                .rejects("half of a pair", x -> x.pad(1, 1, 1), "[1, 1, 1] … 3 numbers … a pair … [2, 3]")
                .rejects("a pair too many", x -> x.pad(1, 1, 1, 1, 1, 1), "6 numbers … [2, 3] … last axis first")
                .rejects("too much taken off", x -> x.pad(-2, -2), "2 entries … axis 1 … [2, 3] … has 3")
                .rejects(
                        "a mirror beyond the other end",
                        x -> x.pad(PadMode.REFLECT, 0, 0, 2, 0),
                        "axis 0 … [2, 3] … REFLECT … at most 1 … not 2")
                .rejects(
                        "more than once around",
                        x -> x.pad(PadMode.CIRCULAR, 4, 0),
                        "axis 1 … [2, 3] … CIRCULAR … at most 3 … not 4")
                .rejects(
                        "nothing to repeat",
                        x -> x.slice(0, 0, 0).pad(PadMode.REPLICATE, 0, 0, 1, 0),
                        "axis 0 … [0, 3] … REPLICATE … at most 0")
                .rejects(
                        "too much taken off in another mode",
                        x -> x.pad(PadMode.CIRCULAR, -4, 0),
                        "4 entries … axis 1 … [2, 3]")
                .rejects(
                        "a fraction in INT32",
                        x -> x.to(DType.INT32).padConstant(0.5, 1, 1),
                        "0.5 … INT32 … to(FLOAT64)")
                .rejects(
                        "too many elements",
                        x -> x.pad(PadMode.REPLICATE, Integer.MAX_VALUE, 0),
                        "[2, 3] … [2, 2147483650] … 2147483647");
    }

    private static PadMode mode(int how) {
        return how < FIRST_MODE ? PadMode.ZEROS : MODES.get(how - FIRST_MODE);
    }

    private static Arbitrary<int[]> pads(Shape shape, int how, int pairs) {
        int[] bounds = IntStream.range(0, 2 * pairs)
                .flatMap(k -> {
                    int size = shape.dim(-1 - k / 2);
                    int most = switch (mode(how)) {
                        case ZEROS -> 2;
                        case REFLECT -> Math.max(0, size - 1);
                        case REPLICATE -> size == 0 ? 0 : 2;
                        case CIRCULAR -> size;
                    };
                    return IntStream.of(-(size / 2), most);
                })
                .toArray();
        return ranges(bounds);
    }

    private static Tensor pad(Tensor[] t, int[] a) {
        int[] pads = rest(1, a);
        return switch (a[0]) {
            case PAIRS_ONLY -> t[0].pad(pads);
            case CONSTANT -> t[0].padConstant(BORDER, pads);
            default -> t[0].pad(mode(a[0]), pads);
        };
    }

    private static NdArray padded(NdArray x, int how, int... pads) {
        int[] dims = x.shape().toArray();
        int[] before = new int[dims.length];
        int[] target = dims.clone();
        for (int k = 0; k < pads.length; k += 2) {
            int axis = dims.length - 1 - k / 2;
            before[axis] = pads[k];
            target[axis] += pads[k] + pads[k + 1];
        }
        return Reference.build(Shape.of(target), index -> {
            int[] source = new int[dims.length];
            for (int axis = 0; axis < dims.length; axis++) {
                int at = index[axis] - before[axis];
                int size = dims[axis];
                source[axis] = switch (mode(how)) {
                    case ZEROS -> at;
                    case REFLECT -> at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
                    case REPLICATE -> Math.min(Math.max(at, 0), size - 1);
                    case CIRCULAR -> Math.floorMod(at, size);
                };
                if (source[axis] < 0 || source[axis] >= size) {
                    return how == CONSTANT ? BORDER : 0;
                }
            }
            return x.get(source);
        });
    }
}
