package io.adjoint.nn.parallel;

import io.adjoint.nn.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which the arrays of shards are added, which doesn't depend on the workers that compute the arrays: a binary tree over the
 * shards' numbers. The root has all V shards; a subtree with the shards {@code [first, end)} has two children, the shards before {@code
 * first + p} and the rest, where p is the largest power of two below {@code end − first}.
 *
 * <p>Worker r of W has the shards {@code [⌊rV/W⌋, ⌊(r+1)V/W⌋)}. The worker adds up the shards of the largest subtrees that lie within its
 * shards, called the worker's roots, and sends only the sums of these subtrees. If V and W are powers of two, each worker has one root.
 */
final class ShardTree {
    /** The subtree with the shards {@code [first, end)}. */
    record Subtree(int first, int end) {
        /**
         * The number of the first shard of the second child, {@code first + p}, where p is the largest power of two below {@code end −
         * first}.
         */
        int split() {
            return first + Integer.highestOneBit(end - first - 1);
        }
    }

    private final int shards;
    private final int workers;

    /**
     * A tree of V shards for W workers.
     *
     * @throws IllegalArgumentException if there is no worker, or a worker without a shard
     */
    ShardTree(int shards, int workers) {
        Settings.requireCount(ShardSum.class, "number of workers", workers);
        Settings.require(
                shards >= workers,
                ShardSum.class,
                "number of shards",
                "be at least the number of workers, which is " + workers,
                shards);
        this.shards = shards;
        this.workers = workers;
    }

    int shards() {
        return shards;
    }

    int workers() {
        return workers;
    }

    /** The number of a worker's first shard. */
    int first(int rank) {
        return (int) ((long) rank * shards / workers);
    }

    /** The number of a worker's last shard plus 1. */
    int end(int rank) {
        return first(rank + 1);
    }

    /** The rank of the worker that has a shard. */
    int worker(int shard) {
        Settings.requireIndex("worker", "shard", shard, shards);
        return (int) ((((long) shard + 1) * workers - 1) / shards);
    }

    /** The largest subtrees within a worker's shards, in the order of the shards. */
    List<Subtree> roots(int rank) {
        List<Subtree> roots = new ArrayList<>();
        addRoots(new Subtree(0, shards), first(rank), end(rank), roots);
        return roots;
    }

    private static void addRoots(Subtree tree, int first, int end, List<Subtree> roots) {
        if (tree.first >= end || tree.end <= first) {
            return;
        }
        if (tree.first >= first && tree.end <= end) {
            roots.add(tree);
            return;
        }
        addRoots(new Subtree(tree.first, tree.split()), first, end, roots);
        addRoots(new Subtree(tree.split(), tree.end), first, end, roots);
    }

    /** Returns whether the shards {@code [first, end)} are exactly the shards of a subtree. */
    boolean isSubtree(int first, int end) {
        Subtree tree = new Subtree(0, shards);
        while (tree.end - tree.first > end - first) {
            tree = first < tree.split() ? new Subtree(tree.first, tree.split()) : new Subtree(tree.split(), tree.end);
        }
        return tree.first == first && tree.end == end;
    }
}
