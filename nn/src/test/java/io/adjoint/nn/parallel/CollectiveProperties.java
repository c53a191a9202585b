package io.adjoint.nn.parallel;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.parallel.WorkerKind.LONG;
import static io.adjoint.nn.parallel.WorkerKind.floats;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class CollectiveProperties {
    private static final int WORKERS = 5;

    @Provide
    Arbitrary<DType> numeric() {
        return Arbitraries.of(DType.FLOAT64, DType.FLOAT32, DType.INT32);
    }

    @Provide
    Arbitrary<Shape> shapes() {
        return Arbitraries.integers()
                .between(0, 5)
                .array(int[].class)
                .ofMaxSize(3)
                .map(dims -> Shape.of("shapes", dims));
    }

    /** The arrays of all ranks; every other one is a view. */
    private static List<NdArray> arrays(int count, DType dtype, Shape shape, long seed) {
        return IntStream.range(0, count)
                .mapToObj(rank -> {
                    NdArray array = WorkerKind.numbers(dtype, shape, seed + rank);
                    return rank % 2 == 0 || shape.rank() < 2
                            ? array
                            : array.transpose().copy().transpose();
                })
                .toList();
    }

    @Property
    void aSumOfShardsHasTheSameBitsForAnyNumberOfWorkersOfEitherKind(
            @ForAll("numeric") DType dtype,
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(min = 1, max = 12) int shards,
            @ForAll @IntRange(max = 11) int more,
            @ForAll WorkerKind kind,
            @ForAll long seed) {
        List<NdArray> leaves = arrays(shards, dtype, shape, seed);
        ShardTree tree = new ShardTree(shards, 1 + more % Math.min(shards, WORKERS));

        List<NdArray> sums = kind.run(tree.workers(), LONG, collective -> {
            TreeSum sum = new TreeSum(tree, tree.first(collective.rank()));
            leaves.subList(tree.first(collective.rank()), tree.end(collective.rank()))
                    .forEach(sum::add);
            return collective.sum(tree, sum.sums());
        });

        assertThat(sums).isEqualTo(Collections.nCopies(tree.workers(), ShardTreeProperties.sum(leaves)));
        assertThat(sums).allMatch(NdArray::isContiguous);
    }

    @Property
    void allReduceAddsTheArraysOfAllRanksInOneOrder(
            @ForAll("numeric") DType dtype,
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(min = 1, max = WORKERS) int size,
            @ForAll WorkerKind kind,
            @ForAll long seed) {
        List<NdArray> arrays = arrays(size, dtype, shape, seed);

        List<NdArray> sums = kind.run(size, LONG, collective -> collective.allReduce(arrays.get(collective.rank())));

        assertThat(sums).isEqualTo(Collections.nCopies(size, ShardTreeProperties.sum(arrays)));
    }

    @Property
    void broadcastReturnsTheRootsArrayEverywhere(
            @ForAll DType dtype,
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(min = 1, max = WORKERS) int size,
            @ForAll @IntRange(max = WORKERS) int root,
            @ForAll WorkerKind kind,
            @ForAll long seed) {
        List<NdArray> arrays = arrays(size, dtype, shape, seed);

        List<NdArray> results =
                kind.run(size, LONG, collective -> collective.broadcast(arrays.get(collective.rank()), root % size));

        assertThat(results).isEqualTo(Collections.nCopies(size, arrays.get(root % size)));
    }

    @Property
    void gatheredArraysMayHaveAnyShapeAndType(
            @ForAll @IntRange(min = 1, max = WORKERS) int size,
            @ForAll @IntRange(max = WORKERS) int root,
            @ForAll WorkerKind kind,
            @ForAll long seed) {
        List<NdArray> arrays = IntStream.range(0, size)
                .mapToObj(rank -> {
                    DType dtype = List.of(DType.values()).get((int) Math.floorMod(seed + rank, 4L));
                    int length = (int) Math.floorMod(seed / 4 + 7L * rank, 10L);
                    return WorkerKind.numbers(dtype, rank == 0 ? Shape.scalar() : Shape.of(rank, length), seed + rank);
                })
                .toList();

        List<List<List<NdArray>>> results = kind.run(size, LONG, collective -> {
            NdArray own = arrays.get(collective.rank());
            return List.of(collective.allGather(own), collective.gather(own, root % size));
        });

        for (int rank = 0; rank < size; rank++) {
            assertThat(results.get(rank).get(0)).isEqualTo(arrays);
            assertThat(results.get(rank).get(1)).isEqualTo(rank == root % size ? arrays : List.of());
        }
    }

    @Property
    void resultsShareNothingWithArguments(@ForAll WorkerKind kind, @ForAll @IntRange(min = 1, max = 3) int size) {
        List<List<NdArray>> results = kind.run(size, LONG, collective -> {
            NdArray array = floats(collective.rank(), 1, 2, 3);
            List<NdArray> own = new ArrayList<>();
            own.add(collective.broadcast(array, 0));
            own.add(collective.allReduce(array));
            own.addAll(collective.allGather(array));
            own.addAll(collective.gather(array, 0));
            InPlace.assign(array, floats(9, 9, 9, 9));
            collective.barrier();
            return own;
        });
        for (List<NdArray> own : results) {
            assertThat(own).noneMatch(array -> array.equals(floats(9, 9, 9, 9)));
        }
        NdArray first = results.get(0).get(0);
        InPlace.assign(first, floats(9, 9, 9, 9));
        assertThat(results.get(0).subList(1, results.get(0).size())).noneMatch(array -> array.equals(first));
    }

    @Property(tries = 2)
    void largeArraysTravelInPiecesBothWaysAtOnce(@ForAll WorkerKind kind) {
        int length = 50_000_000 / Float.BYTES;
        List<Boolean> right = kind.run(2, LONG, collective -> {
            float[] values = new float[length];
            for (int k = 0; k < length; k++) {
                values[k] = k % 1000 + collective.rank();
            }
            NdArray own = NdArray.wrap(Shape.of(length), values);
            float[] sum = collective.allReduce(own).toFloatArray();
            float[] other = collective.allGather(own).get(1 - collective.rank()).toFloatArray();
            boolean same = true;
            for (int k = 0; k < length; k++) {
                same &= sum[k] == 2 * (k % 1000) + 1 && other[k] == k % 1000 + 1 - collective.rank();
            }
            return same;
        });
        assertThat(right).containsExactly(true, true);
    }

    @Property
    void manySmallOperationsStayInStep(@ForAll WorkerKind kind) {
        List<Double> results = kind.run(3, LONG, collective -> {
            double total = 0;
            for (int k = 0; k < 200; k++) {
                total += collective
                        .allReduce(NdArray.scalar(DType.FLOAT64, collective.rank() + k))
                        .item();
                if (k % 10 == 0) {
                    collective.barrier();
                }
            }
            return total;
        });
        assertThat(results).containsOnly(3.0 * (199 * 200 / 2) + 3 * 200);
    }

    @Example
    void aWorkerAloneGetsItsOwnArrays() {
        try (Collective alone = Collective.alone()) {
            NdArray array = floats(1, 2);
            assertThat(alone.size()).isOne();
            assertThat(alone.rank()).isZero();
            assertThat(alone.allReduce(array)).isEqualTo(array).isNotSameAs(array);
            assertThat(alone.broadcast(array, 0)).isEqualTo(array);
            assertThat(alone.allGather(array)).containsExactly(array);
            assertThat(alone.gather(array, 0)).containsExactly(array);
            alone.barrier();
            assertThat(alone).hasToString("Collective[rank 0 of 1]");
        }
    }

    @Example
    void wrongArgumentsAreRefusedAndDisturbNothing() {
        try (Collective alone = Collective.alone()) {
            thrown(IndexOutOfBoundsException.class, () -> alone.broadcast(floats(1), 1))
                    .withMessage("broadcast: there is no rank 1; their number is 1");
            thrown(IndexOutOfBoundsException.class, () -> alone.gather(floats(1), -1))
                    .withMessage("gather: there is no rank -1; their number is 1");
            thrown(DTypeException.class, () -> alone.allReduce(floats(1).gt(0)))
                    .withMessageContaining("allReduce: expected numbers, got BOOL");
            refused(() -> alone.sum(new ShardTree(2, 2), List.of(floats(1))))
                    .withMessage("sum: expected a tree of 1 workers and 1 roots, got one of 2 and 1");
            refused(() -> Collective.threads(0, collective -> 1))
                    .withMessage("threads: the number of workers must be at least 1, got 0");
            assertThat(alone.allReduce(floats(1))).isEqualTo(floats(1));
        }
    }
}
