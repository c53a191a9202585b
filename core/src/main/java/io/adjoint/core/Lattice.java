package io.adjoint.core;

import io.adjoint.core.loops.ConvolutionLoops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The layout of the source of a convolution, or of its adjoint with respect to the input, in which each element of the window reads
 * consecutive elements while the window moves to consecutive positions. So each row of the im2col matrix is a contiguous part of the copied
 * source, and the matrix need not be built. The copy, which contains the padding, is called the image. Along an axis with the stride s, the
 * image has planes for the remainders r = 0, 1, … below s: the plane of r holds the elements r, r + s, r + 2s, … of the padded source (the
 * polyphase decomposition). Planes behind the largest remainder that an element of the window needs are left out.
 *
 * <p>A line is a row of elements along the last axis. Between the positions of two lines there are a few invalid positions, whose windows
 * reach from one line into the next. Results at invalid positions are computed and then dropped, which takes less time than copying a
 * matrix without these positions. A sum over positions, as in the weight's gradient, must not contain the terms of invalid positions. For
 * such sums the image is unrolled: along an axis it has a plane for each element of the window, and the plane has only the elements that
 * the window's element reads at the valid positions. The image is also unrolled where lines are short and each element is multiplied by
 * many weights.
 */
// Long because the kinds of lattices differ only in their axes and share all the other code.
final class Lattice {
    /**
     * One axis of the image, which consists of planes: the element v of the plane r is {@code image[r][v] = source[shifts[r] + v · stride −
     * padding]}, or 0 if this index lies outside of the source.
     *
     * @param source the size of the source along this axis
     * @param shifts the remainders of the planes, from 0 on; for an unrolled axis, the distance of each element of the window, which has a
     *     plane of its own, from the start of the window
     * @param size the number of elements of each plane along this axis
     */
    @SuppressWarnings("ArrayRecordComponent") // no code calls equals of axes
    private record Axis(int source, int stride, int padding, int[] shifts, int size, List<Phase> phases) {
        /**
         * The number of elements of padding at the start of the plane {@code image[r]}, which is the index v of the plane's first element
         * of the source.
         */
        int first(int r) {
            return (int) Math.min(size, Math.max(0, ceilDiv((long) padding - shifts[r], stride)));
        }

        /** The index in the source of the element at {@code image[r][v]}; the index is outside of the source if the element is padding. */
        int element(int r, int v) {
            return shifts[r] + v * stride - padding;
        }

        /** The index v behind the last of the source's elements in the plane {@code image[r]}; the elements from v on are padding. */
        int end(int r) {
            return (int) Math.max(first(r), Math.min(size, ceilDiv((long) source + padding - shifts[r], stride)));
        }

        /** The number of results along this axis in the phase that has the most results. */
        int positions() {
            return phases.stream().mapToInt(Phase::count).max().orElse(0);
        }

        private IntStream shiftsOf(Phase phase) {
            return IntStream.range(0, phase.taps.length)
                    .map(t -> shifts[phase.residues[t]] + phase.offsets[t] * stride);
        }

        /**
         * The unrolled form of this axis: it has a plane for each element of the window, and the plane has only the elements that this
         * element of the window reads at valid positions.
         */
        Axis unrolled() {
            int[] all = phases.stream()
                    .flatMapToInt(this::shiftsOf)
                    .distinct()
                    .sorted()
                    .toArray();
            List<Phase> same = phases.stream()
                    .map(phase -> phase.over(shiftsOf(phase)
                            .map(shift -> Arrays.binarySearch(all, shift))
                            .toArray()))
                    .toList();
            return new Axis(source, stride, padding, all, positions(), same);
        }
    }

    /**
     * The results along one axis to which the same elements of the window contribute: {@code count} results, the first at {@code start},
     * {@code stride} apart. An axis of a convolution has one phase, an axis of its adjoint up to as
     * many as the stride of the convolution.
     *
     * @param taps the elements of the window that contribute to the results, as indices along this axis of the window
     * @param residues for each of the taps, the index r of the plane {@code image[r]} that the tap reads
     * @param offsets for each of the taps, the index v of the element {@code image[r][v]} that the tap reads for the first result; from
     *     result to result v increases by 1
     */
    @SuppressWarnings("ArrayRecordComponent") // no code calls equals of phases
    private record Phase(int start, int stride, int count, int[] taps, int[] residues, int[] offsets) {
        int at(int position) {
            return start + position * stride;
        }

        /** This phase for an unrolled axis: tap k reads the plane {@code others[k]} from its first element on, so all offsets are 0. */
        Phase over(int... others) {
            return new Phase(start, stride, count, taps, others, new int[taps.length]);
        }
    }

    /**
     * The results to which the same elements of the window contribute: in a convolution all results, in its adjoint the results whose
     * indices along each axis are equal modulo the stride.
     */
    final class ResidueClass {
        /**
         * The elements of the window that contribute to these results: {@code taps} holds their row-major indices in the kernel, and {@code
         * offsets} holds, for each of them, the index of the image's element that the window's element reads for the first result.
         */
        final int[] taps;

        final int[] offsets;
        private final Phase[] phases;

        private ResidueClass(Phase... phases) {
            this.phases = phases;
            int n = phases[0].taps.length * phases[1].taps.length * phases[2].taps.length;
            this.taps = new int[n];
            this.offsets = new int[n];
            int e = 0;
            for (int i = 0; i < phases[0].taps.length; i++) {
                for (int j = 0; j < phases[1].taps.length; j++) {
                    for (int k = 0; k < phases[2].taps.length; k++) {
                        taps[e] = (phases[0].taps[i] * sliding.kernel[1] + phases[1].taps[j]) * sliding.kernel[2]
                                + phases[2].taps[k];
                        offsets[e++] = cell(phases[0].residues[i], phases[1].residues[j], phases[2].residues[k])
                                + index(phases[0].offsets[i], phases[1].offsets[j], phases[2].offsets[k]);
                    }
                }
            }
        }

        /** The number of positions from the first to the last position of this class, including the invalid positions between lines. */
        int width() {
            return index(phases[0].count - 1, phases[1].count - 1, phases[2].count);
        }

        /** The number of valid positions, which is the number of results of this class. */
        int positions() {
            return phases[0].count * phases[1].count * phases[2].count;
        }

        /** The number of consecutive valid positions: the length of a line, or all positions if no invalid positions lie between lines. */
        int length() {
            return width() == positions() ? width() : phases[2].count;
        }

        /**
         * The distance in the image by which each element of the window moves from the first position to a valid position; {@code position}
         * counts valid positions only.
         */
        int at(int position) {
            int line = position / phases[2].count;
            return index(line / phases[1].count, line % phases[1].count, position % phases[2].count);
        }

        /**
         * Returns whether the results of this class are the whole target in row-major order, and no invalid positions lie between them.
         * Then the results of all positions can be written directly to the target, without dropping or moving any result.
         */
        boolean isDense() {
            boolean dense = width() == positions();
            for (int axis = 0; axis < 3; axis++) {
                Phase phase = phases[axis];
                dense &= phase.start == 0 && phase.stride == 1 && phase.count == target[axis];
            }
            return dense;
        }

        /**
         * Calls the body for the valid positions in {@code [from, to)}, line by line; {@code from} and {@code to} count both valid and
         * invalid positions.
         */
        void lines(int from, int to, Lines body) {
            int size = axes[2].size;
            for (int p = from; p < to; ) {
                int line = p / size;
                int z = line / axes[1].size;
                int y = line % axes[1].size;
                int x = p % size;
                int n = Math.min(to - p, phases[2].count - x);
                if (n > 0 && y < phases[1].count) {
                    int row = (phases[0].at(z) * target[1] + phases[1].at(y)) * target[2];
                    body.line(p - from, row + phases[2].at(x), phases[2].stride, n);
                }
                p = (line + 1) * size;
            }
        }
    }

    /** Handles the results of one line, at the line's valid positions of the window. */
    @FunctionalInterface
    interface Lines {
        /**
         * Handles the results at n valid positions from {@code position} on, which counts from the start of the range of {@link
         * ResidueClass#lines}. The results belong to elements of the target, from {@code element} on, {@code stride} apart.
         */
        void line(int position, int element, int stride, int n);
    }

    /** The number of multiply-adds that take as long as copying one element to an unrolled image. */
    private static final int COPY = 8;

    private final Sliding sliding;
    private final int[] target;
    private final Axis[] axes;
    final List<ResidueClass> residueClasses = new ArrayList<>();

    private Lattice(Sliding sliding, int[] target, Axis... axes) {
        this.sliding = sliding;
        this.target = target;
        this.axes = axes;
        for (Phase z : axes[0].phases) {
            for (Phase y : axes[1].phases) {
                for (Phase x : axes[2].phases) {
                    residueClasses.add(new ResidueClass(z, y, x));
                }
            }
        }
    }

    /** The lattice of the convolution, whose source is the input. */
    static Lattice ofConvolution(Sliding sliding) {
        Sliding three = sliding.overThree();
        return new Lattice(three, three.output, forward(three, 0), forward(three, 1), forward(three, 2));
    }

    /** The lattice of the adjoint with respect to the input, whose source has the output's shape. */
    static Lattice ofAdjoint(Sliding sliding) {
        Sliding three = sliding.overThree();
        return new Lattice(three, three.input, adjoint(three, 0), adjoint(three, 1), adjoint(three, 2));
    }

    /**
     * This lattice with an unrolled image, which has few or no invalid positions between lines.
     *
     * @param most the largest number of elements of a channel's unrolled image; if the image would have more, this lattice itself is
     *     returned
     */
    Lattice unrolled(int most) {
        Axis[] all = axes.clone();
        double elements = (double) all[0].shifts.length * all[0].size;
        for (int axis = 1; axis < 3; axis++) {
            if (all[0].positions() > 1 || all[axis - 1].positions() > 1) {
                all[axis] = all[axis].unrolled();
            }
            elements *= (double) all[axis].shifts.length * all[axis].size;
        }
        return elements > most ? this : new Lattice(sliding, target, all);
    }

    /**
     * This lattice, or the {@link #unrolled} lattice if copying the unrolled image takes less time than the products at invalid positions.
     *
     * @param rows the number of weights by which each element under the window is multiplied
     */
    Lattice fitting(int rows, int most) {
        Lattice unrolled = unrolled(most);
        return unrolled.products() * rows + (double) COPY * unrolled.plane() < products() * rows ? unrolled : this;
    }

    /** The number of multiplications for one channel of the source and one row of weights, at valid and invalid positions. */
    private double products() {
        return residueClasses.stream()
                .mapToLong(residueClass -> (long) residueClass.width() * residueClass.offsets.length)
                .sum();
    }

    private static Axis forward(Sliding sliding, int axis) {
        int stride = sliding.stride[axis];
        int dilation = sliding.dilation[axis];
        int count = sliding.output[axis];
        int[] taps = indices(sliding.kernel[axis]);
        int[] residues = Arrays.stream(taps).map(t -> t * dilation % stride).toArray();
        int[] offsets = Arrays.stream(taps).map(t -> t * dilation / stride).toArray();
        return new Axis(
                sliding.input[axis],
                stride,
                sliding.padding[axis],
                indices(1 + max(residues)),
                count + max(offsets),
                List.of(new Phase(0, 1, count, taps, residues, offsets)));
    }

    /**
     * An axis of the adjoint. In the gradient of the input, the element t of the window contributes to the element i if {@code i + padding
     * − t · dilation} is divisible by the stride. So the contributing elements of the window depend on i modulo the stride, and a {@link
     * Phase} has the elements i with one remainder.
     */
    private static Axis adjoint(Sliding sliding, int axis) {
        int stride = sliding.stride[axis];
        int padding = sliding.padding[axis];
        int[] shifts = Arrays.stream(indices(sliding.kernel[axis]))
                .map(t -> padding - t * sliding.dilation[axis])
                .toArray();
        int[] starts = Arrays.stream(shifts)
                .map(shift -> Math.floorMod(-shift, stride))
                .distinct()
                .filter(start -> start < sliding.input[axis])
                .toArray();
        int before = 0;
        for (int start : starts) {
            for (int shift : shifts) {
                if (Math.floorMod(start + shift, stride) == 0) {
                    before = Math.max(before, -Math.floorDiv(start + shift, stride));
                }
            }
        }
        List<Phase> phases = new ArrayList<>();
        int size = 1;
        for (int start : starts) {
            int[] taps = Arrays.stream(indices(shifts.length))
                    .filter(t -> Math.floorMod(start + shifts[t], stride) == 0)
                    .toArray();
            int most = before;
            int[] offsets = Arrays.stream(taps)
                    .map(t -> most + Math.floorDiv(start + shifts[t], stride))
                    .toArray();
            int count = (int) ceilDiv((long) sliding.input[axis] - start, stride);
            phases.add(new Phase(start, stride, count, taps, new int[taps.length], offsets));
            size = Math.max(size, count + max(offsets));
        }
        return new Axis(sliding.output[axis], 1, before, indices(1), size, phases);
    }

    private static int[] indices(int n) {
        int[] indices = new int[n];
        Arrays.setAll(indices, k -> k);
        return indices;
    }

    private static int max(int... numbers) {
        return Arrays.stream(numbers).max().orElse(0);
    }

    private static long ceilDiv(long a, long b) {
        return -Math.floorDiv(-a, b);
    }

    private int index(int z, int y, int x) {
        return (z * axes[1].size + y) * axes[2].size + x;
    }

    /** The offset in the image of the plane {@code image[z][y][x]}, which belongs to one shift along each of the three axes. */
    private int cell(int z, int y, int x) {
        int plane = (z * axes[1].shifts.length + y) * axes[2].shifts.length + x;
        return plane * axes[0].size * axes[1].size * axes[2].size;
    }

    /** The number of elements of one channel in the image. */
    int plane() {
        return Shape.of(
                        sliding.op,
                        axes[0].shifts.length,
                        axes[1].shifts.length,
                        axes[2].shifts.length,
                        axes[0].size,
                        axes[1].size,
                        axes[2].size)
                .size();
    }

    /** Returns whether the image would equal the source, so that no copy is needed. */
    boolean isSource() {
        return Arrays.stream(axes)
                .allMatch(axis -> axis.stride == 1
                        && axis.padding == 0
                        && Arrays.equals(axis.shifts, indices(1))
                        && axis.size == axis.source);
    }

    /**
     * Returns whether the results of all residue classes together are the whole target. If not, which happens only in an adjoint, no
     * element of the window contributes to the remaining elements.
     */
    boolean isComplete() {
        return residueClasses.stream().mapToInt(ResidueClass::positions).sum() == target[0] * target[1] * target[2];
    }

    /** Copies channels of the source, from the index {@code at} on, to an image. The padding is not written: it must already hold zeros. */
    void copy(ConvolutionLoops<Object> loops, Object source, int at, int channels, Object image) {
        int plane = plane();
        int size = axes[0].source * axes[1].source * axes[2].source;
        for (int channel = 0; channel < channels; channel++) {
            int from = at + channel * size;
            int to = channel * plane;
            eachRun((element, apart, stride, cell, length, lines, n) ->
                    loops.copy(source, from + element, apart, stride, image, to + cell, length, 1, lines, n));
        }
    }

    /** Copies one channel of an image, without the padding, back to the source, from the index {@code at} on. */
    void copyBack(ConvolutionLoops<Object> loops, Object image, Object source, int at) {
        eachRun((element, apart, stride, cell, length, lines, n) ->
                loops.copy(image, cell, length, 1, source, at + element, apart, stride, lines, n));
    }

    /**
     * Handles {@code lines} lines of n elements each, of one channel. In the source, the first line begins at {@code element}; lines are
     * {@code apart} elements apart, and the elements of a line {@code stride}. In the image, the first line begins at {@code cell}; lines
     * are {@code length} elements apart, and the elements of a line are neighbours.
     */
    @FunctionalInterface
    private interface Run {
        void at(int element, int apart, int stride, int cell, int length, int lines, int n);
    }

    private void eachRun(Run body) {
        Axis column = axes[1];
        Axis row = axes[2];
        for (int i = 0; i < axes[0].shifts.length; i++) {
            for (int z = axes[0].first(i); z < axes[0].end(i); z++) {
                for (int j = 0; j < column.shifts.length; j++) {
                    int top = column.first(j);
                    int lines = column.end(j) - top;
                    int line = axes[0].element(i, z) * column.source + column.element(j, top);
                    for (int k = 0; k < row.shifts.length; k++) {
                        int first = row.first(k);
                        int n = row.end(k) - first;
                        if (lines > 0 && n > 0) {
                            // An empty run is skipped, since its first index may be outside of the source's array.
                            body.at(
                                    line * row.source + row.element(k, first),
                                    column.stride * row.source,
                                    row.stride,
                                    cell(i, j, k) + index(z, top, first),
                                    row.size,
                                    lines,
                                    n);
                        }
                    }
                }
            }
        }
    }

    /**
     * Walks over the im2col matrix of a convolution: row by row, each in runs of neighbouring elements of the image. A row belongs to an
     * element of the window, a column to a position of the window.
     */
    void lines(Unfolded body) {
        ResidueClass residueClass = residueClasses.get(0);
        int positions = residueClass.positions();
        int length = residueClass.length();
        for (int row = 0; row < residueClass.offsets.length; row++) {
            for (int p = 0; p < positions; p += length) {
                body.line(residueClass.offsets[row] + residueClass.at(p), p, length, row);
            }
        }
    }

    /**
     * Handles n neighbouring elements of a row of the im2col matrix: the row belongs to {@code element}, an element of the window, and the
     * columns begin at {@code position}. In the image, these n elements begin at {@code cell}.
     */
    @FunctionalInterface
    interface Unfolded {
        void line(int cell, int position, int n, int element);
    }
}
