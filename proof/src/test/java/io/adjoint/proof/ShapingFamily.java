package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The catalogue's entries for operations that reshape, reorder, slice, copy and join tensors. */
final class ShapingFamily implements Family {
    @Override
    public String title() {
        return "Shapes";
    }

    @Override
    public List<Entry> entries() {
        return Stream.of(
                        ReshapingEntries.entries(),
                        OrderingEntries.entries(),
                        PartEntries.entries(),
                        JoiningEntries.entries(),
                        CopyingEntries.entries(),
                        List.of(PaddingEntry.entry()),
                        DiagonalEntries.entries())
                .flatMap(Collection::stream)
                .map(entry -> entry)
                .toList();
    }

    @Override
    public Map<String, Golden> golden() {
        return Map.ofEntries(
                Map.entry("permute", (in, a) -> in[0].permute(a.integers("dims"))),
                Map.entry("swapaxes", (in, a) -> in[0].swapAxes(a.integer("a"), a.integer("b"))),
                Map.entry("moveaxis", (in, a) -> in[0].moveAxis(a.integers("source"), a.integers("destination"))),
                Map.entry("reshape", (in, a) -> in[0].reshape(a.integers("shape"))),
                Map.entry("squeeze", ShapingFamily::squeeze),
                Map.entry("unsqueeze", (in, a) -> in[0].unsqueeze(a.integer("axis"))),
                Map.entry("broadcastTo", (in, a) -> in[0].broadcastTo(Shape.of(a.integers("shape")))),
                Map.entry("flip", ShapingFamily::flip),
                Map.entry("rot90", ShapingFamily::rot90),
                Map.entry("roll", ShapingFamily::roll),
                Map.entry("tile", (in, a) -> in[0].tile(a.integers("reps"))),
                Map.entry("repeatInterleave", ShapingFamily::repeatInterleave),
                Map.entry("concat", ShapingFamily::concat),
                Map.entry("stack", (in, a) -> Tensor.stack(a.integer("axis"), in)),
                Map.entry("split", ShapingFamily::split),
                Map.entry("pad", ShapingFamily::pad),
                Map.entry("tril", (in, a) -> in[0].tril(a.integer("k", 0))),
                Map.entry("triu", (in, a) -> in[0].triu(a.integer("k", 0))),
                Map.entry("diagonal", (in, a) -> in[0].diagonal(a.integer("k", 0))),
                Map.entry("diagEmbed", (in, a) -> in[0].diagEmbed(a.integer("k", 0))));
    }

    /** PyTorch ignores a given axis whose size is not 1. */
    private static Tensor squeeze(Tensor[] in, Arguments a) {
        int[] axes = Arrays.stream(a.integers("axis"))
                .filter(axis -> in[0].shape().dim(axis) == 1)
                .toArray();
        return axes.length == 0 && a.has("axis") ? in[0] : in[0].squeeze(axes);
    }

    /** In the golden rows an empty list of axes means no axis. */
    private static Tensor flip(Tensor[] in, Arguments a) {
        int[] axes = a.integers("dims");
        return axes.length == 0 && a.has("dims") ? in[0] : in[0].flip(axes);
    }

    private static Tensor rot90(Tensor[] in, Arguments a) {
        int[] axes = a.integers(a.has("axes") ? "axes" : "dims");
        return axes.length == 0 ? in[0].rot90(a.integer("k", 1)) : in[0].rot90(axes[0], axes[1], a.integer("k", 1));
    }

    private static Tensor roll(Tensor[] in, Arguments a) {
        return a.has("axis") ? in[0].roll(a.integers("axis"), a.integers("shift")) : in[0].roll(a.integer("shift"));
    }

    private static Tensor repeatInterleave(Tensor[] in, Arguments a) {
        if (isList(a, "repeats")) {
            return (a.has("axis") ? in[0] : in[0].flatten())
                    .repeatInterleave(a.integer("axis", 0), a.integers("repeats"));
        }
        return a.has("axis")
                ? in[0].repeatInterleave(a.integer("axis"), a.integer("repeats"))
                : in[0].repeatInterleave(a.integer("repeats"));
    }

    /** A golden row with a note concatenates x, 2x and x, of one input x. */
    private static Tensor concat(Tensor[] in, Arguments a) {
        return a.has("note") ? Tensor.concat(0, in[0], in[0].mul(2), in[0]) : Tensor.concat(a.integer("axis"), in);
    }

    private static Tensor split(Tensor[] in, Arguments a) {
        List<Tensor> parts = isList(a, "sizes")
                ? in[0].split(a.integer("axis"), a.integers("sizes"))
                : in[0].split(a.integer("axis"), a.integer("sizes"));
        return parts.get(Math.floorMod(a.integer("take"), parts.size()));
    }

    private static Tensor pad(Tensor[] in, Arguments a) {
        int[] pads = a.integers("pad");
        return switch (a.text("mode")) {
            case "constant" -> in[0].padConstant(a.has("value") ? a.number("value") : 0, pads);
            case "reflect" -> in[0].pad(PadMode.REFLECT, pads);
            case "replicate" -> in[0].pad(PadMode.REPLICATE, pads);
            case "circular" -> in[0].pad(PadMode.CIRCULAR, pads);
            default -> throw new IllegalArgumentException("pad: mode " + a.text("mode"));
        };
    }

    private static boolean isList(Arguments a, String name) {
        return a.json().get(name).isJsonArray();
    }
}
