package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Window;
import io.adjoint.proof.WindowReferences.Slide;
import java.util.List;
import net.jqwik.api.Arbitraries;

/** The entries of {@link ConvolutionFamily} for unfold and fold, which convert windows to columns of a matrix and back. */
final class FoldingEntries {
    private FoldingEntries() {}

    /** The window of the settings: kernel, stride, padding and dilation, each for two axes. */
    private static Window window(int[] a) {
        return Window.kernel(a[0], a[1]).stride(a[2], a[3]).padding(a[4], a[5]).dilation(a[6], a[7]);
    }

    private static Slide slide(int[] a) {
        return new Slide(2, axis -> a[axis], axis -> a[2 + axis], axis -> a[4 + axis], axis -> a[6 + axis]);
    }

    static Entry unfold() {
        return entry("unfold", (t, a) -> t[0].unfold(window(a)))
                .shapes("(n,c,3,4)")
                .dims(1, 2)
                .arguments(shapes -> ConvolutionFamily.numbers(8).map(r ->
                        new int[] {1 + r[0] % 2, 1 + r[1], 1 + r[2], 1 + r[3], r[4], r[5], 1 + r[6] % 2, 1}))
                .reference((t, a) -> WindowReferences.unfolded(t[0], slide(a)))
                .order(2)
                .covering("unfold(Window)")
                .rejects("one axis", x -> Tensor.of(1, 2).unfold(Window.kernel(1)), "[2] … channels")
                .rejects(
                        "a window longer than the axis",
                        x -> x.reshape(1, 1, 2, 3).unfold(Window.kernel(3)),
                        "[3, 3] … [1, 1, 2, 3] … spans 3 on axis -2, which has 2 … padding")
                .fails("no kernel", x -> x.unfold(Window.kernel()), "Window.kernel … at least 1 … []")
                .rejects(
                        "INT32 elements",
                        x -> x.to(DType.INT32).reshape(1, 2, 3).unfold(Window.kernel(1)),
                        "INT32 … to(FLOAT64)")
                .rejects("four axes", x -> x.reshape(1, 1, 1, 1, 2, 3).unfold(Window.kernel(1)), "at most 3 … 4");
    }

    static Entry fold() {
        return entry("fold", (t, a) -> t[0].fold(window(a), 3, 4))
                .shapes("(n,4,6)")
                .dims(1, 2)
                .arguments(shapes -> Arbitraries.of(List.of(
                        new int[] {2, 2, 1, 1, 0, 0, 1, 1},
                        new int[] {1, 2, 1, 2, 0, 0, 1, 1},
                        new int[] {2, 2, 1, 1, 0, 1, 1, 3},
                        new int[] {1, 4, 2, 2, 0, 2, 1, 1},
                        new int[] {1, 1, 3, 1, 0, 1, 1, 1})))
                .reference((t, a) -> WindowReferences.folded(t[0], slide(a), 3, 4))
                .order(2)
                .covering("fold(Window,int[])")
                .rejects(
                        "other sizes than it comes of",
                        x -> x.fold(Window.kernel(1, 2), 3, 3),
                        "[2, 3] … [3, 3] … 2 elements … 6 positions")
                .rejects(
                        "rows that are no multiple of the window",
                        x -> x.fold(Window.kernel(3), 5),
                        "[2, 3] … 3 elements … multiple")
                .rejects("no sizes", x -> x.fold(Window.kernel(1)), "sizes … [2, 3]")
                .rejects("one axis", x -> Tensor.of(1, 2).fold(Window.kernel(1), 2), "[2] … positions")
                .rejects("INT32 elements", x -> x.to(DType.INT32).fold(Window.kernel(1), 3), "INT32");
    }
}
