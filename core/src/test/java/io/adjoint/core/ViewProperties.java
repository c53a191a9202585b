package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Samples.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/** Compares chains of views with a model that knows, for each index of a view, which element of the first array is shown there. */
@Domain(Samples.class)
@Domain(net.jqwik.api.domains.DomainContext.Global.class)
class ViewProperties {
    private enum Kind {
        TRANSPOSE,
        PERMUTE,
        SLICE,
        STEPS,
        BACKWARDS,
        FLIP,
        SELECT,
        SQUEEZE,
        SQUEEZE_ALL,
        UNSQUEEZE,
        BROADCAST,
        RESHAPE
    }

    /** One view of a chain; its numbers are fitted to the shape of the array that is viewed. */
    private record Step(Kind kind, int p, int q, int r) {}

    /** An array and, in row-major order, the positions of its elements among those of the first array. */
    private record Model(NdArray array, List<Integer> shows) {
        /** The model of a view of this array; the function maps an index of the view to the index of the same element in this array. */
        Model view(NdArray view, Function<int[], int[]> source) {
            List<Integer> positions = Naive.indices(view.shape()).stream()
                    .map(index -> shows.get(flat(array.shape(), source.apply(index))))
                    .toList();
            return new Model(view, positions);
        }

        private static int flat(Shape shape, int[] index) {
            int flat = 0;
            for (int axis = 0; axis < index.length; axis++) {
                flat = flat * shape.dim(axis) + index[axis];
            }
            return flat;
        }
    }

    @Provide
    Arbitrary<List<Step>> chains() {
        Arbitrary<Integer> number = Arbitraries.integers().between(0, 1000);
        return Combinators.combine(Arbitraries.of(Kind.class), number, number, number)
                .as(Step::new)
                .list()
                .ofMaxSize(6);
    }

    @Property
    void aChainOfViewsShowsWhatTheModelSaysAndSharesTheElements(
            @ForAll DType dtype,
            @ForAll Shape shape,
            @ForAll Layout layout,
            @ForAll("chains") List<Step> chain,
            @ForAll Random random) {
        NdArray base = Samples.special(dtype, shape, layout, random);
        double[] elements = Naive.elements(base);
        Model model = new Model(base, IntStream.range(0, shape.size()).boxed().toList());

        for (Step step : chain) {
            NdArray before = model.array();
            Model next = apply(model, step);
            if (step.kind() != Kind.RESHAPE || before.isContiguous()) {
                assertThat(next.array().elements()).isSameAs(before.elements());
            }
            model = next;
        }

        NdArray last = model.array();
        double[] expected =
                model.shows().stream().mapToDouble(at -> elements[at]).toArray();
        Naive.assertSame(last, dtype, last.shape(), expected);
        assertThat(Naive.bits(last.toDoubleArray())).isEqualTo(Naive.bits(expected));
        Naive.assertSame(last.copy(), dtype, last.shape(), expected);
        assertThat(last.copy().elements()).isNotSameAs(last.elements());
        assertThat(last.copy().isContiguous()).isTrue();
        assertThat(last.contiguous()).isEqualTo(last);
        for (int[] index : Naive.indices(last.shape())) {
            assertThat(Double.compare(last.get(index), Naive.at(last, index))).isZero();
        }
    }

    private static Model apply(Model model, Step step) {
        NdArray x = model.array();
        Shape shape = x.shape();
        int rank = shape.rank();
        int axis = rank == 0 ? 0 : step.p() % rank;
        int named = step.q() % 2 == 0 ? axis : axis - rank;
        int size = rank == 0 ? 0 : shape.dim(axis);
        return switch (step.kind()) {
            case TRANSPOSE -> {
                int other = rank == 0 ? 0 : step.r() % rank;
                yield rank == 0
                        ? model.view(x.transpose(), index -> index)
                        : model.view(
                                x.transpose(named, other),
                                index -> changed(changed(index, axis, index[other]), other, index[axis]));
            }
            case PERMUTE -> {
                int[] axes =
                        IntStream.range(0, rank).map(k -> (k + step.p()) % rank).toArray();
                yield model.view(x.permute(axes), index -> {
                    int[] source = new int[rank];
                    for (int k = 0; k < rank; k++) {
                        source[axes[k]] = index[k];
                    }
                    return source;
                });
            }
            case SLICE, STEPS -> {
                int from = rank == 0 ? 0 : step.q() % (size + 1);
                int to = rank == 0 ? 0 : from + step.r() % (size - from + 1);
                int by = step.kind() == Kind.SLICE ? 1 : 1 + step.r() % 3;
                yield rank == 0
                        ? model
                        : model.view(
                                by == 1 ? x.slice(named, from, to) : x.slice(named, from, to, by),
                                index -> changed(index, axis, from + index[axis] * by));
            }
            case BACKWARDS -> {
                int from = size - 1 - (size == 0 ? 0 : step.q() % size);
                int to = from - (from == -1 ? 0 : step.r() % (from + 2));
                int by = 1 + step.r() % 3;
                yield rank == 0
                        ? model
                        : model.view(
                                x.slice(named, from, to, -by), index -> changed(index, axis, from - index[axis] * by));
            }
            case FLIP ->
                rank == 0
                        ? model.view(x.flip(), index -> index)
                        : model.view(x.flip(named), index -> changed(index, axis, size - 1 - index[axis]));
            case SELECT -> {
                int at = size == 0 ? 0 : step.r() % size;
                yield size == 0
                        ? model
                        : model.view(x.select(named, at - (step.q() % 2) * size), index -> inserted(index, axis, at));
            }
            case SQUEEZE -> size == 1 ? model.view(x.squeeze(named), index -> inserted(index, axis, 0)) : model;
            case SQUEEZE_ALL ->
                model.view(x.squeeze(), index -> {
                    int[] source = index;
                    for (int k = 0; k < rank; k++) {
                        source = shape.dim(k) == 1 ? inserted(source, k, 0) : source;
                    }
                    return source;
                });
            case UNSQUEEZE -> {
                int at = step.p() % (rank + 1);
                yield rank > 4
                        ? model
                        : model.view(x.unsqueeze(step.q() % 2 == 0 ? at : at - rank - 1), index -> removed(index, at));
            }
            case BROADCAST -> {
                int[] target = shape.toArray();
                for (int k = 0; k < rank; k++) {
                    target[k] = target[k] == 1 ? step.q() % 4 : target[k];
                }
                Shape to = rank > 4 || shape.size() > 64 ? shape : Shape.of(inserted(target, 0, step.r() % 3));
                yield model.view(x.broadcastTo(to), index -> {
                    int[] source = Arrays.copyOfRange(index, index.length - rank, index.length);
                    for (int k = 0; k < rank; k++) {
                        source[k] = shape.dim(k) == 1 ? 0 : source[k];
                    }
                    return source;
                });
            }
            case RESHAPE -> {
                Shape to = step.q() % 2 == 0 ? Shape.of(shape.size()) : Shape.of(reversed(shape.toArray()));
                NdArray view = step.r() % 2 == 0 || shape.size() == 0 || to.rank() == 0
                        ? x.reshape(to)
                        : x.reshape(changed(to.toArray(), 0, -1));
                yield new Model(view, model.shows());
            }
        };
    }

    private static int[] reversed(int... dims) {
        return IntStream.range(0, dims.length)
                .map(k -> dims[dims.length - 1 - k])
                .toArray();
    }

    private static int[] changed(int[] index, int axis, int value) {
        int[] changed = index.clone();
        changed[axis] = value;
        return changed;
    }

    private static int[] inserted(int[] index, int axis, int value) {
        return IntStream.range(0, index.length + 1)
                .map(k -> k < axis ? index[k] : k == axis ? value : index[k - 1])
                .toArray();
    }

    private static int[] removed(int[] index, int axis) {
        return IntStream.range(0, index.length - 1)
                .map(k -> k < axis ? index[k] : index[k + 1])
                .toArray();
    }
}
