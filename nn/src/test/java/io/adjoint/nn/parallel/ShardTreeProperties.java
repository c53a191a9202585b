package io.adjoint.nn.parallel;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.parallel.ShardTree.Subtree;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ShardTreeProperties {
    /** A tree of the given number of shards, with at most as many workers. */
    private static ShardTree tree(int shards, int workers) {
        return new ShardTree(shards, 1 + workers % shards);
    }

    /** The sum by the definition of the tree. */
    static NdArray sum(List<NdArray> leaves) {
        int size = leaves.size();
        if (size == 1) {
            return leaves.get(0);
        }
        int split = 1;
        while (2 * split < size) {
            split *= 2;
        }
        return sum(leaves.subList(0, split)).add(sum(leaves.subList(split, size)));
    }

    private static List<NdArray> leaves(int count, long seed) {
        return IntStream.range(0, count)
                .mapToObj(k -> WorkerKind.numbers(DType.FLOAT32, Shape.of(20), seed + k))
                .toList();
    }

    @Property
    void workersHaveAllShardsAndNearlyEquallyMany(
            @ForAll @IntRange(min = 1, max = 100) int shards, @ForAll @IntRange(max = 99) int workers) {
        ShardTree tree = tree(shards, workers);
        assertThat(tree.first(0)).isZero();
        for (int rank = 0; rank < tree.workers(); rank++) {
            assertThat(tree.end(rank) - tree.first(rank))
                    .isBetween(shards / tree.workers(), (shards + tree.workers() - 1) / tree.workers());
            for (int shard = tree.first(rank); shard < tree.end(rank); shard++) {
                assertThat(tree.worker(shard)).isEqualTo(rank);
            }
        }
        assertThat(tree.end(tree.workers() - 1)).isEqualTo(shards);
    }

    @Property
    void rootsAreTheLargestSubtreesOfAWorkersShards(
            @ForAll @IntRange(min = 1, max = 100) int shards, @ForAll @IntRange(max = 99) int workers) {
        ShardTree tree = tree(shards, workers);
        for (int rank = 0; rank < tree.workers(); rank++) {
            int next = tree.first(rank);
            for (Subtree root : tree.roots(rank)) {
                assertThat(root.first()).isEqualTo(next);
                assertThat(tree.isSubtree(root.first(), root.end())).isTrue();
                // No larger subtree around this one lies within the worker's shards.
                for (int first = tree.first(rank); first <= root.first(); first++) {
                    for (int end = root.end(); end <= tree.end(rank); end++) {
                        assertThat(tree.isSubtree(first, end)).isEqualTo(first == root.first() && end == root.end());
                    }
                }
                next = root.end();
            }
            assertThat(next).isEqualTo(tree.end(rank));
        }
    }

    @Property
    void powersOfTwoGiveEachWorkerOneRoot(
            @ForAll @IntRange(max = 7) int shards, @ForAll @IntRange(max = 7) int workers) {
        ShardTree tree = new ShardTree(1 << Math.max(shards, workers), 1 << Math.min(shards, workers));
        for (int rank = 0; rank < tree.workers(); rank++) {
            assertThat(tree.roots(rank)).hasSize(1);
        }
    }

    @Property
    void aSumOfShardsOneAfterTheOtherIsThatOfTheTree(
            @ForAll @IntRange(min = 1, max = 40) int shards, @ForAll long seed) {
        List<NdArray> leaves = leaves(shards, seed);
        List<NdArray> before = leaves.stream().map(NdArray::copy).toList();
        TreeSum sum = new TreeSum(new ShardTree(shards, 1), 0);
        leaves.forEach(leaf -> {
            sum.add(leaf);
            assertThat(sum.sums()).hasSizeLessThanOrEqualTo(1 + (int) (Math.log(shards) / Math.log(2)));
        });

        assertThat(sum.sums()).containsExactly(sum(leaves));
        assertThat(leaves).isEqualTo(before);
    }

    @Property
    void sumsOfRootsAreAddedInTheOrderOfTheTree(
            @ForAll @IntRange(min = 1, max = 40) int shards,
            @ForAll @IntRange(max = 39) int workers,
            @ForAll long seed) {
        ShardTree tree = tree(shards, workers);
        List<NdArray> leaves = leaves(shards, seed);
        TreeSum total = new TreeSum(tree, 0);
        for (int rank = 0; rank < tree.workers(); rank++) {
            TreeSum own = new TreeSum(tree, tree.first(rank));
            leaves.subList(tree.first(rank), tree.end(rank)).forEach(own::add);
            List<NdArray> expected = new ArrayList<>();
            List<Subtree> roots = tree.roots(rank);
            for (int k = 0; k < roots.size(); k++) {
                expected.add(
                        sum(leaves.subList(roots.get(k).first(), roots.get(k).end())));
                total.add(roots.get(k), own.sums().get(k));
            }
            assertThat(own.sums()).isEqualTo(expected);
        }
        assertThat(total.sums()).containsExactly(sum(leaves));
    }

    @Example
    void aWorkerWithoutAShardIsRefused() {
        refused(() -> new ShardTree(3, 4))
                .withMessage(
                        "ShardSum: the number of shards must be at least the number of workers, which is 4, got 3");
        refused(() -> new ShardTree(3, 0)).withMessageContaining("workers");
    }

    @Example
    void aSumTakesShardsInTheirOrder() {
        TreeSum sum = new TreeSum(new ShardTree(8, 1), 2);
        refused(() -> sum.add(new Subtree(3, 4), WorkerKind.floats(1)))
                .withMessage("TreeSum: the next shard is 2, got 3");
    }

    @Example
    void shardsOfAnotherShapeAreNotStretched() {
        ShardSum sum = new ShardSum(Collective.alone(), 2);
        sum.add(WorkerKind.floats(1, 2, 3));
        thrown(ShapeException.class, () -> sum.add(WorkerKind.floats(1)))
                .withMessage("ShardSum: the shards before have the shape [3], got [1]");
    }
}
